"""What a person wrote, and where each of its points stands: with an account, or with a receipt's code."""

from __future__ import annotations

import re
from datetime import timedelta

from civic.contributions.models import Contribution
from civic.foundation import clock, ids
from tests.cast import a_person, a_process, a_proposal, fill, sign_in
from tests.conftest import visitor
from tests.trace.scene import a_cut_proposal, a_published_answer, ask
from tests.trace.test_trace_page import shown


async def test_each_point_says_where_it_stands(client):
    scene = await a_published_answer()
    with clock.at(scene.published_at + timedelta(days=1)):
        await sign_in(client, scene.ada)
        page = await shown(client, "/mine")
    assert re.findall(rf'href="/contributions/{scene.number}#(p\d)"', page)[-3:] == ["p3", "p2", "p1"]
    assert "Reply to a refusal, or contest it" in page


async def test_a_question_waits_on_top(client):
    scene = await a_cut_proposal()
    await ask(scene)
    await sign_in(client, scene.ada)
    page = await shown(client, "/mine")
    assert "1 thing waits for you" in page
    assert "Which hours do you mean?" in page


async def test_nobody_sees_what_others_wrote(client, app):
    scene = await a_cut_proposal()
    await sign_in(client, await a_person("Zoe Zhou"))
    assert scene.number not in await shown(client, "/mine")
    async with visitor(app) as stranger:
        assert "Nothing is open in this browser" in await shown(stranger, "/mine")


async def test_a_secret_code_opens_the_list_without_an_account(client):
    scene = await a_cut_proposal()
    code = ids.secret_code()
    await Contribution.filter(public_id=scene.public_id).update(code_hash=ids.hash_code(code))
    await fill(client, "/mine", "/receipts", number=scene.number, code=code)
    assert scene.number in await shown(client, "/mine")


async def test_the_list_is_paged_by_cursor(client):
    process = await a_process()
    ada = await a_person("Ada Alm")
    for number in range(12):
        await a_proposal(ada, process, title=f"Bench {number}")
    await sign_in(client, ada)
    first = await shown(client, "/mine")
    found = re.search(r'href="(/mine\?before=\d+)"', first)
    assert found
    assert "Bench 11" in first
    assert "Bench 1<" not in first
    assert "Bench 0" in await shown(client, found[1])
    for bad in ("?before=x", "?before=0", "?show=%00", "?before=99999999999999999999", "?show=<b>"):
        await shown(client, f"/mine{bad}")


async def test_filters_keep_what_they_say(client):
    scene = await a_published_answer()
    with clock.at(scene.published_at + timedelta(days=1)):
        await sign_in(client, scene.ada)
        assert "Nothing is left without an answer" in await shown(client, "/mine?show=open")
        assert "No draft" in await shown(client, "/mine?show=drafts")
