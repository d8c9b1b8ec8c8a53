"""Each figure of SPEC 4.8, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civic.contributions.models import CheckState
from civic.decisions.models import Finding, Outcome
from civic.evaluation.figures import (
    AppealFact,
    DateFact,
    Facts,
    PointFact,
    PromiseFact,
    VoiceFact,
    board,
    gini,
)
from civic.evaluation.intervals import Share

NOW = datetime(2026, 6, 1, tzinfo=UTC)
POINT = PointFact(
    contribution=1,
    person="1",
    capacity="",
    submitted_at=NOW - timedelta(days=60),
    check=CheckState.FOUND,
    is_missed=False,
    outcome=None,
    is_reasoned=False,
    is_linked=False,
    answered_at=None,
)


def before(days: float) -> datetime:
    return NOW - timedelta(days=days)


def answered(contribution: int, outcome: Outcome, **changed) -> PointFact:
    given = {"is_reasoned": True, "answered_at": before(20), **changed}
    return replace(POINT, contribution=contribution, person=str(contribution), outcome=outcome, **given)


def test_a_contribution_is_answered_when_all_its_points_are():
    points = (
        answered(1, Outcome.ADOPTED, is_linked=True),
        answered(1, Outcome.DECLINED, is_reasoned=False),
        answered(2, Outcome.PARTLY, is_linked=True),
        replace(POINT, contribution=2, person="2"),
        answered(3, Outcome.ALREADY),
    )
    shares = board(Facts(NOW, points)).shares
    assert shares["answered"] == Share(2, 3)
    assert shares["addressed"] == Share(4, 5)
    assert shares["adopted"] == Share(2, 5), "already provided is no adoption"
    assert shares["reasoned"] == Share(3, 5)
    assert shares["traced"] == Share(2, 5)


def test_silence_is_never_understood():
    checks = [CheckState.CONFIRMED] * 11 + [CheckState.CORRECTED] * 2 + [CheckState.SILENT] * 4
    points = [replace(POINT, contribution=n, check=check) for n, check in enumerate(checks)]
    missed = replace(POINT, contribution=99, is_missed=True)
    shares = board(Facts(NOW, (*points, missed, POINT))).shares
    assert shares["understood"] == Share(11, 18)
    assert shares["corrected"] == Share(2, 13)


def test_a_date_that_was_moved_stays_counted_as_it_was_given():
    dates = (
        DateFact(before(10), before(12)),
        DateFact(before(10), before(5)),
        DateFact(before(10), None),
        DateFact(NOW + timedelta(days=5), before(1)),
        DateFact(NOW + timedelta(days=5), None),
    )
    found = board(Facts(NOW, dates=dates))
    assert (found.shares["dates"], found.to_come) == (Share(2, 4), 1)


def test_a_promise_is_followed_through_when_it_is_on_time_and_works():
    promises = (
        PromiseFact(before(10), before(12), works=3, checks=4),
        PromiseFact(before(10), before(12), works=1, checks=2),
        PromiseFact(before(10), before(12), works=0, checks=0),
        PromiseFact(before(10), before(2), works=4, checks=4),
        PromiseFact(NOW + timedelta(days=9), None, works=0, checks=0),
    )
    shares = board(Facts(NOW, promises=promises)).shares
    assert (shares["on_time"], shares["followed"]) == (Share(3, 4), Share(1, 4))


def test_appeals_count_the_share_that_was_right_and_the_time_they_took():
    appeals = (
        AppealFact(before(50), before(40), Finding.UPHELD),
        AppealFact(before(50), before(30), Finding.DISMISSED),
        AppealFact(before(50), None, None),
    )
    found = board(Facts(NOW, appeals=appeals))
    assert (found.filed, found.shares["upheld"]) == (3, Share(1, 2))
    assert (found.waits["ruling"].median, found.waits["ruling"].going_on) == (20, 1)


def test_the_first_reply_is_the_first_of_a_comment_and_an_answer():
    points = (answered(1, Outcome.NOTED), answered(2, Outcome.NOTED), replace(POINT, contribution=3))
    found = board(Facts(NOW, points, first_replies={1: before(55)}))
    assert found.waits["reply"].ended == 2
    assert found.waits["reply"].median == 40
    assert found.waits["outcome"].going_on == 1


def test_diversity_names_who_was_expected_and_not_heard():
    points = (replace(POINT, capacity="users"),)
    voices = (VoiceFact(10, True), VoiceFact(10, False), VoiceFact(10, None))
    found = board(Facts(NOW, points, voices=voices, expected=("users", "staff")))
    assert (found.shares["present"], found.absent) == (Share(1, 2), ("staff",))
    assert (found.shares["new"], found.evenness) == (Share(1, 2), 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 1, 1, 1], 0), ([0, 0, 0, 1], 0.75), ([1, 2, 3, 4], 0.25), ([5], 0), ([], None), ([0, 0], None)],
)
def test_gini(values, expected):
    assert gini(values) == (expected if expected is None else pytest.approx(expected))


def crowd(capacity: str, first: int, adopted: int, declined: int) -> list[PointFact]:
    outcomes = [Outcome.ADOPTED] * adopted + [Outcome.DECLINED] * declined
    return [replace(answered(first + n, outcome), capacity=capacity) for n, outcome in enumerate(outcomes)]


def test_a_wide_gap_that_chance_does_not_explain_is_flagged():
    points = (*crowd("users", 0, 45, 15), *crowd("neighbours", 100, 24, 26))
    found = board(Facts(NOW, points)).equality
    users, neighbours = found.measures["adopted"]
    assert (users.share, users.rest) == (Share(45, 60), Share(24, 50))
    assert users.gap == pytest.approx(0.27)
    assert (round(users.interval.low, 4), round(users.interval.high, 4)) == (0.0879, 0.4311)
    assert users.ratio == pytest.approx(0.75 / 0.48)
    assert neighbours.gap == pytest.approx(-0.27)
    assert users.chance == pytest.approx(6 * 0.00550, abs=0.003), "corrected for six comparisons"
    assert users.is_flagged
    assert not users.is_few
    assert {one.group for _, one in found.flagged} == {"users", "neighbours"}


def test_looking_at_many_groups_makes_one_gap_less_telling():
    points = [*crowd("users", 0, 45, 15), *crowd("neighbours", 100, 24, 26)]
    for place, group in enumerate(("federations", "society", "authorities", "unions", "staff"), 2):
        points += crowd(group, 100 * place, 6, 4)
    found = board(Facts(NOW, tuple(points))).equality
    users = found.measures["adopted"][0]
    assert users.interval.excludes_zero
    assert not users.is_flagged


def test_a_narrow_gap_is_not_flagged_however_sure():
    points = (*crowd("users", 0, 1900, 100), *crowd("neighbours", 5000, 1740, 260))
    users = board(Facts(NOW, points)).equality.measures["adopted"][0]
    assert (round(users.gap, 2), users.interval.excludes_zero) == (0.08, True)
    assert not users.is_flagged


def test_those_who_did_not_say_are_shown_and_not_compared():
    points = (*crowd("users", 0, 10, 2), *crowd("", 100, 2, 10))
    users, unsaid = board(Facts(NOW, points)).equality.measures["adopted"]
    assert (unsaid.group, unsaid.gap, unsaid.interval) == ("", None, None)
    assert users.gap is not None
    assert users.is_few


def test_a_small_group_is_nowhere_on_the_board():
    points = (*crowd("users", 0, 10, 2), *crowd("staff", 100, 1, 2), *crowd("unions", 200, 4, 2))
    found = board(Facts(NOW, points)).equality
    assert (found.few, found.beside) == (("staff",), ("unions",))
    assert {one.group for rows in found.measures.values() for one in rows} == {"users"}
    assert set(found.people) == {"users"}


def test_a_board_of_nothing():
    found = board(Facts(NOW))
    assert (found.points, found.people, found.evenness) == (0, 0, None)
    assert all(share == Share(0, 0) for share in found.shares.values())
    assert board(Facts(NOW, compares=False)).equality is None
