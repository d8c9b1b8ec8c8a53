"""Every page and every state, with real things on it, in a real browser: readable by everybody.

The pages come from the house through ASGI, with all their headers; the browser is answered from there and
from nowhere else. Each is looked at wide and light in French, narrow and dark in English, all folds open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Route
from starlette import routing

from tests.journeys.browsers import AXE, STANDARDS, Look
from tests.journeys.inside import ROLES, Opened, Towns
from tests.journeys.posts import FORMS
from tests.journeys.samples import NOBODY, PAGES, PRINTED, belongs, reads, writes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LOOKS = (Look("fr", True, "light", 1280), Look("en", True, "dark", 320))
NARROW = (320, 375)
UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true })"
OPEN_MENUS = "document.querySelectorAll('details.menu').forEach(one => { one.open = true })"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RUN = "options => axe.run(document, options).then(found => found.violations)"
OPTIONS = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
FOR_PROGRAMS = {route.name for route in reads() if route.path.endswith((".atom", ".ics", ".csv"))}
NO_PAGES = {
    "healthz", "readyz", "static", "foundation:colours", *FOR_PROGRAMS, *PRINTED,
    *(route.name for route in reads() if route.name.startswith("opendata:")),
} - {"opendata:home", "opendata:api"}  # fmt: skip
"""What is read by machines."""


@dataclass
class State:
    """A page as somebody sees it: an address to open, or an answer that a form gave."""

    name: str
    role: str
    path: str
    answer: httpx.Response | None = None
    unfold: str = UNFOLD


class Window:
    """A browser window that is answered by the house itself, whoever looks."""

    def __init__(self, opened: Opened, page: Page, look: Look, faults: list[str]) -> None:
        self.opened, self.page, self.look, self.faults = opened, page, look, faults
        self.origin = opened.settings.public_url
        self.state = State("", "stranger", "/")

    async def answer(self, route: Route) -> None:
        """Answer the browser from the house; what it asks of anybody else is a fault."""
        asked = route.request
        if not asked.url.startswith(self.origin + "/"):
            self.faults.append(f"{self.state.name} asks {asked.url}")
            await route.abort()
            return
        if self.state.answer is not None and asked.is_navigation_request():
            given = self.state.answer
        else:
            given = await self._fetch(asked.url.removeprefix(self.origin))
        kept = {name: value for name, value in given.headers.items() if name not in DROPPED}
        await route.fulfill(status=given.status_code, headers=kept, body=given.content)

    async def _fetch(self, path: str) -> httpx.Response:
        if path.startswith("/static/") and path in STATIC:
            return STATIC[path]
        visitor = self.opened.visitor(self.state.role)
        given = await visitor.get(path, **{"Accept-Language": self.look.language})
        if path.startswith("/static/"):
            STATIC[path] = given
        return given

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of; a page that says 404 or 422 is meant to."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.state.name}: console: {message.text}")

    async def judge(self, state: State) -> None:
        """Open a page, unfold it and look for what somebody could not use."""
        self.state = state
        where = f"{state.name} ({state.role}, {self.look.language}, {self.look.theme})"
        await self.page.set_viewport_size({"width": self.look.width, "height": 900})
        await self.page.goto(self.origin + state.path, wait_until="load")
        await self.page.evaluate(state.unfold)
        await self.page.evaluate(AXE)
        for one in await self.page.evaluate(RUN, OPTIONS):
            self.faults.append(f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}")
        for width in NARROW if self.look.width in NARROW else ():
            await self.page.set_viewport_size({"width": width, "height": 900})
            beyond = await self.page.evaluate(BEYOND)
            if beyond > 0:
                self.faults.append(f"{where}: {beyond} px beyond a screen of {width}")


STATIC: dict[str, httpx.Response] = {}
DROPPED = {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}


async def look_at_all(opened: Opened, browser: Browser, states: list[State]) -> list[str]:
    """Look at many pages, each look in a window of its own."""
    faults: list[str] = []

    async def work(look: Look) -> None:
        context = await browser.new_context(
            locale=look.language,
            color_scheme=look.theme,  # type: ignore[arg-type]
            viewport={"width": look.width, "height": 900},
            reduced_motion="reduce",
        )
        try:
            page = await context.new_page()
            window = Window(opened, page, look, faults)
            page.on("console", window.note)
            page.on("pageerror", lambda error: faults.append(f"{window.state.name}: {error}"))
            await page.route("**/*", window.answer)
            for state in states:
                await window.judge(state)
        finally:
            await context.close()

    await asyncio.gather(*(work(look) for look in LOOKS))
    return faults


@pytest_asyncio.fixture(loop_scope="session")
async def town(towns: Towns, town_kind: str) -> AsyncIterator[Opened]:
    """Open the town for the browser's loop."""
    async with towns.open(town_kind) as opened:
        yield opened


