"""Change one's own account; what guards it asks who is there."""

from __future__ import annotations

from datetime import timedelta

from civic.accounts.models import Participant
from civic.foundation import clock
from civic.notices.models import MailStop
from tests.accounts.people import OTHER_PASSWORD, an_account, last_link, mailed
from tests.cast import PASSWORD, a_person, as_viewer, fill, sign_in
from tests.conftest import visitor

ADA, NEW = "ada@town.example", "ada.belin@town.example"


async def signed_in(client, **options):
    ada = await an_account(ADA, **options)
    await sign_in(client, await as_viewer(ada.id))
    return ada


async def test_ada_takes_another_name(app, client):
    ada = await signed_in(client)
    assert (await fill(client, "/account/name", "/account/name", name="Ada du Port")).status_code == 303
    await ada.refresh_from_db()
    assert ada.name == "Ada du Port"
    await a_person("Otto Lambert", "official")
    refused = await fill(client, "/account/name", "/account/name", name="0tto  lambert")
    assert refused.status_code == 422
    assert "0tto" in refused.text


async def test_an_official_keeps_their_own_name(app, client):
    otto = await a_person("Otto Lambert", "official")
    await sign_in(client, otto)
    assert (await fill(client, "/account/name", "/account/name", name="Otto LAMBERT")).status_code == 303


async def test_a_name_is_inert_wherever_it_shows(app, client):
    await signed_in(client, name="<svg onload=alert(1)>")
    for path in ("/account", "/account/name", "/notices"):
        assert "<svg onload" not in (await client.get(path)).text


async def test_ada_chooses_her_language(app, client):
    ada = await signed_in(client)
    assert (await fill(client, "/account", "/account/language", language="fr")).status_code == 303
    await ada.refresh_from_db()
    assert ada.language == "fr"
    assert "Mon compte" in (await client.get("/account")).text
    assert (await fill(client, "/account", "/account/language", language="xx")).status_code == 422


async def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(app, client):
    ada = await signed_in(client)
    other = await sign_in(visitor(app), await as_viewer(ada.id))
    path = "/account/password"
    wrong = await fill(client, path, path, current=OTHER_PASSWORD, password=OTHER_PASSWORD)
    assert wrong.status_code == 422
    assert 'href="#f-current"' in wrong.text
    assert (await fill(client, path, path, current=PASSWORD, password="adabelin-adabelin")).status_code == 422
    assert (await fill(client, path, path, current=PASSWORD, password=OTHER_PASSWORD)).status_code == 303
    assert (await client.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 303
    assert (await mailed(ADA))[-1][0] == "account.password_changed"


async def test_a_first_password_needs_a_fresh_sign_in(app, client):
    ada = await signed_in(client, password=None)
    with clock.at(clock.now() + timedelta(minutes=31)):
        answer = await client.get("/account/password")
        assert answer.headers["location"] == "/sign-in/again?next=/account/password"
    answer = await fill(client, "/account/password", "/account/password", password=OTHER_PASSWORD)
    assert answer.status_code == 303
    await ada.refresh_from_db()
    assert ada.password_hash


async def test_a_new_address_counts_once_its_link_is_followed_and_the_old_one_is_told(app, client):
    ada = await signed_in(client)
    await MailStop.create(address=ADA, group="work", stopped_at=clock.now())
    answer = await fill(client, "/account/address", "/account/address", address=NEW.upper())
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/address/sent")
    await ada.refresh_from_db()
    assert ada.address == ADA
    assert (await mailed(ADA))[-1] == ("account.address_asked", "/account/sessions")
    link = await last_link(NEW)
    assert (await fill(visitor(app), link, link)).status_code == 303
    await ada.refresh_from_db()
    assert ada.address == NEW
    assert (await mailed(ADA))[-1][0] == "account.address_changed"
    assert await MailStop.filter(address=NEW).values_list("group", flat=True) == ["work"]


async def test_a_new_address_needs_a_fresh_sign_in(app, client):
    ada = await signed_in(client)
    page = await client.get("/account/address")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert (await client.get("/account/address")).headers["location"].startswith("/sign-in/again")
        late = await client.post("/account/address", data={"csrf": csrf, "address": NEW})
        assert late.status_code == 403
        assert "confirm that it is you" in late.text
    assert await mailed(NEW) == []
    await ada.refresh_from_db()


async def test_an_address_that_has_an_account_is_not_given_away(app, client):
    await an_account(NEW, name="Nadia")
    ada = await signed_in(client)
    answer = await fill(client, "/account/address", "/account/address", address=NEW)
    assert answer.headers["location"] == "/account/address/sent", "the page does not tell"
    assert (await mailed(NEW))[-1] == ("account.address_taken", "/account")
    await ada.refresh_from_db()
    assert ada.address == ADA


async def test_an_address_taken_meanwhile_is_not_taken_twice(app, client):
    await signed_in(client)
    await fill(client, "/account/address", "/account/address", address=NEW)
    link = await last_link(NEW)
    await an_account(NEW, name="Nadia")
    assert (await fill(client, link, link)).status_code == 409
    assert await Participant.filter(address=ADA).count() == 1


async def test_older_links_end_with_the_old_address(app, client):
    await signed_in(client)
    await fill(visitor(app), "/sign-in", "/sign-in/link", address=ADA)
    old = await last_link(ADA)
    await fill(client, "/account/address", "/account/address", address=NEW)
    link = await last_link(NEW)
    await fill(client, link, link)
    assert (await client.get(old)).status_code == 404


async def test_a_stranger_reaches_none_of_it(app, client):
    for path in ("", "/name", "/address", "/password", "/sessions", "/absence"):
        answer = await client.get(f"/account{path}")
        assert answer.headers["location"].startswith("/sign-in?next=")
