"""Take up a point that was put off, and note what became of one that was passed on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import may_follow, may_reopen
from civic.decisions.promise_forms import parse_news, parse_reopening
from civic.decisions.queries import PutOff
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of

FIELDS = ("happened_on", "acknowledged_on", "follow_up_on", "note_*")


@open_to("officials")
async def show(request: Request) -> Response:
    """Show what happened to a point that was put off or passed on, and what can be noted."""
    return await _page(request, forms.blank())


@open_to("officials")
async def send(request: Request) -> Response:
    """Note that the event happened, or what the other body said."""
    viewer = viewer_of(request)
    claim, _, _ = await queries.desk_claim(viewer, request.path_params["id"])
    found = await _found(claim.public_id)
    form = await forms.read(request, only=FIELDS)

    async def act() -> str:
        if found.is_referred:
            await actions.note_news(viewer, claim.public_id, parse_news(form))
        else:
            happened_on, note = parse_reopening(form)
            await actions.reopen(viewer, claim.public_id, happened_on, note)
        return url(request, "decisions:later", id=claim.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, form.with_errors(wrong), status=422)


async def _found(claim: str) -> PutOff:
    found = await queries.put_off_point(claim)
    if found is None:
        raise NotFound
    return found


async def _page(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    claim, contribution, process = await queries.desk_claim(viewer, request.path_params["id"])
    found = await _found(claim.public_id)
    context = {
        **WORDS,
        "process": process,
        "claim": claim,
        "contribution": contribution,
        "found": found,
        "today": clock.local_day(clock.now()),
        "may": may_follow(viewer, process.public_id, is_referred=True)
        if found.is_referred
        else may_reopen(viewer, process.public_id, is_put_off=True, is_back=found.is_back),
        "form": form,
    }
    return await page(request, "decisions/later.html", context, status=status)


routes = [
    Route("/desk/claims/{id}/later", show, name="decisions:later"),
    Route("/desk/claims/{id}/later", send, methods=["POST"], name="decisions:note_later"),
]
