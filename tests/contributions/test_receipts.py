"""The number identifies, the code opens: guests confirm, correct and withdraw without an account."""

from __future__ import annotations

import asyncio
import html
import re

from civic.contributions import queries
from civic.foundation import database as db
from civic.foundation.viewer import STRANGER
from tests.cast import a_person, a_process, a_proposal, fill, mailed_path, sign_in
from tests.conftest import visitor

GUEST = {"guest_name": "Zoé L.", "guest_email": "zoe@town.example"}
WORDS = {"title": "A bench at the bus stop", "body": "My mother cannot stand for ten minutes."}


async def send(browser, process, **fields):
    """Fill in the form of a proposal and send it."""
    new = f"/processes/{process.slug}/proposals/new"
    return await fill(browser, new, f"/processes/{process.slug}/proposals", **{**WORDS, **fields})


async def a_guests_receipt(browser, process, **fields):
    """Send a guest's proposal; give the address of its receipt, its number and its code."""
    sent = await send(browser, process, **{**GUEST, **fields})
    assert sent.status_code == 303, sent.text[:3000]
    shown = await browser.get(sent.headers["location"])
    code = re.search(r'id="secret-code">([^<]+)<', shown.text)
    assert code, shown.text
    number = sent.headers["location"].rpartition("/")[2]
    return sent.headers["location"], number, code[1], shown.text


async def test_a_guest_proposes_confirms_by_the_mailed_link_and_is_published(client):
    process = await a_process()
    path, number, _code, page = await a_guests_receipt(client, process)
    assert "Waits for your confirmation" in page
    assert "zoe@town.example" in page
    public_id = (await queries.contribution_behind_code(number)).public_id
    other = visitor(client._transport.app)
    assert (await other.get(f"/proposals/{public_id}")).status_code == 404
    link = await mailed_path("contribution.confirm")
    opened = await other.get(link)
    assert opened.status_code == 200
    assert WORDS["body"] in opened.text
    assert (await other.get(f"/proposals/{public_id}")).status_code == 404
    used = await fill(other, link, link)
    assert used.status_code == 303
    assert "Your proposal is published" in (await other.get(used.headers["location"])).text
    assert (await client.get(f"/proposals/{public_id}")).status_code == 200
    assert "Published" in (await client.get(path)).text
    gone = await other.post(link, data={"csrf": await token(other)})
    assert gone.status_code == 404
    assert "used already" in gone.text


async def token(browser):
    return re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/receipts")).text)[1]


async def test_sent_twice_the_form_makes_one_proposal_and_shows_the_same_receipt(client):
    process = await a_process()
    page = await client.get(f"/processes/{process.slug}/proposals/new")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    data = {**hidden, **WORDS, **GUEST}
    action = f"/processes/{process.slug}/proposals"
    before = dict(client.cookies)
    first, second = await asyncio.gather(*(client.post(action, data=data) for _ in range(2)))
    assert first.headers["location"] == second.headers["location"]
    (row,) = await db.rows("SELECT count(*) AS n FROM proposal")
    assert row["n"] == 1
    code = r'id="secret-code">([^<]+)<'
    assert re.search(code, (await client.get(second.headers["location"])).text)
    back = visitor(client._transport.app)
    back.cookies.update(before)
    other = await back.post(action, data={**data, "body": "Other words."})
    assert other.status_code == 409


async def test_a_number_alone_opens_nothing_that_the_code_protects(client):
    process = await a_process()
    path, number, code, _page = await a_guests_receipt(client, process)
    stranger = visitor(client._transport.app)
    shown = await stranger.get(path)
    assert WORDS["body"] not in shown.text
    assert "Open a receipt" in shown.text
    public_id = (await queries.contribution_behind_code(number)).public_id
    for address in (f"/proposals/{public_id}/edit", f"/proposals/{public_id}/withdrawal"):
        assert (await stranger.get(address)).status_code == 404
        given = {"csrf": await token(stranger), "form_key": "k" * 26, "reason": "x"}
        assert (await stranger.post(address, data=given)).status_code == 404
    wrong = await fill(stranger, "/receipts", "/receipts", number=number, code="AAAA-BBBB-CCCCC")
    assert wrong.status_code == 422
    assert number in wrong.text
    right = await fill(stranger, "/receipts", "/receipts", number=number.lower(), code=code.lower())
    assert right.status_code == 303
    assert WORDS["body"] in (await stranger.get(right.headers["location"])).text
    assert (await stranger.get(f"/proposals/{public_id}/edit")).status_code == 200


async def test_the_code_is_shown_in_the_browser_that_sent_and_in_no_other(client):
    process, ada = await a_process(), await a_person("Ada")
    await sign_in(client, ada)
    sent = await send(client, process)
    shown = await client.get(sent.headers["location"])
    assert 'id="secret-code"' in shown.text
    elsewhere = await sign_in(visitor(client._transport.app), ada)
    again = await elsewhere.get(sent.headers["location"])
    assert again.status_code == 200
    assert 'id="secret-code"' not in again.text
    assert WORDS["body"] in again.text
    printed = await client.get(sent.headers["location"] + "?print=1")
    assert 'id="secret-code"' in printed.text


