"""Leaves of one object form one chain, however many write at once."""

from __future__ import annotations

import asyncio

import pytest
from tortoise.exceptions import IntegrityError

from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.ledger import actions as ledger
from civic.ledger import queries
from civic.ledger.leaf import make_leaf
from civic.ledger.models import Opening, StagedLeaf


async def test_a_leaf_is_written_in_the_transaction_of_the_act_or_not_at_all(database):
    with pytest.raises(RuntimeError):
        await ledger.record("comment.created", ids.public_id())
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await ledger.record("comment.created", ids.public_id())
            raise ZeroDivisionError
    assert await StagedLeaf.all().count() == 0


async def test_each_leaf_names_the_one_before_it_by_its_hash(database):
    thing, other = ids.public_id(), ids.public_id()
    async with db.transaction():
        first = await ledger.record(
            "comment.created", thing, content={"body": "Bonjour"}, author="ada", ref="v/1"
        )
        await ledger.record("comment.created", other)
        second = await ledger.record("comment.edited", thing, rev=2)
    one, two = await queries.leaves_of(thing)
    assert "prev" not in one.fields
    assert two.fields["prev"] == first == one.hash
    assert two.hash == second
    assert [entry.fields["rev"] for entry in (one, two)] == [1, 2]
    assert await queries.what_is_wrong() == ""


async def test_the_content_is_nowhere_in_the_record(database):
    async with db.transaction():
        await ledger.record("comment.created", ids.public_id(), content={"body": "Moustique"}, author="ada")
    kept = [bytes(row.leaf) for row in await StagedLeaf.all()]
    openings = await Opening.all().values_list("content_salt", "author_salt", "content_ref")
    assert b"Moustique" not in b"".join(kept)
    assert "Moustique" not in str(openings)
    assert [len(salt) for salt in openings[0][:2]] == [32, 32]


async def test_fifty_writers_make_one_chain(database):
    thing = ids.public_id()

    async def write(number: int) -> None:
        async with db.transaction():
            await ledger.record("comment.edited", thing, rev=number + 1)

    await asyncio.gather(*(write(number) for number in range(50)))
    chain = await queries.leaves_of(thing)
    follows = {entry.fields.get("prev"): entry.hash for entry in chain}
    assert len(chain) == len(follows) == 50
    last = None
    for _ in chain:
        last = follows[last]
    assert await queries.what_is_wrong() == ""


async def test_a_leaf_cannot_be_changed(database):
    async with db.transaction():
        await ledger.record("comment.created", ids.public_id())
    with pytest.raises(IntegrityError):
        await db.execute("UPDATE ledger_staged SET type = ?", "comment.edited")
    with pytest.raises(IntegrityError):
        await StagedLeaf.all().delete()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"data": b'{"v":2}'}, "hash"),
        ({"prev": "0" * 64}, "follow"),
        ({"type": "comment.withdrawn"}, "filed as something else"),
        ({"object": "0" * 26}, "filed as something else"),
    ],
)
async def test_a_leaf_that_does_not_hold_is_found(database, changed, says):
    thing = ids.public_id()
    leaf = make_leaf("comment.created", thing, at=clock.now(), rev=1, prev=changed.get("prev"))
    data = changed.get("data", leaf.data)
    await StagedLeaf.create(
        leaf=data,
        hash=leaf.hash,
        type=changed.get("type", "comment.created"),
        object=changed.get("object", thing),
        staged_at=clock.now(),
    )
    assert says in await queries.what_is_wrong()


async def test_many_leaves_are_written_as_each_alone_would_be(database):
    things = [ids.public_id() for _ in range(5)]
    async with db.transaction():
        await ledger.record("claim.opened", things[0])
        await ledger.record_many(
            [
                ledger.Entry("disposition.published", thing, rev=2, content={"n": 1}, author="otto")
                for thing in things
            ]
        )
        await ledger.record("disposition.published", things[1], rev=3)
    assert [[entry.fields["rev"] for entry in await queries.leaves_of(thing)] for thing in things] == [
        [1, 2],
        [2, 3],
        [2],
        [2],
        [2],
    ]
    assert await Opening.all().count() == 5
    assert await queries.what_is_wrong() == ""
    with pytest.raises(RuntimeError):
        await ledger.record_many([])
