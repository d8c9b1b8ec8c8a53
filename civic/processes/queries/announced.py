"""What a process has announced: its scope, its stakeholder map, its calendar, and every change of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from civic.foundation import clock
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.processes.models import (
    CalendarDate,
    Category,
    Closure,
    DateKind,
    FreezeChange,
    Phase,
    PhaseAct,
    PhaseChange,
    PhaseKind,
    Promise,
    ScopeItem,
    ScopeVersion,
    StakeholderEntry,
    Standing,
)


@dataclass(frozen=True)
class ScopeLine:
    """One line of the room for influence; ``where`` is a place to write to, an address or words."""

    standing: Standing
    text: Localized
    why: Localized
    where: str


@dataclass(frozen=True)
class ScopeCard:
    """The room for influence from one date on; public versions count from 1, a draft's are below 0."""

    id: int
    number: int
    promise: Promise
    decision_maker: Localized
    decides_on: date | None
    reason: Localized
    published_at: datetime
    lines: tuple[ScopeLine, ...] = ()

    def standing(self, standing: Standing) -> tuple[ScopeLine, ...]:
        return tuple(line for line in self.lines if line.standing is standing)

    @property
    def open(self) -> tuple[ScopeLine, ...]:
        return self.standing(Standing.OPEN)

    @property
    def fixed(self) -> tuple[ScopeLine, ...]:
        return self.standing(Standing.FIXED)

    @property
    def elsewhere(self) -> tuple[ScopeLine, ...]:
        return self.standing(Standing.ELSEWHERE)


@dataclass(frozen=True)
class StakeholderCard:
    """One of the seven categories: expected and how they are reached, or not concerned and why."""

    category: Category
    is_expected: bool
    outreach: Localized
    reason: Localized


@dataclass(frozen=True)
class DateCard:
    """A dated event of the calendar."""

    public_id: str
    kind: DateKind
    title: Localized
    place: str
    at: datetime


@dataclass(frozen=True)
class PhaseChangeCard:
    """A step was planned, opened, extended or closed, with the dates it had from then on."""

    kind: PhaseKind
    act: PhaseAct
    starts_at: datetime
    ends_at: datetime
    reason: Localized
    changed_at: datetime


@dataclass(frozen=True)
class FreezeChangeCard:
    """The freeze date of an issue was moved."""

    issue_id: int
    before: datetime | None
    after: datetime
    reason: Localized
    changed_at: datetime


@dataclass(frozen=True)
class ClosureCard:
    """The end of a process and its public reason."""

    reason: Localized
    closed_at: datetime


async def scope_in_force(process_id: int, at: datetime | None = None) -> ScopeCard | None:
    """Give the room for influence as it stood at a moment (now, when none is given)."""
    found = (
        await ScopeVersion.filter(process_id=process_id, published_at__lte=at or clock.now())
        .order_by("-id")
        .first()
    )
    return (await _scopes([found]))[0] if found else None


async def first_scope(process_id: int) -> ScopeCard | None:
    """Give the first room for influence of a process: what holds for words older than the process."""
    found = await ScopeVersion.filter(process_id=process_id).order_by("id").first()
    return (await _scopes([found]))[0] if found else None


async def newest_scope(process_id: int) -> ScopeCard:
    """Give the room for influence written last, whoever asks."""
    found = await scope_in_force(process_id)
    if found is None:
        raise NotFound
    return found


async def scopes_in_force(process_ids: Iterable[int]) -> dict[int, ScopeCard]:
    """Give the rooms for influence of several processes at once, as they stand now."""
    wanted = list(process_ids)
    if not wanted:
        return {}
    rows = await ScopeVersion.filter(process_id__in=wanted, published_at__lte=clock.now()).order_by("id")
    newest = {row.process_id: row for row in rows}
    cards = await _scopes(list(newest.values()))
    return dict(zip(newest, cards, strict=True))


async def scope_by_id(scope_id: int) -> ScopeCard | None:
    """Give one version of a room for influence."""
    found = await ScopeVersion.get_or_none(id=scope_id)
    return (await _scopes([found]))[0] if found else None


async def scope_versions_of(process_id: int) -> tuple[ScopeCard, ...]:
    """Give the public versions of a room for influence, newest first."""
    rows = await ScopeVersion.filter(process_id=process_id, number__gt=0).order_by("-number")
    return tuple(await _scopes(rows))


async def _scopes(rows: Sequence[ScopeVersion]) -> list[ScopeCard]:
    lines: dict[int, list[ScopeLine]] = {row.id: [] for row in rows}
    for item in await ScopeItem.filter(scope_id__in=list(lines)).order_by("position"):
        lines[item.scope_id].append(ScopeLine(Standing(item.standing), item.text, item.why, item.where))
    return [
        ScopeCard(
            id=row.id,
            number=row.number,
            promise=Promise(row.promise),
            decision_maker=row.decision_maker,
            decides_on=row.decides_on,
            reason=row.reason,
            published_at=row.published_at,
            lines=tuple(lines[row.id]),
        )
        for row in rows
    ]


async def stakeholders_of(process_id: int) -> tuple[StakeholderCard, ...]:
    """Give the stakeholder map in the order of the seven categories; those not written yet are missing."""
    rows = {row.category: row for row in await StakeholderEntry.filter(process_id=process_id)}
    return tuple(
        StakeholderCard(category, rows[category].is_expected, rows[category].outreach, rows[category].reason)
        for category in Category
        if category in rows
    )


async def dates_of(process_id: int) -> tuple[DateCard, ...]:
    """Give the dated events of a process, soonest first."""
    return tuple(
        DateCard(row.public_id, DateKind(row.kind), row.title, row.place, row.at)
        for row in await CalendarDate.filter(process_id=process_id).order_by("at", "id")
    )


async def phase_changes_of(process_id: int) -> tuple[PhaseChangeCard, ...]:
    """Give every change of the steps of a process, newest first."""
    phases = {row.id: row for row in await Phase.filter(process_id=process_id)}
    rows = await PhaseChange.filter(phase_id__in=list(phases)).order_by("-changed_at", "-id")
    return tuple(
        PhaseChangeCard(
            kind=PhaseKind(phases[row.phase_id].kind),
            act=PhaseAct(row.act),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            reason=row.reason,
            changed_at=row.changed_at,
        )
        for row in rows
    )


async def freeze_changes_of(issue_ids: Iterable[int]) -> tuple[FreezeChangeCard, ...]:
    """Give every move of the freeze dates of some issues, newest first."""
    rows = await FreezeChange.filter(issue_id__in=list(issue_ids)).order_by("-changed_at", "-id")
    return tuple(
        FreezeChangeCard(row.issue_id, row.before, row.after, row.reason, row.changed_at) for row in rows
    )


async def closure_of(process_id: int) -> ClosureCard | None:
    """Tell why a process ended, if it did."""
    row = await Closure.get_or_none(process_id=process_id)
    return ClosureCard(row.reason, row.closed_at) if row else None
