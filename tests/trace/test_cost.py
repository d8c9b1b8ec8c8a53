"""A page costs the same however much was said."""

from __future__ import annotations

from contextlib import contextmanager

from civic.foundation import database
from tests.cast import a_person, a_process, a_proposal, sign_in
from tests.trace.scene import a_cut_proposal
from tests.trace.test_trace_page import shown


@contextmanager
def counted(monkeypatch):
    """Count the statements sent to the database."""
    client = type(database._client())
    sent: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        before = getattr(client, name)

        async def spy(self, query, values=None, *, _before=before, _name=name):
            if _name == "execute_query" or client.__module__.endswith("asyncpg_client"):
                sent.append(query)
            return await _before(self, query, values)

        monkeypatch.setattr(client, name, spy)
    yield sent
    monkeypatch.undo()


async def test_a_trace_costs_the_same_for_two_points_and_for_twenty(client, monkeypatch):
    costs = []
    for points in (2, 20):
        scene = await a_cut_proposal(points=points)
        await shown(client, f"/contributions/{scene.number}")
        with counted(monkeypatch) as sent:
            await shown(client, f"/contributions/{scene.number}")
        costs.append(len(sent))
    assert costs[0] == costs[1] > 0


async def test_the_list_of_mine_costs_the_same_for_two_and_for_ten(client, monkeypatch):
    process = await a_process()
    ada = await a_person("Ada Alm")
    await sign_in(client, ada)
    costs = []
    for more in (2, 8):
        for number in range(more):
            await a_proposal(ada, process, title=f"Bench {more} {number}")
        await shown(client, "/mine")
        with counted(monkeypatch) as sent:
            await shown(client, "/mine")
        costs.append(len(sent))
    assert costs[0] == costs[1] > 0
