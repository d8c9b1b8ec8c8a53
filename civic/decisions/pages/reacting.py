"""A draft open for reactions: read by everybody; reacted to by mailed link, by account or by receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.contributions.queries import ContributionCard
from civic.decisions import actions, queries
from civic.decisions.pages.reading import MANY, asked_filter
from civic.decisions.pages.showing import WORDS
from civic.decisions.queries import EditionCard, ProposedCard
from civic.decisions.window_forms import parse_reactions
from civic.foundation import clock, forms
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

FIELDS = ("stance_*", "words_*")
FEW = 5
"""Fewer reactions are counted, and not told apart: one point would be one person."""


@dataclass(frozen=True)
class Asked:
    """What somebody may react to, and how they came: where the form goes, and whether a link opened it."""

    contribution: ContributionCard
    edition: EditionCard
    cards: list[ProposedCard]
    address: str
    has_link: bool


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show what an edition of a draft proposes, article by article and point by point."""
    viewer, number = viewer_of(request), request.path_params["number"]
    decision, edition = await queries.visible_edition(viewer, request.path_params["id"], number)
    asked = forms.query(request)
    only, after = asked_filter(asked), asked.value("after")[:MANY] or None
    show_mine = asked.value("mine") == "1"
    has_points = viewer.is_signed_in or bool(viewer.passes)
    mine = await queries.proposed_to_author(edition.id, viewer) if has_points else []
    if show_mine:
        cards, following = mine, None
    else:
        cards, following = await queries.proposed(edition.id, only, after=after)
    editions = await queries.editions_of([decision.id])
    in_force = decision.in_force
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "edition": edition,
        "editions": editions,
        "is_open": edition.is_open(clock.now()),
        "articles": await queries.articles_of_draft(edition.id),
        "tally": await queries.tally_of_draft(edition.id),
        "few": FEW,
        "said": (await queries.tallies_of_reactions([edition.id])).get(edition.id, {}),
        "changed": await queries.changed_since(edition.id, in_force.id) if in_force else None,
        "cards": cards,
        "following": following,
        "found": len(mine) if show_mine else await queries.count_proposed(edition.id, only),
        "only": only,
        "after": after,
        "mine": mine,
        "own": {one.public_id for one in mine},
        "reactions": await queries.reactions_to([one.id for one in mine]),
        "show_mine": show_mine,
        "nav": "decisions",
    }
    return await page(request, "decisions/draft.html", context, block="outcomes")


@open_to("everyone")
async def show_link(request: Request) -> Response:
    """Show who has the mailed link what is proposed for their points; looking uses nothing up."""
    try:
        return await _page(request, await _by_link(request), None)
    except NotFound:
        return await _over(request, 404)


@open_to("everyone")
async def react_by_link(request: Request) -> Response:
    """Take in what who has the link says, until the window closes."""
    try:
        asked = await _by_link(request)
    except NotFound:
        return await _over(request, 404)
    return await _receive(request, asked)


@open_to("everyone")
async def show_own(request: Request) -> Response:
    """Show an author, by their account or the code of their receipt, what is proposed for their points."""
    try:
        return await _page(request, await _own(request), None)
    except NotFound:
        return await _over(request, 404)


@open_to("everyone")
async def react_own(request: Request) -> Response:
    """Take in what an author who is known here says."""
    return await _receive(request, await _own(request))


async def _by_link(request: Request) -> Asked:
    """Find what a link opens: one text, as the newest edition proposes it, until its own window closes."""
    token = request.path_params["token"]
    contribution_id, sent_for = await queries.invited_by_link(token)
    if not sent_for.is_open(clock.now()):
        raise NotFound
    contribution = await contributions.contribution_by_id(contribution_id)
    address = url(request, "decisions:react_by_link", token=token)
    return await _asked(contribution, address, has_link=True)


async def _own(request: Request) -> Asked:
    viewer = viewer_of(request)
    card = await contributions.contribution_by_number(viewer, request.path_params["number"])
    if not contributions.is_author(viewer, card):
        raise NotFound
    return await _asked(card, url(request, "decisions:react_own", number=card.number), has_link=False)


async def _asked(contribution: ContributionCard, address: str, *, has_link: bool) -> Asked:
    edition = await queries.draft_of_contribution(contribution.id)
    cards = await queries.proposed_for(edition.id, contribution.id) if edition else []
    if edition is None or not contribution.is_public or not cards:
        raise NotFound
    return Asked(contribution, edition, cards, address, has_link)


async def _receive(request: Request, asked: Asked) -> Response:
    form = await forms.read(request, only=FIELDS)

    async def act() -> str:
        said = parse_reactions(form, [one.public_id for one in asked.cards])
        await actions.react(asked.contribution, asked.edition, said, is_author=True)
        return asked.address + "?sent=1"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, asked, form.with_errors(wrong), status=422)
    except (Refused, Conflict) as refusal:
        form.errors.note(forms.WHOLE, refusal.message)
        return await _page(request, asked, form, status=422)


async def _page(request: Request, asked: Asked, form: FormData | None, *, status: int = 200) -> Response:
    reactions = await queries.reactions_to([one.id for one in asked.cards])
    if form is None:
        form = forms.blank(
            **{
                f"{name}_{card.public_id}": value
                for card in asked.cards
                if card.id in reactions
                for name, value in (
                    ("stance", reactions[card.id].stance),
                    ("words", reactions[card.id].text),
                )
            }
        )
    context = {
        **WORDS,
        "process": await processes.process_by_public_id(asked.contribution.process or ""),
        "asked": asked,
        "edition": asked.edition,
        "reactions": reactions,
        "is_open": asked.edition.is_open(clock.now()),
        "is_sent": request.query_params.get("sent") == "1",
        "form": form,
        "nav": "mine",
    }
    return await page(request, "decisions/react.html", context, status=status)


async def _over(request: Request, status: int) -> Response:
    """Say that nothing is asked here any more; words that were typed meanwhile are given back."""
    typed: list[str] = []
    if request.method == "POST":
        form = await forms.read(request, only=FIELDS)
        typed = [form.value(name) for name in form.values if name.startswith("words_") and form.value(name)]
    return await page(request, "decisions/react_over.html", {"typed": typed, "nav": "mine"}, status=status)


routes = [
    Route("/decisions/{id}/drafts/{number:int}", show, name="decisions:draft"),
    Route("/drafts/{token}", show_link, name="decisions:react_link"),
    Route("/drafts/{token}", react_by_link, methods=["POST"], name="decisions:react_by_link"),
    Route("/contributions/{number}/draft", show_own, name="decisions:own_draft"),
    Route("/contributions/{number}/draft", react_own, methods=["POST"], name="decisions:react_own"),
]
