"""Comment, reply to a comment, and come back to it by its own address."""

import pytest

from tests.journeys.people import cookie_of, fill_in, send
from tests.journeys.plugin import LOOKING
from tests.journeys.stories import a_debate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ARGUMENT = "And where would the deliveries go in the morning?"
REPLY = "To the square, as they do on market days."


@LOOKING
async def test_a_comment_and_its_reply_stand_together(acting, windows, look):
    story = await a_debate(look.language)
    page = f"/proposals/{story.proposals[0].public_id}"
    async with windows(look, await cookie_of(story.people["bo"])) as bo:
        await bo.open(page)
        action = await bo.page.locator("form#reply").get_attribute("action")
        await fill_in(bo, action, {"body": ARGUMENT, "relation": "asks"})
        await send(bo, action)
        assert ARGUMENT in await bo.words()
        comment = bo.path.rpartition("/")[2]
        assert bo.path == f"/comments/{comment}"
    async with windows(look, await cookie_of(story.people["cleo"])) as cleo:
        await cleo.open(page)
        link = f'#c-{comment} a[href$="/comments/{comment}/reply"]'
        if look.scripts:
            await cleo.click(link)
            await cleo.page.wait_for_selector(
                f'form input[name="parent"][value="{comment}"]', state="attached"
            )
        else:
            await cleo.click_through(link)
        form = cleo.page.locator(
            "form.composer", has=cleo.page.locator(f'[name="parent"][value="{comment}"]')
        )
        await form.locator('[name="body"]').fill(REPLY)
        async with cleo.page.expect_navigation(wait_until="load"):
            await form.locator("p.row > button").last.click()
        reply = cleo.path.rpartition("/")[2]
    async with windows(look) as anybody:
        await anybody.open(page)
        nested = anybody.page.locator(
            f"li:has(> #c-{comment}) #c-{reply}, li:has(#c-{comment}) .kids #c-{reply}"
        )
        assert REPLY in await nested.first.inner_text(), "the reply stands under what it answers"
        await anybody.click_through(f"#c-{reply} a.when")
        assert anybody.path == f"/comments/{reply}"
        words = await anybody.words()
        assert words.index(ARGUMENT) < words.index(REPLY), "the permalink shows what it answers first"
