"""Every component, in both languages, light and dark, wide and narrow: readable and inside the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from civic.foundation import assets, failures, formdata, instance, languages, rendering, viewer, web
from civic.foundation.errors import Message
from civic.foundation.filters import localized

GALLERY = Path(__file__).with_name("gallery.html").read_text(encoding="utf-8")
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 320)
UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true })"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROUTES = (
    "foundation:theme", "foundation:display", "processes:list", "decisions:list", "trace:mine", "search:find",
    "accounts:home", "accounts:sign_in", "notices:list", "moderation:log", "processes:privacy",
)  # fmt: skip
CODES = (
    "adopted", "adapted", "already", "partly", "declined", "out_of_scope", "deferred", "referred", "noted",
    "withdrawn", "none",
)  # fmt: skip
RELATIONS = (
    "supports", "objects", "nuances", "asks", "evidence", "alternative", "experience", "answers",
)  # fmt: skip


def _form() -> formdata.FormData:
    form = formdata.blank(why="Parce que.", capacity="org", issue="3", days=("mo",))
    form.errors.note("title", Message("Fill this in."))
    form.errors.note("capacity", Message("Fill this in."))
    form.errors.note("ok", Message("Fill this in."))
    return form


def _values(language: str, theme: str) -> dict[str, Any]:
    face = instance.Instance(name="Port-Lune participe", body="Ville de Port-Lune", example=True)
    notice = {
        "title": "P7-2026-000568-H", "href": "/n/1", "text": "…", "when": "22/11", "when_iso": "2026-11-22",
        "icon": "gavel",
    }  # fmt: skip
    return {
        "viewer": viewer.Viewer(participant=1, public_id="x", name="Awa D."),
        "lang": language, "languages": languages.NAMES, "theme": theme, "instance": face, "path": "/gallery",
        "query": "", "printing": False, "request_id": "r-1", "subnav": None, "nav": "processes",
        "role_links": [web.RoleLink("Public", "/"), web.RoleLink("Moderation", "/gallery", 7)],
        "toast": ("OK", "/there", None), "form": _form(), "codes": CODES, "relations": RELATIONS,
        "official": localized({"en": "Town council"}), "unread_notices": 2,
        "notices": [{**notice, "unread": True}, {**notice, "unread": False}],
    }  # fmt: skip


def _request(app: Starlette) -> Request:
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/gallery",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
            "app": app,
            "state": {},
        }
    )


def show(language: str, theme: str, name: str = "", **more: object) -> str:
    """Fill the gallery, or a template by its name, as the app would."""
    app = Starlette()
    app.state.routes = {name: Route(f"/{name.replace(':', '/')}", assets.show, name=name) for name in ROUTES}
    environment = rendering.environment()
    template = environment.get_template(name) if name else environment.from_string(GALLERY)
    with rendering._rendering_for(_request(app), language):
        return template.render({**_values(language, theme), **more})


class _Reader(HTMLParser):
    """Collects ids and the ids that labels and descriptions point at."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.pointed |= set(given.get(name, "").split())
        if tag == "a" and given.get("href", "").startswith("#f-"):
            self.pointed.add(given["href"][1:])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_labels_and_errors_point_at_what_exists(language: str) -> None:
    reader = _Reader()
    reader.feed(show(language, "light"))
    assert len(reader.ids) == len(set(reader.ids)), "an id is used once"
    assert reader.pointed <= set(reader.ids), sorted(reader.pointed - set(reader.ids))


def test_a_failed_form_says_so_first_and_keeps_the_words() -> None:
    html = show("en", "light")
    assert "<title>Error: Components" in html
    assert 'role="alert" tabindex="-1"' in html
    assert "3 things to correct" in html
    assert 'aria-invalid="true" aria-describedby="f-title-h f-title-e"' in html
    assert "Parce que.</textarea>" in html
    assert '<option value="3" selected>' in html


def test_french_pages_elide_names() -> None:
    html = show("fr", "light")
    assert "d’Awa D." in html


def test_printing_opens_what_is_folded_and_leaves_navigation_out() -> None:
    html = show("fr", "light", printing=True)
    assert '<div class="rolebar' not in html
    left = html.count("<details") - html.count(" open>")
    assert left <= 4, "the menu, the phases of a phone, a confirmation, choices of a form"


