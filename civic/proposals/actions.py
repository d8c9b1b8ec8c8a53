"""Submit, correct, withdraw and endorse proposals."""

from __future__ import annotations

import secrets

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.actions import Author, Place, Receipt
from civic.contributions.forms import Words
from civic.contributions.models import Kind
from civic.debates import actions as debates
from civic.foundation import clock, database, ids, limits
from civic.foundation.errors import N_, Invalid
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.queries import ProcessPage, process_by_id, scope_in_force
from civic.proposals import policies
from civic.proposals.forms import ProposalDraft, ProposalEdit
from civic.proposals.models import Proposal
from civic.proposals.queries import ProposalCard

_ENDORSE = """
INSERT INTO endorsement (public_id, proposal_id, participant_id, given_at) VALUES (?, ?, ?, ?)
ON CONFLICT (proposal_id, participant_id) DO UPDATE SET withdrawn_at = NULL, given_at = excluded.given_at
WHERE endorsement.withdrawn_at IS NOT NULL
RETURNING public_id
"""
_UNENDORSE = """
UPDATE endorsement SET withdrawn_at = ?
WHERE proposal_id = ? AND participant_id = ? AND withdrawn_at IS NULL
RETURNING public_id
"""
_COUNT = "UPDATE proposal SET endorsement_count = endorsement_count + ? WHERE id = ?"
LOTS = 2**31 - 2
_NO_ISSUE = N_("Choose the question your proposal answers.")


async def submit_proposal(
    author: Author,
    process: ProcessPage,
    draft: ProposalDraft,
    *,
    code: str | None = None,
    rendered: str | None = None,
) -> Receipt:
    """Store a proposal with its debate, and give its receipt. A guest's waits for the link in the mail."""
    now = clock.now()
    policies.may_submit(process.phases, now, has_issues=bool(process.issues)).demand()
    issue = process.issue(draft.issue_public_id)
    if issue is None:
        raise Invalid({"issue": _NO_ISSUE})
    rendered = await register.render_words(draft.words) if rendered is None else rendered
    async with database.transaction():
        fresh = await process_by_id(process.id)
        policies.may_submit(fresh.phases, now, has_issues=bool(fresh.issues)).demand()
        await register.spend_posting(author)
        scope = await scope_in_force(process.id, now)
        receipt = await register.submit(
            author,
            Place(process.id, issue.id, Kind.PROPOSAL, scope_id=scope.id if scope else None),
            draft.words,
            rendered=rendered,
            capacity=draft.capacity,
            code=code,
            situation=draft.situation,
        )
        await keep_proposal(receipt, process.id, issue.id)
    return receipt


async def keep_proposal(receipt: Receipt, process_id: int, issue_id: int) -> Proposal:
    """Make a proposal of a contribution just submitted, with its debate; in the caller's transaction."""
    contribution = receipt.contribution
    thread = await debates.open_thread(process_id, issue_id, f"proposal/{contribution.public_id}")
    return await Proposal.create(
        public_id=contribution.public_id,
        contribution_id=contribution.id,
        thread_id=thread.id,
        process_id=process_id,
        issue_id=issue_id,
        lot=secrets.randbelow(LOTS),
        submitted_at=contribution.submitted_at,
    )


async def revise_proposal(viewer: Viewer, proposal: ProposalCard, edit: ProposalEdit) -> None:
    """Add a version to one's own proposal."""
    contribution = await said.visible_contribution(viewer, proposal.public_id)
    words = Words(edit.words.title, edit.words.body)
    await register.revise(viewer, contribution, words, expected_version=edit.expected_version, note=edit.note)


async def withdraw_proposal(viewer: Viewer, proposal: ProposalCard, reason: str) -> None:
    """Take one's own proposal back: the page, the reason and the debate stay."""
    await register.withdraw(viewer, await said.visible_contribution(viewer, proposal.public_id), reason)


async def endorse(viewer: Viewer, proposal: ProposalCard) -> None:
    """Stand behind a proposal; a second time changes nothing."""
    process = await process_by_id(proposal.process_id)
    policies.may_endorse(
        viewer,
        process.phases,
        clock.now(),
        mine=proposal.author_id is not None and proposal.author_id == viewer.participant,
        is_public=proposal.is_public,
    ).demand()
    async with database.transaction():
        await limits.spend("endorse_participant", viewer.public_id or "")
        given = await database.rows(_ENDORSE, ids.public_id(), proposal.id, viewer.participant, clock.now())
        if given:
            await database.execute(_COUNT, 1, proposal.id)
            await ledger.record(
                "endorsement.given",
                given[0]["public_id"],
                parent=proposal.public_id,
                author=viewer.public_id,
            )


async def unendorse(viewer: Viewer, proposal: ProposalCard) -> None:
    """Take one's endorsement back."""
    policies.may_unendorse(viewer).demand()
    async with database.transaction():
        taken = await database.rows(_UNENDORSE, clock.now(), proposal.id, viewer.participant)
        if taken:
            await database.execute(_COUNT, -1, proposal.id)
            await ledger.record(
                "endorsement.withdrawn",
                taken[0]["public_id"],
                parent=proposal.public_id,
                author=viewer.public_id,
            )
