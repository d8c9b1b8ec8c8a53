"""Promises made in a decision, with every date that was given for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from civic.decisions.models import Milestone, MilestoneDate, MilestoneState, Progress
from civic.foundation import clock
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized


@dataclass(frozen=True)
class DateGiven:
    """A date given for a promise, and why it moved."""

    due_on: date
    reason: Localized
    given_at: datetime


@dataclass(frozen=True)
class MilestoneCard:
    """A promise: what, who, until when, how far."""

    id: int
    public_id: str
    decision_id: int
    provision_id: int | None
    promise: Localized
    owner: str
    dates: tuple[DateGiven, ...]
    progress: Progress
    proof: Localized
    moved_at: datetime | None

    @property
    def due_on(self) -> date:
        return self.dates[-1].due_on

    @property
    def is_over(self) -> bool:
        return self.progress in (Progress.DONE, Progress.ABANDONED)

    @property
    def is_late(self) -> bool:
        return not self.is_over and self.due_on < clock.local_day(clock.now())


async def milestones_of(decision_id: int) -> list[MilestoneCard]:
    """Give the promises of a decision, the next due first."""
    return await _cards(await Milestone.filter(decision_id=decision_id))


async def milestone_by_public_id(public_id: str) -> MilestoneCard:
    """Give one promise whoever asks: for acts, which have asked their policy."""
    cards = await _cards(await Milestone.filter(public_id=public_id)) if is_key(public_id) else []
    if not cards:
        raise NotFound
    return cards[0]


async def _cards(rows: list[Milestone]) -> list[MilestoneCard]:
    ids = [row.id for row in rows] or [0]
    dates: dict[int, list[DateGiven]] = defaultdict(list)
    for given in await MilestoneDate.filter(milestone_id__in=ids).order_by("id"):
        dates[given.milestone_id].append(DateGiven(given.due_on, given.reason, given.given_at))
    states = {
        one.milestone_id: one for one in await MilestoneState.filter(milestone_id__in=ids).order_by("id")
    }
    cards = [_card(row, tuple(dates[row.id]), states.get(row.id)) for row in rows]
    return sorted(cards, key=lambda card: (card.is_over, card.due_on))


def _card(row: Milestone, dates: tuple[DateGiven, ...], state: MilestoneState | None) -> MilestoneCard:
    return MilestoneCard(
        id=row.id,
        public_id=row.public_id,
        decision_id=row.decision_id,
        provision_id=row.provision_id,
        promise=row.promise,
        owner=row.owner,
        dates=dates,
        progress=Progress(state.state) if state else Progress.PLANNED,
        proof=state.proof if state else {},
        moved_at=state.set_at if state else None,
    )
