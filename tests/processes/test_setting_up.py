"""Officials prepare a process part by part and open it once nothing it must announce is missing."""

from __future__ import annotations

import html

import pytest

from civic.accounts.models import RoleGrant
from civic.foundation import clock, search
from civic.ledger.models import StagedLeaf
from civic.processes import actions, queries
from civic.processes.forms import ScopeDraft
from civic.processes.models import (
    CalendarDate,
    Category,
    Issue,
    Phase,
    PhaseKind,
    Process,
    ProcessState,
    Promise,
    ScopeItem,
    ScopeVersion,
    StakeholderEntry,
)
from tests import cast
from tests.conftest import visitor

NEW = {
    "slug": "bus-lanes",
    "code": "p7",
    "title_en": "Bus lanes",
    "title_fr": "Couloirs de bus",
    "summary_en": "Where, and at what hours?",
    "profile": "light",
}


@pytest.fixture
async def otto(client):
    viewer = await cast.a_person("Otto", "official")
    await cast.sign_in(client, viewer)
    return viewer


@pytest.fixture
async def draft(otto):
    return await cast.a_draft_process(by=otto)


async def leaves(object_id: str) -> list[str]:
    return [leaf.type for leaf in await StagedLeaf.filter(object=object_id).order_by("id")]


async def test_an_official_begins_a_draft_and_becomes_its_official(client, otto):
    answer = await cast.fill(client, "/desk/processes/new", "/desk/processes", **NEW)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/desk/processes/bus-lanes"
    process = await Process.get(slug="bus-lanes")
    assert (process.code, process.state, process.title["fr"]) == ("P7", "draft", "Couloirs de bus")
    assert process.created_by_id == otto.participant
    assert await leaves(process.public_id) == ["process.created"]
    grant = await RoleGrant.get(scope=process.public_id)
    assert (grant.role, grant.participant_id) == ("official", otto.participant)
    assert "role.granted" in await leaves(grant.public_id)
    assert "Bus lanes" in (await client.get("/desk/processes")).text


