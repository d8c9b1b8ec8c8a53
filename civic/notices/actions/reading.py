"""Mark notices as read, by a press and never by looking."""

from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.notices.queries import key_of, visible_notice

_READ = "UPDATE notice SET read_at = ? WHERE public_id = ? AND recipient = ? AND read_at IS NULL"
_ALL_READ = """
UPDATE notice SET read_at = ?
WHERE recipient = ? AND in_app AND read_at IS NULL AND retracted_at IS NULL AND release_at <= ?
"""


async def mark_read(viewer: Viewer, public_id: str) -> str:
    """Mark one's own notice as read; give the address of its button. Raises NotFound."""
    path = await visible_notice(viewer, public_id)
    async with database.transaction():
        await database.execute(_READ, clock.now(), public_id, key_of(viewer))
    return path


async def mark_all_read(viewer: Viewer) -> None:
    """Mark everything in one's list as read."""
    if not viewer.is_signed_in:
        raise NotFound
    now = clock.now()
    async with database.transaction():
        await database.execute(_ALL_READ, now, key_of(viewer), now)
