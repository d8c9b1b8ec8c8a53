"""Follow a thing with an account: the page, the list, the pace, the news, once and never twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from civic.app import handlers, subscribe
from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.decisions import actions as deciding
from civic.decisions.forms import PromiseDraft, PublicationDraft
from civic.decisions.models import Progress
from civic.decisions.queries import decision_by_id
from civic.foundation import clock, database, queue
from civic.foundation.errors import NotFound
from civic.foundation.viewer import STRANGER
from civic.notices import actions as notices
from civic.notices import queries as seen
from civic.notices.actions.announcing import due_at
from civic.notices.models import Follow, Mail, NewsOwed, Notice, Pace
from civic.processes import actions as processes
from civic.processes.forms import DateDraft, PhaseChangeDraft
from civic.processes.models import DateKind, PhaseKind
from tests import cast

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _house():
    subscribe()


async def follow(person, subject, pace=Pace.ONCE):
    async with database.transaction():
        to = notices.Recipient(f"participant/{person.public_id}", None, "en")
        await notices.follow(to, subject, pace)


async def close(process, why="Everything is answered."):
    return await processes.mark_closed(cast.SYSTEM, process, {"en": why, "fr": "Tout a sa réponse."})


async def work():
    await queue.work_off(handlers())
    await notices.write_due()


async def news_of(person):
    return await Notice.filter(recipient=f"participant/{person.public_id}", kind__startswith="follow.")


async def test_following_with_an_account_is_one_form_and_one_list(client):
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    here = f"/following/process/{process.public_id}"
    await cast.sign_in(client, zoe)
    assert here in (await client.get(f"/processes/{process.slug}")).text
    assert (await cast.fill(client, here, here, pace="weekly")).headers["location"] == "/following"
    shown = (await client.get("/following")).text
    assert process.title["en"] in shown
    card = (await seen.follows_of(zoe))[0]
    assert card.pace is Pace.WEEKLY
    await cast.fill(client, "/following", f"/following/{card.public_id}/pace", pace="once")
    assert (await seen.follows_of(zoe))[0].pace is Pace.ONCE
    assert "You follow this process" in (await client.get(f"/processes/{process.slug}")).text
    await cast.fill(client, "/following", f"/following/{card.public_id}/end")
    assert await seen.follows_of(zoe) == ()


async def test_nobody_changes_or_ends_what_another_follows(client):
    zoe, bo, process = await cast.a_person("Zoe"), await cast.a_person("Bo"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}")
    card = (await seen.follows_of(zoe))[0]
    for who in (bo, STRANGER):
        with pytest.raises(NotFound):
            await notices.change_pace(who, card.public_id, Pace.DAILY)
        with pytest.raises(NotFound):
            await notices.stop_following(who, card.public_id)
    assert (await seen.follows_of(zoe))[0].pace is Pace.ONCE


async def test_what_is_not_public_cannot_be_followed(client):
    draft, ada = await cast.a_draft_process(), await cast.a_person("Ada")
    process = await cast.a_process()
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    article = await cast.an_article(otto, await cast.a_decision(otto, process))
    await cast.sign_in(client, ada)
    for key in (f"process/{draft.public_id}", f"provision/{article.public_id}", "theme/x", "proposal/x"):
        assert (await client.get(f"/following/{key}")).status_code == 404


async def test_news_comes_at_once_and_says_why_and_how_to_stop(client):
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}")
    await close(process)
    await work()
    await work()
    (notice,) = await news_of(zoe)
    assert await Mail.filter(notice_id=notice.id).count() == 1
    await cast.sign_in(client, zoe)
    shown = (await client.get("/notices")).text
    assert "The process is closed. Reason: Everything is answered." in shown
    assert f"because you follow: {process.title['en']}" in shown


async def test_nothing_is_sent_when_nothing_happened():
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}", Pace.DAILY)
    with clock.at(clock.now() + timedelta(days=9)):
        await work()
    assert await news_of(zoe) == []


async def test_a_digest_is_one_message_at_local_morning_for_all_that_is_followed():
    zoe = await cast.a_person("Zoe")
    first, second = await cast.a_process(), await cast.a_process()
    await follow(zoe, f"process/{first.public_id}", Pace.DAILY)
    await follow(zoe, f"process/{second.public_id}", Pace.DAILY)
    await close(first)
    await close(second)
    await work()
    assert await news_of(zoe) == []
    morning = due_at(Pace.DAILY, clock.now())
    with clock.at(morning):
        await work()
        await work()
    (digest,) = await news_of(zoe)
    assert digest.kind == "follow.digest"
    assert len(digest.data["items"]) == 2
    assert await Mail.filter(notice_id=digest.id).count() == 1


@pytest.mark.parametrize(
    ("pace", "ready", "due"),
    [
        (Pace.ONCE, (2026, 11, 24, 12), (2026, 11, 24, 12)),
        (Pace.DAILY, (2026, 11, 24, 12), (2026, 11, 25, 6)),
        (Pace.DAILY, (2026, 11, 24, 4), (2026, 11, 24, 6)),
        (Pace.DAILY, (2026, 10, 24, 12), (2026, 10, 25, 6)),
        (Pace.DAILY, (2026, 10, 23, 12), (2026, 10, 24, 5)),
        (Pace.WEEKLY, (2026, 11, 24, 12), (2026, 11, 30, 6)),
        (Pace.WEEKLY, (2026, 11, 30, 4), (2026, 11, 30, 6)),
        (Pace.WEEKLY, (2026, 11, 30, 7), (2026, 12, 7, 6)),
    ],
)
async def test_digests_are_due_at_seven_on_the_clock_of_the_town(pace, ready, due):
    assert due_at(pace, datetime(*ready, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


async def test_a_crash_between_the_steps_repeats_nothing(monkeypatch):
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}")
    await close(process)
    await queue.run_due(handlers())
    with monkeypatch.context() as broken:
        broken.setattr(notices.following, "_SETTLE", "this is no SQL")
        with pytest.raises(Exception, match=r"syntax"):
            await notices.write_due()
    assert await news_of(zoe) == []
    await work()
    await work()
    assert len(await news_of(zoe)) == 1
    job = await database.rows("SELECT id FROM news")
    await notices.spread({"news": job[0]["id"], "after": 0})
    await work()
    assert len(await news_of(zoe)) == 1


async def test_whoever_was_told_personally_is_not_told_twice():
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    proposal = await cast.a_proposal(ada, process)
    for one in (ada, zoe):
        await follow(one, f"process/{process.public_id}")
        await follow(one, f"proposal/{proposal.public_id}")
    await publish(process, proposal)
    with cast.after_the_freeze(process):
        await work()
    assert await news_of(ada) == []
    assert await Notice.filter(recipient=f"participant/{ada.public_id}", kind="decision.published").exists()
    (told,) = await news_of(zoe)
    words = [item["text"] for item in told.data["items"]]
    assert len(words) == 2, "one message, with a line for each thing followed"


async def publish(process, proposal=None):
    """Publish a decision that refuses the proposal, with one article."""
    maker = await cast.a_person("Dora", "decision_maker", "official", process=process.public_id)
    otto = await cast.a_person("Otto", "official", "reviewer", process=process.public_id)
    decision = await cast.a_decision(otto, process, maker=maker)
    article = await cast.an_article(otto, decision)
    with cast.after_the_freeze(process):
        if proposal is not None:
            claim = await cast.claim_of(proposal.public_id)
            await deciding.draft_answer(otto, claim.public_id, cast.an_adoption(article), expected_version=0)
        draft = PublicationDraft(role="Mayor", correction={}, with_banner=False, at=None)
        await deciding.publish(maker, await decision_by_id(decision.id), draft)
    return decision, article


async def test_a_promise_is_told_to_those_who_follow_it_its_article_or_the_process():
    process = await cast.a_process()
    decision, article = await publish(process)
    with cast.after_the_freeze(process, days=2):
        await work()
        people = [await cast.a_person(name) for name in ("Ada", "Bo", "Zoe")]
        otto = await cast.a_person("Otto", "official", process=process.public_id)
        decision = await decision_by_id(decision.id)
        draft = PromiseDraft({"en": "Paint the crossing"}, "Roads", "2027-05-01", article.public_id)
        card = await deciding.promise(otto, decision, draft)
        subjects = (
            f"milestone/{card.public_id}",
            f"provision/{article.public_id}",
            f"process/{process.public_id}",
        )
        for person, subject in zip(people, subjects, strict=True):
            await follow(person, subject)
        moved = cast.in_days(300)
        await deciding.move_date(otto, decision, card.public_id, moved, {"en": "The paint is late."})
        await work()
        await deciding.set_progress(otto, decision, card.public_id, Progress.DONE, {"en": "Photo"})
        await work()
        for person in people:
            assert len(await news_of(person)) == 2


async def test_who_is_told_of_a_promise_for_their_point_does_not_hear_it_again_as_a_follower():
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    decision, article = await publish(process, await cast.a_proposal(ada, process))
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    with cast.after_the_freeze(process, days=2):
        await work()
        for one in (ada, zoe):
            await follow(one, f"process/{process.public_id}")
        decision = await decision_by_id(decision.id)
        draft = PromiseDraft({"en": "Paint the crossing"}, "Roads", "2027-05-01", article.public_id)
        card = await deciding.promise(otto, decision, draft)
        await work()
        assert await Notice.filter(recipient=f"participant/{ada.public_id}", kind="promise.made").count() == 1
        assert (len(await news_of(ada)), len(await news_of(zoe))) == (0, 1)
        await deciding.set_progress(otto, decision, card.public_id, Progress.UNDER_WAY, {"en": "Ordered."})
        await work()
        assert (len(await news_of(ada)), len(await news_of(zoe))) == (1, 2)


async def test_a_step_put_right_in_the_hold_is_told_to_no_follower():
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    decision, article = await publish(process)
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    with cast.after_the_freeze(process, days=2):
        await work()
        decision = await decision_by_id(decision.id)
        draft = PromiseDraft({"en": "Paint the crossing"}, "Roads", "2027-05-01", article.public_id)
        card = await deciding.promise(otto, decision, draft)
        await work()
        await follow(zoe, f"milestone/{card.public_id}")
        for days in (300, 310):
            await deciding.move_date(otto, decision, card.public_id, cast.in_days(days), {"en": "Late."})
        await work()
        (told,) = await news_of(zoe)
        assert len(told.data["items"]) == 1


async def test_what_a_draft_promises_is_told_to_nobody():
    process, zoe = await cast.a_process(), await cast.a_person("Zoe")
    await follow(zoe, f"process/{process.public_id}")
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    decision = await cast.a_decision(otto, process)
    await deciding.promise(otto, decision, PromiseDraft({"en": "Paint"}, "Roads", "2027-05-01", ""))
    await work()
    assert await news_of(zoe) == []


async def test_a_withdrawal_is_told_without_the_words():
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    proposal = await cast.a_proposal(ada, process, title="Close Mill Street")
    await follow(zoe, f"proposal/{proposal.public_id}")
    await register.withdraw(ada, await said.visible_contribution(ada, proposal.public_id), "I moved.")
    await work()
    (told,) = await news_of(zoe)
    assert "Mill Street" not in str(told.data)
    assert proposal.number in str(told.data)


async def test_a_hidden_thing_takes_back_what_is_not_sent():
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    proposal = await cast.a_proposal(ada, process, title="Close Mill Street")
    await follow(zoe, f"proposal/{proposal.public_id}", Pace.DAILY)
    await follow(zoe, f"process/{process.public_id}", Pace.DAILY)
    await publish(process, proposal)
    with cast.after_the_freeze(process):
        await queue.work_off(handlers())
        assert await NewsOwed.all().count() == 2
        await register.hide(proposal.contribution_id, "test/1")
        assert await NewsOwed.all().count() == 1
        with clock.at(due_at(Pace.DAILY, clock.now())):
            await work()
    (digest,) = await news_of(zoe)
    assert "Close Mill Street" not in str(digest.data)


async def test_a_hidden_thing_leaves_a_message_that_waits_to_be_sent():
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    proposal = await cast.a_proposal(ada, process, title="Close Mill Street")
    await follow(zoe, f"proposal/{proposal.public_id}")
    await publish(process, proposal)
    with cast.after_the_freeze(process):
        await work()
        (told,) = await news_of(zoe)
        assert (await Mail.get(notice_id=told.id)).state == "waiting"
        await register.hide(proposal.contribution_id, "test/1")
    (told,) = await news_of(zoe)
    assert told.retracted_at is not None
    assert "Close Mill Street" not in str(told.data["items"])
    assert (await Mail.get(notice_id=told.id)).state == "retracted"


async def test_a_change_of_pace_takes_along_what_waits():
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}", Pace.WEEKLY)
    await close(process)
    await work()
    assert await news_of(zoe) == []
    await notices.change_pace(zoe, (await seen.follows_of(zoe))[0].public_id, Pace.ONCE)
    await work()
    assert len(await news_of(zoe)) == 1


async def test_a_closed_account_is_told_nothing():
    zoe, process = await cast.a_person("Zoe"), await cast.a_process()
    await follow(zoe, f"process/{process.public_id}")
    await close(process)
    await database.execute(
        "UPDATE participant SET disabled_at = ? WHERE id = ?", clock.now(), zoe.participant
    )
    await work()
    assert await news_of(zoe) == []
    assert not await NewsOwed.all().exists()
    async with database.transaction():
        await notices.forget_follower(f"participant/{zoe.public_id}")
    assert not await Follow.all().exists()


async def test_steps_and_dates_are_told_to_those_who_only_follow(client):
    ada, zoe, process = await cast.a_person("Ada"), await cast.a_person("Zoe"), await cast.a_process()
    await cast.a_proposal(ada, process)
    for one in (ada, zoe):
        await follow(one, f"process/{process.public_id}")
    draft = PhaseChangeDraft({"en": "More time"}, cast.in_days(40), (process.issues[0].public_id,))
    await processes.extend_phase(cast.SYSTEM, process, PhaseKind.DELIBERATION, draft)
    await queue.work_off(handlers())
    await work()
    assert await news_of(ada) == []
    (told,) = await news_of(zoe)
    assert "More time" in str(told.data)
    assert process.issues[0].title["en"] in str(told.data), "the question that can change for longer is named"
    meeting = DateDraft(DateKind.MEETING, {"en": "Walk"}, clock.now() + timedelta(days=3), "Quay")
    await processes.add_date(cast.SYSTEM, process, meeting)
    await work()
    assert len(await news_of(zoe)) == 2


async def test_two_workers_at_once_write_each_message_once():
    process = await cast.a_process()
    people = [await cast.a_person(name) for name in ("Ada", "Bo", "Zoe")]
    for person in people:
        await follow(person, f"process/{process.public_id}", Pace.ONCE)
    await close(process)
    await queue.work_off({"notices.spread": notices.spread})
    await asyncio.gather(*(notices.write_due() for _ in range(4)))
    assert [len(await news_of(person)) for person in people] == [1, 1, 1]


async def test_the_list_asks_as_much_for_many_things_as_for_one(client, monkeypatch):
    zoe = await cast.a_person("Zoe")
    await cast.sign_in(client, zoe)
    asked = []
    counted = database.rows

    async def counting(sql, *params):
        asked.append(sql)
        return await counted(sql, *params)

    monkeypatch.setattr(database, "rows", counting)
    sizes = []
    for _ in range(3):
        await follow(zoe, f"process/{(await cast.a_process()).public_id}")
        await client.get("/following")
        asked.clear()
        await client.get("/following")
        sizes.append(len(asked))
    assert sizes[0] == sizes[2], sizes
