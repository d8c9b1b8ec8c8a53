"""From a first visit to a proposal that counts, without an account: three clicks and one form."""

import pytest

from civic.contributions.queries import counts
from tests.cast import a_process
from tests.journeys.live import link_in
from tests.journeys.people import an_address, form_to, send
from tests.journeys.plugin import EVERYWHERE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TITLE = "Un banc à l’ombre devant l’école"
BODY = "On attend debout, en plein soleil, avec les petits."


@EVERYWHERE
async def test_a_first_visit_ends_with_a_proposal_that_counts(acting, windows, look):
    process = await a_process(debate=(-10, 2), freeze_in=2)  # What ends soonest stands on the home page.
    address = an_address("nadia")
    new = f"/processes/{process.slug}/proposals/new"
    async with windows(look) as nadia:
        await nadia.open("/")
        await nadia.click_through(f'main a[href="{new}"]')
        await nadia.page.fill("#f-title", TITLE)
        await nadia.page.fill("#f-body", BODY)
        await nadia.page.fill("#f-guest_name", "Nadia B.")
        await nadia.page.fill("#f-guest_email", address)
        await send(nadia, f"/processes/{process.slug}/proposals")
        assert nadia.path.startswith("/receipts/")
        assert (await counts(process.id)).published == 0
        number = nadia.path.rpartition("/")[2]
        assert number in await nadia.words()
        (mail,) = await acting.post.wait_for(address)
        link = link_in(mail, "/confirmations/")
        await nadia.open(link)
        await send(nadia, link)
        assert nadia.clicks <= 3, "three clicks and one form"
        assert nadia.path == f"/receipts/{number}"
    counted = await counts(process.id)
    assert (counted.received, counted.published, counted.people) == (1, 1, 1)
    async with windows(look) as anybody:
        await anybody.open(f"/processes/{process.slug}/proposals")
        await anybody.click_through(f'main a:has-text("{TITLE}")')
        assert BODY in await anybody.words()
        assert address not in await anybody.page.content()
        await anybody.open(link)
        assert await anybody.page.locator(form_to(link)).count() == 0, "the link works once"
