"""Write a grid that `grid_reading` reads back: as contributions, or row by row as answers.

Titles come before texts, and a text is cut where its points begin and end, so that every point is one row
with its `point_ref` and `version`: a sheet for people to sort, filter and fill in.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from civic.foundation import text as texts
from civic.opendata import grid
from civic.opendata.grid import GridAnswer, GridClaim, GridContribution, Part, When

Row = dict[str, str]

_PARTS: tuple[Part, Part] = ("title", "text")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. `rows` leaves the header out.

    `respaced` names the refs whose rows, joined again with one space, would not give the same text and
    spans: points parted by an empty line or by nothing, points that share words. Their rows hold the exact
    words of each point and come back well as answers; read as a new contribution, the white space between
    their rows (or, for shared words, the repetition) would differ.
    """

    contributions: int
    rows: int
    respaced: tuple[str, ...]


def write_grid(
    contributions: Iterable[GridContribution],
    out: TextIO,
    *,
    delimiter: str = ",",
    columns: tuple[str, ...] = grid.COLUMNS,
) -> Written:
    """Write contributions to a text file opened with `encoding="utf-8", newline=""`.

    Cells a spreadsheet would run are neutralised. With `encoding="utf-8-sig"` Excel recognises the accents.
    `delimiter` is one of comma, semicolon and tab; `columns` is COLUMNS or DESK_COLUMNS.
    Raises ValueError for a contribution without words or a claim without words, which no grid can hold.
    """
    sheet = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    sheet.writerow(columns)
    written = rows = 0
    respaced: list[str] = []
    for found in contributions:
        written += 1
        is_exact = True
        for part in _PARTS:
            pieces = list(_pieces(found, part))
            is_exact = is_exact and _reads_back(found.words(part), pieces)
            for row in _rows(found, part, pieces):
                rows += 1
                sheet.writerow([grid.neutralise(row.get(name, "").strip()) for name in columns])
        if not (found.title.strip() or found.text.strip()):
            raise ValueError(f"{found.ref} has no words")
        if not is_exact:
            respaced.append(found.ref)
    return Written(written, rows, tuple(respaced))


ANSWER_SHEET = ("point_ref", "version", *grid.ANSWER_COLUMNS, *grid.DETAIL_COLUMNS)
"""The columns of a sheet that only carries answers on."""
_OWN = ("point_ref", "version", *grid.ANSWER_COLUMNS)


def write_answers(answers: Iterable[GridAnswer], out: TextIO) -> None:
    """Write rows of answers as they came, each on its own row number, to be read by `read_answers` again."""
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(ANSWER_SHEET)
    row = 1
    for said in sorted(answers, key=lambda one: one.row):
        out.write("\r\n" * (said.row - row - 1))
        row = said.row
        cells = {name: _detail(value) for name, value in said.details.items()}
        cells |= {
            name: _cell(getattr(said, name)) for name in ANSWER_SHEET if name not in grid.DETAIL_COLUMNS
        }
        sheet.writerow([grid.neutralise(cells.get(name, "")) for name in ANSWER_SHEET])


def _cell(value: object) -> str:
    return _date(value) if isinstance(value, (dt.date, type(None))) else str(value)


def _pieces(found: GridContribution, part: Part) -> Iterator[tuple[str, GridClaim | None]]:
    """Cut a part at its points: words, and the point they are, if they are one."""
    words = found.words(part)
    claims = sorted((claim for claim in found.claims if claim.part == part), key=lambda claim: claim.start)
    done = 0
    for claim in claims:
        quote = words[claim.start : claim.end]
        if not quote.strip() or not 0 <= claim.start < claim.end <= len(words):
            raise ValueError(f"{found.ref} has a claim without words")
        if words[done : claim.start].strip():
            yield words[done : claim.start].strip(), None
        yield quote.strip(), claim
        done = max(done, claim.end)
    if words[done:].strip():
        yield words[done:].strip(), None


def _reads_back(words: str, pieces: list[tuple[str, GridClaim | None]]) -> bool:
    """Tell whether reading the pieces gives the same words and spans."""
    start = 0
    for quote, claim in pieces:
        if claim is not None and (claim.start, claim.end) != (start, start + len(quote)):
            return False
        start += len(quote) + 1
    return " ".join(quote for quote, _ in pieces) == texts.normalise(words)


def _rows(found: GridContribution, part: Part, pieces: list[tuple[str, GridClaim | None]]) -> Iterator[Row]:
    for quote, claim in pieces:
        row = {"ref": found.ref, "part": part, "verbatim": quote, **_facts(found)}
        if claim is not None:
            row |= _answer(claim)
        yield row


def _facts(found: GridContribution) -> Row:
    return {
        "kind": found.kind,
        "author": found.author,
        "category": found.category,
        "date": _date(found.date),
        "language": found.language,
        "url": found.url,
        "parent": found.parent,
        "relation": found.relation,
    }


def _answer(claim: GridClaim) -> Row:
    return {
        "point": "" if claim.whole else "1",
        "restatement": claim.restatement,
        "theme": claim.theme,
        "outcome": claim.outcome,
        "reason": claim.reason,
        "provision": claim.provision,
        "decided_at": _date(claim.decided_at),
        "decided_by": claim.decided_by,
        "milestone": claim.milestone,
        "point_ref": claim.point_ref,
        "version": "" if claim.version is None else str(claim.version),
        **{name: _detail(value) for name, value in claim.details.items()},
    }


def _detail(value: object) -> str:
    """Write what an answer says beyond its reason, as the reading takes it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return " | ".join(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _date(when: When | None) -> str:
    """Write a day, or a moment in UTC."""
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return "" if when is None else when.isoformat()
