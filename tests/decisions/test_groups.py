"""One answer for several points: each may differ, all is seen before it is kept, many go by filter."""

from __future__ import annotations

import html
import re

from civic.decisions import queries
from civic.decisions.gates import PointState
from civic.decisions.models import Outcome, SharedGroup
from civic.decisions.pages import groups
from tests.cast import a_comment, claim_of
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_answering import proposal_of, state_of
from tests.decisions.test_pages import REFUSAL

GROUP = {"outcome": "declined", "label_en": "Deliveries", **REFUSAL}


async def newest(claim):
    return (await queries.answers_of_claim(claim.id))[0]


def chosen(town, *claims) -> tuple[str, str, list[str]]:
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in claims]
    return desk, f"{desk}/group?" + "&".join(f"point={one}" for one in points), points


async def test_a_point_of_a_group_keeps_its_label_with_a_sentence_and_an_outcome_of_its_own(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk, page, points = chosen(town, town.first, town.second)
    own = {f"own-{town.first.public_id}_en": "Your yard opens on Sundays."}
    other = {
        f"as-{town.second.public_id}": "deferred",
        f"own-{town.second.public_id}_en": "Later: the lorries come first.",
    }
    await send(otto, page, f"{desk}/group", **GROUP, **own, **other, point=points)
    first, second = await newest(town.first), await newest(town.second)
    assert first.group
    assert second.group
    assert (first.group.size, first.group.id) == (2, second.group.id)
    assert (first.outcome, first.answer.own_sentence["en"]) == (
        Outcome.DECLINED,
        "Your yard opens on Sundays.",
    )
    assert (second.outcome, second.answer.sentence["en"]) == (
        Outcome.DEFERRED,
        "Later: the lorries come first.",
    )
    assert second.answer.rationale == first.answer.rationale
    assert await state_of(town, town.second) is PointState.UNFINISHED


async def test_a_point_saved_alone_stays_in_its_group_until_somebody_takes_it_out(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk, page, points = chosen(town, town.first, town.second)
    await send(otto, page, f"{desk}/group", **GROUP, point=points)
    claim = f"/desk/claims/{town.second.public_id}"
    shown = await read(otto, claim)
    assert "It stays in this group" in shown
    answer = {**REFUSAL, "outcome": "declined", "own_sentence_en": "Lorries stop at number 4."}
    await send(otto, claim, claim, **answer, in_group="1")
    kept = await newest(town.second)
    assert kept.group
    assert (kept.group.size, kept.answer.own_sentence["en"]) == (2, "Lorries stop at number 4.")
    await send(otto, claim, claim, **answer, in_group=None)
    alone, other = await newest(town.second), await newest(town.first)
    assert alone.group is None
    assert other.group
    assert other.group.size == 1


async def test_a_group_answer_is_seen_before_it_is_kept(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk, page, points = chosen(town, town.first, town.second)
    own = {f"own-{town.first.public_id}_en": "Your yard opens on Sundays."}
    seen = await send(otto, page, f"{desk}/group", 200, **GROUP, **own, point=points, what="preview")
    assert seen.text.count(REFUSAL["sentence_en"]) >= 2
    assert "Your yard opens on Sundays." in seen.text
    assert "One answer to 2 points" in seen.text
    assert await queries.answers_of_claim(town.first.id) == []
    assert await SharedGroup.all().count() == 0
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', seen.text)
    again: dict[str, list[str]] = {}
    for name, value in fields:
        again.setdefault(name, []).append(html.unescape(value))
    back = await otto.post(f"{desk}/group", data={**again, "what": "edit"})
    assert back.status_code == 200
    assert "Your yard opens on Sundays." in back.text
    sent = await otto.post(f"{desk}/group", data={**again, "what": "send"})
    assert sent.status_code == 303
    kept = await newest(town.first)
    assert kept.answer.own_sentence["en"] == "Your yard opens on Sundays."


async def test_another_outcome_needs_its_own_sentence(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk, page, points = chosen(town, town.first, town.second)
    other = {f"as-{town.second.public_id}": "deferred"}
    told = await send(otto, page, f"{desk}/group", 422, **GROUP, **other, point=points, what="preview")
    assert "Say in one sentence what becomes of this point" in told.text
    assert await SharedGroup.all().count() == 0


async def test_more_points_than_a_page_lists_are_answered_by_their_filter(app, monkeypatch):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "Where do deliveries go, please?")
    claim = await claim_of(third.contribution.public_id)
    monkeypatch.setattr(groups, "MOST_LISTED", 1)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    page = f"{desk}/group?which=all"
    shown = await read(otto, page)
    assert "One answer for 3 points" in shown
    assert "And 2 more points of the filter" in shown
    (listed,) = re.findall(r'name="point" value="([^"]*)"', shown)
    await send(otto, page, f"{desk}/group", **GROUP, point=[listed], with_rest="1")
    for one in (town.first, town.second, claim):
        kept = await newest(one)
        assert kept.group
        assert kept.group.size == 3


async def test_a_point_of_the_filter_answered_meanwhile_comes_into_the_list(app, monkeypatch):
    town = await a_town()
    monkeypatch.setattr(groups, "MOST_LISTED", 1)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    page = f"{desk}/group?which=all"
    shown = await read(otto, page)
    (listed,) = re.findall(r'name="point" value="([^"]*)"', shown)
    (rest,) = re.findall(r'name="rest" value="([^"]*)"', shown)
    stale = rest.replace(":0", ":7")
    late = await send(otto, page, f"{desk}/group", 409, **GROUP, point=[listed], rest=stale, with_rest="1")
    assert "Somebody was quicker" in late.text
    assert rest in re.findall(r'name="point" value="([^"]*)"', late.text)
    assert 'name="rest"' not in late.text


async def test_a_group_is_read_as_a_batch_with_what_differs_beside_each_point(app):
    town = await a_town()
    otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
    desk, page, points = chosen(town, town.first, town.second)
    own = {f"own-{town.second.public_id}_en": "Lorries stop at number 4."}
    await send(otto, page, f"{desk}/group", **GROUP, **own, point=points)
    shown = await read(olga, f"{desk}/reviews")
    (ticked,) = re.findall(r'name="point" value="([^"]*)"', shown)
    assert len(ticked.split()) == 2
    assert shown.count("Lorries stop at number 4.") == 1
    await send(olga, f"{desk}/reviews", f"{desk}/reviews", point=ticked, verdict="approve")
    for one in (town.first, town.second):
        assert await state_of(town, one) is PointState.READY
