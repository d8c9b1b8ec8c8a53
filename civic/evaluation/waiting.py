"""How long people waited, those who still wait included (SPEC 4.8): Kaplan and Meier, by scipy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

_DAY = 86_400.0
MARKS = (7, 30, 60, 90, 180, 365)
"""Days after which it is told who still waits."""

Curve = Sequence[tuple[float, float]]
"""The share that still waits after so many days, where it changes."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One wait: since when, and until when; without an end it goes on."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """The time after which half, and eight in ten, were answered; None where that has not come yet.

    Medians of answered cases alone are too low: those who still wait count as "at least so long".
    """

    total: int
    ended: int
    median: float | None
    p80: float | None
    marks: tuple[tuple[int, float], ...] = ()
    """The share that still waits after some well-known times, as far as anything was measured."""

    @property
    def going_on(self) -> int:
        return self.total - self.ended


def waiting(spells: Iterable[Spell], now: datetime) -> Waiting:
    """Estimate the waiting time in days."""
    from scipy.stats import CensoredData, ecdf

    found = list(spells)
    ended = [_days(one.since, one.until) for one in found if one.until is not None]
    going_on = [_days(one.since, now) for one in found if one.until is None]
    if not ended:
        return Waiting(len(found), 0, None, None)
    survival = ecdf(CensoredData(uncensored=ended, right=going_on)).sf
    curve = list(zip(survival.quantiles.tolist(), survival.probabilities.tolist(), strict=True))
    marks = tuple((day, _left(curve, day)) for day in MARKS if day <= curve[-1][0])
    return Waiting(len(found), len(ended), _after(curve, 0.5), _after(curve, 0.2), marks)


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / _DAY)


def _after(curve: Curve, left: float) -> float | None:
    """Give the first moment at which no more than this share still waits."""
    return next((day for day, share in curve if share <= left + 1e-9), None)


def _left(curve: Curve, day: float) -> float:
    """Give the share that still waits after so many days."""
    return next((share for when, share in reversed(curve) if when <= day), 1.0)
