"""Prepare a process. Drafts are written freely; once it is open, things are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from civic import settings
from civic.accounts.actions import grant_role
from civic.accounts.models import Role
from civic.foundation import clock, database, ids, languages
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.actions.common import index, lock
from civic.processes.forms import (
    IssueDraft,
    PhaseDraft,
    ProcessDraft,
)
from civic.processes.models import (
    Issue,
    Phase,
    Process,
)
from civic.processes.policies import may_add, may_create_process, may_prepare
from civic.processes.queries import IssueCard, ProcessPage, process_by_id

FOUNDER = N_("Created this process")
"""The reason written in the grant of whoever begins a process."""

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7217)"
_REMOVE_ISSUE = """
DELETE FROM issue WHERE id = ? AND process_id = ?
AND NOT EXISTS (SELECT 1 FROM contribution WHERE contribution.issue_id = issue.id)
"""


async def create_process(official: Viewer, draft: ProcessDraft, *, is_example: bool = False) -> ProcessPage:
    """Begin a draft; who begins it becomes one of its officials."""
    may_create_process(official).demand()
    async with database.transaction():
        await _demand_free(draft)
        row = await Process.create(
            public_id=ids.public_id(),
            slug=draft.slug,
            code=draft.code,
            title=draft.title,
            summary=draft.summary,
            profile=draft.profile,
            is_example=is_example,
            created_by_id=official.participant,
            created_at=clock.now(),
        )
        await ledger.record(
            "process.created", row.public_id, content=_process_content(draft), author=official.public_id
        )
        if official.participant is not None:
            reason = languages.gettext(settings.current().languages[0], FOUNDER)
            await grant_role(
                None, official.participant, Role.OFFICIAL, row.public_id, reason, where=draft.title
            )
    return await process_by_id(row.id)


async def edit_process(official: Viewer, process: ProcessPage, draft: ProcessDraft) -> ProcessPage:
    """Rewrite the texts of a draft."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        await _demand_free(draft, but=current.id)
        await Process.filter(id=current.id).update(
            slug=draft.slug,
            code=draft.code,
            title=draft.title,
            summary=draft.summary,
            profile=draft.profile,
        )
        await ledger.record(
            "process.changed",
            current.public_id,
            rev=current.version,
            content=_process_content(draft),
            author=official.public_id,
        )
        return await process_by_id(current.id)


async def _demand_free(draft: ProcessDraft, *, but: int = 0) -> None:
    """Refuse an address or a code that another process has; two people asking at once ask in turn."""
    if database.dialect() == "postgres":
        await database.rows(_ONE_AT_A_TIME)
    wrong = {}
    if await Process.filter(slug=draft.slug).exclude(id=but).exists():
        wrong["slug"] = N_("Another process has this address.")
    if await Process.filter(code=draft.code).exclude(id=but).exists():
        wrong["code"] = N_("Another process has this code.")
    if wrong:
        raise Invalid(wrong)


async def add_issue(official: Viewer, process: ProcessPage, draft: IssueDraft) -> IssueCard:
    """Put one more question; in an open process it needs its freeze date at once."""
    async with database.transaction():
        current = await lock(process.id)
        may_add(official, current.public_id, current.state).demand()
        if not current.is_draft:
            _demand_freeze(draft)
        row = await Issue.create(
            public_id=ids.public_id(),
            process_id=current.id,
            number=max((issue.number for issue in current.issues), default=0) + 1,
            title=draft.title,
            description=draft.description,
            freeze_at=_end(draft.freeze_on),
            created_at=clock.now(),
        )
        await _record_issue("issue.added", official, current, row.public_id, draft)
        now = await process_by_id(current.id)
        await index(now)
    return next(issue for issue in now.issues if issue.id == row.id)


def _demand_freeze(draft: IssueDraft) -> None:
    end = _end(draft.freeze_on)
    if end is None:
        raise Invalid({"freeze_on": N_("Give the last day on which this question can change.")})
    if end <= clock.now():
        raise Invalid({"freeze_on": N_("This day is over. Choose a later one.")})


async def edit_issue(official: Viewer, process: ProcessPage, public_id: str, draft: IssueDraft) -> IssueCard:
    """Rewrite a question of a draft."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        issue = _issue(current, public_id)
        await Issue.filter(id=issue.id).update(
            title=draft.title, description=draft.description, freeze_at=_end(draft.freeze_on)
        )
        await _record_issue("issue.changed", official, current, public_id, draft, rev=current.version)
        return _issue(await process_by_id(current.id), public_id)


async def remove_issue(official: Viewer, process: ProcessPage, public_id: str) -> None:
    """Take a question out of a draft. Conflict when somebody has already written about it."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        issue = _issue(current, public_id)
        if not await database.execute(_REMOVE_ISSUE, issue.id, current.id):
            raise Conflict(N_("Contributions belong to this question: it cannot be removed."))
        await ledger.record(
            "issue.removed",
            public_id,
            rev=current.version,
            parent=current.public_id,
            author=official.public_id,
        )


async def set_phases(official: Viewer, process: ProcessPage, drafts: Sequence[PhaseDraft]) -> ProcessPage:
    """Write the calendar of a draft: the steps given, and no other."""
    async with database.transaction():
        current = await lock(process.id)
        may_prepare(official, current.public_id, current.state).demand()
        kept = [str(draft.kind) for draft in drafts]
        await Phase.filter(process_id=current.id, kind__not_in=kept or [""]).delete()
        for draft in drafts:
            await _keep_phase(current, draft)
        await ledger.record(
            "process.changed",
            current.public_id,
            rev=current.version,
            content={
                str(draft.kind): [draft.starts_on.isoformat(), draft.ends_on.isoformat()] for draft in drafts
            },
            author=official.public_id,
        )
        return await process_by_id(current.id)


async def _keep_phase(process: ProcessPage, draft: PhaseDraft) -> None:
    starts_at, ends_at = start_of_day(draft.starts_on), clock.end_of_day(draft.ends_on)
    known = process.phase(draft.kind)
    if known:
        await Phase.filter(id=known.id).update(starts_at=starts_at, ends_at=ends_at)
        return
    await Phase.create(
        public_id=ids.public_id(),
        process_id=process.id,
        kind=draft.kind,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def start_of_day(day: date) -> datetime:
    """Give the local midnight that begins a day."""
    return datetime.combine(day, time.min, clock.zone())


def _end(day: date | None) -> datetime | None:
    return clock.end_of_day(day) if day else None


def _issue(process: ProcessPage, public_id: str) -> IssueCard:
    found = process.issue(public_id)
    if found is None:
        raise NotFound
    return found


async def _record_issue(
    act: str, official: Viewer, process: ProcessPage, public_id: str, draft: IssueDraft, *, rev: int = 1
) -> None:
    content = {
        "title": draft.title,
        "description": draft.description,
        "freeze_on": draft.freeze_on.isoformat() if draft.freeze_on else None,
    }
    await ledger.record(
        act, public_id, rev=rev, parent=process.public_id, content=content, author=official.public_id
    )


def _process_content(draft: ProcessDraft) -> dict[str, object]:
    return {
        "slug": draft.slug,
        "code": draft.code,
        "title": draft.title,
        "summary": draft.summary,
        "profile": draft.profile,
    }
