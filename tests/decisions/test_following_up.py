"""The follow-up board, what people found of a promise, and whom a step of it is told to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from civic.accounts.queries import recipient_of
from civic.app import handlers
from civic.contributions import actions as register
from civic.decisions import actions, queries
from civic.decisions.forms import PromiseDraft
from civic.decisions.models import MilestoneCheck, MilestoneDate, Progress, UserCheck
from civic.decisions.policies import may_check, may_move
from civic.decisions.queries import Standing
from civic.foundation import clock, queue
from civic.foundation import database as db
from civic.foundation.errors import Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.ledger.queries import leaves_of
from tests.cast import after_the_freeze, in_days, told
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED, answered, hold

DONE = {"en": "Painted on 3 June. Photo: https://example.org/photo."}
RAIN = {"en": "Rain."}


async def a_kept_town(*, due: int = 60):
    """Publish a decision whose article came from Ada's point; a promise in it carries that article."""
    town = await a_town()
    await answered(town)
    (article,) = await queries.articles_now(town.decision.id)
    draft = PromiseDraft({"en": "Paint the crossing"}, "Roads", in_days(due).isoformat(), article.public_id)
    card = await actions.promise(town.otto, town.decision, draft)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await actions.release_due((await queries.decision_by_id(town.decision.id)).versions[0].public_id)
    return town, await queries.decision_by_id(town.decision.id), card


async def work() -> None:
    """Do what is owed now."""
    while await queue.run_due(handlers()):
        pass


async def test_a_promise_is_private_until_its_decision_is_published(app):
    town = await a_town()
    card = await actions.promise(
        town.otto, town.decision, PromiseDraft({"en": "Paint it"}, "Roads", in_days(9).isoformat(), "")
    )
    assert "No promise is public yet" in await read(visitor(app), "/promises")
    await read(visitor(app), f"/promises/{card.public_id}", 404)
    await read(visitor(app), f"/decisions/{town.decision.public_id}/promises", 404)
    with pytest.raises(NotFound):
        await actions.check_promise(town.ada, card.public_id, town.proposal, UserCheck.WORKS)


async def test_late_promises_stand_first_and_keep_every_date(app):
    town, decision, card = await a_kept_town(due=60)
    calm = PromiseDraft({"en": "Plant a tree"}, "Parks", in_days(400).isoformat(), "")
    await actions.promise(town.otto, decision, calm)
    with clock.at(clock.now().replace(year=clock.now().year + 1)):
        for path in ("/promises", f"/processes/{town.process.slug}/promises"):
            shown = await read(visitor(app), path)
            assert "2 promises, 1 late" in shown
            assert shown.index("Paint the crossing") < shown.index("Plant a tree")
            assert "No explanation is published." in shown
        await actions.move_date(town.otto, decision, card.public_id, in_days(30), RAIN)
        board = await queries.board(decision_id=decision.id)
        assert board.counts[Standing.CHANGED] == 1
        assert (board.arrived, board.in_time, board.kept_after) == (1, 0, 0)
        shown = await read(visitor(app), f"/promises/{card.public_id}")
        assert "Rain." in shown
        assert await MilestoneDate.filter(milestone_id=card.id).count() == 2
        with pytest.raises(Invalid):
            await actions.move_date(town.otto, decision, card.public_id, in_days(30), RAIN)
    shown = await read(visitor(app), "/promises?standing=changed&after=nowhere")
    assert "2 promises" in shown


async def test_done_needs_its_proof_and_shows_its_link(app):
    town, decision, card = await a_kept_town()
    with pytest.raises(Invalid):
        await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, {})
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    assert 'href="https://example.org/photo"' in await read(visitor(app), f"/promises/{card.public_id}")
    with pytest.raises(Refused, match="take it up again"):
        await actions.move_date(town.otto, decision, card.public_id, in_days(90), RAIN)
    with pytest.raises(Invalid):
        await actions.set_progress(town.otto, decision, card.public_id, Progress.UNDER_WAY, {})
    again = await actions.set_progress(town.otto, decision, card.public_id, Progress.UNDER_WAY, RAIN)
    assert [one.progress for one in again.states] == [Progress.DONE, Progress.UNDER_WAY]
    board = await queries.board(process_id=town.process.id)
    assert board.counts[Standing.COMING] == 1


async def test_kept_promises_count_by_the_first_date_given(database):
    town, decision, card = await a_kept_town(due=60)
    await actions.move_date(town.otto, decision, card.public_id, in_days(90), RAIN)
    with clock.at(clock.now().replace(year=clock.now().year + 1)):
        await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
        board = await queries.board(process_id=town.process.id)
    assert (board.arrived, board.in_time, board.kept_after) == (1, 0, 1)


