"""On the desk: open a situation statement with a reason, and log the call before a refusal."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions.forms import CONTACT_FIELDS, OPENING_FIELDS, parse_contact, parse_opening
from civic.contributions.queries import Situation
from civic.decisions import queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.queries import ClaimDesk
from civic.foundation import forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of


@open_to("officials")
async def read(request: Request) -> Response:
    """Show a statement to somebody its author chose: by this form and a reason, never by an address."""
    desk, situation = await _told(request)
    form = await forms.read(request, only=OPENING_FIELDS)
    try:
        reason = parse_opening(form)
    except Invalid as wrong:
        return await _page(request, desk, situation, form.with_errors(wrong), status=422)
    words = await register.open_situation(viewer_of(request), desk.contribution, situation, reason)
    return await _page(request, desk, situation, form, words=words)


@open_to("officials")
async def call(request: Request) -> Response:
    """Log that the author was called, or why nobody could call them."""
    desk, situation = await _told(request)
    form = await forms.read(request, only=CONTACT_FIELDS)

    async def act() -> str:
        draft = parse_contact(form)
        await register.log_contact(viewer_of(request), desk.contribution, situation, draft)
        return url(request, "decisions:claim", id=desk.claim.public_id) + "#situation"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, desk, situation, form.with_errors(wrong), status=422)


async def _told(request: Request) -> tuple[ClaimDesk, Situation]:
    """Give a point on the desk whose author told their situation."""
    desk = await queries.claim_desk(viewer_of(request), request.path_params["id"])
    if desk.situation is None or desk.situation.is_erased or desk.claim.reads_as_withdrawn:
        raise NotFound
    return desk, desk.situation


async def _page(
    request: Request,
    desk: ClaimDesk,
    situation: Situation,
    form: FormData,
    *,
    words: object = None,
    status: int = 200,
) -> Response:
    context = {
        **WORDS,
        "process": desk.process,
        "desk": desk,
        "situation": situation,
        "form": form,
        "told": words,
    }
    return await page(request, "decisions/situation.html", context, status=status)


routes = [
    Route("/desk/claims/{id}/situation", read, methods=["POST"], name="decisions:situation"),
    Route("/desk/claims/{id}/calls", call, methods=["POST"], name="decisions:call"),
]
