"""Answering a point: what is kept, what is refused, and two people at the same desk."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.contributions.forms import Words
from civic.contributions.models import Claim, ClaimKind, Relation
from civic.decisions import actions, queries
from civic.decisions.deadlines import proposed_days
from civic.decisions.forms import ProvisionDraft, ReviewDraft, fields_of
from civic.decisions.gates import PointState
from civic.decisions.models import (
    Disposition,
    DispositionVersion,
    Outcome,
    ProvisionLink,
    ProvisionVersion,
    ReasonCode,
)
from civic.decisions.rules import Answer, Details, Part
from civic.foundation import clock
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.languages import date as written
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from civic.processes.models import Profile
from civic.synthesis.forms import PointDraft
from tests.cast import (
    a_comment,
    a_note,
    a_person,
    a_process,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
    claim_of,
    in_days,
)
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_pages import REFUSAL


async def state_of(town, claim) -> PointState:
    desk = await queries.desk_of(await queries.decision_by_id(town.decision.id))
    return desk.state(next(one for one in desk.points if one.claim_id == claim.id))


async def test_an_answer_is_a_new_version_and_a_leaf_each_time(database):
    town = await a_town()
    first = await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    second = await actions.draft_answer(
        town.olga_as_official, town.second.public_id, a_note(), expected_version=1
    )
    assert (first.number, second.number) == (1, 2)
    place = await Disposition.get(claim_id=town.second.id)
    leaves = await leaves_of(place.public_id)
    assert [(leaf.type, leaf.fields["rev"]) for leaf in leaves] == [
        ("disposition.drafted", 1),
        ("disposition.drafted", 2),
    ]
    assert "reason" not in str(leaves[0].data)


async def test_two_officials_never_overwrite_each_other(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    page = await read(otto, f"{claim}?outcome=declined")
    await actions.draft_answer(town.olga_as_official, town.second.public_id, a_note(), expected_version=0)
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "expected_version")
    }
    answer = await otto.post(claim, data={**REFUSAL, **hidden})
    assert answer.status_code == 409
    assert "Somebody was quicker" in answer.text
    assert "No, the street stays open." in answer.text
    assert "Your account of the crossing is quoted in article 1." in answer.text
    assert await DispositionVersion.all().count() == 1
    chosen = {"pick-sentence_en": "mine", "pick-outcome": "mine", "pick-rationale_en": "mine"}
    merged = await sent_back(otto, claim, answer.text, **chosen)
    assert merged.status_code == 303
    (newest, first) = await queries.answers_of_claim(town.second.id)
    assert (newest.number, newest.answer.sentence["en"]) == (2, "No, the street stays open.")
    assert first.answer.sentence["en"] == "Your account of the crossing is quoted in article 1."


async def sent_back(browser, action: str, shown: str, **picks: str):
    """Send the page of two versions back with what was chosen on it."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(html.unescape(value))
    checked = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', shown)
    return await browser.post(action, data={**values, **dict(checked), **picks})


async def test_each_field_of_two_versions_can_be_chosen(app):
    town = await a_town()
    first = replace(a_refusal(), evidence="A count of 2026.")
    await actions.draft_answer(town.otto, town.second.public_id, first, expected_version=0)
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    page = await read(otto, claim)
    theirs = replace(first, evidence="A count of 2027.", rationale={"en": "Lorries need the lane."})
    await actions.draft_answer(town.olga_as_official, town.second.public_id, theirs, expected_version=1)
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "expected_version")
    }
    values = {name: given for name, given in fields_of(first).items() if given is not None}
    mine = {**values, "sentence_en": "No, and here is why.", "rationale_en": "The lane is narrow.", **hidden}
    seen = await otto.post(claim, data=mine)
    assert seen.status_code == 409
    text = re.sub(r"\s+", " ", seen.text)
    assert "You both changed it." in text
    assert "Only the other person changed it." in text
    assert "Only you changed it." in text
    assert (await sent_back(otto, claim, seen.text, **{"pick-rationale_en": "both"})).status_code == 303
    newest = (await queries.answers_of_claim(town.second.id))[0].answer
    assert newest.evidence == "A count of 2027."
    assert newest.sentence["en"] == "No, and here is why."
    assert newest.rationale["en"] == "Lorries need the lane.\n\nThe lane is narrow."


