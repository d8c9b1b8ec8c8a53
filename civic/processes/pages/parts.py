"""The parts of the set-up desk: texts, questions, steps, scope, stakeholder map, dates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import actions, queries
from civic.processes.forms import (
    DATE_FIELDS,
    ISSUE_FIELDS,
    PHASE_FIELDS,
    PROCESS_FIELDS,
    SCOPE_FIELDS,
    STAKEHOLDER_FIELDS,
    parse_date,
    parse_issue,
    parse_phases,
    parse_process,
    parse_scope,
    parse_stakeholders,
)
from civic.processes.pages.desk import worked
from civic.processes.pages.filling import (
    blank_issue,
    blank_phases,
    blank_process,
    blank_scope,
    blank_stakeholders,
    lines_shown,
)
from civic.processes.pages.stations import WORDS
from civic.processes.policies import may_add, may_prepare
from civic.processes.queries import (
    Category,
    DateKind,
    IssueCard,
    PhaseKind,
    ProcessPage,
    Profile,
    Promise,
    Standing,
)

Act = Callable[[], Awaitable[object]]


@open_to("officials", "administrators")
async def texts(request: Request) -> Response:
    """Show the texts of a draft."""
    process = await worked(request)
    return await _show(request, process, "processes/texts.html", blank_process(process))


@open_to("officials", "administrators")
async def save_texts(request: Request) -> Response:
    """Rewrite the texts of a draft."""
    process = await worked(request)
    form = await forms.read(request, only=PROCESS_FIELDS)

    async def act() -> str:
        kept = await actions.edit_process(viewer_of(request), process, parse_process(form))
        return url(request, "processes:desk", slug=kept.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _again(request, process, "processes/texts.html", form, wrong)


@open_to("officials", "administrators")
async def questions(request: Request) -> Response:
    """Show the questions of a process, and the form for one more."""
    process = await worked(request)
    return await _show(request, process, "processes/questions.html", forms.blank())


@open_to("officials", "administrators")
async def add_question(request: Request) -> Response:
    """Put one more question."""
    process = await worked(request)
    form = await forms.read(request, only=ISSUE_FIELDS)

    async def act() -> object:
        return await actions.add_issue(viewer_of(request), process, parse_issue(form))

    return await _kept(request, process, "processes/questions.html", "processes:questions", form, act)


@open_to("officials", "administrators")
async def question(request: Request) -> Response:
    """Show one question of a draft, to rewrite it."""
    process = await worked(request)
    found = _issue(request, process)
    return await _show(request, process, "processes/question.html", blank_issue(found), issue=found)


@open_to("officials", "administrators")
async def save_question(request: Request) -> Response:
    """Rewrite or remove one question of a draft."""
    process = await worked(request)
    found = _issue(request, process)
    form = await forms.read(request, only=ISSUE_FIELDS)

    async def act() -> None:
        viewer = viewer_of(request)
        if form.value("remove"):
            await actions.remove_issue(viewer, process, found.public_id)
        else:
            await actions.edit_issue(viewer, process, found.public_id, parse_issue(form))

    return await _kept(
        request, process, "processes/question.html", "processes:questions", form, act, issue=found
    )


def _issue(request: Request, process: ProcessPage) -> IssueCard:
    found = process.issue(request.path_params["id"])
    if found is None:
        raise NotFound
    return found


@open_to("officials", "administrators")
async def phases(request: Request) -> Response:
    """Show the dates of the steps of a draft."""
    process = await worked(request)
    return await _show(request, process, "processes/phases.html", blank_phases(process))


@open_to("officials", "administrators")
async def save_phases(request: Request) -> Response:
    """Write the dates of the steps of a draft."""
    process = await worked(request)
    form = await forms.read(request, only=PHASE_FIELDS)

    async def act() -> object:
        return await actions.set_phases(viewer_of(request), process, parse_phases(form))

    return await _kept(request, process, "processes/phases.html", "processes:desk", form, act)


@open_to("officials", "administrators")
async def room(request: Request) -> Response:
    """Show the room for influence of a draft."""
    process = await worked(request)
    scope = await queries.scope_in_force(process.id)
    return await _show(request, process, "processes/room.html", blank_scope(scope))


@open_to("officials", "administrators")
async def save_room(request: Request) -> Response:
    """Write the room for influence of a draft."""
    process = await worked(request)
    may_prepare(viewer_of(request), process.public_id, process.state).demand()
    form = await forms.read(request, only=SCOPE_FIELDS)

    async def act() -> object:
        draft, reason = parse_scope(form)
        return await actions.publish_scope(viewer_of(request), process, draft, reason)

    return await _kept(request, process, "processes/room.html", "processes:desk", form, act)


@open_to("officials", "administrators")
async def stakeholder_map(request: Request) -> Response:
    """Show the stakeholder map of a draft."""
    process = await worked(request)
    entries = await queries.stakeholders_of(process.id)
    return await _show(request, process, "processes/map.html", blank_stakeholders(entries))


@open_to("officials", "administrators")
async def save_map(request: Request) -> Response:
    """Write the stakeholder map of a draft."""
    process = await worked(request)
    form = await forms.read(request, only=STAKEHOLDER_FIELDS)

    async def act() -> None:
        await actions.set_stakeholders(viewer_of(request), process, parse_stakeholders(form))

    return await _kept(request, process, "processes/map.html", "processes:desk", form, act)


@open_to("officials", "administrators")
async def dates(request: Request) -> Response:
    """Show the dated events of a process, and the form for one more."""
    process = await worked(request)
    return await _show(request, process, "processes/dates.html", forms.blank())


@open_to("officials", "administrators")
async def add_date(request: Request) -> Response:
    """Add a dated event."""
    process = await worked(request)
    form = await forms.read(request, only=DATE_FIELDS)

    async def act() -> object:
        return await actions.add_date(viewer_of(request), process, parse_date(form))

    return await _kept(request, process, "processes/dates.html", "processes:dates", form, act)


@open_to("officials", "administrators")
async def remove_date(request: Request) -> Response:
    """Take a dated event out of a draft."""
    process = await worked(request)
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.remove_date(viewer_of(request), process, request.path_params["id"])
        return url(request, "processes:dates", slug=process.slug)

    return see_other(await once(form.key, form.digest, act))


async def _kept(
    request: Request,
    process: ProcessPage,
    template: str,
    route: str,
    form: FormData,
    act: Act,
    **more: Any,
) -> Response:
    """Act once and go back to the desk, or show the form again with the words kept."""

    async def acting() -> str:
        await act()
        return url(request, route, slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, acting))
    except Invalid as wrong:
        return await _again(request, process, template, form, wrong, **more)


async def _again(
    request: Request, process: ProcessPage, template: str, form: FormData, wrong: Invalid, **more: Any
) -> Response:
    return await _show(request, process, template, form.with_errors(wrong), status=422, **more)


async def _show(
    request: Request,
    process: ProcessPage,
    template: str,
    form: FormData,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    viewer = viewer_of(request)
    context = {
        **WORDS,
        "process": process,
        "form": form,
        "may_prepare": may_prepare(viewer, process.public_id, process.state),
        "may_add": may_add(viewer, process.public_id, process.state),
        "profiles": tuple(Profile),
        "kinds": tuple(PhaseKind),
        "promises": tuple(Promise),
        "standings": tuple(Standing),
        "lines_shown": lines_shown,
        "categories": tuple(Category),
        "date_kinds": tuple(DateKind),
        "dates": await queries.dates_of(process.id),
        **more,
    }
    return await page(request, template, context, status=status)


routes = [
    Route("/desk/processes/{slug}/texts", texts, name="processes:texts"),
    Route("/desk/processes/{slug}/texts", save_texts, methods=["POST"], name="processes:save_texts"),
    Route("/desk/processes/{slug}/questions", questions, name="processes:questions"),
    Route("/desk/processes/{slug}/questions", add_question, methods=["POST"], name="processes:add_question"),
    Route("/desk/processes/{slug}/questions/{id}", question, name="processes:question"),
    Route(
        "/desk/processes/{slug}/questions/{id}",
        save_question,
        methods=["POST"],
        name="processes:save_question",
    ),
    Route("/desk/processes/{slug}/steps", phases, name="processes:phases"),
    Route("/desk/processes/{slug}/steps", save_phases, methods=["POST"], name="processes:save_phases"),
    Route("/desk/processes/{slug}/scope", room, name="processes:room"),
    Route("/desk/processes/{slug}/scope", save_room, methods=["POST"], name="processes:save_room"),
    Route("/desk/processes/{slug}/stakeholders", stakeholder_map, name="processes:map"),
    Route("/desk/processes/{slug}/stakeholders", save_map, methods=["POST"], name="processes:save_map"),
    Route("/desk/processes/{slug}/dates", dates, name="processes:dates"),
    Route("/desk/processes/{slug}/dates", add_date, methods=["POST"], name="processes:add_date"),
    Route(
        "/desk/processes/{slug}/dates/{id}/removal",
        remove_date,
        methods=["POST"],
        name="processes:remove_date",
    ),
]
