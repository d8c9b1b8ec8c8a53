"""A position statement goes the way of everybody's words: receipt, points, desk, answer, grid."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from civic.contributions.models import Claim, Contribution
from civic.contributions.queries import claims_of, counts, people_by_category
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.queries import desk_decision
from civic.decisions.queries.desk import numbers_of
from civic.evaluation.figures import board as count_board
from civic.evaluation.queries import board
from civic.foundation.errors import Refused
from civic.organisations import actions
from civic.organisations.models import PositionStatement, StatementPoint
from civic.organisations.sheet import Row, read_sheet
from civic.processes.models import Category
from tests import cast
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.organisations.scene import ROWS, a_delegate, a_statement, a_union, an_administrator, declare

pytestmark = pytest.mark.usefixtures("database")


async def a_scene(**options):
    town = await a_town(**options)
    root = await an_administrator()
    union = await a_union(root)
    dele = await a_delegate(root, union)
    return town, root, union, dele


async def test_rows_become_points_of_their_author_that_are_owed_an_answer(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    row = await Contribution.get(id=receipt.contribution.id)
    assert (row.kind, row.author_name, row.capacity) == ("proposal", union.name, "unions")
    assert row.organisation_id == union.id
    claims = await claims_of(row.id)
    assert [(one.origin, one.kind, one.number) for one in claims] == [
        ("contributor", "request", 1),
        ("contributor", "request", 2),
        ("contributor", "remark", 3),
    ]
    assert "Deliveries from 7 to 10." in claims[0].words
    assert claims[0].words.startswith("Article 2 – Deliveries before seven")
    assert "Article 5" not in claims[0].words
    assert all("*" not in one.words for one in claims), "no marks of the text in the words of a point"
    assert row.capacity_note == "Trade unions"
    assert await Claim.filter(contribution_id=row.id, origin="whole", retired_at=None).count() == 0
    assert await StatementPoint.filter(claim_id__in=[one.id for one in claims]).count() == 3
    owed = await read(await browser_of(app, town.otto), f"/desk/decisions/{town.decision.public_id}")
    assert "Deliveries before seven" in owed
    assert await cast.recorded(row.public_id) == ["proposal.created", "position.mandated"]


async def test_without_rows_the_whole_text_is_the_point(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union, rows=()))
    assert [one.origin for one in await claims_of(receipt.contribution.id)] == ["whole"]


async def test_who_may_file_and_when(app):
    town, root, union, dele = await a_scene()
    draft = a_statement(town.process, union)
    with pytest.raises(Refused, match="Declare the interests"):
        await actions.file_statement(dele, town.process, draft)
    await declare(dele, union)
    for person in (town.ada, root):
        with pytest.raises(Refused, match="verified delegates"):
            await actions.file_statement(person, town.process, draft)
    with cast.after_the_freeze(town.process, 40), pytest.raises(Refused):
        await actions.file_statement(dele, town.process, draft)
    assert await PositionStatement.all().count() == 0
    assert await Contribution.filter(organisation_id=union.id).count() == 0


async def test_two_delegates_of_one_organisation_are_one_voice(app, monkeypatch):
    town, root, union, dele = await a_scene()
    await declare(dele, union)
    other = await a_delegate(root, union, "Second Delegate")
    before = await counts(town.process.id)
    await actions.file_statement(dele, town.process, a_statement(town.process, union))
    await actions.file_statement(other, town.process, a_statement(town.process, union, title="Also at night"))
    after = await counts(town.process.id)
    assert after.received == before.received + 2
    assert after.people == before.people + 1
    assert (await people_by_category(town.process.id))[Category.UNIONS] == 1
    assert (await numbers_of(town.decision.id)).people == after.people
    with cast.after_the_freeze(town.process):
        facts = await facts_behind_the_board(town.process, monkeypatch)
    mine = [one for one in facts.points if one.capacity == "unions"]
    assert len(mine) == 6
    assert len({one.person for one in mine}) == 1
    assert not any(one.is_missed for one in mine), "a point its author cut was never missed by a reader"
    assert {str(one.check) for one in mine} == {"found"}, "nor was its author ever asked about it"
    assert len(facts.voices) == len({one.person for one in facts.points})


async def facts_behind_the_board(process, monkeypatch):
    """Look at what the figures of a process are counted from."""
    seen = []
    monkeypatch.setattr(board, "board", lambda facts: (seen.append(facts), count_board(facts))[1])
    await board.board_of_process(process)
    return seen[0]


async def a_published_statement(town, union, dele):
    """File a statement, answer its points, publish: its last point noted, the others refused."""
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    keys = [one.public_id for one in await claims_of(receipt.contribution.id)]
    noted = {
        town.second.public_id: "Your question about lorries is quoted in article 1.",
        keys[2]: "Drivers will be asked at the next hearing, on a weekday evening.",
    }
    whys = (
        "The bus needs this street: forty journeys a day have no other way.",
        "Lorries cannot leave the market before nine without crossing the school gate.",
        "Ten minutes are too short for a bakery oven to be unloaded by two people.",
    )
    refused = dict(zip((town.first.public_id, *keys[:2]), whys, strict=True))
    with cast.after_the_freeze(town.process):
        for key in (*refused, *noted):
            answer = (
                replace(cast.a_note(), sentence={"en": noted[key]})
                if key in noted
                else cast.a_refusal(refused[key])
            )
            await decisions.draft_answer(town.otto, key, answer, expected_version=0)
            if key in refused:
                await decisions.review(town.olga, key, ReviewDraft(True, ""), expected_version=1)
        await decisions.publish(
            town.dora,
            await desk_decision(town.dora, town.decision.public_id),
            PublicationDraft("Mayor", None, False, {}),
        )
    return receipt, keys


async def test_everybody_reads_the_grid_point_by_point_and_takes_it_away(app):
    town, _, union, dele = await a_scene()
    receipt, keys = await a_published_statement(town, union, dele)
    someone, key = visitor(app), receipt.contribution.public_id
    page = await read(someone, f"/statements/{key}")
    for said in ("General meeting", "Our members deliver here.", "Secretary", "No, the street stays open."):
        assert said in page
    assert page.count("Read the answer and its reason") == 3
    with_csv = await someone.get(f"/statements/{key}/points.csv")
    rows = list(csv.DictReader(io.StringIO(with_csv.content.decode("utf-8-sig"))))
    assert [row["point_ref"] for row in rows] == keys
    assert [row["outcome"] for row in rows] == ["declined", "declined", "noted"]
    assert (rows[0]["clause"], rows[0]["proposed_change"]) == ("Article 2", "Deliveries from 7 to 10.")
    assert rows[0]["reason"].startswith("The bus needs") or "Lorries" in rows[0]["reason"]
    assert "/outcomes/" in rows[0]["address"]
    with_xlsx = await someone.get(f"/statements/{key}/points.xlsx")
    sheet = load_workbook(io.BytesIO(with_xlsx.content)).active
    cells = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == [list(rows[0]), *(list(row.values()) for row in rows)]
    organisation = await read(someone, f"/organisations/{union.public_id}")
    assert organisation.count("Not adopted") == 2
    proposal = await read(someone, f"/proposals/{key}")
    assert "In whose name" in proposal
    assert f"/statements/{key}" in proposal


async def test_before_the_answers_the_grid_is_there_with_its_columns_empty(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    answer = await visitor(app).get(f"/statements/{receipt.contribution.public_id}/points.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["outcome"] for row in rows] == ["", "", ""]
    assert [row["comment"] for row in rows] == [row.comment for row in ROWS]


async def test_a_hidden_statement_gives_no_words_away(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    await Contribution.filter(id=receipt.contribution.id).update(visibility="restricted")
    someone, key = visitor(app), receipt.contribution.public_id
    for path in (f"/statements/{key}", f"/statements/{key}/points.csv", f"/organisations/{union.public_id}"):
        assert "Deliveries before seven" not in await read(someone, path)
    assert "Let deliveries through" not in await read(someone, f"/organisations/{union.public_id}")


async def test_co_signatures_are_given_once_taken_back_and_add_no_voice(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    page = f"/statements/{receipt.contribution.public_id}"
    before = await counts(town.process.id)
    act = f"/proposals/{receipt.contribution.public_id}/endorsement"
    bo = await browser_of(app, town.bo)
    await send(bo, page, act)
    await send(bo, page.replace("statements", "proposals"), act, endorsed="1")
    assert "1 person co-signs this statement." in await read(visitor(app), page)
    assert await counts(town.process.id) == before
    await send(bo, page, act, endorsed="0")
    assert "0 people co-sign this statement." in await read(visitor(app), page)
    assert "Co-sign</span>" not in await read(await browser_of(app, dele), page)


async def test_a_statement_is_filed_through_its_form_and_gets_a_receipt(app):
    town, _, union, dele = await a_scene()
    browser = await browser_of(app, dele)
    page = f"/processes/{town.process.slug}/statements/new"
    assert "its interests are not declared yet" in await read(browser, page)
    await declare(dele, union)
    wrong = await send(browser, page, page, 422, change_2="Move it.", approved_on="2190-01-01")
    for said in ("Point 2: write the comment", "this day has not come yet", "Move it."):
        assert said in wrong.text
    sent = await send(
        browser,
        page,
        page,
        title="Room for vans",
        approved_by="The board",
        approved_on="2026-01-15",
        ref_1="Article 1",
        comment_1="The kerb is too high.",
    )
    assert re.search(r"P\d+-\d{4}-\d{6}-", await read(browser, sent.headers["location"]))
    assert await PositionStatement.all().count() == 1


async def test_more_rows_and_a_sheet_fill_the_form_and_file_nothing(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    browser = await browser_of(app, dele)
    page = f"/processes/{town.process.slug}/statements/new"
    more = await send(browser, page, page, 200, more="1", title="Kept", comment_1="Kept too.")
    assert "Kept too." in more.text
    assert "comment_8" in more.text
    shown = await read(browser, page)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    sheet = "Clause;Type of comment;Comment;Proposed change\r\n3;te;Too narrow.;Three metres.\r\n"
    good = await browser.post(
        page, data={**hidden, "read": "1", "title": "Kept"}, files={"file": ("a.csv", sheet.encode())}
    )
    assert good.status_code == 200, good.text[:500]
    for said in ("1 row was read", "Too narrow.", "Three metres.", "Kept"):
        assert said in good.text
    bad = sheet + "4;xx;Too wide.;\r\n5;te;;Paint it.\r\n"
    refused = await browser.post(
        page, data={**hidden, "read": "1", "comment_1": "Mine."}, files={"file": ("a.csv", bad.encode())}
    )
    assert refused.status_code == 422
    for said in (
        "The sheet has 2 problems.",
        "“xx” is no type of comment",
        "There is no comment in this row.",
        "Mine.",
    ):
        assert said in refused.text
    assert "Too narrow." not in refused.text
    assert await PositionStatement.all().count() == 0


async def test_the_pages_cost_the_same_with_many_points(app, count_queries):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    someone = visitor(app)
    few = await actions.file_statement(dele, town.process, a_statement(town.process, union, rows=ROWS[:1]))
    path = f"/statements/{few.contribution.public_id}"
    await read(someone, path)
    with count_queries() as first:
        await read(someone, path)
    with count_queries() as first_organisation:
        await read(someone, f"/organisations/{union.public_id}")
    for title in ("Also at night", "Also on Sundays"):
        many = await actions.file_statement(
            dele, town.process, a_statement(town.process, union, rows=ROWS * 5, title=title)
        )
    with count_queries() as second:
        await read(someone, f"/statements/{many.contribution.public_id}")
    with count_queries() as second_organisation:
        await read(someone, f"/organisations/{union.public_id}")
    assert second.count == first.count
    assert second_organisation.count == first_organisation.count


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_empty_sheet_is_read_as_it_is_given(app, language: str):
    given = await visitor(app, **{"Accept-Language": language}).get("/statements/empty.xlsx")
    book = load_workbook(io.BytesIO(given.content))
    book.active.append(["Article 3", "te", "Too narrow.", "Three metres."])
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue()) == (Row("Article 3", "te", "Too narrow.", "Three metres."),)


async def test_the_api_and_the_provenance_name_the_organisation_while_it_is_shown(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    someone, path = visitor(app), f"/api/v1/proposals/{receipt.contribution.public_id}"
    assert (await someone.get(path)).json()["organisation"] == union.public_id
    assert (await someone.get(f"/api/v1/proposals/{town.proposal}")).json()["organisation"] is None
    told = (await someone.get(f"/contributions/{receipt.number}/prov.json")).text
    assert told.count("prov:Organization") >= 1
    await Contribution.filter(id=receipt.contribution.id).update(visibility="restricted")
    assert (await someone.get(path)).json()["organisation"] is None


async def test_the_map_of_a_process_invites_its_categories(app):
    town, root, union, dele = await a_scene()
    await declare(dele, union)
    page = f"/organisations/{union.public_id}"
    shown = await read(await browser_of(app, dele), page)
    assert f"/processes/{town.process.slug}/statements/new" in shown
    assert "You are expected here" not in shown, "the map of the tests expects everybody but the unions"
    street = await a_union(root, name="The street", category=Category.NEIGHBOURS)
    neighbour = await a_delegate(root, street, "Nia Near")
    await declare(neighbour, street)
    shown = await read(await browser_of(app, neighbour), f"/organisations/{street.public_id}")
    assert "You are expected here" in shown
    assert "Posters and letters" in shown
