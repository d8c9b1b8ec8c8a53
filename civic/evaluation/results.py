"""What may be published of a survey, and when (SPEC 4.9): no small group, no difference of two results. Pure.

A cell is one question. It is shown from five answers on; it is refreshed when five more people entered it
who did not all say the same. So what changed between two results is never the answer of fewer than five
people, nor an answer that all of them gave. Loads statsmodels on its first use: count in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic.evaluation.intervals import Interval, Share, wilson
from civic.evaluation.items import AGREES, DONT_KNOW, ITEMS
from civic.evaluation.small_groups import FEWEST

FEW = 30
"""Below so many a share is shown without colour."""
AGREEING = (4, 5)


class Showing(StrEnum):
    """How much of a cell may be shown."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    MOST = "most"
    """All agree: "90% or more" is said, and nothing finer."""
    FEWEST_AGREE = "fewest"
    """All gave one answer that is no agreement: "10% or less" is said."""


@dataclass(frozen=True)
class Cell:
    """The answers to one question: so many chose 1 to 5, so many did not know; and the newest row."""

    counts: tuple[int, ...]
    dont_know: int
    last: int
    interval: Interval | None = None

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def packed(self) -> dict[str, Any]:
        bounds = [self.interval.low, self.interval.high] if self.interval else None
        return {
            "counts": list(self.counts),
            "dont_know": self.dont_know,
            "last": self.last,
            "interval": bounds,
        }


@dataclass(frozen=True)
class Result:
    """One question as it is shown to everybody; what may not be shown is not there at all."""

    key: str
    showing: Showing
    total: int = 0
    counts: tuple[int, ...] = ()
    dont_know: int = 0
    agreeing: Share | None = None
    interval: Interval | None = None
    mean: float | None = None

    @property
    def is_few(self) -> bool:
        return self.total < FEW


def cell_of(rows: Sequence[tuple[int, int | None]]) -> Cell:
    """Count the answers to one question; rows are (number of the row, what was answered)."""
    said = [value for _, value in rows if value is not None]
    counts = tuple(sum(value == answer for value in said) for answer in AGREES)
    cell = Cell(counts, sum(value == DONT_KNOW for value in said), max((row for row, _ in rows), default=0))
    found = wilson(_agreeing(cell))
    bounds = Interval(round(found.low, 6), round(found.high, 6)) if found else None
    return Cell(cell.counts, cell.dont_know, cell.last, bounds)


def refreshed(before: Cell | None, rows: Sequence[tuple[int, int | None]]) -> Cell | None:
    """Give what is published of a question from now on: the old cell, unless the new gives nobody away."""
    cell = cell_of(rows)
    if before is None:
        return cell if cell.total >= FEWEST else None
    entered = [value for row, value in rows if row > before.last and value not in (None, DONT_KNOW)]
    if len(entered) < FEWEST or len(set(entered)) == 1 or cell.total < FEWEST:
        return before
    return cell


def next_cells(
    before: Mapping[str, Cell], rows: Mapping[str, Sequence[tuple[int, int | None]]]
) -> dict[str, Cell] | None:
    """Give the cells of the next results; None when none may change."""
    found = {key: refreshed(before.get(key), rows[key]) for key in ITEMS}
    cells = {key: cell for key, cell in found.items() if cell is not None}
    return None if cells == dict(before) else cells


def unpacked(cells: Mapping[str, Any]) -> dict[str, Cell]:
    """Read the cells of results as they were kept."""
    return {
        key: Cell(
            tuple(one["counts"]),
            one["dont_know"],
            one["last"],
            Interval(*one["interval"]) if one["interval"] else None,
        )
        for key, one in cells.items()
    }


def results(cells: Mapping[str, Cell]) -> tuple[Result, ...]:
    """Give every question as it is shown: withheld, coded when all said the same, or in full."""
    return tuple(_result(key, cells.get(key)) for key in ITEMS)


def _result(key: str, cell: Cell | None) -> Result:
    if cell is None or cell.total < FEWEST:
        return Result(key, Showing.WITHHELD)
    share = _agreeing(cell)
    if max(cell.counts) == cell.total:
        showing = Showing.MOST if share.number else Showing.FEWEST_AGREE
        return Result(key, showing, cell.total, dont_know=cell.dont_know)
    return Result(
        key,
        Showing.SHOWN,
        cell.total,
        cell.counts,
        cell.dont_know,
        share,
        cell.interval,
        mean(cell.counts),
    )


def _agreeing(cell: Cell) -> Share:
    return Share(sum(cell.counts[answer - 1] for answer in AGREEING), cell.total)


def mean(counts: Sequence[int]) -> float | None:
    """Give the mean of the answers rescaled to 0…1: (x - 1) / 4."""
    total = sum(counts)
    if not total:
        return None
    return sum((answer - 1) / 4 * count for answer, count in zip(AGREES, counts, strict=True)) / total
