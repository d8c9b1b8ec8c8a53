"""While an official writes, the page says by itself that the reason could be addressed to anybody."""

from __future__ import annotations

import pytest

from civic.decisions import actions
from tests import cast
from tests.decisions.test_similarity import FALSELY_PERSONAL, PLAIN, SPECIFIC
from tests.journeys.browsers import Look
from tests.journeys.people import cookie_of
from tests.journeys.stories import a_frozen_debate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_a_reason_like_another_is_told_before_it_is_kept(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 2)
    otto = story.people["otto"]
    await cast.a_decision(otto, story.process)
    await actions.draft_answer(otto, story.claims[0], cast.a_refusal(PLAIN), expected_version=0)
    async with windows(look, await cookie_of(otto)) as official:
        await official.open(f"/desk/claims/{story.claims[1]}")
        await official.page.check('input[name="outcome"][value="declined"]')
        await official.page.wait_for_selector('textarea[name="rationale_en"]')
        await official.page.fill('textarea[name="rationale_en"]', FALSELY_PERSONAL)
        await official.page.wait_for_selector("#likeness mark")
        said = await official.page.inner_text("#likeness")
        assert "16 sont communes" in said
        assert await official.page.input_value('textarea[name="rationale_en"]') == FALSELY_PERSONAL
        await official.page.fill('textarea[name="rationale_en"]', f"{PLAIN} {SPECIFIC}")
        await official.page.wait_for_selector("#likeness mark", state="detached")
        assert "Comparée à 1 autre réponse" in await official.page.inner_text("#likeness")
