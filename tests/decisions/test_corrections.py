"""Corrections: a list and a feed for everybody, and each version beside the one it took the place of."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from tests.cast import a_refusal
from tests.decisions.test_citing import ANOTHER, published_again
from tests.trace.scene import a_published_answer, the_answer

ATOM = "{http://www.w3.org/2005/Atom}"


async def entries_of(client) -> list[ET.Element]:
    answer = await client.get("/corrections/feed.atom?language=en")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return list(ET.fromstring(answer.content).iter(f"{ATOM}entry"))


async def test_a_correction_is_listed_and_told_with_what_when_and_by_whom(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    assert "No correction so far" in (await client.get("/corrections?lang=en")).text
    assert await entries_of(client) == []
    await published_again(scene, answer=a_refusal(ANOTHER), article="Closed from eight to nine.")
    address = f"/decisions/{decision}/versions/2/changes"
    page = (await client.get("/corrections?lang=en")).text
    for said in (
        address,
        "Article changed: 1.",
        "Signed by Dora Diaz, Deputy mayor.",
        "/corrections/feed.atom",
    ):
        assert said in page, said
    (entry,) = await entries_of(client)
    assert entry.find(f"{ATOM}link").get("href").endswith(address)
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Dora Diaz, Deputy mayor"
    assert "Articles changed: 1." in entry.findtext(f"{ATOM}summary")
    assert entry.findtext(f"{ATOM}title").startswith("Correction: ")


async def test_the_comparison_shows_what_changed_and_nothing_else(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    await published_again(scene, answer=a_refusal(ANOTHER), article="Closed from eight to nine.")
    page = (await client.get(f"/decisions/{decision}/versions/2/changes?lang=en")).text
    assert "eight" in page
    assert "Answer before: " in page
    third, second = await the_answer(scene, 3), await the_answer(scene, 2)
    assert f"/outcomes/{third.public_id}/versions/1" in page
    assert f"/outcomes/{second.public_id}" not in page, "what stayed the same is not listed"
    assert page.count('class="state"') == 1
    for path in ("versions/1/changes", "versions/3/changes"):
        assert (await client.get(f"/decisions/{decision}/{path}")).status_code == 404, "nothing came before"


async def test_hidden_words_leave_the_comparison(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    await published_again(scene, answer=a_refusal(ANOTHER))
    card = await contributions.contribution_by_public_id(scene.public_id)
    await register.hide(card.id, because="moderation/1")
    page = (await client.get(f"/decisions/{decision}/versions/2/changes?lang=en")).text
    assert "No article changed." in page
    assert "Withdrawn or hidden" in page
    assert "Who pays for the signs?" not in page
    assert "the street stays open" not in page
