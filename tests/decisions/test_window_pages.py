"""The pages of a draft open for reactions: public, by mailed link, by receipt, on the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from civic.decisions import actions, queries
from civic.decisions.models import Reaction, Stance
from civic.foundation import clock
from civic.proposals.queries import visible_proposal
from tests.cast import a_comment, a_note, after_the_freeze, claim_of, in_days, mailed_path
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED, answered
from tests.decisions.test_windows import run_queue
from tests.decisions.windows import a_draft, reaction_to

NOTED = (
    "The baker unloads flour before seven on Tuesdays",
    "A lamp failed twice by the school gate last winter",
    "Cyclists wait in the gutter when vans turn",
    "Rain gathers below the old chestnut tree",
)


async def test_an_official_opens_the_draft_and_everybody_reads_it(app):
    town = await a_town()
    desk = f"/desk/decisions/{town.decision.public_id}/draft"
    with after_the_freeze(town.process):
        otto, stranger = await browser_of(app, town.otto), await browser_of(app, None)
        assert "2 points to answer" in await read(otto, desk)
        await answered(town)
        short = await send(otto, desk, desk, 422, closes_on=in_days(13).isoformat())
        assert "Choose a day from" in short.text
        sent = await send(otto, desk, desk, closes_on=in_days(20).isoformat())
        shown = await read(stranger, sent.headers["location"])
        assert "Proposed outcomes, not decided yet" in shown
        assert "No, the street stays open." in shown
        assert "Closed from 8 to 9." in shown
        await read(stranger, f"{sent.headers['location']}0", 404)
        await read(stranger, f"/decisions/{town.decision.public_id}", 404)
        only_no = await read(stranger, sent.headers["location"] + "?family=no")
        assert "No, the street stays open." in only_no
        assert "Yes, from March on." not in only_no


async def test_the_mailed_link_opens_one_text_and_dies_with_the_window(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        stranger = await browser_of(app, None)
        await a_draft(town)
        await run_queue()
        link = await mailed_path("draft.link")
        shown = await read(stranger, link)
        key = town.second.public_id if town.second.public_id in shown else town.first.public_id
        other = town.first.public_id if key == town.second.public_id else town.second.public_id
        assert other not in shown
        wrong = await send(stranger, link, link, 422, **{f"words_{key}": "Nobody asked for that."})
        assert "Nobody asked for that." in wrong.text
        assert "choose what it is" in wrong.text
        await send(stranger, link, link, 422)
        said = {f"stance_{key}": "misread", f"words_{key}": "Nobody asked for that."}
        sent = await send(stranger, link, link, **said)
        assert "has arrived" in await read(stranger, sent.headers["location"])
        assert (await Reaction.get()).stance == Stance.MISREAD
        form = {"csrf": _csrf(await read(stranger, link)), "form_key": "k" * 26, **said}
        with clock.at(moment + timedelta(days=16)):
            await read(stranger, link, 404)
            late = await stranger.post(link, data={**form, f"words_{key}": "Too late, but kept."})
            assert late.status_code == 404
            assert "Too late, but kept." in late.text
        assert await Reaction.all().count() == 1


def _csrf(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]


async def test_an_author_with_an_account_reacts_and_keeps_the_words_after_the_closing(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        ada, bo = await browser_of(app, town.ada), await browser_of(app, town.bo)
        edition = await a_draft(town)
        (mine,) = await queries.proposed_to_author(edition.id, town.ada)
        page = f"/contributions/{mine.speaker.receipt}/draft"
        key = town.first.public_id
        await read(bo, page, 404)
        await send(ada, page, page, **{f"stance_{key}": "missing", f"words_{key}": "The lamp."})
        shown = await read(ada, f"/decisions/{town.decision.public_id}/drafts/1?mine=1")
        assert "Something is missing" in shown
        assert "The lamp." in shown
        public = await read(bo, f"/decisions/{town.decision.public_id}/drafts/1")
        assert "The lamp." not in public
        assert "1 reaction so far" in public
        with clock.at(moment + timedelta(days=16)):
            ada = await browser_of(app, town.ada)
            late = await send(ada, page, page, 422, **{f"stance_{key}": "agree", f"words_{key}": "A lamp."})
            assert "A lamp." in late.text
            assert "time to react" in late.text
        assert await Reaction.all().count() == 1


async def test_officials_read_reactions_and_answer_those_they_tick(app):
    town = await a_town()
    page = f"/desk/decisions/{town.decision.public_id}/reactions"
    with after_the_freeze(town.process):
        otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
        edition = await a_draft(town)
        await reaction_to(town, edition, town.ada, town.first, Stance.AGREE)
        await reaction_to(town, edition, town.bo, town.second)
        shown = await read(olga, page)
        assert "I asked for something else." in shown
        assert 'name="which"' not in shown
        waiting = await queries.unread_reactions(town.decision.id)
        nothing = await send(otto, page, page, 422, answer="We saw it.")
        assert "Tick at least one" in nothing.text
        assert "We saw it." in nothing.text
        keys = [one.public_id for one in waiting]
        await send(otto, page, page, which=keys, answer="We saw it.")
        assert "No reaction to consider" in await read(otto, page)
        assert "Considered by Otto Ohm" in await read(otto, page + "?all=1")
        point = await read(otto, f"/desk/claims/{town.second.public_id}")
        assert "I asked for something else." in point
        assert "We saw it." in point


async def test_the_decision_says_what_changed_after_the_reactions(app):
    town = await a_town()
    with after_the_freeze(town.process):
        stranger = await browser_of(app, None)
        edition = await a_draft(town)
        await reaction_to(town, edition, town.ada, town.first, Stance.AGREE)
        issue = town.process.issues[0]
        for path in (f"/processes/{town.process.slug}", f"/processes/{town.process.slug}/decisions",
                     f"/processes/{town.process.slug}/issues/{issue.public_id}"):  # fmt: skip
            assert f"/decisions/{town.decision.public_id}/drafts/1" in await read(stranger, path)
        await actions.publish(town.dora, town.decision, SIGNED)
        shown = await read(stranger, f"/decisions/{town.decision.public_id}")
        assert "Changed after reactions: 0" in shown
        assert f"/decisions/{town.decision.public_id}/drafts/1" in shown


async def test_the_page_of_a_draft_costs_the_same_whatever_its_size(app, count_queries):
    costs = []
    for more in (0, 4):
        town = await a_town()
        proposal = await visible_proposal(town.ada, town.proposal)
        asked = [await a_comment(town.ada, proposal, f"{one}?") for one in NOTED[:more]]
        with after_the_freeze(town.process):
            for one, receipt in zip(NOTED, asked, strict=False):
                claim = await claim_of(receipt.contribution.public_id)
                noted = replace(a_note(), sentence={"en": f"{one}."})
                await actions.draft_answer(town.otto, claim.public_id, noted, expected_version=0)
            edition = await a_draft(town)
            ada = await browser_of(app, town.ada)
            page = f"/decisions/{town.decision.public_id}/drafts/{edition.number}"
            await read(ada, page)
            with count_queries() as seen:
                await read(ada, page)
        costs.append(seen.count)
    assert costs[0] == costs[1]


async def test_the_trace_shows_an_author_what_was_proposed_and_what_they_said(app):
    town = await a_town()
    with after_the_freeze(town.process):
        ada, bo = await browser_of(app, town.ada), await browser_of(app, town.bo)
        edition = await a_draft(town)
        await reaction_to(town, edition, town.ada, town.first)
        (mine,) = await queries.proposed_to_author(edition.id, town.ada)
        own = await read(ada, f"/contributions/{mine.speaker.receipt}")
        assert "I asked for something else." in own
        assert "/drafts/1" in own
        others = await read(bo, f"/contributions/{mine.speaker.receipt}")
        assert "I asked for something else." not in others
        assert "/drafts/1" in others
        (his,) = await queries.proposed_to_author(edition.id, town.bo)
        assert f"/contributions/{his.speaker.receipt}/draft" in await read(bo, "/mine")
        assert "React to a proposed outcome" not in await read(ada, "/mine")
