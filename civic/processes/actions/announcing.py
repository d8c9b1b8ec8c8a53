"""Announce what can change, who is thought of, and when: scope, stakeholder map, calendar."""

from __future__ import annotations

from collections.abc import Sequence

from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.actions.common import lock
from civic.processes.actions.news import announce_date, announce_new_scope
from civic.processes.forms import DateDraft, ScopeDraft, ScopeLineDraft, StakeholderDraft
from civic.processes.models import CalendarDate, ScopeItem, ScopeVersion, StakeholderEntry
from civic.processes.policies import may_add, may_prepare
from civic.processes.queries import ProcessPage, ScopeCard, newest_scope


async def publish_scope(
    official: Viewer, process: ProcessPage, draft: ScopeDraft, reason: Localized | None = None
) -> ScopeCard:
    """Write a new version of the room for influence; in an open process, with a public reason."""
    async with database.transaction():
        current = await lock(process.id)
        may_add(official, current.public_id, current.state).demand()
        if not current.is_draft and not reason:
            raise Invalid({"reason": N_("Say in public why the scope changes.")})
        await _keep_scope(official, current, draft, reason or {})
        await ledger.record(
            "scope.changed",
            current.public_id,
            rev=current.version,
            content=scope_content(draft, reason or {}),
            author=official.public_id,
        )
        scope = await newest_scope(current.id)
        await announce_new_scope(current, scope)
        return scope


async def _keep_scope(official: Viewer, process: ProcessPage, draft: ScopeDraft, reason: Localized) -> None:
    known = (
        await ScopeVersion.filter(process_id=process.id).order_by("number").values_list("number", flat=True)
    )
    numbers = [0, *(int(str(number)) for number in known)]
    row = await ScopeVersion.create(
        process_id=process.id,
        number=min(numbers) - 1 if process.is_draft else max(numbers) + 1,
        promise=draft.promise,
        decision_maker=draft.decision_maker,
        decides_on=draft.decides_on,
        reason=reason,
        published_by_id=official.participant,
        published_at=clock.now(),
    )
    for position, line in enumerate(draft.lines, 1):
        await ScopeItem.create(
            scope_id=row.id,
            position=position,
            standing=line.standing,
            text=line.text,
            why=line.why,
            where=line.where,
        )


async def announce_scope(official: Viewer, process: ProcessPage) -> None:
    """Publish the last draft of a room for influence as its first public version."""
    last = await newest_scope(process.id)
    lines = tuple(ScopeLineDraft(line.standing, line.text, line.why, line.where) for line in last.lines)
    draft = ScopeDraft(last.promise, last.decision_maker, last.decides_on, lines)
    await _keep_scope(official, process, draft, {})
    await ledger.record(
        "scope.changed",
        process.public_id,
        rev=process.version,
        content=scope_content(draft, {}),
        author=official.public_id,
    )


async def set_stakeholders(
    official: Viewer, process: ProcessPage, drafts: Sequence[StakeholderDraft]
) -> None:
    """Write the stakeholder map of a draft."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        for draft in drafts:
            await StakeholderEntry.update_or_create(
                process_id=current.id,
                category=draft.category,
                defaults={
                    "is_expected": draft.is_expected,
                    "outreach": draft.outreach,
                    "reason": draft.reason,
                },
            )
        await ledger.record(
            "stakeholders.changed",
            current.public_id,
            rev=current.version,
            content={str(draft.category): _stakeholder_content(draft) for draft in drafts},
            author=official.public_id,
        )


async def add_date(official: Viewer, process: ProcessPage, draft: DateDraft) -> str:
    """Add a dated event to the calendar; gives its public id."""
    async with database.transaction():
        current = await lock(process.id)
        may_add(official, current.public_id, current.state).demand()
        row = await CalendarDate.create(
            public_id=ids.public_id(),
            process_id=current.id,
            kind=draft.kind,
            title=draft.title,
            place=draft.place,
            at=draft.at,
        )
        await ledger.record(
            "calendar.changed",
            row.public_id,
            parent=current.public_id,
            content={
                "kind": draft.kind,
                "title": draft.title,
                "place": draft.place,
                "at": draft.at.isoformat(),
            },
            author=official.public_id,
        )
        await announce_date(current, row.public_id, draft)
    return str(row.public_id)


async def remove_date(official: Viewer, process: ProcessPage, public_id: str) -> None:
    """Take a dated event out of a draft."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        known = {one.public_id: one for one in await CalendarDate.filter(process_id=current.id)}
        if public_id not in known:
            raise NotFound
        await known[public_id].delete()
        await ledger.record(
            "calendar.changed",
            public_id,
            rev=current.version,
            parent=current.public_id,
            author=official.public_id,
        )


def scope_content(draft: ScopeDraft, reason: Localized) -> dict[str, object]:
    """Say what a leaf commits to of a room for influence."""
    return {
        "promise": draft.promise,
        "decision_maker": draft.decision_maker,
        "decides_on": draft.decides_on.isoformat() if draft.decides_on else None,
        "lines": [
            {"standing": line.standing, "text": line.text, "why": line.why, "where": line.where}
            for line in draft.lines
        ],
        "reason": reason,
    }


def _stakeholder_content(draft: StakeholderDraft) -> dict[str, object]:
    return {"expected": draft.is_expected, "outreach": draft.outreach, "reason": draft.reason}
