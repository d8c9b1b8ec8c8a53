"""Open, extend and close the steps of an open process, each time with a public reason."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound, Verdict
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import actions, queries
from civic.processes.forms import (
    ADDED_PHASE_FIELDS,
    CHANGE_FIELDS,
    parse_added_phase,
    parse_change,
)
from civic.processes.pages.desk import worked
from civic.processes.pages.stations import WORDS
from civic.processes.policies import (
    PhaseCard,
    may_close_phase,
    may_extend_phase,
    may_move_phases,
    may_open_phase,
)
from civic.processes.queries import PhaseKind, ProcessPage

CHANGES = {
    "opening": (may_open_phase, actions.open_phase),
    "extension": (may_extend_phase, actions.extend_phase),
    "closing": (may_close_phase, actions.close_phase),
}


@open_to("officials", "administrators")
async def show(request: Request) -> Response:
    """Ask for the public reason of a change, and its dates."""
    process, phase = await _phase(request)
    _may(request, process, phase).demand()
    together = [issue.public_id for issue in _later(process, phase) if issue.freeze_at == phase.ends_at]
    form = forms.blank(freezes=together)
    return await _change(request, process, phase, form)


@open_to("officials", "administrators")
async def move(request: Request) -> Response:
    """Open, extend or close a step."""
    process, phase = await _phase(request)
    form = await forms.read(request, only=CHANGE_FIELDS)
    issues = tuple(issue.public_id for issue in process.issues)
    name = request.path_params["change"]
    may, act_on = CHANGES[name]

    async def act() -> str:
        draft = parse_change(form, issues, until=name == "extension")
        await act_on(viewer_of(request), process, phase.kind, draft)
        return url(request, "processes:desk", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _change(request, process, phase, form.with_errors(wrong), status=422)


async def _change(
    request: Request, process: ProcessPage, phase: PhaseCard, form: FormData, *, status: int = 200
) -> Response:
    context = {
        **WORDS,
        "process": process,
        "phase": phase,
        "change": request.path_params["change"],
        "movable": _later(process, phase),
        "form": form,
    }
    return await page(request, "processes/change.html", context, status=status)


def _later(process: ProcessPage, phase: PhaseCard) -> list[queries.IssueCard]:
    """Give the questions whose freeze date may still move, for the step that debates them."""
    if phase.kind is not PhaseKind.DELIBERATION:
        return []
    now = clock.now()
    return [issue for issue in process.issues if not issue.is_frozen(now)]


def _may(request: Request, process: ProcessPage, phase: PhaseCard) -> Verdict:
    verdict = may_move_phases(viewer_of(request), process.public_id, process.state)
    return verdict and CHANGES[request.path_params["change"]][0](phase, clock.now())


async def _phase(request: Request) -> tuple[ProcessPage, PhaseCard]:
    process = await worked(request)
    for phase in process.phases:
        if phase.kind == request.path_params["kind"] and request.path_params["change"] in CHANGES:
            return process, phase
    raise NotFound


@open_to("officials", "administrators")
async def new_step(request: Request) -> Response:
    """Ask for the dates of one more step of an open process."""
    process = await worked(request)
    return await _new(request, process, forms.blank())


@open_to("officials", "administrators")
async def add_step(request: Request) -> Response:
    """Announce one more step of an open process."""
    process = await worked(request)
    form = await forms.read(request, only=ADDED_PHASE_FIELDS)

    async def act() -> str:
        draft, reason = parse_added_phase(form, _missing(process))
        await actions.add_phase(viewer_of(request), process, draft, reason)
        return url(request, "processes:desk", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, process, form.with_errors(wrong), status=422)


async def _new(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    may_move_phases(viewer_of(request), process.public_id, process.state).demand()
    context = {**WORDS, "process": process, "form": form, "missing": _missing(process)}
    return await page(request, "processes/new_step.html", context, status=status)


def _missing(process: ProcessPage) -> tuple[PhaseKind, ...]:
    return tuple(kind for kind in PhaseKind if process.phase(kind) is None)


routes = [
    Route("/desk/processes/{slug}/steps/new", new_step, name="processes:new_step"),
    Route("/desk/processes/{slug}/steps/new", add_step, methods=["POST"], name="processes:add_step"),
    Route("/desk/processes/{slug}/steps/{kind}/{change}", show, name="processes:change"),
    Route("/desk/processes/{slug}/steps/{kind}/{change}", move, methods=["POST"], name="processes:move"),
]
