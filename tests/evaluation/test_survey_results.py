"""What may be published of a survey: golden numbers, small groups, and what two results give away. Pure."""

from __future__ import annotations

import pytest

from civic.decisions.models import Outcome
from civic.evaluation.items import ITEMS
from civic.evaluation.queries.surveys import outcome_group
from civic.evaluation.results import Showing, cell_of, mean, next_cells, refreshed, results, unpacked


def rows(*values: int | None, start: int = 1) -> list[tuple[int, int | None]]:
    return list(enumerate(values, start))


def one(*values: int | None):
    return results({"party": cell_of(rows(*values))})[0]


@pytest.mark.parametrize(
    ("agree", "total", "low", "high"),
    [(14, 20, 0.4810, 0.8545), (0, 7, 0.0, 0.3543), (45, 50, 0.7864, 0.9565), (3, 5, 0.2307, 0.8824)],
)
def test_the_share_that_agrees_has_the_interval_of_the_specification(agree, total, low, high):
    against = [1 + number % 3 for number in range(total - agree)]
    found = one(*[4 + number % 2 for number in range(agree)], *against)
    assert found.showing is Showing.SHOWN
    assert (found.agreeing.number, found.agreeing.total) == (agree, total)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=5e-5)
    assert found.is_few == (total < 30)


def test_the_mean_is_rescaled_and_those_who_do_not_know_are_counted_apart():
    found = one(1, 2, 3, 4, 5, 5, 0, 0, None)
    assert (found.total, found.dont_know, found.counts) == (6, 2, (1, 1, 1, 1, 2))
    assert found.mean == pytest.approx((0 + 0.25 + 0.5 + 0.75 + 1 + 1) / 6)
    assert mean((0,) * 5) is None


def test_fewer_than_five_are_withheld_whoever_does_not_know():
    for found in (one(1, 2, 3, 4), one(1, 2, 3, 4, 0, 0, 0), one()):
        assert found.showing is Showing.WITHHELD
        assert (found.total, found.counts, found.mean, found.agreeing) == (0, (), None, None)


def test_when_all_say_the_same_no_answer_is_told():
    assert one(*[5] * 8).showing is Showing.MOST
    assert one(*[3] * 8).showing is Showing.FEWEST_AGREE
    assert one(*[5] * 8).counts == ()


def test_two_results_never_differ_by_fewer_than_five_people():
    first = cell_of(rows(1, 2, 3, 4, 5))
    for more in range(1, 5):
        assert refreshed(first, rows(1, 2, 3, 4, 5, *[1, 5, 1, 5][:more])) is first
    fifth = refreshed(first, rows(1, 2, 3, 4, 5, 1, 5, 1, 5, 2))
    assert fifth is not first
    assert fifth.total == 10


def test_two_results_do_not_tell_what_all_newcomers_said():
    first = cell_of(rows(1, 2, 3, 4, 5))
    assert refreshed(first, rows(1, 2, 3, 4, 5, *[1] * 7)) is first
    assert refreshed(first, rows(1, 2, 3, 4, 5, *[1] * 7, 2)).total == 13


def test_each_question_is_a_cell_of_its_own():
    party = rows(1, 2, 3, 4, 5, 1, 2, 3, 4, 5)
    view = rows(1, 2, 3, 4, 5, *[None] * 4, 5)
    before = next_cells({}, {key: (party[:5] if key in ("party", "view") else []) for key in ITEMS})
    after = next_cells(before, {**dict.fromkeys(ITEMS, []), "party": party, "view": view})
    assert (before["view"].total, after["view"].total, after["party"].total) == (5, 5, 10)
    assert set(after) == {"party", "view"}
    assert next_cells(after, {**dict.fromkeys(ITEMS, []), "party": party, "view": view}) is None


def test_people_who_do_not_know_hide_nobody():
    first = cell_of(rows(1, 2, 3, 4, 5))
    assert refreshed(first, rows(1, 2, 3, 4, 5, 0, 0, 0, 0, 1)) is first


def test_cells_come_back_as_they_were_kept():
    cells = {"party": cell_of(rows(1, 2, 3, 4, 5, 0))}
    assert unpacked({key: cell.packed for key, cell in cells.items()}) == cells


@pytest.mark.parametrize(
    ("counts", "group"),
    [
        ({}, ""),
        ({Outcome.NOTED: 3, Outcome.WITHDRAWN: 1}, ""),
        ({Outcome.ADOPTED: 2, Outcome.DECLINED: 1}, "adopted"),
        ({Outcome.PARTLY: 1}, "mixed"),
        ({Outcome.ALREADY: 1, Outcome.OUT_OF_SCOPE: 2, Outcome.NOTED: 9}, "not"),
        ({Outcome.DEFERRED: 1}, "not"),
    ],
)
def test_the_outcome_group_of_a_person(counts, group):
    assert outcome_group(counts) == group
