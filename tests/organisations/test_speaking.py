"""Who speaks for an organisation: asked, checked by somebody else, logged, ended; nothing is overwritten."""

from __future__ import annotations

import pytest

from civic.accounts.models import Delegate, Organisation
from civic.foundation import database
from civic.foundation.errors import Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.organisations import actions, queries
from civic.organisations.forms import AskingDraft, RulingDraft
from civic.organisations.models import DelegateEnd, DelegateRuling, OrganisationInterests
from tests.cast import a_person, recorded, told
from tests.conftest import visitor
from tests.decisions.desk import browser_of, read, send
from tests.organisations.scene import a_delegate, a_union, an_administrator, an_organisation, declare

pytestmark = pytest.mark.usefixtures("database")

ASKED = AskingDraft("Secretary", "Call the office on 01 02.")
YES, NO = RulingDraft(True, "Letter of the board."), RulingDraft(False, "The board does not know you.")


async def test_an_organisation_presents_itself_and_is_seen_once_it_is_checked(app):
    root, person = await an_administrator(), await a_person("Pat Present")
    made = await actions.propose_organisation(person, an_organisation(), ASKED)
    for path in (f"/organisations/{made.public_id}", f"/organisations/{made.public_id}/delegates"):
        await read(await browser_of(app, await a_person("Sam Stranger")), path, 404)
    await read(visitor(app), f"/organisations/{made.public_id}", 404)
    assert "is being checked" in await read(await browser_of(app, person), f"/organisations/{made.public_id}")
    assert (await told(root))[-1] == "delegate.asked"
    (asked,) = await queries.waiting_requests()
    await actions.rule_on_request(root, asked, YES)
    page = await read(visitor(app), f"/organisations/{made.public_id}")
    assert "Pat Present" in page
    assert "Secretary" in page
    assert "01 02" not in page, "what proves a mandate is for the checker alone"
    assert await told(person) == ["delegate.confirmed"]
    assert await recorded(made.public_id) == ["organisation.proposed", "organisation.verified"]
    assert await recorded(asked.public_id) == ["delegate.asked", "delegate.confirmed"]


async def test_a_refusal_says_why_and_shows_nothing(app):
    root, person = await an_administrator(), await a_person("Pat Present")
    made = await actions.propose_organisation(person, an_organisation(), ASKED)
    (asked,) = await queries.waiting_requests()
    await actions.rule_on_request(root, asked, NO)
    await read(visitor(app), f"/organisations/{made.public_id}", 404)
    assert await told(person) == ["delegate.refused"]
    assert await queries.delegates_of(made.id) == []
    with pytest.raises(Refused, match="already answered"):
        await actions.rule_on_request(root, asked, YES)
    await actions.ask_to_speak(person, made, ASKED)
    assert len(await queries.waiting_requests()) == 1


async def test_nobody_checks_themselves_and_only_administrators_check():
    root = await an_administrator()
    union = await a_union(root)
    await actions.ask_to_speak(root, union, ASKED)
    (own,) = await queries.waiting_requests()
    with pytest.raises(Refused, match="Another administrator"):
        await actions.rule_on_request(root, own, YES)
    with pytest.raises(Refused, match="Only an administrator"):
        await actions.rule_on_request(await a_person("Olga Orr", "official"), own, YES)
    with pytest.raises(Refused, match="Only an administrator"):
        await actions.register_organisation(await a_person("Ada Alm"), an_organisation("Another"))
    await actions.rule_on_request(await a_person("Rita Root", "administrator"), own, YES)
    assert await queries.delegate_of(root, union.id) is not None
    with pytest.raises(Refused, match="already speak"):
        await actions.ask_to_speak(root, union, ASKED)


async def test_a_name_is_taken_once_and_is_not_the_public_body_s_own():
    root = await an_administrator()
    await a_union(root)
    with pytest.raises(Invalid) as wrong:
        await a_union(root)
    assert "name" in wrong.value.errors
    assert await Organisation.all().count() == 1


async def test_a_change_of_delegates_is_logged_in_public_without_the_name(app):
    root = await an_administrator()
    union = await a_union(root)
    first = await a_delegate(root, union, "First Voice")
    page = f"/organisations/{union.public_id}"
    (card,) = await queries.delegates_of(union.id)
    act = f"{page}/delegates/{card.public_id}/end"
    await send(await browser_of(app, first), page, act, 422, reason="")
    await send(await browser_of(app, first), page, act, reason="A new secretary was elected.")
    second = await a_delegate(root, union, "Second Voice")
    shown = await read(visitor(app), page)
    assert "Second Voice" in shown
    assert "First Voice" not in shown
    assert "A new secretary was elected." in shown
    with pytest.raises(Refused, match="verified delegates"):
        await declare(first, union)
    (current, _) = await queries.delegates_of(union.id)
    with pytest.raises(Refused, match="Only an administrator"):
        await actions.end_mandate(first, union, current, "Out.")
    await actions.end_mandate(root, union, current, "The letter was withdrawn.")
    assert "delegate.ended" in await told(second)
    with pytest.raises(NotFound):
        await actions.end_mandate(root, union, current, "Twice.")
    assert await Delegate.all().count() == await DelegateEnd.all().count() == 2


async def test_what_was_declared_and_ruled_is_never_overwritten(app):
    root = await an_administrator()
    union = await a_union(root)
    dele = await a_delegate(root, union)
    await declare(dele, union)
    page = f"/organisations/{union.public_id}/interests"
    await send(await browser_of(app, dele), page, page, interests="We also rent a garage.")
    shown = await read(visitor(app), f"/organisations/{union.public_id}")
    assert "We also rent a garage." in shown
    assert "Our members deliver here." in shown, "what was declared before stays readable"
    assert await OrganisationInterests.filter(organisation_id=union.id).count() == 2
    for sql in ("UPDATE organisation_interests SET text = 'x'", "DELETE FROM delegate_ruling"):
        with pytest.raises(Exception, match="refused"):
            await database.execute(sql)
    assert await DelegateRuling.all().count() == 1


async def test_pressing_twice_asks_once(app):
    root, person = await an_administrator(), await a_person("Pat Present")
    union = await a_union(root)
    browser = await browser_of(app, person)
    page = f"/organisations/{union.public_id}/delegates"
    first = await send(browser, page, page, function="Secretary", proof="Letter.")
    assert first.headers["location"] == f"/organisations/{union.public_id}"
    assert "Your request is being checked." in await read(browser, page)
    with pytest.raises(Refused, match="being checked"):
        await actions.ask_to_speak(person, union, ASKED)
    with pytest.raises(Refused, match="Sign in"):
        await actions.ask_to_speak(STRANGER, union, ASKED)
    assert len(await queries.waiting_requests()) == 1
