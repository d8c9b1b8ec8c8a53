"""Drafts open for reactions: frozen editions, their window, who is told, what is said, what the gate asks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from tortoise.exceptions import IntegrityError

from civic.app import handlers, subscribe
from civic.contributions import actions as register
from civic.contributions.models import ClaimKind
from civic.decisions import actions, queries
from civic.decisions.forms import ProvisionDraft, ReviewDraft
from civic.decisions.gates import Condition
from civic.decisions.models import DraftEdition, DraftOutcome, Reaction, Stance
from civic.decisions.queries import OutcomeFilter, ReactionFilter
from civic.decisions.window_forms import ReactionDraft, ReadingDraft
from civic.following.actions import follow_with_account
from civic.following.queries import visible_subject
from civic.foundation import clock, queue
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.ledger.queries import leaves_of
from civic.notices import actions as notices
from civic.notices.models import Notice, Pace
from civic.processes.models import Profile
from civic.proposals import actions as proposals
from civic.proposals.forms import ProposalDraft
from civic.synthesis.forms import PointDraft
from tests.cast import a_guest, a_note, a_person, a_refusal, after_the_freeze, claim_of, in_days, told
from tests.decisions.desk import Town, a_town
from tests.decisions.test_publication import SIGNED, answered, hold
from tests.decisions.windows import a_draft, a_draft_in_full, reaction_to, reading, text_of

ALL = OutcomeFilter()


async def run_queue() -> None:
    while await queue.run_due(handlers()):
        pass


@contextmanager
def days_later(days: float):
    with clock.at(clock.now() + timedelta(days=days)):
        yield


async def gate_of(town: Town) -> dict[Condition, bool]:
    return {one.condition: one.met for one in await queries.gate_items(town.decision.id)}


async def test_a_draft_opens_once_every_point_has_a_proposed_outcome(database):
    town = await a_town()
    await answered(town, second=False)
    with after_the_freeze(town.process):
        with pytest.raises(Refused, match="1 point to answer"):
            await actions.open_draft(town.otto, town.decision, in_days(14))
        assert not await DraftEdition.exists()
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=0)
        with pytest.raises(Refused, match="Only the officials"):
            await actions.open_draft(town.ada, town.decision, in_days(14))
        edition = await actions.open_draft(town.otto, town.decision, in_days(14))
    assert (edition.number, await DraftOutcome.filter(edition_id=edition.id).count()) == (1, 2)
    assert [one.type for one in await leaves_of(edition.public_id)] == ["draft.opened"]


async def test_a_draft_does_not_open_before_the_freeze(database):
    town = await a_town()
    await answered(town)
    with pytest.raises(Refused, match="still open"):
        await actions.open_draft(town.otto, town.decision, in_days(60))


async def test_an_edition_does_not_change_when_answers_and_articles_do(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        (article,) = await queries.articles_of_draft(edition.id)
        before, _ = await queries.proposed(edition.id, ALL)
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=1)
        await actions.write_provision(
            town.otto,
            town.decision,
            ProvisionDraft(article.heading, {"en": "Closed all day."}, {}, article.before),
            provision=article.public_id,
            expected_version=1,
        )
        assert await queries.articles_of_draft(edition.id) == [article]
        after, _ = await queries.proposed(edition.id, ALL)
        assert [one.answer for one in after] == [one.answer for one in before]
        assert [str(one.outcome) for one in after] == ["declined", "adopted"]
        with pytest.raises(IntegrityError):
            await DraftEdition.all().update(closes_at=clock.now())


async def test_a_second_edition_adds_rows_and_leaves_the_first_its_window(database):
    town = await a_town()
    with after_the_freeze(town.process):
        first = await a_draft(town, days=30)
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=1)
        with pytest.raises(Invalid):
            await actions.open_draft(town.otto, town.decision, in_days(29))
        second = await actions.open_draft(town.otto, town.decision, in_days(30))
        kept = await queries.edition_by_public_id(first.public_id)
        assert (second.number, kept.closes_at, kept.number) == (2, first.closes_at, 1)
        old, _ = await queries.proposed(first.id, ALL)
        new, _ = await queries.proposed(second.id, ALL)
        assert {str(one.outcome) for one in old} == {"adopted", "declined"}
        assert {str(one.outcome) for one in new} == {"adopted", "noted"}
        facts = await queries.window_facts(town.decision.id)
        assert facts.until == first.closes_at


async def test_each_author_is_told_once_and_followers_hear_of_it_once(database):
    town = await a_town()
    fay = await a_person("Fay Follower")
    subscribe()
    with after_the_freeze(town.process):
        for one in (fay, town.ada):
            await follow_with_account(
                one, await visible_subject("process", town.process.public_id), Pace.ONCE
            )
        edition = await a_draft(town)
        await run_queue()
        await actions.tell_draft(edition.public_id)
        await notices.write_due()
        assert (await told(town.ada)).count("draft.link") == 1
        assert (await told(town.ada)).count("draft.opened") == 1
        assert [one for one in await told(town.ada) if one.startswith("follow")] == []
        assert len([one for one in await told(fay) if "follow" in one or "news" in one]) == 1
        assert await Notice.filter(kind="draft.link").count() == 2


async def test_people_are_told_after_the_hold_and_of_a_second_edition_only_what_is_new_to_them(database):
    town = await a_town()
    with after_the_freeze(town.process):
        hold(600)
        await a_draft(town)
        await run_queue()
        assert not await Notice.filter(kind="draft.link").exists()
        with days_later(1):
            await run_queue()
            assert await Notice.filter(kind="draft.link").count() == 2
            await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=1)
            await actions.open_draft(town.otto, town.decision, in_days(20))
            with days_later(1):
                await run_queue()
        assert (await told(town.ada)).count("draft.link") == 1
        assert (await told(town.bo)).count("draft.link") == 2


async def test_an_author_reacts_and_changes_their_mind_until_the_closing(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        text = await text_of(town.second)
        said = [ReactionDraft(town.second.public_id, Stance.MISREAD, "I asked for a bench.")]
        with pytest.raises(Refused, match="Only the person"):
            await actions.react(text, edition, said, is_author=False)
        assert await actions.react(text, edition, said, is_author=True) == 1
        assert await actions.react(text, edition, said, is_author=True) == 0
        again = [replace(said[0], stance=Stance.REASON)]
        assert await actions.react(text, edition, again, is_author=True) == 1
        assert [one.number for one in await Reaction.all().order_by("id")] == [1, 2]
        ((row,), _) = await queries.reactions_on(town.decision.id, ReactionFilter())
        assert (row.reaction.stance, row.reaction.text) == (Stance.REASON, "I asked for a bench.")
        with days_later(15), pytest.raises(Refused, match="over"):
            await actions.react(text, edition, said, is_author=True)
        foreign = [replace(said[0], claim=town.first.public_id)]
        with pytest.raises(NotFound):
            await actions.react(text, edition, foreign, is_author=True)


async def test_a_reaction_to_a_replaced_edition_is_given_back(database):
    town = await a_town()
    with after_the_freeze(town.process):
        first = await a_draft(town)
        await actions.open_draft(town.otto, town.decision, in_days(14))
        with pytest.raises(Conflict, match="newer draft"):
            await reaction_to(town, first, town.bo, town.second)


async def test_a_link_opens_one_text_and_counts_are_recorded_at_the_closing(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await run_queue()
        await reaction_to(town, edition, town.bo, town.second)
        assert not await actions.close_draft(edition.public_id)
        with days_later(16):
            await run_queue()
        assert [one.type for one in await leaves_of(edition.public_id)] == ["draft.opened", "draft.closed"]
    with pytest.raises(NotFound):
        await queries.invited_by_link("x" * 40)


async def owed_reactions(town):
    """List what Otto's page says of reactions: of which decision, how many, until when."""
    owed = await queries.owed_by(town.otto)
    return [(one.key, one.count, one.due) for one in owed if one.kind is queries.Owed.REACTIONS]


