"""Points that were put off come back on their day or after their event; those passed on are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from civic.contributions import actions as register
from civic.decisions import actions, queries
from civic.decisions.forms import ReviewDraft
from civic.decisions.models import Outcome, PointReopening, ReasonCode
from civic.decisions.promise_forms import NewsDraft
from civic.decisions.queries import Owed, PointState
from civic.decisions.rules import Answer, Details
from civic.foundation import clock
from civic.foundation.errors import Invalid, Refused
from civic.ledger.queries import leaves_of
from tests.cast import a_refusal, after_the_freeze, in_days, told
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED

NOTE = {"en": "The council has met."}


def put_off(until=None) -> Answer:
    return Answer(
        Outcome.DEFERRED,
        {"en": "Later: the budget decides."},
        {"en": "The money is voted in autumn."},
        reason_codes=(ReasonCode.TIMING,),
        is_value_choice=True,
        reopens_on=until,
        details=Details(anchor="Close the street", owner="Roads", event={} if until else {"en": "The vote"}),
    )


def passed_on(follow_up) -> Answer:
    return Answer(
        Outcome.REFERRED,
        {"en": "The region decides this."},
        {"en": "The road is theirs."},
        details=Details(body="The region", sent_on=in_days(-3), follow_up_on=follow_up),
    )


async def a_town_with(answer: Answer):
    """Publish a decision that answers Ada's point so."""
    town = await a_town()
    await actions.draft_answer(town.otto, town.first.public_id, answer, expected_version=0)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=1)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await actions.release_due((await queries.decision_by_id(town.decision.id)).versions[0].public_id)
    return town


async def state_of(town) -> PointState:
    desk = await queries.desk_of(await queries.decision_by_id(town.decision.id))
    return desk.state(next(one for one in desk.points if one.claim_id == town.first.id))


async def owed(town) -> list[Owed]:
    kinds = (Owed.REOPENED, Owed.FOLLOW_UP)
    return [one.kind for one in await queries.owed_by(town.otto) if one.kind in kinds]


async def test_a_postponed_point_comes_back_by_itself_on_its_day(app):
    town = await a_town_with(put_off(in_days(90)))
    assert await actions.reopen_due() == 0
    assert await state_of(town) is PointState.READY
    with clock.at(clock.now() + timedelta(days=91)):
        assert await actions.reopen_due() == 1
        assert await actions.reopen_due() == 0, "each comes back once"
        assert await state_of(town) is PointState.REOPENED
        assert await owed(town) == [Owed.REOPENED]
        assert "point.reopened" in await told(town.otto)
        desk = await read(await browser_of(app, town.otto), f"/desk/decisions/{town.decision.public_id}")
        assert "Come back" in desk
        receipt = (await queries.outcome_of_claim(town.first.id)).speaker.receipt
        assert "came back, as announced" in await read(visitor(app), f"/contributions/{receipt}")
        assert "came back, as announced" in await read(
            visitor(app), f"/outcomes/{(await queries.outcome_of_claim(town.first.id)).public_id}"
        )
    outcome = await queries.outcome_of_claim(town.first.id)
    assert "disposition.reopened" in [entry.type for entry in await leaves_of(outcome.public_id)]


async def test_the_answer_in_force_stays_until_a_new_one_and_a_second_postponement_is_signed(database):
    town = await a_town_with(put_off(in_days(90)))
    with clock.at(clock.now() + timedelta(days=91)):
        await actions.reopen_due()
        again = put_off(in_days(200))
        await actions.draft_answer(town.otto, town.first.public_id, again, expected_version=1)
        assert await state_of(town) is PointState.SIGNATURE
        await actions.review(town.dora, town.first.public_id, ReviewDraft(True, ""), expected_version=2)
        assert await state_of(town) is PointState.READY
        assert await owed(town) == []


async def test_a_withdrawn_point_does_not_come_back(database):
    town = await a_town_with(put_off(in_days(90)))
    await register.hide(town.first.contribution_id, "case/x")
    with clock.at(clock.now() + timedelta(days=91)):
        assert await actions.reopen_due() == 0
    assert await PointReopening.all().count() == 0


async def test_a_point_that_waits_for_an_event_is_taken_up_when_it_happened(app):
    town = await a_town_with(put_off())
    with clock.at(clock.now() + timedelta(days=91)):
        assert await actions.reopen_due() == 0
        page = f"/desk/claims/{town.first.public_id}/later"
        otto = await browser_of(app, town.otto)
        await send(otto, page, page, 422, happened_on="")
        await send(otto, page, page, 422, happened_on=in_days(500).isoformat(), note_en="Too early.")
        await send(
            otto, page, page, happened_on=clock.local_day(clock.now()).isoformat(), note_en="The vote."
        )
        assert await state_of(town) is PointState.REOPENED
        assert await owed(town) == [Owed.REOPENED]
        with pytest.raises(Refused, match="came back already"):
            await actions.reopen(town.otto, town.first.public_id, clock.local_day(clock.now()), NOTE)
        assert "It waits for a new answer." in await read(otto, page)


async def test_a_point_passed_on_stays_open_until_its_receipt_is_acknowledged(app):
    town = await a_town_with(passed_on(in_days(30)))
    today = clock.local_day(clock.now())
    with clock.at(clock.now() + timedelta(days=31)):
        await actions.reopen_due()
        assert await state_of(town) is PointState.REOPENED
        assert await owed(town) == [Owed.FOLLOW_UP]
        silent = NewsDraft(None, None, NOTE)
        with pytest.raises(Invalid):
            await actions.note_news(town.otto, town.first.public_id, silent)
        with pytest.raises(Invalid):
            await actions.note_news(town.otto, town.first.public_id, replace(silent, follow_up_on=today))
        page = f"/desk/claims/{town.first.public_id}/later"
        otto = await browser_of(app, town.otto)
        next_day = (today + timedelta(days=60)).isoformat()
        await send(otto, page, page, follow_up_on=next_day, note_en="No word yet.")
        assert await state_of(town) is PointState.READY
        assert await owed(town) == []
    with clock.at(clock.now() + timedelta(days=61)):
        assert await actions.reopen_due() == 1
        assert await owed(town) == [Owed.FOLLOW_UP]
        received = NewsDraft(clock.local_day(clock.now()), None, NOTE)
        await actions.note_news(town.otto, town.first.public_id, received)
        assert await owed(town) == []
        outcome = await queries.outcome_of_claim(town.first.id)
        shown = await read(visitor(app), f"/outcomes/{outcome.public_id}")
        assert "No word yet." in shown
        assert "acknowledged receipt" in shown
        assert "disposition.followed" in [one.type for one in await leaves_of(outcome.public_id)]
    with clock.at(clock.now() + timedelta(days=400)):
        assert await actions.reopen_due() == 0


async def test_strangers_cannot_take_points_up_again(app):
    town = await a_town_with(put_off())
    page = f"/desk/claims/{town.first.public_id}/later"
    for viewer in (None, town.ada):
        answer = await (await browser_of(app, viewer)).get(page)
        assert answer.status_code in (303, 403, 404)
    with pytest.raises(Refused):
        await actions.reopen(town.olga, town.first.public_id, clock.local_day(clock.now()), NOTE)
    with pytest.raises(Refused, match="passes this point on"):
        await actions.note_news(town.otto, town.first.public_id, NewsDraft(None, in_days(9), NOTE))