async def test_guessing_codes_is_limited(client):
    process = await a_process()
    _path, number, _code, _page = await a_guests_receipt(client, process)
    guesser = visitor(client._transport.app)
    key = await token(guesser)
    answers = [
        (
            await guesser.post(
                "/receipts", data={"csrf": key, "number": number, "code": f"AAAA-{n:04}-BBBBB"}
            )
        ).status_code
        for n in range(12)
    ]
    assert answers[:8] == [422] * 8
    assert set(answers[8:]) == {429}


async def test_a_guest_with_the_code_corrects_and_withdraws(client):
    process = await a_process()
    await a_guests_receipt(client, process)
    link = await mailed_path("contribution.confirm")
    await fill(client, link, link)
    (row,) = await db.rows("SELECT public_id FROM proposal")
    page = f"/proposals/{row['public_id']}/edit"
    done = await fill(client, page, page, title="A bench with a back", body="And some shade.", version=1)
    assert done.status_code == 303
    versions = await client.get(f"/proposals/{row['public_id']}/versions")
    assert "<ins" in versions.text
    assert "<del" in versions.text
    page = f"/proposals/{row['public_id']}/withdrawal"
    assert (await fill(client, page, page, reason="")).status_code == 422
    assert (await fill(client, page, page, reason="It was built.")).status_code == 303
    shown = await visitor(client._transport.app).get(f"/proposals/{row['public_id']}")
    assert shown.status_code == 200
    assert "It was built." in shown.text
    assert "bench" not in shown.text
    card = await queries.contribution_by_public_id(row["public_id"])
    assert not queries.may_see(STRANGER, card)


async def test_the_link_is_mailed_again_to_the_guest_and_to_nobody_elses_asking(client):
    process = await a_process()
    path, number, _code, _page = await a_guests_receipt(client, process)
    stranger = visitor(client._transport.app)
    key = await token(stranger)
    refused = await stranger.post(f"{path}/link", data={"csrf": key, "form_key": "f" * 26})
    assert refused.status_code == 404
    sent = await fill(client, path, f"{path}/link")
    assert sent.status_code == 303
    assert "on its way" in (await client.get(sent.headers["location"])).text
    link = await mailed_path("contribution.confirm_again")
    assert (await fill(client, link, link)).status_code == 303
    assert (await queries.contribution_behind_code(number)).is_public


async def test_a_number_alone_leads_to_what_is_public(client):
    process, ada = await a_process(), await a_person("Ada")
    await sign_in(client, ada)
    sent = await send(client, process)
    number = sent.headers["location"].rpartition("/")[2]
    stranger = visitor(client._transport.app)
    found = await fill(stranger, "/receipts", "/receipts", number=number.lower(), code="")
    assert found.headers["location"] == f"/contributions/{number}"
    assert WORDS["title"] in (await stranger.get(found.headers["location"])).text
    empty = await fill(stranger, "/receipts", "/receipts", number="", code="")
    assert empty.status_code == 422


async def test_a_number_alone_leads_to_what_is_public_and_a_mistyped_one_is_given_back(client):
    process = await a_process()
    proposal = await a_proposal(await a_person("Ada"), process)
    number = proposal.number
    for typed in (number, f" {number.lower()} ", number.replace("-", " "), number.replace("-", "–")):
        found = await fill(client, "/receipts", "/receipts", number=typed, code="")
        assert found.status_code == 303, typed
        assert found.headers["location"] == f"/contributions/{number}"
    _path, waiting, _code, _page = await a_guests_receipt(client, process)
    stranger = visitor(client._transport.app)
    said = []
    for typed in (waiting, "P9-2026-999999-Z", "what?"):
        page = await fill(stranger, "/receipts", "/receipts", number=typed, code="")
        assert page.status_code == 422, typed
        assert html.escape(typed) in page.text
        said.append("Nothing public has this number." in page.text)
    assert all(said), "a number that waits and one that is nobody's are told apart by nothing"


async def test_a_receipt_promises_nothing_to_words_that_were_taken_back(client):
    process, ada = await a_process(), await a_person("Ada")
    await sign_in(client, ada)
    sent = await send(client, process)
    assert "An answer with its reason" in (await client.get(sent.headers["location"])).text
    (row,) = await db.rows("SELECT public_id FROM proposal")
    page = f"/proposals/{row['public_id']}/withdrawal"
    await fill(client, page, page, reason="The stop was closed.")
    shown = (await client.get(sent.headers["location"])).text
    assert "You withdrew your proposal" in shown
    assert "You withdrew it" in shown
    assert "An answer with its reason" not in shown
