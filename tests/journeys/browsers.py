"""Browsers of the journeys: one Chromium for the session, a window of its own for each person."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
PATIENCE = 8_000
"""Milliseconds a page may take to show what is waited for."""

_networks = itertools.count(1)


@dataclass(frozen=True)
class Look:
    """How somebody looks at the pages."""

    language: str = "fr"
    scripts: bool = True
    theme: str = "light"
    width: int = 1280

    def __str__(self) -> str:
        scripts = "js" if self.scripts else "plain"
        return f"{scripts}-{self.language}"


LOOKS = [Look(language, scripts) for scripts in (True, False) for language in ("fr", "en")]


@dataclass
class Window:
    """A browser window of one person, and what went wrong in it."""

    page: Page
    context: BrowserContext
    origin: str
    look: Look
    faults: list[str] = field(default_factory=list)
    clicks: int = 0

    async def open(self, path: str) -> None:
        """Go to an address of the site, as by typing it."""
        await self.page.goto(self.origin + path, wait_until="load")

    async def click(self, selector: str) -> None:
        """Press what a person would press, counting; a navigation that follows is waited for."""
        self.clicks += 1
        target = self.page.locator(selector)
        if await target.count() > 1:
            target = target.filter(visible=True)
        await target.first.click()
        await self.page.wait_for_load_state("load")

    async def click_through(self, selector: str) -> None:
        """Press what leads to another page, and wait for that page."""
        async with self.page.expect_navigation(wait_until="load"):
            await self.click(selector)

    @property
    def path(self) -> str:
        """Where this window is."""
        return urlsplit(self.page.url).path

    async def words(self) -> str:
        """Read the main part of the page."""
        return await self.page.locator("main").inner_text()


def find_chromium() -> str:
    """Find the browser; without one, skip (fail in CI)."""
    found = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing")
    pytest.skip("needs Chromium")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium."""
    path = find_chromium()
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def window(browser: Browser, origin: str, look: Look, cookie: str = "") -> AsyncIterator[Window]:
    """Open a window from a network of its own; at the end, whatever went wrong in it fails the test."""
    context = await browser.new_context(
        locale={"fr": "fr-FR", "en": "en-GB"}[look.language],
        java_script_enabled=look.scripts,
        color_scheme=look.theme,  # type: ignore[arg-type]
        viewport={"width": look.width, "height": 900},
        reduced_motion="reduce",
        extra_http_headers={"X-Forwarded-For": a_network()},
    )
    context.set_default_timeout(PATIENCE)
    if cookie:
        await context.add_cookies([{"name": "civic", "value": cookie, "url": origin, "httpOnly": True}])
    opened = Window(await context.new_page(), context, origin, look)
    _watch(opened)
    try:
        yield opened
    finally:
        await context.close()
    assert not opened.faults, "\n".join(opened.faults)


def _watch(opened: Window) -> None:
    """Note what a browser complains of, answers that are faults, and requests that go elsewhere."""
    faults, origin = opened.faults, opened.origin

    def said(message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(f"{opened.page.url}: console: {message.text}")

    def asked(request) -> None:
        if not request.url.startswith((origin + "/", "data:", "blob:", "about:")):
            faults.append(f"{opened.page.url}: asks {request.url}")

    def answered(response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            faults.append(f"{opened.page.url}: {response.status} from {response.url}")

    opened.page.on("console", said)
    opened.page.on("pageerror", lambda error: faults.append(f"{opened.page.url}: {error}"))
    opened.context.on("request", asked)
    opened.context.on("response", answered)


def a_network() -> str:
    """Give an address nobody else of this session has."""
    number = next(_networks)
    return f"10.{number // 250}.{number % 250}.7"


def in_words(look: Look, **changes: object) -> Look:
    """Look the same way, but for something."""
    return replace(look, **changes)  # type: ignore[arg-type]
