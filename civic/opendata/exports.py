"""Write a grid out as CSV, piece by piece, whatever its length."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence

from civic.opendata.grid import GridContribution
from civic.opendata.grid_writing import Written, write_grid
from civic.opendata.queries import Sheet, pages_of


async def csv_of(sheet: Sheet) -> AsyncIterator[tuple[str, Written]]:
    """Give the lines of a grid, the header first, and what each piece holds."""
    header, written = _piece([])
    yield header, written
    async for contributions in pages_of(sheet):
        lines, written = _piece(contributions)
        yield lines.removeprefix(header), written


def _piece(contributions: Sequence[GridContribution]) -> tuple[str, Written]:
    out = io.StringIO(newline="")
    written = write_grid(contributions, out)
    return out.getvalue(), written
