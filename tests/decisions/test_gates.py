"""Where a point stands, what a publication would state of it, and what holds a publication back (R1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civic.decisions.gates import (
    WAIVED_BY_BANNER,
    Condition,
    Desk,
    GateFacts,
    Point,
    PointState,
    coverage,
    gate,
    holding_back,
    is_second_deferral,
)
from civic.decisions.models import Outcome

NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
BARE = Point(claim_id=1, public_id="p", contribution="c", issue_id=1, is_withdrawn=False, is_late=False)
YES = replace(BARE, answer_id=11, answer_version=1, outcome=Outcome.ADOPTED, drafted_by=5)
NO = replace(YES, outcome=Outcome.DECLINED)


@pytest.mark.parametrize(
    ("point", "state"),
    [
        (BARE, PointState.UNANSWERED),
        (YES, PointState.READY),
        (NO, PointState.REVIEW),
        (replace(NO, outcome=Outcome.OUT_OF_SCOPE), PointState.REVIEW),
        (replace(NO, outcome=Outcome.PARTLY), PointState.REVIEW),
        (replace(NO, is_approved=True), PointState.READY),
        (replace(NO, is_approved=False), PointState.RETURNED),
        (replace(YES, is_approved=False), PointState.RETURNED),
        (replace(YES, due_version=2), PointState.CHANGED),
        (replace(YES, due_version=2, for_version=2), PointState.READY),
        (replace(YES, contested_at=NOW), PointState.AGAIN),
        (replace(YES, is_withdrawn=True), PointState.WITHDRAWN),
        (replace(BARE, is_withdrawn=True), PointState.WITHDRAWN),
    ],
)
def test_a_point_stands_where_its_facts_put_it(point, state):
    assert Desk((point,)).state(point) is state


def test_the_full_profile_has_every_answer_read_twice():
    assert Desk((YES,), full=True).state(YES) is PointState.REVIEW
    read = replace(YES, is_approved=True)
    assert Desk((read,), full=True).state(read) is PointState.READY


def test_generic_and_unlinked_answers_are_held_back():
    assert Desk((YES,), generic={11: 12}).state(YES) is PointState.GENERIC
    assert Desk((YES,), unlinked=frozenset({11})).state(YES) is PointState.UNLINKED


def test_a_point_held_back_twice_counts_under_both_and_its_writer_comes_first():
    desk = Desk((NO,), generic={11: 12})
    assert desk.states(NO) == (PointState.GENERIC, PointState.REVIEW)
    assert unmet(facts(NO, desk=desk)) == {Condition.GENERIC, Condition.REVIEW}
    returned = replace(NO, is_approved=False)
    assert Desk((returned,)).states(returned) == (PointState.RETURNED, PointState.REVIEW)
    assert unmet(facts(returned)) == {Condition.REVIEW}


def test_a_second_deferral_waits_for_the_decision_maker():
    later = replace(YES, outcome=Outcome.DEFERRED, published_id=9, published_outcome=Outcome.DEFERRED)
    assert is_second_deferral(later)
    assert Desk((later,)).state(later) is PointState.SIGNATURE
    signed = replace(later, is_signed=True)
    assert Desk((signed,)).state(signed) is PointState.READY
    assert not is_second_deferral(replace(later, published_id=11))
    assert not is_second_deferral(replace(later, published_outcome=Outcome.DECLINED))


def test_the_answer_in_force_stands_until_the_new_one_is_ready():
    redrafted = replace(NO, published_id=7, published_outcome=Outcome.ADOPTED)
    assert Desk((redrafted,)).effective(redrafted) == 7
    assert Desk((redrafted,)).unanswered == ()
    contested = replace(redrafted, published_contested=True)
    assert Desk((contested,)).effective(contested) is None
    assert Desk((contested,)).unanswered == (contested,)


def test_late_and_withdrawn_points_are_not_owed():
    late = replace(BARE, claim_id=2, is_late=True)
    gone = replace(BARE, claim_id=3, is_withdrawn=True)
    desk = Desk((late, gone, YES))
    assert desk.owed == (YES,)
    assert desk.unanswered == ()
    answered = replace(YES, claim_id=4, is_late=True)
    desk = Desk((YES, answered))
    assert desk.stated(with_late=False) == {1: 11}
    assert desk.stated(with_late=True) == {1: 11, 4: 11}


def test_coverage_counts_each_point_once():
    waiting = replace(BARE, claim_id=2, waits_until=NOW + timedelta(days=1))
    points = (YES, waiting, replace(NO, claim_id=3), replace(BARE, claim_id=4, is_withdrawn=True))
    late = replace(YES, claim_id=5, is_late=True)
    found = coverage(Desk((*points, late)), NOW)
    assert (found.total, found.ready, found.working, found.unanswered) == (3, 1, 1, 1)
    assert (found.withdrawn, found.late, found.late_ready, found.waiting) == (1, 1, 1, 1)
    assert found.treated == 2


def facts(*points: Point, **changes) -> GateFacts:
    usual = GateFacts(Desk(points), NOW, freezes=(NOW - timedelta(days=1),), has_maker=True)
    return replace(usual, **changes)


def unmet(given: GateFacts) -> set[Condition]:
    return {item.condition for item in gate(given) if not item.met}


def test_a_decision_that_lacks_nothing_is_not_held_back():
    assert holding_back(gate(facts(YES)), with_banner=False) == []


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        (facts(YES, freezes=(None,)), Condition.FREEZE),
        (facts(YES, freezes=(NOW + timedelta(days=1),)), Condition.FREEZE),
        (facts(YES, has_maker=False), Condition.MAKER),
        (facts(YES, is_pending=True), Condition.PENDING),
        (facts(YES, empty_articles=1), Condition.ARTICLES),
        (facts(YES, is_correction=True, has_news=False), Condition.NEWS),
        (facts(BARE), Condition.ANSWERED),
        (facts(replace(YES, contested_at=NOW)), Condition.ANSWERED),
        (facts(replace(YES, due_version=2)), Condition.CHANGED),
        (facts(NO), Condition.REVIEW),
        (facts(replace(NO, is_approved=False)), Condition.REVIEW),
        (facts(YES, desk=Desk((YES,), generic={11: 12})), Condition.GENERIC),
        (facts(YES, desk=Desk((YES,), unlinked=frozenset({11}))), Condition.LINKS),
    ],
)
def test_r1_each_lack_holds_the_publication_back(given, condition):
    assert unmet(given) == {condition}
    assert [item.condition for item in holding_back(gate(given), with_banner=False)] == [condition]
    held = holding_back(gate(given), with_banner=True)
    assert bool(held) is (condition not in WAIVED_BY_BANNER)


def test_an_unsigned_second_deferral_of_a_contested_answer_is_named():
    point = replace(
        YES,
        outcome=Outcome.DEFERRED,
        published_id=9,
        published_outcome=Outcome.DEFERRED,
        published_contested=True,
    )
    assert unmet(facts(point)) == {Condition.SIGNATURE}


def test_a_missing_language_warns_and_blocks_nothing():
    given = facts(YES, missing_languages=2)
    assert unmet(given) == {Condition.LANGUAGES}
    assert holding_back(gate(given), with_banner=False) == []


def test_unmet_conditions_come_first():
    met = [item.met for item in gate(facts(BARE, has_maker=False))]
    assert met == sorted(met)
