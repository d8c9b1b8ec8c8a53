"""Promise something with a date, move the date with a reason, say how far it has come."""

from __future__ import annotations

from datetime import date

from civic.decisions.actions.announcing import announce_date, announce_progress, announce_promise
from civic.decisions.forms import PromiseDraft
from civic.decisions.models import Milestone, MilestoneDate, MilestoneState, Progress
from civic.decisions.policies import may_draft
from civic.decisions.queries.milestones import MilestoneCard, milestone_by_public_id
from civic.decisions.queries.reading import DecisionCard, articles_now
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger


async def promise(official: Viewer, decision: DecisionCard, draft: PromiseDraft) -> MilestoneCard:
    """Promise something in a decision, with who does it and until when."""
    may_draft(official, decision.process.public_id).demand()
    provision = next(
        (one for one in await articles_now(decision.id) if one.public_id == draft.provision), None
    )
    async with database.transaction():
        row = await Milestone.create(
            public_id=ids.public_id(),
            decision_id=decision.id,
            provision_id=provision.provision_id if provision else None,
            promise=draft.promise,
            owner=draft.owner,
            created_at=clock.now(),
        )
        await _give_date(official, row.id, date.fromisoformat(draft.due_on), {})
        await ledger.record(
            "milestone.promised",
            row.public_id,
            parent=decision.public_id,
            content={"promise": draft.promise, "owner": draft.owner, "due_on": draft.due_on},
            author=official.public_id,
        )
        card = await milestone_by_public_id(row.public_id)
        await announce_promise(decision, card)
        return card


async def move_date(
    official: Viewer, decision: DecisionCard, public_id: str, due_on: date, reason: Localized
) -> MilestoneCard:
    """Give another date for a promise; the former one stays written, with the reason."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        card = await _of(decision, public_id)
        if not any(reason.values()):
            raise Invalid({"reason": N_("Say why the date moves.")})
        await _give_date(official, card.id, due_on, reason)
        await ledger.record(
            "milestone.changed",
            public_id,
            rev=len(card.dates) + 1,
            parent=decision.public_id,
            content={"due_on": due_on.isoformat(), "reason": reason},
            author=official.public_id,
        )
        moved = await milestone_by_public_id(public_id)
        await announce_date(decision, moved)
        return moved


async def set_progress(
    official: Viewer, decision: DecisionCard, public_id: str, progress: Progress, proof: Localized
) -> MilestoneCard:
    """Say how far a promise has come; done needs its proof, abandoned its reason."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        card = await _of(decision, public_id)
        if progress in (Progress.DONE, Progress.ABANDONED) and not any(proof.values()):
            raise Invalid({"proof": N_("Show what was done, or say why it is abandoned.")})
        await MilestoneState.create(
            milestone_id=card.id,
            state=progress,
            proof=proof,
            set_by_id=official.participant,
            set_at=clock.now(),
        )
        await ledger.record(
            "milestone.done" if progress is Progress.DONE else "milestone.changed",
            public_id,
            rev=len(card.dates) + 1,
            parent=decision.public_id,
            content={"state": str(progress), "proof": proof},
            author=official.public_id,
        )
        moved = await milestone_by_public_id(public_id)
        await announce_progress(decision, moved)
        return moved


async def _of(decision: DecisionCard, public_id: str) -> MilestoneCard:
    card = await milestone_by_public_id(public_id)
    if card.decision_id != decision.id:
        raise NotFound
    return card


async def _give_date(official: Viewer, milestone_id: int, due_on: date, reason: Localized) -> None:
    await MilestoneDate.create(
        milestone_id=milestone_id,
        due_on=due_on,
        reason=reason,
        given_by_id=official.participant,
        given_at=clock.now(),
    )
