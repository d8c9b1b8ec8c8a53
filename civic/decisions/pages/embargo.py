"""On the desk: who hears of a signed decision before it is public, and the log of who read it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.decisions import actions, queries
from civic.decisions.deadlines import EMBARGO_DAYS
from civic.decisions.embargo_forms import (
    ADVANCE_FIELDS,
    END_FIELDS,
    NOW,
    VIEW_FIELDS,
    parse_advance,
    parse_end,
    parse_view,
)
from civic.decisions.policies import may_read_early, may_stop, may_tell_early
from civic.decisions.queries import DecisionCard
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.notices import queries as notices
from civic.processes import queries as processes


@open_to("officials")
async def show(request: Request) -> Response:
    """Show who hears first, who outside may read early, and every opening."""
    return await _page(request, await _decision(request), _blank(request))


@open_to("officials")
async def set_advance(request: Request) -> Response:
    """Set when the people concerned are told."""
    decision = await _decision(request)
    form = await forms.read(request, only=ADVANCE_FIELDS)

    async def act() -> str:
        await actions.set_advance(viewer_of(request), decision, parse_advance(form))
        return _here(request, decision)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, decision, form.with_errors(wrong), status=422)


@open_to("officials")
async def stop_advance(request: Request) -> Response:
    """Take back when the people concerned are told, before anybody was."""
    decision = await _decision(request)
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.stop_advance(viewer_of(request), decision)
        return _here(request, decision)

    return see_other(await once(form.key, form.digest, act))


@open_to("officials")
async def give_view(request: Request) -> Response:
    """Give a named person outside a link of their own."""
    decision = await _decision(request)
    form = await forms.read(request, only=VIEW_FIELDS)

    async def act() -> str:
        await actions.give_view(viewer_of(request), decision, parse_view(form))
        return _here(request, decision) + "#log"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, decision, form.with_errors(wrong), status=422)


@open_to("officials")
async def end_view(request: Request) -> Response:
    """Take a link back."""
    decision = await _decision(request)
    form = await forms.read(request, only=END_FIELDS)

    async def act() -> str:
        view = request.path_params["view"]
        await actions.end_view(viewer_of(request), decision, view, parse_end(form))
        return _here(request, decision) + "#log"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, decision, form.with_errors(wrong), status=422)


async def _decision(request: Request) -> DecisionCard:
    return await queries.desk_decision(viewer_of(request), request.path_params["id"])


def _here(request: Request, decision: DecisionCard) -> str:
    return url(request, "decisions:embargo", id=decision.public_id)


def _blank(request: Request) -> FormData:
    return forms.blank(first=NOW, language=request.state.language)


async def _page(request: Request, decision: DecisionCard, form: FormData, *, status: int = 200) -> Response:
    viewer, process = viewer_of(request), decision.process.public_id
    _, delegate = await queries.delegated_to(viewer, decision)
    told = await queries.early_of(decision)
    pending = decision.pending
    current = next((one for one in told if pending and one.version.id == pending.id), None)
    advance = current.advance if current and current.advance.stopped_at is None else None
    context: dict[str, Any] = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "pending": pending,
        "advance": advance,
        "told": [one for one in told if one.advance.stopped_at is None],
        "delivery": await notices.delivery_of(f"advance/{advance.public_id}") if advance else {},
        "form": form,
        "hold": settings.current().hold_seconds,
        "days": EMBARGO_DAYS,
        "now": clock.now(),
        "may_tell": may_tell_early(viewer, process, delegate=delegate),
        "may_read": may_read_early(told_at=advance.given_at if advance else None, now=clock.now()),
        "may_stop": may_stop(viewer, process),
    }
    return await page(request, "decisions/embargo.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/embargo", show, name="decisions:embargo"),
    Route("/desk/decisions/{id}/embargo/notice", set_advance, methods=["POST"], name="decisions:set_advance"),
    Route(
        "/desk/decisions/{id}/embargo/notice/stop",
        stop_advance,
        methods=["POST"],
        name="decisions:stop_advance",
    ),
    Route("/desk/decisions/{id}/embargo/views", give_view, methods=["POST"], name="decisions:give_view"),
    Route(
        "/desk/decisions/{id}/embargo/views/{view}/end",
        end_view,
        methods=["POST"],
        name="decisions:end_view",
    ),
]
