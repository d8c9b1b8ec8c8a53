"""The smaller pages of the desk: beginning a decision, its texts, articles, promises, and bad input."""

from __future__ import annotations

import pytest

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.decisions import actions, queries
from civic.decisions.actions.drafting import hold_point
from civic.decisions.forms import AppealDraft, DecisionDraft, ReviewDraft, RulingDraft
from civic.decisions.models import AppealGround, Decision, Finding
from civic.decisions.policies import may_begin, may_group
from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.notices.models import Notice
from civic.processes.models import ProcessState
from civic.synthesis.forms import PointDraft
from tests.cast import (
    a_draft_process,
    a_note,
    a_person,
    a_process,
    a_proposal,
    a_refusal,
    after_the_freeze,
    claim_of,
    in_days,
)
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_pages import REFUSAL
from tests.decisions.test_publication import SIGNED, answered, fresh


async def test_a_decision_is_begun_from_the_desk(app):
    process = await a_process(issues=2)
    other = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    browser = await browser_of(app, otto)
    assert "No decision begun" in await read(browser, "/desk/decisions")
    new = f"/desk/decisions/new?process={process.slug}&issue={process.issues[0].public_id}"
    lacking = await send(browser, new, "/desk/decisions", 422, issues=[], title_en="")
    assert len(errors_of(lacking.text)) == 2
    unknown = {"title_en": "Mill Street", "decision_maker": otto.public_id}
    await send(browser, new, "/desk/decisions", 422, issues=process.issues[0].public_id, **unknown)
    await send(
        browser,
        new,
        "/desk/decisions",
        issues=[one.public_id for one in process.issues],
        title_en="Mill Street",
        decision_maker=dora.public_id,
    )
    decision = await Decision.get()
    assert decision.decision_maker_id == dora.participant
    assert "Mill Street" in await read(browser, "/desk/decisions")
    assert "already in a decision" in await read(browser, new)
    shown = await read(browser, f"/desk/decisions/{decision.public_id}/texts")
    token = shown.split('name="csrf" value="')[1].split('"')[0]
    data = {"csrf": token, "form_key": "k" * 26, "process": other.slug, "title_en": "x"}
    assert (await browser.post("/desk/decisions", data=data)).status_code == 404


async def test_somebody_with_two_processes_chooses_first(app):
    first, second = await a_process(), await a_process()
    otto = await a_person("Otto Ohm", "official")
    browser = await browser_of(app, otto)
    shown = await read(browser, "/desk/decisions/new")
    assert first.slug in shown
    assert second.slug in shown
    dora = await a_person("Dora Diaz", "decision_maker")
    assert "No open process" not in await read(await browser_of(app, dora), "/desk/decisions/new")


async def test_decisions_are_not_begun_on_drafts_or_foreign_questions(database):
    draft = await a_draft_process()
    otto = await a_person("Otto Ohm", "official")
    assert not may_begin(otto, draft.public_id, ProcessState.DRAFT)
    town = await a_town()
    foreign = DecisionDraft({"en": "x"}, {}, "", (draft.issues[0].public_id,))
    with pytest.raises(Invalid):
        await actions.create_decision(otto, town.process, foreign)
    with pytest.raises(Refused):
        may_group(1).demand()


async def test_two_officials_change_the_title(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/decisions/{town.decision.public_id}/texts"
    shown = await read(otto, page)
    hidden = {
        name: shown.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "expected_version")
    }
    await send(otto, page, page, 422, title_en="", title_fr="")
    await send(otto, page, page, title_en="Mill Street for all", decision_maker=town.dora.public_id)
    late = await otto.post(page, data={**hidden, "title_en": "Mine"})
    assert late.status_code == 409
    assert "Mill Street for all" in late.text
    assert "Mine" in late.text
    assert (await fresh(town)).title == {"en": "Mill Street for all"}


async def test_articles_and_promises_say_what_they_lack(app):
    town = await a_town()
    otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
    here = f"/desk/decisions/{town.decision.public_id}"
    await send(otto, f"{here}/articles/new", f"{here}/articles", 422, heading_en="")
    await send(otto, f"{here}/articles/new", f"{here}/articles", heading_en="Rue", text_en="Closed.")
    await send(otto, f"{here}/articles/a1", f"{here}/articles/a1", 422, text_en="")
    await send(otto, f"{here}/articles/a1", f"{here}/articles/a1", heading_en="Rue", text_en="Shut.")
    assert "Shut." in await read(otto, f"{here}/articles")
    await read(otto, f"{here}/articles/a9", 404)
    await send(otto, f"{here}/promises", f"{here}/promises", 422, promise_en="", owner="x", due_on="never")
    assert "write the answers" in await read(olga, f"{here}/texts")
    assert "write the answers" in await read(olga, f"{here}/articles/a1")


