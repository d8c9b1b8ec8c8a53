"""What happens to people who are slow, twice, closed meanwhile, or not who they say."""

from __future__ import annotations

import re

import pytest

from civic.accounts import actions as accounts
from civic.accounts.actions.registering import Prepared
from civic.accounts.forms import AbsenceDraft, GrantDraft
from civic.accounts.models import LinkPurpose, MailLink, Participant, Role, RoleGrant, Session
from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER, Viewer
from tests.accounts.people import an_account, last_link
from tests.cast import a_person, a_session, as_viewer, fill, in_days, sign_in
from tests.conftest import visitor

ADA = "ada@town.example"


async def test_one_s_own_address_is_no_new_address(database):
    ada = await as_viewer((await an_account(ADA)).id)
    with pytest.raises(Invalid):
        await accounts.ask_new_address(ada, "ADA@town.example")


async def test_a_new_address_of_an_account_closed_meanwhile_changes_nothing(database):
    ada = await an_account(ADA)
    await accounts.ask_new_address(await as_viewer(ada.id), "ada2@town.example")
    token = (await last_link("ada2@town.example")).rpartition("/")[2]
    await Participant.filter(id=ada.id).update(disabled_at=clock.now())
    with pytest.raises(NotFound):
        await accounts.confirm_new_address(token)


async def test_nobody_stands_in_for_themselves_nor_without_a_role(database):
    otto, ada = await a_person("Otto", "official"), await a_person("Ada")
    draft = AbsenceDraft(otto.public_id, in_days(1), in_days(2))
    with pytest.raises(Invalid):
        await accounts.name_substitute(otto, draft)
    with pytest.raises(Refused):
        await accounts.name_substitute(ada, draft)
    unknown = AbsenceDraft(ids.public_id(), in_days(1), in_days(2))
    with pytest.raises(NotFound):
        await accounts.name_substitute(otto, unknown)


async def test_an_absence_ends_once(database):
    from civic.accounts.models import Absence

    otto, olga = await a_person("Otto", "official"), await a_person("Olga", "official")
    await accounts.name_substitute(otto, AbsenceDraft(olga.public_id, in_days(1), in_days(2)))
    (absence,) = await Absence.all()
    await accounts.end_absence(otto, absence.public_id)
    with pytest.raises(Conflict):
        await accounts.end_absence(otto, absence.public_id)
    with pytest.raises(NotFound):
        await accounts.end_absence(STRANGER, absence.public_id)


async def test_a_stranger_has_no_account_to_change(database):
    with pytest.raises(NotFound):
        await accounts.change_name(STRANGER, "Zoe")
    with pytest.raises(NotFound):
        await accounts.demand_fresh(STRANGER)
    with pytest.raises(NotFound):
        await accounts.end_session(STRANGER, "0" * 16)
    assert await accounts.end_other_sessions(STRANGER) == 0


async def test_an_invitation_from_the_command_line_is_given_once(database):
    draft = GrantDraft(Role.MODERATOR, "", "", "the first team")
    first, second = [await accounts.invite(None, "max@town.example", draft, "fr") for _ in range(2)]
    await accounts.accept_invitation(first, STRANGER, "", name="Max Orban")
    await accounts.accept_invitation(second, STRANGER, "")
    (grant,) = await RoleGrant.all()
    assert (grant.granted_by_id, grant.reason) == (None, "the first team")
    assert (await Participant.get(address="max@town.example")).language == "fr"


async def test_a_link_is_used_in_the_act_it_opens_and_for_nothing_else(database):
    ada = await an_account(ADA)
    token = await accounts.make_link(LinkPurpose.SIGN_IN, ADA, participant=ada.id)
    with pytest.raises(RuntimeError):
        await accounts.follow_link(token, LinkPurpose.SIGN_IN)
    with pytest.raises(NotFound):
        async with db.transaction():
            await accounts.follow_link(token, LinkPurpose.RESET)
    assert (await MailLink.first()).used_at is None
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await accounts.follow_link(token, LinkPurpose.SIGN_IN)
            raise ZeroDivisionError
    assert (await accounts.look_at_link(token)).purpose is LinkPurpose.SIGN_IN, "the act failed: still good"


async def test_a_link_used_while_it_was_read_is_used_once(database, monkeypatch):
    from civic.accounts.actions import links

    ada = await an_account(ADA)
    token = await accounts.make_link(LinkPurpose.SIGN_IN, ADA, participant=ada.id)
    seen = await accounts.look_at_link(token)

    async def still_seen(given, *purposes):
        return seen

    async with db.transaction():
        await accounts.follow_link(token)
    monkeypatch.setattr(links, "look_at_link", still_seen)
    with pytest.raises(NotFound):
        async with db.transaction():
            await accounts.follow_link(token)


async def test_a_mail_without_a_language_speaks_the_first_one(database):
    await accounts.send_link(LinkPurpose.SIGN_IN, ADA, "", notice_kind="account.sign_in")
    from civic.notices.models import Notice

    assert (await Notice.first()).language == "fr"


