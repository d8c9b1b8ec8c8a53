"""The people concerned hear first, then named people outside under embargo, then everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from civic import settings as configuration
from civic.app import handlers
from civic.contributions import actions as register
from civic.decisions import actions, queries
from civic.decisions.embargo_forms import ViewDraft
from civic.decisions.models import (
    AdvanceGiving,
    AdvanceLink,
    EmbargoedView,
    EmbargoOpening,
)
from civic.decisions.promise_forms import DelegationDraft
from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import ALLOWED, Conflict, Invalid, NotFound, Refused
from civic.notices.models import Mail, Notice
from civic.notices.queries import notices_of
from tests.cast import (
    a_comment,
    a_note,
    a_person,
    after_the_freeze,
    claim_of,
    in_days,
    mailed_path,
    recorded,
    told,
)
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED, answered

pytestmark = pytest.mark.usefixtures("database")

WHY_NOT = "The bus needs this street"
"""Words of the reason of the refusal to Bo, which nobody else may meet before the publication."""


def a_view(address: str = "nell@gazette.example", **changes) -> ViewDraft:
    draft = ViewDraft(
        "Nell Nord", "The Gazette", address, "en", {"en": "Writes on streets for this town."}, None
    )
    return replace(draft, **changes)


async def signed(town: Town, days: float = 3):
    """Sign the decision of a town, to be published in some days."""
    await answered(town)
    draft = replace(SIGNED, at=clock.now() + timedelta(days=days))
    return await actions.publish(town.dora, town.decision, draft)


async def first_told(town: Town, days: float = 3):
    """Sign it, and tell the people concerned at once."""
    version = await signed(town, days)
    await actions.set_advance(town.dora, town.decision, None)
    await queue.work_off(handlers())
    return version


async def the_view() -> EmbargoedView:
    return (await EmbargoedView.all().order_by("-id"))[0]


async def test_each_person_concerned_gets_one_message_and_reads_their_own_points_only(app):
    town = await a_town()
    again = await a_comment(town.bo, await _proposal_of(town), "And the buses?")
    with after_the_freeze(town.process):
        claim = await claim_of(again.contribution.public_id)
        await actions.draft_answer(town.otto, claim.public_id, a_note(), expected_version=0)
        await first_told(town)
        links = await AdvanceLink.all()
        assert len(links) == 2, "one for Ada, one for Bo, whatever the number of points"
        assert (await AdvanceGiving.get()).people == 2
        for person in (town.ada, town.bo):
            assert [one for one in await told(person) if one.startswith("advance")] == [
                "advance.link",
                "advance.sent",
            ]
        mine = await notices_of(town.bo, "en")
        assert "It answers what you said: 2 points." in str(mine.cards[0].letter.lines)
        path = (await Notice.get(kind="advance.link", recipient=_key(town.bo))).data["path"]
        shown = await read(visitor(app), path)
        assert WHY_NOT in shown
        assert "Your account of the crossing" in shown
        assert "Yes, from March on." not in shown, "what Ada is answered is not for Bo"
        assert "Public on" in shown
        path = (await Notice.get(kind="advance.link", recipient=_key(town.ada))).data["path"]
        shown = await read(visitor(app), path)
        assert "Yes, from March on." in shown
        assert WHY_NOT not in shown


def _key(viewer) -> str:
    return f"participant/{viewer.public_id}"


async def test_an_author_finds_them_signed_in_and_nobody_else_does(app):
    town = await a_town()
    with after_the_freeze(town.process):
        await first_told(town)
        path = (await Notice.get(kind="advance.sent", recipient=_key(town.bo))).data["path"]
        bo = await browser_of(app, town.bo)
        assert WHY_NOT in await read(bo, path)
        trace = path.removesuffix("/advance")
        assert f'href="{path}"' in await read(bo, trace), "the page of the text leads there"
        assert WHY_NOT not in await read(bo, trace)
        for other in (None, town.ada, town.otto):
            assert path not in await read(await browser_of(app, other), trace)
            assert WHY_NOT not in await read(await browser_of(app, other), path, 404)


async def test_nothing_else_leaks_before_the_publication(app):
    town = await a_town()
    with after_the_freeze(town.process):
        version = await first_told(town)
        await actions.give_view(town.dora, town.decision, a_view())
        comment = (await queries.claim_desk(town.otto, town.second.public_id)).contribution
        decision, slug = town.decision.public_id, town.process.slug
        doors = [
            f"/decisions/{decision}", f"/decisions/{decision}/versions/1", f"/decisions/{decision}/outcomes",
            f"/decisions/{decision}/versions/1/reasons", f"/decisions/{decision}/versions/1/reasons.pdf",
            f"/decisions/{decision}/outcomes.csv", f"/api/v1/decisions/{decision}", "/decisions",
            f"/processes/{slug}/decisions", "/search?q=forty", f"/contributions/{comment.number}",
            f"/contributions/{comment.number}/advance", f"/contributions/{comment.number}/prov.json",
            f"/api/v1/contributions/{comment.number}", f"/processes/{slug}/grid.csv", "/api/v1/decisions",
            f"/decisions/{decision}/feed.xml", f"/processes/{slug}/feed.xml",
        ]  # fmt: skip
        assert await _met(app, doors, town.ada) == []
        with clock.at(version.release_at + timedelta(minutes=1)):
            await queue.work_off(handlers())
            assert len(await _met(app, doors, town.ada)) > 8, "the same doors tell it once it is public"


async def _met(app, doors: list[str], *viewers) -> list[str]:
    """Name the doors at which the reasons, or who read them early, are met."""
    met = []
    for viewer in (None, *viewers):
        browser = await browser_of(app, viewer)
        for door in doors:
            answer = await browser.get(door)
            if "have no other way" in answer.text or "The Gazette" in answer.text:
                met.append(door)
    return met


async def test_nobody_outside_reads_before_the_people_concerned_were_told(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await signed(town)
        with pytest.raises(Refused, match="hear first"):
            await actions.give_view(town.dora, town.decision, a_view())
        await actions.set_advance(town.dora, town.decision, moment + timedelta(days=1))
        with pytest.raises(Refused, match="hear first"):
            await actions.give_view(town.dora, town.decision, a_view())
        token = await _forced(town)
        shown = await read(visitor(app), f"/embargo/{token}", 404)
        assert "hear first" in shown
        assert WHY_NOT not in shown
        with pytest.raises(Refused, match="hear first"):
            await actions.open_view(token, 1)
        assert await EmbargoOpening.all().count() == 0
        with clock.at(moment + timedelta(days=1, minutes=1)):
            await queue.work_off(handlers())
            await actions.open_view(token, 1)
        assert await EmbargoOpening.all().count() == 1


async def test_the_check_at_the_door_is_what_keeps_it_shut(app, monkeypatch):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await signed(town)
        await actions.set_advance(town.dora, town.decision, moment + timedelta(days=1))
        token = await _forced(town)
        monkeypatch.setattr("civic.decisions.policies.may_read_early", lambda **named: ALLOWED)
        await actions.open_view(token, 1)
    assert await EmbargoOpening.all().count() == 1, "nothing else would have held it back"


async def _forced(town: Town) -> str:
    """Write a view as no act would: before the people concerned were told."""
    decision = await queries.decision_by_id(town.decision.id)
    assert decision.pending is not None
    advance = await queries.advance_of(decision.pending.id)
    assert advance is not None
    token = ids.token()
    await EmbargoedView.create(
        public_id=ids.public_id(), advance_id=advance.id, name="Nell", organisation="The Gazette",
        address="nell@gazette.example", reason={}, language="en", token_hash=ids.hash_token(token),
        expires_at=decision.pending.release_at, given_by_id=town.dora.participant, given_at=clock.now(),
    )  # fmt: skip
    return token


async def test_a_view_shows_everything_as_signed_and_each_opening_is_logged(app):
    town = await a_town()
    with after_the_freeze(town.process):
        await first_told(town)
        key = await actions.give_view(town.dora, town.decision, a_view())
        assert await recorded(key) == ["embargo.given"]
        path = await mailed_path("embargo.view")
        assert path.removeprefix("/embargo/") not in str(vars(await the_view())), (
            "the token is kept as a hash"
        )
        browser = visitor(app)
        cover = await browser.get(path)
        assert cover.headers["cache-control"] == "no-store"
        assert 'content="noindex"' in cover.text
        assert "Nell Nord" in cover.text
        assert WHY_NOT not in cover.text
        assert await EmbargoOpening.all().count() == 0, "a mail program that follows links opens nothing"
        answer = await send(browser, path, path, 200)
        assert answer.headers["cache-control"] == "no-store"
        for said in (WHY_NOT, "Yes, from March on.", "Under embargo until", "Nell Nord", "noindex"):
            assert said in answer.text
        await send(browser, path, path, 200)
        assert await EmbargoOpening.all().count() == 2
        otto = await browser_of(app, town.otto)
        stop = await read(otto, f"/desk/decisions/{town.decision.public_id}/publication")
        assert "Nobody has been told" not in stop
        assert "if you stop it, they are told so" in stop
        for page in ("publication", "embargo"):
            desk = f"/desk/decisions/{town.decision.public_id}/{page}"
            await read(await browser_of(app, town.otto, "fr"), desk)
            log = await read(otto, desk)
            assert "Nell Nord, The Gazette" in log
            assert "Opened 2 times" in log


async def test_after_the_publication_everybody_reads_who_saw_it_before(app):
    town = await a_town()
    with after_the_freeze(town.process):
        version = await first_told(town)
        await actions.give_view(town.dora, town.decision, a_view())
        path = await mailed_path("embargo.view")
        await actions.give_view(town.dora, town.decision, a_view("pat@radio.example", organisation="Radio"))
        browser = visitor(app)
        await send(browser, path, path, 200)
        own = await mailed_path("advance.link")
        with clock.at(version.release_at + timedelta(minutes=1)):
            await queue.work_off(handlers())
            public = await read(visitor(app), f"/decisions/{town.decision.public_id}")
            await read(await browser_of(app, None, "fr"), f"/decisions/{town.decision.public_id}")
            for said in ("The 2 people whose points it answers were told first", "1 person outside read it",
                         "2 had a link", "The Gazette", "Writes on streets", "never opened"):  # fmt: skip
                assert said in public
            told = (await visitor(app).get(f"/api/v1/decisions/{town.decision.public_id}")).json()
            first = told["versions"][0]
            assert (first["told_first"], len(first["read_early"])) == (2, 2)
            assert first["read_early"][1]["first_opened_at"] is None
            assert "Nell" not in str(told)
            assert "Nell Nord" not in public
            assert "gazette.example" not in public
            led = await browser.get(path)
            assert (led.status_code, led.headers["location"]) == (
                303,
                f"/decisions/{town.decision.public_id}",
            )
            assert (await browser.get(own)).status_code == 303
        assert await EmbargoOpening.all().count() == 1


async def test_a_link_ends_when_it_is_taken_back_or_its_own_time_is_over(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await first_told(town)
        soon = moment + timedelta(hours=2)
        await actions.give_view(town.dora, town.decision, a_view(until=soon))
        short = await mailed_path("embargo.view")
        key = await actions.give_view(town.dora, town.decision, a_view("pat@radio.example"))
        path = await mailed_path("embargo.view")
        await actions.end_view(town.otto, town.decision, key, "Given by mistake.")
        assert await recorded(key) == ["embargo.given", "embargo.ended"]
        assert "taken back" in await read(visitor(app), path, 404)
        with pytest.raises(Refused, match="taken back"):
            await actions.open_view(path.removeprefix("/embargo/"), 1)
        with pytest.raises(Conflict):
            await actions.end_view(town.otto, town.decision, key, "Again.")
        await read(visitor(app), short)
        with clock.at(soon):
            assert "is over" in await read(visitor(app), short, 404)
            with pytest.raises(Refused, match="is over"):
                await actions.open_view(short.removeprefix("/embargo/"), 1)
    mail = await Mail.filter(notice__kind="embargo.ended")
    assert len(mail) == 1
    assert "This link opens nothing" in await read(visitor(app), "/embargo/guessed", 404)


async def test_a_publication_that_is_stopped_shuts_every_link_and_everybody_is_told(app):
    town = await a_town()
    with after_the_freeze(town.process):
        await first_told(town)
        await actions.give_view(town.dora, town.decision, a_view())
        path, own = await mailed_path("embargo.view"), await mailed_path("advance.link")
        await actions.stop_publication(town.otto, town.decision, "A figure is wrong.")
        await queue.work_off(handlers())
        assert "not published yet" in await read(visitor(app), path, 404)
        shown = await read(visitor(app), own, 404)
        assert "Not published yet" in shown
        assert WHY_NOT not in shown
        for person in (town.ada, town.bo):
            assert (await told(person))[-1] == "advance.put_off"
        assert await Notice.filter(kind="embargo.put_off").count() == 1
        with pytest.raises(Conflict):
            await actions.give_view(town.dora, town.decision, a_view())
        again = await actions.publish(
            town.dora, town.decision, replace(SIGNED, at=clock.now() + timedelta(days=2))
        )
        assert again.number == 2
        with pytest.raises(Refused, match="hear first"):
            await actions.give_view(town.dora, town.decision, a_view())
        assert "not published yet" in await read(visitor(app), path, 404), "an old link opens no new text"


async def test_a_gate_that_fails_at_the_hour_leaves_every_link_shut(app):
    town = await a_town()
    await answered(town, second=False)
    await register.hide(town.second.contribution_id, "test/1")
    with after_the_freeze(town.process):
        version = await actions.publish(
            town.dora, town.decision, replace(SIGNED, at=clock.now() + timedelta(days=3))
        )
        await actions.set_advance(town.dora, town.decision, None)
        await queue.work_off(handlers())
        await actions.give_view(town.dora, town.decision, a_view())
        path, own = await mailed_path("embargo.view"), await mailed_path("advance.link")
        await register.restore(town.second.contribution_id, "test/2")
        with clock.at(version.release_at):
            await queue.work_off(handlers())
            assert "was stopped" in await read(visitor(app), path, 404)
            assert "was stopped" in await read(visitor(app), own, 404)
            assert (await told(town.ada))[-1] == "advance.put_off"
            assert "advance.put_off" not in await told(town.bo), "who was told nothing is told nothing"


async def test_the_hour_of_publication_shuts_every_link_whatever_comes(app):
    town = await a_town()
    with after_the_freeze(town.process):
        version = await first_told(town)
        await actions.give_view(town.dora, town.decision, a_view())
        path, own = await mailed_path("embargo.view"), await mailed_path("advance.link")
        with clock.at(version.release_at + timedelta(seconds=1)):
            for door in (path, own):
                shown = await read(visitor(app), door, 404)
                assert "not published yet" in shown
                assert WHY_NOT not in shown
            with pytest.raises(Refused, match="is over"):
                await actions.open_view(path.removeprefix("/embargo/"), 1)
    assert await EmbargoOpening.all().count() == 0


async def test_only_who_may_publish_says_who_hears_first(database):
    town = await a_town()
    with after_the_freeze(town.process):
        await signed(town)
        for viewer in (town.otto, town.olga, town.ada):
            with pytest.raises(Refused, match="Only who may publish"):
                await actions.set_advance(viewer, town.decision, None)
        await actions.set_advance(town.dora, town.decision, None)
        await queue.work_off(handlers())
        with pytest.raises(Refused, match="Only who may publish"):
            await actions.give_view(town.otto, town.decision, a_view())


async def test_the_moment_of_the_notice_is_before_the_publication_and_can_be_taken_back(database):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        with pytest.raises(Conflict, match="No publication is waiting"):
            await actions.set_advance(town.dora, town.decision, None)
        await signed(town, days=2)
        for at in (moment - timedelta(hours=1), moment + timedelta(days=2), moment + timedelta(days=3)):
            with pytest.raises(Invalid):
                await actions.set_advance(town.dora, town.decision, at)
        await actions.set_advance(town.dora, town.decision, moment + timedelta(days=1))
        with pytest.raises(Conflict, match="set already"):
            await actions.set_advance(town.dora, town.decision, None)
        await actions.stop_advance(town.otto, town.decision)
        with pytest.raises(Conflict):
            await actions.stop_advance(town.otto, town.decision)
        with clock.at(moment + timedelta(days=1, hours=1)):
            await queue.work_off(handlers())
            assert await AdvanceLink.all().count() == 0, "what was taken back tells nobody"
            await actions.set_advance(town.dora, town.decision, None)
            await queue.work_off(handlers())
            assert await AdvanceLink.all().count() == 2
            with pytest.raises(Conflict, match="have left"):
                await actions.stop_advance(town.otto, town.decision)


async def test_the_hold_leaves_time_to_take_the_notice_back(database):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await signed(town)
        configuration.use(replace(configuration.current(), hold_seconds=600))
        await actions.set_advance(town.dora, town.decision, None)
        await queue.work_off(handlers())
        assert await AdvanceGiving.all().count() == 0
        with clock.at(moment + timedelta(minutes=11)):
            await queue.work_off(handlers())
            assert await AdvanceGiving.all().count() == 1


async def test_many_people_are_told_in_turns_and_the_moment_is_that_of_the_last(database, monkeypatch):
    town = await a_town()
    monkeypatch.setattr("civic.decisions.actions.telling_first.AT_ONCE", 1)
    with after_the_freeze(town.process):
        await signed(town)
        await actions.set_advance(town.dora, town.decision, None)
        advance = (await queries.early_of(await queries.decision_by_id(town.decision.id)))[0].advance
        await actions.tell_first(advance.public_id)
        assert await AdvanceLink.all().count() == 1
        with pytest.raises(Refused, match="hear first"):
            await actions.give_view(town.dora, town.decision, a_view())
        await queue.work_off(handlers())
        assert await AdvanceLink.all().count() == 2
        assert await recorded(advance.public_id) == ["advance.set", "advance.given"]
        await actions.tell_first(advance.public_id)
        assert await AdvanceLink.all().count() == 2, "told once"


async def test_names_and_addresses_go_some_months_later_and_the_log_stays(app):
    town = await a_town()
    with after_the_freeze(town.process):
        version = await first_told(town)
        await actions.give_view(town.dora, town.decision, a_view())
        path = await mailed_path("embargo.view")
        await send(visitor(app), path, path, 200)
        with clock.at(version.release_at):
            await queue.work_off(handlers())
        with clock.at(version.release_at + timedelta(days=179)):
            assert await actions.let_readers_go() == 0
        with clock.at(version.release_at + timedelta(days=181)):
            assert await actions.let_readers_go() == 1
    view = await the_view()
    assert (view.name, view.address, view.organisation) == ("", "", "The Gazette")
    assert (await Notice.get(kind="embargo.view")).address is None
    assert await EmbargoOpening.all().count() == 1
    for statement in (
        "UPDATE embargoed_view SET organisation = 'Another'",
        "DELETE FROM embargo_opening",
        "UPDATE advance_giving SET given_at = given_at",
    ):
        with pytest.raises(Exception, match="refused"):
            await database.execute(statement)


async def test_the_pages_cost_the_same_whatever_the_number_of_readers(app, monkeypatch):
    town = await a_town()
    asked = []
    rows = database.rows

    async def counted(*given):
        asked.append(given[0])
        return await rows(*given)

    with after_the_freeze(town.process):
        version = await first_told(town)
        dora = await browser_of(app, town.dora)
        desk, public = (
            f"/desk/decisions/{town.decision.public_id}/embargo",
            f"/decisions/{town.decision.public_id}",
        )
        costs = {}
        for number in (1, 12):
            while await EmbargoedView.all().count() < number:
                await actions.give_view(
                    town.dora, town.decision, a_view(f"n{ids.public_id()}@gazette.example")
                )
                await actions.open_view((await mailed_path("embargo.view")).removeprefix("/embargo/"), 1)
            monkeypatch.setattr(database, "rows", counted)
            asked.clear()
            await read(dora, desk)
            costs[number] = len(asked)
            monkeypatch.setattr(database, "rows", rows)
        assert costs[1] == costs[12]
        with clock.at(version.release_at):
            await queue.work_off(handlers())
            assert (await read(visitor(app), public)).count('<h3 dir="auto">The Gazette</h3>') == 12


async def test_the_forms_of_the_desk_keep_words_and_say_what_is_wrong(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await signed(town)
        dora = await browser_of(app, town.dora)
        page = f"/desk/decisions/{town.decision.public_id}/embargo"
        await send(dora, page, f"{page}/notice", 422, first="later")
        await send(dora, page, f"{page}/notice", first="now")
        await queue.work_off(handlers())
        shown = await send(dora, page, f"{page}/views", 422, name="Nell Nord", address="nell", language="en")
        assert 'value="Nell Nord"' in shown.text
        late = f"{(moment + timedelta(days=9)).date().isoformat()}T10:00"
        fields = {"name": "Nell Nord", "organisation": "The Gazette", "language": "fr",
                  "address": "nell@gazette.example", "reason_en": "Writes on streets."}  # fmt: skip
        await send(dora, page, f"{page}/views", 422, **fields, until=late)
        await send(dora, page, f"{page}/views", **fields)
        await send(dora, page, f"{page}/views", 422, **fields)
        end = f"{page}/views/{(await the_view()).public_id}/end"
        await send(dora, page, end, 422, because="")
        await send(dora, page, end, because="A mistake.")
        assert "A mistake." in await read(dora, page)


async def test_a_guest_is_told_by_mail_and_reads_with_the_link(app):
    from tests.cast import a_guest

    town = await a_town()
    with pytest.raises(NotFound):
        await queries.own_door("nothing")
    guest = a_guest()
    comment = await a_comment(town.bo, await _proposal_of(town))
    await database.execute(
        "UPDATE contribution SET author_id = NULL, guest_address = ? WHERE public_id = ?",
        guest.guest_address,
        comment.contribution.public_id,
    )
    with after_the_freeze(town.process):
        claim = await claim_of(comment.contribution.public_id)
        await actions.draft_answer(town.otto, claim.public_id, a_note(), expected_version=0)
        await first_told(town)
        letter = await Notice.get(kind="advance.link", address=guest.guest_address)
        assert await Notice.filter(kind="advance.sent", recipient=letter.recipient).count() == 0
        assert "Your account of the crossing" in await read(visitor(app), letter.data["path"])


async def _proposal_of(town: Town):
    from civic.proposals.queries import visible_proposal

    return await visible_proposal(town.ada, town.proposal)


async def test_who_signs_by_delegation_also_says_who_hears_first_and_it_stands_in_whose_place(app):
    town = await a_town()
    await answered(town)
    olaf = town.olga_as_official
    days = DelegationDraft(olaf.public_id or "", in_days(0), in_days(60), {"en": "On a mission abroad."})
    await actions.delegate_signature(town.dora, town.process, days)
    with after_the_freeze(town.process):
        at = clock.now() + timedelta(days=3)
        await actions.publish(olaf, town.decision, replace(SIGNED, at=at))
        await actions.set_advance(olaf, town.decision, clock.now() + timedelta(hours=1))
        page = f"/desk/decisions/{town.decision.public_id}/embargo"
        assert "Set by Olaf Orr, for Dora Diaz." in await read(await browser_of(app, olaf), page)
        with clock.at(clock.now() + timedelta(hours=2)):
            await queue.work_off(handlers())
            await actions.give_view(olaf, town.decision, a_view())
            assert "by Olaf Orr, for Dora Diaz" in await read(await browser_of(app, olaf), page)


async def test_a_delegate_who_wrote_an_answer_does_not_say_who_hears_first(database):
    town = await a_town()
    days = DelegationDraft(town.otto.public_id or "", in_days(0), in_days(60), {"en": "On a mission abroad."})
    await actions.delegate_signature(town.dora, town.process, days)
    with after_the_freeze(town.process):
        await signed(town)
        with pytest.raises(Refused, match="You wrote or read an answer"):
            await actions.set_advance(town.otto, town.decision, None)


async def test_a_substitute_who_gives_a_view_does_it_in_a_name(app):
    town = await a_town()
    sam = await a_person("Sam Sun", "decision_maker", process=town.process.public_id)
    with after_the_freeze(town.process):
        await first_told(town)
        await actions.give_view(sam, town.decision, a_view())
    (early,) = await queries.early_of(await queries.decision_by_id(town.decision.id))
    assert early.views[0].given_by == "Sam Sun"