async def test_the_points_are_filtered_and_searched(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    here = f"/desk/decisions/{town.decision.public_id}"
    issue = town.process.issues[0].public_id
    for query, first, second in (
        ("q=deliveries", False, True),
        (f"issue={issue}", True, True),
        ("issue=none", True, True),
        ("state=ready", False, False),
        ("outcome=declined", False, False),
        ("late=1", False, False),
        (f"after={town.first.public_id}", False, True),
    ):
        shown = await read(otto, f"{here}?{query}")
        listed = [f"/desk/claims/{one.public_id}" in shown for one in (town.first, town.second)]
        assert listed == [first, second], query
    part = await otto.get(f"{here}?q=deliveries", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert town.second.public_id in part.text


async def test_an_answer_kept_leads_to_the_next_point(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.first.public_id}"
    sent = await send(otto, f"{claim}?outcome=declined", claim, next="1", **REFUSAL)
    assert sent.headers["location"] == f"/desk/claims/{town.second.public_id}"
    other = f"/desk/claims/{town.second.public_id}"
    lacking = {**REFUSAL, "outcome": "adopted", "article_text_en": "Only words."}
    wrong = await send(otto, f"{other}?outcome=adopted", other, 422, **lacking)
    assert "Give the new article a heading." in wrong.text
    lacking = {**REFUSAL, "outcome": "adopted", "article_heading_en": "Only a heading."}
    wrong = await send(otto, f"{other}?outcome=adopted", other, 422, **lacking)
    assert "Write the words of the new article." in wrong.text


async def test_a_point_adopted_in_part_is_written_part_by_part(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    given = {
        **REFUSAL,
        "outcome": "partly",
        "parts": "2",
        "part1_text_en": "In the morning",
        "part1_is": "adopted",
        "part2_text_en": "All day",
        "part2_is": "refused",
        "part2_reasons": ["political"],
        "part2_rationale_en": "We choose so.",
    }
    await send(otto, f"{claim}?outcome=partly", claim, **given)
    (draft,) = await queries.answers_of_claim(town.second.id)
    assert [(part.is_adopted, part.text["en"]) for part in draft.answer.parts] == [
        (True, "In the morning"),
        (False, "All day"),
    ]
    assert draft.answer.is_value_choice
    shown = await read(otto, claim)
    assert "In the morning" in shown
    assert "We choose so." in shown


async def test_a_group_can_bear_an_article_written_for_it(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    here = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    page = f"{here}/group?" + "&".join(f"point={one}" for one in points)
    chosen = {"point": points, "label_en": "Mornings", "outcome": "adopted"}
    shown = await read(otto, page)
    hidden = {name: shown.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "form_key")}
    part = await otto.post(
        f"{here}/group/outcome", data={**hidden, **chosen, "more": "part"}, headers={"HX-Request": "true"}
    )
    assert 'name="article_heading_en"' in part.text
    await send(otto, page, f"{here}/group", 422, **chosen, sentence_en="")
    await send(
        otto,
        page,
        f"{here}/group",
        **chosen,
        sentence_en="Yes.",
        article_heading_en="Rue",
        article_text_en="Shut.",
    )
    drafts = [(await queries.answers_of_claim(one.id))[0] for one in (town.first, town.second)]
    assert [len(one.articles) for one in drafts] == [1, 1]
    await actions.confirm_answer(town.otto, town.first.public_id, expected_version=1)
    again = (await queries.answers_of_claim(town.first.id))[0]
    assert again.group is not None


async def test_groups_hold_points_of_their_own_decision_only(database):
    town, other = await a_town(), await a_town()
    points = {town.first.public_id: 0, other.first.public_id: 0}
    with pytest.raises(NotFound):
        await actions.answer_together(
            town.otto, town.decision, a_refusal(), actions.GroupDraft({"en": "x"}, points)
        )


async def test_words_are_held_until_the_answer_is_written(database):
    town = await a_town()
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await register.withdraw(town.bo, card, "Wrong.")
    with pytest.raises(Conflict, match="withdrawn or hidden"):
        await hold_point(town.second, card)
    first = await contributions.contribution_by_id(town.first.contribution_id)
    cut = [PointDraft((0,), town.first.kind)]
    await actions.cut_into_points(town.otto, town.first.public_id, cut, version=1)
    with pytest.raises(Refused, match="finer points"):
        await hold_point(town.first, first)


async def test_acts_go_on_when_a_drafter_is_no_longer_known(database):
    """Erasing a person takes their name off what they drafted; the rights of others stay."""
    town = await a_town()
    await answered(town)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal("Other."), expected_version=2 - 1)
    async with db.transaction():
        await db.execute("UPDATE disposition_version SET drafted_by_id = NULL")
    await actions.review(town.olga, town.second.public_id, ReviewDraft(False, "No."), expected_version=2)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal("Last."), expected_version=2)
    async with db.transaction():
        await db.execute("UPDATE disposition_version SET drafted_by_id = NULL")
        await db.execute("UPDATE contribution SET author_id = NULL WHERE id = ?", town.second.contribution_id)
    await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=3)
    from civic.foundation.viewer import Viewer

    card = await contributions.contribution_by_id(town.second.contribution_id)
    bearer = Viewer(passes=frozenset({card.public_id}))
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        await actions.reply(bearer, outcome.public_id, "By code.")
        appeal = await actions.file_appeal(
            bearer, outcome.public_id, AppealDraft(AppealGround.RIGHTS, "My right.")
        )
        ruling = RulingDraft(Finding.UPHELD, {"en": "Yes."}, "")
        await actions.rule_on_appeal(town.olga_as_official, appeal.public_id, ruling)
    assert (
        await Notice.filter(kind__in=["answer.returned", "reply.published", "outcome_appeal.again"]).count()
        == 0
    )


