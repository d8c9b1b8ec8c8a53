"""What anybody can download: the public grid of a process, and the page that says what it holds."""

from __future__ import annotations

import csv
import io

import pytest

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.foundation import limits
from civic.opendata.grid_reading import read_grid
from tests.cast import a_comment, a_draft_process, a_person, a_process, a_proposal
from tests.conftest import visitor
from tests.opendata.test_import import bring
from tests.trace.scene import a_published_answer


async def rows_of(client, slug: str, query: str = "") -> list[dict[str, str]]:
    answer = await client.get(f"/processes/{slug}/grid.csv{query}")
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"].startswith("text/csv")
    assert f'filename="{slug}.csv"' in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_the_public_grid_holds_published_answers_and_no_names(client):
    scene = await a_published_answer()
    rows = await rows_of(client, scene.process.slug, "?language=en")
    points = {row["verbatim"]: row for row in rows if row["point"] == "1"}
    refused = points["Who pays for the signs?"]
    assert (refused["outcome"], refused["decided_by"]) == ("declined", "Dora Diaz, Deputy mayor")
    assert "forty journeys a day" in refused["reason"]
    assert points["Close the street at school hours."]["provision"] == "a1"
    assert {row["author"] for row in rows} == {row["point_ref"] for row in rows} == {""}


async def test_hidden_words_leave_the_grid_and_the_kept_copy_is_not_used(client):
    process = await a_process()
    proposal = await a_proposal(await a_person("Ada Alm"), process, title="Benches")
    await a_comment(await a_person("Bo Birk"), proposal, "Where do they go?")
    address = f"/processes/{process.slug}/grid.csv"
    first = await client.get(address)
    kept = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(address, headers=kept)).status_code == 304
    await register.hide((await Contribution.get(public_id=proposal.public_id)).id, "test/1")
    second = await client.get(address, headers=kept)
    assert second.status_code == 200
    assert "Benches" not in second.text
    # The comment stays, and answers the nearest thing that can be read: the question.
    assert [row["parent"] for row in await rows_of(client, process.slug)] == ["question:1"]


async def test_a_draft_is_not_handed_out(client):
    await a_draft_process(slug="secret")
    assert (await client.get("/processes/secret/grid.csv")).status_code == 404
    assert (await client.get("/processes/none/grid.csv")).status_code == 404


async def test_what_is_downloaded_can_be_read_as_a_grid(client):
    process = await a_process(slug="trams")
    proposal = await a_proposal(
        await a_person("Ada Alm"), process, title="=HYPERLINK(evil)", body="- 2 °C\n\n+1"
    )
    await a_comment(await a_person("Bo Birk"), proposal, "@all: why?")
    answer = await client.get("/processes/trams/grid.csv")
    for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    read = read_grid(io.BytesIO(answer.content), known_refs={"question:1"})
    assert [found.title for found in read.contributions] == ["=HYPERLINK(evil)", ""]
    assert read.contributions[0].text == "- 2 °C\n\n+1"


async def test_imported_outcomes_are_not_handed_out_as_answers(client):
    await a_process(slug="trams")
    await bring("ref,verbatim,outcome,reason\n1,A bench.,adopted,Done elsewhere.\n", process="trams")
    (row,) = await rows_of(client, "trams")
    assert (row["outcome"], row["reason"]) == ("", "")


async def test_the_page_lists_open_processes_and_explains_the_columns(client):
    process = await a_process()
    await a_draft_process(slug="secret")
    page = (await client.get("/opendata")).text
    assert f"/processes/{process.slug}/grid.csv?language=en" in page
    assert "secret" not in page
    assert "Open Licence 2.0" in page
    assert "<code>point_ref</code>" in page
    assert (await client.get("/opendata?after=%00")).status_code == 200
    assert "Licence Ouverte 2.0" in (await client.get("/opendata?lang=fr")).text


@pytest.mark.parametrize("query", ["?language=%00", "?language=<b>", "?language=" + "x" * 500])
async def test_an_unknown_language_gives_the_first(client, query):
    process = await a_process()
    await a_proposal(await a_person("Ada Alm"), process)
    assert len(await rows_of(client, process.slug, query)) == 2


async def test_downloads_are_limited(app, monkeypatch):
    process = await a_process()
    monkeypatch.setitem(limits.RATES, "search_network", limits.Rate(5, 60, counts_failures=True))
    async with visitor(app) as browser:
        assert (await browser.get(f"/processes/{process.slug}/grid.csv")).status_code == 200
        assert (await browser.get(f"/processes/{process.slug}/grid.csv")).status_code == 429
