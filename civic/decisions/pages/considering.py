"""The desk of a draft: open it for reactions, read what authors say, answer shortly or mark as considered."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.deadlines import WINDOW_DAYS, first_closing, last_closing, last_day
from civic.decisions.pages.reading import MANY
from civic.decisions.pages.showing import WORDS
from civic.decisions.pages.workspace import gate_hrefs
from civic.decisions.policies import may_consider, may_draft, may_open_draft
from civic.decisions.queries import DecisionCard, ReactionFilter
from civic.decisions.window_forms import parse_reading, parse_window
from civic.foundation import clock, forms
from civic.foundation.errors import Conflict, Invalid, Refused
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes


@open_to("officials")
async def window(request: Request) -> Response:
    """Show what would be opened for reactions, what holds it back, and the editions so far."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    first = await _first(decision)
    return await _window(request, decision, forms.blank(closes_on=first.isoformat()))


@open_to("officials")
async def open_draft(request: Request) -> Response:
    """Open the draft for reactions until the end of a day."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("closes_on",))

    async def act() -> str:
        edition = await actions.open_draft(viewer, decision, parse_window(form))
        return url(request, "decisions:draft", id=decision.public_id, number=edition.number)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _window(request, decision, form.with_errors(wrong), status=422)
    except Refused as refusal:
        if not may_draft(viewer, decision.process.public_id):
            raise
        form.errors.note(forms.WHOLE, refusal.message)
        return await _window(request, decision, form, status=422)


async def _first(decision: DecisionCard) -> date:
    """Name the first day a window opened now may close: the fourteenth, or when one that is open closes."""
    editions = await queries.editions_of([decision.id])
    first = first_closing(clock.now() + clock.hold())
    return max([first, *(last_day(one.closes_at) for one in editions)])


async def _window(request: Request, decision: DecisionCard, form: FormData, *, status: int = 200) -> Response:
    viewer, now = viewer_of(request), clock.now()
    desk = await queries.desk_of(decision)
    items = await queries.opening_of(decision, desk)
    editions = await queries.editions_of([decision.id])
    opened = now + clock.hold()
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "form": form,
        "gate": items,
        "gate_hrefs": gate_hrefs(request, decision),
        "editions": editions,
        "said": await queries.tallies_of_reactions([one.id for one in editions]),
        "unread": (await queries.window_facts(decision.id)).unread,
        "points": sum(not one.is_situation for one in desk.owed),
        "first": await _first(decision),
        "last": last_closing(opened),
        "days": WINDOW_DAYS,
        "now": now,
        "may_open": may_open_draft(
            viewer, decision.process.public_id, items, is_published=decision.in_force is not None
        ),
    }
    return await page(request, "decisions/window.html", context, status=status)


@open_to("officials")
async def reactions(request: Request) -> Response:
    """List what authors say of what is proposed, oldest first; by default what nobody considered yet."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    return await _reactions(request, decision, forms.blank())


@open_to("officials")
async def consider(request: Request) -> Response:
    """Mark reactions as considered, with one short answer to each or with none."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("which", "answer", "back"))

    async def act() -> str:
        waiting = {one.public_id: one for one in await queries.unread_reactions(decision.id)}
        draft = parse_reading(form)
        await actions.consider(viewer, decision, draft)
        if form.value("back") == "point":
            return url(request, "decisions:claim", id=waiting[draft.reactions[0]].claim) + "#reactions"
        return url(request, "decisions:reactions", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _reactions(request, decision, form.with_errors(wrong), status=422)
    except Conflict as changed:
        form.errors.note(forms.WHOLE, changed.message)
        return await _reactions(request, decision, form, status=409)


async def _reactions(
    request: Request, decision: DecisionCard, form: FormData, *, status: int = 200
) -> Response:
    asked = forms.query(request)
    only = ReactionFilter(stance=asked.value("stance")[:MANY], all=asked.value("all") == "1")
    after = asked.value("after")[:MANY] or None
    rows, following = await queries.reactions_on(decision.id, only, after=after)
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "form": form,
        "rows": rows,
        "following": following,
        "after": after,
        "only": only,
        "unread": (await queries.window_facts(decision.id)).unread,
        "editions": await queries.editions_of([decision.id]),
        "may_consider": may_consider(viewer_of(request), decision.process.public_id),
    }
    return await page(request, "decisions/reactions.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/draft", window, name="decisions:window"),
    Route("/desk/decisions/{id}/draft", open_draft, methods=["POST"], name="decisions:open_draft"),
    Route("/desk/decisions/{id}/reactions", reactions, name="decisions:reactions"),
    Route("/desk/decisions/{id}/reactions", consider, methods=["POST"], name="decisions:consider"),
]
