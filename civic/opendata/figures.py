"""What the API gives of the coverage board: shares and waits, each with its definition. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from civic.opendata.shapes import Texts, Url
from civic.processes.models import Category

__all__ = ["PublicIndicators", "PublicShare", "PublicWait", "Texts"]


@dataclass(frozen=True)
class PublicShare:
    """A figure that is so many out of so many."""

    key: str
    title: Texts
    definition: Annotated[Texts, "How it is counted, in words."]
    numerator: int
    denominator: int
    value: Annotated[float | None, "The share, from 0 to 1; null while nothing can be counted."]


@dataclass(frozen=True)
class PublicWait:
    """How long people waited, those who still wait included (Kaplan and Meier)."""

    key: str
    title: Texts
    definition: Annotated[Texts, "From what to what it is counted."]
    ended: Annotated[int, "Waits that are over."]
    going_on: Annotated[int, "Waits that go on; they count as at least so long."]
    total: int
    median_days: Annotated[float | None, "Days after which half were over; null where that has not come."]
    p80_days: Annotated[float | None, "Days after which eight in ten were over."]


@dataclass(frozen=True)
class PublicIndicators:
    """The coverage board of a process."""

    process: Annotated[str, "The slug of the process."]
    is_counted: Annotated[bool, "Figures begin when the first question is frozen."]
    points: int
    contributions: int
    people: int
    withdrawn: Annotated[int, "Points left out: withdrawn or hidden."]
    late: Annotated[int, "Points left out: they came after the freeze."]
    absent: Annotated[tuple[Category, ...], "Groups the process expected and that made no point."]
    evenness: Annotated[float | None, "Gini of the words per person: 0 when all wrote as much."]
    shares: tuple[PublicShare, ...]
    waits: tuple[PublicWait, ...]
    fewest: Annotated[int, "Groups of fewer people than this are not shown anywhere."]
    small_groups: Annotated[Texts, "The rule for small groups."]
    hash: Annotated[str, "SHA-256 of the figures: another value says that one of them changed."]
    url: Url