async def test_a_form_sent_twice_stores_one_version(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    page = await read(otto, f"{claim}?outcome=declined")
    hidden = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "expected_version")
    }
    sent = [await otto.post(claim, data={**REFUSAL, **hidden}) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    assert await DispositionVersion.all().count() == 1


async def test_an_incomplete_answer_comes_back_with_its_words(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    lacking = {**REFUSAL, "evidence": "", "trigger_en": "", "cost": "much"}
    answer = await send(otto, f"{claim}?outcome=declined", claim, 422, **lacking)
    assert set(errors_of(answer.text)) == {
        "Give the evidence, or say plainly that this is a choice of values.",
        "Say what would make you look at this again.",
        "Give an order of magnitude of the cost, in figures.",
    }
    assert "forty journeys a day" in answer.text
    assert await DispositionVersion.all().count() == 0


async def test_choosing_an_outcome_stores_nothing_and_keeps_the_words(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    page = await read(otto, claim)
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "form_key")}
    chosen = {**hidden, "outcome": "deferred", "sentence_en": "Later, with the budget."}
    whole = await otto.post(f"{claim}/outcome", data=chosen)
    assert whole.status_code == 200
    assert 'name="reopens_on"' in whole.text
    assert "Later, with the budget." in whole.text
    part = await otto.post(f"{claim}/outcome", data=chosen, headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="needs"')
    assert "<html" not in part.text
    more = await otto.post(f"{claim}/outcome", data={**hidden, "outcome": "partly", "more": "part"})
    assert 'name="part3_text_en"' in more.text
    assert await DispositionVersion.all().count() == 0


async def test_days_and_parts_are_proposed_to_an_answer_that_is_begun_and_to_no_other(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim, today = f"/desk/claims/{town.second.public_id}", clock.local_day(clock.now())
    referred = await read(otto, f"{claim}?outcome=referred")
    assert f'name="sent_on" type="date" value="{today}"' in referred
    assert f'name="follow_up_on" type="date" value="{today + timedelta(days=30)}"' in referred
    assert ("Proposed: today. Check it." in referred, "Proposed: in 30 days. Check it." in referred) == (
        True,
        True,
    )
    in_six_months = proposed_days(today)["reopens_on"]
    deferred = await read(otto, f"{claim}?outcome=deferred")
    assert f'name="reopens_on" type="date" value="{in_six_months}"' in deferred
    partly = await read(otto, f"{claim}?outcome=partly")
    assert re.findall(r'name="part._is" value="(\w+)" checked', partly) == ["adopted", "refused"]
    after_an_event = replace(
        a_refusal(),
        outcome=Outcome.DEFERRED,
        details=Details(anchor="Close it", owner="Roads", event={"en": "The vote."}),
    )
    await actions.draft_answer(town.otto, town.second.public_id, after_an_event, expected_version=0)
    kept = await read(otto, claim)
    assert 'name="reopens_on" type="date" value=""' in kept
    assert "Proposed" not in kept


def test_the_day_in_six_months_is_a_day_of_that_month():
    assert proposed_days(date(2026, 8, 31)) == {
        "reopens_on": date(2027, 2, 28),
        "sent_on": date(2026, 8, 31),
        "follow_up_on": date(2026, 9, 30),
    }


async def test_every_outcome_can_be_given_and_read_back(database):
    town = await a_town()
    article = await an_article(town.otto, town.decision)
    answers = {
        Outcome.ADOPTED: an_adoption(article),
        Outcome.ADAPTED: replace(
            a_refusal(),
            outcome=Outcome.ADAPTED,
            provisions=(article.public_id,),
            details=Details(anchor="Close it", differs={"en": "Only at school hours."}),
        ),
        Outcome.ALREADY: Answer(
            Outcome.ALREADY,
            {"en": "Already so."},
            details=Details(quotation="Guide dogs may enter.", in_force_on=clock.local_day(clock.now())),
        ),
        Outcome.PARTLY: replace(
            a_refusal(),
            outcome=Outcome.PARTLY,
            parts=(
                Part({"en": "End at 9"}, True),
                Part({"en": "All day"}, False, (ReasonCode.POLITICAL,), {"en": "We choose so."}),
            ),
        ),
        Outcome.DECLINED: a_refusal(),
        Outcome.OUT_OF_SCOPE: Answer(
            Outcome.OUT_OF_SCOPE,
            {"en": "Not here."},
            details=Details(scope_line=3, where={"en": "The region."}),
        ),
        Outcome.DEFERRED: replace(
            a_refusal(),
            outcome=Outcome.DEFERRED,
            details=Details(anchor="x", owner="Roads", event={"en": "e"}),
        ),
        Outcome.REFERRED: Answer(
            Outcome.REFERRED,
            {"en": "Elsewhere."},
            details=Details(
                body="Region",
                sent_on=clock.local_day(clock.now()),
                follow_up_on=clock.local_day(clock.now()).replace(year=2027),
            ),
        ),
        Outcome.NOTED: a_note(),
    }
    for version, (outcome, answer) in enumerate(answers.items()):
        await actions.draft_answer(town.otto, town.second.public_id, answer, expected_version=version)
        newest = (await queries.answers_of_claim(town.second.id))[0]
        assert newest.outcome is outcome
        assert newest.answer.sentence == answer.sentence
    drafts = await queries.answers_of_claim(town.second.id)
    scope = next(one for one in drafts if one.outcome is Outcome.OUT_OF_SCOPE)
    assert scope.answer.details.scope_quote == {"fr": "Les trains", "en": "Trains"}
    partly = next(one for one in drafts if one.outcome is Outcome.PARTLY)
    assert partly.answer.parts == answers[Outcome.PARTLY].parts
    assert await ProvisionLink.all().count() == 2


async def test_noted_cannot_bury_a_request(database):
    town = await a_town()
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.first.public_id, a_note(), expected_version=0)
    assert set(wrong.value.errors) == {"outcome"}


async def test_a_line_of_the_scope_that_is_not_there_is_refused(database):
    town = await a_town()
    answer = Answer(
        Outcome.OUT_OF_SCOPE, {"en": "No."}, details=Details(scope_line=99, where={"en": "There."})
    )
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.first.public_id, answer, expected_version=0)
    assert set(wrong.value.errors) == {"scope_line"}


async def test_an_article_of_another_decision_cannot_be_linked(database):
    town, other = await a_town(), await a_town()
    foreign = await an_article(other.otto, other.decision)
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.first.public_id, an_adoption(foreign), expected_version=0)
    assert "provisions" in wrong.value.errors


