"""Where administrators register organisations and check who speaks for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import forms
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.organisations import actions, policies, queries
from civic.organisations.forms import ORGANISATION_FIELDS, RULING_FIELDS, parse_organisation, parse_ruling
from civic.processes.queries import Category, name_of


@open_to("administrators")
async def desk(request: Request) -> Response:
    """Show the requests that wait, and the form that registers an organisation."""
    return await _desk(request, forms.blank())


@open_to("administrators")
async def register(request: Request) -> Response:
    """Register an organisation."""
    form = await forms.read(request, only=ORGANISATION_FIELDS)

    async def act() -> str:
        draft = parse_organisation(form)
        form.demand()
        made = await actions.register_organisation(viewer_of(request), draft)
        return url(request, "organisations:show", id=made.public_id)

    return await _act_on(request, form, act)


@open_to("administrators")
async def rule(request: Request) -> Response:
    """Confirm a delegate, or refuse."""
    asked = await queries.request_card(request.path_params["id"])
    form = await forms.read(request, only=RULING_FIELDS)

    async def act() -> str:
        await actions.rule_on_request(viewer_of(request), asked, parse_ruling(form))
        return url(request, "organisations:administration")

    return await _act_on(request, form, act, asked.public_id)


async def _act_on(
    request: Request, form: FormData, act: Callable[[], Awaitable[str]], ruled: str = ""
) -> Response:
    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _desk(request, form.with_errors(wrong), ruled=ruled, status=422)


async def _desk(request: Request, form: FormData, *, ruled: str = "", status: int = 200) -> Response:
    policies.may_verify(viewer_of(request)).demand()
    context = {
        "form": form,
        "ruled": ruled,
        "requests": await queries.waiting_requests(),
        "categories": {one: name_of(one) for one in Category},
        "me": viewer_of(request).participant,
    }
    return await page(request, "organisations/administration.html", context, status=status)


routes = [
    Route("/administration/organisations", desk, name="organisations:administration"),
    Route("/administration/organisations", register, methods=["POST"], name="organisations:register"),
    Route("/administration/delegates/{id}", rule, methods=["POST"], name="organisations:ruling"),
]