async def test_nothing_can_be_said_about_hidden_words(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        await register.hide(town.second.contribution_id, "test/1")
        with pytest.raises(NotFound):
            await actions.reply(town.bo, outcome.public_id, "Still here.")


async def test_what_is_put_off_or_sent_away_comes_back_on_its_day(app):
    from dataclasses import replace

    from tests.decisions.test_rules import DEFERRED, REFERRED

    town = await a_town()
    third = await a_proposal(town.bo, town.process, title="Trams", body="More trams.")
    claim = await claim_of(third.public_id)
    later = replace(DEFERRED, reopens_on=in_days(100))
    sent = replace(
        REFERRED,
        details=replace(REFERRED.details, sent_on=clock.local_day(clock.now()), follow_up_on=in_days(110)),
    )
    await answered(town, second=False)
    await actions.draft_answer(town.otto, town.second.public_id, later, expected_version=0)
    await actions.draft_answer(town.otto, claim.public_id, sent, expected_version=0)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        otto = await browser_of(app, town.otto)
        assert "A postponed point comes back" not in await read(otto, "/desk")
    with clock.at(clock.now().replace(year=2027, month=4)):
        otto = await browser_of(app, town.otto)
        shown = await read(otto, "/desk")
        assert "A postponed point comes back" in shown
        assert "Ask La région what became of a point" in shown


async def test_frozen_questions_without_a_decision_are_owed(app):
    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    await a_proposal(await a_person("Ada Alm"), process)
    with after_the_freeze(process):
        browser = await browser_of(app, otto)
        shown = await read(browser, "/desk")
        assert "1 point without a decision begun" in shown
        assert f"?process={process.slug}&amp;issue={process.issues[0].public_id}" in shown


async def test_reads_by_id_find_what_is_there(database):
    town = await a_town()
    assert (await queries.decision_by_public_id(town.decision.public_id)).id == town.decision.id
    assert await queries.gate_items(town.decision.id)
    assert await queries.count_owed(town.otto) == 1
    assert await queries.published_version(town.decision.id) is None
    with pytest.raises(NotFound):
        await queries.decision_by_id(10**9)
    with pytest.raises(NotFound):
        await queries.published_outcome("x" * 26)
    assert await queries.outcomes_of_claims([]) == {}
    await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=0)
    assert await queries.answers_by_id([]) == {}


async def test_decisions_are_listed_page_by_page(database):
    towns = [await a_town() for _ in range(3)]
    for place, town in enumerate(towns):
        await answered(town)
        with after_the_freeze(town.process, days=place + 1):
            await actions.publish(town.dora, town.decision, SIGNED)
    first, after = await queries.recent_decisions(limit=2)
    rest, end = await queries.recent_decisions(limit=2, after=after)
    assert [one.id for one in (*first, *rest)] == [one.decision.id for one in reversed(towns)]
    assert end is None
    only, _ = await queries.recent_decisions(process_id=towns[0].process.id)
    assert [one.id for one in only] == [towns[0].decision.id]
