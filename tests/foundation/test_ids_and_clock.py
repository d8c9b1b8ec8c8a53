"""Identifiers nobody can guess, codes people can read aloud, days that end at local midnight."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from civic import settings as configuration
from civic.foundation import clock, ids
from civic.settings import Settings


@pytest.fixture(autouse=True)
def house(monkeypatch):
    monkeypatch.setattr(configuration, "_current", Settings(secret_keys=("now", "before")))


def test_public_ids_are_random_and_safe_in_addresses():
    drawn = {ids.public_id() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{26}", one) for one in drawn)


def test_a_code_opens_however_it_is_typed_and_nothing_else_does():
    code = ids.secret_code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}", code)
    kept = ids.hash_code(code)
    loose = f" {code.lower().replace('-', ' ').replace('0', 'O').replace('1', 'l')} "
    assert ids.code_matches(loose, kept)
    assert not ids.code_matches(ids.secret_code(), kept)
    assert not ids.code_matches("\ud800\x00é", kept)


def test_a_code_given_before_a_change_of_key_still_opens(monkeypatch):
    monkeypatch.setattr(configuration, "_current", Settings(secret_keys=("before",)))
    kept = ids.hash_code("0000-0000-00000")
    monkeypatch.setattr(configuration, "_current", Settings(secret_keys=("now", "before")))
    assert ids.code_matches("0000-0000-00000", kept)
    monkeypatch.setattr(configuration, "_current", Settings(secret_keys=("now",)))
    assert not ids.code_matches("0000-0000-00000", kept)


def test_tokens_hold_256_bits_and_are_kept_as_digests():
    token = ids.token()
    assert len(token) == 43
    assert re.fullmatch(r"[0-9a-f]{64}", ids.hash_token(token))
    assert token not in ids.hash_token(token)


def test_a_mistyped_number_is_noticed():
    number = "P7-2026-000123"
    letter = ids.check_letter(number)
    swapped = "P7-2026-000132"
    assert re.fullmatch(r"[0-9A-Z*]", letter)
    assert letter == ids.check_letter(number.lower())
    assert letter != ids.check_letter(swapped)


def test_the_clock_can_be_held_and_goes_on_after():
    moment = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_tasks_keep_the_time_they_were_started_in():
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        told = asyncio.create_task(asyncio.sleep(0, result=None))
        inner = asyncio.create_task(_tell())
    await told
    assert (await inner).month == 3


async def _tell() -> datetime:
    return clock.now()


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2026, 3, 1)):  # noqa: DTZ001
        pass


def test_days_end_at_local_midnight():
    assert clock.local_day(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.end_of_day(date(2026, 11, 22)) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert clock.end_of_day(date(2026, 6, 22)) == datetime(2026, 6, 22, 22, tzinfo=UTC)
    assert clock.end_of_day(date(2026, 10, 25)) - clock.end_of_day(date(2026, 10, 24)) == timedelta(hours=25)
