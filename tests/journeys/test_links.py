"""Every kind of mailed link does what it says in a browser, which says less of where a form comes from."""

import pytest

from civic.accounts import actions as accounts
from civic.accounts.forms import GrantDraft
from civic.accounts.models import Role
from civic.foundation import ids
from civic.moderation import actions as moderation
from civic.moderation import queries as desk
from civic.moderation.forms import ReportDraft
from civic.moderation.models import Ground
from tests import cast
from tests.journeys.browsers import a_network
from tests.journeys.live import link_in
from tests.journeys.people import an_address, cookie_of, errors_of, fill_in, send
from tests.journeys.plugin import LOOKING
from tests.journeys.stories import a_debate, address_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "neuf cygnes sur la rivière, le matin"


@LOOKING
async def test_signing_in_and_a_new_password_by_mailed_links(acting, windows, look):
    ada = await cast.a_person("Ada", language=look.language)
    address = await address_of(ada)
    async with windows(look) as window:
        await window.open("/sign-in")
        await fill_in(window, "/sign-in/link", {"address": address})
        await send(window, "/sign-in/link")
        mails = await acting.post.wait_for(address, 1)
        await _follow(window, link_in(mails[-1], "/links/"), {})
        await window.open("/account")
        assert window.path == "/account", "signed in"
        await send(window, "/sign-out")
        await window.open("/password/forgotten")
        await fill_in(window, "/password/forgotten", {"address": address})
        await send(window, "/password/forgotten")
        mails = await acting.post.wait_for(address, 2)
        await _follow(window, link_in(mails[-1], "/links/"), {"password": PASSWORD})
        assert window.path == "/account"
        await send(window, "/sign-out")
        await window.open("/sign-in")
        await fill_in(window, "/sign-in", {"address": address, "password": PASSWORD})
        await send(window, "/sign-in")
        assert not await errors_of(window)


@LOOKING
async def test_an_invitation_and_a_new_address_by_mailed_links(acting, windows, look):
    root, address, newer = (
        await cast.a_person("Root", "administrator"),
        an_address("ines"),
        an_address("ines"),
    )
    await accounts.invite(root, address, GrantDraft(Role.MODERATOR, "", "", "Helps out."), look.language)
    (mail,) = await acting.post.wait_for(address)
    async with windows(look) as ines:
        await _follow(
            ines, link_in(mail, "/links/"), {"name": f"Ines {ids.public_id()[:5]}", "password": PASSWORD}
        )
        assert ines.path == "/account"
        await ines.open("/moderation")
        assert ines.path == "/moderation"
        await ines.open("/account/address")
        await fill_in(ines, "/account/address", {"address": newer})
        await send(ines, "/account/address")
        (mail,) = await acting.post.wait_for(newer)
        await _follow(ines, link_in(mail, "/links/"), {})
        await ines.open("/account")
        assert newer in await ines.words()


@LOOKING
async def test_mails_are_stopped_by_one_press(acting, windows, look):
    story = await a_debate(look.language)
    bo = story.people["bo"]
    subject = await desk.visible_subject(bo, f"proposal/{story.proposals[0].public_id}")
    draft = ReportDraft(Ground.INSULT, "It insults people.", "", "")
    code = ids.secret_code()
    network = a_network()
    await moderation.report(bo, subject, draft, network=network, code=code, language="en")
    mails = await acting.post.wait_for(await address_of(bo))
    stop = link_in(mails[-1], "/notices/stop/")
    async with windows(look) as window:
        await window.open(stop)
        await send(window, stop)
        assert not await errors_of(window)
    async with windows(look, await cookie_of(bo)) as window:
        await window.open("/notices/mails")
        assert await window.page.locator('input[name="groups"]:not(:checked)').count() == 1


async def _follow(window, link: str, fields: dict[str, str]) -> None:
    await window.open(link)
    await fill_in(window, link, fields)
    await send(window, link)
    assert not await errors_of(window)
