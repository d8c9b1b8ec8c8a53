"""From a report to the result: the queue, the statement of reasons, the undo, the appeal."""

import re
from datetime import timedelta

import pytest

from civic.accounts.actions import name_substitute
from civic.accounts.forms import AbsenceDraft
from civic.debates import actions as debates
from civic.debates.forms import CommentEdit
from civic.foundation import clock
from civic.foundation.database import rows
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.moderation import actions, policies, queries
from civic.moderation.actions import deciding, telling
from civic.moderation.forms import MeasureDraft, RulingDraft, StatementDraft
from civic.moderation.models import Ground, Measure
from tests.cast import a_comment, a_person, a_process, a_proposal, as_viewer, fill, sign_in
from tests.conftest import visitor
from tests.moderation.scene import REASONS, a_reported_comment, hide, report, the_case, visibility


async def test_a_report_needs_no_account_and_several_make_one_case(database):
    scene = await a_reported_comment()
    await report(scene["ada"], scene["case"].subject.key, Ground.DANGER)
    cases = await queries.queue(scene["mira"])
    assert len(cases) == 1
    assert cases[0]["report_count"] == 2
    assert cases[0]["risk"] == 100
    leaves = await rows("SELECT type FROM ledger_staged WHERE type = 'report.received'")
    assert len(leaves) == 2


async def test_the_queue_is_sorted_by_risk_then_age_and_never_by_number(database):
    scene = await a_reported_comment()
    other = await a_comment(scene["ada"], scene["proposal"], "Buy my soap.")
    for viewer in (scene["bo"], scene["max"]):
        await report(viewer, f"contribution/{other.contribution.public_id}", Ground.SPAM)
    grounds = [case["ground"] for case in await queries.queue(scene["mira"])]
    assert grounds == [Ground.INSULT, Ground.SPAM]


async def test_only_moderators_of_the_process_find_a_case(database):
    scene = await a_reported_comment()
    elsewhere = await a_person("Una", "moderator", process="0" * 26)
    assert (await queries.visible_case(scene["mira"], scene["case"].public_id)).is_open
    for viewer in (elsewhere, scene["ada"], STRANGER):
        with pytest.raises(NotFound):
            await queries.visible_case(viewer, scene["case"].public_id)
    assert await queries.queue(elsewhere) == []


async def test_hiding_takes_the_text_away_and_tells_the_author_why(database):
    scene = await a_reported_comment()
    decided = await hide(scene)
    assert await visibility(scene) == "restricted"
    assert decided.rule_text.startswith("Article 3")
    told = await rows("SELECT kind FROM notice WHERE recipient = ?", f"participant/{scene['bo'].public_id}")
    assert "moderation.hidden" in {notice["kind"] for notice in told}
    assert await rows("SELECT id FROM notice WHERE kind = 'report.restricted'")
    assert await rows("SELECT id FROM ledger_staged WHERE type = 'moderation.restricted'")


@pytest.mark.parametrize("missing", ["rule", "passage", "facts", "duration"])
async def test_a_restriction_without_complete_reasons_is_refused_by_the_act(database, missing):
    scene = await a_reported_comment()
    partial = StatementDraft(**{**REASONS.__dict__, missing: " "})
    with pytest.raises(Invalid):
        await actions.decide(scene["mira"], scene["case"], MeasureDraft(Measure.HIDE, 2, "", "", partial))
    with pytest.raises(Invalid):
        await actions.decide(scene["mira"], scene["case"], MeasureDraft(Measure.HIDE, 2, "", "", None))
    assert await visibility(scene) == "public"


@pytest.mark.parametrize("column", ["rule", "passage", "facts", "effect", "duration", "redress"])
async def test_a_restriction_without_complete_reasons_is_refused_by_the_table(database, column):
    from tortoise.exceptions import IntegrityError

    from civic.moderation.models import StatementOfReasons

    scene = await a_reported_comment()
    decided = await hide(scene)
    row = await StatementOfReasons.get(public_id=decided.statement)
    values = {name: getattr(row, name) for name in row._meta.db_fields if name not in ("id", column)}
    other = {**values, "public_id": "1" * 26, "number": "M-other", column: "  "}
    with pytest.raises(IntegrityError):
        await StatementOfReasons.create(**other)


