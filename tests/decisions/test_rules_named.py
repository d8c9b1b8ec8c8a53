"""A test for each rule of SPEC 4.5 that is enforced; `python -m tests.decisions.rules_out` takes each out."""

from __future__ import annotations

import functools
import importlib
import os
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.contributions.forms import ContactDraft, SituationDraft, SituationWords
from civic.contributions.models import CheckState, Claim, ClaimKind, ClaimOrigin, ContactWay
from civic.decisions import actions, queries
from civic.decisions.gates import PointState
from civic.decisions.models import ReasonCode
from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.foundation.errors import Invalid, Refused
from civic.processes.models import Profile
from civic.synthesis import actions as synthesis
from civic.synthesis import queries as asked
from civic.synthesis.forms import QuestionDraft
from tests.cast import a_proposal, a_refusal, after_the_freeze
from tests.decisions.desk import a_town
from tests.decisions.rules_out import HELD, NOT_YET, WITHOUT
from tests.decisions.test_answering import state_of
from tests.decisions.test_publication import SIGNED, answered
from tests.decisions.test_rights import DISMISSED, GROUND, published


@pytest_asyncio.fixture(autouse=True)
async def without_a_rule(database, monkeypatch):
    """Take out the rule the command names, if any."""
    rule = os.environ.get(WITHOUT, "")
    if rule == "R11":
        drops = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decision_version'"
        if db.dialect() == "sqlite":
            for row in await db.rows(drops):
                await db.execute(f'DROP TRIGGER "{row["name"]}"')
        else:
            await db.execute("ALTER TABLE decision_version DISABLE TRIGGER USER")
    elif rule:
        module, name, instead = HELD[rule]
        holder, _, last = f".{name}".rpartition(".")
        place = functools.reduce(getattr, filter(None, holder.split(".")), importlib.import_module(module))
        monkeypatch.setattr(place, last, instead(getattr(place, last)))


def test_every_rule_is_named():
    assert {*HELD, *NOT_YET} == {f"R{number}" for number in range(1, 15)}


async def test_r01_nothing_is_published_with_a_point_unanswered():
    town = await a_town()
    await answered(town, second=False)
    with after_the_freeze(town.process), pytest.raises(Refused):
        await actions.publish(town.dora, town.decision, SIGNED)


async def test_r02_a_refusal_gives_evidence_or_says_it_is_a_choice_of_values():
    town = await a_town()
    bare = replace(a_refusal(), evidence="", is_value_choice=False)
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.second.public_id, bare, expected_version=0)
    assert "evidence" in wrong.value.errors


async def test_r03_a_refusal_is_read_by_two_people():
    town = await a_town()
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    assert await state_of(town, town.second) is PointState.REVIEW


async def test_r04_no_point_is_answered_before_its_author_could_say_whether_it_was_understood():
    town = await a_town(profile=Profile.FULL)
    with pytest.raises(Refused):
        await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)


async def test_r05_silence_is_no_consent_and_the_city_is_waited_for():
    town = await a_town()
    card = await contributions.contribution_by_id(town.second.contribution_id)
    await synthesis.ask_author(town.otto, town.second, card, QuestionDraft("Which ones?", 5))
    with after_the_freeze(town.process):
        (question,) = (await asked.questions_of([town.second.id]))[town.second.id]
        assert question.waits_for(clock.now()) == "city"
        assert (await queries.coverage_of(town.decision.id)).unanswered == 2


async def test_r06_nothing_is_refused_for_vagueness_before_its_author_was_asked():
    town = await a_town()
    vague = replace(a_refusal(), reason_codes=(ReasonCode.VAGUENESS,))
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.second.public_id, vague, expected_version=0)
    assert "reason_codes" in wrong.value.errors


async def test_r07_identical_texts_are_received_twice_and_distinct_once():
    town = await a_town()
    await a_proposal(town.bo, town.process)
    numbers = await queries.numbers_of(town.decision.id)
    assert (numbers.received, numbers.distinct) == (3, 2)


async def test_r08_a_copied_refusal_is_held_back():
    town = await a_town()
    for claim in (town.first, town.second):
        await actions.draft_answer(town.otto, claim.public_id, a_refusal(), expected_version=0)
    desk = await queries.desk_of(await queries.decision_by_id(town.decision.id))
    assert any(PointState.GENERIC in desk.states(one) for one in desk.points)


async def test_r09_nobody_replies_in_the_authors_place():
    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        with pytest.raises(Refused):
            await actions.reply(town.otto, outcome.public_id, "Not mine.")


async def test_r10_whoever_wrote_the_answer_does_not_rule_on_the_appeal():
    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        appeal = await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        with pytest.raises(Refused):
            await actions.rule_on_appeal(town.otto, appeal.public_id, DISMISSED)


async def test_r11_a_signed_version_cannot_be_changed():
    town = await a_town()
    with after_the_freeze(town.process):
        await published(town)
    with pytest.raises(Exception, match=r"(?i)decision_version|append|change"):
        async with db.transaction():
            await db.execute("UPDATE decision_version SET unanswered = 7")


async def test_r12_an_older_appeal_comes_first():
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        outcome = await published(town)
        other = await queries.outcome_of_claim(town.first.id)
        assert other is not None
        await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        with clock.at(moment + timedelta(days=1)):
            newer = await actions.file_appeal(town.ada, other.public_id, GROUND)
            with pytest.raises(Refused):
                await actions.rule_on_appeal(town.olga_as_official, newer.public_id, DISMISSED)


async def test_r13_whoever_told_their_situation_is_called_before_a_refusal():
    town = await a_town(profile=Profile.FULL)
    await Claim.filter(id=town.second.id).update(check_state=CheckState.CONFIRMED)
    text = await contributions.contribution_by_id(town.second.contribution_id)
    await register.tell_situation(
        town.bo, text, SituationDraft(SituationWords(touches="I walk with a frame."))
    )
    with pytest.raises(Invalid) as wrong:
        await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    assert "call them before you refuse" in wrong.value.errors["outcome"].msgid
    situation = await contributions.situation_of(text.id)
    assert situation is not None
    await register.log_contact(town.otto, text, situation, ContactDraft(ContactWay.PHONE, "We spoke."))
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)


async def test_r14_a_suggested_point_counts_only_once_a_person_accepts_it():
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
