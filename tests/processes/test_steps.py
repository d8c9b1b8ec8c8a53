"""Steps are opened, extended and closed with a public reason; nothing announced is overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.app import handlers, subscribe
from civic.foundation import clock, queue
from civic.ledger.models import StagedLeaf
from civic.notices.models import Mail, Notice
from civic.processes import actions, queries
from civic.processes.forms import PhaseChangeDraft
from civic.processes.models import FreezeChange, Issue, Phase, PhaseChange, PhaseKind, ProcessState
from civic.processes.policies import Act, phase_opens
from tests import cast

WHY = {"reason_en": "The meeting was put off.", "reason_fr": "La réunion a été repoussée."}


@pytest.fixture
async def otto(client):
    viewer = await cast.a_person("Otto", "official")
    await cast.sign_in(client, viewer)
    return viewer


@pytest.fixture
async def process(otto):
    return await cast.a_process(by=otto, issues=2)


def change(process, kind, act) -> str:
    return f"/desk/processes/{process.slug}/steps/{kind}/{act}"


async def changes(process) -> list[str]:
    return [one.act for one in await queries.phase_changes_of(process.id)]


async def test_an_extension_moves_the_end_and_the_chosen_freeze_dates(client, process):
    later = cast.in_days(40)
    first, second = process.issues
    here = change(process, "deliberation", "extension")
    fields = {**WHY, "ends_on": later.isoformat(), "freezes": first.public_id}
    answer = await cast.fill(client, here, here, **fields)
    assert answer.headers["location"] == f"/desk/processes/{process.slug}"
    now = await queries.process_by_id(process.id)
    assert now.phase(PhaseKind.DELIBERATION).ends_at == clock.end_of_day(later)
    assert now.issue(first.public_id).freeze_at == clock.end_of_day(later)
    assert now.issue(second.public_id).freeze_at == second.freeze_at
    assert await changes(process) == ["extended", "planned", "planned"]
    (moved,) = await FreezeChange.filter(issue_id=first.id)
    assert (moved.before, moved.after) == (first.freeze_at, clock.end_of_day(later))
    leaves = await StagedLeaf.filter(object=now.phase(PhaseKind.DELIBERATION).public_id)
    assert [leaf.type for leaf in leaves] == ["phase.changed", "phase.changed"]
    assert await StagedLeaf.filter(object=first.public_id, type="issue.changed").exists()
    for path in (f"/processes/{process.slug}", f"/desk/processes/{process.slug}"):
        shown = (await client.get(path)).text
        assert "The meeting was put off." in shown
        assert "2 changes of dates, with their reasons" in shown


async def test_the_former_dates_stay_readable(client, process):
    before = process.phase(PhaseKind.DELIBERATION)
    here = change(process, "deliberation", "extension")
    await cast.fill(client, here, here, **WHY, ends_on=cast.in_days(40).isoformat())
    planned = [one for one in await queries.phase_changes_of(process.id) if one.act == "planned"]
    assert before.ends_at in [one.ends_at for one in planned]


@pytest.mark.parametrize("act", ["extension", "closing"])
async def test_without_a_public_reason_nothing_moves(client, process, act):
    here = change(process, "deliberation", act)
    fields = {"reason_en": "", "ends_on": cast.in_days(40).isoformat()}
    answer = await cast.fill(client, here, here, **fields)
    assert answer.status_code == 422
    assert "Public reason: Please fill this in." in answer.text
    assert await changes(process) == ["planned", "planned"]


@pytest.mark.parametrize(("days", "said"), [(-1, "This day is over."), (3, "later than the present one")])
async def test_an_extension_goes_later(client, process, days, said):
    here = change(process, "deliberation", "extension")
    answer = await cast.fill(client, here, here, **WHY, ends_on=cast.in_days(days).isoformat())
    assert answer.status_code == 422
    assert said in answer.text
    assert "The meeting was put off." in answer.text, "the words are kept"


async def test_a_closed_step_opens_nothing_and_can_be_opened_again(client, process):
    here = change(process, "deliberation", "closing")
    assert (await cast.fill(client, here, here, **WHY)).status_code == 303
    closed = await queries.process_by_id(process.id)
    verdict = phase_opens(Act.PROPOSE, closed.phases, clock.now())
    assert verdict.reason is not None
    assert verdict.reason.msgid == "The debate ended on %(date)s."
    assert "The debate ended on" in (await client.get(f"/processes/{process.slug}")).text
    again = change(process, "deliberation", "opening")
    fields = {**WHY, "ends_on": cast.in_days(9).isoformat()}
    assert (await cast.fill(client, again, again, **fields)).status_code == 303
    opened = await queries.process_by_id(process.id)
    assert phase_opens(Act.PROPOSE, opened.phases, clock.now())
    assert (await changes(process))[:2] == ["opened", "closed"]
    assert (await client.get(again)).status_code == 403, "an open step is not opened twice"


async def test_a_coming_step_is_opened_early(client, process):
    here = change(process, "decision", "opening")
    assert (await cast.fill(client, here, here, **WHY, ends_on="")).status_code == 303
    opened = await queries.process_by_id(process.id)
    assert opened.phase(PhaseKind.DECISION).is_open(clock.now())
    assert await queries.current_phase(process.id) is PhaseKind.DECISION


async def test_one_more_step_is_announced_once(client, process):
    here = f"/desk/processes/{process.slug}/steps/new"
    fields = {**WHY, "kind": "follow_up", "starts_on": "2027-06-01", "ends_on": "2027-12-31"}
    assert (await cast.fill(client, here, here, **fields)).status_code == 303
    assert await Phase.filter(process_id=process.id, kind="follow_up").count() == 1
    assert (await cast.fill(client, here, here, **fields)).status_code == 422
    assert await Phase.filter(process_id=process.id).count() == 3


async def test_an_unknown_step_or_change_is_not_found(client, process):
    for kind, act in (("synthesis", "closing"), ("deliberation", "burning"), ("x", "opening")):
        assert (await client.get(change(process, kind, act))).status_code == 404


async def test_a_draft_moves_no_step(client, otto):
    draft = await cast.a_draft_process(by=otto)
    assert (await client.get(change(draft, "deliberation", "closing"))).status_code == 403


async def test_a_form_sent_twice_moves_once(client, process):
    here = change(process, "deliberation", "closing")
    page = (await client.get(here)).text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "form_key")}
    for _ in range(2):
        assert (await client.post(here, data={**hidden, **WHY})).status_code == 303
    assert await PhaseChange.filter(act="closed").count() == 1


async def test_freeze_dates_that_are_over_do_not_move(database):
    process = await cast.a_process(issues=1, freeze_in=2)
    with clock.at(clock.now() + timedelta(days=5)):
        draft = PhaseChangeDraft({"en": "More time"}, cast.in_days(40), (process.issues[0].public_id,))
        await actions.extend_phase(cast.SYSTEM, process, PhaseKind.DELIBERATION, draft)
    assert (await Issue.get(id=process.issues[0].id)).freeze_at == process.issues[0].freeze_at
    assert not await FreezeChange.all().exists()


async def test_a_process_is_closed_with_its_reason(client):
    process = await cast.a_process()
    closed = await actions.mark_closed(cast.SYSTEM, process, {"en": "Everything is answered."})
    assert closed.state is ProcessState.CLOSED
    assert not closed.open_phases()
    leaves = [leaf.type for leaf in await StagedLeaf.filter(object=process.public_id).order_by("id")]
    assert leaves[-1] == "process.closed"
    shown = (await client.get(f"/processes/{process.slug}")).text
    assert "Everything is answered." in shown
    assert "Process closed" in shown
    assert process.slug in (await client.get("/processes?show=closed")).text
    assert process.slug not in (await client.get("/processes?show=open")).text


async def test_those_who_took_part_are_told_once_and_of_the_last_change(client, process):
    subscribe()
    ada, bo = await cast.a_person("Ada"), await cast.a_person("Bo", language="fr")
    await cast.a_person("Zoe")
    proposal = await cast.a_proposal(ada, process)
    await cast.a_proposal(ada, process, title="Another one, by the same")
    await cast.a_comment(bo, proposal)
    await Notice.all().delete() if not await Mail.all().exists() else None
    here = change(process, "deliberation", "extension")
    await cast.fill(client, here, here, **WHY, ends_on=cast.in_days(40).isoformat())
    await queue.work_off(handlers())
    told = await Notice.filter(kind="phase.changed").order_by("recipient")
    assert {one.recipient for one in told} == {f"participant/{one.public_id}" for one in (ada, bo)}
    shutting = change(process, "deliberation", "closing")
    await cast.fill(client, shutting, shutting, **WHY)
    await queue.work_off(handlers())
    live = await Notice.filter(kind="phase.changed", retracted_at__isnull=True)
    assert len(live) == 2, "the last change replaces the one before"
    await cast.sign_in(client, ada)
    shown = (await client.get("/notices")).text
    assert "Step closed: Debate" in shown
    assert "The meeting was put off." in shown
