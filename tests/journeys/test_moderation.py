"""A report, a hidden text with its reasons, an appeal, another moderator, the text back."""

import re

import pytest

from tests import cast
from tests.journeys.live import link_in, text_of
from tests.journeys.people import cookie_of, fill_in, send
from tests.journeys.plugin import EVERYWHERE
from tests.journeys.stories import a_debate, address_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

INSULT = "Anyway the traders are crooks, all of them."
FACTS = "Calls a whole group crooks and names no fact."


@EVERYWHERE
async def test_a_text_is_hidden_contested_and_restored(acting, windows, look):
    story = await a_debate(look.language)
    said = await cast.a_comment(story.people["bo"], story.proposals[0], INSULT)
    page, key = f"/proposals/{story.proposals[0].public_id}", said.contribution.public_id
    async with windows(look) as zoe:
        await zoe.open(page)
        await zoe.click_through(f'#c-{key} a[href*="/reports/new"]')
        fields = {"ground": "insult", "explanation": "It insults the traders.", "good_faith": True}
        await fill_in(zoe, "/reports", fields)
        await send(zoe, "/reports")
        number = re.search(r"R-\d{4}-\d{6}-\w", await zoe.words())
        assert number, "the receipt of the report"
        await _hide(windows, look, story)
        await zoe.open(page)
        assert INSULT not in await zoe.words()
        await zoe.open(f"/reports/{number[0]}")
        assert zoe.page.url.endswith(number[0]), "this browser opens the result"
    bo_reads = await acting.post.wait_for(await address_of(story.people["bo"]), 1)
    hidden = next(mail for mail in bo_reads if FACTS in text_of(mail))
    await _contest(windows, look, story, link_in(hidden, "/moderation/statements/"))
    await _rule(windows, look, story)
    async with windows(look) as anybody:
        await anybody.open(page)
        assert INSULT in await anybody.words(), "the text is back in its place"
        await anybody.open("/moderation/log")
        log = await anybody.words()
        assert INSULT not in log
        assert "Mira" not in log
    await acting.post.wait_for(await address_of(story.people["bo"]), 2)


async def _hide(windows, look, story) -> None:
    async with windows(look, await cookie_of(story.people["mira"])) as mira:
        await mira.open("/moderation")
        await mira.click_through('main a[href^="/moderation/cases/"]')
        case = mira.path
        await fill_in(
            mira, f"{case}/decision", {"rule": "3", "passage": "the traders are crooks", "facts": " "}
        )
        await send(mira, f"{case}/decision", 'button[value="hide"]')
        assert await mira.page.locator(".errsum").count() == 1, "no restriction without its reasons"
        await fill_in(mira, f"{case}/decision", {"facts": FACTS})
        await send(mira, f"{case}/decision", 'button[value="hide"]')
        assert mira.path == "/moderation"


async def _contest(windows, look, story, statement: str) -> None:
    async with windows(look, await cookie_of(story.people["bo"])) as bo:
        await bo.open(statement)
        words = await bo.words()
        assert INSULT in words, "the author still reads their own text"
        assert FACTS in words
        await fill_in(bo, f"{statement}/appeal", {"text": "I named nobody."})
        await send(bo, f"{statement}/appeal")
        assert await bo.page.locator(".errsum").count() == 0


async def _rule(windows, look, story) -> None:
    async with windows(look, await cookie_of(story.people["mira"])) as mira:
        await mira.open("/moderation")
        await mira.page.locator('main a[href^="/moderation/appeals/"]').first.click()
        await mira.page.wait_for_load_state("load")
        assert await mira.page.locator('form[action$="/ruling"]').count() == 0, "not by who decided"
    async with windows(look, await cookie_of(story.people["max"])) as second:
        await second.open("/moderation")
        await second.click_through('main a[href^="/moderation/appeals/"]')
        ruling = f"{second.path}/ruling"
        await fill_in(second, ruling, {"finding": "upheld", "reason": "Criticism of a group is allowed."})
        await send(second, ruling)
        assert await second.page.locator(".errsum").count() == 0
