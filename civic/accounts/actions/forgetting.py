"""Let go of what no longer opens anything: links that are over, sessions that have ended."""

from datetime import timedelta

from civic.foundation import clock, database

LINKS_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)

_LINKS = "DELETE FROM mail_link WHERE expires_at < ? OR used_at < ?"
_PASSES = """
DELETE FROM session_pass
WHERE session_id IN (SELECT id FROM session WHERE expires_at < ? OR ended_at < ? OR seen_at < ?)
"""
_SESSIONS = "DELETE FROM session WHERE expires_at < ? OR ended_at < ? OR seen_at < ?"


async def forget_what_is_over() -> int:
    """Delete links a day after their end and sessions a month after theirs; tell how many rows went."""
    now = clock.now()
    links, sessions = now - LINKS_KEPT, now - SESSIONS_KEPT
    async with database.transaction():
        gone = await database.execute(_LINKS, links, links)
        gone += await database.execute(_PASSES, sessions, sessions, sessions)
        return gone + await database.execute(_SESSIONS, sessions, sessions, sessions)
