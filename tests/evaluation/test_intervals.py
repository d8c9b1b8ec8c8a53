"""Intervals are those of SPEC 4.9, and a second library finds the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies
from scipy.stats import binomtest, false_discovery_control

from civic.evaluation.intervals import Interval, Share, chance, corrected, newcombe, wilson

GOLDEN = [
    (Share(14, 20), (0.4810, 0.8545)),
    (Share(0, 7), (0.0, 0.3543)),
    (Share(45, 50), (0.7864, 0.9565)),
    (Share(3, 5), (0.2307, 0.8824)),
]


@strategies.composite
def shares(draw, most=400):
    total = draw(strategies.integers(1, most))
    return Share(draw(strategies.integers(0, total)), total)


def by_scipy(share: Share) -> tuple[float, float]:
    found = binomtest(share.number, share.total).proportion_ci(0.95, method="wilson")
    return found.low, found.high


@pytest.mark.parametrize(("share", "expected"), GOLDEN)
def test_wilson_gives_the_golden_numbers(share, expected):
    found = wilson(share)
    assert (round(found.low, 4), round(found.high, 4)) == expected


@given(shares())
def test_wilson_agrees_with_scipy(share):
    found = wilson(share)
    assert (found.low, found.high) == pytest.approx(by_scipy(share), abs=1e-9)


def test_newcombe_gives_the_golden_numbers():
    found = newcombe(Share(45, 60), Share(24, 50))
    assert round(45 / 60 - 24 / 50, 4) == 0.27
    assert (round(found.low, 4), round(found.high, 4)) == (0.0879, 0.4311)


@given(shares(), shares())
def test_newcombe_agrees_with_its_formula_on_the_bounds_of_scipy(one, other):
    """Newcombe (1998), method 10: the distances of two Wilson intervals, taken together."""
    p, q = one.value, other.value
    (low_p, high_p), (low_q, high_q) = by_scipy(one), by_scipy(other)
    expected = p - q - math.hypot(p - low_p, high_q - q), p - q + math.hypot(high_p - p, q - low_q)
    found = newcombe(one, other)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_nothing_counted_gives_no_interval():
    assert wilson(Share(0, 0)) is None
    assert newcombe(Share(0, 0), Share(1, 2)) is newcombe(Share(1, 2), Share(0, 0)) is None
    assert Share(0, 0).value is None


def test_an_interval_knows_whether_it_leaves_zero_out():
    assert [Interval(*one).excludes_zero for one in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0, 0.2))] == [
        True, True, False, False,
    ]  # fmt: skip


def test_holm_multiplies_the_smallest_by_all_the_second_by_one_less():
    assert corrected([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert corrected([]) == []


@given(strategies.lists(strategies.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_never_milder_than_the_false_discovery_rate(found):
    assert all(
        holm >= fdr - 1e-9 for holm, fdr in zip(corrected(found), false_discovery_control(found), strict=True)
    )


def test_the_exact_chance_of_fishers_tea():
    assert chance(Share(3, 4), Share(1, 4)) == pytest.approx(0.4857, abs=1e-4)
    assert chance(Share(9, 9), Share(24, 24)) == 1
