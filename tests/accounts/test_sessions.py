"""Sessions are listed, ended, and over in time; staff's sooner."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts import queries
from civic.accounts.models import LinkPurpose, Participant, Session
from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.foundation.viewer import STRANGER
from tests.accounts.people import token_of
from tests.cast import a_person, a_session, fill, sign_in
from tests.conftest import visitor


async def test_ada_sees_her_sessions_and_ends_one(app, client):
    ada = await a_person("Ada")
    await Session.all().delete()
    await sign_in(client, ada)
    phone = await sign_in(visitor(app), ada)
    page = await client.get("/account/sessions")
    ends = re.findall(r'action="(/account/sessions/[0-9a-f]{16}/end)"', page.text)
    assert len(ends) == 1, "not the one of this browser"
    assert (await fill(client, "/account/sessions", ends[0])).status_code == 303
    assert (await phone.get("/account")).status_code == 303
    assert (await client.get("/account")).status_code == 200


async def test_ada_ends_all_the_others(app, client):
    ada = await a_person("Ada")
    others = [await sign_in(visitor(app), ada) for _ in range(3)]
    await sign_in(client, ada)
    await fill(client, "/account/sessions", "/account/sessions/others")
    assert [(await one.get("/account")).status_code for one in others] == [303] * 3
    assert (await client.get("/account")).status_code == 200


async def test_nobody_ends_somebody_elses_session(app, client):
    ada, zoe = await a_person("Ada"), await a_person("Zoe")
    key = (await queries.sessions_of(ada))[0].key
    await sign_in(client, zoe)
    await a_session(zoe.participant)
    page = await client.get("/account/sessions")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    for wrong in (key, key[:8], "0" * 16, "%"):
        answer = await client.post(f"/account/sessions/{wrong}/end", data={"csrf": csrf})
        assert answer.status_code == 404, wrong
    assert len(await queries.sessions_of(ada)) == 1


async def test_signing_out_ends_the_session_and_clears_the_browser(app, client):
    ada = await a_person("Ada")
    await sign_in(client, ada)
    token = token_of(client)
    answer = await fill(client, "/account", "/sign-out")
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert await queries.viewer_of(token) is None
    assert (await client.get("/account")).status_code == 303


@pytest.mark.parametrize(
    ("roles", "unused", "alive"),
    [
        ((), timedelta(days=14), timedelta(days=30)),
        (("moderator",), timedelta(hours=1), timedelta(hours=12)),
        (("official",), timedelta(hours=1), timedelta(hours=12)),
        (("administrator",), timedelta(hours=1), timedelta(hours=12)),
    ],
)
async def test_a_session_is_over_when_unused_and_in_any_case_after_a_while(database, roles, unused, alive):
    someone = await a_person("Somebody", *roles)
    token = await a_session(someone.participant)
    start, almost = clock.now(), timedelta(minutes=2)
    with clock.at(start + unused - almost):
        assert await queries.viewer_of(token)
    with clock.at(start + unused + almost):
        assert await queries.viewer_of(token) is None
    moment = start
    while moment < start + alive - almost:
        with clock.at(moment):
            assert await accounts.recognise(token), moment - start
        moment += min(unused - almost, timedelta(days=3))
    with clock.at(start + alive + almost):
        await Session.all().update(seen_at=clock.now())
        assert await accounts.recognise(token) is None


async def test_being_seen_is_written_down_now_and_then_not_at_every_page(database):
    ada = await a_person("Ada")
    token = await a_session(ada.participant)
    before = (await Session.all().order_by("-id").first()).seen_at
    await accounts.recognise(token)
    assert (await Session.all().order_by("-id").first()).seen_at == before
    with clock.at(clock.now() + timedelta(minutes=6)):
        await accounts.recognise(token)
        assert (await Session.all().order_by("-id").first()).seen_at == clock.now()


async def test_a_role_that_is_taken_back_is_gone_at_once_with_its_sessions(app, client):
    nina, mira = await a_person("Nina", "administrator"), await a_person("Mira", "moderator")
    await sign_in(client, mira)
    assert (await client.get("/account")).status_code == 200
    (grant,) = await queries.roles_of(mira)
    await accounts.revoke_role(nina, grant.public_id, "left the service")
    assert (await client.get("/account")).status_code == 303


async def test_a_closed_account_is_out_at_once(app, client):
    ada = await a_person("Ada")
    await a_person("Nina", "administrator")
    await sign_in(client, ada)
    await accounts.disable(None, ada.participant)
    assert (await client.get("/account")).status_code == 303


async def test_a_guest_keeps_what_a_code_opened_and_takes_it_along_when_signing_in(database):
    text = ids.public_id()
    token = await accounts.open_pass(STRANGER, text)
    guest = await queries.viewer_of(token)
    assert not guest.is_signed_in
    assert guest.passes == {text}
    assert await accounts.open_pass(guest, ids.public_id()) is None, "the same session serves"
    ada = await a_person("Ada")
    async with db.transaction():
        new = await accounts.open_session(
            await Participant.get(id=ada.participant), "", instead_of=guest.session
        )
    assert text in (await queries.viewer_of(new)).passes
    assert await queries.viewer_of(token) is None
    with clock.at(clock.now() + timedelta(days=2)):
        assert await queries.viewer_of(token) is None


async def test_what_somebody_else_opened_in_this_browser_does_not_follow(database):
    ada, zoe = await a_person("Ada"), await a_person("Zoe")
    await accounts.open_pass(ada, ids.public_id())
    async with db.transaction():
        token = await accounts.open_session(
            await Participant.get(id=zoe.participant), "", instead_of=ada.session
        )
    assert (await queries.viewer_of(token)).passes == frozenset()


async def test_knowing_who_looks_takes_two_queries_whatever_they_hold(database, count_queries):
    olga = await a_person("Olga", "moderator", "official", "reviewer")
    token = await a_session(olga.participant)
    with count_queries() as seen:
        await queries.viewer_of(token)
    assert seen.count == 2


async def test_only_the_digest_of_a_token_is_kept(database):
    ada = await a_person("Ada")
    token = await a_session(ada.participant)
    kept = await Session.all().values_list("token_hash", flat=True)
    assert token not in kept
    assert ids.hash_token(token) in kept


async def test_what_is_long_over_is_let_go_and_nothing_else(database):
    ada = await a_person("Ada")
    await accounts.open_pass(ada, ids.public_id())
    await accounts.make_link(LinkPurpose.SIGN_IN, "ada@town.example", participant=ada.participant)
    assert await accounts.forget_what_is_over() == 0
    with clock.at(clock.now() + timedelta(days=2)):
        assert await accounts.forget_what_is_over() == 1, "the link"
        assert await Session.all().count() == 1
    with clock.at(clock.now() + timedelta(days=61)):
        assert await accounts.forget_what_is_over() == 2, "the session and what it opened"
    assert await Participant.all().count() == 1
