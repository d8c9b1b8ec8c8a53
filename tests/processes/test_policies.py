"""Which acts a phase opens, until which midnight, and the reason when it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from civic.foundation import clock
from civic.foundation.viewer import Held, Viewer
from civic.processes import policies
from civic.processes.models import PhaseKind, ProcessState
from civic.processes.policies import ALWAYS, OPENS, Act, PhaseCard, phase_opens

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
ID = "p" * 26


def a_phase(kind=PhaseKind.DELIBERATION, first=date(2026, 11, 1), last=date(2026, 12, 14), **changed):
    starts = datetime.combine(first, datetime.min.time(), clock.zone())
    facts = {"opened_at": NOON - timedelta(days=60), "closed_at": None, **changed}
    return PhaseCard(1, ID, kind, starts, clock.end_of_day(last), **facts)


def test_deliberation_opens_what_people_do_together():
    for act in (Act.PROPOSE, Act.COMMENT, Act.ENDORSE, Act.MARK):
        assert phase_opens(act, [a_phase()], NOON)


@pytest.mark.parametrize("kind", [kind for kind in PhaseKind if kind is not PhaseKind.DELIBERATION])
def test_no_other_phase_opens_them(kind):
    assert not phase_opens(Act.PROPOSE, [a_phase(kind)], NOON)


@pytest.mark.parametrize("act", sorted(ALWAYS))
def test_rights_and_duties_are_opened_and_closed_by_no_phase(act):
    assert phase_opens(act, [], NOON)


def test_the_table_names_every_phase():
    assert set(OPENS) == set(PhaseKind)


def test_a_period_ends_at_the_midnight_of_the_town():
    phase = a_phase(last=date(2026, 12, 14))
    before, after = datetime(2026, 12, 14, 22, 59, 59, tzinfo=UTC), datetime(2026, 12, 14, 23, tzinfo=UTC)
    assert phase_opens(Act.PROPOSE, [phase], before)
    assert not phase_opens(Act.PROPOSE, [phase], after)
    assert phase.last_day == date(2026, 12, 14)
    assert phase.first_day == date(2026, 11, 1)


def test_a_period_over_the_change_of_clocks_ends_at_midnight_too():
    phase = a_phase(first=date(2026, 3, 1), last=date(2026, 3, 29))
    assert phase.ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert phase.last_day == date(2026, 3, 29)


@pytest.mark.parametrize(
    ("phase", "reason", "day"),
    [
        (a_phase(last=date(2026, 11, 20)), "The debate ended on %(date)s.", date(2026, 11, 20)),
        (a_phase(first=date(2026, 12, 1)), "The debate opens on %(date)s.", date(2026, 12, 1)),
        (a_phase(closed_at=NOON - timedelta(hours=1)), "The debate ended on %(date)s.", date(2026, 11, 22)),
        (a_phase(opened_at=None), "This process is not open yet.", None),
    ],
)
def test_the_reason_says_when(phase, reason, day):
    verdict = phase_opens(Act.PROPOSE, [phase], NOON)
    assert not verdict
    assert verdict.reason is not None
    assert verdict.reason.msgid == reason
    assert verdict.reason.params.get("date") == day


def test_without_a_debate_there_is_no_step_for_it():
    verdict = phase_opens(Act.PROPOSE, [a_phase(PhaseKind.DECISION)], NOON)
    assert verdict.reason is not None
    assert verdict.reason.msgid == "This process has no step for that."


OTTO = Viewer(participant=1, roles=frozenset({Held("official", ID)}))
OLGA = Viewer(participant=2, roles=frozenset({Held("official", "q" * 26)}))
MIRA = Viewer(participant=3, roles=frozenset({Held("moderator", ID)}))
NINA = Viewer(participant=4, roles=frozenset({Held("administrator")}))
ADA = Viewer(participant=5)


@pytest.mark.parametrize(
    ("viewer", "sees", "works", "creates"),
    [
        (OTTO, True, True, True),
        (OLGA, False, False, True),
        (MIRA, True, False, False),
        (NINA, True, True, True),
        (ADA, False, False, False),
        (Viewer(), False, False, False),
    ],
)
def test_who_sees_a_draft_works_on_it_and_begins_one(viewer, sees, works, creates):
    assert policies.may_see_draft(viewer, ID) is sees
    assert policies.may_work_on(viewer, ID).allowed is works
    assert policies.may_create_process(viewer).allowed is creates


def test_what_is_public_is_no_longer_rewritten_by_anybody():
    for viewer in (OTTO, NINA):
        assert policies.may_prepare(viewer, ID, ProcessState.DRAFT)
        assert not policies.may_prepare(viewer, ID, ProcessState.OPEN)
        assert policies.may_add(viewer, ID, ProcessState.OPEN)
        assert not policies.may_add(viewer, ID, ProcessState.CLOSED)
        assert not policies.may_move_phases(viewer, ID, ProcessState.DRAFT)
        assert not policies.may_move_phases(viewer, ID, ProcessState.CLOSED)


def test_only_administrators_publish_charters():
    assert policies.may_publish_charter(NINA)
    assert not policies.may_publish_charter(OTTO)


def test_a_step_is_moved_only_the_way_it_can():
    now_open, over, coming = a_phase(), a_phase(last=date(2026, 11, 20)), a_phase(first=date(2026, 12, 1))
    assert not policies.may_open_phase(now_open, NOON)
    assert policies.may_open_phase(over, NOON)
    assert policies.may_open_phase(coming, NOON)
    assert policies.may_extend_phase(now_open, NOON)
    assert policies.may_extend_phase(coming, NOON)
    assert not policies.may_extend_phase(over, NOON)
    assert policies.may_close_phase(now_open, NOON)
    assert not policies.may_close_phase(coming, NOON)
    assert not policies.may_close_phase(over, NOON)
