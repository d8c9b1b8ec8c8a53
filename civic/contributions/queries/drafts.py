"""Words somebody has begun, kept on the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from civic.foundation import database
from civic.foundation.viewer import Viewer


@dataclass(frozen=True)
class DraftCard:
    """What was kept, field by field, and when."""

    words: dict[str, str]
    saved_at: datetime


_DRAFT = "SELECT words, saved_at FROM draft WHERE participant_id = ? AND place = ?"


async def draft_of(viewer: Viewer, place: str) -> DraftCard | None:
    """Give the draft the viewer keeps for one place."""
    if viewer.participant is None:
        return None
    found = await database.rows(_DRAFT, viewer.participant, place)
    if not found:
        return None
    kept = found[0]["words"]
    words = json.loads(kept) if isinstance(kept, str) else kept
    return DraftCard(
        {str(name): str(value) for name, value in words.items()}, database.moment(found[0]["saved_at"])
    )