async def test_two_moderators_never_both_decide(database):
    scene = await a_reported_comment()
    await hide(scene)
    with pytest.raises(Conflict):
        await actions.decide(scene["max"], scene["case"], MeasureDraft(Measure.KEEP, 2, "", "", None))


async def test_a_moderator_does_not_judge_their_own_words_or_report(database):
    scene = await a_reported_comment()
    words = await a_comment(scene["mira"], scene["proposal"], "I moderate and I speak.")
    await report(scene["max"], f"contribution/{words.contribution.public_id}")
    case_id = (await queries.queue(scene["max"]))[1]["public_id"]
    for viewer in (scene["mira"], scene["max"]):
        case = await queries.visible_case(viewer, case_id)
        with pytest.raises(Refused):
            await actions.decide(viewer, case, MeasureDraft(Measure.KEEP, 2, "", "", None))


async def test_a_measure_is_undone_only_during_the_hold_and_leaves_no_message(database, monkeypatch):
    scene = await a_reported_comment()
    monkeypatch.setattr(deciding, "hold", lambda: timedelta(minutes=10))
    monkeypatch.setattr(telling, "hold", lambda: timedelta(minutes=10))
    decided = await hide(scene)
    with pytest.raises(Refused):
        await actions.undo(scene["max"], decided)
    await actions.undo(scene["mira"], decided)
    assert await visibility(scene) == "public"
    waiting = await rows(
        "SELECT m.id FROM mail m JOIN notice n ON n.id = m.notice_id "
        "WHERE n.about = ? AND m.state = 'waiting'",
        f"moderation/{decided.public_id}",
    )
    assert waiting == []
    assert (await queries.visible_case(scene["mira"], scene["case"].public_id)).is_open


async def test_an_appeal_is_heard_by_somebody_else_and_brings_the_text_back(database):
    scene = await a_reported_comment()
    decided = await hide(scene)
    bo = await as_viewer(scene["bo"].participant)
    await actions.appeal(bo, decided, "I named nobody.")
    decided = await queries.visible_decision(scene["mira"], decided.public_id)
    with pytest.raises(Refused):
        await actions.rule(scene["mira"], decided, RulingDraft(True, "I was wrong about it."))
    await actions.rule(scene["max"], decided, RulingDraft(True, "Criticism of a group is allowed."))
    assert await visibility(scene) == "public"
    thread = await rows("SELECT comment_count FROM thread")
    assert thread[0]["comment_count"] == 1
    assert await rows("SELECT id FROM notice WHERE kind = 'moderation.appeal_upheld'")
    assert await rows("SELECT id FROM notice WHERE kind = 'report.reversed'")


async def test_only_the_author_appeals_once_and_in_time(database):
    scene = await a_reported_comment()
    decided = await hide(scene)
    with pytest.raises(Refused):
        await actions.appeal(scene["ada"], decided, "Not mine.")
    late = clock.now() + policies.APPEAL_TIME * 2
    assert not policies.may_appeal(mine=True, decision=decided.standing, now=late)
    await actions.appeal(scene["bo"], decided, "Please reread.")
    again = await queries.visible_decision(scene["mira"], decided.public_id)
    with pytest.raises(Refused):
        await actions.appeal(scene["bo"], again, "And again.")


async def test_the_author_still_reads_their_hidden_text_and_others_do_not(app):
    scene = await a_reported_comment()
    decided = await hide(scene)
    page = f"/moderation/statements/{decided.statement}"
    async with visitor(app) as bo, visitor(app) as stranger:
        await sign_in(bo, scene["bo"])
        mine, theirs = await bo.get(page), await stranger.get(page)
    assert "the traders are crooks" in mine.text
    assert REASONS.facts in mine.text
    assert theirs.status_code == 200
    assert "crooks" not in theirs.text


async def test_the_public_log_names_nobody_and_quotes_nothing(app):
    scene = await a_reported_comment()
    await hide(scene)
    async with visitor(app) as stranger:
        shown = await stranger.get("/moderation/log")
    assert "Article 3" in shown.text
    for secret in ("crooks", "Mira", "reporter@"):
        assert secret not in shown.text


