"""Write a grid, or the answers of a decision, out as CSV, piece by piece, whatever the length."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

from civic.opendata import grid
from civic.opendata.describing import plain
from civic.opendata.grid import GridContribution
from civic.opendata.grid_writing import Written, write_grid
from civic.opendata.queries import Sheet, pages_of
from civic.opendata.shapes import PublicOutcome

OUTCOME_COLUMNS = (
    "id", "version", "url", "decision", "contribution", "point", "outcome", "family", "reason_codes",
    "sentence", "reason", "articles", "parts", "words", "restatement", "language", "kind", "category",
    "after_freeze", "group_size", "submitted_at", "published_at", "signed_by", "signed_role",
    "reply", "appeal",
)  # fmt: skip
"""The columns of the file of answers, in their order; a new one comes last."""


async def csv_of(sheet: Sheet) -> AsyncIterator[tuple[str, Written]]:
    """Give the lines of a grid, the header first, and what each piece holds."""
    columns = grid.DESK_COLUMNS if sheet.has_details else grid.COLUMNS
    header, written = _piece([], columns)
    yield header, written
    async for contributions in pages_of(sheet):
        lines, written = _piece(contributions, columns)
        yield lines.removeprefix(header), written


def _piece(contributions: Sequence[GridContribution], columns: tuple[str, ...]) -> tuple[str, Written]:
    out = io.StringIO(newline="")
    written = write_grid(contributions, out, columns=columns)
    return out.getvalue(), written


async def outcomes_csv(pieces: AsyncIterator[Sequence[PublicOutcome]], language: str) -> AsyncIterator[str]:
    """Give the lines of the file of answers, the header first; official texts in one language."""
    yield _lines([OUTCOME_COLUMNS])
    async for outcomes in pieces:
        yield _lines([_cells(one, language) for one in outcomes])


def _cells(one: PublicOutcome, language: str) -> list[str]:
    """Write one answer; a cell that a spreadsheet would run is neutralised."""
    last = one.appeals[-1] if one.appeals else None
    written = {
        "reason_codes": " | ".join(sorted(one.reason_codes)),
        "sentence": _in(one.sentence, language),
        "reason": _in(one.reason, language),
        "articles": " | ".join(one.articles),
        "parts": " | ".join(
            f"{'yes' if part.is_adopted else 'no'}: {_in(part.text, language)}"
            + (f" ({', '.join(part.reason_codes)})" if part.reason_codes else "")
            for part in one.parts
        ),
        "after_freeze": "1" if one.after_freeze else "",
        "reply": one.reply.text if one.reply else "",
        "appeal": "" if last is None else str(last.finding or "open"),
    }
    return [grid.neutralise(_cell(written.get(name, getattr(one, name, None)))) for name in OUTCOME_COLUMNS]


def _cell(value: object) -> str:
    return "" if value is None else str(plain(value))


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next((words for words in texts.values() if words), "")


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
