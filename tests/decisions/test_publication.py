"""Signing, holding, stopping, publishing with and without the banner, correcting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from civic import settings as configuration
from civic.accounts import actions as accounts
from civic.accounts.forms import AbsenceDraft
from civic.app import handlers
from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.decisions import actions, queries
from civic.decisions.forms import ProvisionDraft, PublicationDraft, ReviewDraft
from civic.decisions.models import (
    AppealGround,
    DecisionVersion,
    Finding,
    ImportedOutcome,
    PublicationStop,
    PublishedOutcome,
    Release,
)
from civic.foundation import clock, database, queue, search
from civic.foundation.errors import Conflict, Invalid, Refused
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.cast import (
    a_comment,
    a_note,
    a_person,
    a_proposal,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
    as_viewer,
    claim_of,
    in_days,
    sign_in,
)
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, browser_of, errors_of, read, send

SIGNED = PublicationDraft(role="Deputy mayor", at=None, with_banner=False, correction={})
BANNER = replace(SIGNED, with_banner=True)
CORRECTED = replace(SIGNED, correction={"en": "A figure was wrong."})


async def answered(town: Town, *, second: bool = True) -> None:
    """Answer the points of a town, so that nothing holds its decision back."""
    article = await an_article(town.otto, town.decision)
    await actions.draft_answer(town.otto, town.first.public_id, an_adoption(article), expected_version=0)
    if second:
        await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
        await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=1)


async def fresh(town: Town):
    return await queries.decision_by_id(town.decision.id)


def hold(seconds: int) -> None:
    configuration.use(replace(configuration.current(), hold_seconds=seconds))


async def test_r1_nothing_is_published_before_the_freeze_or_with_a_point_unanswered(database):
    town = await a_town()
    await answered(town, second=False)
    with pytest.raises(Refused, match="still open"):
        await actions.publish(town.dora, town.decision, BANNER)
    with after_the_freeze(town.process):
        with pytest.raises(Refused, match="to answer"):
            await actions.publish(town.dora, town.decision, SIGNED)
        assert await DecisionVersion.all().count() == 0
        version = await actions.publish(town.dora, town.decision, BANNER)
        assert (version.unanswered, version.counts["answered"], version.counts["owed"]) == (1, 1, 2)
        answer = await queries.outcome_of_claim(town.second.id)
        assert answer is None


async def test_a_forgotten_banner_brings_the_form_back_with_its_words(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        dora, olga = await browser_of(app, town.dora), await browser_of(app, town.olga)
        page = f"/desk/decisions/{town.decision.public_id}/publication"
        later = f"{in_days(3, moment).isoformat()}T10:00"
        shown = await send(dora, page, page, 422, role="First deputy", when="later", at=later)
        assert errors_of(shown.text) == ["One condition is not met: 2 points to answer"]
        assert 'href="#f-with_banner"' in shown.text
        assert 'value="First deputy"' in shown.text
        assert f'value="{later}"' in shown.text
        assert "no answer that can be published" in await read(dora, page)
        hidden = re.findall(
            r'name="(csrf|form_key)" value="([^"]*)"', await read(olga, "/desk/decisions/new")
        )
        refused = await olga.post(page, data={**dict(hidden), "role": "Reader", "when": "now"})
        assert refused.status_code == 403
    assert await DecisionVersion.all().count() == 0


async def test_only_the_decision_maker_signs(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        for viewer in (town.otto, town.olga, town.ada):
            with pytest.raises(Refused, match="decision maker"):
                await actions.publish(viewer, town.decision, SIGNED)
        assert (await actions.publish(town.dora, town.decision, SIGNED)).signed_by == "Dora Diaz"


async def test_the_banner_is_not_kept_when_nothing_is_missing(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        assert (await actions.publish(town.dora, town.decision, BANNER)).unanswered == 0


async def test_answers_that_are_not_ready_stay_out_of_a_publication_with_the_banner(database):
    town = await a_town()
    await answered(town, second=False)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    with after_the_freeze(town.process):
        with pytest.raises(Refused, match="second person"):
            await actions.publish(town.dora, town.decision, SIGNED)
        version = await actions.publish(town.dora, town.decision, BANNER)
        assert version.unanswered == 1
        assert await PublishedOutcome.all().count() == 1


async def test_a_publication_can_be_stopped_while_it_is_held(app):
    hold(600)
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        dora, otto = await browser_of(app, town.dora), await browser_of(app, town.otto)
        page = f"/desk/decisions/{town.decision.public_id}/publication"
        await send(dora, page, page, role="Deputy mayor", when="now")
        assert "Stop the publication" in await read(otto, page)
        await queue.work_off(handlers())
        await read(visitor(app), f"/decisions/{town.decision.public_id}", 404)
        with pytest.raises(Refused, match="waiting to leave"):
            await actions.publish(town.dora, town.decision, SIGNED)
        await send(otto, page, f"{page}/stop")
        stop = await PublicationStop.get()
        assert stop.stopped_by_id == town.otto.participant
        with pytest.raises(Conflict, match="No publication is waiting"):
            await actions.stop_publication(town.otto, await fresh(town))
        with clock.at(clock.now() + timedelta(hours=1)):
            await queue.work_off(handlers())
        assert await Release.all().count() == 0
        assert await Notice.filter(kind="decision.published").count() == 0
    types = [entry.type for entry in await leaves_of(town.decision.public_id)]
    assert types == ["decision.drafted", "decision.stopped"]


async def test_a_held_publication_leaves_when_its_time_has_come(database):
    hold(600)
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        signed = await actions.publish(town.dora, town.decision, SIGNED)
        assert signed.is_pending
        await queue.work_off(handlers())
        assert await Release.all().count() == 0
        assert not await actions.release_due(signed.public_id)
        with clock.at(signed.release_at):
            await queue.work_off(handlers())
            assert await Release.all().count() == 1
            assert not await actions.release_due(signed.public_id)
            assert not await actions.release_due("x" * 26)
            with pytest.raises(Conflict):
                await actions.stop_publication(town.otto, await fresh(town))
    assert await Release.all().count() == 1


async def test_a_publication_can_wait_for_a_set_time(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        for wrong in (clock.now() - timedelta(hours=1), clock.now() + timedelta(days=400)):
            with pytest.raises(Invalid):
                await actions.publish(town.dora, town.decision, replace(SIGNED, at=wrong))
        at = clock.now() + timedelta(days=2)
        signed = await actions.publish(town.dora, town.decision, replace(SIGNED, at=at))
        assert signed.release_at == at
        with clock.at(at):
            await queue.work_off(handlers())
        assert await Release.all().count() == 1


async def test_a_point_that_comes_back_while_it_waits_stops_the_publication(database):
    hold(600)
    town = await a_town()
    await answered(town, second=False)
    await register.hide(town.second.contribution_id, "test/1")
    with after_the_freeze(town.process):
        signed = await actions.publish(town.dora, town.decision, SIGNED)
        assert signed.unanswered == 0
        await register.restore(town.second.contribution_id, "test/2")
        with clock.at(signed.release_at):
            await queue.work_off(handlers())
        assert await Release.all().count() == 0
        stop = await PublicationStop.get()
        assert stop.stopped_by_id is None
        told = await Notice.get(kind="decision.stopped")
        assert told.recipient == f"participant/{town.dora.public_id}"


async def test_a_substitute_signs_in_somebodys_place_and_says_so(app):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        away = AbsenceDraft(town.otto.public_id or "", clock.local_day(clock.now()), in_days(7))
        await accounts.name_substitute(town.dora, away)
        otto = await as_viewer(town.otto.participant or 0)
        version = await actions.publish(otto, town.decision, SIGNED)
        assert (version.signed_by, version.signed_for) == ("Otto Ohm", "Dora Diaz")
        shown = await read(visitor(app), f"/decisions/{town.decision.public_id}")
        assert "Otto Ohm, Deputy mayor, for Dora Diaz" in shown


async def test_a_correction_replaces_and_is_announced(app):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process) as moment:
        await actions.publish(town.dora, town.decision, SIGNED)
        await queue.work_off(handlers())
        late = await a_late_comment(town)
        with pytest.raises(Refused, match="Nothing differs"):
            await actions.publish(town.dora, await fresh(town), CORRECTED)
        await actions.draft_answer(town.otto, late.public_id, a_note(), expected_version=0)
        with clock.at(moment + timedelta(days=1)):
            dora = await browser_of(app, town.dora)
            page = f"/desk/decisions/{town.decision.public_id}/publication"
            await send(dora, page, page, 422, role="Deputy mayor", when="now")
            await send(dora, page, page, role="Deputy mayor", when="now", correction_en="One more answer.")
            await queue.work_off(handlers())
            shown = await read(visitor(app), f"/decisions/{town.decision.public_id}")
            assert "One more answer." in shown
            assert "after the freeze" in shown
            first = await read(visitor(app), f"/decisions/{town.decision.public_id}/versions/1")
            assert "This version was replaced." in first
            assert "Corrected on" not in first
            assert "after the freeze" not in first
            await read(visitor(app), f"/decisions/{town.decision.public_id}/versions/3", 404)
    told = await Notice.filter(kind="decision.corrected")
    assert [one.recipient for one in told] == [f"participant/{town.bo.public_id}"]
    types = [entry.type for entry in await leaves_of(town.decision.public_id)]
    assert types == ["decision.drafted", "decision.published", "decision.corrected"]


async def a_late_comment(town: Town):
    from civic.proposals.queries import visible_proposal

    proposal = await visible_proposal(town.bo, town.proposal)
    with clock.at(clock.now()):
        receipt = await a_comment_after_the_freeze(town, proposal)
    return await claim_of(receipt.contribution.public_id)


async def a_comment_after_the_freeze(town: Town, proposal):
    """The debate may stay open after a question is frozen: its points are answered later."""
    from civic.processes import actions as processes
    from civic.processes.forms import PhaseChangeDraft
    from civic.processes.models import PhaseKind
    from tests.cast import SYSTEM

    draft = PhaseChangeDraft({"en": "Heard once more."}, in_days(5))
    await processes.open_phase(SYSTEM, town.process, PhaseKind.DELIBERATION, draft)
    return await a_comment(town.bo, proposal, "And at night?")


async def test_late_points_wait_for_a_superseding_version(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        late = await a_late_comment(town)
        await actions.draft_answer(town.otto, late.public_id, a_note(), expected_version=0)
        version = await actions.publish(town.dora, town.decision, SIGNED)
        assert version.unanswered == 0
        assert version.counts["late"] == 1
        assert await queries.outcome_of_claim(late.id) is None
        await actions.publish(town.dora, await fresh(town), CORRECTED)
        outcome = await queries.outcome_of_claim(late.id)
        assert outcome is not None
        assert outcome.speaker.is_late


async def test_an_answer_in_force_stands_until_its_new_draft_is_ready(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await actions.draft_answer(town.otto, town.first.public_id, a_refusal("Other."), expected_version=1)
        draft = ProvisionDraft({"en": "Mill Street"}, {"en": "Closed at noon."}, {}, {"en": "Open."})
        (article,) = await queries.articles_now(town.decision.id)
        await actions.write_provision(
            town.otto, town.decision, draft, provision=article.public_id, expected_version=1
        )
        await actions.publish(town.dora, await fresh(town), CORRECTED)
        outcome = await queries.outcome_of_claim(town.first.id)
        assert outcome is not None
        assert outcome.outcome == "adopted"
        assert [one.version for one in outcome.answer.articles] == [2]
        assert len(await queries.history_of_claim(town.first.id)) == 1


async def test_an_article_taken_out_is_not_published(database):
    town = await a_town()
    await answered(town, second=False)
    extra = await an_article(town.otto, town.decision)
    draft = ProvisionDraft({"en": "Gone"}, {"en": "Gone."}, {}, {}, is_repealed=True)
    await actions.write_provision(
        town.otto, town.decision, draft, provision=extra.public_id, expected_version=1
    )
    with after_the_freeze(town.process):
        version = await actions.publish(town.dora, town.decision, BANNER)
        assert [one.eid for one in await queries.articles_of(version.id)] == ["a1"]


async def test_yes_without_a_change_in_the_text_is_held_back(database):
    town = await a_town()
    await answered(town)
    (article,) = await queries.articles_now(town.decision.id)
    same = ProvisionDraft(article.heading, {"en": "Open all day."}, {}, {"en": "Open all day."})
    await actions.write_provision(
        town.otto, town.decision, same, provision=article.public_id, expected_version=1
    )
    with after_the_freeze(town.process), pytest.raises(Refused, match="changes nothing"):
        await actions.publish(town.dora, town.decision, SIGNED)


async def test_a_second_postponement_needs_the_decision_makers_own_signature(database):
    from tests.decisions.test_rules import DEFERRED

    town = await a_town()
    await answered(town, second=False)
    later = replace(DEFERRED, reopens_on=in_days(200))
    await actions.draft_answer(town.otto, town.second.public_id, later, expected_version=0)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        again = replace(later, reopens_on=in_days(400))
        await actions.draft_answer(town.otto, town.second.public_id, again, expected_version=1)
        desk = await queries.desk_of(await fresh(town))
        point = next(one for one in desk.points if one.claim_id == town.second.id)
        assert desk.state(point) == "signature"
        await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=2)
        desk = await queries.desk_of(await fresh(town))
        assert desk.state(next(one for one in desk.points if one.claim_id == town.second.id)) == "signature"
        await actions.review(town.dora, town.second.public_id, ReviewDraft(True, ""), expected_version=2)
        desk = await queries.desk_of(await fresh(town))
        assert desk.state(next(one for one in desk.points if one.claim_id == town.second.id)) == "ready"


async def test_r7_received_distinct_and_published_are_shown_together(app):
    town = await a_town()
    twin = await a_proposal(town.bo, town.process)
    claim = await claim_of(twin.public_id)
    await register.hide(claim.contribution_id, "test/1")
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        numbers = await queries.numbers_of(town.decision.id)
        assert (numbers.received, numbers.distinct, numbers.published) == (3, 2, 2)
        shown = await read(visitor(app), f"/decisions/{town.decision.public_id}")
        assert "3 points received, 2 distinct, 2 published" in shown


async def test_a_point_hidden_after_publication_reads_as_withdrawn_everywhere(app):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        await register.hide(town.second.contribution_id, "test/1")
        anyone = visitor(app)
        for path in (
            f"/decisions/{town.decision.public_id}",
            f"/outcomes/{outcome.public_id}",
            f"/decisions/{town.decision.public_id}/versions/1",
        ):
            shown = await read(anyone, path)
            assert "Where do the deliveries go?" not in shown
            assert "No, the street stays open." not in shown
        tally = await queries.tally((await fresh(town)).in_force.id)
        assert tally == {"adopted": 1, "withdrawn": 1}


async def test_a_published_decision_is_found_in_search(database):
    town = await a_town()
    await answered(town)
    assert await search.keys("Mill Street", kinds=["decision"]) == []
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
    assert await search.keys("Mill Street", kinds=["decision"]) == [f"decision/{town.decision.public_id}"]


async def test_guests_are_told_by_mail_and_once(database):
    town = await a_town()
    row = await contributions.contribution_by_id(town.second.contribution_id)
    sql = "UPDATE contribution SET author_id = NULL, guest_address = ? WHERE id = ?"
    async with database_transaction():
        await _execute(sql, "bo@town.example", row.id)
    await answered(town)
    with after_the_freeze(town.process):
        version = await actions.publish(town.dora, town.decision, SIGNED)
        await queue.work_off(handlers())
        await actions.tell(version.public_id)
    told = await Notice.filter(kind="decision.published", recipient=f"guest/{row.public_id}")
    assert [one.address for one in told] == ["bo@town.example"]
    assert told[0].data["path"] == f"/contributions/{row.number}"


def database_transaction():
    return database.transaction()


async def _execute(sql: str, *params: object) -> int:
    return await database.execute(sql, *params)


async def test_a_hundred_people_are_told_in_several_goes(database, monkeypatch):
    from civic.decisions.actions import telling

    monkeypatch.setattr(telling, "AT_ONCE", 1)
    monkeypatch.setattr(telling, "AT_A_STRETCH", 1)
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await queue.work_off(handlers())
    assert await Notice.filter(kind="decision.published").count() == 2


async def test_r5_silence_is_counted_apart_and_never_as_consent(database):
    from civic.synthesis import actions as synthesis
    from civic.synthesis import queries as asked
    from civic.synthesis.forms import QuestionDraft

    town = await a_town()
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await synthesis.ask_author(town.otto, town.second, card, QuestionDraft("Which ones?", 5))
    coverage = await queries.coverage_of(town.decision.id)
    assert (coverage.waiting, coverage.unanswered, coverage.ready) == (1, 2, 0)
    with after_the_freeze(town.process):
        coverage = await queries.coverage_of(town.decision.id)
        assert (coverage.waiting, coverage.unanswered, coverage.ready) == (0, 2, 0)
        claim = (await contributions.claims_of(town.second.contribution_id))[0]
        (question,) = (await asked.questions_of([claim.id]))[claim.id]
        assert question.answer is None
        assert question.waits_for(clock.now()) == "city"


async def test_r14_a_suggested_point_counts_only_once_a_person_accepts_it(database):
    from civic.contributions.models import Claim, ClaimKind, ClaimOrigin
    from civic.foundation import ids

    town = await a_town()
    suggested = await Claim.create(
        public_id=ids.public_id(),
        contribution_id=town.first.contribution_id,
        number=9,
        kind=ClaimKind.REQUEST,
        origin=ClaimOrigin.SUGGESTED,
        found_at=clock.now(),
    )
    assert suggested.id not in {one.claim_id for one in (await queries.desk_of(town.decision)).points}
    suggested.found_by_id = town.otto.participant
    await suggested.save()
    assert suggested.id in {one.claim_id for one in (await queries.desk_of(town.decision)).points}


async def test_an_imported_outcome_never_counts_as_an_answer(app):
    town = await a_town()
    await ImportedOutcome.create(
        claim_id=town.first.id,
        outcome="adopted",
        source="elsewhere",
        reason="Because.",
        imported_at=clock.now(),
    )
    imported = await queries.imported_outcome(town.first.id)
    assert imported is not None
    assert (await queries.coverage_of(town.decision.id)).unanswered == 2
    otto = await sign_in(visitor(app), town.otto)
    assert "Imported, not decided here" in await read(otto, f"/desk/claims/{town.first.public_id}")


async def test_an_appeal_that_is_upheld_reopens_the_gate(database):
    from civic.decisions.forms import AppealDraft, RulingDraft

    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        appeal = await actions.file_appeal(
            town.bo, outcome.public_id, AppealDraft(AppealGround.UNANSWERED, "You speak of the bus.")
        )
        ruling = RulingDraft(Finding.UPHELD, {"en": "The point is not answered."}, "")
        await actions.rule_on_appeal(town.olga_as_official, appeal.public_id, ruling)
        with pytest.raises(Refused, match="1 point to answer"):
            await actions.publish(town.dora, await fresh(town), CORRECTED)
        await actions.draft_answer(
            town.olga_as_official,
            town.second.public_id,
            a_refusal("Deliveries move to Oak Lane."),
            expected_version=1,
        )
        await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=2)
        await actions.publish(town.dora, await fresh(town), CORRECTED)
        newest = await queries.outcome_of_claim(town.second.id)
        assert newest is not None
        assert newest.answer.number == 2
        assert [one.answer.number for one in await queries.history_of_claim(town.second.id)] == [2, 1]


async def test_unknown_people_cannot_become_decision_makers(database):
    from civic.decisions.forms import DecisionDraft

    town = await a_town()
    draft = DecisionDraft({"en": "x"}, {}, town.otto.public_id or "", ())
    with pytest.raises(Invalid):
        await actions.edit_decision(town.otto, town.decision, draft, expected_version=1)
    named = replace(draft, decision_maker="")
    changed = await actions.edit_decision(town.otto, town.decision, named, expected_version=1)
    assert changed.maker is None
    with pytest.raises(Conflict):
        await actions.edit_decision(town.otto, town.decision, named, expected_version=1)
    await answered(town)
    with after_the_freeze(town.process), pytest.raises(Refused, match="Nobody is named"):
        await actions.publish(town.dora, await fresh(town), SIGNED)


async def test_a_decision_of_a_stranger_is_not_stopped(database):
    town = await a_town()
    with pytest.raises(Refused):
        await actions.stop_publication(await a_person("Zoe"), town.decision)