async def test_the_whole_path_through_the_pages(app):
    process = await a_process()
    ada, bo = await a_person("Ada"), await a_person("Bo")
    mira = await a_person("Mira", "moderator", process=process.public_id)
    comment = await a_comment(bo, await a_proposal(ada, process), "Anyway the traders are crooks.")
    key = f"contribution/{comment.contribution.public_id}"
    async with visitor(app) as zoe, visitor(app) as desk:
        sent = await fill(
            zoe,
            f"/reports/new?subject={key}",
            "/reports",
            ground="insult",
            explanation="It insults people.",
            good_faith="1",
        )
        assert sent.status_code == 200
        number = re.search(r"R-\d{4}-\d{6}-\w", sent.text)[0]
        await sign_in(desk, mira)
        queue = await desk.get("/moderation")
        case = re.search(r"/moderation/cases/[0-9a-z]{26}", queue.text)[0]
        decided = await fill(desk, case, f"{case}/decision", measure="keep", rule="3")
        assert decided.status_code == 303, decided.text
        assert "stays online" in (await zoe.get(f"/reports/{number}")).text
    async with visitor(app) as stranger:
        assert (await stranger.get(f"/reports/{number}")).status_code == 404


async def test_an_incomplete_decision_keeps_the_moderators_words(app):
    scene = await a_reported_comment()
    case = f"/moderation/cases/{scene['case'].public_id}"
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        sent = await fill(
            desk, case, f"{case}/decision", measure="hide", rule="3", facts="A reason I wrote.", passage=""
        )
    assert sent.status_code == 422
    assert "A reason I wrote." in sent.text


async def test_asking_to_rephrase_sets_the_text_aside_until_it_is_rewritten(app):
    from civic.contributions.forms import Words

    scene = await a_reported_comment()
    decided = await hide(scene, draft=MeasureDraft(Measure.REPHRASE, 2, "", "Say what they did.", REASONS))
    assert await visibility(scene) == "restricted"
    bo = await as_viewer(scene["bo"].participant)
    await actions.rewrite(bo, decided, Words("", "The traders hide their figures."), expected_version=1)
    case = await queries.visible_case(scene["max"], scene["case"].public_id)
    assert case.is_open
    restore = MeasureDraft(Measure.RESTORE, case.version, "It is said with respect now.", "", None)
    await actions.decide(scene["max"], case, restore)
    assert await visibility(scene) == "public"
    await the_words_set_aside_stay_so(app, scene)


async def the_words_set_aside_stay_so(app, scene):
    """Read the versions as everybody and as the author."""
    versions = f"/comments/{scene['comment'].contribution.public_id}/versions"
    async with visitor(app) as browser:
        for path in (versions, f"{versions}?version=1"):
            shown = (await browser.get(path)).text
            assert "hide their figures" in shown
            assert "crooks" not in shown
        await sign_in(browser, scene["bo"])
        assert "crooks" in (await browser.get(f"{versions}?version=1")).text


@pytest.mark.parametrize("path", ["/moderation", "/moderation/cases/x", "/moderation/appeals/x"])
async def test_the_desk_is_closed_to_everybody_else(app, path):
    ada = await a_person("Ada")
    async with visitor(app) as browser:
        assert (await browser.get(path)).status_code == 303
        await sign_in(browser, ada)
        assert (await browser.get(path)).status_code == 403


async def test_the_queue_costs_the_same_whatever_its_length(app, count_queries):
    scene = await a_reported_comment()
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        with count_queries() as few:
            await desk.get("/moderation")
        for number in range(30):
            writer = scene["ada" if number % 2 else "max"]
            comment = await a_comment(writer, scene["proposal"], f"Comment {number} to report.")
            reporter = scene["bo"] if number < 10 else await a_person(f"Neighbour {number}")
            await report(
                reporter, f"contribution/{comment.contribution.public_id}", Ground.SPAM, network=number
            )
        with count_queries() as many:
            await desk.get("/moderation")
    assert few.count == many.count


