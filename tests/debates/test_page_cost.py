"""The pages around a debate cost the same, and stay light, however long it is."""

from __future__ import annotations

import gzip

from civic.debates import queries
from tests.cast import a_comment, a_person, a_process, a_proposal, sign_in
from tests.conftest import visitor
from tests.debates.crowd import fill_thread


async def test_the_pages_of_a_debate_cost_the_same_with_10_and_with_10_000_comments(client, count_queries):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    await sign_in(client, bo)
    top = await a_comment(ada, proposal, "Top.", relation=None)
    await a_comment(ada, proposal, "Under.", to=top.contribution.public_id, relation=None)
    await fill_thread(proposal, 200)
    thread = await queries.thread_on(f"proposal/{proposal.public_id}")
    pages = [
        f"/proposals/{proposal.public_id}",
        f"/proposals/{proposal.public_id}?order=newest",
        f"/proposals/{proposal.public_id}?relation=supports",
        f"/debates/{thread.public_id}",
        f"/comments/{top.contribution.public_id}",
        f"/comments/{top.contribution.public_id}/reply",
    ]
    few = [await cost(client, count_queries, path) for path in pages]
    await fill_thread(proposal, 9_800)
    assert [await cost(client, count_queries, path) for path in pages] == few
    stranger = visitor(client._transport.app)
    for path in pages:
        assert len(gzip.compress((await stranger.get(path)).content)) < 20_000, path


async def cost(client, count_queries, path):
    """Count the statements of one page, whose weight is bounded."""
    with count_queries() as seen:
        shown = await client.get(path)
    assert shown.status_code == 200
    assert len(gzip.compress(shown.content)) < 20_000, path
    return seen.count