async def test_whoever_made_the_point_says_once_whether_it_works(app):
    town, decision, card = await a_kept_town()
    page, action = f"/promises/{card.public_id}", f"/promises/{card.public_id}/check"
    ada = await browser_of(app, town.ada)
    assert action not in await read(ada, page)
    with pytest.raises(Refused, match="nothing to check"):
        await actions.check_promise(town.ada, card.public_id, town.proposal, UserCheck.WORKS)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    assert action not in await read(await browser_of(app, town.bo), page), "Bo's point led to nothing"
    await send(ada, page, action, 422, answer="perhaps")
    await send(ada, page, action, answer="does_not")
    shown = await read(ada, page)
    assert "You said: It does not work" in shown
    assert action not in shown
    with pytest.raises(Refused, match="already"):
        await actions.check_promise(town.ada, card.public_id, town.proposal, UserCheck.WORKS)
    with pytest.raises(Refused, match="Only people"):
        await actions.check_promise(town.bo, card.public_id, town.proposal, UserCheck.WORKS)
    assert await MilestoneCheck.all().count() == 1
    assert "It does not work: 1" in await read(visitor(app), "/promises")
    types = [entry.type for entry in await leaves_of(card.public_id)]
    assert types == ["milestone.promised", "milestone.done", "milestone.checked"]


async def test_the_secret_code_of_a_receipt_opens_the_check(database):
    town, decision, card = await a_kept_town()
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    with_code = replace(STRANGER, passes=frozenset({town.proposal}))
    with pytest.raises(Refused, match="Only people"):
        await actions.check_promise(STRANGER, card.public_id, town.proposal, UserCheck.WORKS)
    checked = await actions.check_promise(with_code, card.public_id, town.proposal, UserCheck.CANNOT_TELL)
    assert checked.checks == {UserCheck.CANNOT_TELL: 1}
    with pytest.raises(Refused, match="already"):
        await actions.check_promise(town.ada, card.public_id, town.proposal, UserCheck.WORKS)


async def test_the_board_asks_the_database_the_same_number_of_questions_whatever_its_length(
    database, count_queries
):
    town, decision, _ = await a_kept_town()
    with count_queries() as few:
        await queries.board(process_id=town.process.id)
    for number in range(4):
        draft = PromiseDraft({"en": f"Bench {number}"}, "Parks", in_days(40 + number).isoformat(), "")
        await actions.promise(town.otto, decision, draft)
    with count_queries() as many:
        board = await queries.board(process_id=town.process.id)
    assert board.total == 5
    assert many.count == few.count


async def test_what_a_hidden_contribution_found_no_longer_counts(database):
    town, decision, card = await a_kept_town()
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    await actions.check_promise(town.ada, card.public_id, town.proposal, UserCheck.WORKS)
    await register.hide((await queries.my_points_behind(town.ada, card.id))[0].id, "case/x")
    assert (await queries.milestone_by_public_id(card.public_id)).checked == 0
    assert await queries.my_points_behind(town.ada, card.id) == []


async def test_those_whose_point_led_to_a_promise_are_told_of_each_step_once(database):
    town, decision, card = await a_kept_town()
    await work()
    await actions.move_date(town.otto, decision, card.public_id, in_days(90), RAIN)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    await work()
    assert [kind for kind in await told(town.ada) if kind.startswith("promise.")] == []
    town, decision, card = await a_kept_town()
    for act in (
        lambda: actions.move_date(town.otto, decision, card.public_id, in_days(90), RAIN),
        lambda: actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE),
        lambda: actions.set_progress(town.otto, decision, card.public_id, Progress.ABANDONED, RAIN),
    ):
        await act()
        await work()
    await actions.tell_of_promise(card.public_id, "promise.abandoned", 4)
    kinds = [kind for kind in await told(town.ada) if kind.startswith("promise.")]
    assert sorted(kinds) == ["promise.abandoned", "promise.done", "promise.moved"]
    assert not [kind for kind in await told(town.bo) if kind.startswith("promise.")]


async def test_a_step_put_right_within_its_hold_is_told_to_nobody(database):
    town, decision, card = await a_kept_town()
    hold(600)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.ABANDONED, RAIN)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.UNDER_WAY, RAIN)
    with clock.at(clock.now().replace(year=clock.now().year + 1)):
        await work()
    assert not [kind for kind in await told(town.ada) if kind.startswith("promise.")]


def test_policies_say_why_not():
    assert (
        "led to this promise" in may_check(is_concerned=False, is_done=True, has_checked=False).reason.msgid
    )
    assert may_check(is_concerned=True, is_done=True, has_checked=False)


async def test_only_who_writes_the_answers_moves_a_promise(database):
    town, decision, card = await a_kept_town()
    assert not may_move(town.olga, town.process.public_id, is_over=False)
    with pytest.raises(Refused):
        await actions.set_progress(town.ada, decision, card.public_id, Progress.DONE, DONE)
    assert (await queries.milestone_by_public_id(card.public_id)).due_on > date(2020, 1, 1)


async def test_who_was_asked_for_something_this_month_hears_the_news_without_the_question(database):
    from civic.notices.actions import Wish, ask
    from civic.notices.models import Request

    async def said(kept):
        return frozenset(one.about for one in kept)

    town, decision, card = await a_kept_town()
    await work()
    person = await recipient_of(town.ada.participant or 0)
    async with db.transaction():
        await ask(Request.CHECK, [Wish(person, "check/1")], said)
    await actions.set_progress(town.otto, decision, card.public_id, Progress.DONE, DONE)
    await work()
    assert [kind for kind in await told(town.ada) if kind.startswith("promise.")] == ["promise.done_told"]
