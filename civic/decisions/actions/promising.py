"""Promise something with a date, move the date with a reason, say how far it has come, check it."""

from __future__ import annotations

from datetime import date, timedelta

from civic import settings
from civic.decisions.actions.announcing import announce_step
from civic.decisions.forms import PromiseDraft
from civic.decisions.models import (
    Milestone,
    MilestoneCheck,
    MilestoneDate,
    MilestoneState,
    Progress,
    UserCheck,
)
from civic.decisions.policies import may_check, may_draft, may_move
from civic.decisions.queries.followup import Concerned, my_points_behind, people_behind, visible_promise
from civic.decisions.queries.milestones import MilestoneCard, milestone_by_public_id
from civic.decisions.queries.reading import DecisionCard, articles_now, decision_by_id
from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import Recipient
from civic.notices.models import Request
from civic.processes import actions as processes

AT_ONCE = 50


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
        await _tell_later(decision, card, "promise.made")
        return card


async def move_date(
    official: Viewer, decision: DecisionCard, public_id: str, due_on: date, reason: Localized
) -> MilestoneCard:
    """Give another date for a promise; the former one stays written, with the reason."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        card = await _of(decision, public_id)
        may_move(official, decision.process.public_id, is_over=card.is_over).demand()
        if not any(reason.values()):
            raise Invalid({_first("reason"): N_("Say why the date moves.")})
        if due_on == card.due_on:
            raise Invalid({"moved_on": N_("This is the date given already.")})
        await _give_date(official, card.id, due_on, reason)
        await ledger.record(
            "milestone.changed",
            public_id,
            rev=card.revision + 1,
            parent=decision.public_id,
            content={"due_on": due_on.isoformat(), "reason": reason},
            author=official.public_id,
        )
        moved = await milestone_by_public_id(public_id)
        await _tell_later(decision, moved, "promise.moved")
        return moved


async def set_progress(
    official: Viewer, decision: DecisionCard, public_id: str, progress: Progress, proof: Localized
) -> MilestoneCard:
    """Say how far a promise has come; done needs its proof, abandoned and taken up again a public reason."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        card = await _of(decision, public_id)
        if not any(proof.values()) and (card.is_over or progress in (Progress.DONE, Progress.ABANDONED)):
            raise Invalid(
                {_first("proof"): N_("Show what was done, or say why it is abandoned or taken up again.")}
            )
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
            rev=card.revision + 1,
            parent=decision.public_id,
            content={"state": str(progress), "proof": proof},
            author=official.public_id,
        )
        moved = await milestone_by_public_id(public_id)
        is_news = progress is not card.progress
        await _tell_later(decision, moved, _TOLD.get(progress, "") if is_news else "")
        return moved


_TOLD = {Progress.DONE: "promise.done", Progress.ABANDONED: "promise.abandoned"}
"""The steps of a promise of which those concerned are told."""
_UNASKED = "promise.done_told"
"""The same news to who was asked for something else this month: whether it works can be said on its page."""


async def check_promise(
    viewer: Viewer, public_id: str, contribution: str, answer: UserCheck
) -> MilestoneCard:
    """Say whether a promise announced as done works, once for each contribution that led to it."""
    page = await visible_promise(viewer, public_id)
    async with database.transaction():
        await processes.touch(page.decision.process.id)
        card = await milestone_by_public_id(public_id)
        mine = await _concerned(viewer, card, contribution)
        may_check(
            is_concerned=mine is not None,
            is_done=card.progress is Progress.DONE,
            has_checked=mine is not None and mine.answer is not None,
        ).demand()
        await MilestoneCheck.create(
            milestone_id=card.id,
            contribution_id=mine.id if mine else 0,
            answer=answer,
            answered_at=clock.now(),
        )
        await ledger.record(
            "milestone.checked",
            public_id,
            rev=card.revision + 1,
            parent=page.decision.public_id,
            content={"answer": str(answer), "contribution": contribution},
            author=viewer.public_id,
        )
        return await milestone_by_public_id(public_id)


async def _concerned(viewer: Viewer, card: MilestoneCard, contribution: str) -> Concerned | None:
    mine = await my_points_behind(viewer, card.id)
    return next((one for one in mine if one.public_id == contribution), None)


async def tell_of_promise(public_id: str, kind: str, revision: int, after: str = "") -> None:
    """Tell those whose point led to a promise what happened to it, some people at a time, each once.

    Those who follow it are told after them; a step without a ``kind`` is told to followers alone. Nothing is
    said of a step that was put right during its hold.
    """
    card = await milestone_by_public_id(public_id)
    if len(card.dates) + len(card.states) != revision:
        return
    decision = await decision_by_id(card.decision_id)
    people = {_key(row): row for row in await people_behind(card.id)} if kind else {}
    waiting = sorted(key for key in people if key > after)
    async with database.transaction():
        now = {key: _recipient(people[key]) for key in waiting[:AT_ONCE]}
        asked = frozenset[str]()
        if kind == _TOLD[Progress.DONE]:
            about = f"milestone/{public_id}/{revision}"
            asked = await notices.ask_along(Request.RATING, about, now)
        for key, to in now.items():
            said = kind if key in asked or kind != _TOLD[Progress.DONE] else _UNASKED
            await _notify(card, decision, said, f"{kind}/{public_id}/{revision}/{key}", to)
        if len(waiting) > AT_ONCE:
            payload = {"promise": public_id, "kind": kind, "revision": revision}
            await queue.later("decisions.tell_promise", {**payload, "after": waiting[AT_ONCE - 1]})
        else:
            await announce_step(decision, card, kind, revision)


def _key(row: dict[str, str]) -> str:
    return f"participant/{row['person']}" if row["person"] else f"guest {row['guest_address']}"


def _recipient(row: dict[str, str]) -> Recipient:
    if row["person"]:
        return Recipient(_key(row), row["address"], row["speaks"])
    spoken = row["language"] if row["language"] in ("fr", "en") else "fr"
    return Recipient(f"guest/{row['contribution']}", row["guest_address"], spoken)


async def _notify(
    card: MilestoneCard, decision: DecisionCard, kind: str, once_key: str, to: Recipient
) -> None:
    await notices.notify(
        to,
        kind,
        about=f"decision/{decision.public_id}",
        data={
            "path": f"/promises/{card.public_id}",
            "promise": card.promise,
            "owner": card.owner,
            "due": card.due_on,
            "before": card.dates[-2].due_on if len(card.dates) > 1 else card.due_on,
            "why": card.proof if kind in (*_TOLD.values(), _UNASKED) else card.dates[-1].reason,
        },
        once_key=once_key,
    )


async def _tell_later(decision: DecisionCard, card: MilestoneCard, kind: str) -> None:
    """Owe the notices of a step, after the hold in which it can be put right; of a draft nobody is told."""
    if (await decision_by_id(decision.id)).in_force is None:
        return
    payload = {
        "promise": card.public_id,
        "kind": kind,
        "revision": len(card.dates) + len(card.states),
    }
    at = clock.now() + timedelta(seconds=settings.current().hold_seconds)
    await queue.later("decisions.tell_promise", payload, at=at)


def _first(field: str) -> str:
    """Name a field of several languages by its first one."""
    return f"{field}_{settings.current().languages[0]}"


async def _of(decision: DecisionCard, public_id: str) -> MilestoneCard:
    await processes.touch(decision.process.id)
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
