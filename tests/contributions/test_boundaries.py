"""Where two acts meet: a cut and a relation, a confirmation and the freeze, many corrections in a day."""

from __future__ import annotations

import pytest

from civic.accounts.models import Participant
from civic.contributions import actions, queries
from civic.contributions.actions import Author, Place, Words
from civic.contributions.models import ClaimKind, Kind, Relation
from civic.debates import actions as debates
from civic.debates.forms import CommentEdit
from civic.foundation import database as db
from civic.foundation.errors import TooMany
from civic.foundation.limits import RATES
from civic.synthesis.actions import cut
from civic.synthesis.forms import PointDraft
from tests.cast import a_comment, a_person, a_process, a_proposal, after_the_freeze


async def test_what_a_comment_does_opens_no_point_beside_those_it_was_cut_into(database):
    process, bo = await a_process(), await a_person("Bo")
    proposal = await a_proposal(await a_person("Ada"), process)
    words = "The bakery gets flour at two. Who pays for the signs?"
    comment = await a_comment(bo, proposal, words, relation=Relation.OBJECTS)
    key = comment.contribution.public_id
    official = await a_person("Otto", "official")
    drafts = [PointDraft((0,), ClaimKind.FACT, ""), PointDraft((1,), ClaimKind.QUESTION, "")]
    await cut(official, await queries.contribution_by_public_id(key), drafts, version=1)
    await debates.relate_comment(bo, key, Relation.ASKS)
    points = await queries.claims_of(comment.contribution.id)
    assert [one.kind for one in points] == [ClaimKind.FACT, ClaimKind.QUESTION]


async def test_words_confirmed_after_the_freeze_come_after_it(database):
    process = await a_process(freeze_in=5)
    issue = process.issues[0].id
    words = Words("Plant trees by the school", "There is no shade at noon.")
    zoe = Author(None, None, "Zoe", "zoe@town.example", "en")
    async with db.transaction():
        receipt = await actions.submit(
            zoe, Place(process.id, issue, Kind.PROPOSAL), words, rendered=await actions.render_words(words)
        )
    assert not receipt.contribution.after_freeze
    with after_the_freeze(process):
        await actions.confirm(receipt.contribution.id)
    assert await queries.claims_to_answer([issue]) == []
    (late,) = await queries.claims_to_answer([issue], only=queries.ClaimFilter(after_freeze=True))
    assert late.contribution == receipt.contribution.public_id


async def test_a_text_is_corrected_only_so_often_in_a_day(database, monkeypatch):
    monkeypatch.setitem(RATES, "revise_text", RATES["revise_text"].__class__(2, 3600))
    bo = await a_person("Bo")
    proposal = await a_proposal(await a_person("Ada"), await a_process())
    key = (await a_comment(bo, proposal)).contribution.public_id
    for version in (1, 2):
        await debates.edit_comment(bo, key, CommentEdit(f"Where do they go, {version}?", "", version))
    with pytest.raises(TooMany):
        await debates.edit_comment(bo, key, CommentEdit("Where do they go, 3?", "", 3))


async def test_a_guests_words_go_to_the_account_of_their_address_once_confirmed(database):
    process, ada = await a_process(), await a_person("Ada")
    mailbox = (await Participant.get(id=ada.participant)).address
    words = Words("Plant trees by the school", "There is no shade at noon.")
    guest = Author(None, None, "Zoe", mailbox, "en")
    async with db.transaction():
        receipt = await actions.submit(
            guest, Place(process.id, None, Kind.PROPOSAL), words, rendered=await actions.render_words(words)
        )
    assert not await queries.mine(ada)
    await actions.confirm(receipt.contribution.id)
    (mine,) = await queries.mine(ada)
    assert mine.author_name == "Zoe"
