"""From the desk into a spreadsheet and back: what it would change first, then all of it or nothing."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from civic.contributions import queries as register
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.models import Disposition, DispositionVersion, Milestone
from civic.decisions.queries import PointState
from civic.ledger.queries import leaves_of
from civic.processes.models import Profile
from tests.cast import a_note, a_person, a_process, a_proposal, an_article, in_days
from tests.decisions.desk import a_town, browser_of
from tests.opendata.test_answers_back import a_desk, written

COMPLETE = {
    "outcome": "declined",
    "reason": "No: the pavement is 1.20 m wide, and a wheelchair must pass.",
    "sentence": "No bench here.",
    "reason_codes": "feasibility | cost",
    "evidence": "Measured on site",
    "cost": "About 4,000 euros",
    "trigger": "When the street is rebuilt.",
}


class Desk:
    """A browser of an official at the sheet of a decision."""

    def __init__(self, browser, decision) -> None:
        self.browser, self.path = browser, f"/desk/decisions/{decision.public_id}"

    async def taken(self, query: str = "") -> list[dict[str, str]]:
        answer = await self.browser.get(f"{self.path}/points.csv{query}")
        assert answer.status_code == 200, answer.text[:300]
        assert answer.content.startswith("\ufeff".encode())
        assert "no-store" in answer.headers["cache-control"]
        rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
        return [row for row in rows if row["point_ref"]]

    async def send(self, rows, what: str = "try", **fields: str):
        shown = await self.browser.get(f"{self.path}/sheet")
        assert shown.status_code == 200
        file = {"file": ("sheet.csv", written(rows).read(), "text/csv")}
        return await self.browser.post(
            f"{self.path}/sheet", data={**hidden(shown.text), "what": what, **fields}, files=file
        )

    async def confirm(self, shown: str):
        """Send the second step with what the page carried on, without choosing the file again."""
        form = next(one for one in re.findall(r"<form.*?</form>", shown, re.S) if 'name="sheet"' in one)
        data = {**hidden(form), "what": "bring"}
        assert data["sheet"]
        return await self.browser.post(f"{self.path}/sheet", data=data, files={"file": ("", b"")})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def words(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


async def desk_of(app, official, decision) -> Desk:
    return Desk(await browser_of(app, official), decision)


async def answer_of(point_ref: str):
    claim = await register.claim_by_public_id(point_ref)
    assert claim is not None
    return (await decided.answers_of_claim(claim.id))[0]


async def test_a_sheet_goes_out_is_tried_and_comes_back_as_drafts(app):
    _, otto, decision = await a_desk()
    desk = await desk_of(app, otto, decision)
    rows = await desk.taken()
    rows[0] |= {
        "outcome": "adopted",
        "reason": "Yes.",
        "provision": "a1",
        "milestone": "2031-03-01 Two benches",
    }
    rows[0]["owner"] = "Parks"
    rows[1] |= COMPLETE
    tried = await desk.send(rows)
    assert tried.status_code == 200, words(tried.text)[:1500]
    assert "2 answers would be drafted" in words(tried.text)
    assert "1 promise would be made" in words(tried.text)
    assert "1 row says nothing new" in words(tried.text)
    assert await Disposition.all().count() == 0
    done = await desk.confirm(tried.text)
    assert done.status_code == 303, words(done.text)[:1500]
    now = await decided.desk_of(decision)
    states = {one.public_id: now.state(one) for one in now.points}
    assert states[rows[0]["point_ref"]] is PointState.READY
    assert states[rows[1]["point_ref"]] is PointState.REVIEW
    refused = await answer_of(rows[1]["point_ref"])
    assert refused.drafted_by is not None
    assert refused.drafted_by.id == otto.participant
    assert refused.answer.sentence == {"en": "No bench here."}
    assert refused.answer.details.cost == "About 4,000 euros"
    assert refused.answer.details.remedies
    assert [leaf.type for leaf in await leaves_of(refused.public_id)] == ["disposition.drafted"]
    (promise,) = await Milestone.all()
    assert (promise.owner, set(promise.promise.values())) == ("Parks", {"Two benches"})
    again = await desk.send(await desk.taken())
    assert "there is nothing to keep" in words(again.text)
    assert "3 rows say nothing new" in words(again.text)


async def test_only_the_points_of_the_filter_go_out(app):
    _, otto, decision = await a_desk()
    desk = await desk_of(app, otto, decision)
    rows = await desk.taken()
    await decisions.draft_answer(otto, rows[1]["point_ref"], a_note(), expected_version=0, may_lack=True)
    left = await desk.taken("?state=unanswered")
    assert [row["point_ref"] for row in left] == [rows[0]["point_ref"], rows[2]["point_ref"]]
    shown = await desk.browser.get(f"{desk.path}/sheet?back=state%3Dunanswered")
    assert f'href="{desk.path}/points.csv?state=unanswered"' in html.unescape(shown.text)


async def test_every_problem_is_said_with_its_row_and_column_and_nothing_is_kept(app):
    _, otto, decision = await a_desk(proposals=4)
    desk = await desk_of(app, otto, decision)
    rows = await desk.taken()
    await decisions.draft_answer(otto, rows[3]["point_ref"], a_note(), expected_version=0, may_lack=True)
    cases = [{"outcome": "noted", "reason": "Seen."}, {"outcome": "adopted", "provision": "a9"}]
    cases += [{"outcome": "deferred", "reason": "Later.", "reopens_on": in_days(-3).isoformat()}, COMPLETE]
    for row, change in zip(rows[:3], cases, strict=False):
        row |= change
    tried = await desk.send(rows)
    assert tried.status_code == 422
    said = words(tried.text)
    assert "The sheet has 3 problems." not in said  # the article is looked for before the rules are asked
    assert re.search(r"3 provision The decision has no article “a9”", said), said[:2500]
    rows[1] |= {"provision": "a1", "reason": "Yes."}
    said = words((await desk.send(rows)).text)
    assert "The sheet has 2 problems." in said
    assert re.search(r"2 outcome .*would leave it without a yes or a no", said)
    assert re.search(r"4 reopens_on Choose a day that is still to come", said)
    assert "choose it again below" in said
    rows[0] |= {**COMPLETE}
    rows[2] = {**rows[2], "reopens_on": in_days(90).isoformat(), "owner": "Roads"}
    rows[3] |= COMPLETE
    said = words((await desk.send(rows, "bring")).text)
    assert re.search(r"5 point_ref This point has changed since the export", said)
    assert await DispositionVersion.all().count() == 1


async def test_a_formula_is_neutralised_on_its_way_out_and_comes_back_as_it_was(app):
    process = await a_process(slug="benches")
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    await a_proposal(await a_person("Ada Alm"), process, title="Bench", body="=1+1 benches and 'more")
    from tests.cast import a_decision

    decision = await a_decision(otto, process)
    await an_article(otto, decision)
    desk = await desk_of(app, otto, decision)
    (row,) = await desk.taken()
    assert row["verbatim"].startswith("'=1+1")
    row |= {"outcome": "adopted", "provision": "a1", "reason": '\'=HYPERLINK("x") is no reason.'}
    assert (await desk.confirm((await desk.send([row])).text)).status_code == 303
    kept = await answer_of(row["point_ref"])
    assert set(kept.answer.sentence.values()) == {'=HYPERLINK("x") is no reason.'}
    (row,) = await desk.taken()
    assert row["reason"] == '\'=HYPERLINK("x") is no reason.'
    assert "there is nothing to keep" in words((await desk.send([row])).text)


async def test_a_point_of_a_group_that_comes_back_stays_in_its_group(app):
    town = await a_town()
    await an_article(town.otto, town.decision)
    article = (await decided.articles_now(town.decision.id))[0].public_id
    from civic.decisions.models import Outcome
    from civic.decisions.rules import Answer

    answer = Answer(outcome=Outcome.ADOPTED, sentence={"en": "Yes."}, provisions=(article,))
    points = {town.first.public_id: 0, town.second.public_id: 0}
    group = decisions.GroupDraft({"en": "Benches"}, points)
    await decisions.answer_together(town.otto, town.decision, answer, group)
    desk = await desk_of(app, town.otto, town.decision)
    rows = await desk.taken()
    assert {row["outcome"] for row in rows} == {"adopted"}
    rows[0]["reason"] = "Yes, from spring on."
    assert (await desk.confirm((await desk.send(rows)).text)).status_code == 303
    kept = await answer_of(rows[0]["point_ref"])
    assert kept.group is not None
    assert kept.group.size == 2
    assert set(kept.answer.sentence.values()) == {"Yes, from spring on."}


async def test_only_officials_who_draft_in_the_process_take_out_and_bring_back(app):
    _, _, decision = await a_desk(proposals=1)
    elsewhere = await a_process(slug="elsewhere")
    rita = await a_person("Rita", "reviewer", process=decision.process.public_id)
    eve = await a_person("Eve", "official", process=elsewhere.public_id)
    for person, status in ((rita, 403), (eve, 404)):
        browser = await browser_of(app, person)
        for page in ("sheet", "points.csv"):
            shown = await browser.get(f"/desk/decisions/{decision.public_id}/{page}")
            assert shown.status_code == status, (person.name, page)
    assert await Disposition.all().count() == 0


async def test_in_the_full_profile_nothing_comes_back_before_the_author_was_asked(app):
    town = await a_town(profile=Profile.FULL)
    await an_article(town.otto, town.decision)
    desk = await desk_of(app, town.otto, town.decision)
    rows = await desk.taken()
    rows[0] |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    tried = await desk.send(rows)
    assert tried.status_code == 422
    assert "Ask the author first whether this point is right." in words(tried.text)


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", "é".encode("latin-1"), b"\x00\xff" * 50])
async def test_what_is_no_sheet_is_refused_in_words(app, content):
    _, otto, decision = await a_desk(proposals=1)
    desk = await desk_of(app, otto, decision)
    shown = await desk.browser.get(f"{desk.path}/sheet")
    answer = await desk.browser.post(
        f"{desk.path}/sheet",
        data={**hidden(shown.text), "what": "try"},
        files={"file": ("sheet.csv", content, "text/csv")},
    )
    assert answer.status_code == 422
