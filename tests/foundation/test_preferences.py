"""A browser remembers language, theme and visits; nothing else, and nothing by reading but the language."""

from __future__ import annotations

import datetime as dt

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from civic.foundation import clock, preferences
from tests.foundation.house import post

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-US,en;q=0.9", "en"),
        ("de,en;q=0.3", "en"),
        ("de", "fr"),
        ("", "fr"),
        ("en;q=0", "fr"),
        ("en;q=x, fr", "fr"),
        ("*", "fr"),
        (",;q=,\x00", "fr"),
        ("fr;q=0.1,en;q=0.2", "en"),
    ],
)
def test_the_browser_is_heard(header, language):
    assert preferences.accepted(Headers({"accept-language": header}), ("fr", "en")) == language


async def test_a_language_asked_for_is_remembered(house):
    answer = await house.get("/read?lang=fr")
    assert answer.text == "fr"
    assert "civic-lang=fr" in answer.headers["set-cookie"]
    answer = await house.get("/read")
    assert answer.text == "fr", "although the browser prefers English"
    assert "set-cookie" not in answer.headers


async def test_asking_again_for_the_same_language_sets_no_cookie(house):
    await house.get("/read?lang=fr")
    assert "set-cookie" not in (await house.get("/read?lang=fr")).headers


@pytest.mark.parametrize("asked", ["de", "", "fr'", "../fr", "FR"])
async def test_a_language_we_do_not_speak_changes_nothing(house, asked):
    answer = await house.get("/read", params={"lang": asked})
    assert answer.text == "en"
    assert "set-cookie" not in answer.headers


async def test_a_theme_is_chosen_by_a_form_and_shown_in_the_page(house):
    answer = await post(house, "/preferences", {"theme": "dark", "next": "/display"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/display")
    assert 'data-theme="dark"' in (await house.get("/display")).text
    await post(house, "/preferences", {"theme": "system"})
    assert "data-theme" not in (await house.get("/display")).text


async def test_preferences_lead_nowhere_else(house):
    answer = await post(house, "/preferences", {"language": "fr", "next": "https://evil.example"})
    assert answer.headers["location"] == "/"
    assert (await house.get("/read")).text == "fr"


def _request(cookie: str = "") -> Request:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    return Request({"type": "http", "headers": headers, "state": {}})


def _cookie(response: Response) -> str:
    return response.headers["set-cookie"].partition(";")[0]


def test_the_last_visit_is_the_one_before_this():
    cookie = ""
    for hours, before in ((0, None), (0.1, None), (5, 0.1), (5.2, 0.1), (9, 5.2)):
        response = Response()
        with clock.at(NOW + dt.timedelta(hours=hours)):
            preferences.remember_visit(_request(cookie), response, "p-mobility")
        cookie = _cookie(response)
        seen = preferences.last_visit(_request(cookie), "p-mobility")
        assert seen == (None if before is None else NOW + dt.timedelta(hours=before))


def test_only_the_latest_visits_are_kept():
    cookie = ""
    for number in range(60):
        response = Response()
        preferences.remember_visit(_request(cookie), response, f"p-{number}")
        cookie = _cookie(response)
    assert len(cookie) < 4_000
    assert "p-59~" in cookie
    assert "p-1~" not in cookie


@pytest.mark.parametrize("junk", ["", "x", "a~b~c", "a~1", "a~~", "~1~2", "a~" + "9" * 50 + "~1", "é~1~2"])
def test_a_spoilt_cookie_is_no_fault(junk):
    assert preferences.last_visit(_request(f"civic-seen={junk}"), "a") is None


def test_a_key_of_a_visit_is_plain():
    with pytest.raises(ValueError, match="plain"):
        preferences.remember_visit(_request(), Response(), "a;b")
