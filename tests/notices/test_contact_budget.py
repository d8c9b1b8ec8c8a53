"""One contact budget (SPEC 0.2): nobody is asked for more than one thing a month; enforced in one place."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from civic.foundation import clock
from civic.foundation import database as db
from civic.notices import actions as notices
from civic.notices.actions import Recipient, Wish
from civic.notices.models import Contact, ContactRequest, Request
from civic.notices.queries import BUDGET, when_asked

ADA = Recipient("participant/ada", "ada@town.example", "en")
GUS = Recipient("guest/one", "gus@post.example", "fr")
DAY = timedelta(days=1)


class Voice:
    """Says what it is given, and keeps it; what is void it does not say."""

    def __init__(self, *void: str) -> None:
        self.void = void
        self.said: list[list[str]] = []

    async def __call__(self, kept):
        found = [one.about for one in kept if one.about not in self.void]
        if found:
            self.said.append(found)
        return frozenset(found)


async def ask(kind: Request, voice: Voice, *abouts: str, to: Recipient = ADA, **more) -> None:
    async with db.transaction():
        await notices.ask(kind, [Wish(to, one, **more) for one in abouts], voice)


async def test_a_second_thing_waits_for_thirty_days_and_is_then_said(database):
    checks, surveys = Voice(), Voice()
    await ask(Request.CHECK, checks, "check/1")
    await ask(Request.SURVEY, surveys, "survey/1")
    assert (checks.said, surveys.said) == ([["check/1"]], [])
    due = await when_asked("survey/1")
    assert due is not None
    assert abs(due - clock.now() - BUDGET) < timedelta(minutes=1)
    assert await when_asked("check/1") is None
    with clock.at(clock.now() + BUDGET - DAY):
        assert await notices.ask_waiting(Request.SURVEY, surveys) == 0
    with clock.at(clock.now() + BUDGET + DAY):
        assert await notices.ask_waiting(Request.SURVEY, surveys) == 1
        assert await notices.ask_waiting(Request.SURVEY, surveys) == 0
    assert surveys.said == [["survey/1"]]


async def test_a_guest_and_an_account_of_one_address_are_one_person_and_no_address_is_kept(database):
    voice = Voice()
    await ask(Request.CHECK, voice, "check/1", to=Recipient("guest/x", "Ada@town.example ", "en"))
    await ask(Request.SURVEY, voice, "survey/1")
    await ask(Request.SURVEY, voice, "survey/1", to=GUS)
    assert voice.said == [["check/1"], ["survey/1"]]
    assert await Contact.all().count() == 2
    rows = await db.rows("SELECT person FROM contact")
    assert all(len(row["person"]) == 64 and "@" not in row["person"] for row in rows)


async def test_checks_of_one_person_go_in_one_message_and_surveys_one_by_one(database):
    voice = Voice()
    await ask(Request.CHECK, voice, "check/1", "check/2", "check/3")
    assert voice.said == [["check/1", "check/2", "check/3"]]
    surveys = Voice()
    await ask(Request.SURVEY, surveys, "survey/1", "survey/2", to=GUS)
    assert surveys.said == [["survey/1"]]


async def test_checks_come_before_surveys_and_a_survey_whose_time_passed_is_dropped(database):
    voice, now = Voice(), clock.now()
    await ask(Request.RATING, voice, "milestone/1")
    await ask(Request.SURVEY, voice, "survey/1", until=now + 40 * DAY)
    await ask(Request.CHECK, voice, "check/1")
    with clock.at(now + 31 * DAY):
        assert await notices.ask_waiting(Request.SURVEY, voice) == 0
        assert await notices.ask_waiting(Request.CHECK, voice) == 1
    with clock.at(now + 62 * DAY):
        assert await notices.ask_waiting(Request.SURVEY, voice) == 0
    assert voice.said == [["milestone/1"], ["check/1"]]
    assert (await ContactRequest.get(about="survey/1")).state == "dropped"


async def test_what_became_void_meanwhile_is_dropped_and_spends_nothing(database):
    await ask(Request.CHECK, Voice("check/1"), "check/1")
    assert (await ContactRequest.get(about="check/1")).state == "dropped"
    surveys = Voice()
    await ask(Request.SURVEY, surveys, "survey/1")
    assert surveys.said == [["survey/1"]]


async def test_what_goes_on_about_the_same_thing_is_not_a_second_thing(database):
    voice = Voice()
    await ask(Request.CHECK, voice, "check/1", thing="contribution/1")
    await ask(Request.CHECK, voice, "check/2", thing="contribution/1")
    await ask(Request.CHECK, voice, "check/3", thing="contribution/2")
    assert voice.said == [["check/1"], ["check/2"]]


async def test_a_question_along_with_news_spends_the_budget_and_is_left_out_without_one(database):
    people = {"ada": ADA, "gus": GUS}
    await ask(Request.CHECK, Voice(), "check/1", to=GUS)
    async with db.transaction():
        assert await notices.ask_along(Request.RATING, "milestone/1/2", people) == {"ada"}
        assert await notices.ask_along(Request.RATING, "milestone/2/2", people) == frozenset()


async def test_a_request_is_kept_once_for_each_person_and_thing(database):
    voice = Voice()
    await ask(Request.CHECK, voice, "check/1")
    await ask(Request.CHECK, voice, "check/1")
    assert voice.said == [["check/1"]]
    with pytest.raises(RuntimeError, match="transaction"):
        await notices.ask(Request.CHECK, [], voice)


async def test_a_new_address_keeps_what_was_spent_and_erasure_forgets_it(database):
    voice, new = Voice(), Recipient("participant/ada", "new@town.example", "en")
    await ask(Request.CHECK, voice, "check/1")
    async with db.transaction():
        await notices.follow_address(ADA.address, "new@town.example")
    await ask(Request.SURVEY, voice, "survey/1", to=new)
    assert voice.said == [["check/1"]]
    async with db.transaction():
        await notices.forget_contact(new)
    assert not await Contact.all().count() + await ContactRequest.all().count()


async def test_two_workers_never_both_spend(database):
    await ask(Request.CHECK, Voice(), "check/0")
    voices = [Voice() for _ in range(4)]
    for kind, about in ((Request.RATING, "milestone/9"), (Request.SURVEY, "survey/9")):
        await ask(kind, voices[0], about)
    assert voices[0].said == []

    async def work(voice: Voice, kind: Request) -> None:
        await notices.ask_waiting(kind, voice)

    with clock.at(clock.now() + BUDGET + DAY):
        await asyncio.gather(
            *(work(voice, kind) for voice in voices for kind in (Request.RATING, Request.SURVEY))
        )
    assert [one for voice in voices for one in voice.said] == [["milestone/9"]]
