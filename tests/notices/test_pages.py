"""The list of notices, and the one press that stops mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.notices import actions as notices
from civic.notices import queries
from civic.notices.actions import Recipient, stop_token
from civic.notices.kinds import ALWAYS, GROUPS, KINDS
from civic.notices.models import Mail, MailStop, Notice
from tests.cast import a_person, fill, sign_in
from tests.conftest import visitor


async def tell(viewer, kind="substitute.ended", *, address="ada@town.example", about="absence/x", **options):
    data = {"absent": "Otto", "path": "/account"}
    recipient = Recipient(f"participant/{viewer.public_id}", address, "en")
    async with db.transaction():
        await notices.notify(recipient, kind, about=about, data=data, **options)
    return (await Notice.all().order_by("-id").first()).public_id


MAY_BE_STOPPED = {"check.link", "checks.link", "draft.link", "survey.link", "advance.link"}
"""Nobody has to be asked about a text, a draft or how it was, nor told before everybody else."""


def test_every_kind_belongs_to_a_group_and_no_secret_stays_in_a_list():
    for name, kind in KINDS.items():
        assert kind.group in GROUPS, name
        assert kind.lines, name
        if kind.secret and name not in MAY_BE_STOPPED:
            assert kind.group == ALWAYS, name


async def test_a_notice_is_told_once_per_key(database):
    ada = await a_person("Ada")
    for _ in range(3):
        await tell(ada, once_key="decision/1/ada")
    assert await Notice.all().count() == await Mail.all().count() == 1


async def test_a_notice_outside_the_act_is_an_error_of_ours(database):
    with pytest.raises(RuntimeError):
        await notices.notify(Recipient("x", None, "en"), "account.unknown", about="x", data={})
    with pytest.raises(RuntimeError):
        await notices.retract("x")


async def test_a_sentence_that_lacks_a_value_fails_in_the_act(database):
    with pytest.raises(KeyError):
        async with db.transaction():
            await notices.notify(Recipient("x", None, "en"), "substitute.ended", about="x", data={})


async def test_ada_finds_her_notices_and_reads_one_by_a_press(app, client):
    ada = await a_person("Ada")
    notice = await tell(ada)
    await sign_in(client, ada)
    page = await client.get("/notices")
    assert "You no longer stand in for Otto" in page.text
    assert "You get this message because a colleague named you." in page.text
    assert await queries.unread_count(ada) == 1, "looking marks nothing"
    answer = await fill(client, "/notices", f"/notices/{notice}/read")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await queries.unread_count(ada) == 0
    assert "/notices" in (await client.get("/account")).text


async def test_all_can_be_marked_as_read(app, client):
    ada, bo = await a_person("Ada"), await a_person("Bo")
    for _ in range(3):
        await tell(ada)
    await tell(bo)
    await sign_in(client, ada)
    await fill(client, "/notices", "/notices/read")
    assert [await queries.unread_count(one) for one in (ada, bo)] == [0, 1]


async def test_somebody_elses_notice_is_not_there(app, client):
    ada, zoe = await a_person("Ada"), await a_person("Zoe")
    notice = await tell(ada)
    own = await tell(zoe)
    await sign_in(client, zoe)
    page = await client.get("/notices")
    assert notice not in page.text
    hidden = dict(re.findall(r'name="(csrf)" value="([^"]+)"', page.text))
    assert (await client.post(f"/notices/{notice}/read", data=hidden)).status_code == 404
    assert (await client.post(f"/notices/{own}/read", data=hidden)).status_code == 303
    assert await queries.unread_count(ada) == 1


async def test_a_stranger_has_no_list(app, client):
    assert (await client.get("/notices")).status_code == 303


async def test_a_held_notice_shows_after_the_hold_and_a_retracted_one_never(database):
    ada = await a_person("Ada")
    await tell(ada, "account.unknown", hold=timedelta(minutes=10))
    await tell(ada, "account.unknown", about="contribution/hidden")
    async with db.transaction():
        await notices.retract("contribution/hidden")
    assert (await queries.notices_of(ada, "en")).cards == ()
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert len((await queries.notices_of(ada, "en")).cards) == 1


async def test_what_stays_survives_the_hiding_of_what_it_is_about(database):
    ada = await a_person("Ada")
    await tell(ada, about="contribution/hidden")
    async with db.transaction():
        await notices.retract("contribution/hidden")
    assert len((await queries.notices_of(ada, "en")).cards) == 1
    assert [mail.state for mail in await Mail.all()] == ["waiting"]


async def test_the_list_pages_without_loss_or_repetition_in_a_constant_number_of_queries(
    app, client, count_queries
):
    ada = await a_person("Ada")
    await tell(ada)
    await sign_in(client, ada)
    with count_queries() as few:
        await client.get("/notices")
    for _ in range(64):
        await tell(ada)
    with count_queries() as many:
        await client.get("/notices")
    assert few.count == many.count
    seen, after = [], ""
    while after is not None:
        found = await queries.notices_of(ada, "en", after=after)
        seen += [card.public_id for card in found.cards]
        after = found.after
    assert len(seen) == len(set(seen)) == 65


@pytest.mark.parametrize("after", ["x", "-", "1-", "-1", "9" * 40, "<script>", "1-1-1"])
async def test_an_unreadable_cursor_starts_at_the_newest(app, client, after):
    ada = await a_person("Ada")
    await tell(ada)
    await sign_in(client, ada)
    page = await client.get("/notices", params={"after": after})
    assert page.status_code == 200
    assert "<script>" not in page.text


async def test_a_mail_program_stops_a_kind_of_mail_by_one_post(app, client):
    ada = await a_person("Ada")
    token = stop_token(await tell(ada))
    bare = visitor(app)
    del bare.headers["Origin"]
    sent = {"List-Unsubscribe": "One-Click"}
    answer = await bare.post(f"/notices/stop/{token}", data=sent)
    assert answer.status_code == 200
    assert (await bare.post(f"/notices/stop/{token}", data=sent)).status_code == 200
    assert await MailStop.all().values_list("address", "group") == [("ada@town.example", "work")]
    await tell(ada)
    assert await Mail.all().count() == 1, "no further mail"
    assert len((await queries.notices_of(ada, "en")).cards) == 2, "the list goes on"


async def test_opening_the_stop_link_changes_nothing(app, client):
    token = stop_token(await tell(await a_person("Ada")))
    page = await client.get(f"/notices/stop/{token}")
    assert page.status_code == 200
    assert "Work that waits for you" in page.text
    assert await MailStop.all().count() == 0
    assert (await fill(client, f"/notices/stop/{token}", f"/notices/stop/{token}")).status_code == 200
    assert await MailStop.all().count() == 1


async def test_a_stop_link_opens_nothing_else_and_cannot_be_made_up(app, client):
    ada = await a_person("Ada")
    notice = await tell(ada)
    token = stop_token(notice)
    for wrong in (notice, notice + "0" * 32, token[:-1], token + "0", ids.public_id() + token[26:], "x"):
        assert (await client.get(f"/notices/stop/{wrong}")).status_code == 404
        assert (await client.post(f"/notices/stop/{wrong}")).status_code == 404
    for path in ("/notices", f"/links/{token}", "/account"):
        assert (await client.get(path)).status_code in (303, 404)
    assert await MailStop.all().count() == 0


async def test_what_guards_an_account_cannot_be_stopped(app, client):
    token = stop_token(await tell(await a_person("Ada"), "account.address_asked"))
    assert (await client.post(f"/notices/stop/{token}")).status_code == 404


async def test_ada_chooses_what_she_gets_by_mail(app, client):
    ada = await a_person("Ada")
    await sign_in(client, ada)
    page = await client.get("/notices/mails")
    assert page.text.count("checked") == len(GROUPS) - 1
    await fill(client, "/notices/mails", "/notices/mails", groups="answers")
    stopped = {group for group in GROUPS if group not in (ALWAYS, "answers")}
    assert set(await MailStop.all().values_list("group", flat=True)) == stopped
    await fill(client, "/notices/mails", "/notices/mails", groups="work")
    assert "work" not in await MailStop.all().values_list("group", flat=True)
    assert (await fill(client, "/notices/mails", "/notices/mails", groups=ALWAYS)).status_code == 422
