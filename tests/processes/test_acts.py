"""What acts refuse by themselves, whoever calls them: pages, the command line, rooms above."""

from __future__ import annotations

import asyncio

import pytest

from civic.foundation import database
from civic.foundation.errors import CivicError, Conflict, Invalid, NotFound, Refused
from civic.processes import actions, queries
from civic.processes.forms import PhaseChangeDraft, PhaseDraft
from civic.processes.models import PhaseChange, PhaseKind, Process
from tests import cast
from tests.cast import SYSTEM

WHY = {"en": "A reason"}


@pytest.fixture
async def process(database):
    return await cast.a_process()


async def test_a_scope_changes_in_public_with_a_reason(process):
    with pytest.raises(Invalid):
        await actions.publish_scope(SYSTEM, process, cast.a_scope())
    assert len(await queries.scope_versions_of(process.id)) == 1


async def test_what_is_not_there_is_not_found(process):
    draft = await cast.a_draft_process()
    with pytest.raises(NotFound):
        await actions.touch(10**9)
    with pytest.raises(NotFound):
        await actions.remove_date(SYSTEM, draft, "0" * 26)
    with pytest.raises(NotFound):
        await actions.edit_issue(SYSTEM, draft, process.issues[0].public_id, cast.an_issue())
    with pytest.raises(NotFound):
        await actions.close_phase(SYSTEM, process, PhaseKind.SYNTHESIS, PhaseChangeDraft(WHY))


async def test_a_step_stands_once_in_a_process(process):
    step = PhaseDraft(PhaseKind.DECISION, cast.in_days(1), cast.in_days(2))
    with pytest.raises(Conflict):
        await actions.add_phase(SYSTEM, process, step, WHY)


async def test_a_step_that_is_over_needs_a_new_last_day(database):
    process = await cast.a_process(debate=(-9, 1), freeze_in=1)
    from civic.foundation import clock

    with clock.at(process.phases[0].ends_at):
        with pytest.raises(Invalid):
            await actions.open_phase(SYSTEM, process, PhaseKind.DELIBERATION, PhaseChangeDraft(WHY))
        with pytest.raises(Refused):
            draft = PhaseChangeDraft(WHY, cast.in_days(9))
            await actions.extend_phase(SYSTEM, process, PhaseKind.DELIBERATION, draft)


@pytest.mark.parametrize("draft", [PhaseChangeDraft(WHY), PhaseChangeDraft({}, cast.in_days(90))])
async def test_an_extension_has_a_day_and_a_reason(process, draft):
    with pytest.raises(Invalid):
        await actions.extend_phase(SYSTEM, process, PhaseKind.DELIBERATION, draft)
    assert not await PhaseChange.filter(act="extended").exists()


async def test_a_freeze_date_only_moves_later(database):
    process = await cast.a_process(freeze_in=60)
    issue = process.issues[0]
    draft = PhaseChangeDraft(WHY, cast.in_days(40), (issue.public_id,))
    moved = await actions.extend_phase(SYSTEM, process, PhaseKind.DELIBERATION, draft)
    assert moved.issues[0].freeze_at == issue.freeze_at


@pytest.mark.parametrize("days", [None, -1])
async def test_a_question_added_in_public_can_still_change(process, days):
    with pytest.raises(Invalid):
        await actions.add_issue(SYSTEM, process, cast.an_issue(2, days))


async def test_nothing_moves_in_a_closed_process(process):
    closed = await actions.mark_closed(SYSTEM, process, WHY)
    acts = (
        actions.mark_closed(SYSTEM, closed, WHY),
        actions.add_issue(SYSTEM, closed, cast.an_issue(2)),
        actions.publish_scope(SYSTEM, closed, cast.a_scope(), WHY),
        actions.open_phase(SYSTEM, closed, PhaseKind.DELIBERATION, PhaseChangeDraft(WHY, cast.in_days(9))),
    )
    for act in acts:
        with pytest.raises(Refused):
            await act


async def test_a_stranger_moves_nothing(process):
    draft = await cast.a_draft_process()
    zoe = await cast.a_person("Zoe")
    acts = (
        actions.open_process(zoe, draft),
        actions.edit_issue(zoe, draft, draft.issues[0].public_id, cast.an_issue()),
        actions.remove_issue(zoe, draft, draft.issues[0].public_id),
        actions.set_phases(zoe, draft, []),
        actions.set_stakeholders(zoe, draft, cast.a_stakeholder_map()),
        actions.publish_scope(zoe, process, cast.a_scope(), WHY),
        actions.add_issue(zoe, process, cast.an_issue()),
        actions.close_phase(zoe, process, PhaseKind.DELIBERATION, PhaseChangeDraft(WHY)),
        actions.add_phase(
            zoe, process, PhaseDraft(PhaseKind.SYNTHESIS, cast.in_days(1), cast.in_days(2)), WHY
        ),
        actions.mark_closed(zoe, process, WHY),
    )
    for act in acts:
        with pytest.raises(Refused):
            await act


async def test_a_process_opens_once_however_many_press_at_the_same_time(database):
    draft = await cast.a_draft_process()

    async def press() -> bool:
        try:
            await actions.open_process(SYSTEM, draft)
        except CivicError:
            return False
        return True

    opened = await asyncio.gather(*[press() for _ in range(6)])
    assert opened.count(True) == 1
    assert await PhaseChange.filter(phase__process_id=draft.id).count() == len(draft.phases)


async def test_two_drafts_begun_at_once_do_not_share_an_address(database):
    async def begin() -> bool:
        try:
            await cast.a_draft_process(slug="the-same", code="SAME")
        except Invalid:
            return False
        return True

    begun = await asyncio.gather(*[begin() for _ in range(4)])
    assert begun.count(True) == 1
    assert await Process.filter(slug="the-same").count() == 1


async def test_an_act_inside_another_commits_or_fails_with_it(process):
    with pytest.raises(RuntimeError):
        async with database.transaction():
            await actions.mark_closed(SYSTEM, process, WHY)
            raise RuntimeError
    assert (await queries.process_by_id(process.id)).closed_at is None
