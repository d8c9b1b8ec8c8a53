"""Answering many points before Friday: what a filter finds, what a group refuses, where one comes back."""

from __future__ import annotations

import re

from civic.decisions import actions, queries
from civic.decisions.gates import PointState
from civic.decisions.models import Provision
from tests.cast import a_comment, a_note, claim_of
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_answering import proposal_of, state_of
from tests.decisions.test_pages import REFUSAL

GROUP = {"outcome": "declined", "label_en": "Deliveries", **REFUSAL}


async def test_all_points_of_a_filter_get_one_answer_and_one_comes_back_to_the_filter(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "Where do deliveries go, please?")
    claim = await claim_of(third.contribution.public_id)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    assert "which=all" not in await read(otto, desk)
    shown = await read(otto, f"{desk}?q=deliveries&state=unanswered")
    assert "Give these 2 points one answer" in shown
    page = f"{desk}/group?which=all&back=state%3Dunanswered%26q%3Ddeliveries"
    assert page.replace("&", "&amp;") in shown
    offered = await read(otto, page)
    points = [f"{one.public_id}:0" for one in (town.second, claim)]
    assert [one for one in points if one in offered] == points
    assert town.first.public_id not in offered
    sent = await send(otto, page, f"{desk}/group", **GROUP, point=points)
    assert sent.headers["location"] == f"{desk}?state=unanswered&q=deliveries"
    drafts = [(await queries.answers_of_claim(one.id))[0] for one in (town.second, claim)]
    assert [one.group.size for one in drafts if one.group] == [2, 2]


async def test_a_group_names_the_points_that_cannot_have_the_answer(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    noted = {"outcome": "noted", "label_en": "Read", "sentence_en": "It showed where lorries stop."}
    refused = await send(otto, page, f"{desk}/group", 422, **noted, point=points)
    assert errors_of(refused.text) == [
        "1 point of the list cannot have this answer: it is unticked. Send again for the others, "
        "or change the answer."
    ]
    beside = refused.text.split(points[0])[1].split(points[1])[0]
    assert "This point asks for a change or objects" in beside
    assert refused.text.count("This point asks for a change or objects") == 1
    assert "It showed where lorries stop." in refused.text
    assert [" checked" in tick for tick in re.findall(r'<input class="pick1"[^>]*>', refused.text)] == [
        False,
        True,
    ]
    assert await queries.answers_of_claim(town.second.id) == []


async def test_somebody_quicker_is_shown_in_the_list_of_the_group(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    await actions.draft_answer(town.olga_as_official, town.second.public_id, a_note(), expected_version=0)
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    late = await send(otto, page, f"{desk}/group", 409, **GROUP, point=points)
    assert "Somebody was quicker" in late.text
    assert REFUSAL["sentence_en"] in late.text
    assert f"{town.second.public_id}:1" in late.text


async def test_a_group_that_needs_no_article_leaves_none_behind(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    leftover = {"article_heading_en": "Rue", "article_text_en": "Closed."}
    await send(otto, page, f"{desk}/group", **GROUP, **leftover, point=points)
    assert await Provision.all().count() == 0


async def test_an_answer_that_was_kept_says_so(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    claim = f"/desk/claims/{town.second.public_id}"
    assert 'id="saved"' not in await read(otto, claim)
    sent = await send(otto, f"{claim}?outcome=declined", claim, **REFUSAL)
    shown = await read(otto, claim)
    assert sent.headers["location"].endswith("#saved")
    assert 'id="saved"' in shown
    assert "Version 1 is kept: Otto Ohm" in shown


async def test_what_is_wrong_names_its_field(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    lacking = await send(otto, f"{desk}/articles/new", f"{desk}/articles", 422)
    assert errors_of(lacking.text) == [
        "Heading: Please fill this in.",
        "Words of the article: Please fill this in.",
    ]
    claim = f"/desk/claims/{town.second.public_id}"
    long = {**REFUSAL, "sentence_en": "no " * 200}
    said = await send(otto, f"{claim}?outcome=declined", claim, 422, **long)
    assert errors_of(said.text)[0].startswith("The answer in one sentence: At most 300 characters")


async def test_each_version_of_an_article_shows_what_it_changed(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    first = {"heading_en": "Opening hours", "text_en": "The yards of the schools open at nine every day."}
    await send(otto, f"{desk}/articles/new", f"{desk}/articles", **first)
    second = {**first, "text_en": "The yards of the schools open at eight every day."}
    await send(otto, f"{desk}/articles/a1", f"{desk}/articles/a1", **second)
    shown = await read(otto, f"{desk}/articles/a1")
    versions = shown.split("<h2>Versions</h2>")[1]
    assert "<del" in versions
    assert versions.index("nine") < versions.index("eight")


async def test_the_next_point_is_one_of_the_filter(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "Where do deliveries go, please?")
    claim = await claim_of(third.contribution.public_id)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    under = "?back=q%3Ddeliveries"
    assert f"/desk/claims/{claim.public_id}{under}" in await read(otto, f"{desk}?q=deliveries")
    here, following = f"/desk/claims/{claim.public_id}", f"/desk/claims/{town.second.public_id}{under}"
    shown = await read(otto, f"{here}{under}")
    assert f'href="{following}"' in shown
    assert f'href="{desk}?q=deliveries"' in shown
    sent = await send(otto, f"{here}{under}&outcome=declined", here, next="1", **REFUSAL)
    assert sent.headers["location"] == following
    last = await send(otto, f"{following}&outcome=declined", following.partition("?")[0], **REFUSAL)
    assert last.headers["location"] == f"{following}#saved"
    assert "Next point to answer" not in await read(otto, following)


async def test_a_second_person_reads_one_answer_for_all_its_points(app):
    town = await a_town()
    otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    await send(otto, page, f"{desk}/group", **GROUP, point=points)
    shown = await read(olga, f"{desk}/reviews")
    assert shown.count(REFUSAL["rationale_en"]) == 1
    assert "I have read it and its 2 points" in shown
    (ticked,) = re.findall(r'name="point" value="([^"]*)"', shown)
    assert sorted(ticked.split()) == sorted(f"{one.public_id}:1" for one in (town.first, town.second))
    await send(olga, f"{desk}/reviews", f"{desk}/reviews", point=ticked, verdict="approve")
    for one in (town.first, town.second):
        assert await state_of(town, one) is PointState.READY
