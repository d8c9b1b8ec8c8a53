"""An account is made when its address is confirmed, and nobody learns who has one."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts.actions import registering
from civic.accounts.models import MailLink, Participant, Session
from civic.foundation import clock
from tests.accounts.people import OTHER_PASSWORD, an_account, last_link, mailed, token_of
from tests.cast import PASSWORD, a_person, fill
from tests.conftest import visitor

NEW = {"name": "Ada Belin", "address": "ada@town.example", "password": PASSWORD}


async def register(client, **changed):
    return await fill(client, "/register", "/register", **{**NEW, **changed})


async def test_ada_registers_and_is_signed_in_by_the_mailed_link(app, client):
    answer = await register(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/register/sent")
    assert await Participant.all().count() == 0, "nothing is made before the link"
    link = await last_link("ada@town.example")
    shown = await client.get(link)
    assert shown.status_code == 200
    assert await Participant.all().count() == 0, "a GET makes nothing"
    done = await fill(client, link, link)
    assert done.status_code == 303
    ada = await Participant.get(address="ada@town.example")
    assert (ada.name, ada.language) == ("Ada Belin", "en")
    assert ada.confirmed_at is not None
    assert "Ada Belin" in (await client.get("/account")).text


async def test_a_link_works_once(app, client):
    await register(client)
    link = await last_link("ada@town.example")
    await fill(client, link, link)
    assert (await client.get(link)).status_code == 404
    other = visitor(app)
    shown = await other.get("/sign-in")
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown.text)[1]
    assert (await other.post(link, data={"csrf": csrf})).status_code == 404
    assert token_of(other) is None
    assert await Session.all().count() == 1


async def test_a_link_is_over_after_fifteen_minutes(app, client):
    await register(client)
    link = await last_link("ada@town.example")
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert (await client.get(link)).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert (await client.get(link)).status_code == 404
        shown = await client.get("/sign-in")
        csrf = re.search(r'name="csrf" value="([^"]+)"', shown.text)[1]
        assert (await client.post(link, data={"csrf": csrf})).status_code == 404
    assert await Participant.all().count() == 0


async def test_only_the_digest_of_a_link_is_kept(app, client):
    await register(client)
    token = (await last_link("ada@town.example")).rpartition("/")[2]
    kept = await MailLink.first()
    assert len(token) >= 43
    assert token not in (kept.token_hash, str(kept.data))
    assert PASSWORD not in str(kept.data)


async def test_a_known_and_an_unknown_address_read_the_same(app, client):
    await an_account("ada@town.example")
    known = await register(client)
    unknown = await register(visitor(app), address="zoe@town.example")
    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )
    assert [kind for kind, _ in await mailed("ada@town.example")] == ["account.register_known"]
    assert [kind for kind, _ in await mailed("zoe@town.example")] == ["account.register"]
    for name in ("set-cookie", "content-length"):
        assert (name in known.headers) == (name in unknown.headers)


async def test_the_link_of_a_known_address_signs_in_and_changes_nothing(app, client):
    ada = await an_account("ada@town.example", name="Ada")
    await register(client, name="Somebody Else")
    link = await last_link("ada@town.example")
    assert (await fill(client, link, link)).status_code == 303
    await ada.refresh_from_db()
    assert ada.name == "Ada"


async def test_two_requests_for_one_address_make_one_account(app, client):
    await register(client, name="Ada One")
    first = await last_link("ada@town.example")
    await register(client, name="Ada Two")
    second = await last_link("ada@town.example")
    assert (await fill(client, first, first)).status_code == 303
    assert (await fill(visitor(app), second, second)).status_code == 303
    assert await Participant.all().count() == 1
    assert (await Participant.first()).name == "Ada One"


async def test_the_same_form_sent_twice_mails_once(app, client):
    page = await client.get("/register")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    for _ in range(2):
        assert (await client.post("/register", data={**hidden, **NEW})).status_code == 303
    assert len(await mailed("ada@town.example")) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "f-name"),
        ({"name": "x"}, "f-name"),
        ({"name": "x" * 81}, "f-name"),
        ({"name": "Ada\u202eBelin"}, "f-name"),
        ({"name": "Ada\u200bBelin"}, "f-name"),
        ({"name": "ada@town.example"}, "f-name"),
        ({"name": "Mairie"}, "f-name"),
        ({"name": "123"}, "f-name"),
        ({"address": "nowhere"}, "f-address"),
        ({"address": "a@b@c.example"}, "f-address"),
        ({"address": "ada@town.example\r\nBcc: x@town.example"}, "f-address"),
        ({"address": "a" * 300 + "@town.example"}, "f-address"),
        ({"password": "short"}, "f-password"),
        ({"password": "password1234"}, "f-password"),
        ({"password": "x" * 300}, "f-password"),
        ({"password": "ada.belin2026"}, "f-password"),
        ({"role": "administrator"}, None),
    ],
)
async def test_what_cannot_be_accepted_is_said_and_the_words_are_kept(app, client, changed, field):
    answer = await register(client, **changed)
    assert answer.status_code == 422
    if field:
        assert f'href="#{field}"' in answer.text
        assert 'value="ada@town.example"' in answer.text or "address" in changed
    assert await MailLink.all().count() == 0


async def test_a_name_that_looks_like_an_officials_is_refused(app, client):
    await a_person("Otto Lambert", "official")
    for name in (
        "Otto Lambert",
        "otto lambert",
        "Оttо Lаmbert",
        "0tto Lambert",
        "Otto-Lambert",
        "Òttó Làmbert",
    ):
        answer = await register(client, name=name)
        assert answer.status_code == 422, name
        assert "works here" in answer.text
    assert (await register(client, name="Otto Lemaire")).status_code == 303


async def test_a_password_is_not_needed(app, client):
    await register(client, password="")
    link = await last_link("ada@town.example")
    assert (await fill(client, link, link)).status_code == 303
    assert (await Participant.first()).password_hash is None


async def test_who_listens_hears_of_the_confirmed_address(app, client, monkeypatch):
    heard = []

    async def listen(participant, address):
        heard.append((participant, address))

    monkeypatch.setattr(registering, "LISTENERS", [*accounts.LISTENERS, listen])
    await register(client)
    assert heard == []
    link = await last_link("ada@town.example")
    await fill(client, link, link)
    assert heard == [((await Participant.first()).id, "ada@town.example")]


async def test_only_so_many_accounts_are_asked_for_from_one_place(app, client):
    statuses = [(await register(client, address=f"p{n}@town.example")).status_code for n in range(6)]
    assert statuses == [303] * 5 + [429]
    assert len(await MailLink.all()) == 5
    answer = await register(client, address="p9@town.example")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_closed_account_is_not_opened_by_registering_again(app, client):
    ada = await an_account("ada@town.example")
    await Participant.filter(id=ada.id).update(disabled_at=clock.now())
    answer = await register(client)
    assert answer.headers["location"] == "/register/sent"
    assert await mailed("ada@town.example") == [("account.closed", "/contact")]


@pytest.mark.clock
@pytest.mark.slow
async def test_known_and_unknown_addresses_take_the_same_time(app, client, monkeypatch):
    from civic.foundation import limits

    roomy = {name: limits.Rate(10**6, 60, rate.counts_failures) for name, rate in limits.RATES.items()}
    monkeypatch.setattr(limits, "RATES", roomy)
    await an_account("ada@town.example")
    taken = {"ada": [], "zoe": []}
    for _ in range(15):
        for who in taken:
            browser = visitor(app)
            page = await browser.get("/register")
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            fields = {**hidden, **NEW, "address": f"{who}@town.example", "password": OTHER_PASSWORD}
            began = time.perf_counter()
            assert (await browser.post("/register", data=fields)).status_code == 303
            taken[who].append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in taken.values())
    assert abs(known - unknown) < 0.03


async def test_a_password_counts_only_in_the_browser_that_chose_it(app, client):
    """Somebody who asks for an account at another person's address does not get a way in."""
    stranger, owner = visitor(app), visitor(app)
    await register(stranger)
    link = await last_link("ada@town.example")
    assert (await fill(owner, link, link)).status_code == 303
    assert (await Participant.get(address="ada@town.example")).password_hash is None
    tried = await fill(stranger, "/sign-in", "/sign-in", address="ada@town.example", password=PASSWORD)
    assert tried.status_code == 422


async def test_a_password_counts_in_the_browser_that_chose_it(app, client):
    await register(client)
    link = await last_link("ada@town.example")
    await fill(client, link, link)
    assert (await Participant.get(address="ada@town.example")).password_hash is not None