def _pages(language: str, theme: str) -> Iterator[tuple[str, str]]:
    yield "gallery", show(language, theme)
    failure = failures.Failure(403, Message("This is not open to you."), {}, ("Mes mots.",), 120, "r-1")
    told = {**vars(failure), "form": None, "toast": None}
    yield "error", show(language, theme, "foundation/error.html", **told)
    yield "offline", show(language, theme, "foundation/offline.html", form=None, toast=None)
    yield "display", show(language, theme, "foundation/display.html", form=None, toast=None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("needs Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def serve(page: Any, pages: Mapping[str, str]) -> None:
    """Answer the browser from memory, under the policy the app sends."""
    from civic.foundation.headers import POLICY

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = assets.current().files[path.removeprefix("/static/")]
            route.fulfill(body=found.body, content_type=found.media_type)
        else:
            html = pages[path.strip("/")]
            headers = {"content-security-policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)

    page.route("**/*", answer)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_components_are_accessible_and_fit(browser: Any, language: str, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    pages = dict(_pages(language, theme))
    faults: list[str] = []

    def note(said: Any) -> None:
        if said.type == "error":
            faults.append(said.text)

    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
        page.on("console", note)
        serve(page, pages)
        for name in pages:
            page.goto(f"http://civic.test/{name}")
            page.evaluate(UNFOLD)
            found = Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]
            faults += [f"{name} {width} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
            beyond = page.evaluate(BEYOND)
            if beyond > 0:
                faults.append(f"{name} {width}: {beyond} px beyond the screen")
        page.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def gallery(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    serve(page, {"gallery": show("en", "light", form=None), "failed": show("en", "light")})
    page.goto("http://civic.test/gallery")
    yield page
    page.close()


@pytest.mark.browser
def test_the_summary_of_errors_receives_the_focus(gallery: Any) -> None:
    gallery.goto("http://civic.test/failed")
    assert gallery.evaluate("document.activeElement.className").startswith("errsum")


@pytest.mark.browser
def test_a_begun_text_stays_on_the_device_until_it_is_erased(gallery: Any) -> None:
    gallery.fill("#f-text", "Two words")
    assert gallery.inner_text("#f-text-c") == "9 characters"
    gallery.wait_for_selector("#reply [data-draft-line]:not([hidden])")
    gallery.reload()
    assert gallery.input_value("#f-text") == "Two words"
    gallery.click("#reply [data-draft-clear]")
    gallery.reload()
    assert gallery.input_value("#f-text") == ""


@pytest.mark.browser
def test_a_sent_text_is_dropped_only_when_the_next_page_shows_it_arrived(gallery: Any) -> None:
    gallery.fill("#f-text", "Two words")
    gallery.wait_for_selector("#reply [data-draft-line]:not([hidden])")
    gallery.evaluate("localStorage.setItem('civic-sent', JSON.stringify(['civic-draft:gallery']))")
    gallery.goto("http://civic.test/failed")
    assert gallery.evaluate("localStorage.getItem('civic-draft:gallery')"), "the form came back: kept"
    gallery.evaluate("localStorage.setItem('civic-sent', JSON.stringify(['civic-draft:gallery']))")
    gallery.goto("http://civic.test/gallery")
    assert gallery.input_value("#f-text") == ""


@pytest.mark.browser
def test_nothing_leaves_while_offline_and_the_person_is_told(gallery: Any) -> None:
    gallery.fill("#f-text", "Two words")
    gallery.context.set_offline(True)
    gallery.click("#reply .btn:not(.quiet)")
    assert "You are offline." in gallery.inner_text("#reply [data-offline]")
    gallery.context.set_offline(False)


@pytest.mark.browser
def test_keys_act_outside_fields_and_can_be_turned_off(gallery: Any) -> None:
    gallery.evaluate("document.querySelectorAll('[data-key]').forEach(b => b.removeAttribute('data-key'))")
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    assert gallery.evaluate("document.activeElement.getAttribute('href')") == "/m/2"
    gallery.keyboard.press("k")
    assert gallery.evaluate("document.activeElement.getAttribute('href')") == "/m/1"
    gallery.focus("#f-text")
    gallery.keyboard.press("j")
    assert gallery.input_value("#f-text") == "j"
    gallery.click("[data-keys-switch]")
    gallery.keyboard.press("j")
    assert gallery.inner_text("[data-keys-switch]") == "Turn the keys on"
    assert gallery.evaluate("document.activeElement.tagName") == "BUTTON"