async def test_the_article_born_from_a_point_is_linked_by_the_act(database):
    town = await a_town()
    article = ProvisionDraft({"en": "Mill Street"}, {"en": "Closed at night."}, {}, {"en": "Open."})
    await actions.draft_answer(
        town.otto,
        town.first.public_id,
        Answer(Outcome.ADOPTED, {"en": "Yes."}),
        expected_version=0,
        new_article=article,
    )
    (draft,) = await queries.answers_of_claim(town.first.id)
    assert [one.heading for one in draft.articles] == [{"en": "Mill Street"}]


async def test_articles_are_versions_and_nobody_is_overwritten(app):
    town = await a_town()
    article = await an_article(town.otto, town.decision)
    otto = await browser_of(app, town.otto)
    page = f"/desk/decisions/{town.decision.public_id}/articles/{article.eid}"
    shown = await read(otto, page)
    hidden = {
        name: shown.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrf", "form_key", "expected_version")
    }
    draft = ProvisionDraft({"en": "Mill Street"}, {"en": "Closed on market days."}, {}, {"en": "Open."})
    await actions.write_provision(
        town.olga_as_official,
        town.decision,
        draft,
        provision=article.public_id,
        expected_version=article.version,
    )
    mine = {"heading_en": "Mill Street", "text_en": "Closed on Sundays.", **hidden}
    answer = await otto.post(page, data=mine)
    assert answer.status_code == 409
    assert "Closed on market days." in answer.text
    assert "Closed on Sundays." in answer.text
    assert 'name="expected_version" value="2"' in answer.text
    assert await ProvisionVersion.all().count() == 2
    assert (await sent_back(otto, page, answer.text, **{"pick-text_en": "both"})).status_code == 303
    newest = (await queries.article_versions(article.public_id))[0]
    assert newest.text["en"] == "Closed on market days.\n\nClosed on Sundays."
    with pytest.raises(NotFound):
        await actions.write_provision(town.otto, town.decision, draft, provision="x" * 26)


