"""A form sent again does nothing again."""

import asyncio

import pytest

from civic.foundation import clock
from civic.foundation.errors import Conflict
from civic.foundation.models import FormKey, InstanceSetting
from civic.foundation.once import forget, once


async def write_one() -> str:
    row = await InstanceSetting.create(
        name=f"n{await InstanceSetting.all().count()}", value=1, updated_at=clock.now()
    )
    return f"/things/{row.name}"


async def test_fifty_at_once_store_one_row_and_get_one_answer(database):
    answers = await asyncio.gather(*(once("key", "words", write_one) for _ in range(50)))
    assert set(answers) == {"/things/n0"}
    assert await InstanceSetting.all().count() == 1


async def test_two_keys_are_two_acts(database):
    assert await once("a", "words", write_one) != await once("b", "words", write_one)


async def test_other_words_under_the_same_key_are_not_swallowed(database):
    await once("key", "words", write_one)
    with pytest.raises(Conflict):
        await once("key", "other words", write_one)


async def test_an_act_that_failed_can_be_tried_again(database):
    async def fail() -> str:
        await write_one()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await once("key", "words", fail)
    assert await InstanceSetting.all().count() == 0
    assert await once("key", "words", write_one) == "/things/n0"


async def test_keys_of_any_shape_are_kept_at_one_length(database):
    await once("é" * 5000, "words", write_one)
    assert len((await FormKey.get()).key) == 64


async def test_forms_sent_long_ago_are_forgotten(database):
    with clock.at(clock.now().replace(year=2020)):
        await once("old", "words", write_one)
    await once("new", "words", write_one)
    await forget()
    assert await FormKey.all().count() == 1
