"""The set-up desk of officials: which processes they prepare, what each still lacks, and its opening."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import queries as people
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import actions, queries
from civic.processes.forms import PROCESS_FIELDS, parse_process
from civic.processes.pages.stations import WORDS
from civic.processes.policies import (
    may_add,
    may_close_phase,
    may_create_process,
    may_extend_phase,
    may_open_phase,
    may_prepare,
    may_work_on,
)
from civic.processes.queries import Part, ProcessPage, Profile

PARTS = {
    Part.TEXTS: "processes:texts",
    Part.ISSUES: "processes:questions",
    Part.PHASES: "processes:phases",
    Part.SCOPE: "processes:room",
    Part.STAKEHOLDERS: "processes:map",
    Part.DATES: "processes:dates",
}


@open_to("officials", "administrators")
async def index(request: Request) -> Response:
    """List the processes this person may set up."""
    viewer = viewer_of(request)
    after = forms.query(request).value("after")
    context = {
        **WORDS,
        "listing": await queries.worked_on(viewer, after=after or None),
        "paged": bool(after),
        "may_create": may_create_process(viewer),
    }
    return await page(request, "processes/desks.html", context)


@open_to("officials", "administrators")
async def new(request: Request) -> Response:
    """Show the form that begins a draft."""
    may_create_process(viewer_of(request)).demand()
    return await _new(request, forms.blank(profile=Profile.LIGHT, code=await queries.free_code()))


@open_to("officials", "administrators")
async def create(request: Request) -> Response:
    """Begin a draft."""
    form = await forms.read(request, only=PROCESS_FIELDS)

    async def act() -> str:
        process = await actions.create_process(viewer_of(request), parse_process(form))
        return url(request, "processes:desk", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, form.with_errors(wrong), status=422)


async def _new(request: Request, form: FormData, *, status: int = 200) -> Response:
    context = {**WORDS, "form": form, "profiles": tuple(Profile)}
    return await page(request, "processes/new.html", context, status=status)


@open_to("officials", "administrators")
async def show(request: Request) -> Response:
    """Show what a process still lacks before it opens, or how to move its steps once it is open."""
    process = await worked(request)
    now = clock.now()
    context = {
        **WORDS,
        "process": process,
        "gates": await queries.preflight(process.id) if process.is_draft else [],
        "parts": {part: url(request, route, slug=process.slug) for part, route in PARTS.items()},
        "scope": await queries.scope_in_force(process.id),
        "stakeholders": await queries.stakeholders_of(process.id),
        "dates": await queries.dates_of(process.id),
        "officials": await people.holders("official", process.public_id),
        "deciders": await people.holders("decision_maker", process.public_id),
        "moderators": await people.holders("moderator", process.public_id),
        "reviewers": await people.holders("reviewer", process.public_id),
        "changes": await queries.phase_changes_of(process.id),
        "freezes": await queries.freeze_changes_of(issue.id for issue in process.issues),
        "may_prepare": may_prepare(viewer_of(request), process.public_id, process.state),
        "may_add": may_add(viewer_of(request), process.public_id, process.state),
        "may_open": {phase.kind: may_open_phase(phase, now) for phase in process.phases},
        "may_extend": {phase.kind: may_extend_phase(phase, now) for phase in process.phases},
        "may_close": {phase.kind: may_close_phase(phase, now) for phase in process.phases},
    }
    return await page(request, "processes/desk.html", context)


@open_to("officials", "administrators")
async def opening(request: Request) -> Response:
    """Make a process public."""
    process = await worked(request)
    form = await forms.read(request, only=())

    async def act() -> str:
        opened = await actions.open_process(viewer_of(request), process)
        return url(request, "processes:desk", slug=opened.slug)

    return see_other(await once(form.key, form.digest, act))


async def worked(request: Request) -> ProcessPage:
    """Give the process of this address to those who may work on it."""
    viewer = viewer_of(request)
    process = await queries.visible_process(viewer, request.path_params["slug"])
    may_work_on(viewer, process.public_id).demand()
    return process


routes = [
    Route("/desk/processes", index, name="processes:desks"),
    Route("/desk/processes/new", new, name="processes:new"),
    Route("/desk/processes", create, methods=["POST"], name="processes:create"),
    Route("/desk/processes/{slug}", show, name="processes:desk"),
    Route("/desk/processes/{slug}/opening", opening, methods=["POST"], name="processes:opening"),
]
