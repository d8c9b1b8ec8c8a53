"""The read API: what anybody's program can read, page by page, and how it is told what went wrong."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Match

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.foundation import limits
from civic.opendata import addresses
from civic.opendata.operations import OPERATIONS
from tests.cast import a_comment, a_draft_process, a_person, a_process, a_proposal
from tests.conftest import visitor
from tests.trace.scene import a_cut_proposal, a_published_answer, the_answer

API = "/api/v1"


async def told(client, path: str, status: int = 200, **headers):
    """Ask the API and give what it says."""
    answer = await client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["content-type"] == kind
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


async def all_of(client, path: str) -> list[dict]:
    """Read a list to its end, following its cursors."""
    found, following = [], ""
    while True:
        page = await told(client, path + following)
        found += page["data"]
        if page["next"] is None:
            return found
        following = ("&" if "?" in path else "?") + f"after={page['next']}"


async def test_a_trace_says_what_became_of_each_point_and_names_no_contributor(client):
    scene = await a_published_answer()
    trace = await told(client, f"{API}/contributions/{scene.number}")
    by_number = {point["number"]: point for point in trace["points"]}
    assert {n: point["standing"] for n, point in by_number.items()} == {
        1: "noted",
        2: "adopted",
        3: "declined",
    }
    refused = by_number[3]["outcome"]
    assert refused["words"] == "Who pays for the signs?"
    assert (refused["signed_by"], refused["signed_role"]) == ("Dora Diaz", "Deputy mayor")
    assert "forty journeys a day" in refused["reason"]["en"]
    assert by_number[2]["outcome"]["articles"] == ["a1"]
    assert {"Received", "Answered in a published decision"} <= {one["what"]["en"] for one in trace["events"]}
    assert all(one["what"]["fr"] != one["what"]["en"] for one in trace["events"])
    assert "Ada Alm" not in str(trace)
    assert "@town.example" not in str(trace)


async def test_a_decision_comes_with_its_coverage_and_its_answers(client):
    scene = await a_published_answer()
    (short,) = await all_of(client, f"{API}/decisions?process={scene.process.slug}")
    whole = await told(client, f"{API}/decisions/{short['id']}")
    assert whole["coverage"]["outcomes"] == {"adopted": 1, "declined": 1, "noted": 1}
    assert (whole["coverage"]["points"], whole["coverage"]["unanswered"]) == (3, 0)
    assert [one["outcome"] for one in whole["outcomes"]["data"]] == ["declined", "adopted", "noted"]
    assert whole["articles"][0]["eid"] == "a1"
    refused = await all_of(client, f"{API}/decisions/{short['id']}/outcomes?family=no&limit=1")
    assert [one["point"] for one in refused] == [3]
    one = await told(client, f"{API}/outcomes/{refused[0]['id']}?version=1")
    assert one == refused[0]
    await told(client, f"{API}/outcomes/{refused[0]['id']}?version=2", 404)


async def test_lists_are_read_page_by_page_without_gap_or_repetition(client):
    process = await a_process(slug="parks")
    ada = await a_person("Ada Alm")
    made = [await a_proposal(ada, process, title=f"Bench {number}") for number in range(5)]
    found = await all_of(client, f"{API}/proposals?process=parks&limit=2")
    assert [one["title"] for one in found] == [f"Bench {number}" for number in reversed(range(5))]
    asked = [await a_comment(await a_person("Bo Birk"), made[0], f"Why {n}?") for n in range(4)]
    answer = await a_comment(ada, made[0], "Because.", to=asked[1].contribution.public_id)
    debate = next(one for one in found if one["title"] == "Bench 0")["debate"]
    comments = await all_of(client, f"{API}/debates/{debate}/comments?limit=2")
    assert [one["text"] for one in comments] == ["Why 0?", "Why 1?", "Because.", "Why 2?", "Why 3?"]
    assert comments[2]["parent"] == comments[1]["id"] == asked[1].contribution.public_id
    assert comments[2]["id"] == answer.contribution.public_id


async def test_words_that_are_hidden_are_gone_and_their_place_says_so(client):
    process = await a_process()
    proposal = await a_proposal(await a_person("Ada Alm"), process, title="Benches", body="Everywhere.")
    before = await told(client, f"{API}/proposals/{proposal.public_id}")
    assert (before["title"], before["text"]) == ("Benches", "Everywhere.")
    await register.hide((await Contribution.get(public_id=proposal.public_id)).id, "test/1")
    after = await told(client, f"{API}/proposals/{proposal.public_id}")
    assert (after["title"], after["text"], after["visibility"]) == ("", "", "restricted")
    assert await all_of(client, f"{API}/proposals") == []
    trace = await told(client, f"{API}/contributions/{before['number']}")
    assert [point["standing"] for point in trace["points"]] == ["withdrawn"]
    assert "Everywhere" not in str(trace)


async def test_drafts_do_not_exist(client):
    await a_draft_process(slug="secret")
    assert await all_of(client, f"{API}/processes") == []
    await told(client, f"{API}/processes/secret", 404)
    await told(client, f"{API}/proposals?process=secret", 404)


async def test_what_was_kept_is_not_sent_again(client):
    process = await a_process()
    first = await client.get(f"{API}/processes/{process.slug}")
    tag = first.headers["etag"]
    for kept in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await client.get(f"{API}/processes/{process.slug}", headers={"If-None-Match": kept})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    await a_proposal(await a_person("Ada Alm"), process)
    list_before = await client.get(f"{API}/proposals")
    await a_proposal(await a_person("Bo Birk"), process)
    changed = await client.get(f"{API}/proposals", headers={"If-None-Match": list_before.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "errors"),
    [
        ("/api", 404, set()),
        ("/api/", 404, set()),
        ("/api/v2/processes", 404, set()),
        (f"{API}/proposals/none", 404, set()),
        (f"{API}/proposals/%00", 404, set()),
        (f"{API}/contributions/P1-2026-000001-X", 404, set()),
        (f"{API}/decisions/{'0' * 26}", 404, set()),
        (f"{API}/proposals?after={'0' * 26}", 404, set()),
        (f"{API}/processes?after={'0' * 26}", 404, set()),
        (f"{API}/decisions?after={'0' * 26}", 404, set()),
        (f"{API}/proposals?famly=no", 422, {"famly"}),
        (f"{API}/proposals?limit=0", 422, {"limit"}),
        (f"{API}/proposals?limit=101", 422, {"limit"}),
        (f"{API}/proposals?limit=1&limit=2", 422, {"limit"}),
        (f"{API}/proposals?after=%00", 422, {"after"}),
        (f"{API}/processes?standing=shut", 422, {"standing"}),
        (f"{API}/moderation/log?measure=bang&after=x", 422, {"measure", "after"}),
    ],
)
async def test_what_goes_wrong_is_said_in_json(client, path, status, errors):
    for language in ("en", "fr"):
        problem = await told(client, path, status, **{"Accept-Language": language})
        assert problem["status"] == status
        assert problem["detail"]
        assert set(problem["errors"]) == errors


async def test_other_methods_are_refused_in_json(client):
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = await client.request(method, f"{API}/processes")
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
        assert answer.headers["content-type"] == "application/problem+json"


async def test_asking_too_often_is_told_when_to_come_back(app, monkeypatch):
    monkeypatch.setitem(limits.RATES, "api_network", limits.Rate(2, 60, counts_failures=True))
    async with visitor(app) as program:
        assert [(await program.get(f"{API}/processes")).status_code for _ in range(3)] == [200, 200, 429]
        refused = await program.get("/api/openapi.json")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"


async def test_a_page_of_the_api_costs_the_same_however_much_there_is(client, count_queries):
    costs = []
    for points in (2, 12):
        scene = await a_cut_proposal(points=points)
        proposal = await told(client, f"{API}/proposals/{scene.public_id}")
        bo = await a_person("Bo Birk")
        for number in range(points):
            await a_comment(bo, await _card(scene), f"Why {number}?")
        cost = []
        for path in (f"/contributions/{scene.number}", f"/debates/{proposal['debate']}/comments",
                     "/proposals", "/processes", "/decisions", "/moderation/log"):  # fmt: skip
            with count_queries() as seen:
                await told(client, API + path)
            cost.append(seen.count)
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 30, costs


async def _card(scene):
    from civic.proposals.queries import visible_proposal

    return await visible_proposal(scene.ada, scene.public_id)


async def test_every_address_the_api_gives_is_a_page_of_this_house(client, app):
    scene = await a_published_answer()
    outcome = await the_answer(scene, 3)
    given = [
        addresses.process("x"), addresses.issue("x", "y"), addresses.proposal("x"), addresses.debate("x"),
        addresses.comment("x"), addresses.contribution("x"), addresses.provenance("x"),
        addresses.decision("x"), addresses.decision("x", 1), addresses.outcome(outcome.public_id, 1),
        addresses.statement("x"),
    ]  # fmt: skip
    for one in given:
        path = re.sub("^https?://[^/]+", "", one)
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "root_path": ""}
        assert any(route.matches(scope)[0] is Match.FULL for route in app.router.routes), path
    assert (await client.get(re.sub("^https?://[^/]+", "", given[-2]))).status_code == 200


async def test_the_page_about_the_api_names_every_address(client):
    for language in ("en", "fr"):
        page = (await client.get(f"/opendata/api?lang={language}")).text
        for one in OPERATIONS:
            assert f'<code dir="ltr">{one.path}</code>' in page
    assert 'href="/opendata/api"' in (await client.get("/opendata")).text
