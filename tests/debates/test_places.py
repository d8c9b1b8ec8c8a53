"""Each comment takes one place for good; counts stay exact whoever writes, hides or confirms at once."""

from __future__ import annotations

import asyncio

from civic.contributions import actions as register
from civic.contributions.forms import author_from
from civic.contributions.models import Relation
from civic.debates import actions, queries
from civic.debates.forms import CommentDraft
from civic.debates.models import MAX_LEVEL
from civic.foundation import database as db
from civic.foundation.viewer import STRANGER
from tests.cast import a_comment, a_guest, a_person, a_process, a_proposal


async def a_scene():
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    return ada, bo, proposal, await queries.thread_on(f"proposal/{proposal.public_id}")


async def places(thread):
    """Give every place of a thread, in the order of the tree."""
    sql = "SELECT path, depth, ordinal, children, descendants, relation FROM comment WHERE thread_id = ?"
    return await db.rows(sql + " ORDER BY path", thread.id)


async def test_fifty_people_post_in_one_thread_at_once_and_every_count_is_exact(app):
    ada, bo, proposal, thread = await a_scene()
    first = await a_comment(bo, proposal, "The first.", relation=Relation.OBJECTS)
    other = await a_comment(ada, proposal, "Another.", relation=None, to=first.contribution.public_id)
    people = [await a_person(f"Neighbour {n}") for n in range(10)]

    async def post(n):
        to = first.contribution.public_id if n % 2 else None
        relation = Relation.SUPPORTS if n % 5 == 0 else None
        draft = CommentDraft(f"Message {n}", relation, to)
        await actions.post_comment(author_from(people[n % 10]), thread, draft)

    async def moderate():
        for _ in range(5):
            await register.hide(other.contribution.id, "test")
            await register.restore(other.contribution.id, "test")

    await asyncio.gather(*(post(n) for n in range(50)), moderate())
    found = await places(thread)
    roots = [row for row in found if row["depth"] == 0]
    assert sorted(row["ordinal"] for row in roots) == list(range(1, 27))
    under = [row for row in found if row["depth"] == 1]
    assert sorted(row["ordinal"] for row in under) == list(range(1, 27))
    (top,) = [row for row in roots if row["path"] == "0001"]
    assert (top["children"], top["descendants"]) == (26, 26)
    now = await queries.thread_by_id(thread.id)
    assert (now.comment_count, now.root_count) == (52, 26)
    assert await queries.relation_counts(thread.id) == {"": 41, "supports": 10, "objects": 1}
    (row,) = await db.rows("SELECT count(DISTINCT number) AS n FROM contribution")
    assert row["n"] == 53
    (row,) = await db.rows("SELECT reply_count FROM contribution WHERE id = ?", first.contribution.id)
    assert row["reply_count"] == 26


async def test_hiding_moves_the_counts_and_restoring_brings_them_back(app):
    _ada, bo, proposal, thread = await a_scene()
    top = await a_comment(bo, proposal, "Top.", relation=Relation.OBJECTS)
    middle = await a_comment(bo, proposal, "Middle.", to=top.contribution.public_id)
    await a_comment(bo, proposal, "Deep.", to=middle.contribution.public_id)
    before = await queries.thread_by_id(thread.id)
    assert [row["descendants"] for row in await places(thread)] == [2, 1, 0]
    await register.hide(middle.contribution.id, "test")
    hidden = await queries.thread_by_id(thread.id)
    assert (hidden.comment_count, hidden.version) == (2, before.version + 1)
    assert [row["descendants"] for row in await places(thread)] == [1, 1, 0]
    assert await queries.relation_counts(thread.id) == {"objects": 1, "asks": 1}
    await register.restore(middle.contribution.id, "test")
    assert [row["descendants"] for row in await places(thread)] == [2, 1, 0]
    assert (await queries.thread_by_id(thread.id)).comment_count == 3


async def test_a_guests_comment_takes_its_place_only_when_it_is_confirmed(app):
    _ada, bo, proposal, thread = await a_scene()
    top = await a_comment(bo, proposal, "Top.")
    draft = CommentDraft("From a guest.", Relation.EVIDENCE, top.contribution.public_id)
    waiting = await actions.post_comment(a_guest(), thread, draft)
    assert await queries.place_of(waiting.contribution.id) is None
    assert (await queries.thread_by_id(thread.id)).comment_count == 1
    await a_comment(bo, proposal, "Quicker.", to=top.contribution.public_id)
    await register.confirm(waiting.contribution.id)
    place = await queries.place_of(waiting.contribution.id)
    assert place is not None
    assert (place.path, place.ordinal) == ("00010002", 2)
    assert (await queries.thread_by_id(thread.id)).comment_count == 3
    window = await queries.window(await queries.thread_by_id(thread.id), STRANGER)
    assert [kid.html for kid in window.comments[0].kids] == ["<p>Quicker.</p>\n", "<p>From a guest.</p>\n"]


async def test_a_waiting_comment_that_is_withdrawn_never_takes_a_place(app):
    from civic.contributions import queries as said
    from civic.foundation.viewer import Viewer

    _ada, _bo, _proposal, thread = await a_scene()
    waiting = await actions.post_comment(a_guest(), thread, CommentDraft("Never mind."))
    key = waiting.contribution.public_id
    guest = Viewer(passes=frozenset({key}))
    await register.withdraw(guest, await said.visible_contribution(guest, key), "A mistake.")
    assert await queries.place_of(waiting.contribution.id) is None
    assert (await queries.thread_by_id(thread.id)).comment_count == 0


async def test_a_permalink_at_depth_450_costs_what_one_at_depth_2_does(app, count_queries):
    _ada, bo, proposal, thread = await a_scene()
    keys = await deepen(bo, proposal, thread, 451)
    found = await queries.permalink(STRANGER, keys[450])
    assert found.place.depth == 450
    assert [one.depth for one in found.above] == [0, 445, 446, 447, 448, 449]
    assert found.left_out == 444
    with count_queries() as deep:
        await queries.permalink(STRANGER, keys[440])
    with count_queries() as shallow:
        near = await queries.permalink(STRANGER, keys[2])
    assert [one.public_id for one in near.above] == keys[:2]
    assert deep.count == shallow.count
    (row,) = await db.rows("SELECT descendants FROM comment WHERE public_id = ?", keys[0])
    assert row["descendants"] == 450


async def test_below_the_deepest_level_replies_stand_beside_what_they_answer(app):
    _ada, bo, proposal, thread = await a_scene()
    keys = await deepen(bo, proposal, thread, MAX_LEVEL + 2)
    found = await queries.permalink(STRANGER, keys[-1])
    assert found.place.depth == MAX_LEVEL - 1
    assert found.place.ordinal == 3
    assert found.target.answered == keys[-2]
    beside = [one.public_id for one in found.before]
    assert beside == keys[-3:-1]
    (row,) = await db.rows("SELECT descendants FROM comment WHERE public_id = ?", keys[0])
    assert row["descendants"] == MAX_LEVEL + 1


async def deepen(author, proposal, thread, levels):
    """Let a conversation go down, one reply under the other, straight in the tables but for its ends."""
    from tests.debates.crowd import dig

    keys = await dig(proposal, thread, levels - 3)
    for _ in range(3):
        receipt = await a_comment(author, proposal, "Deeper.", relation=None, to=keys[-1])
        keys.append(receipt.contribution.public_id)
    return keys
