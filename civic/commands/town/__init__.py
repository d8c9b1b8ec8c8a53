"""The example town of Valmère: its texts in TOML beside this file, and what tells them through the acts.

Everything happens at its date and by the act a person would use, so that receipts, notices, the record
and every total are those of a real town after a real year.
"""

from civic.commands.town.telling import Told, tell

__all__ = ["Told", "tell"]
