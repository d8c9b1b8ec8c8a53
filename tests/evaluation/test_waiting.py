"""A waiting time counts those who still wait, and a second library finds the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies
from statsmodels.duration.survfunc import SurvfuncRight

from civic.evaluation.waiting import Spell, waiting

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=100)


def ended(days: float) -> Spell:
    return Spell(START, START + timedelta(days=days))


def going_on(days: float) -> Spell:
    return Spell(NOW - timedelta(days=days))


def test_those_who_still_wait_make_the_median_longer():
    answered = [ended(days) for days in (2, 4, 6, 8)]
    assert waiting(answered, NOW).median == 4
    found = waiting([*answered, *(going_on(90) for _ in range(3))], NOW)
    assert (found.total, found.ended, found.going_on) == (7, 4, 3)
    assert (found.median, found.p80) == (8, None)


def test_half_that_still_wait_have_no_median_yet():
    found = waiting([ended(2), going_on(30), going_on(40)], NOW)
    assert (found.median, found.p80) == (None, None)


def test_a_short_wait_that_goes_on_says_little():
    """Somebody who wrote this morning neither shortens nor lengthens what the others waited."""
    found = waiting([*(ended(days) for days in (10, 20, 30, 40, 50)), going_on(0.1)], NOW)
    assert (found.median, found.p80) == (30, 40)


def test_nobody_answered_and_nobody_there():
    assert waiting([going_on(3)], NOW).median is None
    assert waiting([], NOW).total == 0


def test_who_still_waits_after_a_week_and_after_a_month():
    found = waiting([ended(3), ended(10), ended(20), going_on(40)], NOW)
    assert found.marks == ((7, pytest.approx(0.75)), (30, pytest.approx(0.25)))
    assert waiting([ended(8), going_on(9)], NOW).marks == ((7, 1),)
    assert waiting([going_on(40)], NOW).marks == ()


def test_a_clock_that_ran_back_is_a_wait_of_nothing():
    assert waiting([Spell(START, START - timedelta(seconds=1))], NOW).median == 0


@given(strategies.lists(strategies.tuples(strategies.integers(1, 90), strategies.booleans()), min_size=1))
def test_the_estimate_agrees_with_statsmodels(spells):
    found = waiting([ended(days) if is_over else going_on(days) for days, is_over in spells], NOW)
    if not any(is_over for _, is_over in spells):
        assert found.median is None
        return
    other = SurvfuncRight([days for days, _ in spells], [int(is_over) for _, is_over in spells])
    for left, mine in ((0.5, found.median), (0.2, found.p80)):
        reached = [
            day for day, share in zip(other.surv_times, other.surv_prob, strict=True) if share <= left + 1e-9
        ]
        assert mine == (pytest.approx(reached[0]) if reached else None)
