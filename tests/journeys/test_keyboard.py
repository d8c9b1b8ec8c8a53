"""The whole way with the keyboard alone: register, propose, reply, moderate, answer, publish."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from civic.foundation import clock, ids
from civic.moderation import actions as moderation
from civic.moderation import queries as desk
from civic.moderation.forms import ReportDraft
from civic.moderation.models import Ground
from tests import cast
from tests.journeys.browsers import Look, Window, a_network
from tests.journeys.live import link_in
from tests.journeys.people import an_address, cookie_of, errors_of, form_to
from tests.journeys.plugin import LOOKING
from tests.journeys.stories import a_debate, a_frozen_debate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST = 150
"""How many presses of Tab somebody may need on one page."""
HERE = "selector => document.activeElement.matches(selector)"
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return box.width > 0 && (ring || style.boxShadow !== 'none' || one.matches('input, textarea, select'));
}"""


async def tab_to(window: Window, selector: str) -> None:
    """Press Tab until something is focused, which is then visible."""
    for _ in range(MOST):
        if await window.page.evaluate(HERE, selector):
            assert await window.page.evaluate(SEEN), f"{selector} shows where the focus is"
            return
        await window.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached on {window.page.url}")


async def press(window: Window, selector: str, key: str = "Enter") -> None:
    """Go to a link or a button and press it; the page that follows is waited for."""
    await tab_to(window, selector)
    async with window.page.expect_navigation(wait_until="load"):
        await window.page.keyboard.press(key)


async def write(window: Window, selector: str, words: str) -> None:
    """Go to a field and write in it."""
    await tab_to(window, selector)
    await window.page.keyboard.press("ControlOrMeta+A")
    await window.page.keyboard.type(words)


async def choose(window: Window, name: str, value: str) -> None:
    """Go to a group of choices and move to one with the arrows."""
    await tab_to(window, f'input[name="{name}"]')
    if not await window.page.evaluate("() => document.activeElement.checked"):
        await window.page.keyboard.press("Space")
    for _ in range(12):
        if await window.page.evaluate(HERE, f'[value="{value}"]'):
            return
        await window.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be set to {value}")


async def tick(window: Window, selector: str) -> None:
    """Go to a box and tick it."""
    await tab_to(window, selector)
    await window.page.keyboard.press("Space")


def button(action: str, more: str = ":not([name]):not([formaction])") -> str:
    """Name the button that sends a form."""
    return f'{form_to(action)} button:not([type="button"]){more}'


@LOOKING
async def test_register_and_propose_by_keyboard(acting, windows, look):
    process = await cast.a_process()
    address, new = an_address("keys"), f"/processes/{process.slug}/proposals"
    async with windows(look) as kim:
        await kim.open("/register")
        await write(kim, "#f-name", "Kim K.")
        await write(kim, "#f-address", address)
        await press(kim, button("/register"))
        (mail,) = await acting.post.wait_for(address)
        link = link_in(mail, "/links/")
        await kim.open(link)
        await press(kim, button(link))
        await kim.open(f"/processes/{process.slug}")
        await press(kim, f'a[href="{new}/new"]')
        await write(kim, "#f-title", "Un arceau à vélos")
        await write(kim, "#f-body", "Les vélos barrent le trottoir.")
        await press(kim, button(new))
        assert kim.path.startswith("/receipts/"), await errors_of(kim) or kim.path


@LOOKING
async def test_reply_and_moderate_by_keyboard(acting, windows, look):
    story = await a_debate(look.language)
    comment = await cast.a_comment(story.people["bo"], story.proposals[0], "The traders are crooks.")
    key = comment.contribution.public_id
    async with windows(look, await cookie_of(story.people["cleo"])) as cleo:
        await cleo.open(f"/comments/{key}/reply")
        await write(cleo, 'textarea[name="body"]', "Please give a fact.")
        action = await cleo.page.locator("form.composer").first.get_attribute("action")
        await press(cleo, button(action or ""))
        assert "Please give a fact." in await cleo.words()
        await cleo.open(f"/comments/{key}")
        await press(cleo, f'#c-{key} a[href*="/reports/new"]')
        await choose(cleo, "ground", "insult")
        await write(cleo, "#f-explanation", "It insults the traders.")
        await tick(cleo, "#f-good_faith")
        await press(cleo, button("/reports"))
    async with windows(look, await cookie_of(story.people["mira"])) as mira:
        await mira.open("/moderation")
        await press(mira, 'main a[href^="/moderation/cases/"]')
        case = mira.path
        await choose(mira, "rule", "3")
        await write(mira, "#f-passage", "the traders are crooks")
        await write(mira, "#f-facts", "Calls a group crooks.")
        await press(mira, button(f"{case}/decision", '[value="hide"]'))
        assert mira.path == "/moderation"


