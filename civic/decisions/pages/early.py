"""What is read before a decision is public: by each contributor of their own points, then under embargo."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.decisions import actions, queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.queries import Door, OutcomeCard, OwnDoor
from civic.foundation import clock, forms
from civic.foundation.errors import NotFound, Refused
from civic.foundation.rendering import page, pieces
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

_MOST_PARTS = 100_000


@open_to("everyone")
async def advance(request: Request) -> Response:
    """Show whoever has the link of an advance notice the answers to their own points; it uses nothing up."""
    request.state.is_private = True
    try:
        door = await queries.own_door(request.path_params["token"])
    except NotFound:
        return await page(request, "decisions/advance_over.html", {"door": None}, status=404)
    cards, hidden = await queries.signed_behind(door.contribution_id, door.version.id)
    return await _own(request, door, cards, hidden)


@open_to("everyone")
async def own_advance(request: Request) -> Response:
    """Show an author, by their account or the code of their receipt, the answers to their own points."""
    request.state.is_private = True
    viewer = viewer_of(request)
    try:
        card = await contributions.contribution_by_number(viewer, request.path_params["number"])
        if not contributions.is_author(viewer, card):
            raise NotFound
        door = await queries.own_door_of(card.id)
    except NotFound:
        return await page(request, "decisions/advance_over.html", {"door": None}, status=404)
    return await _own(request, door, await queries.signed_for(viewer, door.version.id), 0)


async def _own(request: Request, door: OwnDoor, cards: list[OutcomeCard], hidden: int) -> Response:
    """Show the answers while they wait to be public; then lead to them, or say what holds them back."""
    if door.version.released_at is not None:
        if door.has_account and viewer_of(request).is_signed_in:
            return see_other(url(request, "decisions:show", id=door.decision.public_id) + "?mine=1")
        return see_other(url(request, "trace:show", number=door.receipt))
    if not door.version.is_pending or clock.now() >= door.version.release_at:
        return await page(request, "decisions/advance_over.html", {"door": door}, status=404)
    context = {
        **WORDS,
        "process": await processes.process_by_id(door.decision.process.id),
        "door": door,
        "cards": cards,
        "hidden": hidden,
        "nav": "mine",
    }
    return await page(request, "decisions/advance.html", context)


@open_to("everyone")
async def cover(request: Request) -> Response:
    """Say what an embargoed view is, for whom and until when; looking at it opens and logs nothing."""
    request.state.is_private = True
    try:
        door = await queries.door_of(request.path_params["token"])
    except NotFound:
        return await page(request, "decisions/early_over.html", {"door": None}, status=404)
    if (shut := await _shut(request, door)) is not None:
        return shut
    context = {
        "process": await processes.process_by_id(door.decision.process.id),
        "door": door,
        "token": request.path_params["token"],
        "form": forms.blank(),
    }
    return await page(request, "decisions/early.html", context)


@open_to("everyone")
async def open_view(request: Request) -> Response:
    """Log the opening, then show the whole decision as it was signed."""
    request.state.is_private = True
    form = await forms.read(request, only=("part",))
    number = forms.whole(form, "part", min=1, max=_MOST_PARTS, required=False) or 1
    token = request.path_params["token"]
    try:
        door = await actions.open_view(token, number)
    except NotFound:
        return await page(request, "decisions/early_over.html", {"door": None}, status=404)
    except Refused:
        door = await queries.door_of(token)
    if (shut := await _shut(request, door)) is not None:
        return shut
    return await page(request, "decisions/early_text.html", await _text(request, door, number))


async def _shut(request: Request, door: Door) -> Response | None:
    """Lead to the public page once there is one; say why where a view does not open."""
    if door.version.released_at is not None:
        return see_other(url(request, "decisions:show", id=door.decision.public_id))
    if not door.may_open:
        return await page(request, "decisions/early_over.html", {"door": door}, status=404)
    return None


async def _text(request: Request, door: Door, number: int) -> dict[str, Any]:
    version = door.version
    articles = await queries.articles_of(version.id)
    part = await queries.reasons_part(version.id, articles, number, read=queries.signed_cards)
    if part is None:
        raise NotFound
    sections = [{**WORDS, "section": one, "is_linked": False} for one in part.sections]
    return {
        **WORDS,
        "process": await processes.process_by_id(door.decision.process.id),
        "door": door,
        "token": request.path_params["token"],
        "decision": door.decision,
        "version": version,
        "part": part,
        "articles": articles,
        "tally": await queries.tally(version.id),
        "by_issue": await queries.tally_of_issues(version.id),
        "situation_effects": queries.effects_considered(version.counts),
        "written": await pieces(
            request, "decisions/_reasons.html", sections, language=request.state.language
        ),
        "form": forms.blank(),
    }


routes = [
    Route("/advance/{token}", advance, name="decisions:advance"),
    Route("/contributions/{number}/advance", own_advance, name="decisions:own_advance"),
    Route("/embargo/{token}", cover, name="decisions:early"),
    Route("/embargo/{token}", open_view, methods=["POST"], name="decisions:open_early"),
]
