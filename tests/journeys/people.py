"""What people of the journeys do again and again, through the pages alone."""

from __future__ import annotations

import itertools

from civic.foundation import languages
from tests.journeys.browsers import Look, Window

_numbers = itertools.count(1)


def in_language(look: Look, msgid: str) -> str:
    """Give a text of the interface in the language somebody reads."""
    return languages.gettext(look.language, msgid)


def an_address(name: str) -> str:
    """Give an address nobody else has."""
    return f"{name}-{next(_numbers)}@post.example"


def form_to(action: str) -> str:
    """Find the form that goes to an address."""
    return f'form[method="post"][action="{action}"]'


PLAIN = 'button:not([type="button"]):not([name]), button:not([type="button"])[name=""]'


async def send(window: Window, action: str, button: str = PLAIN) -> None:
    """Press the button of a form, and wait for the page that answers."""
    form = window.page.locator(form_to(action)).first
    window.clicks += 1
    async with window.page.expect_navigation(wait_until="load"):
        await form.locator(button).first.click()


async def shows(window: Window, words: str) -> bool:
    """Tell whether the main part of the page says something."""
    return words in await window.words()
