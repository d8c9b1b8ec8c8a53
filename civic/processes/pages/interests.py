"""Declare one's interests in a process, and read what those who answer have declared."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries as decisions
from civic.foundation import forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import actions, queries
from civic.processes.forms import parse_interests
from civic.processes.policies import may_declare
from civic.processes.queries import ProcessPage


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show who works on the answers of a process, and what interests each declared, or not yet."""
    process = await queries.visible_process(viewer_of(request), request.path_params["slug"])
    first = await decisions.first_drafts(process.id)
    context = {
        "process": process,
        "cards": await queries.interests_of(process.id, process.public_id, first),
        "may_declare": may_declare(viewer_of(request), process.public_id),
    }
    return await page(request, "processes/interests.html", context)


@open_to("officials")
async def declaration(request: Request) -> Response:
    """Show the form of one's own declaration."""
    return await _form(request, await _process(request), forms.blank())


@open_to("officials")
async def declare(request: Request) -> Response:
    """Receive one's own declaration."""
    process = await _process(request)
    form = await forms.read(request, only=("has", "text_*"))

    async def act() -> str:
        await actions.declare_interests(viewer_of(request), process, parse_interests(form))
        return url(request, "processes:interests", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _form(request, process, form.with_errors(wrong), status=422)


async def _process(request: Request) -> ProcessPage:
    viewer = viewer_of(request)
    process = await queries.visible_process(viewer, request.path_params["slug"])
    if not may_declare(viewer, process.public_id):
        raise NotFound
    return process


async def _form(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    declared = await queries.has_declared(process.id, viewer_of(request).participant)
    context = {"process": process, "form": form, "has_declared": declared}
    return await page(request, "processes/declaration.html", context, status=status)


routes = [
    Route("/processes/{slug}/interests", show, name="processes:interests"),
    Route("/desk/processes/{slug}/interests", declaration, name="processes:declaration"),
    Route("/desk/processes/{slug}/interests", declare, methods=["POST"], name="processes:declare"),
]
