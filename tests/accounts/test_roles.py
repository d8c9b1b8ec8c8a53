"""Roles are given and taken by administrators, with a reason, on the record, and the person is told."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts import queries
from civic.accounts.models import MailLink, Participant, Role, RoleGrant, RoleRevocation
from civic.foundation import clock
from civic.foundation.errors import CivicError, Conflict, Refused
from civic.foundation.viewer import Held
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.accounts.people import last_link, mailed
from tests.cast import PASSWORD, a_draft_process, a_person, as_viewer, fill, sign_in
from tests.conftest import visitor

GIVEN = {"role": "moderator", "scope": "", "title": "", "reason": "joins the team"}


async def administrator(client):
    nina = await a_person("Nina", "administrator")
    await sign_in(client, nina)
    return nina


async def give(client, person, **changed):
    page = f"/administration/people/{person.public_id}"
    return await fill(client, page, f"{page}/roles", **{**GIVEN, **changed})


async def roles_of(person):
    return (await as_viewer(person.participant)).roles


async def test_nina_gives_a_role_in_one_process_and_everything_follows(app, client):
    await administrator(client)
    olga = await a_person("Olga")
    process = await a_draft_process()
    changed = {"role": "official", "scope": process.public_id, "title": "Head of mobility"}
    answer = await give(client, olga, **changed)
    assert answer.status_code == 303
    shown = await client.get(answer.headers["location"])
    assert process.title["en"] in shown.text
    assert "Head of mobility" in shown.text
    assert await roles_of(olga) == {Held("official", process.public_id)}
    grant = await RoleGrant.get(participant_id=olga.participant)
    assert (grant.reason, grant.scope) == ("joins the team", process.public_id)
    (leaf,) = await leaves_of(grant.public_id)
    assert (leaf.type, leaf.fields["parent"]) == ("role.granted", process.public_id)
    assert olga.public_id not in leaf.data.decode()
    notice = await Notice.get(kind="role.granted", recipient=f"participant/{olga.public_id}")
    assert notice.data["by"] == "Nina"
    assert (await Participant.get(id=olga.participant)).title == "Head of mobility"


async def test_nina_takes_a_role_back_with_its_reason(app, client):
    nina = await administrator(client)
    mira = await a_person("Mira", "moderator")
    browser = await sign_in(visitor(app), mira)
    grant = await RoleGrant.get(participant_id=mira.participant)
    page = f"/administration/people/{mira.public_id}"
    path = f"/administration/roles/{grant.public_id}/revocation"
    assert (await fill(client, page, path, reason="")).status_code == 422
    assert await RoleRevocation.all().count() == 0
    assert (await fill(client, page, path, reason="moved elsewhere")).status_code == 303
    revocation = await RoleRevocation.get(grant_id=grant.id)
    assert (revocation.reason, revocation.revoked_by_id) == ("moved elsewhere", nina.participant)
    assert await roles_of(mira) == frozenset()
    assert (await browser.get("/account")).status_code == 303, "signed out"
    first, second = await leaves_of(grant.public_id)
    assert (second.type, second.fields["prev"]) == ("role.revoked", first.hash)
    assert await Notice.filter(kind="role.revoked", recipient=f"participant/{mira.public_id}").count() == 1
    assert "moved elsewhere" in (await client.get(page)).text
    assert await RoleGrant.all().count() == 2, "nothing is deleted"


async def test_the_same_role_is_given_once(app, client):
    await administrator(client)
    bo = await a_person("Bo")
    assert (await give(client, bo)).status_code == 303
    assert (await give(client, bo)).status_code == 409
    results = await asyncio.gather(
        *(accounts.grant_role(None, bo.participant, Role.REVIEWER) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(one, str) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 7


async def test_a_double_press_gives_one_role(app, client):
    await administrator(client)
    bo = await a_person("Bo")
    page = f"/administration/people/{bo.public_id}"
    shown = await client.get(page)
    form = shown.text.split(f'action="{page}/roles"')[1]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for _ in range(2):
        assert (await client.post(f"{page}/roles", data={**hidden, **GIVEN})).status_code == 303
    assert await RoleGrant.filter(participant_id=bo.participant).count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "king"},
        {"role": ""},
        {"scope": "0" * 26},
        {"reason": ""},
        {"reason": "x" * 301},
        {"title": "Head\u202eof"},
        {"role": "administrator", "scope": "THE PROCESS"},
    ],
)
async def test_a_role_that_cannot_be_given_is_said(app, client, changed):
    await administrator(client)
    bo = await a_person("Bo")
    process = await a_draft_process()
    changed = {
        name: process.public_id if value == "THE PROCESS" else value for name, value in changed.items()
    }
    answer = await give(client, bo, **changed)
    assert answer.status_code == 422
    assert "joins the team" in answer.text or "reason" in changed
    assert await roles_of(bo) == frozenset()


async def test_the_last_administrator_cannot_be_removed_not_even_by_two_at_once(database):
    nina, nora = await a_person("Nina", "administrator"), await a_person("Nora", "administrator")
    grants = {grant.participant_id: grant.public_id for grant in await RoleGrant.all()}
    results = await asyncio.gather(
        accounts.revoke_role(nina, grants[nora.participant], "she goes"),
        accounts.revoke_role(nora, grants[nina.participant], "she goes"),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert sum(one is None for one in results) == 1
    assert await queries.administrators_count() == 1


async def test_the_account_of_the_last_administrator_cannot_be_closed(database):
    nina = await a_person("Nina", "administrator")
    with pytest.raises(Refused):
        await accounts.disable(None, nina.participant)
    with pytest.raises(Refused):
        await accounts.disable(await a_person("Zoe"), nina.participant)


async def test_giving_roles_needs_a_fresh_sign_in(app, client):
    await administrator(client)
    bo = await a_person("Bo")
    page = f"/administration/people/{bo.public_id}"
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get(page)).text)[1]
    with clock.at(clock.now() + timedelta(minutes=31)):
        shown = await client.get(page)
        assert f'action="{page}/roles"' not in shown.text
        assert f"/sign-in/again?next={page}" in shown.text
        late = await client.post(f"{page}/roles", data={"csrf": csrf, "form_key": "k" * 26, **GIVEN})
        assert late.status_code == 403
    assert await roles_of(bo) == frozenset()


@pytest.mark.parametrize(
    "role", [None, "moderator", "official", "reviewer", "decision_maker", "appeal_reader"]
)
async def test_nobody_else_administers(app, client, role):
    someone = await a_person("Somebody", *([role] if role else []))
    await sign_in(client, someone)
    for path in ("", "/people", f"/people/{someone.public_id}", "/invitations", "/settings"):
        assert (await client.get(f"/administration{path}")).status_code == 403
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get("/account")).text)[1]
    for path in (f"/people/{someone.public_id}/roles", "/invitations", "/settings"):
        assert (await client.post(f"/administration{path}", data={"csrf": csrf, **GIVEN})).status_code == 403
    with pytest.raises(Refused):
        await accounts.grant_role(someone, someone.participant, Role.ADMINISTRATOR)


async def test_an_administrator_of_one_process_is_none(database):
    nina = await a_person("Nina", "administrator")
    bo = await a_person("Bo")
    for viewer in (nina, None):
        with pytest.raises(Refused):
            await accounts.grant_role(viewer, bo.participant, Role.ADMINISTRATOR, "0" * 26)


async def test_unknown_people_and_roles_are_not_there(app, client):
    await administrator(client)
    assert (await client.get("/administration/people/0000")).status_code == 404
    page = await client.get("/administration/invitations")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    data = {"csrf": csrf, "form_key": "k" * 26, **GIVEN}
    assert (await client.post("/administration/people/0000/roles", data=data)).status_code == 404
    lost = await client.post("/administration/roles/0000/revocation", data={"csrf": csrf, "reason": "none"})
    assert lost.status_code == 404


async def test_people_are_found_by_name_and_address_page_by_page(app, client, count_queries):
    await administrator(client)
    for number in range(3):
        await a_person(f"Élodie {number}", "moderator")
    with count_queries() as few:
        await client.get("/administration/people")
    for number in range(40):
        await a_person(f"Person {number}")
    with count_queries() as many:
        first = await client.get("/administration/people")
    assert few.count == many.count
    after = re.search(r"after=(\d+)", first.text)[1]
    second = await client.get(f"/administration/people?after={after}")
    names = re.findall(r'href="/administration/people/[0-9a-z]{26}">([^<]+)<', first.text + second.text)
    assert len(names) == len(set(names)) == 44
    found = await client.get("/administration/people", params={"q": "elodie"})
    assert found.text.count("Élodie") == 3
    assert "Person 1<" not in found.text
    assert "Élodie 1" in (await client.get("/administration/people", params={"q": "elodie-"})).text
    staff = await client.get("/administration/people?staff=1")
    assert "Person 1<" not in staff.text
    for odd in ("%", "_", "!", "<script>", "\x00", "x" * 500):
        assert (await client.get("/administration/people", params={"q": odd})).status_code == 200
    for odd in ("x", "-1", "9" * 30):
        assert (await client.get("/administration/people", params={"after": odd})).status_code == 200


async def test_an_invitation_makes_the_account_and_gives_the_role_when_followed(app, client):
    nina = await administrator(client)
    page = "/administration/invitations"
    answer = await fill(client, page, page, address="max@town.example", **{**GIVEN, "title": "Moderator"})
    assert answer.status_code == 303
    assert "max@town.example" in (await client.get(page)).text
    assert await Participant.filter(address="max@town.example").count() == 0
    link = await last_link("max@town.example")
    guest = visitor(app)
    assert "moderator" in (await guest.get(link)).text
    assert (await fill(guest, link, link, name="", password="")).status_code == 422
    assert (await fill(guest, link, link, name="Max Orban", password=PASSWORD)).status_code == 303
    max_ = await Participant.get(address="max@town.example")
    assert (max_.name, max_.title) == ("Max Orban", "Moderator")
    grant = await RoleGrant.get(participant_id=max_.id)
    assert (grant.role, grant.granted_by_id) == ("moderator", nina.participant)
    assert [leaf.type for leaf in await leaves_of(grant.public_id)] == ["role.granted"]
    assert (await guest.get("/account")).status_code == 200
    assert (await guest.get(link)).status_code == 404, "once"


async def test_an_invitation_of_somebody_known_asks_for_nothing_but_yes(app, client):
    await administrator(client)
    bo = await a_person("Bo")
    address = (await Participant.get(id=bo.participant)).address
    page = "/administration/invitations"
    await fill(client, page, page, address=address, **GIVEN)
    link = await last_link(address)
    guest = visitor(app)
    assert 'name="name"' not in (await guest.get(link)).text
    assert (await fill(guest, link, link)).status_code == 303
    assert await roles_of(bo) == {Held("moderator")}
    assert (await Participant.get(id=bo.participant)).name == "Bo"


async def test_an_invitation_is_over_after_a_week_and_when_the_inviter_lost_the_right(app, client):
    nina = await administrator(client)
    await a_person("Nora", "administrator")
    page = "/administration/invitations"
    await fill(client, page, page, address="max@town.example", **GIVEN)
    link = await last_link("max@town.example")
    with clock.at(clock.now() + timedelta(days=8)):
        assert (await client.get(link)).status_code == 404
    grant = await RoleGrant.get(participant_id=nina.participant)
    await accounts.revoke_role(None, grant.public_id, "left")
    guest = visitor(app)
    assert (await fill(guest, link, link, name="Max Orban", password="")).status_code == 403
    assert await Participant.filter(address="max@town.example").count() == 0
    assert (await MailLink.filter(address="max@town.example").first()).used_at is None


async def test_a_second_factor_of_care_the_record_has_no_address_and_no_name(app, client):
    await administrator(client)
    bo = await a_person("Bo Marchand")
    await give(client, bo, reason="knows the harbour")
    for grant in await RoleGrant.all():
        for leaf in await leaves_of(grant.public_id):
            for word in ("Bo", "Marchand", "@", "harbour", "Nina"):
                assert word not in leaf.data.decode()


async def test_settings_change_the_face_and_unreadable_colours_are_refused(app, client):
    await administrator(client)
    page = "/administration/settings"
    fine = {
        "name": "Valmère participates",
        "body": "Town of Valmère",
        "contact_en": "2 market square",
        "contact_fr": "",
        "brand": "#0b5a55",
        "on_brand": "#ffffff",
        "brand_2": "#073f3c",
        "tint": "#e4f1ee",
        "tint_2": "#cfe5e0",
        "plain_colours": None,
        "languages": "fr",
    }
    assert (await fill(client, page, page, **fine)).status_code == 303
    shown = await client.get(page)
    assert "Valmère participates" in shown.text
    assert "#0b5a55" in shown.text
    for wrong in (
        {"brand": "#ffe99a"},
        {"brand": "red"},
        {"brand": "#0b5a55; } body {"},
        {"on_brand": "#0b5a55"},
        {"tint": "#0b5a55"},
        {"name": ""},
        {"name": "x" * 61},
    ):
        answer = await fill(client, page, page, **{**fine, **wrong})
        assert answer.status_code == 422, wrong
        assert "2 market square" in answer.text
    assert (
        await fill(client, page, page, **{**fine, "plain_colours": "1", "brand": "junk"})
    ).status_code == 303
    assert (await fill(client, page, page, **{**fine, "languages": "xx"})).status_code == 422
    leaves = await leaves_of("0" * 25 + "1")
    assert [leaf.type for leaf in leaves] == ["settings.changed"] * 2


async def test_a_site_of_one_language_speaks_it_to_everybody(app, client):
    await administrator(client)
    page = "/administration/settings"
    assert 'lang="fr" hreflang="fr"' in (await client.get(page)).text
    kept = await fill(client, page, page, name="Valmère", plain_colours="1", languages="fr")
    assert kept.status_code == 303
    shown = await visitor(app).get("/sign-in?lang=en")
    assert '<html lang="fr"' in shown.text
    assert "hreflang" not in shown.text
    assert 'name="language"' not in (await client.get("/account")).text


async def test_the_pages_of_administrators_speak_french(app, client):
    await administrator(client)
    client.headers["Accept-Language"] = "fr"
    bo = await a_person("Bo", "moderator")
    for path, says in {
        "": "Peu de personnes",
        "/people": "Personnes et rôles",
        f"/people/{bo.public_id}": "Donner un rôle",
        "/invitations": "Inviter quelqu’un",
        "/settings": "Nom, contact, couleurs",
    }.items():
        page = await client.get(f"/administration{path}")
        assert says in page.text, path
        assert "%(" not in page.text


async def test_mails_about_roles_name_the_place(app, client):
    await administrator(client)
    bo = await a_person("Bo", language="fr")
    process = await a_draft_process()
    await give(client, bo, scope=process.public_id)
    notice = await Notice.get(kind="role.granted", recipient=f"participant/{bo.public_id}")
    from civic.notices.content import letter

    words = " ".join(letter(notice.kind, notice.data, "fr").lines)
    assert process.title["fr"] in words
    assert "modérateur" in words
    assert await mailed(notice.address)


async def test_errors_of_roles_are_errors_a_person_can_read(database):
    nina, bo = await a_person("Nina", "administrator"), await a_person("Bo")
    with pytest.raises(CivicError, match="already holds"):
        for _ in range(2):
            await accounts.grant_role(nina, bo.participant, Role.MODERATOR)
    with pytest.raises(CivicError, match="last administrator"):
        (grant,) = await queries.roles_of(nina)
        await accounts.revoke_role(nina, grant.public_id, "tired")
