"""Cutting a text before it is answered, confirming and reviewing answers, one by one or in a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civic.accounts import queries as accounts
from civic.contributions.models import Claim, ClaimKind
from civic.contributions.queries import ClaimCard
from civic.decisions.actions.drafting import hold_point
from civic.decisions.actions.keeping import ON_THE_PAGE, QUICKER, keep_answer
from civic.decisions.forms import ReviewDraft
from civic.decisions.gates import is_second_deferral
from civic.decisions.models import Disposition, DispositionVersion, Outcome, Review
from civic.decisions.policies import may_answer, may_answer_now, may_review
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.desk import desk_of
from civic.decisions.queries.points import desk_claim
from civic.decisions.queries.reading import decision_of_issue
from civic.foundation import clock, database
from civic.foundation.errors import N_, Conflict, Message, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes.models import Profile
from civic.synthesis import actions as synthesis
from civic.synthesis.forms import PointDraft

_NO_ANSWER = N_("There is no answer to this point yet.")
_PUBLISHED = N_("An answer to this text is published: it can no longer be cut.")
_HAS_PUBLISHED = """
SELECT o.id FROM published_outcome o JOIN claim k ON k.id = o.claim_id
WHERE k.contribution_id = ? AND k.kind <> 'situation' LIMIT 1
"""
_PROPOSED = N_("A draft proposes an answer to this text: it can no longer be cut.")
_IS_PROPOSED = """
SELECT o.id FROM draft_outcome o JOIN claim k ON k.id = o.claim_id WHERE k.contribution_id = ? LIMIT 1
"""
_HOLD_ANSWER = "UPDATE disposition SET version = version WHERE id = ? AND version = ?"


async def confirm_answer(
    official: Viewer, claim_public_id: str, *, expected_version: int
) -> DispositionVersion:
    """Say that the answer still holds for the text as its author changed it before the freeze."""
    async with database.transaction():
        return await again(official, claim_public_id, expected_version, "disposition.confirmed")


async def again(
    official: Viewer, claim_public_id: str, expected_version: int, act: str, *, group_id: int | None = None
) -> DispositionVersion:
    """Write the newest answer once more, for the text as it stands now."""
    claim, contribution, process = await desk_claim(official, claim_public_id)
    may_answer(official, process.public_id, is_withdrawn=claim.reads_as_withdrawn).demand()
    decision = await decision_of_issue(contribution.issue_id) if contribution.issue_id else None
    row, card = await _newest(claim.id)
    if decision is None or row is None or card is None:
        raise Refused(_NO_ANSWER)
    state = await hold_point(claim, contribution)
    may_answer_now(full=process.profile is Profile.FULL, state=state).demand()
    group_id = group_id or (card.group.id if card.group else None)
    return await keep_answer(
        official, claim, contribution, decision, card.answer, expected_version, group_id=group_id, act=act
    )


async def _newest(claim_id: int) -> tuple[Disposition | None, AnswerCard | None]:
    place = await Disposition.get_or_none(claim_id=claim_id)
    if place is None:
        return None, None
    row = await DispositionVersion.get_or_none(disposition_id=place.id, number=place.version)
    cards = await answers_by_id([row.id]) if row else {}
    return place, cards[row.id] if row else None


async def cut_into_points(
    official: Viewer, claim_public_id: str, points: Sequence[PointDraft], *, version: int
) -> list[Claim]:
    """Cut a text into points, as long as none of its points has a published answer."""
    claim, contribution, _ = await desk_claim(official, claim_public_id)
    if claim.kind is ClaimKind.SITUATION:
        raise NotFound
    async with database.transaction():
        if await database.rows(_HAS_PUBLISHED, contribution.id):
            raise Refused(_PUBLISHED)
        if await database.rows(_IS_PROPOSED, contribution.id):
            raise Refused(_PROPOSED)
        return await synthesis.cut(official, contribution, points, version=version)


async def review(
    second: Viewer, claim_public_id: str, draft: ReviewDraft, *, expected_version: int
) -> Review:
    """Read somebody else's answer: approve it, or send it back with a word of explanation (R3)."""
    claim, contribution, process = await desk_claim(second, claim_public_id)
    place, card = await _newest(claim.id)
    if place is None or card is None:
        raise NotFound
    may_review(second, process.public_id, drafted_by=card.drafted_by.id if card.drafted_by else None).demand()
    async with database.transaction():
        if not await database.execute(_HOLD_ANSWER, place.id, expected_version):
            raise Conflict(QUICKER)
        row = await Review.create(
            version_id=card.id,
            reviewer_id=second.participant,
            is_approved=draft.is_approved,
            signs_deferral=draft.is_approved
            and card.outcome is Outcome.DEFERRED
            and await _signs(second, claim.id, contribution.issue_id),
            note=draft.note,
            reviewed_at=clock.now(),
        )
        await ledger.record(
            "disposition.reviewed",
            card.public_id,
            rev=card.number,
            **ledger.under(
                claim.public_id,
                {"is_approved": draft.is_approved, "note": draft.note},
                is_private=claim.kind is ClaimKind.SITUATION,
            ),
            author=second.public_id,
        )
        if not draft.is_approved:
            await _tell_drafter(second, card, claim, draft.note)
    return row


async def review_several(second: Viewer, points: Mapping[str, int], draft: ReviewDraft) -> int:
    """Approve, or send back, several answers at once: all of them or none."""
    async with database.transaction():
        for claim, version in sorted(points.items()):
            await review(second, claim, draft, expected_version=version)
    return len(points)


async def _signs(second: Viewer, claim_id: int, issue_id: int | None) -> bool:
    """Whether approving a postponement is also the decision maker's signature of a second postponement."""
    decision = await decision_of_issue(issue_id or 0)
    if decision is None or not second.holds("decision_maker", decision.process.public_id):
        return False
    points = (await desk_of(decision)).points
    return any(one.claim_id == claim_id and is_second_deferral(one) for one in points)


async def _tell_drafter(second: Viewer, card: AnswerCard, claim: ClaimCard, note: str) -> None:
    if card.drafted_by is None:
        return
    is_private = claim.kind is ClaimKind.SITUATION
    await notices.notify(
        (await accounts.person(card.drafted_by.id)).recipient,
        "answer.returned",
        about=f"outcome/{card.public_id}",
        data={
            "path": f"/desk/claims/{claim.public_id}",
            "name": second.name,
            "note": Message(ON_THE_PAGE) if is_private else note,
        },
        once_key=f"answer.returned/{card.public_id}/{card.number}/{second.public_id}",
    )
