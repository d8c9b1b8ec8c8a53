"""Words are corrected by adding, taken back with a reason, hidden and restored: every door follows."""

from __future__ import annotations

import pytest

from civic.contributions import actions, queries
from civic.contributions.actions import Words
from civic.contributions.models import Relation
from civic.debates import actions as debates
from civic.foundation import search
from civic.foundation.errors import Conflict, NotFound, Refused
from civic.foundation.viewer import STRANGER
from tests.cast import a_comment, a_person, a_process, a_proposal, after_the_freeze, recorded, told

NEWER = Words("Close Mill Street", "Only at school hours, says the crossing guard.")


async def a_scene():
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    return ada, bo, proposal, await queries.visible_contribution(ada, proposal.public_id)


async def test_before_the_freeze_the_point_follows_the_newest_words(app):
    ada, _bo, proposal, card = await a_scene()
    await actions.revise(ada, card, NEWER, expected_version=1, note="narrower")
    (claim,) = await queries.claims_of(card.id)
    assert [quote.text for quote in claim.quotes] == [NEWER.title, NEWER.body]
    assert {quote.version for quote in claim.quotes} == {2}
    versions = await queries.versions_of(card.id)
    assert [one.number for one in versions] == [2, 1]
    assert versions[0].note == "narrower"
    assert await recorded(proposal.public_id) == ["proposal.created", "proposal.edited"]
    assert await search.find("crossing guard")
    assert not await search.find("other way to school")


async def test_after_the_freeze_a_new_version_leaves_the_point_as_it_was(app):
    ada, _bo, proposal, card = await a_scene()
    process = await queries.contribution_by_id(card.id)
    from civic.processes.queries import process_by_id

    with after_the_freeze(await process_by_id(process.process_id or 0)):
        await actions.revise(ada, card, NEWER, expected_version=1)
    (claim,) = await queries.claims_of(card.id)
    assert {quote.version for quote in claim.quotes} == {1}
    assert (await queries.visible_contribution(STRANGER, proposal.public_id)).version == 2


async def test_two_corrections_of_one_version_cannot_both_be_kept(app):
    ada, _bo, _proposal, card = await a_scene()
    await actions.revise(ada, card, NEWER, expected_version=1)
    with pytest.raises(Conflict):
        await actions.revise(ada, card, Words("Mine", "Sent from the other window."), expected_version=1)
    assert len(await queries.versions_of(card.id)) == 2


async def test_only_the_author_corrects_or_withdraws(app):
    _ada, bo, _proposal, card = await a_scene()
    with pytest.raises(Refused):
        await actions.revise(bo, card, NEWER, expected_version=1)
    with pytest.raises(Refused):
        await actions.withdraw(bo, card, "not mine")
    with pytest.raises(Refused):
        await actions.withdraw(STRANGER, card, "not mine")


async def test_withdrawn_words_are_absent_from_every_door_but_their_authors(app):
    ada, bo, proposal, card = await a_scene()
    await actions.withdraw(ada, card, "I changed my mind.")
    for viewer in (bo, STRANGER):
        with pytest.raises(NotFound):
            await queries.visible_contribution(viewer, proposal.public_id)
    assert (await queries.visible_contribution(ada, proposal.public_id)).body
    assert await search.find("Mill Street") == []
    assert await queries.claims_to_answer([card.issue_id or 0]) == []
    (claim,) = await queries.claims_of(card.id)
    assert claim.reads_as_withdrawn
    kept = await queries.withdrawal_of(card.id)
    assert kept is not None
    assert kept.reason == "I changed my mind."
    assert await recorded(proposal.public_id) == ["proposal.created", "proposal.withdrawn"]
    with pytest.raises(Refused):
        await actions.withdraw(ada, card, "again")


async def test_hidden_words_come_back_everywhere_when_restored(app):
    ada, bo, proposal, card = await a_scene()
    await actions.hide(card.id, "moderation_decision/x")
    with pytest.raises(NotFound):
        await queries.visible_contribution(bo, proposal.public_id)
    assert await search.find("Mill Street") == []
    with pytest.raises(Conflict):
        await actions.hide(card.id, "again")
    with pytest.raises(Refused):
        await actions.withdraw(ada, await queries.contribution_by_id(card.id), "while hidden")
    await actions.restore(card.id, "moderation_ruling/y")
    assert (await queries.visible_contribution(bo, proposal.public_id)).body
    assert len(await search.find("Mill Street")) == 1
    with pytest.raises(Conflict):
        await actions.restore(card.id, "again")


async def test_hiding_takes_back_what_was_told_about_the_text(app):
    ada, bo, proposal, _card = await a_scene()
    reply = await a_comment(bo, proposal, "Nonsense.")
    assert "comment.reply" in await told(ada)
    await actions.hide(reply.contribution.id, "test")
    assert "comment.reply" not in await told(ada)
    assert "contribution.received" in await told(ada)


async def test_saying_what_a_comment_does_opens_or_closes_its_point(app):
    _ada, bo, proposal, _card = await a_scene()
    comment = await a_comment(bo, proposal, "The bakery gets flour at two.", relation=None)
    key = comment.contribution.public_id
    assert await queries.claims_of(comment.contribution.id) == []
    await debates.relate_comment(bo, key, Relation.OBJECTS)
    (claim,) = await queries.claims_of(comment.contribution.id)
    assert claim.kind == "objection"
    await debates.relate_comment(bo, key, Relation.SUPPORTS)
    assert await queries.claims_of(comment.contribution.id) == []
    assert await recorded(claim.public_id) == ["claim.opened", "claim.retired"]


async def test_after_the_freeze_nobody_changes_what_a_comment_does(app):
    _ada, bo, proposal, card = await a_scene()
    comment = await a_comment(bo, proposal, "The bakery gets flour at two.", relation=None)
    from civic.processes.queries import process_by_id

    with after_the_freeze(await process_by_id(card.process_id or 0)), pytest.raises(Refused):
        await debates.relate_comment(bo, comment.contribution.public_id, Relation.OBJECTS)


async def test_a_draft_is_kept_for_its_writer_alone_until_it_is_sent(app):
    ada, bo, _proposal, _card = await a_scene()
    await actions.keep_draft(ada, "proposal/x", {"title": "Half a sent", "body": ""})
    await actions.keep_draft(ada, "proposal/x", {"title": "Half a sentence", "body": "é"})
    kept = await queries.draft_of(ada, "proposal/x")
    assert kept is not None
    assert kept.words == {"title": "Half a sentence", "body": "é"}
    assert await queries.draft_of(bo, "proposal/x") is None
    await actions.drop_draft(ada, "proposal/x")
    assert await queries.draft_of(ada, "proposal/x") is None
