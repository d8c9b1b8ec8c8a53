"""Let the people concerned hear first, then named people outside, before a signed decision is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from civic import settings
from civic.decisions.actions.publishing import signs_for
from civic.decisions.deadlines import EMBARGO_DAYS
from civic.decisions.embargo_forms import ViewDraft
from civic.decisions.models import AdvanceNotice, AdvanceStop, EmbargoedView, EmbargoEnd, EmbargoOpening
from civic.decisions.policies import may_read_early, may_stop, may_tell_early
from civic.decisions.queries.delegations import delegated_to
from civic.decisions.queries.embargo import Door, ViewCard, advance_of, door_of, views_of
from civic.decisions.queries.reading import DecisionCard, VersionCard, decision_by_id
from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import Recipient

_PAST = N_("Choose a moment that is still to come.")
_NOTHING_WAITS = N_("No publication is waiting: it has left already, or it was stopped.")
_IS_SET = N_("It is set already when the people concerned are told. Take that back first.")
_NOT_SET = N_("No notice waits here: none was set, or it was taken back.")
_ARE_TOLD = N_("The notices have left already: they cannot be taken back.")
_TOO_LATE = N_("The people concerned are told before the publication: choose an earlier moment.")
_ENDS_LATER = N_("It ends at the publication at the latest: choose an earlier moment.")
_HAS_ONE = N_("This address has an open link to this decision already.")
_IS_OVER = N_("This link is over already.")

_HOLD = "UPDATE decision SET version = version WHERE id = ?"
_OVER = """
SELECT e.id, e.public_id FROM embargoed_view e
JOIN advance_notice a ON a.id = e.advance_id
LEFT JOIN decision_release r ON r.version_id = a.version_id
LEFT JOIN publication_stop x ON x.version_id = a.version_id
WHERE e.address <> '' AND coalesce(r.released_at, x.stopped_at) < ? ORDER BY e.id LIMIT 200
"""
_LET_GO = "UPDATE embargoed_view SET name = '', address = '' WHERE id = ?"


async def set_advance(official: Viewer, decision: DecisionCard, at: datetime | None) -> None:
    """Say when the people concerned hear of the signed version that waits; None: once the hold is over."""
    async with database.transaction():
        current, pending, signer_for = await _early(official, decision)
        if await advance_of(pending.id) is not None:
            raise Conflict(_IS_SET)
        now = clock.now()
        if at is not None and at <= now:
            raise Invalid({"first_at": _PAST})
        due_at = max(now + timedelta(seconds=settings.current().hold_seconds), at or now)
        if due_at >= pending.release_at:
            raise Invalid({"first_at": _TOO_LATE})
        row = await AdvanceNotice.create(
            public_id=ids.public_id(),
            version_id=pending.id,
            due_at=due_at,
            set_by_id=official.participant or 0,
            set_for_id=signer_for,
            set_at=now,
        )
        content = {"version": pending.public_id, "at": due_at.isoformat()}
        await _record("advance.set", row.public_id, current, content, by=official)
        await queue.later("decisions.tell_first", {"advance": row.public_id}, at=due_at)


async def stop_advance(official: Viewer, decision: DecisionCard) -> None:
    """Take back when the people concerned are told. Raises Conflict once the first of them is."""
    may_stop(official, decision.process.public_id).demand()
    async with database.transaction():
        await database.execute(_HOLD, decision.id)
        current = await decision_by_id(decision.id)
        advance = await advance_of(current.pending.id) if current.pending else None
        if advance is None:
            raise Conflict(_NOT_SET)
        if advance.has_begun or advance.given_at is not None:
            raise Conflict(_ARE_TOLD)
        await AdvanceStop.create(
            advance_id=advance.id, stopped_by_id=official.participant or 0, stopped_at=clock.now()
        )
        await _record("advance.stopped", advance.public_id, current, {}, by=official, rev=2)


async def give_view(official: Viewer, decision: DecisionCard, draft: ViewDraft) -> str:
    """Let a named person outside read the signed version, once the people concerned were told."""
    async with database.transaction():
        current, pending, signer_for = await _early(official, decision)
        advance, now = await advance_of(pending.id), clock.now()
        may_read_early(told_at=advance.given_at if advance else None, now=now).demand()
        if advance is None:
            raise Conflict(_NOT_SET)
        _demand_an_end(draft, pending, now)
        if any(one.address == draft.address and one.is_open(now) for one in await views_of(advance.id)):
            raise Invalid({"address": _HAS_ONE})
        token = ids.token()
        row = await EmbargoedView.create(
            public_id=ids.public_id(),
            advance_id=advance.id,
            name=draft.name,
            organisation=draft.organisation,
            address=draft.address,
            reason=draft.reason,
            language=draft.language,
            token_hash=ids.hash_token(token),
            expires_at=draft.until or pending.release_at,
            given_by_id=official.participant or 0,
            given_for_id=signer_for,
            given_at=now,
        )
        await _hand_over(official, current, pending, row, token)
        return str(row.public_id)


async def _hand_over(
    official: Viewer, decision: DecisionCard, pending: VersionCard, view: EmbargoedView, token: str
) -> None:
    """Record who was given a view, by the organisation alone, and mail the link."""
    content = {
        "version": pending.public_id,
        "organisation": view.organisation,
        "reason": view.reason,
        "until": view.expires_at.isoformat(),
    }
    await _record("embargo.given", view.public_id, decision, content, by=official)
    await notices.notify(
        Recipient(key_of(view.public_id), view.address, view.language),
        "embargo.view",
        about=key_of(view.public_id),
        data={
            "path": f"/embargo/{token}",
            "giver": official.name,
            "process": decision.process.title,
            "organisation": view.organisation,
            "release": pending.release_at,
            "until": view.expires_at,
        },
    )


def _demand_an_end(draft: ViewDraft, pending: VersionCard, now: datetime) -> None:
    if draft.until is not None and draft.until <= now:
        raise Invalid({"until": _PAST})
    if draft.until is not None and draft.until > pending.release_at:
        raise Invalid({"until": _ENDS_LATER})


async def end_view(official: Viewer, decision: DecisionCard, view: str, reason: str) -> None:
    """Take an embargoed view back: its link opens nothing from now on, and its reader is told."""
    may_stop(official, decision.process.public_id).demand()
    async with database.transaction():
        await database.execute(_HOLD, decision.id)
        current = await decision_by_id(decision.id)
        advance = await advance_of(current.pending.id) if current.pending else None
        card = await _view(advance.id if advance else 0, view)
        if not card.is_open(clock.now()):
            raise Conflict(_IS_OVER)
        await EmbargoEnd.create(
            view_id=card.id, reason=reason, ended_by_id=official.participant or 0, ended_at=clock.now()
        )
        await _record("embargo.ended", card.public_id, current, {"reason": reason}, by=official, rev=2)
        await notices.retract(key_of(card.public_id))
        await notices.notify(
            Recipient(key_of(card.public_id), card.address, card.language),
            "embargo.ended",
            about=key_of(card.public_id),
            data={"path": f"/processes/{current.process.slug}", "process": current.process.title},
        )


async def _view(advance_id: int, public_id: str) -> ViewCard:
    found = next((one for one in await views_of(advance_id) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


async def open_view(token: str, part: int) -> Door:
    """Open an embargoed view, and log it before a word is shown.

    Refused before its time, after its end, and once it was taken back.
    """
    async with database.transaction():
        found = await door_of(token)
        await database.execute(_HOLD, found.decision.id)
        door = await door_of(token)
        if door.version.released_at is not None:
            return door
        door.may_open.demand()
        await EmbargoOpening.create(view_id=door.view.id, part=part, opened_at=clock.now())
        return door


async def let_readers_go() -> int:
    """Let go of names and addresses of who read a decision early, some months after it was published."""
    gone = 0
    async with database.transaction():
        for row in await database.rows(_OVER, clock.now() - timedelta(days=EMBARGO_DAYS)):
            gone += await database.execute(_LET_GO, row["id"])
            await notices.forget_recipient(key_of(row["public_id"]))
    return gone


def key_of(view: str) -> str:
    """Give the key under which notices to the reader of an embargoed view are kept."""
    return f"embargo/{view}"


async def _early(official: Viewer, decision: DecisionCard) -> tuple[DecisionCard, VersionCard, int | None]:
    """Hold a decision whose signed version waits, for who may say who hears first; and in whose place."""
    await database.execute(_HOLD, decision.id)
    current = await decision_by_id(decision.id)
    delegation, delegate = await delegated_to(official, current)
    may_tell_early(official, current.process.public_id, delegate=delegate).demand()
    if current.pending is None:
        raise Conflict(_NOTHING_WAITS)
    absent = await signs_for(official, current)
    instead = delegation.given_by_id if delegation else absent.id if absent else None
    return current, current.pending, instead


async def _record(
    type: str, object: str, decision: DecisionCard, content: Mapping[str, object], *, by: Viewer, rev: int = 1
) -> None:
    """Leave a leaf that names no decision: a public record must not tell what is signed before its time."""
    await ledger.record(
        type,
        object,
        rev=rev,
        **ledger.under(decision.public_id, content, is_private=True),
        author=by.public_id,
        ref=f"{type.split('.')[0]}/{object}",
    )
