"""Correct a comment, say what it does, withdraw it, mark what enlightens."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.policies import may_withdraw
from civic.contributions.queries import ContributionCard
from civic.debates import actions, queries
from civic.debates.forms import (
    EDIT_FIELDS,
    INSIGHT_FIELDS,
    RELATION_FIELDS,
    WITHDRAWAL_FIELDS,
    parse_edit,
    parse_relation,
    parse_withdrawal,
)
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes


@open_to("everyone")
async def edit(request: Request) -> Response:
    """Show the words of one's own comment, to correct them."""
    card = await _own(request)
    (await register.may_revise(viewer_of(request), card)).demand()
    return await _page(request, "debates/edit.html", card, forms.blank(body=card.body, version=card.version))


@open_to("everyone")
async def revise(request: Request) -> Response:
    """Receive a new version."""
    card = await _own(request)
    form = await forms.read(request, only=EDIT_FIELDS)

    async def act() -> str:
        await actions.edit_comment(viewer_of(request), card.public_id, parse_edit(form))
        return _place(request, card)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, "debates/edit.html", card, form.with_errors(wrong), status=422)


@open_to("everyone")
async def relate(request: Request) -> Response:
    """Say what one's own comment does."""
    card = await _own(request)
    form = await forms.read(request, only=RELATION_FIELDS)
    await actions.relate_comment(viewer_of(request), card.public_id, parse_relation(form))
    return see_other(_place(request, card))


@open_to("everyone")
async def withdrawal(request: Request) -> Response:
    """Ask why one's own comment is withdrawn."""
    card = await _own(request)
    may_withdraw(viewer_of(request), mine=True, visibility=card.visibility).demand()
    return await _page(request, "debates/withdrawal.html", card, forms.blank())


@open_to("everyone")
async def withdraw(request: Request) -> Response:
    """Withdraw one's own comment, with the reason."""
    card = await _own(request)
    form = await forms.read(request, only=WITHDRAWAL_FIELDS)

    async def act() -> str:
        await actions.withdraw_comment(viewer_of(request), card.public_id, parse_withdrawal(form))
        return url(request, "contributions:receipt", number=card.number)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _page(request, "debates/withdrawal.html", card, form.with_errors(wrong), status=422)


@open_to("participants")
async def insight(request: Request) -> Response:
    """Mark a comment as insightful, or take the mark back."""
    viewer = viewer_of(request)
    place = await queries.visible_place(viewer, request.path_params["id"])
    form = await forms.read(request, only=INSIGHT_FIELDS)
    change = actions.mark_insight if forms.ticked(form, "marked") else actions.unmark_insight
    await change(viewer, place)
    return see_other(f"{url(request, 'debates:comment', id=place.public_id)}#c-{place.public_id}")


async def _own(request: Request) -> ContributionCard:
    """Give one's own comment; another person's has no such page."""
    viewer = viewer_of(request)
    card = await said.visible_contribution(viewer, request.path_params["id"])
    if card.kind is not said.Kind.COMMENT or not said.is_author(viewer, card):
        raise NotFound
    return card


def _place(request: Request, card: ContributionCard) -> str:
    if card.is_public:
        return f"{url(request, 'debates:comment', id=card.public_id)}#c-{card.public_id}"
    return url(request, "contributions:receipt", number=card.number)


async def _page(
    request: Request, name: str, card: ContributionCard, form: FormData, status: int = 200
) -> Response:
    if card.process_id is None:
        raise NotFound
    process = await processes.process_by_id(card.process_id)
    issue = next((one for one in process.issues if one.id == card.issue_id), None)
    context = {
        "nav": "processes",
        "process": process,
        "issue": issue,
        "card": card,
        "form": form,
        "back": _place(request, card),
        "now": clock.now(),
    }
    return await page(request, name, context, status=status)


routes = [
    Route("/comments/{id}/edit", edit, name="debates:edit"),
    Route("/comments/{id}/edit", revise, methods=["POST"], name="debates:revision"),
    Route("/comments/{id}/relation", relate, methods=["POST"], name="debates:relation"),
    Route("/comments/{id}/withdrawal", withdrawal, name="debates:withdrawal"),
    Route("/comments/{id}/withdrawal", withdraw, methods=["POST"], name="debates:withdraw"),
    Route("/comments/{id}/insight", insight, methods=["POST"], name="debates:insight"),
]
