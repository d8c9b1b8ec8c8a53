"""Correct, withdraw and endorse a proposal."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.policies import may_withdraw
from civic.contributions.queries import ContributionCard
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.proposals import actions, queries
from civic.proposals.forms import (
    EDIT_FIELDS,
    ENDORSEMENT_FIELDS,
    WITHDRAWAL_FIELDS,
    parse_edit,
    parse_withdrawal,
)
from civic.proposals.queries import ProposalCard


@open_to("everyone")
async def edit(request: Request) -> Response:
    """Show the words of one's own proposal, to correct them."""
    proposal, card = await _own(request)
    (await register.may_revise(viewer_of(request), card)).demand()
    return await _edit_page(
        request, proposal, forms.blank(title=card.title, body=card.body, version=card.version)
    )


@open_to("everyone")
async def revise(request: Request) -> Response:
    """Receive a new version."""
    proposal, card = await _own(request)
    form = await forms.read(request, only=EDIT_FIELDS)

    async def act() -> str:
        await actions.revise_proposal(viewer_of(request), proposal, parse_edit(form))
        return url(request, "proposals:versions" if card.is_public else "proposals:show", id=card.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _edit_page(request, proposal, form.with_errors(wrong), status=422)


@open_to("everyone")
async def withdrawal(request: Request) -> Response:
    """Ask why one's own proposal is withdrawn."""
    proposal, card = await _own(request)
    may_withdraw(viewer_of(request), mine=True, visibility=card.visibility).demand()
    return await _withdrawal_page(request, proposal, forms.blank())


@open_to("everyone")
async def withdraw(request: Request) -> Response:
    """Withdraw one's own proposal, with the reason."""
    proposal, card = await _own(request)
    form = await forms.read(request, only=WITHDRAWAL_FIELDS)

    async def act() -> str:
        await actions.withdraw_proposal(viewer_of(request), proposal, parse_withdrawal(form))
        return url(request, "contributions:receipt", number=card.number)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _withdrawal_page(request, proposal, form.with_errors(wrong), status=422)


@open_to("participants")
async def endorse(request: Request) -> Response:
    """Stand behind a proposal, or take that back."""
    viewer = viewer_of(request)
    proposal = await queries.visible_proposal(viewer, request.path_params["id"])
    form = await forms.read(request, only=ENDORSEMENT_FIELDS)
    change = actions.endorse if forms.ticked(form, "endorsed") else actions.unendorse
    await change(viewer, proposal)
    return see_other(url(request, "proposals:show", id=proposal.public_id) + "#actions")


async def _own(request: Request) -> tuple[ProposalCard, ContributionCard]:
    """Give one's own proposal; another person's has no such page."""
    viewer = viewer_of(request)
    proposal = await queries.visible_proposal(viewer, request.path_params["id"])
    if not proposal.mine:
        raise NotFound
    return proposal, await said.visible_contribution(viewer, proposal.public_id)


async def _edit_page(request: Request, proposal: ProposalCard, form: FormData, status: int = 200) -> Response:
    process = await processes.process_by_id(proposal.process_id)
    issue = next((one for one in process.issues if one.id == proposal.issue_id), None)
    context = {"process": process, "proposal": proposal, "issue": issue, "form": form, "now": clock.now()}
    return await page(request, "proposals/edit.html", context, status=status)


async def _withdrawal_page(
    request: Request, proposal: ProposalCard, form: FormData, status: int = 200
) -> Response:
    process = await processes.process_by_id(proposal.process_id)
    context = {"process": process, "proposal": proposal, "form": form}
    return await page(request, "proposals/withdrawal.html", context, status=status)


routes = [
    Route("/proposals/{id}/edit", edit, name="proposals:edit"),
    Route("/proposals/{id}/edit", revise, methods=["POST"], name="proposals:revision"),
    Route("/proposals/{id}/withdrawal", withdrawal, name="proposals:withdrawal"),
    Route("/proposals/{id}/withdrawal", withdraw, methods=["POST"], name="proposals:withdraw"),
    Route("/proposals/{id}/endorsement", endorse, methods=["POST"], name="proposals:endorsement"),
]
