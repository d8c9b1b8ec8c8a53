"""Meetings in person: hearings and office hours, announced, changed in public, with minutes.

Terms: meeting, hearing, office hour, minutes, spoken point. What somebody says becomes a contribution of
the register with a receipt of its own, in the debate of its question, so that it is answered like any other.
"""
