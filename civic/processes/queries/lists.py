"""Processes in lists: two queries a page, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from civic.foundation import clock
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes.models import Phase, Process, ProcessState
from civic.processes.policies import PhaseCard
from civic.processes.queries.reading import (
    ProcessPage,
    in_loop_order,
    is_key,
    phase_card,
    process_page,
)

PAGE = 20


class ListStanding(StrEnum):
    """Where a public process stands, as lists group them."""

    OPEN = "open"
    COMING = "coming"
    CLOSED = "closed"


@dataclass(frozen=True)
class Listing:
    """One page of processes; ``after`` asks for the next."""

    processes: tuple[ProcessPage, ...]
    after: str | None


async def listing(
    standing: ListStanding | None = None, *, after: str | None = None, limit: int = PAGE
) -> Listing:
    """List public processes, newest first; ``after`` is the public id of the last one seen."""
    found = _standing(standing, clock.now())
    last = await _last(after)
    if last is not None and last.opened_at is not None:
        found = found.filter(Q(opened_at__lt=last.opened_at) | Q(opened_at=last.opened_at, id__lt=last.id))
    rows = await found.order_by("-opened_at", "-id").limit(limit + 1)
    shown = rows[:limit]
    return Listing(await _with_phases(shown), shown[-1].public_id if len(rows) > limit and shown else None)


async def _last(after: str | None) -> Process | None:
    if not after or not is_key(after):
        return None
    return await Process.get_or_none(public_id=after, opened_at__isnull=False)


async def counts_by_standing() -> dict[ListStanding, int]:
    """Count the public processes of each group."""
    now = clock.now()
    return {standing: await _standing(standing, now).count() for standing in ListStanding}


def _standing(standing: ListStanding | None, now: datetime) -> QuerySet[Process]:
    public = Process.exclude(state=ProcessState.DRAFT)
    if standing is None:
        return public
    if standing is ListStanding.CLOSED:
        return public.filter(state=ProcessState.CLOSED)
    begun = Subquery(Phase.filter(starts_at__lte=now).values("process_id"))
    going = public.filter(state=ProcessState.OPEN)
    return going.filter(id__in=begun) if standing is ListStanding.OPEN else going.filter(id__not_in=begun)


async def open_processes(limit: int = 6) -> tuple[ProcessPage, ...]:
    """Give the processes going on, those whose open step ends first on top."""
    now = clock.now()
    ending = (
        await Phase.filter(
            process__state=ProcessState.OPEN, opened_at__isnull=False, starts_at__lte=now, ends_at__gt=now
        )
        .filter(Q(closed_at__isnull=True) | Q(closed_at__gt=now))
        .order_by("ends_at", "id")
        .limit(limit * 2)
    )
    soonest = list(dict.fromkeys(phase.process_id for phase in ending))[:limit]
    rows = {row.id: row for row in await Process.filter(id__in=soonest or [0])}
    rest = Process.filter(state=ProcessState.OPEN).exclude(id__in=soonest or [0])
    others = await rest.order_by("-opened_at", "-id").limit(limit)
    return await _with_phases([*(rows[one] for one in soonest), *others][:limit])


async def recent(limit: int = 6) -> tuple[ProcessPage, ...]:
    """Give the processes opened last."""
    return (await listing(limit=limit)).processes


async def worked_on(viewer: Viewer, limit: int = PAGE, *, after: str | None = None) -> Listing:
    """List the processes whose set-up desk this person may open, those begun last on top."""
    found = Process.all()
    if not viewer.holds("administrator") and not viewer.holds("official"):
        held = [one.process for one in viewer.roles if one.role == "official" and one.process]
        found = found.filter(public_id__in=held or [""])
    last = await Process.get_or_none(public_id=after) if after and is_key(after) else None
    if last is not None:
        found = found.filter(id__lt=last.id)
    rows = await found.order_by("-id").limit(limit + 1)
    shown = rows[:limit]
    more = shown[-1].public_id if len(rows) > limit else None
    return Listing(await _with_phases(shown), more)


async def titles_of(public_ids: Iterable[str]) -> dict[str, Localized]:
    """Give the titles of some processes by public id, drafts included: for people who hold a role there."""
    wanted = sorted({one for one in public_ids if one})
    if not wanted:
        return {}
    return {row.public_id: row.title for row in await Process.filter(public_id__in=wanted)}


async def _with_phases(rows: Sequence[Process]) -> tuple[ProcessPage, ...]:
    phases: dict[int, list[PhaseCard]] = {row.id: [] for row in rows}
    if rows:
        for phase in await Phase.filter(process_id__in=list(phases)):
            phases[phase.process_id].append(phase_card(phase))
    return tuple(process_page(row, in_loop_order(phases[row.id]), ()) for row in rows)


async def free_code() -> str:
    """Suggest a code no process has: the letter P and the next number."""
    taken = {str(code) for code in await Process.all().values_list("code", flat=True)}
    number = len(taken) + 1
    while f"P{number}" in taken:
        number += 1
    return f"P{number}"
