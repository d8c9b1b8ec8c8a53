"""Who answers which points: given to colleagues many at once, found by filter, filters kept by name."""

from __future__ import annotations

import re

from civic.decisions import actions, queries
from civic.notices.models import Notice
from tests.cast import a_note
from tests.decisions.desk import a_town, browser_of, errors_of, read, send


async def test_points_are_given_to_a_colleague_who_is_told_once_and_finds_them(app):
    town = await a_town()
    otto, olaf = await browser_of(app, town.otto), await browser_of(app, town.olga_as_official)
    desk = f"/desk/decisions/{town.decision.public_id}"
    page = f"{desk}/assignment?" + "&".join(f"point={one.public_id}:0" for one in (town.first, town.second))
    assert (await Notice.filter(kind="points.assigned").count()) == 0
    await send(otto, page, f"{desk}/assignment", to=town.olga_as_official.public_id)
    (told,) = await Notice.filter(kind="points.assigned")
    assert told.data["path"] == f"{desk}?who={town.olga_as_official.public_id}"
    mine = await read(olaf, told.data["path"])
    assert f"/desk/claims/{town.first.public_id}" in mine
    assert f"/desk/claims/{town.second.public_id}" in mine
    nobody = await read(olaf, f"{desk}?state=unanswered&who=nobody")
    assert f"/desk/claims/{town.first.public_id}" not in nobody
    assert "Given to Olaf Orr." in await read(otto, f"/desk/claims/{town.first.public_id}")
    await send(otto, f"{desk}/assignment?point={town.first.public_id}", f"{desk}/assignment", to="nobody")
    assert f"/desk/claims/{town.first.public_id}" not in await read(olaf, told.data["path"])
    assert await Notice.filter(kind="points.assigned").count() == 1


async def test_a_point_given_to_somebody_is_still_unanswered_and_anybody_may_answer(app):
    town = await a_town()
    await actions.assign(town.otto, town.decision, [town.second.public_id], town.olga_as_official.public_id)
    desk = await queries.desk_of(await queries.decision_by_id(town.decision.id))
    assert len(desk.unanswered) == 2
    kept = await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=0)
    assert kept.number == 1


async def test_all_points_of_a_filter_are_given_at_once(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    page = f"{desk}/assignment?which=all&back=state%3Dunanswered"
    wrong = await send(otto, page, f"{desk}/assignment", 422, to="x" * 26)
    assert errors_of(wrong.text) == ["Who answers them?: Please choose one of the answers."]
    sent = await send(otto, page, f"{desk}/assignment", to=town.otto.public_id)
    assert sent.headers["location"] == f"{desk}?state=unanswered"
    points = (await queries.desk_of(await queries.decision_by_id(town.decision.id))).points
    assert {one.assigned_to for one in points} == {town.otto.public_id}
    assert await Notice.filter(kind="points.assigned").count() == 0


async def test_a_filter_is_kept_under_a_name_for_one_official_alone(app):
    town = await a_town()
    otto, olaf = await browser_of(app, town.otto), await browser_of(app, town.olga_as_official)
    desk = f"/desk/decisions/{town.decision.public_id}"
    await send(
        otto, f"{desk}?q=deliveries&state=unanswered", f"{desk}/filters", name="Lorries",
    )  # fmt: skip
    assert f'href="{desk}?state=unanswered&amp;q=deliveries"' in await read(otto, desk)
    assert "Lorries" in await read(otto, desk)
    assert "Lorries" not in await read(olaf, desk)
    await send(otto, f"{desk}?q=benches", f"{desk}/filters", name="Lorries", drop=None)
    assert f'href="{desk}?q=benches"' in await read(otto, desk)
    (key,) = re.findall(r'name="drop" value="([^"]+)"', await read(otto, desk))
    await send(otto, desk, f"{desk}/filters", drop=key)
    assert "Lorries" not in await read(otto, desk)
