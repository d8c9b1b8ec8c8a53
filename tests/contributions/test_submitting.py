"""What a person says is kept with its receipt, its point, its leaf and its words in the search."""

from __future__ import annotations

import pytest

from civic.accounts.actions import make_account
from civic.contributions import actions, queries
from civic.contributions.actions import LISTENERS, Place, Words
from civic.contributions.forms import author_from
from civic.contributions.models import Kind, Relation, Visibility
from civic.contributions.policies import owes_answer
from civic.foundation import database as db
from civic.foundation import ids, search
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.viewer import STRANGER, Viewer
from tests.cast import a_comment, a_guest, a_person, a_process, a_proposal, after_the_freeze, recorded, told

WORDS = Words("Plant trees on the market square", "In August there is no shade for those who wait.")


async def submit(author, process, words=WORDS, **more):
    """Submit a proposal's words to the register alone."""
    place = Place(process.id, process.issues[0].id, Kind.PROPOSAL)
    rendered = await actions.render_words(words)
    async with db.transaction():
        return await actions.submit(author, place, words, rendered=rendered, **more)


async def test_a_receipt_has_a_number_that_checks_and_a_code_kept_only_as_its_digest(database):
    process, ada = await a_process(), await a_person("Ada")
    receipt = await submit(author_from(ada), process)
    body, _, letter = receipt.number.rpartition("-")
    assert body == f"{process.code}-2026-000001"
    assert letter == ids.check_letter(body)
    assert receipt.contribution.code_hash != receipt.code
    assert ids.code_matches(receipt.code.lower().replace("-", " "), receipt.contribution.code_hash)
    second = await submit(author_from(ada), process)
    assert second.number.startswith(f"{process.code}-2026-000002")


async def test_a_proposal_opens_one_point_resting_on_its_title_and_text(database):
    process, ada = await a_process(), await a_person("Ada")
    receipt = await submit(author_from(ada), process)
    (claim,) = await queries.claims_of(receipt.contribution.id)
    assert [quote.text for quote in claim.quotes] == [WORDS.title, WORDS.body]
    assert await recorded(claim.public_id) == ["claim.opened"]
    assert await recorded(receipt.contribution.public_id) == ["proposal.created"]
    assert await told(ada) == ["contribution.received"]
    assert [hit.key for hit in await search.find("shade")] == [f"proposal/{receipt.contribution.public_id}"]


@pytest.mark.parametrize(
    ("kind", "relation", "written_as", "owes"),
    [
        ("proposal", None, "participant", True),
        ("comment", "objects", "participant", True),
        ("comment", "nuances", "participant", True),
        ("comment", "asks", "participant", True),
        ("comment", "evidence", "participant", True),
        ("comment", "alternative", "participant", True),
        ("comment", "experience", "participant", True),
        ("comment", "supports", "participant", False),
        ("comment", "answers", "participant", False),
        ("comment", None, "participant", False),
        ("comment", "objects", "official", False),
        ("proposal", None, "moderator", False),
        ("ticket", None, "participant", True),
    ],
)
def test_which_words_owe_an_answer(kind, relation, written_as, owes):
    assert owes_answer(kind, relation, written_as) is owes


async def test_a_guests_words_wait_and_are_counted_nowhere(database):
    process = await a_process()
    receipt = await submit(a_guest(), process)
    public_id = receipt.contribution.public_id
    assert receipt.contribution.visibility == Visibility.AWAITING
    with pytest.raises(NotFound):
        await queries.visible_contribution(STRANGER, public_id)
    assert (await queries.visible_contribution(Viewer(passes=frozenset({public_id})), public_id)).is_awaiting
    assert (await queries.counts(process.id)).received == 0
    assert await queries.claims_of(receipt.contribution.id) == []
    assert await queries.claims_to_answer([process.issues[0].id]) == []
    assert await search.find("shade") == []
    await actions.confirm(receipt.contribution.id)
    assert (await queries.visible_contribution(STRANGER, public_id)).is_public
    assert (await queries.counts(process.id)).received == 1
    assert len(await queries.claims_to_answer([process.issues[0].id])) == 1
    assert len(await search.find("shade")) == 1
    assert await recorded(public_id) == ["proposal.created", "proposal.confirmed"]
    await actions.confirm(receipt.contribution.id)
    assert await recorded(public_id) == ["proposal.created", "proposal.confirmed"]


async def test_a_guest_cannot_take_the_name_of_who_works_here(database):
    process = await a_process()
    await a_person("Olga Marchetti", "official", process=process.public_id)
    for name in ("Olga Marchetti", "0lga Marchettі"):
        with pytest.raises(Invalid) as wrong:
            await submit(a_guest(name), process)
        assert "guest_name" in wrong.value.errors


async def test_an_account_made_later_with_the_address_takes_the_guests_words(app):
    process = await a_process()
    receipt = await submit(a_guest(address="Zoe@town.example"), process)
    async with db.transaction():
        zoe = await make_account("Zoé", "zoe@town.example", "fr")
    viewer = Viewer(participant=zoe.id, public_id=zoe.public_id, name="Zoé")
    (mine,) = await queries.mine(viewer)
    assert mine.public_id == receipt.contribution.public_id
    assert mine.is_awaiting
    await actions.confirm_own(viewer, mine)
    assert (await queries.visible_contribution(STRANGER, mine.public_id)).is_public
    assert "contribution.claimed" in await recorded(mine.public_id)


async def test_words_sent_after_the_freeze_are_labelled_and_owe_apart(app):
    process, ada = await a_process(freeze_in=5), await a_person("Ada")
    issue = process.issues[0].id
    early = await a_proposal(ada, process)
    with after_the_freeze(process):
        late = await a_proposal(ada, process, title="And close Water Street too")
    assert not early.after_freeze
    assert late.after_freeze
    owed = await queries.claims_to_answer([issue])
    assert [one.contribution for one in owed] == [early.public_id]
    later = await queries.claims_to_answer([issue], only=queries.ClaimFilter(after_freeze=True))
    assert [one.contribution for one in later] == [late.public_id]


async def test_points_to_answer_come_oldest_first_filtered_and_page_by_page(app):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    for number in range(5):
        await a_comment(bo, proposal, f"What about number {number}?", relation=Relation.ASKS)
    await a_comment(bo, proposal, "Good idea.", relation=Relation.SUPPORTS)
    issue = process.issues[0].id
    every = await queries.claims_to_answer([issue])
    assert len(every) == 6
    assert every[0].contribution == proposal.public_id
    asked = await queries.claims_to_answer([issue], only=queries.ClaimFilter(relation="asks"), limit=3)
    rest = await queries.claims_to_answer(
        [issue], only=queries.ClaimFilter(relation="asks"), after=(asked[-1].submitted_at, asked[-1].id)
    )
    assert [one.excerpt for one in (*asked, *rest)] == [f"What about number {n}?" for n in range(5)]


async def test_the_three_numbers_and_the_people_behind_them(app):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    for who in (ada, bo):
        await a_comment(who, proposal, "The same  WORDS.", relation=None)
    hidden = await a_comment(bo, proposal, "To be hidden.", relation=None)
    await actions.hide(hidden.contribution.id, "test")
    counts = await queries.counts(process.id)
    assert (counts.received, counts.distinct, counts.published, counts.people) == (4, 3, 3, 2)
    assert (counts.proposals, counts.comments) == (1, 3)
    assert LISTENERS, "the rooms that count must listen"
