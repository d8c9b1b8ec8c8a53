"""What people of the journeys do again and again, through the pages alone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from civic.foundation import languages
from civic.foundation.viewer import Viewer
from tests import cast
from tests.journeys.browsers import AXE, STANDARDS, Look, Window

PLAIN = 'button:not([type="button"]):not([name]):not([formaction])'
"""The button that sends a form as it stands."""
_numbers = itertools.count(1)


def in_language(look: Look, msgid: str) -> str:
    """Give a text of the interface in the language somebody reads."""
    return languages.gettext(look.language, msgid)


def an_address(name: str) -> str:
    """Give an address nobody else has."""
    return f"{name}-{next(_numbers)}@post.example"


async def cookie_of(viewer: Viewer) -> str:
    """Sign somebody in and give what their browser keeps."""
    assert viewer.participant is not None
    return await cast.a_session(viewer.participant)


def form_to(action: str) -> str:
    """Find the form that goes to an address."""
    return f'form[method="post"][action="{action}"]'


async def fill_in(window: Window, action: str, fields: Mapping[str, str | bool | list[str]]) -> None:
    """Fill in a form as a person would: text, a choice of a list, boxes to tick; what is folded is opened."""
    form = window.page.locator(form_to(action)).first
    await form.evaluate("one => one.querySelectorAll('details').forEach(fold => { fold.open = true })")
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            await _fill(form, name, one)


async def _fill(form, name: str, value: str | bool) -> None:
    control = form.locator(f'[name="{name}"]:not([type="hidden"])')
    kind = await control.first.evaluate("one => one.type")
    if kind in ("radio", "checkbox"):
        chosen = control.first if value is True else control.and_(form.locator(f'[value="{value}"]'))
        await chosen.check()
    elif kind == "select-one":
        await control.first.select_option(str(value))
    else:
        await control.first.fill(str(value))


async def send(window: Window, action: str, button: str = PLAIN) -> None:
    """Press the button of a form, and wait for the page that answers."""
    form = window.page.locator(form_to(action)).first
    window.clicks += 1
    async with window.page.expect_navigation(wait_until="load"):
        await form.locator(button).first.click()


async def errors_of(window: Window) -> str:
    """Read what the page asks to correct."""
    found = window.page.locator(".errsum")
    return await found.inner_text() if await found.count() else ""


async def faults_of(window: Window) -> list[str]:
    """Look at the page with axe, everything unfolded; without scripts nothing can look."""
    if not window.look.scripts:
        return []
    await window.page.evaluate(
        "document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true })"
    )
    await window.page.evaluate(AXE)
    found = await window.page.evaluate("options => axe.run(document, options)", {"runOnly": STANDARDS})
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
