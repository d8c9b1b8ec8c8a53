"""The themes an import names: found by their title, begun when they are new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic import settings
from civic.foundation import clock, database, ids
from civic.foundation.text import fold
from civic.opendata import grid
from civic.opendata.actions.rows import Rows
from civic.opendata.queries import any_text
from civic.synthesis.models import Theme, ThemeLink, ThemeVersion

_THEMES = "SELECT id, title FROM theme WHERE process_id = ? ORDER BY id"
_UNLINK = """
UPDATE theme_link SET unlinked_at = ? WHERE claim_id = ? AND linked_by_id IS NULL AND unlinked_at IS NULL
"""


@dataclass
class Themes:
    """The themes of a process by title, as an import finds them."""

    process_id: int
    now: datetime
    by_title: dict[str, int]

    def link(self, rows: Rows, claim_id: int, cell: str) -> None:
        """Make the links between a point and the themes of its cell."""
        for theme_id in dict.fromkeys(self.by_title[fold(title)] for title in grid.listed(cell)):
            rows.themes.append(ThemeLink(theme_id=theme_id, claim_id=claim_id, linked_at=self.now))


async def themes_for(process_id: int, now: datetime, titles: dict[str, str]) -> Themes:
    """Find the themes of these titles (and the language of each), and begin those that are new."""
    known = {fold(any_text(row["title"])): int(row["id"]) for row in await database.rows(_THEMES, process_id)}
    spoken = settings.current().languages
    for title, language in titles.items():
        if fold(title) in known:
            continue
        written = language if language in spoken else spoken[0]
        row = await Theme.create(
            public_id=ids.public_id(), process_id=process_id, title={written: title}, created_at=now
        )
        await ThemeVersion.create(theme_id=row.id, number=1, title=row.title, written_at=now)
        known[fold(title)] = row.id
    return Themes(process_id, now, known)


async def unlink(claim_id: int) -> None:
    """Take the links an earlier import made away, before those of this one are made."""
    await database.execute(_UNLINK, clock.now(), claim_id)