async def test_reactions_are_considered_together_once(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await reaction_to(town, edition, town.ada, town.first, Stance.AGREE)
        await reaction_to(town, edition, town.bo, town.second)
        rows, _ = await queries.reactions_on(town.decision.id, ReactionFilter())
        keys = tuple(one.reaction.public_id for one in rows)
        with pytest.raises(Refused):
            await actions.consider(town.olga, town.decision, ReadingDraft(keys, ""))
        assert await owed_reactions(town) == [(town.decision.public_id, 2, edition.closes_at)]
        assert await actions.consider(town.otto, town.decision, ReadingDraft(keys, "We saw it.")) == 2
        assert await owed_reactions(town) == []
        with pytest.raises(Conflict):
            await actions.consider(town.otto, town.decision, ReadingDraft(keys[:1], ""))
        seen, _ = await queries.reactions_on(town.decision.id, ReactionFilter(all=True))
        assert {(one.reaction.answer, one.reaction.read_by) for one in seen} == {("We saw it.", "Otto Ohm")}
        objecting, _ = await queries.reactions_on(
            town.decision.id, ReactionFilter(stance="misread", all=True)
        )
        assert [one.claim.id for one in objecting] == [town.second.id]


async def test_in_full_a_decision_waits_for_the_whole_window_and_for_every_reaction(database):
    town = await a_town(profile=Profile.FULL)
    with after_the_freeze(town.process):
        assert (await gate_of(town))[Condition.WINDOW] is False
        edition = await a_draft_in_full(town)
        gate = await gate_of(town)
        assert (gate[Condition.WINDOW], gate[Condition.REACTIONS]) == (False, True)
        await reaction_to(town, edition, town.bo, town.second)
        with days_later(16):
            gate = await gate_of(town)
            assert (gate[Condition.WINDOW], gate[Condition.REACTIONS]) == (True, False)
            with pytest.raises(Refused):
                await actions.publish(town.dora, town.decision, SIGNED)
            await reading(town)
            assert (await gate_of(town))[Condition.REACTIONS] is True


async def test_in_light_a_window_is_not_asked_and_an_open_one_only_warns(database):
    town = await a_town()
    with after_the_freeze(town.process):
        await answered(town)
        assert Condition.WINDOW not in await gate_of(town)
        await actions.open_draft(town.otto, town.decision, in_days(14))
        items = await queries.gate_items(town.decision.id)
        (window,) = [one for one in items if one.condition is Condition.WINDOW]
        assert (window.met, window.blocks) == (False, False)
        version = await actions.publish(town.dora, town.decision, SIGNED)
        assert version.number == 1
        with pytest.raises(Refused, match="published"):
            current = await queries.decision_by_id(town.decision.id)
            await actions.open_draft(town.otto, current, in_days(14))


async def test_outcomes_changed_since_the_draft_are_counted(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=1)
        with days_later(16):
            version = await actions.publish(town.dora, town.decision, SIGNED)
        assert await queries.changed_since(edition.id, version.id) == 1


async def test_hidden_words_leave_the_draft_and_owe_no_reading(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await reaction_to(town, edition, town.bo, town.second)
        await register.hide(town.second.contribution_id, because="case/1")
        found, _ = await queries.proposed(edition.id, ALL)
        assert [one.is_withdrawn for one in found] == [False, True]
        assert found[1].claim.words == ""
        assert await queries.tally_of_draft(edition.id) == {"adopted": 1, "withdrawn": 1}
        assert (await queries.window_facts(town.decision.id)).unread == 0
        assert await queries.tallies_of_reactions([edition.id]) == {}
        no = OutcomeFilter(family="no")
        assert (await queries.proposed(edition.id, no), await queries.count_proposed(edition.id, no)) == (
            ([], None),
            0,
        )


async def test_a_person_can_have_the_words_of_their_reactions_emptied(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await reaction_to(town, edition, town.bo, town.second)
        with pytest.raises(IntegrityError):
            await Reaction.all().update(text="Other words")
        assert await actions.forget_reactions([town.second.contribution_id]) == 1
        row = await Reaction.get()
        assert (row.text, row.stance) == ("", "misread")


async def test_a_text_that_a_draft_answers_is_not_cut_any_more(database):
    town = await a_town()
    with after_the_freeze(town.process):
        await a_draft(town)
        points = [PointDraft((1,), ClaimKind.REQUEST)]
        with pytest.raises(Refused, match="no longer be cut"):
            await actions.cut_into_points(town.otto, town.first.public_id, points, version=1)


async def test_the_desk_is_filtered_by_what_authors_object_to(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        await reaction_to(town, edition, town.ada, town.first, Stance.AGREE)
        await reaction_to(town, edition, town.bo, town.second)
        desk = await queries.desk_of(town.decision)
        only = queries.PointFilter(state="objected")
        found = await queries.matching(town.decision, desk, only)
        assert [one.claim_id for one in found] == [town.second.id]


async def test_a_guest_is_told_at_their_own_address(database):
    town = await a_town()
    draft = ProposalDraft("A tap", "Water for the dogs.", town.process.issues[0].public_id)
    receipt = await proposals.submit_proposal(a_guest(), town.process, draft)
    await register.confirm(receipt.contribution.id)
    claim = await claim_of(receipt.contribution.public_id)
    with after_the_freeze(town.process):
        await actions.draft_answer(town.otto, claim.public_id, a_refusal("No pipe."), expected_version=0)
        await actions.review(town.olga, claim.public_id, ReviewDraft(True, ""), expected_version=1)
        await a_draft(town)
        await run_queue()
        (notice,) = await Notice.filter(
            recipient=f"guest/{receipt.contribution.public_id}", kind="draft.link"
        )
        assert (notice.address, notice.in_app) == ("zoe@town.example", False)


async def test_a_list_of_proposed_outcomes_is_turned_page_by_page(database):
    town = await a_town()
    with after_the_freeze(town.process):
        edition = await a_draft(town)
        first, after = await queries.proposed(edition.id, ALL, limit=1)
        rest, end = await queries.proposed(edition.id, ALL, after=after, limit=1)
        assert [one.claim.id for one in [*first, *rest]] == [town.second.id, town.first.id]
        assert end is None
        assert await queries.proposed_to_author(edition.id, STRANGER) == []
        (own,) = await queries.proposed_to_author(edition.id, town.ada)
        assert own.claim.id == town.first.id
