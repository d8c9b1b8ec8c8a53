"""Cutting a text by hand and asking its author what was meant."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from civic.contributions import queries as contributions
from civic.contributions.models import Claim, ClaimKind, ClaimSpan, ContributionVersion, Restatement
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.foundation import clock
from civic.foundation.errors import Conflict, NotFound, Refused
from civic.foundation.languages import date as written
from civic.foundation.viewer import Viewer
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from civic.synthesis import actions, queries
from civic.synthesis.forms import PointDraft, QuestionDraft
from civic.synthesis.models import Clarification, ClarifyingQuestion, Segmentation
from tests.cast import a_person, a_refusal, after_the_freeze, in_days
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_publication import SIGNED, answered

REQUEST, FACT = ClaimKind.REQUEST, ClaimKind.FACT
ASK = QuestionDraft("Which deliveries do you mean?", 10)


async def card_of(claim):
    return await contributions.contribution_by_id(claim.contribution_id)


async def test_a_cut_rests_each_point_on_its_sentences(database):
    town = await a_town()
    words = await queries.sentences_of(town.first.contribution_id)
    assert [one.text for one in words.sentences] == [
        "Close Mill Street to through traffic",
        "Children cross it four times a day.",
        "There is no other way to school.",
    ]
    cut = [PointDraft((0,), REQUEST), PointDraft((2, 1), FACT, "The way to school crosses it.")]
    opened = await actions.cut(town.otto, await card_of(town.first), cut, version=1)
    spans = await ClaimSpan.filter(claim_id=opened[1].id)
    assert [(one.part, one.start, one.end) for one in spans] == [("text", 0, 68)]
    version = await ContributionVersion.get(id=spans[0].version_id)
    said = version.body[spans[0].start : spans[0].end]
    assert said == "Children cross it four times a day. There is no other way to school."
    assert spans[0].digest == hashlib.sha256(f"{spans[0].salt}\0{said}".encode()).hexdigest()
    assert (await Restatement.get()).text == "The way to school crosses it."
    retired = await Claim.get(id=town.first.id)
    assert retired.retired_at is not None
    assert await Segmentation.all().count() == 1
    assert [one.type for one in await leaves_of(opened[0].public_id)] == ["claim.segmented"]
    assert [one.type for one in await leaves_of(retired.public_id)] == ["claim.opened", "claim.retired"]


async def test_sentences_apart_are_two_passages_of_one_point(database):
    town = await a_town()
    (opened,) = await actions.cut(
        town.otto, await card_of(town.first), [PointDraft((0, 2), REQUEST)], version=1
    )
    spans = await ClaimSpan.filter(claim_id=opened.id).order_by("id")
    assert [one.part for one in spans] == ["title", "text"]
    claim = (await contributions.claims_of(town.first.contribution_id))[0]
    assert claim.words == "Close Mill Street to through traffic There is no other way to school."


@pytest.mark.parametrize(
    "points",
    [
        [],
        [PointDraft((), REQUEST)],
        [PointDraft((9,), REQUEST)],
        [PointDraft((0,), REQUEST), PointDraft((0,), FACT)],
    ],
)
async def test_a_cut_that_makes_no_sense_is_refused(database, points):
    town = await a_town()
    with pytest.raises(Refused):
        await actions.cut(town.otto, await card_of(town.first), points, version=1)
    assert await Segmentation.all().count() == 0


async def test_only_officials_cut_the_newest_text_that_can_be_read(database):
    from civic.contributions import actions as register

    town = await a_town()
    cut = [PointDraft((0,), REQUEST)]
    for viewer in (town.ada, town.olga, await a_person("Zoe Zahn", "official", process="0" * 26)):
        with pytest.raises(Refused):
            await actions.cut(viewer, await card_of(town.first), cut, version=1)
    with pytest.raises(Conflict):
        await actions.cut(town.otto, await card_of(town.first), cut, version=2)
    stale = await card_of(town.second)
    await register.withdraw(town.bo, stale, "Wrong.")
    with pytest.raises(Refused, match="withdrawn"):
        await actions.cut(town.otto, await card_of(town.second), cut, version=1)
    with pytest.raises(Conflict):
        await actions.cut(town.otto, stale, cut, version=1)
    with pytest.raises(NotFound):
        await queries.sentences_of(10**9)


async def test_a_text_with_a_published_answer_is_cut_no_more(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await decisions.publish(town.dora, town.decision, SIGNED)
        with pytest.raises(Refused, match="published"):
            await decisions.cut_into_points(
                town.otto, town.first.public_id, [PointDraft((0,), REQUEST)], version=1
            )


async def test_points_are_made_one_by_one_without_javascript(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}/points"
    shown = await read(otto, page)
    hidden = {
        name: shown.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "version")
    }
    lacking = await otto.post(page, data={**hidden, "step": "add", "kind": "request"})
    assert lacking.status_code == 422
    assert "Tick the sentences of this point." in errors_of(lacking.text)
    one = await otto.post(page, data={**hidden, "step": "add", "kind": "request", "sentence": "0"})
    assert one.status_code == 200
    assert 'value="0|request|"' in one.text
    kept = {**hidden, "point": ["0|request|"]}
    two = await otto.post(page, data={**kept, "step": "add", "kind": "fact", "sentence": ["1", "2"]})
    assert 'value="1.2|fact|"' in two.text
    back = await otto.post(page, data={**hidden, "point": ["0|request|", "1.2|fact|"], "remove": "0"})
    assert 'value="0|request|"' not in back.text
    none = await otto.post(page, data={**hidden, "step": "cut", "kind": "fact", "restatement": "No cars"})
    assert none.status_code == 422
    assert errors_of(none.text) == ["Tick the sentences of this point."]
    assert 'value="No cars"' in none.text
    done = await otto.post(page, data={**hidden, "point": ["0|request|", "1.2|fact|"], "step": "cut"})
    assert done.status_code == 303
    claims = await contributions.claims_of(town.first.contribution_id)
    assert [(one.number, one.kind) for one in claims] == [(1, "request"), (2, "fact")]
    await read(otto, f"/desk/claims/{town.first.public_id}", 403)


async def test_the_clock_waits_for_the_author_then_for_the_city(database):
    town = await a_town()
    question = await actions.ask_author(town.otto, town.second, await card_of(town.second), ASK)
    assert await queries.waiting_for(town.second.id) == "author"
    assert await queries.was_asked([town.second.id]) == frozenset()
    with pytest.raises(Refused, match="already waits"):
        await actions.ask_author(town.otto, town.second, await card_of(town.second), ASK)
    with clock.at(clock.now() + timedelta(days=12)):
        assert await queries.waiting_for(town.second.id) == "city"
        assert await queries.was_asked([town.second.id]) == {town.second.id}
        await actions.answer_question(town.bo, question, await card_of(town.second), "The bakery’s.")
        assert await queries.was_asked([town.second.id]) == {town.second.id}
    assert await queries.was_asked([]) == frozenset()
    types = [one.type for one in await leaves_of(question.public_id)]
    assert types == ["question.asked", "question.answered"]
    told = {row.kind: row.recipient for row in await Notice.filter(kind__startswith="question")}
    assert told == {
        "question.asked": f"participant/{town.bo.public_id}",
        "question.answered": f"participant/{town.otto.public_id}",
    }


async def test_only_the_author_answers_and_once(app):
    town = await a_town()
    question = await actions.ask_author(town.otto, town.second, await card_of(town.second), ASK)
    path = f"/questions/{question.public_id}"
    for stranger in (visitor(app), await browser_of(app, town.ada)):
        shown = await read(stranger, path)
        assert "Which deliveries" not in shown
        assert "This question is for one person" in shown
    await read(visitor(app), f"/questions/{'x' * 26}", 404)
    otto = await browser_of(app, town.otto)
    assert "Only the person who wrote this can answer." in await read(otto, path)
    with pytest.raises(Refused):
        await actions.answer_question(town.otto, question, await card_of(town.second), "Mine.")
    bo = await browser_of(app, town.bo)
    assert f"Until {written('en', in_days(10))}" in await read(bo, path)
    await send(bo, path, path, 422, text="")
    await send(bo, path, path, text="Those of the bakery.")
    assert "Those of the bakery." in await read(bo, path)
    with pytest.raises(Refused, match="answered this question already"):
        await actions.answer_question(town.bo, question, await card_of(town.second), "Again.")
    assert await Clarification.all().count() == 1
    assert "Bo Birk answered a question" in await read(otto, "/desk")
    assert "Those of the bakery." in await read(otto, f"/desk/claims/{town.second.public_id}")


async def test_a_guest_answers_with_the_pass_of_the_receipt(database):
    town = await a_town()
    card = await card_of(town.second)
    question = await actions.ask_author(town.otto, town.second, card, ASK)
    guest = Viewer(passes=frozenset({card.public_id}))
    found, _ = await queries.visible_question(guest, question.public_id)
    await actions.answer_question(guest, found, card, "By code.")
    assert (await queries.question_by_public_id(question.public_id)).answer == "By code."
    with pytest.raises(NotFound):
        await queries.visible_question(town.ada, question.public_id)


async def test_a_question_is_asked_from_the_desk(app):
    town = await a_town()
    otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
    page = f"/desk/claims/{town.second.public_id}/questions"
    await send(otto, page, page, 422, question="", days="2")
    await send(olga, page, page, question="Which ones?", days="7")
    assert "The author is waited for" in await read(otto, f"/desk/claims/{town.second.public_id}")
    zoe = await browser_of(app, await a_person("Zoe Zahn", "official", process="0" * 26))
    await read(zoe, page, 404)
    await read(otto, f"/desk/claims/{'x' * 26}/questions", 404)
    assert await ClarifyingQuestion.all().count() == 1


async def test_nobody_is_asked_who_cannot_be_told_or_whose_words_are_gone(database):
    from civic.contributions import actions as register
    from civic.foundation import database as db

    town = await a_town()
    with pytest.raises(Refused, match="Only the officials"):
        await actions.ask_author(town.ada, town.second, await card_of(town.second), ASK)
    async with db.transaction():
        await db.execute("UPDATE contribution SET author_id = NULL WHERE id = ?", town.second.contribution_id)
    with pytest.raises(Refused, match="Nobody can be reached"):
        await actions.ask_author(town.otto, town.second, await card_of(town.second), ASK)
    await register.hide(town.first.contribution_id, "test/1")
    (gone,) = await contributions.claims_of(town.first.contribution_id)
    with pytest.raises(Refused, match="withdrawn or hidden"):
        await actions.ask_author(town.otto, gone, await card_of(gone), ASK)


async def test_a_drafted_answer_to_a_retired_point_stays_in_its_history(database):
    town = await a_town()
    await decisions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    await decisions.cut_into_points(town.otto, town.first.public_id, [PointDraft((0,), REQUEST)], version=1)
    assert len(await decided.answers_of_claim(town.first.id)) == 1
    desk = await decided.desk_of(town.decision)
    assert town.first.id not in {one.claim_id for one in desk.points}
