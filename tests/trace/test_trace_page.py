"""What became of a contribution: for its author, for everybody, on paper, without a name."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.contributions import actions as register
from civic.contributions.models import Contribution, Relation
from civic.contributions.queries import contribution_by_public_id
from civic.foundation import clock
from civic.foundation.viewer import STRANGER
from civic.proposals.queries import visible_proposal
from tests.cast import a_comment, a_person, a_process, a_proposal, after_the_freeze, sign_in
from tests.conftest import visitor
from tests.trace.scene import a_cut_proposal, a_published_answer, a_whole_answer, ask


async def shown(browser, path: str, status: int = 200) -> str:
    answer = await browser.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:600])
    return answer.text


def cards(page: str) -> list[str]:
    """Name the points in the order of their cards."""
    return re.findall(r'<article class="answer[^"]*" id="(p\d+)"', page)


async def test_refusals_come_first_and_each_point_has_its_card(client):
    scene = await a_published_answer()
    page = await shown(client, f"/contributions/{scene.number}")
    assert cards(page) == ["p3", "p2", "p1"]
    assert "No, the street stays open." in page
    assert "Closed from 8 to 9." in page
    assert "Read by Olga Orr." in page
    assert "Signed by Dora Diaz, Deputy mayor" in page
    assert "3 points: 1 no, 1 yes, 1 noted." in page
    assert "<mark" not in page.split("<main")[1]


async def test_the_author_finds_her_words_her_rights_and_the_days_left(client):
    scene = await a_published_answer()
    with clock.at(scene.published_at + timedelta(days=1)):
        await sign_in(client, scene.ada)
        page = await shown(client, f"/contributions/{scene.number}")
    assert "What became of my contribution" in page
    assert "<mark>Who pays for the signs?</mark>" in page
    assert "/reply" in page
    assert "/appeal" in page
    assert "20 days left to reply" in page


async def test_one_point_is_spoken_of_as_one(client):
    scene = await a_published_answer()
    assert "1 of them changed the text of the decision." in await shown(
        client, f"/contributions/{scene.number}"
    )
    alone = await a_whole_answer()
    page = await shown(client, f"/contributions/{alone.number}")
    assert "It changed the text of the decision." in page
    assert "of them changed" not in page


async def test_a_stranger_sees_no_button_of_the_author(client):
    scene = await a_published_answer()
    page = await shown(client, f"/contributions/{scene.number}")
    assert "/reply" not in page
    assert "/appeal" not in page
    assert "It is mine: open it with the secret code" in page


async def test_a_shared_page_names_nobody_even_to_the_author(client):
    scene = await a_published_answer()
    await sign_in(client, scene.ada)
    page = (await shown(client, f"/contributions/{scene.number}?share=1")).split("<main")[1]
    assert "Ada Alm" not in page
    assert scene.public_id not in page
    assert "<mark" not in page


async def test_an_unanswered_point_says_when_its_answer_is_promised(client):
    scene = await a_cut_proposal()
    page = await shown(client, f"/contributions/{scene.number}")
    assert cards(page) == ["p1", "p2", "p3"]
    assert "An answer with its reason is promised by" in page
    assert "3 points: 3 without an answer yet." in page


async def test_only_the_author_reads_the_question_that_waits_for_her(client, app):
    scene = await a_cut_proposal()
    await ask(scene)
    assert "Which hours do you mean?" not in await shown(client, f"/contributions/{scene.number}")
    async with visitor(app) as browser:
        await sign_in(browser, scene.ada)
        page = await shown(browser, f"/contributions/{scene.number}")
    assert "Which hours do you mean?" in page
    assert "A question about point 2 waits for you" in page


async def test_hidden_words_are_absent_but_for_their_author(client, app):
    scene = await a_published_answer()
    await register.hide((await Contribution.get(public_id=scene.public_id)).id, "test/1")
    page = await shown(client, f"/contributions/{scene.number}")
    for words in ("Who pays", "Children cross", "the street stays open", "Mill Street to through"):
        assert words not in page
    assert "withdrawn" in page.lower()
    async with visitor(app) as browser:
        await sign_in(browser, scene.ada)
        assert "Who pays for the signs?" in await shown(browser, f"/contributions/{scene.number}")


async def test_no_day_is_promised_to_words_that_owe_no_answer(client):
    scene = await a_cut_proposal()
    praise = await a_comment(
        await a_person("Bo Birk"),
        await visible_proposal(STRANGER, scene.public_id),
        "Yes!",
        relation=Relation.SUPPORTS,
    )
    page = f"/contributions/{scene.number}"
    assert "Answer promised by" in await shown(client, page)
    assert "Answer promised by" not in await shown(client, f"/contributions/{praise.number}")
    await register.withdraw(scene.ada, await contribution_by_public_id(scene.public_id), "It was done.")
    with after_the_freeze(scene.process):
        later = await shown(client, page)
    assert "Answer promised by" not in later
    assert "Late" not in later


async def test_a_number_that_is_nobodys_is_not_found(client):
    await shown(client, "/contributions/P1-2026-000001-X", 404)
    await shown(client, "/contributions/%00", 404)


@pytest.mark.parametrize("path", ["?print=1", "?share=1", "?print=1&share=1", "?lang=fr", "?lang=fr&print=1"])
async def test_every_variant_of_the_page_is_served(client, path):
    scene = await a_published_answer()
    page = await shown(client, f"/contributions/{scene.number}{path}")
    assert scene.number in page


async def test_it_says_what_changed_since_the_last_visit(client):
    scene = await a_cut_proposal()
    start = clock.now()
    with clock.at(start + timedelta(hours=1)):
        await shown(client, f"/contributions/{scene.number}")
    with clock.at(start + timedelta(hours=3)):
        assert "Since your last visit" not in await shown(client, f"/contributions/{scene.number}")
    with clock.at(start + timedelta(hours=4)):
        await register.hide((await Contribution.get(public_id=scene.public_id)).id, "test/1")
    with clock.at(start + timedelta(hours=5)):
        page = await shown(client, f"/contributions/{scene.number}")
    assert "Since your last visit" in page
    assert "Hidden by a moderator" in page


async def test_a_comment_that_supports_points_at_what_it_supports(client):
    process = await a_process()
    proposal = await a_proposal(await a_person("Ada Alm"), process)
    receipt = await a_comment(await a_person("Bo Birk"), proposal, "Yes!", relation=Relation.SUPPORTS)
    page = await shown(client, f"/contributions/{receipt.number}")
    assert "It supports or answers another text." in page
    assert f"/contributions/{proposal.number}" in page
