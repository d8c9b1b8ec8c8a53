"""One proposal with its debate, and its versions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.debates import queries as debates
from civic.decisions import queries as decisions
from civic.foundation import clock, forms
from civic.foundation.errors import NotFound
from civic.foundation.rendering import page
from civic.foundation.web import open_to, viewer_of
from civic.moderation import queries as moderation
from civic.notices import queries as notices
from civic.organisations import queries as organisations
from civic.processes import queries as processes
from civic.proposals import policies, queries
from civic.proposals.queries import ProposalCard


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show a proposal and its debate."""
    viewer = viewer_of(request)
    proposal = await queries.visible_proposal(viewer, request.path_params["id"])
    process = await processes.process_by_id(proposal.process_id)
    thread = await debates.thread_by_id(proposal.thread_id)
    wish = debates.asked(forms.query(request))
    debate = await debates.debate_on(
        viewer, process, proposal.issue_id, thread, wish, is_shown=proposal.is_public
    )
    hidden = [*debate.window.hidden, *([] if proposal.is_public else [proposal.contribution_id])]
    now = clock.now()
    context = {
        "nav": "processes",
        "process": process,
        "proposal": proposal,
        "issue": debate.issue,
        "debate": debate,
        "tombs": await moderation.statement_of(hidden),
        "withdrawal": None if proposal.is_public else await said.withdrawal_of(proposal.contribution_id),
        "endorsed": await queries.has_endorsed(viewer, proposal.id),
        "may_endorse": policies.may_endorse(
            viewer, process.phases, now, mine=proposal.mine, is_public=proposal.is_public
        ),
        "outcomes": await _outcomes(proposal),
        "mandate": await organisations.mandate_of(proposal.contribution_id),
        "near": await _near(request, proposal, process),
        "now": now,
        "followed": await notices.follow_on(viewer, f"proposal/{proposal.public_id}"),
    }
    return await page(request, "proposals/show.html", context, block="debate")


async def _outcomes(proposal: ProposalCard) -> list[decisions.OutcomeCard]:
    """Give the published answers to its points, in their order."""
    claims = await said.claims_of(proposal.contribution_id) if proposal.is_public else []
    found = await decisions.outcomes_of_claims([claim.id for claim in claims])
    return [found[claim.id] for claim in claims if claim.id in found]


async def _near(
    request: Request, proposal: ProposalCard, process: processes.ProcessPage
) -> list[ProposalCard]:
    if not proposal.is_public:
        return []
    viewer = viewer_of(request)
    return await queries.similar(viewer, process, proposal.title, proposal.body, but=proposal.public_id)


@open_to("everyone")
async def versions(request: Request) -> Response:
    """Show every version of a proposal, and what changed from one to the next."""
    viewer = viewer_of(request)
    proposal = await queries.visible_proposal(viewer, request.path_params["id"])
    if not proposal.may_be_read:
        raise NotFound
    process = await processes.process_by_id(proposal.process_id)
    wanted = forms.query(request).value("version")
    compared = await said.history(proposal.contribution_id, wanted, is_author=proposal.mine)
    context = {
        "nav": "processes",
        "process": process,
        "proposal": proposal,
        "history": compared,
        "may_revise": await register.may_revise(
            viewer, await said.visible_contribution(viewer, proposal.public_id)
        ),
    }
    return await page(request, "proposals/versions.html", context)


routes = [
    Route("/proposals/{id}", show, name="proposals:show"),
    Route("/proposals/{id}/versions", versions, name="proposals:versions"),
]