@LOOKING
async def test_two_keys_keep_the_first_case_of_the_queue(acting, windows, look):
    if not look.scripts:
        return
    story = await a_debate(look.language)
    bo, mira = story.people["bo"], story.people["mira"]
    subject = await desk.visible_subject(bo, f"proposal/{story.proposals[0].public_id}")
    draft = ReportDraft(Ground.DANGER, "Somebody may be hurt.", "", "")
    await moderation.report(
        bo, subject, draft, network=a_network(), code=ids.secret_code(), language=look.language
    )
    async with windows(look, await cookie_of(mira)) as window:
        await window.open("/moderation")
        await window.page.keyboard.press("Enter")
        await window.page.wait_for_url("**/moderation/cases/*")
        await window.page.keyboard.press("k")
        await window.page.wait_for_url("**/moderation")
    assert await desk.queue(mira) == []


@LOOKING
async def test_answer_and_publish_by_keyboard(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 1)
    otto, dora = story.people["otto"], story.people["dora"]
    decision = await cast.a_decision(otto, story.process, maker=dora)
    article = await cast.an_article(otto, decision)
    first, second = story.claims
    async with windows(look, await cookie_of(otto)) as official:
        await _answer(official, first, "adopted", "Oui.", article=article.public_id)
        await _answer(official, second, "noted", "Votre récit est cité.")
    page = f"/desk/decisions/{decision.public_id}/publication"
    async with windows(look, await cookie_of(dora)) as signer:
        await signer.open(page)
        await write(signer, "#f-role", "Maire adjointe")
        await choose(signer, "when", "now")
        await press(signer, button(page))
        assert signer.path == f"/decisions/{decision.public_id}"


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_words_written_while_fields_are_on_their_way_stay(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 1)
    await cast.a_decision(story.people["otto"], story.process)
    page, field = f"/desk/claims/{story.claims[1]}", 'textarea[name="sentence_fr"], input[name="sentence_fr"]'
    async with windows(look, await cookie_of(story.people["otto"])) as official:
        await official.open(page)
        await official.page.check('input[name="outcome"][value="noted"]')
        await official.page.wait_for_selector(field)
        came, arrive = asyncio.Event(), asyncio.Event()

        async def late(route):
            came.set()
            await arrive.wait()
            await route.continue_()

        await official.page.route(f"**{page}/outcome", late)
        await official.page.check('input[name="outcome"][value="declined"]')
        await came.wait()
        await official.page.fill(field, "Une phrase écrite entre-temps.")
        arrive.set()
        await official.page.wait_for_selector('#needs [name="reason_codes"]')
        assert await official.page.input_value(field) == "Une phrase écrite entre-temps."


async def _answer(official: Window, claim: str, outcome: str, sentence: str, *, article: str = "") -> None:
    page = f"/desk/claims/{claim}"
    await official.open(page)
    await choose(official, "outcome", outcome)
    if not official.look.scripts:
        await press(official, f'{form_to(page)} button[formaction$="/outcome"]')
    else:
        await official.page.wait_for_selector('#needs [name="sentence_fr"]')
    await write(official, 'textarea[name="sentence_fr"], input[name="sentence_fr"]', sentence)
    if article:
        await tick(official, f'input[name="provisions"][value="{article}"]')
    await press(official, button(page))
    assert await official.page.locator(".errsum").count() == 0, await official.words()


LISTED = "() => [...document.querySelectorAll('[data-keys-line] kbd')].map(one => one.textContent.trim())"
OFFERED = "() => [...document.querySelectorAll('[data-keys] [data-key]')].map(one => one.dataset.key)"


async def _lists_its_keys(window: Window) -> None:
    """Whatever a key does on the page is in its list."""
    listed = set(await window.page.evaluate(LISTED))
    for key in await window.page.evaluate(OFFERED):
        assert ("–" if key.isdigit() else key.upper()) in listed, f"{key} is not listed: {listed}"