async def test_a_form_sent_twice_begins_one_draft(client, otto):
    page = (await client.get("/desk/processes/new")).text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "form_key")}
    first = await client.post("/desk/processes", data={**NEW, **hidden})
    again = await client.post("/desk/processes", data={**NEW, **hidden})
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert await Process.all().count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("slug", "Bus lanes!"),
        ("slug", "-bus"),
        ("slug", "new"),
        ("slug", ""),
        ("slug", "a" * 81),
        ("code", "7"),
        ("code", "TOOLONGCODE"),
        ("title_en", "x" * 121),
        ("title_fr", "two\nlines"),
        ("summary_en", "x" * 601),
        ("profile", "heavy"),
        ("title_en", "name \u202e turned"),
    ],
)
async def test_a_wrong_answer_keeps_the_words(client, otto, field, wrong):
    answer = await cast.fill(client, "/desk/processes/new", "/desk/processes", **{**NEW, field: wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert html.escape("Where, and at what hours?") in answer.text or field == "summary_en"
    assert not await Process.all().exists()


async def test_an_address_or_a_code_is_given_once(client, otto, draft):
    taken = {**NEW, "slug": draft.slug, "code": draft.code}
    answer = await cast.fill(client, "/desk/processes/new", "/desk/processes", **taken)
    assert answer.status_code == 422
    assert "Another process has this address." in answer.text
    assert "Another process has this code." in answer.text


async def test_an_unknown_field_is_refused(client, otto):
    answer = await cast.fill(client, "/desk/processes/new", "/desk/processes", **NEW, state="open")
    assert answer.status_code == 422
    assert not await Process.all().exists()


async def test_a_draft_is_nowhere_for_others(app, client, draft):
    issue = draft.issues[0]
    olga = await cast.a_person("Olga", "official")
    ada = await cast.a_person("Ada")
    pages = (
        f"/processes/{draft.slug}",
        f"/processes/{draft.slug}/issues/{issue.public_id}",
        f"/processes/{draft.slug}/scope",
    )
    for path in pages:
        assert (await client.get(path)).status_code == 200, "Otto prepares it"
    elsewhere = await cast.a_person("Olivia", "official", process="q" * 26)
    async with visitor(app) as stranger, visitor(app) as other, visitor(app) as third:
        await cast.sign_in(other, ada)
        await cast.sign_in(third, elsewhere)
        for path in pages:
            for browser in (stranger, other, third):
                assert (await browser.get(path)).status_code == 404
        for path in ("/", "/processes"):
            assert draft.slug not in (await stranger.get(path)).text
        assert (await third.get(f"/desk/processes/{draft.slug}")).status_code == 404
        assert (await stranger.get(f"/desk/processes/{draft.slug}")).status_code == 303
        await cast.sign_in(third, olga)
        assert (await third.get(f"/desk/processes/{draft.slug}")).status_code == 200, "officials everywhere"


async def test_the_desk_of_an_open_process_is_refused_to_officials_of_others(app, otto):
    process = await cast.a_process(by=otto)
    olivia = await cast.a_person("Olivia", "official", process="q" * 26)
    async with visitor(app) as browser:
        await cast.sign_in(browser, olivia)
        answer = await browser.get(f"/desk/processes/{process.slug}")
        assert answer.status_code == 403
        assert "Only the officials of this process" in answer.text


async def test_texts_are_rewritten_while_a_draft(client, draft):
    here = f"/desk/processes/{draft.slug}/texts"
    changed = {**NEW, "title_en": "Another title", "slug": "another-address"}
    answer = await cast.fill(client, here, here, **changed)
    assert answer.headers["location"] == "/desk/processes/another-address"
    process = await Process.get(id=draft.id)
    assert process.title["en"] == "Another title"
    assert (await leaves(draft.public_id))[-1] == "process.changed"


async def test_questions_are_added_rewritten_and_removed(client, draft):
    here = f"/desk/processes/{draft.slug}/questions"
    fields = {"title_en": "Why here?", "title_fr": "Pourquoi ici ?", "freeze_on": cast.in_days(9).isoformat()}
    assert (await cast.fill(client, here, here, **fields)).headers["location"] == here
    issue = await Issue.get(process_id=draft.id, number=2)
    assert issue.freeze_at == clock.end_of_day(cast.in_days(9))
    one = f"{here}/{issue.public_id}"
    fields["title_en"] = "Why there?"
    assert (await cast.fill(client, one, one, **fields)).headers["location"] == here
    assert (await Issue.get(id=issue.id)).title == {"en": "Why there?", "fr": "Pourquoi ici ?"}
    assert (await cast.fill(client, one, one, title_en="Why there?", remove="1")).status_code == 303
    assert not await Issue.filter(id=issue.id).exists()
    assert await leaves(issue.public_id) == ["issue.added", "issue.changed", "issue.removed"]
    assert (await client.get(one)).status_code == 404


async def test_a_question_of_another_process_is_not_found(client, otto, draft):
    other = await cast.a_draft_process(by=otto)
    path = f"/desk/processes/{draft.slug}/questions/{other.issues[0].public_id}"
    assert (await client.get(path)).status_code == 404
    answer = await client.get(f"/processes/{draft.slug}/issues/{other.issues[0].public_id}")
    assert answer.status_code == 404


async def test_steps_run_from_a_morning_to_a_midnight(client, draft):
    here = f"/desk/processes/{draft.slug}/steps"
    dates = {"starts_on_deliberation": "2026-12-01", "ends_on_deliberation": "2026-12-31"}
    gone = {"starts_on_decision": "", "ends_on_decision": ""}
    assert (await cast.fill(client, here, here, **dates, **gone)).status_code == 303
    (phase,) = await Phase.filter(process_id=draft.id)
    assert phase.kind == "deliberation"
    assert phase.starts_at.isoformat() == "2026-11-30T23:00:00+00:00"
    assert phase.ends_at.isoformat() == "2026-12-31T23:00:00+00:00"
    assert (await leaves(draft.public_id))[-1] == "process.changed"


async def test_a_step_cannot_end_before_it_begins(client, draft):
    here = f"/desk/processes/{draft.slug}/steps"
    dates = {"starts_on_deliberation": "2026-12-31", "ends_on_deliberation": "2026-12-01"}
    answer = await cast.fill(client, here, here, **dates)
    assert answer.status_code == 422
    assert 'value="2026-12-31"' in answer.text


async def test_the_scope_is_written_line_by_line(client, draft):
    here = f"/desk/processes/{draft.slug}/scope"
    answer = await cast.fill(
        client,
        here,
        here,
        promise="involve",
        decision_maker_en="The mayor",
        decides_on="2027-03-09",
        open_0_text_en="Hours",
        fixed_0_text_en="Budget",
        fixed_0_why_en="Voted in June",
        elsewhere_0_text_en="Trains",
        elsewhere_0_where="The region",
    )
    assert answer.status_code == 303, answer.text
    scope = await queries.scope_in_force(draft.id)
    assert scope is not None
    assert scope.promise is Promise.INVOLVE
    assert [line.text["en"] for line in scope.open] == ["Hours"]
    assert scope.fixed[0].why["en"] == "Voted in June"
    assert scope.elsewhere[0].where == "The region"
    assert (await leaves(draft.public_id))[-1] == "scope.changed"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"fixed_0_why_en": "", "fixed_0_why_fr": ""}, "Say why this is already fixed."),
        ({"elsewhere_0_where": ""}, "Say who decides this, or give their address."),
        ({"open_1_text_en": "", "elsewhere_1_where": "Somebody"}, "Say what this line is about."),
        ({"promise": "everything"}, "Please choose one of the answers."),
        ({"decides_on": "some day"}, "Please write a date"),
    ],
)
async def test_an_incomplete_line_of_the_scope_is_refused(client, draft, fields, said):
    here = f"/desk/processes/{draft.slug}/scope"
    before = await ScopeVersion.filter(process_id=draft.id).count()
    whole = {
        "promise": "consult",
        "decision_maker_en": "The council we know",
        "decides_on": "2027-03-09",
        "open_0_text_en": "Hours",
        "fixed_0_text_en": "Budget",
        "fixed_0_why_en": "Voted",
        "elsewhere_0_text_en": "Trains",
        "elsewhere_0_where": "Region",
    }
    answer = await cast.fill(client, here, here, **{**whole, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert "The council we know" in answer.text
    assert await ScopeVersion.filter(process_id=draft.id).count() == before


async def test_the_map_answers_for_each_category(client, draft):
    here = f"/desk/processes/{draft.slug}/stakeholders"
    fields = {f"expected_{category}": "yes" for category in Category}
    fields |= {f"words_{category}_en": f"Reached by {category}" for category in Category}
    fields |= {"expected_unions": "no", "words_unions_en": "No job concerned"}
    assert (await cast.fill(client, here, here, **fields)).status_code == 303
    entries = {entry.category: entry for entry in await StakeholderEntry.filter(process_id=draft.id)}
    assert len(entries) == 7
    assert entries["unions"].reason["en"] == "No job concerned"
    assert entries["staff"].outreach["en"] == "Reached by staff"
    assert (await leaves(draft.public_id))[-1] == "stakeholders.changed"


async def test_a_category_says_how_or_why(client, draft):
    here = f"/desk/processes/{draft.slug}/stakeholders"
    wrong = {"expected_unions": "no", "words_unions_en": "", "words_unions_fr": ""}
    answer = await cast.fill(client, here, here, **wrong)
    assert answer.status_code == 422
    assert "Say why they are not concerned." in answer.text


async def test_dates_are_added_and_while_a_draft_removed(client, draft):
    here = f"/desk/processes/{draft.slug}/dates"
    fields = {"kind": "visit", "title_en": "Walk", "at": "2026-12-01T18:30", "place": "Fountain"}
    assert (await cast.fill(client, here, here, **fields)).headers["location"] == here
    row = await CalendarDate.get(process_id=draft.id, kind="visit")
    assert row.at.isoformat() == "2026-12-01T17:30:00+00:00"
    removal = f"{here}/{row.public_id}/removal"
    assert (await cast.fill(client, here, removal)).headers["location"] == here
    assert not await CalendarDate.filter(id=row.id).exists()
    assert await leaves(row.public_id) == ["calendar.changed", "calendar.changed"]


LACKING = {
    "The process has a title and a summary.": lambda p: Process.filter(id=p.id).update(summary={}),
    "At least one question is put to people.": lambda p: Issue.filter(process_id=p.id).delete(),
    "Every question has a freeze date, after the start of the debate.": lambda p: Issue.filter(
        process_id=p.id
    ).update(freeze_at=None),
    "The calendar has a debate, with its dates.": lambda p: Phase.filter(
        process_id=p.id, kind="deliberation"
    ).delete(),
    "The stakeholder map answers for each of the seven categories.": lambda p: StakeholderEntry.filter(
        process_id=p.id, category="staff"
    ).delete(),
    "The scope says what is open to proposals.": lambda p: ScopeItem.filter(
        scope__process_id=p.id, standing="open"
    ).delete(),
    "The scope names who decides.": lambda p: ScopeVersion.filter(process_id=p.id).update(decision_maker={}),
    "The calendar says when the decision is due.": lambda p: ScopeVersion.filter(process_id=p.id).update(
        decides_on=None
    ),
    "Whatever is already fixed says why.": lambda p: ScopeItem.filter(
        scope__process_id=p.id, standing="fixed"
    ).update(why={}),
}


@pytest.mark.parametrize("gate", LACKING)
async def test_a_process_cannot_open_while_a_condition_is_missing(client, draft, gate):
    await LACKING[gate](draft)
    unmet = [str(one.text) for one in await queries.preflight(draft.id) if one.blocks and not one.met]
    assert gate in unmet
    desk = (await client.get(f"/desk/processes/{draft.slug}")).text
    assert gate in desk
    assert f"/desk/processes/{draft.slug}/opening" not in desk, "no way to open it on the page"
    other = await cast.a_draft_process()
    page = (await client.get(f"/desk/processes/{other.slug}")).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    answer = await client.post(
        f"/desk/processes/{draft.slug}/opening", data={"csrf": token, "form_key": "k" * 26}
    )
    assert answer.status_code == 403
    assert unmet[0] in answer.text
    assert (await Process.get(id=draft.id)).state == ProcessState.DRAFT


async def test_a_missing_language_is_a_warning_and_no_wall(client, draft):
    await Process.filter(id=draft.id).update(title={"fr": "Se déplacer"})
    desk = (await client.get(f"/desk/processes/{draft.slug}")).text
    assert "Missing: English." in desk
    assert f"/desk/processes/{draft.slug}/texts" in desk
    assert f'action="/desk/processes/{draft.slug}/opening"' in desk


async def test_a_complete_process_opens(app, client, draft):
    desk = f"/desk/processes/{draft.slug}"
    answer = await cast.fill(client, desk, f"{desk}/opening")
    assert answer.headers["location"] == desk
    process = await queries.process_by_id(draft.id)
    assert process.state is ProcessState.OPEN
    assert process.opened_at is not None
    types = await leaves(draft.public_id)
    assert types[-2:] == ["process.opened", "scope.changed"]
    for phase in process.phases:
        assert await leaves(phase.public_id) == ["phase.changed"]
    async with visitor(app) as stranger:
        shown = (await stranger.get(f"/processes/{draft.slug}")).text
        assert "The town council" in shown
        assert "Debate open" in shown
        assert draft.slug in (await stranger.get("/")).text
    assert [hit.key for hit in await search.find("getting around", kinds=["process"])] == [
        f"process/{draft.public_id}"
    ]
    (version,) = await queries.scope_versions_of(draft.id)
    assert version.number == 1
    token = _token(desk, await client.get(f"{desk}/questions"))
    answer = await client.post(f"{desk}/opening", data={"csrf": token, "form_key": "k" * 26})
    assert answer.status_code == 409
    assert "This process is already open." in answer.text


def _token(path: str, answer) -> str:
    assert answer.status_code == 200, path
    return answer.text.split('name="csrf" value="')[1].split('"')[0]


@pytest.mark.parametrize("part", ["texts", "steps", "scope", "stakeholders"])
async def test_what_was_announced_is_no_longer_rewritten(client, otto, part):
    process = await cast.a_process(by=otto)
    here = f"/desk/processes/{process.slug}/{part}"
    shown = await client.get(here)
    assert shown.status_code == 200
    assert f'action="{here}"' not in shown.text
    questions = await client.get(f"/desk/processes/{process.slug}/questions")
    fields = {"csrf": _token(here, questions), "form_key": "k" * 26}
    whole = {
        "texts": NEW,
        "steps": {"starts_on_deliberation": "2026-12-01", "ends_on_deliberation": "2026-12-31"},
        "scope": {"promise": "inform", "open_0_text_en": "x"},
        "stakeholders": {"expected_users": "yes", "words_users_en": "x"},
    }
    answer = await client.post(here, data={**fields, **whole[part]})
    assert answer.status_code == 403
    assert "no longer rewritten" in answer.text
    assert (await queries.process_by_id(process.id)).phases == process.phases


async def test_a_question_added_to_an_open_process_has_its_freeze_date(client, otto):
    process = await cast.a_process(by=otto)
    here = f"/desk/processes/{process.slug}/questions"
    answer = await cast.fill(client, here, here, title_en="One more?", freeze_on="")
    assert answer.status_code == 422
    assert "One more?" in answer.text
    later = cast.in_days(12).isoformat()
    assert (await cast.fill(client, here, here, title_en="One more?", freeze_on=later)).status_code == 303
    assert "One more?" in (await client.get(f"/processes/{process.slug}")).text
    rewrite = f"{here}/{process.issues[0].public_id}"
    assert f'action="{rewrite}"' not in (await client.get(rewrite)).text


async def test_a_question_somebody_wrote_about_cannot_be_removed(client, draft):
    from civic.contributions.models import Contribution

    issue = draft.issues[0]
    await Contribution.create(
        public_id="c" * 26,
        number="P-2026-1",
        code_hash="x",
        process_id=draft.id,
        issue_id=issue.id,
        kind="proposal",
        author_name="Ada",
        language="en",
        visibility="public",
        submitted_at=clock.now(),
    )
    here = f"/desk/processes/{draft.slug}/questions/{issue.public_id}"
    answer = await cast.fill(client, here, here, remove="1")
    assert answer.status_code == 409
    assert await Issue.filter(id=issue.id).exists()


async def test_versions_of_a_scope_count_from_the_opening(database):
    draft = await cast.a_draft_process()
    await actions.publish_scope(cast.SYSTEM, draft, cast.a_scope(promise=Promise.INFORM))
    process = await actions.open_process(cast.SYSTEM, draft)
    changed = await actions.publish_scope(
        cast.SYSTEM, process, _narrow(cast.a_scope()), {"en": "The council decided otherwise."}
    )
    assert changed.number == 2
    versions = await queries.scope_versions_of(process.id)
    assert [(one.number, one.promise) for one in versions] == [(2, Promise.CONSULT), (1, Promise.INFORM)]


def _narrow(scope: ScopeDraft) -> ScopeDraft:
    return ScopeDraft(scope.promise, scope.decision_maker, scope.decides_on, scope.lines[:1])


async def test_every_version_of_the_scope_is_read_with_its_date_and_reason(client):
    process = await cast.a_process()
    reason = {"en": "The council decided otherwise."}
    await actions.publish_scope(cast.SYSTEM, process, _narrow(cast.a_scope()), reason)
    shown = (await client.get(f"/processes/{process.slug}/scope")).text
    assert shown.index("Version 2") < shown.index("Version 1")
    assert "The council decided otherwise." in shown
    assert "Voted on 30 June" in shown, "the former version keeps what it said"
    home = (await client.get(f"/processes/{process.slug}")).text
    assert "Voted on 30 June" not in home
    assert "Version 2, in force since" in home


async def test_a_debate_that_is_over_and_questions_that_are_frozen_open_nothing(database):
    late = await cast.a_draft_process(debate=(-20, -2), freeze_in=-2)
    unmet = [str(gate.text) for gate in await queries.preflight(late.id) if not gate.met]
    assert "The calendar has a debate, with its dates." in unmet
    assert "Every question has a freeze date, after the start of the debate." in unmet


async def test_a_complete_draft_meets_every_condition(database):
    draft = await cast.a_draft_process()
    gates = {str(gate.text): gate.met for gate in await queries.preflight(draft.id)}
    assert all(gates.values()), gates
    assert draft.phase(PhaseKind.DELIBERATION) is not None
    assert not draft.open_phases(), "a draft's phases are never open"
