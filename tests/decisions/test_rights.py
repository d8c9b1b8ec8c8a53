"""What a person can do about an answer: reply once (R9), contest how it was treated (R10), in turn (R12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.contributions import queries as contributions
from civic.decisions import actions, queries
from civic.decisions.forms import AppealDraft, RulingDraft
from civic.decisions.models import AppealGround, AppealRuling, Finding, ProceduralAppeal, Reply
from civic.decisions.queries import OutcomeCard
from civic.foundation import clock
from civic.foundation.errors import Conflict, NotFound, Refused
from civic.foundation.languages import date as written
from civic.foundation.viewer import Viewer
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.cast import a_person, after_the_freeze, in_days
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, browser_of, errors_of, read, send
from tests.decisions.test_publication import SIGNED, answered

GROUND = AppealDraft(AppealGround.UNANSWERED, "You speak of the bus, I asked about deliveries.")
DISMISSED = RulingDraft(Finding.DISMISSED, {"en": "The answer speaks of deliveries in its second line."}, "")


async def published(town: Town) -> OutcomeCard:
    """Publish, and give the refusal addressed to Bo."""
    await answered(town)
    await actions.publish(town.dora, town.decision, SIGNED)
    outcome = await queries.outcome_of_claim(town.second.id)
    assert outcome is not None
    return outcome


async def test_r9_the_author_replies_once_beside_the_answer(app):
    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        page = f"/outcomes/{outcome.public_id}"
        bo, ada = await browser_of(app, town.bo), await browser_of(app, town.ada)
        assert "/reply" in await read(bo, page)
        await read(ada, f"{page}/reply", 403)
        await read(visitor(app), f"{page}/reply", 403)
        last = written("en", in_days(21, outcome.published_at))
        assert f"Until {last}" in await read(bo, f"{page}/reply")
        answer = await send(bo, f"{page}/reply", f"{page}/reply", 422, text="")
        assert errors_of(answer.text) == ["Please fill this in."]
        await send(bo, f"{page}/reply", f"{page}/reply", text="The **bakery** opens at six.")
        for path in (page, f"/decisions/{town.decision.public_id}"):
            shown = await read(visitor(app), path)
            assert "Reply of Bo Birk" in shown
            assert "<strong>bakery</strong>" in shown
        await read(bo, f"{page}/reply", 403)
        with pytest.raises(Refused, match="replied already"):
            await actions.reply(town.bo, outcome.public_id, "And again.")
    reply = await Reply.get()
    assert [entry.type for entry in await leaves_of(reply.public_id)] == ["reply.published"]
    told = await Notice.get(kind="reply.published")
    assert told.recipient == f"participant/{town.otto.public_id}"


async def test_r9_nobody_replies_for_somebody_else_or_too_late(database):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        outcome = await published(town)
        for viewer in (town.ada, town.otto, town.dora, Viewer()):
            with pytest.raises(Refused, match="Only the person"):
                await actions.reply(viewer, outcome.public_id, "Not mine.")
        with clock.at(moment + timedelta(days=20)):
            assert outcome.reply_until > clock.now()
        with clock.at(moment + timedelta(days=23)), pytest.raises(Refused, match="time to reply"):
            await actions.reply(town.bo, outcome.public_id, "Late.")
        with pytest.raises(NotFound):
            await actions.reply(town.bo, "x" * 26, "Nowhere.")
    assert await Reply.all().count() == 0


async def test_a_guest_replies_and_contests_with_the_pass_of_the_receipt(database):
    town = await a_town()
    card = await contributions.contribution_by_id(town.second.contribution_id)
    guest = Viewer(passes=frozenset({card.public_id}))
    with after_the_freeze(town.process):
        outcome = await published(town)
        await actions.reply(guest, outcome.public_id, "By code.")
        await actions.file_appeal(guest, outcome.public_id, GROUND)
    assert await Reply.all().count() == 1


async def test_a_reply_follows_its_answer_into_the_next_version(database):
    from tests.decisions.test_publication import CORRECTED, fresh

    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        await actions.reply(town.bo, outcome.public_id, "The bakery opens at six.")
        renamed = await queries.decision_by_id(town.decision.id)
        from civic.decisions.forms import DecisionDraft

        draft = DecisionDraft({"en": "Mill Street, again"}, {}, town.dora.public_id or "", ())
        await actions.edit_decision(town.otto, renamed, draft, expected_version=renamed.version)
        await actions.publish(town.dora, await fresh(town), CORRECTED)
        again = await queries.outcome_of_claim(town.second.id)
        assert again is not None
        assert again.stated.number == 2
        assert again.reply is not None
        with pytest.raises(Refused, match="replied already"):
            await actions.reply(town.bo, again.public_id, "Twice.")


async def test_a_hidden_reply_shows_no_words_and_can_be_shown_again(app):
    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        row = await actions.reply(town.bo, outcome.public_id, "A canary sings.")
        await actions.hide_reply(row.public_id, "test/1")
        with pytest.raises(Conflict):
            await actions.hide_reply(row.public_id, "test/2")
        for path in (f"/outcomes/{outcome.public_id}", f"/decisions/{town.decision.public_id}"):
            shown = await read(visitor(app), path)
            assert "canary" not in shown
            assert "This reply is hidden." in shown
        assert (await queries.reply_by_public_id(row.public_id)).text == "A canary sings."
        await actions.restore_reply(row.public_id, "test/3")
        assert "canary" in await read(visitor(app), f"/outcomes/{outcome.public_id}")
        with pytest.raises(NotFound):
            await queries.reply_by_public_id("x" * 26)


async def test_r10_an_appeal_is_read_by_a_second_person_with_reasons(app):
    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        page = f"/outcomes/{outcome.public_id}"
        bo = await browser_of(app, town.bo)
        await send(bo, f"{page}/appeal", f"{page}/appeal", 422, ground="misread", text="")
        await send(bo, f"{page}/appeal", f"{page}/appeal", ground="misread", text="I asked about deliveries.")
        appeal = await ProceduralAppeal.get()
        received = await Notice.get(kind="outcome_appeal.received")
        assert received.data["due"] == {"date": in_days(30, appeal.filed_at).isoformat()}
        await read(bo, f"{page}/appeal", 403)
        assert "I asked about deliveries." in await read(bo, page)
        public = await read(visitor(app), page)
        assert "I was misread" in public
        assert "I asked about deliveries." not in public
        desk = f"/desk/appeals/{appeal.public_id}"
        for involved in (town.otto, town.olga, town.dora):
            shown = await read(await browser_of(app, involved), desk)
            assert "You took part in this answer" in shown
            with pytest.raises(Refused, match="took part"):
                await actions.rule_on_appeal(involved, appeal.public_id, DISMISSED)
        olaf = await browser_of(app, town.olga_as_official)
        assert "An appeal" in await read(olaf, "/desk")
        await send(olaf, desk, desk, 422, finding="upheld")
        await send(olaf, desk, desk, finding="upheld", reason_en="The answer speaks of the bus only.")
        assert "The answer speaks of the bus only." in await read(visitor(app), page)
        assert "New answer due by" in await read(visitor(app), page)
        with pytest.raises(Refused, match="decided already"):
            await actions.rule_on_appeal(town.olga_as_official, appeal.public_id, DISMISSED)
    types = [entry.type for entry in await leaves_of(appeal.public_id)]
    assert types == ["appeal.filed", "appeal.decided"]
    kinds = set(await Notice.filter(kind__startswith="outcome_appeal").values_list("kind", "recipient"))
    assert ("outcome_appeal.received", f"participant/{town.bo.public_id}") in kinds
    assert ("outcome_appeal.upheld", f"participant/{town.bo.public_id}") in kinds
    assert ("outcome_appeal.again", f"participant/{town.otto.public_id}") in kinds
    waiting = {to for kind, to in kinds if kind == "outcome_appeal.waiting"}
    assert waiting == {f"participant/{town.olga_as_official.public_id}"}


async def test_r10_a_reader_of_appeals_from_outside_the_chain_may_rule(database):
    town = await a_town()
    rene = await a_person("René Roy", "appeal_reader", process=town.process.public_id)
    zoe = await a_person("Zoe Zahn", "appeal_reader", process="0" * 26)
    with after_the_freeze(town.process):
        outcome = await published(town)
        appeal = await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        with pytest.raises(Refused):
            await actions.rule_on_appeal(zoe, appeal.public_id, DISMISSED)
        with pytest.raises(NotFound):
            await queries.visible_appeal(zoe, appeal.public_id)
        ruled = await actions.rule_on_appeal(rene, appeal.public_id, DISMISSED)
        assert ruled.appeal.finding is Finding.DISMISSED
        with pytest.raises(NotFound):
            await queries.visible_appeal(rene, "x" * 26)
    told = await Notice.get(kind="outcome_appeal.dismissed")
    assert told.recipient == f"participant/{town.bo.public_id}"
    assert await Notice.filter(kind="outcome_appeal.again").count() == 0


async def test_r10_only_the_author_contests_once_and_in_time(database):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        outcome = await published(town)
        for viewer in (town.ada, town.otto, Viewer()):
            with pytest.raises(Refused, match="Only the person"):
                await actions.file_appeal(viewer, outcome.public_id, GROUND)
        with clock.at(moment + timedelta(days=65)), pytest.raises(Refused, match="time"):
            await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        with pytest.raises(Refused, match="contested this answer already"):
            await actions.file_appeal(town.bo, outcome.public_id, GROUND)


async def test_r12_the_older_appeal_comes_first_or_the_reason_is_kept(database):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        outcome = await published(town)
        other = await queries.outcome_of_claim(town.first.id)
        assert other is not None
        older = await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        with clock.at(moment + timedelta(days=1)):
            newer = await actions.file_appeal(town.ada, other.public_id, GROUND)
            with pytest.raises(Refused, match="older appeal"):
                await actions.rule_on_appeal(town.olga_as_official, newer.public_id, DISMISSED)
            jumped = RulingDraft(Finding.DISMISSED, {"en": "It is so."}, "urgent")
            await actions.rule_on_appeal(town.olga_as_official, newer.public_id, jumped)
            await actions.rule_on_appeal(town.olga_as_official, older.public_id, jumped)
    reasons = await AppealRuling.all().order_by("id").values_list("jumped_because", flat=True)
    assert reasons == ["urgent", ""]


async def test_a_replaced_answer_is_contested_no_more(database):
    from tests.decisions.test_publication import CORRECTED, fresh

    town = await a_town()
    with after_the_freeze(town.process):
        outcome = await published(town)
        appeal = await actions.file_appeal(town.bo, outcome.public_id, GROUND)
        upheld = RulingDraft(Finding.UPHELD, {"en": "Right."}, "")
        await actions.rule_on_appeal(town.olga_as_official, appeal.public_id, upheld)
        from dataclasses import replace

        without = replace(CORRECTED, with_banner=True)
        from civic.decisions.forms import DecisionDraft

        current = await fresh(town)
        draft = DecisionDraft({"en": "Other"}, {}, town.dora.public_id or "", ())
        await actions.edit_decision(town.otto, current, draft, expected_version=current.version)
        version = await actions.publish(town.dora, await fresh(town), without)
        assert version.unanswered == 1
        assert await queries.outcome_of_claim(town.second.id) is None
        with pytest.raises(Conflict, match="replaced"):
            await actions.reply(town.bo, outcome.public_id, "Where is it?")


async def test_the_office_sees_what_it_owes_oldest_first(app):
    town = await a_town()
    with after_the_freeze(town.process):
        otto, olga, dora = [await browser_of(app, one) for one in (town.otto, town.olga, town.dora)]
        assert "2 points to answer" in await read(otto, "/desk")
        await answered(town, second=False)
        from tests.cast import a_refusal

        await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
        assert "1 answer to read as a second person" in await read(olga, "/desk")
        assert "1 answer to read" not in await read(otto, "/desk")
        assert "Nothing waits for you" not in await read(dora, "/desk")
    zoe = await a_person("Zoe Zahn")
    await read(await browser_of(app, zoe), "/desk", 403)
