"""Open a process, and move its steps: nothing announced is overwritten, every change has its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from civic.foundation import clock, database, ids, search
from civic.foundation.errors import N_, Conflict, Invalid, NotFound, Refused
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.actions.announcing import announce_scope
from civic.processes.actions.common import (
    LISTENERS,
    PhaseChanged,
    index,
    lock,
)
from civic.processes.actions.news import announce_closed, announce_step
from civic.processes.actions.setup import start_of_day
from civic.processes.forms import PhaseChangeDraft, PhaseDraft
from civic.processes.models import (
    Closure,
    FreezeChange,
    Issue,
    Phase,
    PhaseAct,
    PhaseChange,
    PhaseKind,
    Process,
    ProcessState,
)
from civic.processes.policies import (
    PhaseCard,
    may_add,
    may_close_phase,
    may_extend_phase,
    may_move_phases,
    may_open_phase,
    may_work_on,
)
from civic.processes.queries import ProcessPage, preflight, process_by_id
from civic.processes.queries.reading import IssueCard, phase_card

NO_REASON: Localized = {}


async def open_process(official: Viewer, process: ProcessPage) -> ProcessPage:
    """Make a process public, once nothing it must announce is missing."""
    may_work_on(official, process.public_id).demand()
    async with database.transaction():
        current = await lock(process.id)
        if not current.is_draft:
            raise Conflict(N_("This process is already open."))
        for gate in await preflight(current.id):
            if gate.blocks and not gate.met:
                raise Refused(gate.text)
        now = clock.now()
        await Process.filter(id=current.id).update(state=ProcessState.OPEN, opened_at=now)
        await Phase.filter(process_id=current.id).update(opened_at=now)
        opened = await process_by_id(current.id)
        await ledger.record(
            "process.opened",
            opened.public_id,
            rev=opened.version,
            content=_opened_content(opened),
            author=official.public_id,
        )
        await announce_scope(official, opened)
        for phase in opened.phases:
            await _record(official, opened, phase, PhaseAct.PLANNED, NO_REASON)
        await index(opened)
        await search.reveal(opened.public_id)
    return opened


async def add_phase(
    official: Viewer, process: ProcessPage, draft: PhaseDraft, reason: Localized
) -> ProcessPage:
    """Announce one more step of an open process."""
    async with database.transaction():
        current = await lock(process.id)
        may_move_phases(official, current.public_id, current.state).demand()
        _demand_reason(reason)
        if current.phase(draft.kind) is not None:
            raise Conflict(N_("This process already has this step."))
        now = clock.now()
        row = await Phase.create(
            public_id=ids.public_id(),
            process_id=current.id,
            kind=draft.kind,
            starts_at=start_of_day(draft.starts_on),
            ends_at=clock.end_of_day(draft.ends_on),
            opened_at=now,
        )
        await _record(official, current, phase_card(row), PhaseAct.PLANNED, reason)
        await announce_step(current, phase_card(row), reason)
        return await process_by_id(current.id)


async def open_phase(
    official: Viewer, process: ProcessPage, kind: PhaseKind, draft: PhaseChangeDraft
) -> ProcessPage:
    """Open a step now, before its date or again after its end."""
    async with database.transaction():
        current, phase = await _held(official, process, kind)
        now = clock.now()
        may_open_phase(phase, now).demand()
        end = _new_end(draft.ends_on, now) if draft.ends_on else phase.ends_at
        if end <= now:
            raise Invalid({"ends_on": N_("Give the last day of this step.")})
        await _move(phase, starts_at=min(phase.starts_at, now), ends_at=end, opened_at=now, closed_at=None)
        await _after(official, current, phase, PhaseAct.OPENED, draft)
        return await process_by_id(current.id)


async def extend_phase(
    official: Viewer, process: ProcessPage, kind: PhaseKind, draft: PhaseChangeDraft
) -> ProcessPage:
    """Move the end of a step later, with the freeze dates that were chosen."""
    async with database.transaction():
        current, phase = await _held(official, process, kind)
        now = clock.now()
        may_extend_phase(phase, now).demand()
        end = _new_end(draft.ends_on, now)
        if end <= phase.ends_at:
            raise Invalid({"ends_on": N_("Choose a day later than the present one.")})
        await _move(phase, ends_at=end)
        moved = await _move_freezes(official, current, end, draft)
        await _after(official, current, phase, PhaseAct.EXTENDED, draft, freezes=moved)
        return await process_by_id(current.id)


async def close_phase(
    official: Viewer, process: ProcessPage, kind: PhaseKind, draft: PhaseChangeDraft
) -> ProcessPage:
    """Close a step now, before its end."""
    async with database.transaction():
        current, phase = await _held(official, process, kind)
        may_close_phase(phase, clock.now()).demand()
        await _move(phase, closed_at=clock.now())
        await _after(official, current, phase, PhaseAct.CLOSED, draft)
        return await process_by_id(current.id)


async def mark_closed(official: Viewer, process: ProcessPage, reason: Localized) -> ProcessPage:
    """End a process with its public reason. The room that decides checks what must come before."""
    async with database.transaction():
        current = await lock(process.id)
        may_add(official, current.public_id, current.state).demand()
        _demand_reason(reason)
        now = clock.now()
        for phase in current.open_phases(now):
            await _move(phase, closed_at=now)
            await _after(official, current, phase, PhaseAct.CLOSED, PhaseChangeDraft(reason), tell=False)
        await Process.filter(id=current.id).update(state=ProcessState.CLOSED, closed_at=now)
        await Closure.create(
            process_id=current.id, reason=reason, closed_by_id=official.participant, closed_at=now
        )
        await ledger.record(
            "process.closed",
            current.public_id,
            rev=current.version,
            content={"reason": reason},
            author=official.public_id,
        )
        await announce_closed(current, reason)
        return await process_by_id(current.id)


async def _held(official: Viewer, process: ProcessPage, kind: PhaseKind) -> tuple[ProcessPage, PhaseCard]:
    current = await lock(process.id)
    may_move_phases(official, current.public_id, current.state).demand()
    phase = current.phase(kind)
    if phase is None:
        raise NotFound
    return current, phase


async def _move(phase: PhaseCard, **dates: datetime | None) -> None:
    await Phase.filter(id=phase.id).update(**dates)


async def _after(
    official: Viewer,
    process: ProcessPage,
    before: PhaseCard,
    act: PhaseAct,
    draft: PhaseChangeDraft,
    *,
    tell: bool = True,
    freezes: tuple[IssueCard, ...] = (),
) -> None:
    """Write what happened to a step, and tell those who listen."""
    _demand_reason(draft.reason)
    row = await Phase.get(id=before.id)
    phase = phase_card(row)
    await _record(official, process, phase, act, draft.reason)
    for listener in LISTENERS if tell else ():
        await listener(PhaseChanged(process.id, phase, act, draft.reason, freezes))


async def _record(
    official: Viewer, process: ProcessPage, phase: PhaseCard, act: PhaseAct, reason: Localized
) -> None:
    await PhaseChange.create(
        phase_id=phase.id,
        act=act,
        starts_at=phase.starts_at,
        ends_at=phase.over_at,
        reason=reason,
        changed_by_id=official.participant,
        changed_at=clock.now(),
    )
    await ledger.record(
        "phase.changed",
        phase.public_id,
        rev=await PhaseChange.filter(phase_id=phase.id).count(),
        parent=process.public_id,
        content={
            "kind": phase.kind,
            "act": act,
            "starts_at": phase.starts_at.isoformat(),
            "ends_at": phase.over_at.isoformat(),
            "reason": reason,
        },
        author=official.public_id,
    )


async def _move_freezes(
    official: Viewer, process: ProcessPage, end: datetime, draft: PhaseChangeDraft
) -> tuple[IssueCard, ...]:
    """Move freeze dates that are not over yet to the new end, later and never earlier; give what moved."""
    now, moved = clock.now(), []
    for issue in _chosen(process, draft.freezes):
        if issue.is_frozen(now) or (issue.freeze_at and issue.freeze_at >= end):
            continue
        await Issue.filter(id=issue.id).update(freeze_at=end)
        await FreezeChange.create(
            issue_id=issue.id,
            before=issue.freeze_at,
            after=end,
            reason=draft.reason,
            changed_by_id=official.participant,
            changed_at=now,
        )
        await ledger.record(
            "issue.changed",
            issue.public_id,
            rev=process.version,
            parent=process.public_id,
            content={"freeze_at": end.isoformat(), "reason": draft.reason},
            author=official.public_id,
        )
        moved.append(issue)
    return tuple(moved)


def _chosen(process: ProcessPage, wanted: Sequence[str]) -> list[IssueCard]:
    return [issue for issue in process.issues if issue.public_id in wanted]


def _new_end(day: date | None, now: datetime) -> datetime:
    if day is None:
        raise Invalid({"ends_on": N_("Give the last day of this step.")})
    end = clock.end_of_day(day)
    if end <= now:
        raise Invalid({"ends_on": N_("This day is over. Choose a later one.")})
    return end


def _demand_reason(reason: Localized) -> None:
    if not any(reason.values()):
        raise Invalid({"reason": N_("Give the public reason.")})


def _opened_content(process: ProcessPage) -> dict[str, object]:
    return {
        "slug": process.slug,
        "code": process.code,
        "title": process.title,
        "summary": process.summary,
        "profile": process.profile,
        "issues": [
            {
                "id": issue.public_id,
                "title": issue.title,
                "freeze_at": issue.freeze_at.isoformat() if issue.freeze_at else None,
            }
            for issue in process.issues
        ],
    }
