"""The answers of a decision as a spreadsheet: the filters of the list, stable ids, nothing that runs."""

from __future__ import annotations

import csv
import io

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.decisions import actions
from civic.decisions.queries import OutcomeFilter, decision_by_public_id, every_outcome, permalinks
from civic.opendata.exports import OUTCOME_COLUMNS
from tests.trace.scene import a_published_answer, the_answer


async def rows_of(client, decision: str, query: str = "") -> list[dict[str, str]]:
    answer = await client.get(f"/decisions/{decision}/outcomes.csv{query}")
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_each_answer_is_one_row_under_its_permalink(client):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    rows = await rows_of(client, card.stated.decision, "?language=en")
    assert tuple(rows[0]) == OUTCOME_COLUMNS
    assert [row["outcome"] for row in rows] == ["noted", "adopted", "declined"], "in the order they came"
    refused = rows[2]
    assert (refused["id"], refused["version"], refused["point"]) == (card.public_id, "1", "3")
    assert refused["url"].endswith(f"/outcomes/{card.public_id}/versions/1")
    assert (refused["reason_codes"], refused["signed_by"]) == ("feasibility", "Dora Diaz")
    assert rows[1]["articles"] == "a1"
    assert "Ada" not in str(rows)
    french = await rows_of(client, card.stated.decision, "?language=fr&outcome=declined")
    assert [row["sentence"] for row in french] == ["Non, la rue reste ouverte."]


async def test_the_file_takes_the_filters_of_the_list_and_refuses_others(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    for query, outcomes in (
        ("?family=no", ["declined"]), ("?outcome=adopted", ["adopted"]), ("?article=a1", ["adopted"]),
        ("?reason=feasibility", ["declined"]), ("?reason=political", []),
    ):  # fmt: skip
        assert [row["outcome"] for row in await rows_of(client, decision, query)] == outcomes, query
    for query in ("?reason=because", "?familiy=no", "?after=1"):
        assert (await client.get(f"/decisions/{decision}/outcomes.csv{query}")).status_code == 422
    assert (await client.get(f"/decisions/{'0' * 26}/outcomes.csv")).status_code == 404


async def test_no_cell_is_a_formula(client):
    scene = await a_published_answer()
    outcome = await the_answer(scene, 3)
    await actions.reply(scene.ada, outcome.public_id, "=HYPERLINK(1)")
    answer = await client.get(f"/decisions/{outcome.stated.decision}/outcomes.csv")
    cells = [
        cell for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff"), newline="")) for cell in row
    ]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


async def test_a_hidden_text_keeps_its_row_and_nothing_of_its_words(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    await register.hide((await Contribution.get(public_id=scene.public_id)).id, "test/1")
    rows = await rows_of(client, decision)
    assert [row["outcome"] for row in rows] == ["withdrawn"] * 3, "as many rows as the page counts"
    for name in ("words", "restatement", "sentence", "reason", "reason_codes", "articles", "category"):
        assert {row[name] for row in rows} == {""}, name
    assert await rows_of(client, decision, "?reason=feasibility") == []


async def test_a_long_file_is_read_piece_by_piece(database, monkeypatch, count_queries):
    scene = await a_published_answer()
    decision = await decision_by_public_id((await the_answer(scene, 3)).stated.decision)
    assert decision.in_force is not None
    costs = []
    for piece in (1, 2, 3):
        monkeypatch.setattr(permalinks, "PIECE", piece)
        with count_queries() as seen:
            pieces = [one async for one in every_outcome(decision.in_force.id, OutcomeFilter())]
        assert [card.claim.number for cards in pieces for card in cards] == [1, 2, 3]
        costs.append(seen.count / (len(pieces) + 1))
    assert max(costs) < 20


async def test_who_kept_the_file_is_told_that_it_is_still_true_until_something_changes(client):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    path = f"/decisions/{card.stated.decision}/outcomes.csv?language=en"
    tag = (await client.get(path)).headers["etag"]
    kept = await client.get(path, headers={"if-none-match": tag})
    assert (kept.status_code, kept.content) == (304, b"")
    for other in ("?language=fr", "?language=en&family=no"):
        answer = await client.get(path.split("?")[0] + other, headers={"if-none-match": tag})
        assert answer.status_code == 200, other
    contribution = await Contribution.get(public_id=scene.public_id)
    await register.hide(contribution.id, because="moderation/1")
    after = await client.get(path, headers={"if-none-match": tag})
    assert after.status_code == 200
    assert after.headers["etag"] != tag
