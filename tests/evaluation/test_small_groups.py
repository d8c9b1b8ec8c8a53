"""No small group is shown, and none is found by adding and taking away what is shown."""

from __future__ import annotations

from itertools import chain, combinations

import numpy
from hypothesis import given, strategies

from civic.evaluation.small_groups import FEWEST, hidden

GROUPS = ("users", "neighbours", "federations", "society", "authorities", "unions", "staff", "")


@strategies.composite
def crowds(draw):
    """Draw who speaks for which group; one person may speak for several."""
    sizes = {group: draw(strategies.integers(0, 9)) for group in GROUPS}
    start = {group: draw(strategies.integers(0, 40)) for group in GROUPS}
    return {
        group: {f"person {n}" for n in range(start[group], start[group] + size)}
        for group, size in sizes.items()
    }


def can_be_found(groups: tuple[str, ...], known: list[tuple[str, ...]], order: list[str]) -> bool:
    """Tell whether the sum over some groups follows from the sums that are known."""
    rows = [[float(one in row) for one in order] for row in known]
    wanted = [float(one in groups) for one in order]
    return numpy.linalg.matrix_rank([*rows, wanted]) == numpy.linalg.matrix_rank(rows)


@given(crowds())
def test_nothing_small_is_recovered_by_subtraction(people):
    """Published are each group shown, and the total: what follows from them must never be few people."""
    away = hidden(people)
    order = [group for group in GROUPS if people[group]]
    shown = [group for group in order if group not in away]
    if not shown:
        return
    known = [*((group,) for group in shown), tuple(order)]
    for groups in chain.from_iterable(combinations(order, n) for n in range(1, len(order))):
        if set(groups) & away and can_be_found(groups, known, order):
            together = set().union(*(people[group] for group in set(groups) & away))
            assert len(together) >= FEWEST
            assert len(set(groups) & away) >= 2


@given(crowds())
def test_no_group_of_fewer_than_five_people_is_shown(people):
    away = hidden(people)
    assert all(len(people[group]) >= FEWEST for group in GROUPS if people[group] and group not in away)
    assert not any(not people[group] for group in away)


@given(crowds())
def test_nothing_is_hidden_without_need(people):
    if all(not crowd or len(crowd) >= FEWEST for crowd in people.values()):
        assert not hidden(people)


def crowd(**sizes: int) -> dict[str, set[str]]:
    return {group: {f"{group} {n}" for n in range(size)} for group, size in sizes.items()}


def test_one_small_group_takes_the_next_smallest_with_it():
    assert hidden(crowd(users=20, staff=3, unions=8, society=9)) == {"staff", "unions"}


def test_two_small_groups_hide_each_other_once_they_are_enough():
    assert hidden(crowd(users=20, staff=3, unions=2)) == {"staff", "unions"}
    assert hidden(crowd(users=20, staff=2, unions=2)) == {"users", "staff", "unions"}


def test_a_group_of_nobody_hides_nothing():
    assert hidden(crowd(users=20, staff=0)) == set()