ROOMS = sorted({route.name.partition(":")[0] for route in reads()} - NO_PAGES)


@pytest.mark.parametrize("room", ROOMS)
async def test_every_page_can_be_read_by_everybody(town: Opened, browser: Browser, room: str):
    states = []
    for route in reads():
        if route.name.partition(":")[0] != room or route.name in NO_PAGES:
            continue
        assert route.name in PAGES, f"say in tests/journeys/samples.py what {route.name} shows"
        for sample in PAGES[route.name]:
            if sample.opens != NOBODY:
                role = next(one for one in ROLES if belongs(one, sample.opens, "here"))
                states.append(State(route.name, role, sample.path(route, town.town.here)))
    faults = await look_at_all(town, browser, states)
    assert not faults, "\n".join(faults)


async def test_the_menus_can_be_used_by_everybody(town: Opened, browser: Browser):
    states = [State("home, menus open", role, "/", unfold=OPEN_MENUS) for role in ("stranger", "ada", "otto")]
    faults = await look_at_all(town, browser, states)
    assert not faults, "\n".join(faults)


async def test_every_error_and_every_empty_list_can_be_read_by_everybody(town: Opened, browser: Browser):
    here = town.town.here
    states = [
        State("nothing there", "stranger", "/nowhere/at/all"),
        State("not open to you", "ada", "/moderation"),
        State("a role elsewhere", "otto elsewhere", f"/desk/processes/{here['slug']}"),
        State("a used link", "stranger", "/links/gone"),
        State("a used confirmation", "stranger", "/confirmations/gone"),
        State("nothing found", "stranger", "/search?q=xyzzyx"),
        State("no such proposal", "stranger", f"/processes/{here['slug']}/proposals?q=xyzzyx"),
        State("no proposal yet", "stranger", f"/processes/{here['silent_slug']}/proposals"),
        State("no decision yet", "stranger", f"/processes/{here['silent_slug']}/decisions"),
        State("an empty debate", "stranger", f"/processes/{here['slug']}/issues/{here['issue_free']}/debate"),
        State("no contribution", "root", "/mine"),
        State("no notice", "hal", "/notices"),
        State("nobody by this name", "root", "/administration/people?q=xyzzyx"),
        State("an empty point of the log", "stranger", "/moderation/log?measure=rephrase"),
        State("printed", "stranger", f"/contributions/{here['settled_number']}?print=1"),
        State("shared", "stranger", f"/contributions/{here['settled_number']}?share=1"),
    ]
    sent = await town.visitor("stranger").post("/receipts", {"number": "P1", "code": "AAAA-BBBB-CCCCC"})
    assert sent.status_code == 422
    states.append(State("a wrong code", "stranger", "/receipts", sent))
    faults = await look_at_all(town, browser, states)
    assert not faults, "\n".join(faults)


async def sent_empty(town: Opened, route: routing.Route) -> State | None:
    """Send a form without a word in it; give the page that asks for corrections, if that is the answer."""
    change = FORMS[route.name]
    form = await change.form(route, town, "here")
    words = [one.name for one in form.fields if one.is_text or one.kind in ("email", "password", "date")]
    if not words:
        return None
    values = {**change.fill(form, town.town.here), **dict.fromkeys(words, "")}
    path, sender = change.path(route, town.town.here), change.sender(town, "here")
    answer = await sender.post(path, values)
    if answer.status_code != 422:
        return None
    return State(f"{route.name}, empty", sender.role, path, answer)


@pytest.mark.parametrize("room", ROOMS)
async def test_every_form_that_comes_back_can_be_read_by_everybody(
    towns: Towns, town_kind: str, browser: Browser, room: str
):
    states = []
    for route in writes():
        if route.name.partition(":")[0] == room:
            async with towns.open(town_kind) as town:
                states.append(await sent_empty(town, route))
    async with towns.open(town_kind) as town:
        faults = await look_at_all(town, browser, [state for state in states if state is not None])
    assert not faults, "\n".join(faults)
