"""What the house does for itself, again and again: forget what is over, keep the database's statistics."""

from datetime import timedelta

from civic.foundation import database, limits, once
from civic.foundation.queue import Regular


async def tidy() -> None:
    """Let SQLite look at its tables again, so that it chooses its indexes well."""
    if database.dialect() == "sqlite":
        await database.execute("PRAGMA optimize")


REGULAR = (
    Regular("forget forms", timedelta(days=1), once.forget),
    Regular("forget allowances", timedelta(hours=1), limits.forget),
    Regular("tidy", timedelta(days=1), tidy),
)
