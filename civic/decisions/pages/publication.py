"""Sign and publish a decision, stop it in time; read appeals; close a process or change its scope."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.accounts import queries as accounts
from civic.decisions import actions, queries
from civic.decisions.forms import parse_publication, parse_ruling
from civic.decisions.pages.showing import WORDS
from civic.decisions.pages.workspace import gate_hrefs
from civic.decisions.policies import may_publish, may_rule, may_stop
from civic.decisions.queries import DecisionCard, holding_back
from civic.foundation import clock, forms
from civic.foundation.aside import aside
from civic.foundation.errors import Invalid, Refused
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

PUBLISH_FIELDS = ("role", "when", "at", "with_banner", "correction_*")
RULING_FIELDS = ("finding", "reason_*", "jumped_because")


@open_to("officials")
async def show(request: Request) -> Response:
    """Show what would be published, with its numbers, and what holds it back."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    person = await accounts.person(viewer_of(request).participant or 0)
    form = forms.blank(role=person.title, when="now")
    return await _page(request, decision, form)


@open_to("officials")
async def publish(request: Request) -> Response:
    """Sign the decision; it leaves when the hold is over, or at the chosen time."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=PUBLISH_FIELDS)

    async def act() -> str:
        draft = parse_publication(form, is_correction=decision.in_force is not None)
        version = await actions.publish(viewer, decision, draft)
        if version.released_at is not None:
            return url(request, "decisions:show", id=decision.public_id)
        return url(request, "decisions:publication", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, decision, form.with_errors(wrong), status=422)
    except Refused as refusal:
        _, delegate = await queries.delegated_to(viewer, decision)
        if not viewer.holds("decision_maker", decision.process.public_id) and not delegate:
            raise
        items = await queries.gate_of(decision)
        could = may_publish(viewer, decision.process.public_id, items, with_banner=True, delegate=delegate)
        form.errors.note("with_banner" if could else forms.WHOLE, refusal.message)
        return await _page(request, decision, form, status=422)


@open_to("officials")
async def stop(request: Request) -> Response:
    """Stop a signed version before it becomes public."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("reason",))

    async def act() -> str:
        reason = forms.text(form, "reason", max=300, required=False)
        await actions.stop_publication(viewer, decision, reason)
        return url(request, "decisions:publication", id=decision.public_id)

    return see_other(await once(form.key, form.digest, act))


async def _page(request: Request, decision: DecisionCard, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    desk = await queries.desk_of(decision)
    items = await queries.gate_of(decision, desk)
    stated = await aside(partial(desk.stated, with_late=decision.in_force is not None))
    process = decision.process.public_id
    absent = await accounts.stands_in_for(viewer.participant or 0, "decision_maker", process)
    delegation, delegate = await queries.delegated_to(viewer, decision)
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "pending": decision.pending,
        "form": form,
        "gate": items,
        "gate_hrefs": gate_hrefs(request, decision),
        "counts": await aside(partial(queries.outcome_counts, desk, stated)),
        "numbers": await queries.numbers_of(decision.id),
        "stated": len(stated),
        "unanswered": len(desk.unanswered),
        "articles": [one for one in await queries.articles_now(decision.id) if not one.is_repealed],
        "absent": absent,
        "delegation": delegation,
        "hold": settings.current().hold_seconds,
        "now": clock.now(),
        "may_publish": may_publish(viewer, process, items, with_banner=False, delegate=delegate),
        "may_publish_so": may_publish(viewer, process, items, with_banner=True, delegate=delegate),
        "held_back": len(holding_back(items, with_banner=False)),
        "may_stop": may_stop(viewer, process),
        "told": [one for one in await queries.early_of(decision) if one.advance.stopped_at is None],
    }
    return await page(request, "decisions/publication.html", context, status=status)


@open_to("staff")
async def appeal(request: Request) -> Response:
    """Show an appeal to somebody who had no part in the answer."""
    return await _appeal(request, forms.blank())


@open_to("staff")
async def rule(request: Request) -> Response:
    """Receive what the reader of an appeal found."""
    form = await forms.read(request, only=RULING_FIELDS)
    key = request.path_params["id"]

    async def act() -> str:
        await actions.rule_on_appeal(viewer_of(request), key, parse_ruling(form))
        return url(request, "decisions:appeal_desk", id=key)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _appeal(request, form.with_errors(wrong), status=422)


async def _appeal(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    place = await queries.visible_appeal(viewer, request.path_params["id"])
    history = await queries.history_of_claim(place.claim_id, with_situations=True)
    card = next(one for one in history if one.id == place.appeal.outcome_id)
    context = {
        **WORDS,
        "process": await processes.process_by_id(place.process_id),
        "place": place,
        "card": card,
        "drafts": await queries.answers_of_claim(place.claim_id),
        "form": form,
        "may_rule": may_rule(viewer, place.process, chain=place.chain, is_ruled=not place.appeal.is_open),
    }
    return await page(request, "decisions/appeal_desk.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/publication", show, name="decisions:publication"),
    Route("/desk/decisions/{id}/publication", publish, methods=["POST"], name="decisions:publish"),
    Route("/desk/decisions/{id}/publication/stop", stop, methods=["POST"], name="decisions:stop"),
    Route("/desk/appeals/{id}", appeal, name="decisions:appeal_desk"),
    Route("/desk/appeals/{id}", rule, methods=["POST"], name="decisions:rule"),
]
