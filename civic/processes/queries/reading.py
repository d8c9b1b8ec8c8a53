"""How a process, its phases and its issues are read: three queries, whatever their number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from civic.foundation import clock
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes.forms import LONGEST_SLUG, SLUG
from civic.processes.models import Issue, Phase, PhaseKind, Process, ProcessState, Profile
from civic.processes.policies import PhaseCard, may_see_draft

LOOP = tuple(PhaseKind)
_KEY = re.compile(r"[0-9a-z]{26}\Z")


@dataclass(frozen=True)
class IssueCard:
    """A question put to people; after ``freeze_at`` its options no longer change."""

    id: int
    public_id: str
    process_id: int
    number: int
    title: Localized
    description: Localized
    freeze_at: datetime | None

    def is_frozen(self, now: datetime) -> bool:
        return self.freeze_at is not None and self.freeze_at <= now


@dataclass(frozen=True)
class ProcessPage:
    """A process with its phases and issues: what every other room needs of it."""

    id: int
    public_id: str
    slug: str
    code: str
    title: Localized
    summary: Localized
    state: ProcessState
    profile: Profile
    is_example: bool
    version: int
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    phases: tuple[PhaseCard, ...] = ()
    issues: tuple[IssueCard, ...] = ()

    @property
    def is_draft(self) -> bool:
        return self.state is ProcessState.DRAFT

    def phase(self, kind: PhaseKind) -> PhaseCard | None:
        """Give the step of one kind, if this process has it."""
        return next((one for one in self.phases if one.kind is kind), None)

    def open_phases(self, now: datetime | None = None) -> tuple[PhaseCard, ...]:
        """Give the steps open at a moment."""
        moment = now or clock.now()
        return tuple(one for one in self.phases if one.is_open(moment))

    def current_phase(self, now: datetime | None = None) -> PhaseCard | None:
        """Give the open step that is furthest in the loop."""
        return next(iter(reversed(self.open_phases(now))), None)

    def issue(self, public_id: str) -> IssueCard | None:
        return next((one for one in self.issues if one.public_id == public_id), None)


async def visible_process(viewer: Viewer, slug: str) -> ProcessPage:
    """Give a process the viewer may see: a draft only to those who work on it."""
    row = await Process.get_or_none(slug=slug) if is_address(slug) else None
    if row is None or (row.state == ProcessState.DRAFT and not may_see_draft(viewer, row.public_id)):
        raise NotFound
    return await _page(row)


async def process_by_id(process_id: int) -> ProcessPage:
    """Give a process whoever asks: for acts and jobs, which have asked their policy."""
    row = await Process.get_or_none(id=process_id)
    if row is None:
        raise NotFound
    return await _page(row)


async def process_by_public_id(public_id: str) -> ProcessPage:
    """Give the process that a stable key names, whoever asks."""
    row = await Process.get_or_none(public_id=public_id) if is_key(public_id) else None
    if row is None:
        raise NotFound
    return await _page(row)


async def process_by_slug(slug: str) -> ProcessPage | None:
    """Give the process at an address, whoever asks, or nothing: for the command line."""
    row = await Process.get_or_none(slug=slug) if is_address(slug) else None
    return await _page(row) if row else None


def is_address(slug: str) -> bool:
    """Tell whether this can be the address of a process at all."""
    return len(slug) <= LONGEST_SLUG and bool(SLUG.match(slug))


def is_key(public_id: str) -> bool:
    """Tell whether this can be a public id at all."""
    return bool(_KEY.match(public_id))


async def process_of_issue(issue_id: int) -> ProcessPage:
    """Give the process an issue belongs to."""
    issue = await Issue.get_or_none(id=issue_id)
    if issue is None:
        raise NotFound
    return await process_by_id(issue.process_id)


async def issue_of(viewer: Viewer, process: ProcessPage, public_id: str) -> IssueCard:
    """Give one issue of a process already obtained; another process's issue is not found."""
    issue = process.issue(public_id)
    if issue is None:
        raise NotFound
    return issue


async def open_phases(process_id: int, now: datetime | None = None) -> tuple[PhaseCard, ...]:
    """Give the steps of a process that are open."""
    moment = now or clock.now()
    return tuple(one for one in await phases_of(process_id) if one.is_open(moment))


async def current_phase(process_id: int, now: datetime | None = None) -> PhaseKind | None:
    """Name the open step that is furthest in the loop."""
    phases = await open_phases(process_id, now)
    return phases[-1].kind if phases else None


async def freeze_of(issue_id: int) -> datetime | None:
    """Tell when the options of an issue stop changing."""
    issue = await Issue.get_or_none(id=issue_id)
    return issue.freeze_at if issue else None


async def phases_of(process_id: int) -> tuple[PhaseCard, ...]:
    """Give the steps of one process in the order of the loop."""
    return in_loop_order(phase_card(row) for row in await Phase.filter(process_id=process_id))


async def issues_of(process_id: int) -> tuple[IssueCard, ...]:
    """Give the questions of one process in their order."""
    return tuple(issue_card(row) for row in await Issue.filter(process_id=process_id).order_by("number"))


async def processes_by_id(ids: Iterable[int]) -> dict[int, ProcessPage]:
    """Give several processes at once (with their phases, without their issues), for lists of other rooms."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = await Process.filter(id__in=wanted)
    phases: dict[int, list[PhaseCard]] = {one: [] for one in wanted}
    for row in await Phase.filter(process_id__in=wanted):
        phases[row.process_id].append(phase_card(row))
    return {row.id: process_page(row, in_loop_order(phases[row.id]), ()) for row in rows}


async def issues_by_id(ids: Iterable[int]) -> dict[int, IssueCard]:
    """Give several issues at once, for lists of other rooms."""
    wanted = set(ids)
    rows = await Issue.filter(id__in=wanted) if wanted else []
    return {row.id: issue_card(row) for row in rows}


async def _page(row: Process) -> ProcessPage:
    return process_page(row, await phases_of(row.id), await issues_of(row.id))


def process_page(row: Process, phases: tuple[PhaseCard, ...], issues: tuple[IssueCard, ...]) -> ProcessPage:
    """Make the card of a row."""
    return ProcessPage(
        id=row.id,
        public_id=row.public_id,
        slug=row.slug,
        code=row.code,
        title=row.title,
        summary=row.summary,
        state=ProcessState(row.state),
        profile=Profile(row.profile),
        is_example=row.is_example,
        version=row.version,
        created_at=row.created_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        phases=phases,
        issues=issues,
    )


def phase_card(row: Phase) -> PhaseCard:
    """Make the card of a row."""
    return PhaseCard(
        id=row.id,
        public_id=row.public_id,
        kind=PhaseKind(row.kind),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )


def issue_card(row: Issue) -> IssueCard:
    """Make the card of a row."""
    return IssueCard(
        id=row.id,
        public_id=row.public_id,
        process_id=row.process_id,
        number=row.number,
        title=row.title,
        description=row.description,
        freeze_at=row.freeze_at,
    )


def in_loop_order(phases: Iterable[PhaseCard]) -> tuple[PhaseCard, ...]:
    """Put steps in the order of the loop."""
    return tuple(sorted(phases, key=lambda one: LOOP.index(one.kind)))
