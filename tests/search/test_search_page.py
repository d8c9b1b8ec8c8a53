"""The search page: what it finds, what it never shows, and what it survives."""

from __future__ import annotations

import re

import pytest

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft
from civic.foundation import limits, search
from tests.cast import (
    a_comment,
    a_decision,
    a_draft_process,
    a_person,
    a_process,
    a_proposal,
    after_the_freeze,
    an_article,
)
from tests.trace.test_trace_page import shown


def titles(page: str) -> list[str]:
    return re.findall(r'<h2 dir="auto"><a href="[^"]+">([^<]+)</a>', page)


async def a_published_decision():
    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    decision = await a_decision(otto, process, maker=dora)
    with after_the_freeze(process):
        await an_article(otto, decision)
        await decisions.publish(dora, decision, PublicationDraft("Mayor", None, True, {}))
    return decision


async def test_words_are_found_without_their_accents_and_shown_with_them(client):
    process = await a_process()
    await a_proposal(
        await a_person("Ada Alm"), process, title="Éclairer la ruelle", body="La nuit, on n’y voit rien."
    )
    page = await shown(client, "/search?q=eclairer")
    assert titles(page) == ["Éclairer la ruelle"]
    assert "1 result for “eclairer”" in page


@pytest.mark.parametrize(
    ("body", "q"),
    [
        ("我们需要更多的自行车道", "自行车"),
        ("نحتاج إلى مقاعد في الحديقة", "مقاعد"),
        ("Нужна скамейка", "скамейка"),
    ],
)
async def test_any_script_is_found(client, body, q):
    process = await a_process()
    await a_proposal(await a_person("Ada Alm"), process, title="One", body=body)
    page = (await client.get("/search", params={"q": q})).text
    assert titles(page) == ["One"]
    assert f'<b class="pass">{q}</b>' in page


async def test_kind_and_process_narrow_it_and_stay_in_the_address(client):
    one, two = await a_process(), await a_process()
    ada = await a_person("Ada Alm")
    proposal = await a_proposal(ada, one, title="Benches everywhere")
    await a_proposal(ada, two, title="Benches nowhere")
    await a_comment(ada, proposal, "Benches need backs.")
    assert len(titles(await shown(client, "/search?q=benches"))) == 3
    page = await shown(client, f"/search?q=benches&kind=proposals&process={one.slug}")
    assert titles(page) == ["Benches everywhere"]
    assert f"process={one.slug}" in page
    assert titles(await shown(client, "/search?q=benches&kind=comments")) == ["Argument of Ada Alm"]


async def test_processes_and_questions_are_found(client):
    await a_process()
    found = titles(await shown(client, "/search?q=getting+around&kind=processes"))
    assert any("Getting around" in title for title in found)


async def test_hidden_words_are_not_found(client):
    process = await a_process()
    proposal = await a_proposal(await a_person("Ada Alm"), process, title="Benches everywhere")
    await register.hide((await Contribution.get(public_id=proposal.public_id)).id, "test/1")
    page = await shown(client, "/search?q=benches")
    assert "Nothing found for “benches”" in page
    assert "Benches everywhere" not in page


async def test_a_draft_process_is_not_found(client):
    await a_draft_process(slug="secret-tram", code="ST")
    assert titles(await shown(client, "/search?q=getting")) == []


async def test_results_are_paged(client):
    process = await a_process()
    authors = await a_person("Ada Alm"), await a_person("Bo Birk")
    for number in range(23):
        await a_proposal(authors[number % 2], process, title=f"Bench {number}")
    first = await shown(client, "/search?q=bench")
    assert len(titles(first)) == 20
    assert "23 results" in first
    assert len(titles(await shown(client, "/search?q=bench&after=20"))) == 3
    assert "No more results" in await shown(client, "/search?q=bench&after=900")


HOSTILE = (
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "'; DROP TABLE contribution; --",
    '" OR 1=1',
    "NEAR(a b)",
    "a* b^ c:d -e !f (g | h) & i",
    "<script>alert(1)</script>",
    "%E2%80%AEbidi",
    "x" * 5000,
    " ".join(["word"] * 800),
    "''''''",
    "\\\\\\",
    "🙂 🚲",
)


@pytest.mark.parametrize("q", HOSTILE)
async def test_no_question_breaks_the_page(client, q):
    await a_proposal(await a_person("Ada Alm"), await a_process(), title="Benches everywhere")
    for path in (
        f"/search?q={q}",
        f"/search?q=bench&kind={q[:50]}",
        f"/search?q=bench&process={q[:50]}&after={q[:9]}",
    ):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        assert "<script>alert" not in answer.text


async def test_searching_is_limited(client, monkeypatch):
    monkeypatch.setitem(limits.RATES, "search_network", limits.Rate(2, 60, counts_failures=True))
    await shown(client, "/search?q=a")
    await shown(client, "/search?q=a")
    answer = await client.get("/search?q=a")
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    assert (await client.get("/search")).status_code == 200


async def test_an_argument_is_named_by_its_author_and_its_words_are_said_once(client):
    proposal = await a_proposal(await a_person("Ada Alm"), await a_process(), title="Trees")
    await a_comment(await a_person("Bo Birk"), proposal, "Benches need backs.")
    page = await shown(client, "/search?q=benches")
    assert titles(page) == ["Argument of Bo Birk"]
    assert page.count("need backs.") == 1


async def test_an_official_text_is_quoted_in_one_language(client):
    await search.index(
        "decision/" + (await a_published_decision()).public_id,
        kind="decision",
        process="x",
        language="en",
        title="The square",
        body="Deliveries until 10 am.\nLes arbres et les bancs\nTrees and benches\nLa rangée est plantée.",
    )
    page = await shown(client, "/search?q=bancs")
    assert '<p dir="auto">Les arbres et les <b class="pass">bancs</b></p>' in page
