"""One answer for several points, cutting a text before it is answered, confirming and reviewing answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from civic.accounts import queries as accounts
from civic.contributions.models import Claim, ClaimKind
from civic.decisions.actions.drafting import (
    QUICKER,
    draft_answer,
    hold_point,
    keep_answer,
    write_provision,
)
from civic.decisions.forms import ProvisionDraft, ReviewDraft
from civic.decisions.gates import is_second_deferral
from civic.decisions.models import Disposition, DispositionVersion, Outcome, Review, SharedGroup
from civic.decisions.policies import may_answer, may_draft, may_group, may_review
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.desk import desk_of
from civic.decisions.queries.points import desk_claim
from civic.decisions.queries.reading import DecisionCard, decision_of_issue
from civic.decisions.rules import FIELDS, Answer
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, Invalid, Message, NotFound, Refused, counted
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.synthesis import actions as synthesis
from civic.synthesis.forms import PointDraft

_NO_ANSWER = N_("There is no answer to this point yet.")
_PUBLISHED = N_("An answer to this text is published: it can no longer be cut.")
_HAS_PUBLISHED = """
SELECT o.id FROM published_outcome o JOIN claim k ON k.id = o.claim_id WHERE k.contribution_id = ? LIMIT 1
"""
_OF_DECISION = """
SELECT count(*) AS n FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN decision_issue i ON i.issue_id = c.issue_id
WHERE i.decision_id = ? AND k.public_id IN ({marks})
"""
_HOLD_ANSWER = "UPDATE disposition SET version = version WHERE id = ? AND version = ?"


@dataclass(frozen=True)
class GroupDraft:
    """What one answer for several points is called, and which points it serves, at which version."""

    label: Localized
    points: Mapping[str, int]


async def answer_together(
    official: Viewer,
    decision: DecisionCard,
    answer: Answer,
    group: GroupDraft,
    *,
    new_article: ProvisionDraft | None = None,
) -> SharedGroup:
    """Give several points one answer that says openly how many points it serves."""
    may_group(len(group.points)).demand()
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        shared = await _new_group(official, decision, group)
        if new_article is not None and "provisions" in FIELDS.get(answer.outcome, ()):
            article = await write_provision(official, decision, new_article)
            answer = replace(answer, provisions=(*answer.provisions, article.public_id))
        await _answer_each(official, group, answer, shared)
    return shared


async def _answer_each(official: Viewer, group: GroupDraft, answer: Answer, shared: SharedGroup) -> None:
    """Answer point after point; when some cannot have this answer, name them all at once ("point-<id>")."""
    wrong: dict[str, Message] = {}
    failing: dict[str, Message] = {}
    for claim, version in sorted(group.points.items()):
        try:
            await draft_answer(official, claim, answer, expected_version=version, group_id=shared.id)
        except Invalid as invalid:
            wrong |= invalid.errors
            failing[claim] = next(iter(invalid.errors.values()))
    if len(failing) == len(group.points):
        raise Invalid(wrong)
    if failing:
        said = counted(
            "%(count)s point of the list cannot have this answer: it is unticked. "
            "Send again for the others, or change the answer.",
            "%(count)s points of the list cannot have this answer: they are unticked. "
            "Send again for the others, or change the answer.",
            len(failing),
        )
        raise Invalid({"points": said, **{f"point-{claim}": wrong for claim, wrong in failing.items()}})


async def declare_group(official: Viewer, decision: DecisionCard, group: GroupDraft) -> SharedGroup:
    """Say openly that answers already drafted are one answer to several points (R8)."""
    may_group(len(group.points)).demand()
    async with database.transaction():
        shared = await _new_group(official, decision, group)
        for claim, version in sorted(group.points.items()):
            await _again(official, claim, version, "disposition.drafted", group_id=shared.id)
    return shared


async def _new_group(official: Viewer, decision: DecisionCard, group: GroupDraft) -> SharedGroup:
    """Open a group for points of this decision; a point of another one is not found."""
    keys = sorted(group.points)
    (row,) = await database.rows(_OF_DECISION.format(marks=", ".join("?" * len(keys))), decision.id, *keys)
    if int(row["n"]) != len(keys):
        raise NotFound
    return await SharedGroup.create(
        public_id=ids.public_id(),
        decision_id=decision.id,
        label=group.label,
        created_by_id=official.participant,
        created_at=clock.now(),
    )


async def confirm_answer(
    official: Viewer, claim_public_id: str, *, expected_version: int
) -> DispositionVersion:
    """Say that the answer still holds for the text as its author changed it before the freeze."""
    async with database.transaction():
        return await _again(official, claim_public_id, expected_version, "disposition.confirmed")


async def _again(
    official: Viewer, claim_public_id: str, expected_version: int, act: str, *, group_id: int | None = None
) -> DispositionVersion:
    """Write the newest answer once more, for the text as it stands now."""
    claim, contribution, process = await desk_claim(official, claim_public_id)
    may_answer(official, process.public_id, is_withdrawn=claim.reads_as_withdrawn).demand()
    decision = await decision_of_issue(contribution.issue_id) if contribution.issue_id else None
    row, card = await _newest(claim.id)
    if decision is None or row is None or card is None:
        raise Refused(_NO_ANSWER)
    await hold_point(claim, contribution)
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
            parent=claim.public_id,
            content={"is_approved": draft.is_approved, "note": draft.note},
            author=second.public_id,
        )
        if not draft.is_approved:
            await _tell_drafter(second, card, claim.public_id, draft.note)
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


async def _tell_drafter(second: Viewer, card: AnswerCard, claim: str, note: str) -> None:
    if card.drafted_by is None:
        return
    await notices.notify(
        (await accounts.person(card.drafted_by.id)).recipient,
        "answer.returned",
        about=f"outcome/{card.public_id}",
        data={"path": f"/desk/claims/{claim}", "name": second.name, "note": note},
        once_key=f"answer.returned/{card.public_id}/{card.number}/{second.public_id}",
    )
