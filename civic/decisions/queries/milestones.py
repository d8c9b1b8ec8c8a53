"""Promises made in a decision: every date given for them, how far they came, and what people found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from civic.accounts import queries as accounts
from civic.decisions.models import Milestone, MilestoneDate, MilestoneState, Progress, UserCheck
from civic.decisions.queries.reading import marks
from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized

OVER = (Progress.DONE, Progress.ABANDONED)
_ADDRESS = re.compile(r"https?://[^\s<>\"'”»]+[^\s<>\"'”».,;:!?)]")


class Standing(StrEnum):
    """Where a promise stands for whoever reads the board; late is read from its dates, never written."""

    LATE = "late"
    CHANGED = "changed"
    COMING = "coming"
    KEPT = "kept"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class DateGiven:
    """A date given for a promise, and why it moved."""

    due_on: date
    reason: Localized
    given_at: datetime
    given_by: str = ""


@dataclass(frozen=True)
class StateGiven:
    """How far a promise had come at one moment, with its proof or its reason."""

    progress: Progress
    proof: Localized
    set_at: datetime
    set_by: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """The web addresses named in the proof, each once."""
        return tuple(dict.fromkeys(found for said in self.proof.values() for found in _ADDRESS.findall(said)))


@dataclass(frozen=True)
class MilestoneCard:
    """A promise: what, who, until when, how far, and what those concerned found."""

    id: int
    public_id: str
    decision_id: int
    provision_id: int | None
    promise: Localized
    owner: str
    dates: tuple[DateGiven, ...]
    states: tuple[StateGiven, ...] = ()
    checks: Mapping[UserCheck, int] = field(default_factory=dict)

    @property
    def due_on(self) -> date:
        return self.dates[-1].due_on

    @property
    def first_due_on(self) -> date:
        return self.dates[0].due_on

    @property
    def progress(self) -> Progress:
        return self.states[-1].progress if self.states else Progress.PLANNED

    @property
    def proof(self) -> Localized:
        return self.states[-1].proof if self.states else {}

    @property
    def addresses(self) -> tuple[str, ...]:
        return self.states[-1].addresses if self.states else ()

    @property
    def moved_at(self) -> datetime | None:
        return self.states[-1].set_at if self.states else None

    @property
    def is_over(self) -> bool:
        return self.progress in OVER

    @property
    def is_late(self) -> bool:
        return not self.is_over and self.due_on < clock.local_day(clock.now())

    @property
    def is_silent(self) -> bool:
        """Late, and nothing was said of it since the day it was due."""
        return self.is_late and all(clock.local_day(one.set_at) < self.due_on for one in self.states)

    @property
    def standing(self) -> Standing:
        return standing_of(self.progress, self.due_on, len(self.dates), clock.local_day(clock.now()))

    @property
    def days_late(self) -> int:
        return (clock.local_day(clock.now()) - self.due_on).days if self.is_late else 0

    @property
    def checked(self) -> int:
        return sum(self.checks.values())

    @property
    def revision(self) -> int:
        """How many things the record holds about it."""
        return len(self.dates) + len(self.states) + self.checked


def standing_of(progress: Progress, due_on: date, dates: int, today: date) -> Standing:
    """Tell where a promise stands."""
    if progress is Progress.DONE:
        return Standing.KEPT
    if progress is Progress.ABANDONED:
        return Standing.ABANDONED
    if due_on < today:
        return Standing.LATE
    return Standing.CHANGED if dates > 1 else Standing.COMING


_CHECKS = """
SELECT m.milestone_id, m.answer, count(*) AS n
FROM milestone_check m JOIN contribution c ON c.id = m.contribution_id
WHERE m.milestone_id IN ({marks}) AND c.visibility = 'public'
GROUP BY m.milestone_id, m.answer
"""


async def milestones_of(decision_id: int) -> list[MilestoneCard]:
    """Give the promises of a decision, the next due first."""
    cards = await _cards(await Milestone.filter(decision_id=decision_id))
    return sorted(cards, key=lambda card: (card.is_over, card.due_on))


async def milestones_by_id(ids: Sequence[int]) -> list[MilestoneCard]:
    """Give some promises in the order asked for; five queries, whatever their number."""
    cards = {card.id: card for card in await _cards(await Milestone.filter(id__in=list(ids) or [0]))}
    return [cards[one] for one in ids if one in cards]


async def milestone_by_public_id(public_id: str) -> MilestoneCard:
    """Give one promise whoever asks: for acts, which have asked their policy."""
    cards = await _cards(await Milestone.filter(public_id=public_id)) if is_key(public_id) else []
    if not cards:
        raise NotFound
    return cards[0]


async def _cards(rows: Collection[Milestone]) -> list[MilestoneCard]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    dates = await MilestoneDate.filter(milestone_id__in=ids).order_by("id")
    states = await MilestoneState.filter(milestone_id__in=ids).order_by("id")
    writers = {one.given_by_id for one in dates} | {one.set_by_id for one in states}
    people = await accounts.people_of(one for one in writers if one)
    names = {key: person.name for key, person in people.items()}
    given: dict[int, list[DateGiven]] = defaultdict(list)
    for day in dates:
        who = names.get(day.given_by_id or 0, "")
        given[day.milestone_id].append(DateGiven(day.due_on, day.reason, day.given_at, who))
    moved: dict[int, list[StateGiven]] = defaultdict(list)
    for one in states:
        who = names.get(one.set_by_id or 0, "")
        moved[one.milestone_id].append(StateGiven(Progress(one.state), one.proof, one.set_at, who))
    checks: dict[int, dict[UserCheck, int]] = defaultdict(dict)
    for row in await database.rows(_CHECKS.format(marks=marks(ids)), *ids):
        checks[row["milestone_id"]][UserCheck(row["answer"])] = int(row["n"])
    return [
        MilestoneCard(
            id=row.id,
            public_id=row.public_id,
            decision_id=row.decision_id,
            provision_id=row.provision_id,
            promise=row.promise,
            owner=row.owner,
            dates=tuple(given[row.id]),
            states=tuple(moved[row.id]),
            checks=checks[row.id],
        )
        for row in rows
    ]
