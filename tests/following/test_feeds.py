"""Feeds and calendars: valid, public, stable, and safe with what people write."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from civic.contributions import actions as register
from civic.contributions.models import Relation
from civic.decisions import actions as deciding
from civic.decisions.models import Progress
from civic.foundation import clock
from civic.processes import actions as processes
from civic.processes.forms import PhaseChangeDraft, PhaseDraft
from civic.processes.models import PhaseKind
from tests import cast
from tests.following.test_following import publish

pytestmark = pytest.mark.usefixtures("database")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</title><script>alert(1)</script> & ]]> \x0b\x1f \u202e “quote” 'x' {{ 7*7 }}"


async def feed(client, path, **asked):
    answer = await client.get(path, **asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def ids(root):
    return [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]


def words(root):
    return " ".join(root.itertext())


async def events(client, path):
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def named(found, word):
    (one,) = [event for event in found.values() if word in str(event["summary"])]
    return one


async def test_a_process_has_a_feed_that_its_page_names(client):
    ada, process = await cast.a_person("Ada"), await cast.a_process()
    await cast.a_proposal(ada, process)
    path = f"/processes/{process.slug}/feed.atom"
    assert (
        f'type="application/atom+xml" title="{process.title["en"]}" href="{path}?language=en"'
        in (await client.get(f"/processes/{process.slug}")).text
    )
    root = await feed(client, f"{path}?language=en")
    assert root.findtext(f"{ATOM}title").startswith(process.title["en"])
    assert "Close Mill Street to through traffic" in words(root)
    assert len(ids(root)) == len(set(ids(root))) == 3
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}updated").endswith("+00:00")
        assert entry.find(f"{ATOM}link").get("href").startswith("http")
    assert "Démarche" not in words(root)
    assert process.title["fr"] in words(await feed(client, f"{path}?language=fr"))


async def test_ids_and_dates_do_not_move_when_the_page_does(client):
    ada, process = await cast.a_person("Ada"), await cast.a_process()
    await cast.a_proposal(ada, process)
    path = f"/processes/{process.slug}/feed.atom"
    before = await feed(client, path)
    with clock.at(clock.now() + timedelta(days=3)):
        assert ET.tostring(await feed(client, path)) == ET.tostring(before)
        await cast.a_proposal(ada, process, title="Another one for the quay")
        assert set(ids(before)) < set(ids(await feed(client, path)))


async def test_hostile_words_come_back_as_words(client):
    ada, process = await cast.a_person("Ada"), await cast.a_process()
    proposal = await cast.a_proposal(ada, process, title=HOSTILE, body=f"{HOSTILE}\n\n<b>x</b> ~~~ &amp;")
    await cast.a_comment(ada, proposal, HOSTILE, relation=Relation.ASKS)
    for path in (f"/processes/{process.slug}/feed.atom", f"/proposals/{proposal.public_id}/feed.atom"):
        root = await feed(client, path)
        assert "<script>alert(1)</script> & ]]>" in words(root)
        assert "{{ 7*7 }}" in words(root)
        assert root.find(f".//{ATOM}script") is None


async def test_only_what_is_public_is_in_a_feed(client):
    ada, process, draft = await cast.a_person("Ada"), await cast.a_process(), await cast.a_draft_process()
    hidden = await cast.a_proposal(ada, process, title="A title to be hidden")
    shown = await cast.a_proposal(ada, process, title="A title that stays")
    said = await cast.a_comment(ada, shown, "An argument to be hidden")
    await register.hide(hidden.contribution_id, "test/1")
    await register.hide(said.contribution.id, "test/2")
    assert "to be hidden" not in words(await feed(client, f"/processes/{process.slug}/feed.atom"))
    assert "to be hidden" not in words(await feed(client, f"/proposals/{shown.public_id}/feed.atom"))
    assert "to be hidden" not in words(await feed(client, f"/proposals/{hidden.public_id}/feed.atom"))
    await cast.sign_in(client, await cast.a_person("Otto", "official", process=draft.public_id))
    for path in ("feed.atom", "calendar.ics"):
        assert (await client.get(f"/processes/{draft.slug}/{path}")).status_code == 404


async def test_an_unchanged_feed_is_not_sent_again(client):
    process = await cast.a_process()
    for name in ("feed.atom", "calendar.ics"):
        path = f"/processes/{process.slug}/{name}"
        mark = (await client.get(path)).headers["etag"]
        for known in (mark, f'W/{mark}, "other"'):
            again = await client.get(path, headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
        await processes.mark_closed(cast.SYSTEM, process, {"en": "Done."}) if name == "feed.atom" else None
        assert (await client.get(path, headers={"if-none-match": '"x"'})).status_code == 200


async def test_a_decision_has_a_feed_of_its_versions(client):
    process = await cast.a_process()
    decision, _ = await publish(process)
    root = await feed(client, f"/decisions/{decision.public_id}/feed.atom?language=en")
    assert len(ids(root)) == 1
    assert (
        f"/decisions/{decision.public_id}/feed.atom"
        in (await client.get(f"/decisions/{decision.public_id}")).text
    )
    assert set(ids(root)) <= set(ids(await feed(client, f"/processes/{process.slug}/feed.atom")))


async def test_the_calendar_of_a_process_keeps_its_uids_and_counts_changes(client):
    process = await cast.a_process()
    path = f"/processes/{process.slug}/calendar.ics?language=en"
    before = await events(client, path)
    assert len(before) == 5  # two steps, a freeze, a meeting, the day of the decision
    draft = PhaseChangeDraft({"en": "More time"}, cast.in_days(40), (process.issues[0].public_id,))
    await processes.extend_phase(cast.SYSTEM, process, PhaseKind.DELIBERATION, draft)
    after = await events(client, path)
    assert before.keys() == after.keys()
    assert [int(named(one, "Debate")["sequence"]) for one in (before, after)] == [0, 1]
    assert [int(named(one, "Last day to change")["sequence"]) for one in (before, after)] == [0, 1]
    assert named(after, "Last day to change")["dtstart"].dt == cast.in_days(40)
    assert named(after, "Debate")["dtend"].dt == cast.in_days(41)
    assert int(named(after, "Public meeting")["sequence"]) == 0


async def test_the_day_of_the_decision_moves_and_can_be_taken_back(client):
    from dataclasses import replace

    process = await cast.a_process()
    path = f"/processes/{process.slug}/calendar.ics?language=en"
    (uid,) = [
        key for key, one in (await events(client, path)).items() if "Decision due" in str(one["summary"])
    ]
    moved = replace(cast.a_scope(), decides_on=cast.in_days(90))
    await processes.publish_scope(cast.SYSTEM, process, moved, {"en": "Later"})
    one = (await events(client, path))[uid]
    assert (one["dtstart"].dt, int(one["sequence"]), one["status"]) == (cast.in_days(90), 1, "CONFIRMED")
    await processes.publish_scope(cast.SYSTEM, process, replace(moved, decides_on=None), {"en": "Open"})
    one = (await events(client, path))[uid]
    assert (one["dtstart"].dt, int(one["sequence"]), one["status"]) == (cast.in_days(90), 2, "CANCELLED")


async def test_what_no_longer_takes_place_stays_as_cancelled(client):
    process = await cast.a_process()
    path = f"/processes/{process.slug}/calendar.ics?language=en"
    later = PhaseDraft(PhaseKind.EVALUATION, cast.in_days(200), cast.in_days(220))
    await processes.add_phase(cast.SYSTEM, process, later, {"en": "To learn"})
    before = await events(client, path)
    assert named(before, "Evaluation")["status"] == "CONFIRMED"
    await processes.mark_closed(cast.SYSTEM, process, {"en": "Done."})
    after = await events(client, path)
    assert named(after, "Evaluation")["status"] == "CANCELLED"
    assert int(named(after, "Evaluation")["sequence"]) > int(named(before, "Evaluation")["sequence"])
    assert named(after, "Public meeting")["status"] == "CANCELLED"
    assert before.keys() == after.keys()


async def test_promises_are_a_calendar_whose_moves_are_counted(client):
    process = await cast.a_process()
    decision, article = await publish(process)
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    from civic.decisions.forms import PromiseDraft

    hostile = "Paint; the, crossing\\n\nBEGIN:VALARM"
    draft = PromiseDraft({"en": hostile, "fr": hostile}, "Roads", "2027-05-01", article.public_id)
    card = await deciding.promise(otto, decision, draft)
    path = f"/decisions/{decision.public_id}/calendar.ics?language=en"
    (first,) = (await events(client, path)).values()
    assert str(first["summary"]) == hostile
    await deciding.move_date(otto, decision, card.public_id, date(2027, 6, 1), {"en": "Late"})
    (second,) = (await events(client, path)).values()
    await deciding.set_progress(otto, decision, card.public_id, Progress.ABANDONED, {"en": "Why"})
    (third,) = (await events(client, path)).values()
    assert len({str(one["uid"]) for one in (first, second, third)}) == 1
    assert [int(one["sequence"]) for one in (first, second, third)] == [0, 1, 2]
    assert third["status"] == "CANCELLED"
    assert third["dtstart"].dt == date(2027, 6, 1)
