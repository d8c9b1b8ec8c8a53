"""The survey after a decision: who is invited, one link, one answer, and results that give nobody away."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from civic.contributions.models import Contribution
from civic.evaluation import actions, queries
from civic.evaluation.forms import AnswerDraft
from civic.evaluation.items import ITEMS
from civic.evaluation.models import SurveyAnswer, SurveyInvitation, SurveyRelease
from civic.evaluation.results import Showing
from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import NotFound, Refused
from civic.ledger.queries import leaves_of
from civic.notices.models import ContactRequest, Notice
from tests.cast import a_person, mailed_path, told
from tests.conftest import visitor
from tests.decisions.desk import browser_of, errors_of, read, send
from tests.evaluation.survey_scene import a_survey, say, shown


async def test_who_took_part_is_invited_once_within_the_budget_by_one_link(app):
    scene = await a_survey()
    assert {one.recipient for one in await SurveyInvitation.all()} == {
        f"participant/{scene.town.ada.public_id}",
        f"participant/{scene.town.bo.public_id}",
    }
    with scene.on_day(1):
        assert await actions.open_surveys() == 0
        assert await actions.ask_kept_surveys() == 0
        assert await Notice.filter(kind="survey.link").count() == 2
        assert "survey.invited" in await told(scene.town.ada)
        assert [one.type for one in await leaves_of(scene.survey.public_id)] == ["survey.opened"]
        path, stranger = await mailed_path("survey.link"), visitor(app)
        page = await read(stranger, path)
        assert all(words in page for words in ITEMS.values())
        empty = await send(stranger, path, path, 422)
        assert len(errors_of(empty.text)) == 1
        await send(stranger, path, path, 422, party="6")
        done = await send(stranger, path, path, party="4", respect="0")
        assert "your answers have arrived" in await read(stranger, done.headers["location"])
        assert "Nothing to answer here" in await read(stranger, path, 404)
    kept = await SurveyAnswer.get()
    assert (kept.party, kept.respect, kept.view) == (4, 0, None)
    assert kept.outcome_group in ("adopted", "not")
    assert (kept.language, kept.channel) == ("en", "web")


async def test_a_link_is_over_with_its_survey_and_opens_no_other(database):
    scene = await a_survey()
    token = (await mailed_path("survey.link")).removeprefix("/surveys/")
    with scene.on_day(1):
        survey, _ = await queries.survey_of_link(token)
        assert survey.id == scene.survey.id
        with pytest.raises(NotFound):
            await queries.survey_of_link(scene.survey.public_id)
    with scene.on_day(60), pytest.raises(NotFound):
        await queries.survey_of_link(token)


async def test_somebody_known_answers_once_and_others_never(app):
    scene = await a_survey()
    ada, zoe = scene.town.ada, await a_person("Zoe Zed")
    with scene.on_day(1):
        browser = await browser_of(app, ada)
        assert "You took part: you can answer." in await read(browser, scene.path)
        own = f"{scene.path}/answer"
        await send(browser, own, own, party="5")
        await read(browser, own, 404)
        assert "Each person answers once." in await read(browser, scene.path)
        for other in (visitor(app), await browser_of(app, zoe)):
            await read(other, own, 404)
            assert "You took part" not in await read(other, scene.path)
        mine = await queries.invitation_of(ada, scene.survey)
        assert mine is not None
        with pytest.raises(Refused, match="answered already"):
            await actions.answer_survey(ada, scene.survey, mine, AnswerDraft({"party": 1}))
        with pytest.raises(Refused, match="took part"):
            await actions.answer_survey(zoe, scene.survey, mine, AnswerDraft({"party": 1}))
    assert await SurveyAnswer.all().count() == 1
    bo = await queries.invitation_of(scene.town.bo, scene.survey)
    assert bo is not None
    with scene.on_day(60), pytest.raises(Refused, match="closed"):
        await actions.answer_survey(scene.town.bo, scene.survey, bo, AnswerDraft({"party": 1}))


async def test_who_was_asked_for_something_this_month_is_invited_later_but_may_answer_now(database):
    scene = await a_survey()
    await db.execute("UPDATE contact SET asked_at = ?", scene.opened - timedelta(days=10))
    await db.execute("UPDATE contact_request SET state = 'waiting', settled_at = NULL")
    await Notice.filter(kind__in=["survey.link", "survey.invited"]).update(once_key=None)
    with scene.on_day(19):
        assert await actions.ask_kept_surveys() == 0
        assert await queries.invitation_of(scene.town.ada, scene.survey)
    await say(scene, scene.town.ada, 4, days=19)
    with scene.on_day(21):
        assert await actions.ask_kept_surveys() == 1
    assert sorted(one.state for one in await ContactRequest.all()) == ["dropped", "said"]


async def test_answers_name_nobody_and_are_erased_with_the_person(database):
    scene = await a_survey()
    await say(scene, scene.town.ada, 2)
    await say(scene, scene.town.bo, 5)
    rows = await db.rows("SELECT * FROM survey_answer")
    said = str([{key: str(value) for key, value in row.items()} for row in rows])
    for secret in (scene.town.ada.public_id, scene.town.bo.public_id, "@town.example"):
        assert secret not in said
    recipient = f"participant/{scene.town.ada.public_id}"
    assert await actions.forget_answers(recipient) == 1
    assert [one.party for one in await SurveyAnswer.all()] == [5]
    assert await queries.invitation_of(scene.town.ada, scene.survey) is None
    assert await actions.forget_answers(recipient) == 0


async def test_a_guest_answers_with_the_text_their_browser_opened(database):
    from civic.foundation.viewer import Viewer

    scene = await a_survey()
    text = await Contribution.get(id=scene.town.second.contribution_id)
    await Contribution.filter(id=text.id).update(author_id=None, guest_address="gus@post.example")
    await SurveyInvitation.filter(contribution_id=text.id).update(recipient=f"guest/{text.public_id}")
    await say(scene, Viewer(passes=frozenset({text.public_id})), {"view": 3})
    assert (await SurveyAnswer.get()).view == 3


async def test_results_come_from_five_answers_on_and_never_differ_by_fewer(app):
    scene = await a_survey(more=12)
    people, anyone = scene.people, visitor(app)
    for number, one in enumerate(people[:4]):
        await say(scene, one, {"party": 1 + number, "rights": 2})
    assert await shown(scene) is None
    with scene.on_day(2):
        assert "Nothing to show yet" in await read(anyone, scene.path)
        await read(anyone, f"{scene.path}.csv", 404)
    await say(scene, people[4], {"party": 5, "rights": 2, "view": 4})
    first = await shown(scene)
    assert first is not None
    assert (first["party"].counts, first["view"].showing) == ((1, 1, 1, 1, 1), Showing.WITHHELD)
    assert first["rights"].showing is Showing.FEWEST_AGREE
    with scene.on_day(2):
        page = await read(anyone, scene.path)
        assert "3 or less" not in page
        assert "10% or less" in page
        sheet = (await anyone.get(f"{scene.path}.csv")).text.lstrip("\ufeff")
    lines = {row["question"]: row for row in csv.DictReader(io.StringIO(sheet))}
    assert (lines["party"]["answered"], lines["party"]["share"]) == ("5", "0.4000")
    assert (lines["view"]["shown"], lines["view"]["answered"]) == ("withheld", "")
    assert (lines["rights"]["shown"], lines["rights"]["rather_disagree"]) == ("fewest", "")

    for one in people[5:9]:
        await say(scene, one, {"party": 5})
    assert await shown(scene, days=3) == first
    with scene.on_day(60):
        await actions.publish_results()
        assert await SurveyRelease.all().count() == 1, "the end of a survey gives nobody away either"
        survey = await queries.survey_of(scene.town.decision.id)
        assert survey is not None
        assert survey.closed_at is not None
    assert [one.type for one in await leaves_of(survey.public_id)] == ["survey.opened", "survey.published"]


async def test_five_more_who_do_not_all_say_the_same_refresh_the_results(database):
    scene = await a_survey(more=11)
    for number, one in enumerate(scene.people[:5]):
        await say(scene, one, {"party": 1 + number})
    first = await shown(scene)
    for one in scene.people[5:10]:
        await say(scene, one, {"party": 5})
    assert await shown(scene) == first, "five alike would each be known"
    await say(scene, scene.people[10], {"party": 1})
    second = await shown(scene)
    assert second is not None
    assert second["party"].counts == (2, 1, 1, 1, 6)
    assert [one.number for one in await SurveyRelease.all().order_by("id")] == [1, 2]
    assert [one.answered for one in await SurveyRelease.all().order_by("id")] == [5, 11]


async def test_an_old_decision_gets_no_survey(database):
    scene = await a_survey()
    await db.execute("DELETE FROM survey_invitation")
    await db.execute("DELETE FROM survey")
    with clock.at(scene.opened + timedelta(days=60)):
        assert await actions.open_surveys() == 0


async def test_results_cost_as_many_queries_with_ten_answers_as_with_five_hundred(app, count_queries):
    scene = await a_survey()
    anyone, costs = visitor(app), []
    for start, end in ((0, 10), (10, 500)):
        await SurveyAnswer.bulk_create(
            [
                SurveyAnswer(
                    survey_id=scene.survey.id,
                    person=f"{number:064}",
                    answered_on=clock.local_day(scene.opened),
                    language="fr",
                    channel="web",
                    **dict.fromkeys(ITEMS, 1 + number % 5),
                )
                for number in range(start, end)
            ]
        )
        assert await shown(scene)
        with scene.on_day(2):
            await read(anyone, scene.path)
            with count_queries() as seen:
                page = await read(anyone, scene.path)
        costs.append(seen.count)
    assert ">200</span>" in page
    assert costs[0] == costs[1]
