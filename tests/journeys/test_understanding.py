"""A text is cut by its words or its sentences; its author says, by one link, whether that is right."""

import pytest

from civic.contributions.queries import claims_of, contribution_by_public_id
from tests.journeys.live import link_in
from tests.journeys.people import cookie_of, errors_of, fill_in, send
from tests.journeys.plugin import EVERYWHERE
from tests.journeys.stories import a_debate, address_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = "Children cross it"


@EVERYWHERE
async def test_cut_a_text_and_ask_its_author(acting, windows, look):
    story = await a_debate(look.language)
    text = await contribution_by_public_id(story.proposals[0].public_id)
    (whole,) = await claims_of(text.id)
    async with windows(look, await cookie_of(story.people["otto"])) as otto:
        await _cut(otto, f"/desk/claims/{whole.public_id}/points")
        page = f"/desk/texts/{text.public_id}"
        await otto.open(page)
        await send(otto, f"{page}/check")
    (claim,) = await claims_of(text.id)
    assert claim.words == (WORDS if look.scripts else "Children cross it four times a day.")
    mails = await acting.post.wait_for(await address_of(story.people["ada"]), 2)
    links = [link_in(mail, "/checks/") for mail in mails if "/checks/" in _said(mail)]
    async with windows(look) as ada:
        await ada.open(links[-1])
        await fill_in(ada, links[-1], {f"verdict_{claim.public_id}": "no"})
        await fill_in(ada, links[-1], {f"words_{claim.public_id}": "The children cross it."})
        await send(ada, links[-1])
        assert ada.path.startswith("/checks/thanks"), await errors_of(ada) or ada.path
    (claim,) = await claims_of(text.id)
    assert (claim.check_state, claim.restatement) == ("corrected", "The children cross it.")


def _said(mail) -> str:
    return mail.get_body(("plain",)).get_content()


async def _cut(otto, page: str) -> None:
    """Select words with the keyboard where scripts run, or tick a sentence."""
    await otto.open(page)
    if otto.look.scripts:
        await otto.page.focus("#cut-text")
        await otto.page.keyboard.press("ControlOrMeta+Home")
        for _ in WORDS:
            await otto.page.keyboard.press("Shift+ArrowRight")
    else:
        await fill_in(otto, page, {"sentence": "1"})
    await send(otto, page, 'button[value="add"]')
    assert not await errors_of(otto)
    await send(otto, page, 'button[value="cut"]')
    assert otto.path.startswith("/desk/claims/"), await errors_of(otto) or otto.path
