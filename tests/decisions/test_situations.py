"""A particular situation is answered one by one, after a call, and counted only among five people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.forms import ContactDraft, SituationDraft, SituationWords
from civic.contributions.models import Audience, CheckState, Claim, ClaimKind, ContactWay
from civic.decisions import actions, queries
from civic.decisions.actions.together import GroupDraft
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.gates import Condition
from civic.decisions.models import Accommodation, Outcome
from civic.decisions.queries.situations import LEAST, situations_considered
from civic.decisions.rules import Answer, Details
from civic.foundation.errors import Conflict, Invalid, Refused
from civic.processes.models import Profile
from tests.cast import (
    a_comment,
    a_note,
    a_person,
    a_proposal,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
    claim_of,
    told,
)
from tests.decisions.desk import a_town, browser_of, read, send

SECRET = "quokkaberries"
TOLD = SituationDraft(SituationWords(touches=f"My stairs and {SECRET}.", helps="A ramp."))
BANNER = PublicationDraft(role="Deputy mayor", at=None, with_banner=True, correction={})


def an_exception(said: str = "Yes, you may park at your door.") -> Answer:
    """Write an answer that makes an exception."""
    return Answer(
        outcome=Outcome.ADOPTED,
        sentence={"fr": "Oui.", "en": said},
        details=Details(accommodation=Accommodation.EXCEPTION),
    )


async def tell(person, contribution: str, draft: SituationDraft = TOLD) -> str:
    """Let somebody tell their situation; give the public id of its point."""
    card = await said.contribution_by_public_id(contribution)
    await register.tell_situation(person, card, draft)
    situation = await said.situation_of(card.id)
    assert situation is not None
    claims = await said.claims_by_id([situation.claim_id], with_situations=True)
    return claims[situation.claim_id].public_id


async def call(town, contribution: str, way: ContactWay = ContactWay.PHONE) -> None:
    """Log that the author was called."""
    card = await said.contribution_by_public_id(contribution)
    situation = await said.situation_of(card.id)
    assert situation is not None
    await register.log_contact(town.otto, card, situation, ContactDraft(way, "We spoke on Monday."))


API = ("/api/v1/outcomes/{outcome}", "/api/v1/outcomes/{outcome}?version=1")


async def are_understood(*claims) -> None:
    """Let the authors of these points have confirmed how they were understood (R4)."""
    await Claim.filter(id__in=[one.id for one in claims]).update(check_state=CheckState.CONFIRMED)


@pytest.mark.parametrize("way", [ContactWay.PHONE, ContactWay.NONE])
async def test_r13_call_first_before_a_refusal_that_hits_a_situation(database, way):
    town = await a_town(profile=Profile.FULL)
    await are_understood(town.first, town.second)
    key = await tell(town.ada, town.proposal)
    refusal = a_refusal()
    own = replace(refusal, details=replace(refusal.details, accommodation=Accommodation.NOT_POSSIBLE))
    for claim, answer in ((key, own), (town.first.public_id, refusal)):
        with pytest.raises(Invalid) as wrong:
            await actions.draft_answer(town.otto, claim, answer, expected_version=0)
        assert "call them before you refuse" in wrong.value.errors["outcome"].msgid
    await actions.draft_answer(town.otto, town.second.public_id, refusal, expected_version=0)
    await call(town, town.proposal, way)
    await actions.draft_answer(town.otto, key, own, expected_version=0)
    await actions.draft_answer(town.otto, town.first.public_id, refusal, expected_version=0)


async def test_r13_a_situation_told_after_the_refusal_holds_its_publication_back(database):
    town = await a_town(profile=Profile.FULL)
    await are_understood(town.first)
    await actions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    await tell(town.ada, town.proposal)
    desk = await queries.desk_of(town.decision)
    point = next(one for one in desk.points if one.claim_id == town.first.id)
    assert queries.PointState.CALL in desk.states(point)
    await call(town, town.proposal)
    desk = await queries.desk_of(town.decision)
    point = next(one for one in desk.points if one.claim_id == town.first.id)
    assert queries.PointState.CALL not in desk.states(point)


async def test_r13_is_off_in_the_light_profile(database):
    town = await a_town()
    await tell(town.ada, town.proposal)
    await actions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)


async def test_an_answer_says_what_it_does_for_the_person(database):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    article = await an_article(town.otto, town.decision)

    async def wrong_with(answer: Answer) -> set[str]:
        with pytest.raises(Invalid) as wrong:
            await actions.draft_answer(town.otto, key, answer, expected_version=0)
        return set(wrong.value.errors)

    assert "accommodation" in await wrong_with(an_adoption(article))
    assert "accommodation" in await wrong_with(a_refusal())
    assert "outcome" in await wrong_with(a_note())
    for_all = replace(an_exception(), details=Details(accommodation=Accommodation.RULE))
    assert await wrong_with(for_all) == {"provisions"}, "a rule for all stands in an article"
    refused = replace(an_exception(), details=Details(accommodation=Accommodation.NOT_POSSIBLE))
    assert await wrong_with(refused) == {"accommodation"}
    await actions.draft_answer(town.otto, key, an_exception(), expected_version=0)


async def test_a_situation_is_never_answered_together_with_other_points(database):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    other = await tell(town.bo, (await said.contribution_by_id(town.second.contribution_id)).public_id)
    group = GroupDraft({"en": "The same for both"}, {key: 0, other: 0})
    with pytest.raises(Invalid):
        await actions.answer_together(town.otto, town.decision, an_exception(), group)
    await actions.draft_answer(town.otto, key, an_exception(), expected_version=0)
    await actions.draft_answer(town.otto, other, an_exception("No, you park there."), expected_version=0)
    with pytest.raises((Invalid, Conflict, Refused)):
        await actions.declare_group(town.otto, town.decision, GroupDraft({}, {key: 1, other: 1}))


async def test_a_corrected_statement_asks_for_its_answer_to_be_confirmed(database):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    await actions.draft_answer(town.otto, key, an_exception(), expected_version=0)
    await tell(town.ada, town.proposal, SituationDraft(SituationWords(helps="A handrail.")))
    desk = await queries.desk_of(town.decision)
    (point,) = [one for one in desk.points if one.is_situation]
    assert desk.state(point) is queries.PointState.CHANGED


async def test_even_the_banner_waits_for_each_situation_and_counts_none_of_them(database, app):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    await an_article(town.otto, town.decision)
    numbers = await queries.numbers_of(town.decision.id)
    assert numbers.received == 2, "the public counts leave it out"
    with after_the_freeze(town.process):
        items = {one.condition: one for one in await queries.gate_of(town.decision)}
        assert not items[Condition.SITUATIONS].met
        with pytest.raises(Refused, match="1 situation to answer"):
            await actions.publish(town.dora, town.decision, BANNER)
        await actions.draft_answer(town.otto, key, an_exception(), expected_version=0)
        version = await actions.publish(town.dora, town.decision, BANNER)
        assert version.unanswered == 2
        assert version.counts["answered"] == 0
        assert not [name for name in version.counts if "situation" in name], "one person is not counted"
        outcome = (await queries.outcomes_of_claims([(await said.claim_by_public_id(
            key, with_situations=True)).id], with_situations=True)).popitem()[1]  # fmt: skip
        assert await queries.tally(version.id) == {}
        rows, _ = await queries.outcomes_of(version.id, queries.OutcomeFilter())
        assert rows == []
        await _only_its_author_reads(app, town, outcome.public_id)


async def _only_its_author_reads(app, town, outcome: str) -> None:
    number = (await said.contribution_by_public_id(town.proposal)).number
    ada, bo = await browser_of(app, town.ada), await browser_of(app, town.bo)
    assert "park at your door" in await read(ada, f"/contributions/{number}")
    assert "park at your door" in await read(ada, f"/outcomes/{outcome}")
    assert "park at your door" in await read(ada, f"/outcomes/{outcome}/versions/1")
    await read(await browser_of(app, town.otto), f"/outcomes/{outcome}")
    for path in ("", "/reply", "/appeal", "/versions/1"):
        await read(bo, f"/outcomes/{outcome}{path}", 404)
    for address in API:
        await read(bo, address.format(outcome=outcome), 404)
    await read(bo, f"/reports/new?subject=outcome/{outcome}", 404)
    assert "park at your door" not in await read(bo, f"/contributions/{number}")
    decision, slug = f"/decisions/{town.decision.public_id}", town.process.slug
    for page in (
        decision,
        f"/proposals/{town.proposal}",
        f"{decision}/outcomes",
        f"{decision}/outcomes.csv",
        f"{decision}/evaluation",
        f"/processes/{slug}/evaluation",
        f"/processes/{slug}/grid.csv",
        f"/contributions/{number}/prov.jsonld",
        "/debt",
    ):
        shown = await read(bo, page)
        assert "park at your door" not in shown
        assert outcome not in shown


async def test_the_author_is_told_of_the_answer_without_a_word_of_it(database):
    from civic.app import handlers
    from civic.foundation import database as db
    from civic.foundation import queue

    town = await a_town()
    key = await tell(town.ada, town.proposal)
    await an_article(town.otto, town.decision)
    with after_the_freeze(town.process):
        await actions.draft_answer(town.otto, key, an_exception(), expected_version=0)
        await actions.publish(town.dora, town.decision, BANNER)
        await queue.work_off(handlers())
    assert "decision.published" in await told(town.ada)
    rows = repr(await db.rows("SELECT data FROM notice WHERE kind = 'decision.published'"))
    assert "My particular situation" in rows
    assert "park at your door" not in rows


@pytest.mark.parametrize(("people", "counted"), [(4, {}), (5, 5), (9, 5), (10, 10)])
async def test_situations_are_counted_in_round_fives_and_never_below(database, people, counted):
    town = await a_town()
    proposal = await a_proposal(town.bo, town.process, title="Another one", body="With its reasons.")
    stated = {}
    for number in range(people):
        author = await a_person(f"Person {number}")
        text = (await a_comment(author, proposal, f"A message of mine, number {number}.")).contribution
        key = await tell(author, text.public_id)
        answer = await actions.draft_answer(
            town.otto, key, an_exception(f"Yes, {number}."), expected_version=0
        )
        stated[number] = answer.id
    found = await situations_considered(town.decision, stated)
    expected = {"situations": counted, "situations/exception": counted} if counted else {}
    assert found == expected
    assert LEAST == 5


async def test_words_without_names_wait_for_five_people(database):
    town = await a_town()
    proposal = await a_proposal(town.bo, town.process, title="Another one", body="With its reasons.")
    claims = []
    for number in range(5):
        author = await a_person(f"Person {number}")
        text = (await a_comment(author, proposal, f"A message of mine, number {number}.")).contribution
        claims.append(await tell(author, text.public_id, replace(TOLD, audience=Audience.ANONYMOUS)))
    ids = [(await said.claim_by_public_id(one, with_situations=True)).id for one in claims]
    assert await said.words_without_names([ids[:4]], least=LEAST) == []
    assert len(await said.words_without_names([ids], least=LEAST)) == 5


async def test_the_desk_opens_it_by_a_form_with_a_reason(app):
    town = await a_town(profile=Profile.FULL)
    key = await tell(town.ada, town.proposal)
    page, action = f"/desk/claims/{key}", f"/desk/claims/{key}/situation"
    otto = await browser_of(app, town.otto)
    shown = await read(otto, page)
    assert SECRET not in shown
    assert "Call the person before you refuse" in shown
    assert (await otto.get(action)).status_code == 405, "no address shows it"
    await send(otto, page, action, 422, reason="x")
    opened = await send(otto, page, action, 200, reason="To answer what she asks.")
    assert SECRET in opened.text
    assert "no-store" in opened.headers["cache-control"]
    dora = await browser_of(app, town.dora)
    await send(dora, page, action, 403, reason="To know more about it.")
    await send(otto, page, f"/desk/claims/{key}/calls", way="phone", note="We spoke on Monday.")
    assert "We spoke on Monday." in await read(otto, page)
    number = (await said.contribution_by_public_id(town.proposal)).number
    log = await read(await browser_of(app, town.ada), f"/receipts/{number}/situation")
    for words in ("Otto Ohm", "To answer what she asks.", "We spoke on Monday."):
        assert words in log


async def test_a_situation_is_neither_cut_nor_asked_about(app):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    otto = await browser_of(app, town.otto)
    await read(otto, f"/desk/claims/{key}/points", 404)
    assert (await claim_of(town.proposal)).kind is not ClaimKind.SITUATION


async def test_a_published_answer_to_a_situation_can_be_contested(database):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    await an_article(town.otto, town.decision)
    refusal = a_refusal()
    own = replace(refusal, details=replace(refusal.details, accommodation=Accommodation.NOT_POSSIBLE))
    with after_the_freeze(town.process):
        await actions.draft_answer(town.otto, key, own, expected_version=0)
        await actions.review(town.olga, key, ReviewDraft(True, ""), expected_version=1)
        await actions.publish(town.dora, town.decision, BANNER)
        claim = await said.claim_by_public_id(key, with_situations=True)
        assert claim is not None
        found = await queries.outcomes_of_claims([claim.id], with_situations=True)
        await actions.reply(town.ada, found[claim.id].public_id, "You did not come to see it.")
