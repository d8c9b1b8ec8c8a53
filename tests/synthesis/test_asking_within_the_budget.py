"""Checks within the contact budget: gathered, kept, and silent only from when the author was really asked."""

from __future__ import annotations

import json
from datetime import timedelta

from civic.contributions import queries as contributions
from civic.contributions.models import CheckState
from civic.contributions.queries import visible_contribution
from civic.foundation import clock
from civic.foundation import database as db
from civic.notices.models import ContactRequest, Notice
from civic.notices.queries import BUDGET
from civic.synthesis import actions, queries
from civic.synthesis.models import UnderstandingCheck
from tests.cast import a_proposal, mailed_path
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.synthesis.scene import a_check, say, states, text_of

DAY = timedelta(days=1)


async def another_text(town, title: str = "A bench by the school"):
    card = await a_proposal(town.ada, town.process, title=title, body="People wait there. They stand.")
    return await visible_contribution(town.ada, card.public_id)


async def test_two_texts_of_one_author_go_in_one_message_with_a_link_each(app):
    town = await a_town()
    texts = [await another_text(town), await another_text(town, "A lamp by the gate")]
    assert await actions.send_checks(town.otto, texts) == 2
    (mail,) = await Notice.filter(kind="checks.link")
    assert await Notice.filter(kind__startswith="check.").count() == 0
    data = mail.data if isinstance(mail.data, dict) else json.loads(mail.data)
    links = [one["path"] for one in data["items"]]
    assert len(set(links)) == 2
    for link, text in zip(links, texts, strict=True):
        assert text.number in await read(visitor(app), link)
    assert await Notice.filter(kind="checks.sent").count() == 1
    assert all(one.silent_at for one in await UnderstandingCheck.all())


async def test_an_author_asked_this_month_is_asked_later_and_silent_only_from_then_on(app):
    town = await a_town()
    await a_check(town)
    text = await another_text(town)
    check = await actions.send_check(town.otto, text)
    assert check.silent_at is None
    assert (await ContactRequest.get(about=f"check/{check.public_id}")).state == "waiting"
    otto, ada = await browser_of(app, town.otto), await browser_of(app, town.ada)
    assert "Not asked yet" in await read(otto, f"/desk/texts/{text.public_id}")
    slip = await read(otto, f"/desk/checks/{check.public_id}?print=1")
    assert "Until" not in slip
    assert "No date runs yet" in await read(ada, f"/contributions/{text.number}/check")
    with clock.at(clock.now() + 20 * DAY):
        await actions.close_unanswered()
        assert await actions.ask_kept_checks() == 0
        (point,) = await contributions.claims_of(text.id)
        assert point.check_state is CheckState.SENT
        understood = (await queries.understanding_of([point.id]))[point.id]
        assert (understood.state, understood.at) == ("sent", None)
    with clock.at(clock.now() + BUDGET + DAY):
        assert await actions.ask_kept_checks() == 1
        token = (await mailed_path("check.link")).removeprefix("/checks/")
        found, shown, _ = await queries.check_of_link(token)
        assert (shown.id, found.silent_at is not None) == (text.id, True)
    with clock.at(clock.now() + BUDGET + 8 * DAY):
        await actions.close_unanswered()
        assert (await contributions.claims_of(text.id))[0].check_state is CheckState.SENT
    with clock.at(clock.now() + BUDGET + 13 * DAY):
        await actions.close_unanswered()
        assert (await contributions.claims_of(text.id))[0].check_state is CheckState.SILENT


async def test_a_kept_check_is_answered_on_its_page_before_the_message_which_then_never_leaves(app):
    town = await a_town()
    check = await a_check(town)
    text = await another_text(town)
    await actions.send_check(town.otto, text)
    await say(town.ada, check, "", "")
    ada = await browser_of(app, town.ada)
    thanks = await read(ada, f"/checks/thanks?number={(await text_of(town.first)).number}")
    own = f"/contributions/{text.number}/check"
    assert own in thanks
    (point,) = await contributions.claims_of(text.id)
    await send(ada, own, own, **{f"verdict_{point.public_id}": "yes"})
    assert own not in await read(ada, "/checks/thanks")
    assert (await contributions.claims_of(text.id))[0].check_state is CheckState.CONFIRMED
    with clock.at(clock.now() + BUDGET + DAY):
        assert await actions.ask_kept_checks() == 0
    assert [one.state for one in await ContactRequest.all().order_by("id")] == ["said", "dropped"]
    assert await states(town.first) == ["confirmed", "confirmed"]


async def test_a_hold_gathers_what_is_sent_one_after_the_other(database):
    from dataclasses import replace

    from civic import settings as configuration

    town = await a_town()
    texts = [await another_text(town), await another_text(town, "A lamp by the gate")]
    configuration.use(replace(configuration.current(), hold_seconds=600))
    for text in texts:
        await actions.send_check(town.otto, text)
    assert await Notice.filter(kind__startswith="check").count() == 0
    assert await actions.ask_kept_checks() == 0
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert await actions.ask_kept_checks() == 1
    assert await Notice.filter(kind="checks.link").count() == 1
    (asked,) = await db.rows("SELECT count(*) AS n FROM contact WHERE asked_at IS NOT NULL")
    assert asked["n"] == 1
