"""Sign in by password or by mailed link: the same answers for everybody, and limits that hold."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from datetime import timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts import passwords
from civic.accounts.models import LinkPurpose, MailLink, Participant, PasswordChange, Session
from civic.foundation import clock, limits
from civic.foundation.errors import Busy
from tests.accounts.people import OTHER_PASSWORD, an_account, last_link, mailed, token_of
from tests.cast import PASSWORD, fill, sign_in
from tests.conftest import visitor

ADA = "ada@town.example"


async def by_password(client, address=ADA, password=PASSWORD, **more):
    return await fill(client, "/sign-in", "/sign-in", address=address, password=password, **more)


async def by_link(client, address=ADA):
    return await fill(client, "/sign-in", "/sign-in/link", address=address)


async def press(client, link, **fields):
    return await fill(client, link, link, **fields)


@pytest.fixture
def roomy(monkeypatch):
    """Give allowances nobody uses up."""
    wide = {name: limits.Rate(10**6, 60, rate.counts_failures) for name, rate in limits.RATES.items()}
    monkeypatch.setattr(limits, "RATES", wide)


async def test_ada_signs_in_with_her_password_and_goes_where_she_was_going(app, client):
    await an_account(ADA)
    assert (await client.get("/account/sessions")).headers["location"] == "/sign-in?next=/account/sessions"
    page = await client.get("/sign-in?next=/account/sessions")
    assert page.status_code == 200
    answer = await fill(client, "/sign-in?next=/account/sessions", "/sign-in", address=ADA, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/sessions")
    assert (await client.get("/account/sessions")).status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y"]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(app, client, after):
    await an_account(ADA)
    answer = await by_password(client, next=after)
    assert answer.headers["location"] == "/"


async def test_the_address_is_the_same_however_it_is_typed(app, client):
    await an_account(ADA)
    assert (await by_password(client, address=" ADA@Town.Example ")).status_code == 303


async def test_a_wrong_password_and_an_unknown_address_read_the_same(app, client):
    await an_account(ADA)
    await an_account("bo@town.example", password=None)
    bodies = set()
    for address, password in (
        (ADA, OTHER_PASSWORD),
        ("zoe@town.example", PASSWORD),
        ("bo@town.example", PASSWORD),
    ):
        answer = await by_password(visitor(app), address, password)
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        body = answer.text.replace(address, "")
        bodies.add(re.sub(r'value="[^"]*"|[?&]v=\w+', "", body))
    assert len(bodies) == 1
    assert password not in answer.text


async def test_a_closed_account_cannot_sign_in_by_any_way(app, client):
    ada = await an_account(ADA)
    token = await accounts.send_link(
        LinkPurpose.SIGN_IN, ADA, "en", notice_kind="account.sign_in", participant=ada.id
    )
    reset = await accounts.send_link(
        LinkPurpose.RESET, ADA, "en", notice_kind="account.reset", participant=ada.id
    )
    await Participant.filter(id=ada.id).update(disabled_at=clock.now())
    assert (await by_password(client)).status_code == 422
    assert (await press(client, f"/links/{token}")).status_code == 403
    assert (await press(client, f"/links/{reset}", password=OTHER_PASSWORD)).status_code == 403
    await by_link(client)
    assert (await mailed(ADA))[-1] == ("account.closed", "/contact")
    assert await Session.all().count() == 0


async def test_ada_signs_in_by_a_mailed_link_that_a_get_does_not_use(app, client):
    await an_account(ADA, password=None)
    answer = await by_link(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/sent")
    link = await last_link(ADA)
    for _ in range(3):
        assert (await client.get(link)).status_code == 200
    assert await Session.all().count() == 0
    assert (await press(client, link)).status_code == 303
    assert (await client.get("/account")).status_code == 200
    assert (await client.get(link)).status_code == 404


async def test_a_link_page_sends_its_address_to_nobody(app, client):
    await an_account(ADA)
    await by_link(client)
    page = await client.get(await last_link(ADA))
    assert page.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert "no-store" in page.headers["cache-control"]


async def test_an_unknown_address_gets_the_news_and_the_page_says_the_same(app, client):
    await an_account(ADA)
    known, unknown = await by_link(client), await by_link(visitor(app), "zoe@town.example")
    assert known.headers["location"] == unknown.headers["location"]
    assert (await mailed("zoe@town.example"))[-1] == ("account.unknown", "/register")
    reset = await fill(client, "/password/forgotten", "/password/forgotten", address="zoe@town.example")
    assert (reset.status_code, reset.headers["location"]) == (303, "/sign-in/sent")


async def test_a_link_is_good_for_its_purpose_only(app, client):
    ada = await an_account(ADA)
    sign_in_link = await accounts.send_link(
        LinkPurpose.SIGN_IN, ADA, "en", notice_kind="account.sign_in", participant=ada.id
    )
    await press(client, f"/links/{sign_in_link}", password=OTHER_PASSWORD)
    assert await PasswordChange.all().count() == 1, "only the one of the beginning"
    reset = await accounts.send_link(
        LinkPurpose.RESET, ADA, "en", notice_kind="account.reset", participant=ada.id
    )
    browser = visitor(app)
    assert (await press(browser, f"/links/{reset}")).status_code == 422, "without a password it does nothing"
    assert token_of(browser) is None
    confirm = await accounts.send_link(
        LinkPurpose.CONFIRM_CONTRIBUTION, ADA, "en", notice_kind="account.sign_in", path_template="/x/{token}"
    )
    assert (await browser.get(f"/links/{confirm}")).status_code == 404


async def test_a_link_of_an_unknown_address_opens_nothing(app, client):
    token = await accounts.send_link(
        LinkPurpose.SIGN_IN,
        "zoe@town.example",
        "en",
        notice_kind="account.unknown",
        path_template="/register",
    )
    assert (await press(client, f"/links/{token}")).status_code == 404
    assert token_of(client) is None


async def test_a_link_used_by_twenty_at_once_opens_one_session(app, client):
    ada = await an_account(ADA)
    token = await accounts.send_link(
        LinkPurpose.SIGN_IN, ADA, "en", notice_kind="account.sign_in", participant=ada.id
    )
    browsers = [visitor(app) for _ in range(20)]
    answers = await asyncio.gather(
        *(press(one, f"/links/{token}") for one in browsers), return_exceptions=True
    )
    assert [getattr(one, "status_code", 0) for one in answers].count(303) == 1
    assert await Session.all().count() == 1


async def test_a_reset_ends_other_sessions_and_other_links_and_tells_ada(app, client):
    ada = await an_account(ADA)
    elsewhere = visitor(app)
    await by_password(elsewhere)
    await by_link(client)
    old_link = await last_link(ADA)
    await fill(client, "/password/forgotten", "/password/forgotten", address=ADA)
    link = await last_link(ADA)
    assert (await press(client, link, password="password1234")).status_code == 422, "the link is still good"
    assert (await press(client, link, password=OTHER_PASSWORD)).status_code == 303
    assert (await client.get("/account")).status_code == 200, "signed in by it"
    assert (await elsewhere.get("/account")).status_code == 303, "signed out elsewhere"
    assert (await elsewhere.get(old_link)).status_code == 404
    assert (await mailed(ADA))[-1][0] == "account.password_changed"
    assert await PasswordChange.filter(participant_id=ada.id).count() == 2
    assert (await by_password(visitor(app))).status_code == 422
    assert (await by_password(visitor(app), password=OTHER_PASSWORD)).status_code == 303


async def test_a_new_token_is_given_at_each_sign_in_and_the_old_one_ends(app, client):
    await an_account(ADA)
    await by_password(client)
    first = token_of(client)
    client.cookies.delete("civic")
    client.cookies.set("civic", first)
    answer = await fill(client, "/sign-in/again?next=/account", "/sign-in/again", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert f"civic={first}" not in answer.headers["set-cookie"]
    stale = visitor(app)
    stale.cookies.set("civic", first)
    assert (await stale.get("/account")).status_code == 303


async def test_a_token_that_was_made_up_is_nobodys(app, client):
    for token in ("x", "a" * 43, "' OR 1=1 --", "é"):
        made_up = {"cookie": f"civic={token}".encode()}
        assert (await client.get("/account", headers=made_up)).status_code == 303


async def test_an_older_kind_of_digest_is_renewed_at_sign_in(app, client):
    from argon2 import PasswordHasher

    ada = await an_account(ADA)
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await Participant.filter(id=ada.id).update(password_hash=weaker)
    assert (await by_password(client)).status_code == 303
    await ada.refresh_from_db()
    assert ada.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_guesses_at_one_account_are_limited_wherever_they_come_from(app, client):
    await an_account(ADA)
    wrong = [(await by_password(client, password=f"{OTHER_PASSWORD} {n}")).status_code for n in range(11)]
    assert wrong == [422] * 10 + [429]
    refused = await by_password(client)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await by_password(client, "zoe@town.example")).status_code == 422, "others are not locked out"
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert (await by_password(client)).status_code == 303


async def test_guesses_from_one_place_are_limited_whatever_the_account(app, client):
    statuses = [(await by_password(client, f"p{n}@town.example")).status_code for n in range(41)]
    assert statuses == [422] * 40 + [429]


async def test_so_many_links_go_to_one_address_and_no_more(app, client):
    statuses = [(await by_link(client)).status_code for _ in range(9)]
    assert statuses == [303] * 8 + [429]
    assert len(await mailed(ADA)) == 8, "counted by what was really owed"
    assert (await by_link(client, "bo@town.example")).status_code == 303


async def test_so_many_resets_go_to_one_address_and_no_more(app, client):
    path = "/password/forgotten"
    statuses = [(await fill(client, path, path, address=ADA)).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert len(await mailed(ADA)) == 5


async def test_too_many_at_once_are_told_that_the_service_is_busy(app, client, roomy):
    await an_account(ADA)
    browsers = [visitor(app) for _ in range(60)]
    answers = await asyncio.gather(*(by_password(one) for one in browsers))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {303, 503}
    assert statuses.count(303) >= passwords.QUEUE
    assert all("retry-after" in one.headers for one in answers if one.status_code == 503)
    assert (await by_password(visitor(app))).status_code == 303, "and then it is over"


@pytest.mark.clock
async def test_hashing_never_keeps_pages_waiting(database):
    lags = []

    async def watch():
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - began - 0.005)

    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(passwords.hash_password(PASSWORD) for _ in range(15)))
    watcher.cancel()
    assert sorted(lags)[int(len(lags) * 0.95)] < 0.05


async def test_the_queue_of_passwords_is_short(database):
    results = await asyncio.gather(
        *(passwords.verify(PASSWORD, None) for _ in range(passwords.QUEUE + 10)), return_exceptions=True
    )
    assert sum(isinstance(one, Busy) for one in results) == 9
    assert not any(one is True for one in results)


@pytest.mark.clock
@pytest.mark.slow
async def test_known_and_unknown_addresses_take_the_same_time(app, client, roomy):
    await an_account(ADA)
    for path, action, fields in (
        ("/sign-in", "/sign-in", {"password": OTHER_PASSWORD}),
        ("/sign-in", "/sign-in/link", {}),
        ("/password/forgotten", "/password/forgotten", {}),
    ):
        taken = {ADA: [], "zoe@town.example": []}
        for _ in range(15):
            for address, times in taken.items():
                page = await client.get(path)
                hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
                began = time.perf_counter()
                await client.post(action, data={**hidden, **fields, "address": address})
                times.append(time.perf_counter() - began)
        known, unknown = (statistics.median(times) for times in taken.values())
        assert abs(known - unknown) < 0.03, action


async def test_who_is_signed_in_needs_no_sign_in_page(app, client):
    ada = await an_account(ADA)
    from tests.cast import as_viewer

    await sign_in(client, await as_viewer(ada.id))
    assert (await client.get("/sign-in?next=/notices")).headers["location"] == "/notices"
    assert (await client.get("/register")).headers["location"] == "/"


async def test_links_that_were_used_up_leave_their_digest_only(app, client):
    await an_account(ADA)
    await by_link(client)
    await press(client, await last_link(ADA))
    assert all(link.used_at for link in await MailLink.all())
