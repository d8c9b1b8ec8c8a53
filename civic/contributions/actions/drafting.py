"""Keep the words a signed-in person has begun."""

from __future__ import annotations

import json
from collections.abc import Mapping

from civic.foundation import clock, database
from civic.foundation.viewer import Viewer

_KEEP = """
INSERT INTO draft (participant_id, place, words, saved_at) VALUES (?, ?, ?, ?)
ON CONFLICT (participant_id, place) DO UPDATE SET words = excluded.words, saved_at = excluded.saved_at
"""
_DROP = "DELETE FROM draft WHERE participant_id = ? AND place = ?"


async def keep_draft(viewer: Viewer, place: str, words: Mapping[str, str]) -> None:
    """Keep what has been written so far, in place of what was kept before."""
    if viewer.participant is None:
        return
    async with database.transaction():
        kept = json.dumps({name: said for name, said in words.items() if said})
        await database.execute(_KEEP, viewer.participant, place, kept, clock.now())


async def drop_draft(viewer: Viewer, place: str) -> None:
    """Let a draft go: its words were sent, or are no longer wanted."""
    if viewer.participant is not None:
        await database.execute(_DROP, viewer.participant, place)