async def test_a_substitute_does_not_hear_the_measure_of_who_they_stand_in_for(database):
    scene = await a_reported_comment()
    sid = await a_person("Sid", "official", process=scene["process"].public_id)
    decided = await hide(scene)
    await actions.appeal(scene["bo"], decided, "It names nobody.")
    today = clock.local_day(clock.now())
    await name_substitute(scene["mira"], AbsenceDraft(sid.public_id, today, today))
    sid = await as_viewer(sid.participant)
    decided = await queries.visible_decision(sid, decided.public_id)
    with pytest.raises(Refused, match="stand in"):
        await actions.rule(sid, decided, RulingDraft(True, "The passage names nobody at all."))
    await name_substitute(scene["max"], AbsenceDraft(sid.public_id, today, today))
    await actions.rule(sid, decided, RulingDraft(True, "The passage names nobody at all."))
    assert await visibility(scene) == "public"


async def hidden_again(scene):
    """Hide the comment, show it, hide it again because of another report."""
    first = await hide(scene)
    await actions.restore(scene["max"], first, "A fair point after all.")
    await report(STRANGER, scene["case"].subject.key, network=7)
    scene["case"] = await the_case(scene["mira"])
    return first, await hide(scene, by="max")


async def test_an_earlier_measure_does_not_undo_a_later_one(database):
    scene = await a_reported_comment()
    first, second = await hidden_again(scene)
    first = await queries.visible_decision(scene["mira"], first.public_id)
    assert second.is_in_force
    assert not first.is_in_force
    with pytest.raises(Refused):
        await actions.restore(scene["mira"], first, "By the back door.")
    await actions.appeal(scene["bo"], first, "It was wrong the first time.")
    first = await queries.visible_decision(scene["max"], first.public_id)
    await actions.rule(scene["max"], first, RulingDraft(True, "The first measure was wrong."))
    assert await visibility(scene) == "restricted"


async def test_undoing_gives_way_to_a_case_opened_meanwhile(database, monkeypatch):
    scene = await a_reported_comment()
    monkeypatch.setattr(deciding, "hold", lambda: timedelta(minutes=10))
    keep = await actions.decide(scene["mira"], scene["case"], MeasureDraft(Measure.KEEP, 2, "", "", None))
    await report(scene["ada"], scene["case"].subject.key)
    await actions.undo(scene["mira"], await queries.visible_decision(scene["mira"], keep.public_id))
    (case,) = await queries.queue(scene["mira"])
    assert case["public_id"] != scene["case"].public_id


async def test_undoing_a_measure_on_a_hidden_text_leaves_it_hidden(database, monkeypatch):
    scene = await a_reported_comment()
    await hide(scene)
    await report(scene["bo"], scene["case"].subject.key)
    scene["case"] = await the_case(scene["max"])
    monkeypatch.setattr(deciding, "hold", lambda: timedelta(minutes=10))
    await actions.undo(scene["max"], await hide(scene, by="max"))
    assert await visibility(scene) == "restricted"


async def test_a_hidden_text_is_not_changed_behind_the_moderators_back(database):
    scene = await a_reported_comment()
    await hide(scene)
    key = scene["comment"].contribution.public_id
    with pytest.raises(Refused, match="hidden"):
        await debates.edit_comment(scene["bo"], key, CommentEdit("Worse than before.", "", 1))


async def test_a_cursor_nobody_could_have_been_given_begins_at_the_top(app):
    scene = await a_reported_comment()
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        for after in (
            f"{'9' * 30}_2026-01-01_1",
            "1_9999-12-31T23:59:59-23:00_1",
            f"1_2026-01-01_{'9' * 30}",
        ):
            assert (await desk.get("/moderation", params={"after": after})).status_code == 200


async def test_a_text_changed_after_the_page_was_opened_is_read_again(app):
    from civic.contributions.queries import visible_contribution
    from civic.debates import actions as debates
    from civic.debates.forms import CommentEdit

    scene = await a_reported_comment()
    case = f"/moderation/cases/{scene['case'].public_id}"
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        shown = await desk.get(case)
        assert 'name="text_version" value="1"' in shown.text
        card = await visible_contribution(scene["bo"], scene["comment"].contribution.public_id)
        edit = CommentEdit("I take that back.", "", card.version)
        await debates.edit_comment(scene["bo"], card.public_id, edit)
        case_now = await queries.visible_case(scene["mira"], scene["case"].public_id)
        with pytest.raises(Conflict):
            await actions.decide(
                scene["mira"], case_now, MeasureDraft(Measure.HIDE, case_now.version, "", "", REASONS, 1)
            )
    assert await visibility(scene) == "public"
