"""The reasons of a decision with many answers: parts that cost the same, and every answer in one of them."""

from __future__ import annotations

import re

import pytest

from civic.app import handlers
from civic.decisions import actions, queries
from civic.foundation import queue
from tests.cast import after_the_freeze
from tests.conftest import visitor
from tests.decisions.desk import a_town, read
from tests.decisions.test_cost import cost, many_points
from tests.decisions.test_documents import pdf_of
from tests.decisions.test_publication import SIGNED, answered


async def a_decision_with(count: int) -> str:
    town = await a_town()
    await answered(town)
    await many_points(town, count, answered_by=town.otto.participant)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await queue.work_off(handlers())
    return f"/decisions/{town.decision.public_id}/versions/1/reasons"


@pytest.mark.slow
async def test_a_part_costs_the_same_however_many_there_are_and_none_is_left_out(app, count_queries):
    anyone, costs = visitor(app), []
    for count in (queries.PART, 3 * queries.PART):
        address = await a_decision_with(count)
        costs.append(await cost(anyone, f"{address}?lang=en", count_queries))
    assert costs[0] == costs[1]
    seen: list[str] = []
    for part in range(1, 5):
        page = await read(anyone, f"{address}?part={part}")
        assert f"Part {part} of 4" in page
        seen += re.findall(r'<h4 id="o-([0-9a-z]+)"', page)
    assert len(seen) == len(set(seen)) == 3 * queries.PART + 2
    assert (await anyone.get(f"{address}?part=5")).status_code == 404
    pdf = await pdf_of(anyone, f"{address}.pdf?language=en&part=4")
    assert "(4/4)" in pdf.metadata.title