async def test_a_text_changed_before_the_freeze_waits_to_be_confirmed(app):
    town = await a_town()
    await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=0)
    assert await state_of(town, town.second) is PointState.READY
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await register.revise(town.bo, card, Words("", "And where do the buses go?"), expected_version=1)
    assert await state_of(town, town.second) is PointState.CHANGED
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    assert "And where do the buses go?" in await read(otto, claim)
    await send(otto, claim, f"{claim}/confirmation")
    assert await state_of(town, town.second) is PointState.READY
    newest = (await queries.answers_of_claim(town.second.id))[0]
    assert (newest.number, newest.for_version) == (2, 2)
    with after_the_freeze(town.process):
        card = await contributions.contribution_by_id(town.second.contribution_id)
        await register.revise(town.bo, card, Words("", "And the trams?"), expected_version=2)
        assert await state_of(town, town.second) is PointState.READY


async def test_confirming_needs_an_answer(database):
    town = await a_town()
    with pytest.raises(Refused, match="no answer"):
        await actions.confirm_answer(town.otto, town.second.public_id, expected_version=1)


async def test_withdrawn_words_owe_nothing_and_are_not_answered(app):
    town = await a_town()
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await register.withdraw(town.bo, card, "I was wrong")
    desk = await queries.desk_of(town.decision)
    assert [one.claim_id for one in desk.owed] == [town.first.id]
    assert await state_of(town, town.second) is PointState.WITHDRAWN
    with pytest.raises(Refused, match="withdrawn or hidden"):
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=0)
    otto = await browser_of(app, town.otto)
    desk_page = await read(otto, f"/desk/decisions/{town.decision.public_id}?state=withdrawn")
    assert "Withdrawn or hidden" in desk_page
    assert "Where do the deliveries go?" not in desk_page
    claim_page = await read(otto, f"/desk/claims/{town.second.public_id}")
    assert "Where do the deliveries go?" not in claim_page


async def test_words_awaiting_confirmation_are_not_counted(database):
    town = await a_town()
    await contributions_awaiting(town)
    desk = await queries.desk_of(town.decision)
    assert {one.claim_id for one in desk.points} == {town.first.id, town.second.id}
    assert (await queries.numbers_of(town.decision.id)).received == 2


async def contributions_awaiting(town) -> None:
    from civic.contributions.forms import Author
    from civic.debates import actions as debates
    from civic.debates.forms import CommentDraft
    from civic.debates.queries import thread_on

    thread = await thread_on(f"proposal/{town.proposal}")
    assert thread is not None
    guest = Author(None, None, "Gus", "gus@town.example", "en")
    await debates.post_comment(guest, thread, CommentDraft("Why not?", Relation.ASKS, None))


async def test_whoever_wrote_an_answer_cannot_be_its_second_reader(app):
    town = await a_town()
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    with pytest.raises(Refused, match="You wrote this answer"):
        await actions.review(town.otto, town.second.public_id, ReviewDraft(True, ""), expected_version=1)
    assert await state_of(town, town.second) is PointState.REVIEW
    olga = await browser_of(app, town.olga)
    claim = f"/desk/claims/{town.second.public_id}"
    answer = await send(olga, claim, f"{claim}/review", 422, verdict="return")
    assert "Say what should change." in answer.text
    await send(olga, claim, f"{claim}/review", verdict="return", note="Name the bus line.")
    assert await state_of(town, town.second) is PointState.RETURNED
    told = await Notice.get(kind="answer.returned")
    assert told.recipient == f"participant/{town.otto.public_id}"
    await actions.draft_answer(
        town.otto, town.second.public_id, a_refusal("Line 4 needs it."), expected_version=1
    )
    assert await state_of(town, town.second) is PointState.REVIEW
    await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=2)
    assert await state_of(town, town.second) is PointState.READY


