"""Hearings and office hours: announced, changed and cancelled in public; what is said there is answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from civic.contributions.models import Contribution, Relation
from civic.contributions.queries import claims_of, contribution_by_number
from civic.foundation import clock, database
from civic.foundation.errors import NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.ledger.models import StagedLeaf
from civic.meetings import actions, queries
from civic.meetings.forms import MeetingDraft, MeetingWords, MinutesDraft, PointDraft
from civic.meetings.models import MeetingKind, MeetingVersion, MinutesVersion
from tests.cast import a_person, a_process, recorded
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send

pytestmark = pytest.mark.usefixtures("database")

SAID = "The ramp is too steep for a wheelchair. Could it start at the corner?"
REASON = {"fr": "La salle est prise.", "en": "The hall is taken."}


def words(starts_in: timedelta = timedelta(days=3), place: str = "Town hall, room 2") -> MeetingWords:
    start = clock.now() + starts_in
    return MeetingWords(
        title={"fr": "Audition sur la rampe", "en": "Hearing on the ramp"},
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        place=place,
        access={"fr": "Ascenseur, boucle.", "en": "Lift, hearing loop."},
        taking_part={"fr": "Entrée libre.", "en": "Free entry."},
    )


async def a_meeting(otto, process, *, kind=MeetingKind.HEARING, starts_in=timedelta(days=3)):
    draft = MeetingDraft(kind, (process.issues[0].public_id,), words(starts_in))
    return await actions.announce_meeting(otto, process, draft)


def a_point(process, *, speaker="", read_back=True, body=SAID) -> PointDraft:
    return PointDraft(process.issues[0].public_id, body, Relation.ASKS, speaker, read_back)


async def a_place():
    process = await a_process()
    return process, await a_person("Otto Ohm", "official", process=process.public_id)


async def test_a_meeting_is_on_the_page_and_in_the_calendar_and_a_cancelled_one_stays(app):
    process, otto = await a_place()
    meeting = await a_meeting(otto, process)
    someone = visitor(app)
    assert "Hearing on the ramp" in await read(someone, f"/processes/{process.slug}")
    shown = await read(someone, f"/meetings/{meeting.public_id}")
    assert "Lift, hearing loop." in shown
    assert "Free entry." in shown
    first = await event(someone, process)
    assert (int(first["sequence"]), str(first["status"])) == (0, "CONFIRMED")
    await actions.change_meeting(otto, meeting, words(place="Library"), REASON)
    second = await event(someone, process)
    assert (str(second["uid"]), int(second["sequence"]), str(second["location"])) == (
        str(first["uid"]),
        1,
        "Library",
    )
    shown = await read(someone, f"/meetings/{meeting.public_id}")
    assert "The hall is taken." in shown
    assert "Town hall, room 2" in shown, "what was announced before stays readable"
    await actions.cancel_meeting(otto, meeting, {"en": "Storm warning."})
    third = await event(someone, process)
    assert (int(third["sequence"]), str(third["status"])) == (2, "CANCELLED")
    assert "Storm warning." in await read(someone, f"/meetings/{meeting.public_id}")
    assert await recorded(meeting.public_id) == ["meeting.announced", "meeting.changed", "meeting.cancelled"]
    assert await MeetingVersion.filter(meeting_id=meeting.id).count() == 2


async def event(client, process):
    answer = await client.get(f"/processes/{process.slug}/calendar.ics?language=en")
    (found,) = [
        one
        for one in Calendar.from_ical(answer.content).walk("VEVENT")
        if "on the ramp" in str(one["summary"])
    ]
    return found


async def test_what_is_said_becomes_a_contribution_with_a_receipt_that_is_owed_an_answer(app):
    town = await a_town()
    meeting = await a_meeting(town.otto, town.process, starts_in=timedelta(days=-2))
    otto = await browser_of(app, town.otto)
    page = f"/desk/meetings/{meeting.public_id}"
    await send(otto, page, f"{page}/points", 422, body=SAID, relation="asks")
    await send(
        otto, page, f"{page}/points", 422, body=SAID, relation="asks", read_back="yes", speaker="Awa D."
    )
    sent = await send(
        otto,
        page,
        f"{page}/points",
        body=SAID,
        relation="asks",
        read_back="yes",
        speaker="Awa D.",
        may_name="1",
        capacity="neighbours",
    )
    slip = await read(otto, sent.headers["location"])
    code = re.search(r'id="secret-code">([^<]+)<', slip)
    assert code, "the code is shown once, to be handed over"
    number = sent.headers["location"].rpartition("/")[2]
    card = await contribution_by_number(STRANGER, number)
    row = await Contribution.get(id=card.id)
    assert (row.channel, row.on_behalf_of, row.read_back, row.capacity) == (
        "hearing",
        "Awa D.",
        True,
        "neighbours",
    )
    assert row.entered_by_id == town.otto.participant
    assert row.submitted_at == meeting.starts_at, "it counts from when it was said"
    assert len(await claims_of(card.id)) == 1
    owed = await read(otto, f"/desk/decisions/{town.decision.public_id}")
    assert "ramp is too steep" in owed
    someone = visitor(app)
    answer = await send(someone, "/receipts", "/receipts", number=number, code=code[1])
    assert number in await read(someone, answer.headers["location"])
    public = await read(visitor(app), f"/meetings/{meeting.public_id}")
    assert "ramp is too steep" in public
    assert "Awa D." in public
    assert code[1] not in public
    assert await recorded(card.public_id) == ["comment.created", "minutes.entered"]


async def test_somebody_unnamed_stays_so_and_two_of_them_are_two_people(app):
    process, otto = await a_place()
    meeting = await a_meeting(otto, process, kind=MeetingKind.OFFICE_HOUR, starts_in=timedelta(days=-1))
    for read_back in (True, False):
        await actions.enter_point(otto, meeting, a_point(process, read_back=read_back))
    rows = await Contribution.filter(process_id=process.id).order_by("id")
    assert [row.channel for row in rows] == ["counter", "counter"]
    assert [row.on_behalf_of for row in rows] == ["", ""]
    assert len({row.author_name for row in rows}) == 2
    assert [row.read_back for row in rows] == [True, False]
    shown = await read(visitor(app), f"/meetings/{meeting.public_id}")
    assert "Read back and agreed" in shown
    assert "Not read back" in shown


async def test_minutes_are_versions_and_none_is_overwritten(app):
    process, otto = await a_place()
    meeting = await a_meeting(otto, process, starts_in=timedelta(days=-1))
    page = f"/desk/meetings/{meeting.public_id}"
    browser = await browser_of(app, otto)
    await send(browser, page, f"{page}/minutes", 422, present="-3", text_en="Twelve spoke.")
    await send(browser, page, f"{page}/minutes", present="31", text_en="Twelve spoke.")
    await send(browser, page, f"{page}/minutes", 422, present="32", text_en="Thirteen spoke.")
    await send(
        browser,
        page,
        f"{page}/minutes",
        present="32",
        text_en="Thirteen spoke.",
        change_en="One speaker was missing.",
    )
    shown = await read(visitor(app), f"/meetings/{meeting.public_id}")
    for said in ("32 people present", "31 people present", "Twelve spoke.", "Thirteen", "One speaker was"):
        assert said in shown
    assert await MinutesVersion.filter(meeting_id=meeting.id).count() == 2
    assert await StagedLeaf.filter(type="minutes.published").count() == 2
    with pytest.raises(Exception, match="refused"):
        await database.execute("UPDATE minutes_version SET present = 1 WHERE meeting_id = ?", meeting.id)


async def test_a_hidden_point_keeps_its_place_without_its_words(app):
    process, otto = await a_place()
    meeting = await a_meeting(otto, process, starts_in=timedelta(days=-1))
    receipt = await actions.enter_point(otto, meeting, a_point(process, speaker="Awa D."))
    await Contribution.filter(id=receipt.contribution.id).update(visibility="restricted")
    shown = await read(visitor(app), f"/meetings/{meeting.public_id}")
    assert "ramp is too steep" not in shown
    assert "Awa D." not in shown
    assert "This point is not shown" in shown


async def test_who_may_do_what_and_when(app):
    town = await a_town()
    otto, process = town.otto, town.process
    coming = await a_meeting(otto, process)
    over = await a_meeting(otto, process, starts_in=timedelta(days=-1))
    for person in (town.ada, town.dora):
        with pytest.raises(Refused, match="Only the officials"):
            await a_meeting(person, process)
        with pytest.raises(Refused, match="Only the officials"):
            await actions.enter_point(person, over, a_point(process))
        with pytest.raises(Refused, match="Only the officials"):
            await actions.publish_minutes(person, over, MinutesDraft(1, {"en": "x"}, {}))
    with pytest.raises(Refused, match="once the meeting has begun"):
        await actions.enter_point(otto, coming, a_point(process))
    with pytest.raises(Refused, match="has begun"):
        await actions.change_meeting(otto, over, words(), REASON)
    await actions.cancel_meeting(otto, coming, REASON)
    with pytest.raises(Refused, match="was cancelled"):
        await actions.cancel_meeting(otto, coming, REASON)
    other = await a_process()
    with pytest.raises(NotFound):
        await actions.enter_point(otto, over, a_point(other))


async def test_the_page_of_a_meeting_costs_the_same_with_many_points(app, monkeypatch, count_queries):
    process, otto = await a_place()
    meeting = await a_meeting(otto, process, starts_in=timedelta(days=-1))
    for _ in range(2):
        await actions.enter_point(otto, meeting, a_point(process))
    path, someone = f"/meetings/{meeting.public_id}", visitor(app)
    await read(someone, path)
    with count_queries() as few:
        await read(someone, path)
    for number in range(6):
        await actions.enter_point(otto, meeting, a_point(process, body=f"{SAID} Number {number}."))
    with count_queries() as many:
        await read(someone, path)
    assert many.count == few.count
    monkeypatch.setattr(queries, "AT_ONCE", 5)
    shown = await read(someone, path)
    assert "5 of 8" in shown
    assert 'id="point-6"' in await read(someone, f"{path}?after=5")