async def test_a_name_taken_by_an_official_meanwhile_is_not_given(app, client):
    await accounts.ask_registration(Prepared("Otto Lambert", ADA, ""), "en")
    link = await last_link(ADA)
    await a_person("Otto Lambert", "official")
    assert (await fill(client, link, link)).status_code == 403
    assert await Participant.filter(address=ADA).count() == 0


async def test_an_account_closed_meanwhile_is_not_opened_by_an_old_link(app, client):
    await accounts.ask_registration(Prepared("Ada", ADA, ""), "en")
    link = await last_link(ADA)
    ada = await an_account(ADA)
    await Participant.filter(id=ada.id).update(disabled_at=clock.now())
    assert (await fill(client, link, link)).status_code == 403
    assert await Session.all().count() == 0


async def test_following_a_link_confirms_an_address_that_was_not(app, client):
    ada = await an_account(ADA)
    await Participant.filter(id=ada.id).update(confirmed_at=None)
    token = await accounts.make_link(LinkPurpose.SIGN_IN, ADA, participant=ada.id)
    await fill(client, f"/links/{token}", f"/links/{token}")
    await ada.refresh_from_db()
    assert ada.confirmed_at is not None


async def test_an_account_without_an_address_has_nothing_to_confirm(database):
    ada = await an_account(ADA)
    token = await accounts.make_link(LinkPurpose.SIGN_IN, ADA, participant=ada.id)
    await Participant.filter(id=ada.id).update(address=None)
    with pytest.raises(NotFound):
        await accounts.follow_sign_in(token, STRANGER, "")


async def test_a_role_is_taken_back_once_and_only_if_it_was_given(database):
    nina, mira = await a_person("Nina", "administrator"), await a_person("Mira", "moderator")
    grant = await RoleGrant.get(participant_id=mira.participant)
    await accounts.revoke_role(nina, grant.public_id, "moved")
    with pytest.raises(Conflict):
        await accounts.revoke_role(nina, grant.public_id, "moved")
    with pytest.raises(NotFound):
        await accounts.revoke_role(nina, ids.public_id(), "moved")


async def test_a_session_replaced_twice_is_replaced_once(database):
    ada = await a_person("Ada")
    person = await Participant.get(id=ada.participant)
    async with db.transaction():
        await accounts.open_session(person, "", instead_of=ada.session)
        await accounts.open_session(person, "", instead_of=ada.session)
    assert await Session.filter(ended_at=None).count() == 2


async def test_what_is_typed_wrong_is_said_on_every_form(app, client):
    await an_account(ADA)
    for page, action in (("/sign-in", "/sign-in/link"), ("/password/forgotten", "/password/forgotten")):
        answer = await fill(client, page, action, address="nowhere")
        assert answer.status_code == 422
        assert 'value="nowhere"' in answer.text
    answer = await fill(client, "/sign-in", "/sign-in", address=ADA, password="")
    assert answer.status_code == 422
    answer = await fill(client, "/sign-in", "/sign-in", address=ADA, password="x" * 2000)
    assert answer.status_code == 422
    await sign_in(client, await as_viewer((await Participant.get(address=ADA)).id))
    answer = await fill(client, "/sign-in/again", "/sign-in/again", password="not this one, no")
    assert answer.status_code == 422
    answer = await fill(client, "/account/address", "/account/address", address="nowhere")
    assert answer.status_code == 422


async def test_links_of_other_rooms_are_not_followed_here(app, client):
    page = await client.get("/sign-in")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    token = await accounts.make_link(LinkPurpose.CONFIRM_CONTRIBUTION, ADA)
    assert (await client.post(f"/links/{token}", data={"csrf": csrf})).status_code == 404


async def test_a_browser_is_named_by_what_its_owner_would_say(app, client):
    ada = await an_account(ADA)
    token = await accounts.make_link(LinkPurpose.SIGN_IN, ADA, participant=ada.id)
    said = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 <svg onload=alert(1)>"
    browser = visitor(app, **{"User-Agent": said})
    await fill(browser, f"/links/{token}", f"/links/{token}")
    assert (await Session.first()).label == "Firefox, Linux"


async def test_a_guest_pass_of_a_session_that_is_signed_in_serves_it(database):
    ada = await a_person("Ada")
    assert await accounts.open_pass(ada, ids.public_id()) is None
    assert isinstance(await a_session(ada.participant), str)
    assert isinstance(await accounts.open_pass(Viewer(), ids.public_id(), label="x" * 300), str)


async def test_an_invitation_of_an_account_ends_with_its_password(database):
    mira = await a_person("Mira")
    address = (await Participant.get(id=mira.participant)).address
    token = await accounts.invite(None, address, GrantDraft(Role.MODERATOR, "", "", "joins"), "en")
    await accounts.change_password(mira, "", "seven swans on a quiet river")
    with pytest.raises(NotFound):
        await accounts.accept_invitation(token, STRANGER, "")
