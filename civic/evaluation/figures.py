"""The coverage board (SPEC 4.8): from facts about points, dates and appeals to figures. Pure.

Loads scipy and statsmodels on its first use: count in a thread, never on the event loop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.contributions.models import CheckState
from civic.decisions.models import Finding, Outcome
from civic.evaluation.equality import Equality, Tested, compared
from civic.evaluation.intervals import Share
from civic.evaluation.waiting import Spell, Waiting, waiting

ADOPTED = frozenset({Outcome.ADOPTED, Outcome.ADAPTED, Outcome.PARTLY})
"""Outcomes that take a point up, wholly or in part; *already provided* changed nothing and is left out."""


@dataclass(frozen=True, slots=True)
class PointFact:
    """What is known of one point of the frozen register."""

    contribution: int
    person: str
    capacity: str
    """The category its author spoke for; empty when they did not say."""
    submitted_at: datetime
    check: CheckState
    is_missed: bool
    """Its author said that it was missed."""
    outcome: Outcome | None
    is_reasoned: bool
    is_linked: bool
    answered_at: datetime | None


@dataclass(frozen=True)
class DateFact:
    """A date that was given to people, and when it was met."""

    due_at: datetime
    met_at: datetime | None


@dataclass(frozen=True)
class PromiseFact:
    """A promise: its first date, when it was done, and what those who made the points say of it."""

    due_at: datetime
    done_at: datetime | None
    works: int
    checks: int


@dataclass(frozen=True)
class AppealFact:
    """An appeal about how a point was treated."""

    filed_at: datetime
    ruled_at: datetime | None
    finding: Finding | None


@dataclass(frozen=True)
class VoiceFact:
    """How much one person wrote here; `is_new` is None where they have no account to know them by."""

    words: int
    is_new: bool | None


@dataclass(frozen=True)
class Facts:
    """Everything the board of some questions is counted from."""

    now: datetime
    points: tuple[PointFact, ...] = ()
    first_replies: Mapping[int, datetime] | None = None
    dates: tuple[DateFact, ...] = ()
    promises: tuple[PromiseFact, ...] = ()
    appeals: tuple[AppealFact, ...] = ()
    voices: tuple[VoiceFact, ...] = ()
    expected: tuple[str, ...] = ()
    withdrawn: int = 0
    late: int = 0
    compares: bool = True
    """Whether groups are compared: on one board only, so that no group is found by subtracting another."""


@dataclass(frozen=True)
class Board:
    """The figures of some questions, each with what it was counted from."""

    points: int
    contributions: int
    people: int
    withdrawn: int
    late: int
    shares: Mapping[str, Share]
    to_come: int
    """Dates that were given and are still to come."""
    filed: int
    waits: Mapping[str, Waiting]
    absent: tuple[str, ...]
    evenness: float | None
    """Gini's coefficient of the words per person: 0 when all wrote as much, near 1 when one wrote all."""
    equality: Equality | None


def board(facts: Facts) -> Board:
    """Count the figures of the coverage board."""
    points = facts.points
    by_contribution = _by_contribution(points)
    heard = {one.capacity for one in points}
    return Board(
        points=len(points),
        contributions=len(by_contribution),
        people=len({one.person for one in points}),
        withdrawn=facts.withdrawn,
        late=facts.late,
        shares={
            **_answers(points, by_contribution.values()),
            **_understood(points),
            **_promises(facts),
            "upheld": _share(one.finding is Finding.UPHELD for one in facts.appeals if one.finding),
            "present": _share(one in heard for one in facts.expected),
            "new": _share(one.is_new for one in facts.voices if one.is_new is not None),
        },
        to_come=sum(one.met_at is None and one.due_at > facts.now for one in facts.dates),
        filed=len(facts.appeals),
        waits=_waits(facts, by_contribution),
        absent=tuple(one for one in facts.expected if one not in heard),
        evenness=gini([one.words for one in facts.voices]),
        equality=_equality(points, by_contribution) if facts.compares else None,
    )


