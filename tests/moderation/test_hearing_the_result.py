"""Somebody without an account reports, goes away, and comes back for the result."""

import re

from civic.foundation.limits import RATES
from tests.cast import as_viewer, sign_in
from tests.conftest import visitor
from tests.moderation.scene import a_reported_comment, hide

CODE = "AAAA-BBBB-CCCCC"


async def test_the_secret_code_opens_the_result_in_any_browser(app):
    scene = await a_reported_comment()
    await hide(scene)
    page = f"/reports/{scene['receipt'].number}"
    async with visitor(app) as zoe:
        closed = await zoe.get(page)
        assert "It insults the traders." not in closed.text
        assert (await fill_code(zoe, page, "AAAA-BBBB-CCCCD")).status_code == 422
        assert (await fill_code(zoe, page, CODE.lower())).headers["location"] == page
        opened = await zoe.get(page)
    assert opened.status_code == 200
    assert "The text is hidden." in opened.text
    assert "It insults the traders." in opened.text


async def fill_code(browser, page, code):
    """Type a code into the page that asks for it, whatever its status."""
    shown = await browser.get(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text) or re.search(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text
    )
    return await browser.post(f"{page}/code", data={token[1]: token[2], "code": code})


async def test_a_number_alone_tells_nothing_not_even_that_there_is_a_report(app):
    scene = await a_reported_comment()
    real, made_up = f"/reports/{scene['receipt'].number}", "/reports/R-2026-999999-A"
    async with visitor(app) as stranger:
        first, second = await stranger.get(real), await stranger.get(made_up)
        assert first.status_code == second.status_code == 404
        for path in (real, made_up):
            assert (await fill_code(stranger, path, "ZZZZ-ZZZZ-ZZZZZ")).status_code == 422


async def test_guessing_the_code_of_a_report_is_limited(app):
    scene = await a_reported_comment()
    page = f"/reports/{scene['receipt'].number}"
    async with visitor(app) as stranger:
        tries = [await fill_code(stranger, page, "ZZZZ-ZZZZ-ZZZZZ") for _ in range(9)]
    assert RATES["code_contribution"].amount == 8
    assert tries[-1].status_code == 429


async def test_an_author_who_is_not_recognised_is_shown_the_way_in(app):
    scene = await a_reported_comment()
    decided = await hide(scene)
    page = f"/moderation/statements/{decided.statement}"
    async with visitor(app) as stranger, visitor(app) as bo:
        shown = (await stranger.get(page)).text
        await sign_in(bo, await as_viewer(scene["bo"].participant))
        mine = (await bo.get(page)).text
    assert "Is this text yours?" in shown
    assert f"/sign-in?next={page}" in shown
    assert "Is this text yours?" not in mine
