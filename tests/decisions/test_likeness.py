"""Whether a reason being written could be addressed to anybody: said while writing, with its twin (4.7)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from civic.contributions import actions as register
from civic.decisions import actions, queries
from civic.decisions.queries import likeness
from civic.foundation import database
from civic.foundation.errors import Conflict
from tests.cast import a_comment, a_person, a_process, a_refusal, claim_of
from tests.decisions.desk import a_town, browser_of, read
from tests.decisions.test_answering import proposal_of
from tests.decisions.test_cost import many_points
from tests.decisions.test_pages import REFUSAL
from tests.decisions.test_similarity import FALSELY_PERSONAL, PLAIN, SPECIFIC

LIVE = {"HX-Request": "true", "HX-Request-Type": "partial"}
WRITING = {**REFUSAL, "rationale_en": FALSELY_PERSONAL}


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


async def kept(town, claim, why: str, version: int = 0):
    return await actions.draft_answer(town.otto, claim.public_id, a_refusal(why), expected_version=version)


async def live(browser, page: str, to: str, status: int = 200, **fields) -> str:
    """Write in a form and let htmx ask, as the page does by itself."""
    shown = await read(browser, page)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    answer = await browser.post(to, data={**hidden, **fields}, headers=LIVE)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


async def test_the_golden_case_shows_while_one_writes_with_its_numbers_and_its_twin(app):
    town = await a_town()
    await kept(town, town.first, PLAIN)
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.second.public_id}?outcome=declined"
    to = f"/desk/claims/{town.second.public_id}/likeness"
    assert f'hx-post="{to}"' in await read(otto, page)
    found = await live(otto, page, to, **WRITING)
    assert found.startswith('<div id="likeness"')
    assert "it repeats another one" in plain(found)
    assert "Of the 22 runs of three words in the two texts, both have 16: 73 %." in plain(found)
    assert "Of the 18 runs of the shorter text, the other has 16: 89 %." in plain(found)
    assert "2 words belong to this answer alone; at least 12 are needed." in plain(found)
    assert "</mark>on cycling <mark>" in found
    assert f'href="/desk/claims/{town.first.public_id}"' in found
    assert f"point={town.first.public_id}:1&amp;point={town.second.public_id}" in found
    assert (await queries.answers_of_claim(town.second.id)) == []


async def test_a_reason_that_says_something_of_its_own_passes(app):
    town = await a_town()
    await kept(town, town.first, PLAIN)
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.second.public_id}?outcome=declined"
    said = {**WRITING, "rationale_en": f"{PLAIN} {SPECIFIC}"}
    found = plain(await live(otto, page, f"/desk/claims/{town.second.public_id}/likeness", **said))
    assert found == "Compared with 1 other answer of this decision: it says enough of its own."
    nothing = {
        name: value for name, value in WRITING.items() if not name.startswith(("rationale", "sentence"))
    }
    assert plain(await live(otto, page, f"/desk/claims/{town.second.public_id}/likeness", **nothing)) == ""


async def test_without_javascript_a_button_says_it_and_no_word_is_lost(app):
    town = await a_town()
    await kept(town, town.first, PLAIN)
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.second.public_id}?outcome=declined"
    to = f"/desk/claims/{town.second.public_id}/likeness"
    shown = await read(otto, page)
    assert f'formaction="{to}"' in shown
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    answer = await otto.post(to, data={**hidden, **WRITING})
    assert answer.status_code == 200
    assert "it repeats another one" in answer.text
    assert answer.text.count(WRITING["evidence"]) == 1
    assert FALSELY_PERSONAL in answer.text


async def test_a_kept_draft_shows_what_it_repeats(app):
    town = await a_town()
    await kept(town, town.first, PLAIN)
    await kept(town, town.second, FALSELY_PERSONAL)
    otto = await browser_of(app, town.otto)
    shown = await read(otto, f"/desk/claims/{town.second.public_id}")
    assert "This answer is too much like another one" in shown
    assert "</mark>on cycling <mark>" in shown


async def test_a_group_being_written_is_compared_with_the_answers_to_other_points(app):
    town = await a_town()
    third = await a_comment(town.ada, await proposal_of(town), "Where do deliveries go, please?")
    claim = await claim_of(third.contribution.public_id)
    await kept(town, town.first, PLAIN)
    otto = await browser_of(app, town.otto)
    desk = f"/desk/decisions/{town.decision.public_id}"
    points = [f"{one.public_id}:0" for one in (town.second, claim)]
    page = f"{desk}/group?" + "&".join(f"point={one}" for one in points)
    said = {**WRITING, "label_en": "Deliveries", "point": points}
    found = await live(otto, page, f"{desk}/group/likeness", **said)
    assert "it repeats another one" in found
    assert f"point={town.first.public_id}:1" in found
    points = [f"{one.public_id}:0" for one in (town.first, town.second)]
    alone = plain(await live(otto, page, f"{desk}/group/likeness", **{**said, "point": points}))
    assert alone == "Compared with 0 other answers of this decision: it says enough of its own."


async def test_nobody_else_reads_the_drafts_of_a_process_through_it(app):
    town, elsewhere = await a_town(), await a_process()
    await kept(town, town.first, PLAIN)
    stranger = await browser_of(app, await a_person("Yves Yon", "official", process=elsewhere.public_id))
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.second.public_id}?outcome=declined"
    to = f"/desk/claims/{town.second.public_id}/likeness"
    assert "it repeats another one" in await live(otto, page, to, **WRITING)
    shown = await read(stranger, "/desk/decisions/new")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    for path in (to, f"/desk/decisions/{town.decision.public_id}/group/likeness"):
        answer = await stranger.post(path, data={**hidden, **WRITING}, headers=LIVE)
        assert answer.status_code == 404
        assert "considered" not in answer.text


async def generic(town) -> set[int]:
    return set(await likeness.generic_answers(await queries.decision_by_id(town.decision.id)))


async def test_the_shelf_follows_what_is_written_hidden_and_undone(database):
    town = await a_town()
    one = await kept(town, town.first, PLAIN)
    assert await generic(town) == set()
    two = await kept(town, town.second, FALSELY_PERSONAL)
    assert await generic(town) == {one.id, two.id}
    three = await kept(town, town.second, SPECIFIC, 1)
    assert await generic(town) == set()
    four = await kept(town, town.second, PLAIN, 2)
    assert await generic(town) == {one.id, four.id}
    assert three.id not in await generic(town)
    await undone(town)
    assert await generic(town) == {one.id, four.id}
    card = await register_card(town)
    await register.withdraw(town.bo, card, "No longer mine.")
    assert await generic(town) == set()


async def undone(town) -> None:
    """Write inside a transaction that comes to nothing: what it saw there is not remembered."""
    with pytest.raises(Conflict):
        async with database.transaction():
            await kept(town, town.first, SPECIFIC, 1)
            assert await generic(town) == set()
            raise Conflict("undone")


async def register_card(town):
    from civic.contributions import queries as contributions

    return await contributions.contribution_by_id(town.second.contribution_id)


async def test_what_another_process_of_the_server_wrote_is_read(database, count_queries):
    """Another worker has a shelf of its own: here nothing was put on ours by the act itself."""
    town = await a_town()
    one, two = await kept(town, town.first, PLAIN), await kept(town, town.second, PLAIN)
    assert await generic(town) == {one.id, two.id}
    decision = await queries.decision_by_id(town.decision.id)
    with count_queries() as still:
        await likeness.generic_answers(decision)
    await kept(town, town.second, SPECIFIC, 1)
    with count_queries() as after:
        assert dict(await likeness.generic_answers(decision)) == {}
    assert still.count == after.count == 3
    issue = decision.issues[0]
    renamed = replace(decision, issues=(replace(issue, title={"en": "budget"}),))
    assert dict(await likeness.generic_answers(renamed)) == {}


async def test_a_check_costs_the_same_for_few_reasons_and_many(app, count_queries):
    town = await a_town()
    await kept(town, town.first, PLAIN)
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.second.public_id}?outcome=declined"
    shown = await read(otto, page)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    costs = []
    for more in (2, 40):
        await many_points(town, more, answered_by=town.otto.participant)
        to = f"/desk/claims/{town.second.public_id}/likeness"
        with count_queries() as seen:
            answer = await otto.post(to, data={**hidden, **WRITING}, headers=LIVE)
        assert "it repeats another one" in answer.text
        costs.append(seen.count)
    assert costs[0] == costs[1]