async def test_a_review_of_an_older_version_is_refused(database):
    town = await a_town()
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal("Otherwise."), expected_version=1)
    with pytest.raises(Conflict):
        await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=1)
    with pytest.raises(NotFound):
        await actions.review(town.olga, town.first.public_id, ReviewDraft(True, ""), expected_version=1)


async def test_r3_in_the_full_profile_every_answer_is_read_twice(database):
    town = await a_town(profile=Profile.FULL)
    await Claim.filter(id=town.first.id).update(check_state="confirmed")
    article = await an_article(town.otto, town.decision)
    await actions.draft_answer(town.otto, town.first.public_id, an_adoption(article), expected_version=0)
    assert await state_of(town, town.first) is PointState.REVIEW
    await actions.review(town.olga, town.first.public_id, ReviewDraft(True, ""), expected_version=1)
    assert await state_of(town, town.first) is PointState.READY


async def test_several_answers_are_read_in_a_row(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "And the noise?")
    claim = await claim_of(third.contribution.public_id)
    for one, why in ((town.second, "The bus needs it."), (claim, "Noise was measured at 61 dB in May.")):
        await actions.draft_answer(town.otto, one.public_id, a_refusal(why), expected_version=0)
    olga = await browser_of(app, town.olga)
    page = f"/desk/decisions/{town.decision.public_id}/reviews"
    points = [f"{one.public_id}:1" for one in (town.second, claim)]
    await send(olga, page, page, 422, verdict="approve")
    await send(olga, page, page, verdict="approve", point=points)
    assert await state_of(town, town.second) is PointState.READY
    assert await state_of(town, claim) is PointState.READY


async def proposal_of(town):
    from civic.proposals.queries import visible_proposal

    return await visible_proposal(town.ada, town.proposal)


async def test_r8_copied_reasons_are_shown_and_declared_or_made_specific(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "And the noise?")
    claim = await claim_of(third.contribution.public_id)
    polite = "We have carefully considered this point but cannot retain it in the current context."
    for one in (town.second, claim):
        await actions.draft_answer(town.otto, one.public_id, a_refusal(polite), expected_version=0)
        await actions.review(town.olga, one.public_id, ReviewDraft(True, ""), expected_version=1)
    assert await state_of(town, claim) is PointState.GENERIC
    otto = await browser_of(app, town.otto)
    shown = await read(otto, f"/desk/claims/{claim.public_id}")
    assert "too much like another one" in shown
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:1" for one in (town.second, claim)]
    query = "&".join(f"point={one}" for one in points)
    await send(
        otto,
        f"{desk}/group?{query}",
        f"{desk}/group",
        what="declare",
        label_en="Deliveries and noise",
        point=points,
    )
    assert await state_of(town, claim) is PointState.REVIEW
    for one in (town.second, claim):
        await actions.review(town.olga, one.public_id, ReviewDraft(True, ""), expected_version=2)
    assert await state_of(town, claim) is PointState.READY
    newest = (await queries.answers_of_claim(claim.id))[0]
    assert newest.group is not None
    assert newest.group.size == 2


async def test_one_answer_for_several_points_says_so(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "Where do deliveries go, please?")
    claim = await claim_of(third.contribution.public_id)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.second, claim)]
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    chosen = {"outcome": "declined", "label_en": "Deliveries", **REFUSAL}
    await send(otto, page, f"{desk}/group", 422, **{**chosen, "point": points[:1]})
    await send(otto, page, f"{desk}/group", **{**chosen, "point": points})
    drafts = [(await queries.answers_of_claim(one.id))[0] for one in (town.second, claim)]
    assert {one.group.public_id for one in drafts if one.group} == {drafts[0].group.public_id}
    assert drafts[0].group.label == {"en": "Deliveries"}
    assert await state_of(town, claim) is PointState.REVIEW


