"""Allowances: so many at once, refilled steadily, shared by all workers."""

import asyncio
from datetime import timedelta

import pytest

from civic.foundation import clock, limits
from civic.foundation import database as db
from civic.foundation.errors import TooMany
from civic.foundation.models import RateBucket


async def spent(bucket: str, key: str, times: int) -> int:
    """Try so many times at once, and tell how often it was allowed."""
    tries = await asyncio.gather(*(limits.spend(bucket, key) for _ in range(times)), return_exceptions=True)
    assert all(answer is None or isinstance(answer, TooMany) for answer in tries)
    return sum(answer is None for answer in tries)


async def test_fifty_at_once_get_the_allowance_and_no_more(database):
    with clock.at(clock.now()):
        assert await spent("sign_in_account", "ada", 50) == limits.RATES["sign_in_account"].amount


async def test_asking_whether_it_is_allowed_uses_nothing_up(database):
    with clock.at(clock.now()):
        for _ in range(9):
            await limits.demand("register_network", "here")
        assert await spent("register_network", "here", 9) == 5
        with pytest.raises(TooMany) as refused:
            await limits.demand("register_network", "here")
        assert 0 < refused.value.retry_after <= 3600 / 5 + 1
        await limits.demand("register_network", "elsewhere")


async def test_one_key_does_not_pay_for_another(database):
    with clock.at(clock.now()):
        await spent("register_network", "198.51.100.0/24", 9)
        assert await spent("register_network", "203.0.113.0/24", 9) == 5


async def test_the_answer_says_how_long_to_wait_and_it_is_enough(database):
    now = clock.now()
    with clock.at(now):
        await spent("register_network", "here", 5)
        with pytest.raises(TooMany) as refused:
            await limits.spend("register_network", "here")
    assert 0 < refused.value.retry_after <= 3600 / 5 + 1
    with clock.at(now + timedelta(seconds=refused.value.retry_after)):
        assert await spent("register_network", "here", 3) == 1


async def test_an_unused_allowance_does_not_grow_beyond_its_size(database):
    await limits.spend("reset_address", "ada")
    with clock.at(clock.now() + timedelta(days=30)):
        assert await spent("reset_address", "ada", 20) == limits.RATES["reset_address"].amount


async def test_proof_of_who_one_is_gives_the_allowance_back(database):
    with clock.at(clock.now()):
        await spent("sign_in_account", "ada", 10)
        await limits.forgive("sign_in_account", "ada")
        assert await spent("sign_in_account", "ada", 3) == 3


async def test_guesses_are_not_counted_inside_what_may_be_undone(database):
    async with db.transaction():
        with pytest.raises(RuntimeError):
            await limits.spend("code_contribution", "P1-2026-000001-K")


async def test_a_post_that_failed_costs_nothing(database):
    with clock.at(clock.now()):
        for _ in range(30):
            with pytest.raises(ZeroDivisionError):
                async with db.transaction():
                    await limits.spend("post_newcomer", "ada")
                    raise ZeroDivisionError
        assert await spent("post_newcomer", "ada", 30) == 20


async def test_no_address_is_kept(database):
    await limits.spend("register_network", limits.network_of("198.51.100.7"))
    await limits.spend("reset_address", "ada@example.org\ud800")
    kept = str(await RateBucket.all().values())
    assert "198.51" not in kept
    assert "ada" not in kept


async def test_whole_allowances_are_forgotten(database):
    with clock.at(clock.now() - timedelta(days=2)):
        await limits.spend("register_network", "gone")
    await limits.spend("register_network", "here")
    await limits.forget()
    assert await RateBucket.all().count() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("testclient", "unknown"),
    ],
)
def test_neighbours_share_an_allowance(address, network):
    assert limits.network_of(address) == network
