"""Write what a sheet says of how points were understood, and of the themes they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from civic.contributions.models import Restatement
from civic.foundation import clock, database
from civic.opendata import grid
from civic.opendata.actions.composing import Line
from civic.opendata.actions.rows import Rows, write
from civic.opendata.actions.themes import themes_for, unlink
from civic.processes.queries import ProcessPage

_RESTATE = "UPDATE claim SET restatement = ?, restatement_number = ? WHERE id = ?"


async def note_all(page: ProcessPage, lines: Sequence[Line]) -> None:
    """Write how points were understood, and the themes they belong to."""
    if not lines:
        return
    now = clock.now()
    titles = {title: line.point.language for line in lines for title in grid.listed(line.said.theme)}
    themes = await themes_for(page.id, now, titles)
    made = Rows()
    for line in lines:
        point, said = line.point, line.said
        if "restatement" in line.changed:
            number = point.restatement_number + 1
            await database.execute(_RESTATE, said.restatement, number, point.id)
            made.restatements.append(
                Restatement(
                    claim_id=point.id,
                    number=number,
                    text=said.restatement,
                    language=point.language,
                    written_at=now,
                )
            )
        if "theme" in line.changed:
            await unlink(point.id)
            themes.link(made, point.id, said.theme)
    await write(made)