async def test_r6_no_refusal_for_vagueness_without_a_question(app):
    from civic.synthesis import actions as synthesis
    from civic.synthesis.forms import QuestionDraft

    town = await a_town()
    vague = replace(a_refusal(), reason_codes=(ReasonCode.VAGUENESS,))
    with pytest.raises(Invalid):
        await actions.draft_answer(town.otto, town.second.public_id, vague, expected_version=0)
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await synthesis.ask_author(town.otto, town.second, card, QuestionDraft("Which deliveries?", 10))
    with pytest.raises(Invalid):
        await actions.draft_answer(town.otto, town.second.public_id, vague, expected_version=0)
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    said = {**REFUSAL, "reason_codes": ["vagueness"]}
    waiting = await send(otto, f"{claim}?outcome=declined", claim, 422, **said)
    last = written("en", in_days(10))
    assert f"The author was asked and can answer until {last}" in errors_of(waiting.text)[0]
    with clock.at(clock.now().replace(year=2027)):
        await actions.draft_answer(town.otto, town.second.public_id, vague, expected_version=0)


async def test_a_cut_text_is_answered_point_by_point(database):
    town = await a_town()
    cut = [
        PointDraft((0,), ClaimKind.REQUEST),
        PointDraft((1, 2), ClaimKind.FACT, "There is no other way to school."),
    ]
    opened = await actions.cut_into_points(town.otto, town.first.public_id, cut, version=1)
    assert [one.kind for one in opened] == ["request", "fact"]
    desk = await queries.desk_of(town.decision)
    assert {one.claim_id for one in desk.points} == {*(one.id for one in opened), town.second.id}
    with pytest.raises(Refused, match="finer points"):
        await actions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    await actions.draft_answer(town.otto, opened[1].public_id, a_note(), expected_version=0)


async def test_people_of_another_process_find_nothing(app):
    town = await a_town()
    elsewhere = await a_process()
    zoe = await a_person("Zoe Zahn", "official", process=elsewhere.public_id)
    await read(await browser_of(app, town.otto), f"/desk/claims/{town.first.public_id}")
    browser = await browser_of(app, zoe)
    here = f"/desk/decisions/{town.decision.public_id}"
    claim = f"/desk/claims/{town.first.public_id}"
    parts = ("", "/articles", "/texts", "/publication", "/promises", "/reviews", "/group")
    for path in (
        *(here + part for part in parts),
        claim,
        f"{claim}/points",
        f"/decisions/{town.decision.public_id}",
    ):
        await read(browser, path, 404)
    with pytest.raises(NotFound):
        await actions.draft_answer(zoe, town.first.public_id, a_refusal(), expected_version=0)
    with pytest.raises(Refused):
        await actions.write_provision(zoe, town.decision, ProvisionDraft({"en": "x"}, {"en": "x"}, {}, {}))


async def test_a_reviewer_reads_and_does_not_write(database):
    town = await a_town()
    with pytest.raises(Refused, match="write the answers"):
        await actions.draft_answer(town.olga, town.first.public_id, a_refusal(), expected_version=0)


async def test_a_question_is_settled_by_one_decision(database):
    from tests.cast import a_decision

    town = await a_town()
    with pytest.raises(Conflict):
        await a_decision(town.otto, town.process)
    stranger = await a_person("Zoe Zahn")
    with pytest.raises(Refused):
        await a_decision(stranger, town.process)


async def test_a_point_needs_a_decision_before_its_answer(database):
    from tests.cast import a_proposal

    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    proposal = await a_proposal(await a_person("Ada Alm"), process)
    claim = await claim_of(proposal.public_id)
    with pytest.raises(Refused, match="Begin the decision"):
        await actions.draft_answer(otto, claim.public_id, a_refusal(), expected_version=0)


async def an_answer_in_parts(town) -> None:
    """Answer one more point of Bo in part, read by a second person."""
    third = await a_comment_before(town)
    answer = replace(
        a_refusal("The lease of the corner shop runs until June."),
        outcome=Outcome.PARTLY,
        parts=(
            Part({"en": "End at 9"}, True),
            Part({"en": "All day"}, False, (ReasonCode.LAW,), {"en": "The lease says so."}),
        ),
    )
    await actions.draft_answer(town.otto, third.public_id, answer, expected_version=0)
    await actions.review(town.olga, third.public_id, ReviewDraft(True, ""), expected_version=1)


async def a_comment_before(town):
    """Make one more point while the debate runs."""
    from datetime import timedelta

    with clock.at(town.decision.created_at + timedelta(minutes=1)):
        receipt = await a_comment(town.bo, await proposal_of(town), "And the corner shop?")
    return await claim_of(receipt.contribution.public_id)