async def _on_azerty(window: Window, sign: str, place: str) -> None:
    """Press a key of the upper row as a French keyboard sends it: a sign, no digit."""
    client = await window.context.new_cdp_session(window.page)
    for kind in ("keyDown", "keyUp"):
        await client.send("Input.dispatchKeyEvent", {"type": kind, "key": sign, "code": place})
    await client.detach()


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_keys_act_on_any_keyboard_never_in_a_field_and_can_be_turned_off(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 2)
    decision = await cast.a_decision(story.people["otto"], story.process)
    desk = f"/desk/decisions/{decision.public_id}"
    first, second, _ = (f"/desk/claims/{one}" for one in story.claims)
    async with windows(look, await cookie_of(story.people["otto"])) as official:
        keyboard = official.page.keyboard
        await official.open(f"{desk}?state=unanswered")
        await _lists_its_keys(official)
        await official.open(f"{second}?back=state%3Dunanswered")
        await _lists_its_keys(official)
        await _on_azerty(official, '"', "Digit3")
        await official.page.wait_for_selector('[name="sentence_fr"]:focus')
        assert await official.page.input_value('input[name="outcome"]:checked') == "already"
        await keyboard.type("une phrase, 1 pupitre")
        assert await official.page.input_value('[name="sentence_fr"]') == "une phrase, 1 pupitre"
        assert official.path == second
        await keyboard.press("F2")
        assert await official.page.evaluate(HERE, '[name="quotation"]')
        await keyboard.press("s")
        assert await official.page.input_value('[name="quotation"]') == "s", (
            "it keeps nothing while one writes"
        )
        await keyboard.press("Escape")
        await _press_and_land(official, "P", first)
        await _press_and_land(official, "n", second)
        await official.page.evaluate("document.querySelector('[data-keys-line] details').open = true")
        await official.page.click("[data-keys-switch]")
        await keyboard.press("u")
        await keyboard.press("1")
        assert await official.page.locator('input[name="outcome"]:checked').count() == 0
        assert official.path == second
        await official.page.click("[data-keys-switch]")
        await _press_and_land(official, "U", desk)


async def _press_and_land(window: Window, key: str, path: str) -> None:
    async with window.page.expect_navigation(wait_until="load"):
        await window.page.keyboard.press(key)
    assert window.path == path


async def _held(arrive: asyncio.Event, route) -> None:
    await arrive.wait()
    await route.continue_()


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_an_outcome_chosen_before_the_page_listens_gets_its_fields(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 2)
    await cast.a_decision(story.people["otto"], story.process)
    page = f"/desk/claims/{story.claims[0]}"
    async with windows(look, await cookie_of(story.people["otto"])) as official:
        arrive = asyncio.Event()
        await official.page.route("**/htmx*.js", partial(_held, arrive))
        await official.page.goto(official.origin + page, wait_until="commit")
        await official.page.wait_for_selector('input[name="outcome"][value="declined"]')
        await choose(official, "outcome", "declined")
        assert await official.page.locator("#needs [name]").count() == 0
        arrive.set()
        await official.page.wait_for_selector('#needs [name="reason_codes"]')


@pytest.mark.parametrize("look", [Look("fr")], ids=str)
async def test_what_can_be_proposed_is_there_and_the_keys_lead_to_the_rest(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 2)
    decision = await cast.a_decision(story.people["otto"], story.process)
    article = await cast.an_article(story.people["otto"], decision)
    today = clock.local_day(clock.now())
    async with windows(look, await cookie_of(story.people["otto"])) as official:
        keyboard, value = official.page.keyboard, official.page.input_value
        await official.open(f"/desk/claims/{story.claims[1]}")
        await keyboard.press("8")
        await official.page.wait_for_selector('[name="sent_on"]')
        assert await value('[name="sent_on"]') == today.isoformat()
        assert await value('[name="follow_up_on"]') == (today + timedelta(days=30)).isoformat()
        assert "Proposé : aujourd’hui. Vérifiez.".replace(" :", "\xa0:") in await official.words()
        await keyboard.press("Escape")
        await keyboard.press("4")
        await official.page.wait_for_selector('[name="part2_rationale_fr"]')
        assert await value('[name="part1_is"]:checked') == "adopted"
        assert await value('[name="part2_is"]:checked') == "refused"
        await official.page.wait_for_selector('[name="sentence_fr"]:focus')
        met = []
        for _ in range(10):
            await keyboard.press("F2")
            met.append(await official.page.evaluate("() => document.activeElement.name"))
        assert met == [
            "part1_text_fr", "part2_text_fr", "part2_reasons", "part2_rationale_fr", "rationale_fr",
            "evidence", "trigger_fr", "provisions", "sentence_fr", "part1_text_fr",
        ]  # fmt: skip
        await official.page.check("[name=is_value_choice]")
        await official.page.focus('[name="rationale_fr"]')
        await keyboard.press("F2")
        assert await official.page.evaluate(HERE, '[name="trigger_fr"]'), (
            "a choice of values needs no evidence"
        )
        await official.page.focus(f'[name="provisions"][value="{article.public_id}"]')
        await keyboard.press("s")
        await official.page.wait_for_selector("#errors, .errsum")
