"""Closing a process and narrowing its scope with points still unanswered; promises with their dates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.decisions import actions, queries
from civic.decisions.forms import PromiseDraft
from civic.decisions.models import MilestoneDate, MilestoneState, Progress
from civic.foundation import clock
from civic.foundation.errors import Invalid, NotFound, Refused
from civic.ledger.queries import leaves_of
from civic.processes.forms import ScopeDraft, ScopeLineDraft
from civic.processes.models import ProcessState, Standing
from civic.processes.queries import process_by_id, scope_in_force
from tests.cast import a_scope, after_the_freeze, in_days
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED, answered

WHY = {"en": "The council has voted.", "fr": "Le conseil a voté."}
PAINT = PromiseDraft({"en": "Paint the crossing"}, "Roads", "2027-05-01", "")


async def test_a_process_ends_only_knowing_what_stays_unanswered(app):
    town = await a_town()
    with pytest.raises(Refused, match="published answer"):
        await actions.close_process(town.otto, town.process, WHY)
    with pytest.raises(Refused, match="Only the officials"):
        await actions.close_process(town.ada, town.process, WHY, knows_unanswered=2)
    otto = await browser_of(app, town.otto)
    page = f"/desk/processes/{town.process.slug}/closure"
    await send(otto, page, page, 403, reason_en="Enough.")
    await send(otto, page, page, 422, understood="1")
    await send(otto, page, page, reason_en="Enough.", understood="1")
    assert (await process_by_id(town.process.id)).state is ProcessState.CLOSED
    types = [entry.type for entry in await leaves_of(town.process.public_id)]
    assert types[-1] == "process.closed"


async def test_a_process_with_every_point_answered_ends_with_its_reason(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        closed = await actions.close_process(town.otto, town.process, WHY)
    assert closed.state is ProcessState.CLOSED


async def test_a_process_does_not_end_while_a_publication_waits(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        from dataclasses import replace

        later = replace(SIGNED, at=clock.now() + timedelta(days=1))
        await actions.publish(town.dora, town.decision, later)
        with pytest.raises(Refused, match="waiting to leave"):
            await actions.close_process(town.otto, town.process, WHY, knows_unanswered=2)


async def test_narrowing_the_scope_needs_a_public_reason(app):
    town = await a_town()
    lines = tuple(line for line in a_scope().lines if line.standing is not Standing.OPEN)
    fixed = ScopeLineDraft(Standing.FIXED, {"en": "Speed in the centre"}, {"en": "Voted"})
    usual = a_scope()
    narrowed = ScopeDraft(
        promise=usual.promise,
        decision_maker=usual.decision_maker,
        decides_on=usual.decides_on,
        lines=(*lines, fixed),
    )
    with pytest.raises(Invalid) as wrong:
        await actions.change_scope(town.otto, town.process, narrowed, {"en": "  "})
    assert set(wrong.value.errors) == {"reason"}
    scope = await actions.change_scope(town.otto, town.process, narrowed, WHY)
    assert scope.number == 2
    assert (await leaves_of(town.process.public_id))[-1].type == "scope.changed"
    otto = await browser_of(app, town.otto)
    page = f"/desk/processes/{town.process.slug}/scope/change"
    await send(otto, page, page, 422, promise="consult", open_0_text_en="Speed again")
    await send(otto, page, page, promise="consult", open_0_text_en="Speed again", reason_en="Opened again.")
    newest = await scope_in_force(town.process.id)
    assert newest is not None
    assert [line.text for line in newest.open] == [{"en": "Speed again"}]
    assert "Opened again." in await read(visitor(app), f"/processes/{town.process.slug}/scope")


async def test_a_promise_keeps_every_date_it_was_given(app):
    town = await a_town()
    card = await actions.promise(town.otto, town.decision, PAINT)
    otto = await browser_of(app, town.otto)
    page = f"/desk/decisions/{town.decision.public_id}/promises"
    one = f"{page}/{card.public_id}"
    await send(otto, page, one, 422, what="date", moved_on="2027-06-01")
    shown = await read(otto, page)
    token = shown.split('name="csrf" value="')[1].split('"')[0]
    for fields in (
        {"what": "date", "moved_on": "2027-06-01", "reason_en": "Rain."},
        {"what": "state", "state": "under_way"},
        {"what": "state", "state": "done", "proof_en": "Photo of 3 June."},
    ):
        key = "k" * 20 + fields.get("state", "date")
        answer = await otto.post(one, data={"csrf": token, "form_key": key, **fields})
        assert answer.status_code == 303, answer.text[:500]
    found = await queries.milestone_by_public_id(card.public_id)
    assert [given.due_on.isoformat() for given in found.dates] == ["2027-05-01", "2027-06-01"]
    assert found.progress is Progress.DONE
    assert not found.is_late
    assert await MilestoneDate.all().count() == 2
    assert await MilestoneState.all().count() == 2
    types = [entry.type for entry in await leaves_of(card.public_id)]
    assert types == ["milestone.promised", "milestone.changed", "milestone.changed", "milestone.done"]


async def test_promises_are_refused_without_their_date_proof_or_place(database):
    town, other = await a_town(), await a_town()
    card = await actions.promise(town.otto, town.decision, PAINT)
    with pytest.raises(Invalid):
        await actions.move_date(town.otto, town.decision, card.public_id, in_days(90), {})
    with pytest.raises(Invalid):
        await actions.set_progress(town.otto, town.decision, card.public_id, Progress.DONE, {})
    with pytest.raises(NotFound):
        await actions.move_date(other.otto, other.decision, card.public_id, in_days(90), WHY)
    with pytest.raises(NotFound):
        await queries.milestone_by_public_id("x" * 26)
    with pytest.raises(Refused):
        await actions.promise(town.ada, town.decision, PAINT)


async def test_a_late_promise_says_so_and_is_owed(app):
    town = await a_town()
    await answered(town)
    await actions.promise(town.otto, town.decision, PAINT)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
    with clock.at(clock.now().replace(year=2027, month=7)):
        shown = await read(visitor(app), f"/decisions/{town.decision.public_id}")
        assert "Late" in shown
        otto = await browser_of(app, town.otto)
        assert "A promise to keep" in await read(otto, "/desk")