def gini(values: Collection[int]) -> float | None:
    """Give Gini's coefficient; nothing where nobody wrote anything."""
    ordered, total, count = sorted(values), sum(values), len(values)
    if not total:
        return None
    return sum((2 * place - count - 1) * value for place, value in enumerate(ordered, 1)) / (count * total)


def _share(truths: Iterable[bool | None]) -> Share:
    found = [bool(one) for one in truths]
    return Share(sum(found), len(found))


def _by_contribution(points: Iterable[PointFact]) -> dict[int, list[PointFact]]:
    found: dict[int, list[PointFact]] = defaultdict(list)
    for one in points:
        found[one.contribution].append(one)
    return found


def _is_answered(points: Iterable[PointFact]) -> bool:
    return all(one.outcome is not None for one in points)


def _answers(points: Sequence[PointFact], contributions: Iterable[Sequence[PointFact]]) -> dict[str, Share]:
    return {
        "answered": _share(_is_answered(one) for one in contributions),
        "addressed": _share(one.outcome is not None for one in points),
        "adopted": _share(one.outcome in ADOPTED for one in points),
        "reasoned": _share(one.outcome is not None and one.is_reasoned for one in points),
        "traced": _share(one.is_linked for one in points),
    }


def _understood(points: Sequence[PointFact]) -> dict[str, Share]:
    """Two numbers, never one: silence is not consent (R5)."""
    checked = (CheckState.CONFIRMED, CheckState.CORRECTED, CheckState.SILENT)
    asked = [one for one in points if one.is_missed or one.check in checked]
    spoke = [one for one in asked if not one.is_missed and one.check is not CheckState.SILENT]
    return {
        "understood": _share(not one.is_missed and one.check is CheckState.CONFIRMED for one in asked),
        "corrected": _share(one.check is CheckState.CORRECTED for one in spoke),
    }


def _promises(facts: Facts) -> dict[str, Share]:
    come = [one for one in facts.dates if one.met_at is not None or one.due_at <= facts.now]
    due = [one for one in facts.promises if one.done_at is not None or one.due_at <= facts.now]
    on_time = [one.done_at is not None and one.done_at <= one.due_at for one in due]
    work = [one.checks > 0 and 2 * one.works > one.checks for one in due]
    return {
        "dates": _share(one.met_at is not None and one.met_at <= one.due_at for one in come),
        "on_time": _share(on_time),
        "followed": _share(done and works for done, works in zip(on_time, work, strict=True)),
    }


def _waits(facts: Facts, by_contribution: Mapping[int, Sequence[PointFact]]) -> dict[str, Waiting]:
    replies = facts.first_replies or {}
    return {
        "reply": waiting(
            (
                Spell(points[0].submitted_at, _first(replies.get(key), *(one.answered_at for one in points)))
                for key, points in by_contribution.items()
            ),
            facts.now,
        ),
        "outcome": waiting((Spell(one.submitted_at, one.answered_at) for one in facts.points), facts.now),
        "ruling": waiting((Spell(one.filed_at, one.ruled_at) for one in facts.appeals), facts.now),
    }


def _first(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _equality(points: Sequence[PointFact], by_contribution: Mapping[int, Sequence[PointFact]]) -> Equality:
    people: dict[str, set[str]] = defaultdict(set)
    for one in points:
        people[one.capacity].add(one.person)
    contributions = [(one[0].capacity, _is_answered(one)) for one in by_contribution.values()]
    measures = (
        Tested("answered", _by_group(contributions)),
        Tested(
            "reasoned", _by_group((one.capacity, bool(one.outcome) and one.is_reasoned) for one in points)
        ),
        Tested("adopted", _by_group((one.capacity, one.outcome in ADOPTED) for one in points)),
    )
    return compared(people, measures)


def _by_group(found: Iterable[tuple[str, bool]]) -> dict[str, Share]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for group, is_so in found:
        counts[group][0] += is_so
        counts[group][1] += 1
    return {group: Share(*count) for group, count in counts.items()}
