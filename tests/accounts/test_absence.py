"""A substitute holds the roles of who is away: on those days, no other, and nothing more."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from civic.accounts import actions as accounts
from civic.accounts import queries
from civic.accounts.models import Absence, Participant, RoleGrant
from civic.foundation import clock
from civic.foundation.viewer import Held
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.cast import a_draft_process, a_person, a_session, fill, in_days, sign_in
from tests.conftest import visitor

PAGE = "/account/absence"


async def away(client, olga, first=0, last=3, **changed):
    fields = {"from": in_days(first), "to": in_days(last), "substitute": olga.public_id, **changed}
    return await fill(client, PAGE, PAGE, **fields)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.zone())


async def the_two(client, *, role="official"):
    process = await a_draft_process()
    otto = await a_person("Otto", role, process=process.public_id)
    olga = await a_person("Olga", "appeal_reader")
    await sign_in(client, otto)
    return otto, olga, process


async def test_otto_names_olga_and_she_holds_his_role_on_these_days_only(app, client):
    otto, olga, process = await the_two(client)
    first, last = in_days(2), in_days(4)
    assert (await away(client, olga, 2, 4)).status_code == 303
    inherited = Held("official", process.public_id)
    for day, holds in (
        (first - timedelta(1), False),
        (first, True),
        (last, True),
        (last + timedelta(1), False),
    ):
        with clock.at(at_noon(day)):
            token = await a_session(olga.participant)
            viewer = await queries.viewer_of(token)
            assert (inherited in viewer.roles) is holds, day
            holders = await queries.holders("official", process.public_id)
            assert ("Olga" in [one.name for one in holders]) is holds
            stood_for = await queries.stands_in_for(olga.participant, "official", process.public_id)
            assert [one.name for one in stood_for] == (["Otto"] if holds else [])
    assert await RoleGrant.filter(participant_id=olga.participant).count() == 1, "nothing is granted"


async def test_the_substitute_is_named_with_whose_place_it_is(app, client):
    otto, olga, process = await the_two(client)
    await away(client, olga)
    cards = {one.name: one for one in await queries.holders("official", process.public_id)}
    assert cards["Olga"].stands_in_for == "Otto"
    assert cards["Otto"].stands_in_for is None


async def test_both_days_are_whole_days_of_the_town(app, client):
    otto, olga, process = await the_two(client)
    await away(client, olga, 2, 2)
    day = in_days(2)
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.zone())
    for moment, holds in (
        (midnight - timedelta(seconds=1), False),
        (midnight, True),
        (midnight + timedelta(hours=24, seconds=-1), True),
        (midnight + timedelta(hours=24), False),
    ):
        with clock.at(moment):
            names = [one.name for one in await queries.holders("official", process.public_id)]
            assert ("Olga" in names) is holds, moment


async def test_olga_is_told_and_the_record_has_a_leaf(app, client):
    otto, olga, _ = await the_two(client)
    await away(client, olga)
    absence = await Absence.first()
    assert [leaf.type for leaf in await leaves_of(absence.public_id)] == ["substitute.named"]
    notice = await Notice.get(kind="substitute.named", recipient=f"participant/{olga.public_id}")
    assert notice.data["absent"] == "Otto"
    browser = await sign_in(visitor(app), olga)
    assert "You stand in for Otto" in (await browser.get("/notices")).text
    assert "Standing in for Otto" in (await browser.get("/account")).text


async def test_otto_comes_back_early(app, client):
    otto, olga, process = await the_two(client)
    await away(client, olga)
    absence = await Absence.first()
    path = f"{PAGE}/{absence.public_id}/end"
    assert (await fill(client, PAGE, path)).status_code == 303
    names = [one.name for one in await queries.holders("official", process.public_id)]
    assert names == ["Otto"]
    assert [leaf.type for leaf in await leaves_of(absence.public_id)] == [
        "substitute.named",
        "substitute.ended",
    ]
    assert await Notice.filter(kind="substitute.ended").count() == 1


async def test_nobody_ends_somebody_elses_absence(app, client):
    otto, olga, _ = await the_two(client)
    await away(client, olga)
    absence = await Absence.first()
    browser = await sign_in(visitor(app), olga)
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get(PAGE)).text)[1]
    answer = await browser.post(f"{PAGE}/{absence.public_id}/end", data={"csrf": csrf})
    assert answer.status_code == 404
    assert (await Absence.first()).ended_at is None


async def test_a_role_taken_from_otto_is_taken_from_his_substitute(app, client):
    otto, olga, process = await the_two(client)
    await away(client, olga)
    grant = await RoleGrant.get(participant_id=otto.participant)
    await accounts.revoke_role(None, grant.public_id, "left")
    assert await queries.holders("official", process.public_id) == []


async def test_the_role_of_an_administrator_is_nobodys_in_their_absence(app, client):
    otto, olga, _ = await the_two(client)
    await accounts.grant_role(None, otto.participant, accounts_role("administrator"))
    await sign_in(client, otto)
    await away(client, olga)
    viewer = await queries.viewer_of(await a_session(olga.participant))
    assert not viewer.holds("administrator")


def accounts_role(name):
    from civic.accounts.models import Role

    return Role(name)


async def test_a_substitute_does_not_pass_the_role_on(app, client):
    otto, olga, process = await the_two(client)
    max_ = await a_person("Max", "moderator")
    await away(client, olga)
    browser = await sign_in(visitor(app), olga)
    assert (await away(browser, max_)).status_code == 303
    names = {one.name for one in await queries.holders("official", process.public_id)}
    assert names == {"Otto", "Olga"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to": "2020-01-01", "from": "2020-01-01"}, "f-to"),
        ({"from": in_days(5), "to": in_days(2)}, "f-to"),
        ({"to": in_days(600)}, "f-to"),
        ({"from": "never"}, "f-from"),
        ({"substitute": ""}, "f-substitute"),
        ({"substitute": "0" * 26}, "f-substitute"),
    ],
)
async def test_an_absence_that_cannot_be_is_said(app, client, changed, field):
    otto, olga, _ = await the_two(client)
    answer = await away(client, olga, **changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await Absence.all().count() == 0


async def test_only_a_colleague_can_stand_in_and_not_oneself(app, client):
    otto, olga, _ = await the_two(client)
    bo = await a_person("Bo")
    for one in (bo, otto):
        assert (await away(client, one)).status_code == 422
    await Participant.filter(id=olga.participant).update(disabled_at=clock.now())
    page = await client.get(PAGE)
    assert "Nobody else holds a role here yet" in page.text


async def test_one_day_has_one_substitute(app, client):
    otto, olga, _ = await the_two(client)
    assert (await away(client, olga, 1, 3)).status_code == 303
    for first, last in ((1, 3), (3, 5), (0, 1), (0, 9), (2, 2)):
        assert (await away(client, olga, first, last)).status_code == 422
    assert (await away(client, olga, 4, 5)).status_code == 303


async def test_people_without_a_role_have_no_such_page(app, client):
    ada = await a_person("Ada")
    await sign_in(client, ada)
    assert (await client.get(PAGE)).status_code == 403
