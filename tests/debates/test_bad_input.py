"""Every field of every form, with what a person or a machine may send: 4xx, and the words are kept."""

from __future__ import annotations

import re

import httpx
import pytest

from civic.debates import queries
from civic.foundation import database as db
from tests.cast import a_comment, a_person, a_process, a_proposal, sign_in
from tests.conftest import visitor

KEPT = "Words that must not be lost."
NASTY = {
    "NUL": "a\x00b",
    "bidi": "abc\u202edef",
    "control": "a\x07b",
}
MARKUP = "<script>alert(1)</script><svg onload=alert(1)>"


async def a_scene(app):
    """Ada proposes, Bo comments and is signed in; give the forms each can fill in."""
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(bo, process)
    comment = await a_comment(bo, await a_proposal(ada, process, title="Other"), "Mine.", relation=None)
    thread = await queries.thread_on(f"proposal/{proposal.public_id}")
    base, key = f"/processes/{process.slug}/proposals", comment.contribution.public_id
    words = {"title": "A title", "body": KEPT}
    guest = {"guest_name": "Zoé", "guest_email": "zoe@town.example"}
    mine, own = f"/proposals/{proposal.public_id}", f"/comments/{key}"
    issue = f"/processes/{process.slug}/issues/{process.issues[0].public_id}"
    browser, stranger = await sign_in(visitor(app), bo), visitor(app)
    return [
        (stranger, f"{base}/new", base, {**words, **guest, "capacity": "users", "capacity_note": "Baker"}),
        (
            stranger,
            mine,
            f"/debates/{thread.public_id}/comments",
            {"body": KEPT, **guest, "relation": "asks"},
        ),
        (stranger, f"{issue}/debate", f"{issue}/comments", {"body": KEPT, **guest}),
        (browser, f"{mine}/edit", f"{mine}/edit", {**words, "note": "a note", "version": "1"}),
        (browser, f"{mine}/withdrawal", f"{mine}/withdrawal", {"reason": KEPT}),
        (browser, f"{own}/edit", f"{own}/edit", {"body": KEPT, "note": "a note", "version": "1"}),
        (browser, f"{own}/withdrawal", f"{own}/withdrawal", {"reason": KEPT}),
        (stranger, "/receipts", "/receipts", {"number": "P1-2026-000001-X", "code": "AAAA"}),
    ]


OPTIONAL = {"capacity", "capacity_note", "relation", "note", "code"}
WHOLE = {"version"}
CHOICES = {"capacity": "neither", "relation": "loves", "version": "many", "guest_email": "no address"}
LONGEST = {"body": 100_001, "number": 61, "code": 61, "guest_email": 255}


async def hidden(browser, page, action):
    """Read the tokens of the form of a page that goes to an address."""
    shown = (await browser.get(page)).text
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', shown, re.S)
    assert form, (page, action)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))


async def send(browser, page, action, fields) -> httpx.Response:
    """Send a form as a browser would, with a key of its own."""
    given = {**await hidden(browser, page, action), **fields}
    return await browser.post(action, data=given)


def variants(fields):
    """Give every field wrong in every way it can be wrong."""
    for name in fields:
        yield name, "too long", "x" * LONGEST.get(name, 2_000)
        if name not in OPTIONAL:
            yield name, "empty", ""
        if name in CHOICES:
            yield name, "wrong", CHOICES[name]
        for label, value in NASTY.items():
            if not (label == "bidi" and name in ("body", "reason")):
                yield name, label, value


async def test_each_field_wrong_in_each_way_is_a_4xx_that_keeps_the_words(app):
    for browser, page, action, fields in await a_scene(app):
        for name, label, value in variants(fields):
            sent = await send(browser, page, action, {**fields, name: value})
            where = (action, name, label, sent.status_code)
            assert sent.status_code == 422, where
            if name not in ("body", "reason") and KEPT in fields.values():
                assert KEPT in sent.text, where
            assert 'role="alert"' in sent.text, where
    (row,) = await db.rows("SELECT count(*) AS n FROM contribution")
    assert row["n"] == 3


async def test_bytes_that_are_no_text_are_a_4xx(app):
    for browser, page, action, fields in await a_scene(app):
        tokens = await hidden(browser, page, action)
        for raw in (b"%ED%A0%80", b"%FF%FE", b"a%00b"):
            name = next(iter(fields))
            pairs = [f"{key}={value}".encode() for key, value in tokens.items()]
            body = b"&".join([*pairs, name.encode() + b"=" + raw])
            kind = {"content-type": "application/x-www-form-urlencoded"}
            sent = await browser.post(action, content=body, headers=kind)
            assert sent.status_code == 422, (action, raw, sent.status_code)


async def test_a_field_that_was_not_asked_for_is_refused(app):
    for browser, page, action, fields in await a_scene(app):
        for name in ("author", "author_id", "visibility", "role", "submitted_at"):
            sent = await send(browser, page, action, {**fields, name: "1"})
            assert sent.status_code == 422, (action, name)


@pytest.mark.parametrize("name", ["title", "body", "capacity_note", "guest_name"])
async def test_markup_is_shown_as_it_was_typed_and_never_runs(app, name):
    process, ada = await a_process(), await a_person("Ada")
    browser = visitor(app)
    base = f"/processes/{process.slug}/proposals"
    words = {"title": "A title", "body": "Some words.", "guest_name": "Zoé", "guest_email": "z@town.example"}
    sent = await send(browser, f"{base}/new", base, {**words, name: f"x {MARKUP}"[:79]})
    assert sent.status_code == 303, sent.text[:500]
    await db.execute("UPDATE contribution SET visibility = 'public'")
    (row,) = await db.rows("SELECT public_id FROM proposal")
    for path in (base, f"/proposals/{row['public_id']}", sent.headers["location"]):
        shown = (await browser.get(path)).text
        assert "<script>alert" not in shown
        assert "<svg onload" not in shown
    assert ada


async def test_the_longest_comment_is_taken_and_one_sign_more_is_not(app):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    thread = await queries.thread_on(f"proposal/{proposal.public_id}")
    browser = await sign_in(visitor(app), bo)
    page, action = f"/proposals/{proposal.public_id}", f"/debates/{thread.public_id}/comments"
    long = await send(browser, page, action, {"body": "é" * 20_001})
    assert long.status_code == 422
    assert "é" * 20_001 in long.text
    assert (await send(browser, page, action, {"body": "é" * 20_000})).status_code == 303
