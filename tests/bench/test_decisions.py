"""What the benchmarks measure holds at any size: the same number of queries, one notice per person."""

from __future__ import annotations

from bench.decisions import look, notices
from bench.measuring import counted
from bench.town import build
from civic.foundation import database as house
from tests.cast import after_the_freeze

GROWS = {"publication"}
"""What tells people writes to each of them."""


async def test_three_times_the_points_cost_the_same_number_of_queries_and_each_person_one_notice(app):
    costs, told = [], []
    for contributions, points in ((40, 120), (120, 360)):
        town = await build(contributions, points)
        with after_the_freeze(town.process):
            taken = await look(app, town)
        before = sum(one["notices"] for one in told)
        found = await notices()
        told.append({"notices": found["notices"] - before, "people": town.people})
        costs.append({cost.name: counted(statements) for cost, statements, _ in taken})
    assert costs[0].keys() >= {"workspace", "coverage board", "gate", "decision", "trace"}
    steady = [{name: count for name, count in one.items() if name not in GROWS} for one in costs]
    few, many = (one.pop("check while writing") for one in steady)
    assert abs(few - many) <= 1, "one more where somebody read the twin a second time"
    assert steady[0] == steady[1]
    assert all(one["notices"] == one["people"] for one in told)
    assert told[1]["people"] > told[0]["people"]
    (row,) = await house.rows("SELECT count(*) AS points FROM published_outcome")
    assert row["points"] > 200
