"""A proposal is endorsed once per person, whatever arrives at the same time."""

from __future__ import annotations

import asyncio
import re

import pytest

from civic.foundation import database as db
from civic.foundation.errors import Refused
from civic.foundation.viewer import STRANGER
from civic.proposals import actions, queries
from tests.cast import a_person, a_process, a_proposal, fill, recorded, sign_in


async def a_scene():
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    return ada, bo, await a_proposal(ada, process)


async def count(proposal):
    return (await queries.visible_proposal(STRANGER, proposal.public_id)).endorsement_count


async def test_fifty_clicks_of_one_person_count_once(app):
    _ada, bo, proposal = await a_scene()
    await asyncio.gather(*(actions.endorse(bo, proposal) for _ in range(50)))
    assert await count(proposal) == 1
    (row,) = await db.rows("SELECT public_id FROM endorsement")
    assert await recorded(row["public_id"]) == ["endorsement.given"]


async def test_an_endorsement_is_taken_back_and_given_again(client):
    _ada, bo, proposal = await a_scene()
    await sign_in(client, bo)
    page, action = f"/proposals/{proposal.public_id}", f"/proposals/{proposal.public_id}/endorsement"
    for expected in (1, 0, 1):
        assert (await fill(client, page, action)).status_code == 303
        assert await count(proposal) == expected
    assert 'aria-pressed="true"' in (await client.get(page)).text
    (row,) = await db.rows("SELECT public_id FROM endorsement")
    assert await recorded(row["public_id"]) == [
        "endorsement.given",
        "endorsement.withdrawn",
        "endorsement.given",
    ]


async def test_an_author_cannot_endorse_their_own_proposal(client):
    ada, _bo, proposal = await a_scene()
    with pytest.raises(Refused):
        await actions.endorse(ada, proposal)
    await sign_in(client, ada)
    shown = (await client.get(f"/proposals/{proposal.public_id}")).text
    assert "/endorsement" not in shown
    token = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
    sent = await client.post(
        f"/proposals/{proposal.public_id}/endorsement", data={"csrf": token, "endorsed": "1"}
    )
    assert sent.status_code == 403
    assert await count(proposal) == 0


async def test_a_stranger_is_asked_to_sign_in_first(client):
    _ada, _bo, proposal = await a_scene()
    with pytest.raises(Refused):
        await actions.endorse(STRANGER, proposal)
    assert "/sign-in?next=" in (await client.get(f"/proposals/{proposal.public_id}")).text
