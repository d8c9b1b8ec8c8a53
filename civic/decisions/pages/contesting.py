"""Reply to an answer and contest how a point was treated, by account or by the receipt's secret code."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.forms import parse_appeal, parse_reply
from civic.decisions.pages.reading import rights
from civic.decisions.pages.showing import WORDS
from civic.decisions.queries import OutcomeCard
from civic.foundation import forms
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes


@open_to("everyone")
async def reply(request: Request) -> Response:
    """Show the form of the one reply to an answer."""
    card = await queries.visible_outcome(viewer_of(request), request.path_params["id"])
    rights(viewer_of(request), card)["reply"].demand()
    return await _page(request, "decisions/reply.html", card, forms.blank())


@open_to("everyone")
async def send_reply(request: Request) -> Response:
    """Receive the one reply to an answer."""
    card = await queries.visible_outcome(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=("text",))

    async def act() -> str:
        await actions.reply(viewer_of(request), card.public_id, parse_reply(form))
        return url(request, "decisions:outcome", id=card.public_id) + "#reply"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, "decisions/reply.html", card, form.with_errors(wrong), status=422)


@open_to("everyone")
async def appeal(request: Request) -> Response:
    """Show the form of a procedural appeal."""
    card = await queries.visible_outcome(viewer_of(request), request.path_params["id"])
    rights(viewer_of(request), card)["appeal"].demand()
    return await _page(request, "decisions/appeal.html", card, forms.blank())


@open_to("everyone")
async def file_appeal(request: Request) -> Response:
    """Receive a procedural appeal."""
    card = await queries.visible_outcome(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=("ground", "text"))

    async def act() -> str:
        await actions.file_appeal(viewer_of(request), card.public_id, parse_appeal(form))
        return url(request, "decisions:outcome", id=card.public_id) + "#appeal"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, "decisions/appeal.html", card, form.with_errors(wrong), status=422)


async def _page(
    request: Request, name: str, card: OutcomeCard, form: FormData, *, status: int = 200
) -> Response:
    context = {
        **WORDS,
        "process": await processes.process_by_id(card.stated.process_id),
        "card": card,
        "form": form,
        "nav": "mine",
    }
    return await page(request, name, context, status=status)


routes = [
    Route("/outcomes/{id}/reply", reply, name="decisions:reply"),
    Route("/outcomes/{id}/reply", send_reply, methods=["POST"], name="decisions:replying"),
    Route("/outcomes/{id}/appeal", appeal, name="decisions:appeal"),
    Route("/outcomes/{id}/appeal", file_appeal, methods=["POST"], name="decisions:appealing"),
]
