"""What everybody reads of one process: its home, its questions, the history of its scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import queries as people
from civic.contributions import queries as contributions
from civic.debates import queries as debates
from civic.decisions import queries as decisions
from civic.decisions.queries import DecisionCard
from civic.foundation import clock
from civic.foundation.errors import N_
from civic.foundation.rendering import page
from civic.foundation.tables import Localized
from civic.foundation.web import open_to, url, viewer_of
from civic.meetings import queries as meetings
from civic.meetings.queries import MeetingCard, MeetingKind
from civic.notices import queries as notices
from civic.processes import queries
from civic.processes.pages.stations import WORDS, may_propose
from civic.processes.policies import last_day, may_work_on
from civic.processes.queries import Category, DateCard, IssueCard, ProcessPage, ScopeCard
from civic.proposals import queries as proposals
from civic.proposals.queries import Filters

TO_READ = 4
OF_A_QUESTION = 10

_FREEZES = N_("Last day to change the question")


@dataclass(frozen=True)
class Line:
    """Something of one day: a dated event, a freeze, the day of the decision."""

    what: str
    title: Localized
    at: datetime | None = None
    place: str = ""
    meeting: str = ""
    """The public id of the meeting this is, when it has a page."""
    is_off: bool = False


@dataclass(frozen=True)
class Day:
    """A day of the calendar and all that happens on it."""

    on: date
    is_over: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Right:
    """Something people may do at this stage, and the page where they do it."""

    words: str
    href: str
    icon: str


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show the home of a process: what can change, who decides, when, and what was said."""
    viewer = viewer_of(request)
    process = await queries.visible_process(viewer, request.path_params["slug"])
    scope = await queries.scope_in_force(process.id)
    decided = await decisions.published_decisions(process.id)
    context = {
        **WORDS,
        "nav": "processes",
        "process": process,
        "scope": scope,
        "decisions": decided,
        "tallies": await decisions.tallies([one.in_force.id for one in decided if one.in_force]),
        "drafts": await decisions.drafts_of_process(process.id),
        "to_read": await proposals.listing(viewer, process, limit=TO_READ),
        "outcomes": await decisions.outcomes_of_proposals(process.id),
        "calendar": calendar(
            process, scope, await queries.dates_of(process.id), await meetings.meetings_of(process.id)
        ),
        "stakeholders": {one.category: one for one in await queries.stakeholders_of(process.id)},
        "categories": tuple(Category),
        "heard": await contributions.people_by_category(process.id),
        "counts": await contributions.counts(process.id),
        "unplaced": await contributions.people_of_no_category(process.id),
        "by_issue": await contributions.counts_by_issue(process.id),
        "changes": await queries.phase_changes_of(process.id),
        "freezes": await queries.freeze_changes_of(issue.id for issue in process.issues),
        "deciders": await people.holders("decision_maker", process.public_id),
        "officials": await people.holders("official", process.public_id),
        "closure": await queries.closure_of(process.id),
        "rights": list(rights(request, process)),
        "may_work": may_work_on(viewer, process.public_id),
        "followed": await notices.follow_on(viewer, f"process/{process.public_id}"),
    }
    return await page(request, "processes/show.html", context)


@open_to("everyone")
async def issue(request: Request) -> Response:
    """Show one question: until when it can change, its proposals, its debate."""
    viewer = viewer_of(request)
    process = await queries.visible_process(viewer, request.path_params["slug"])
    found = await queries.issue_of(viewer, process, request.path_params["id"])
    context = {
        **WORDS,
        "nav": "processes",
        "process": process,
        "issue": found,
        "freezes": await queries.freeze_changes_of([found.id]),
        "counts": (await contributions.counts_by_issue(process.id)).get(found.id),
        "thread": await debates.thread_on(f"issue/{found.public_id}"),
        "found": await proposals.listing(viewer, process, Filters(issue_id=found.id), limit=OF_A_QUESTION),
        "outcomes": await decisions.outcomes_of_proposals(process.id),
        "decision": await _decision_on(process, found),
        "draft": await decisions.draft_of_issue(found.id),
    }
    return await page(request, "processes/issue.html", context)


async def _decision_on(process: ProcessPage, question: IssueCard) -> DecisionCard | None:
    """Give the published decision that settles a question."""
    decided = await decisions.published_decisions(process.id)
    return next((one for one in decided if question.id in {each.id for each in one.issues}), None)


@open_to("everyone")
async def scope(request: Request) -> Response:
    """Show every version of the room for influence, with the dates and the reasons."""
    process = await queries.visible_process(viewer_of(request), request.path_params["slug"])
    versions = await queries.scope_versions_of(process.id)
    context = {**WORDS, "nav": "processes", "process": process, "versions": versions}
    return await page(request, "processes/scope.html", context)


def calendar(
    process: ProcessPage,
    scope: ScopeCard | None,
    dates: tuple[DateCard, ...],
    held: tuple[MeetingCard, ...] = (),
) -> list[Day]:
    """Put everything that has a date in one line, day by day."""
    days: dict[date, list[Line]] = {}
    for on, line in (*_lines(process, scope, dates), *map(_meeting, held)):
        days.setdefault(on, []).append(line)
    today = clock.local_day(clock.now())
    return [Day(on, on < today, tuple(lines)) for on, lines in sorted(days.items())]


def _lines(
    process: ProcessPage, scope: ScopeCard | None, dates: tuple[DateCard, ...]
) -> Iterator[tuple[date, Line]]:
    for one in dates:
        yield clock.local_day(one.at), Line(queries.name_of(one.kind), one.title, one.at, one.place)
    for question in process.issues:
        if question.freeze_at is not None:
            yield last_day(question.freeze_at), Line(_FREEZES, question.title)
    if scope is not None and scope.decides_on is not None:
        yield scope.decides_on, Line(N_("Decision due"), scope.decision_maker)


_MEETINGS = {MeetingKind.HEARING: N_("Hearing"), MeetingKind.OFFICE_HOUR: N_("Office hour")}


def _meeting(one: MeetingCard) -> tuple[date, Line]:
    line = Line(_MEETINGS[one.kind], one.title, one.starts_at, one.place, one.public_id, one.is_cancelled)
    return clock.local_day(one.starts_at), line


def rights(request: Request, process: ProcessPage) -> Iterator[Right]:
    """List what people may do at this stage, where a page of this house lets them do it."""
    known = request.app.state.routes
    for words, icon, route, here, only_open in _RIGHTS:
        if route not in known or (only_open and not may_propose(process)):
            continue
        yield Right(words, url(request, route, **({"slug": process.slug} if here else {})), icon)


_RIGHTS = (
    (N_("Make a proposal"), "pen-line", "proposals:new", True, True),
    (N_("Answer the arguments of others"), "message-square-reply", "proposals:list", True, True),
    (N_("Correct or withdraw my text"), "undo-2", "trace:mine", False, False),
    (N_("See what became of my points, reply, contest"), "route", "trace:mine", False, False),
    (N_("Know how texts are moderated, and contest it"), "shield", "moderation:log", False, False),
    (N_("Be helped in person or by phone"), "handshake", "processes:contact", False, False),
    (N_("Read all my rights"), "file-text", "processes:rights", False, False),
)

routes = [
    Route("/processes/{slug}", show, name="processes:show"),
    Route("/processes/{slug}/issues/{id}", issue, name="processes:issue"),
    Route("/processes/{slug}/scope", scope, name="processes:scope"),
]
