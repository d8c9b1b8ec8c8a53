"""Every role at every route: who is let in, who is sent to sign in, who is refused; nobody finds a fault."""

from __future__ import annotations

import re

import httpx
import pytest

from civic import app as front_door
from civic.foundation.formdata import CSRF
from civic.foundation.web import mark_of
from tests import cast
from tests.conftest import visitor

ROUTES = [route for route in front_door.all_routes() if route.name != "static"]
ROLES = {
    "stranger": None,
    "participant": (),
    "moderator": ("moderator",),
    "official": ("official",),
    "reviewer": ("reviewer",),
    "decision maker": ("decision_maker",),
    "appeal reader": ("appeal_reader",),
    "administrator": ("administrator",),
}
ENDS_SESSION = {"accounts:sign_out"}
SAMPLES = ("x9x", "0" * 26)
"""An id that cannot be, and one that could be but is nobody's."""


def _address(path: str, sample: str) -> str:
    number = re.sub(r"\{\w+:int\}", "7", path)
    return re.sub(r"\{[^}]*\}", sample, number)


async def _browser(app, roles) -> tuple[httpx.AsyncClient, object]:
    from civic.foundation.viewer import STRANGER

    browser = visitor(app)
    if roles is None:
        return browser, STRANGER
    viewer = await cast.a_person("Somebody", *roles)
    return await cast.sign_in(browser, viewer), viewer


async def _token(browser: httpx.AsyncClient) -> str:
    """Find the token on a page that has a form for everybody."""
    page = await browser.get("/display")
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


@pytest.fixture
def database_url(request, tmp_path):
    """The first wall does not depend on the database: SQLite only."""
    import shutil

    path = tmp_path / "civic.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize("role", ROLES)
async def test_a_route_is_open_to_those_its_mark_names_and_to_nobody_else(app, role):
    browser, viewer = await _browser(app, ROLES[role])
    token = await _token(browser)
    wrong = []
    for route in ROUTES:
        if route.name in ENDS_SESSION:
            continue
        admitted = mark_of(route.endpoint).admits(viewer)
        for sample in SAMPLES if role in ("stranger", "administrator") else SAMPLES[1:]:
            answer = await _ask(browser, route, sample, token)
            if not _is_right(answer, admitted, route, role):
                wrong.append(f"{_method(route)} {answer.url.path}: {answer.status_code} for a {role}")
    await browser.aclose()
    assert not wrong, "\n".join(wrong)


def _method(route) -> str:
    return "GET" if "GET" in route.methods else "POST"


async def _ask(browser: httpx.AsyncClient, route, sample: str, token: str) -> httpx.Response:
    data = None if _method(route) == "GET" else {CSRF: token}
    return await browser.request(_method(route), _address(route.path, sample), data=data)


def _is_right(answer: httpx.Response, admitted: bool, route, role: str) -> bool:
    if admitted:
        return answer.status_code < 500
    if role == "stranger" and _method(route) == "GET":
        return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=/")
    return answer.status_code == 403


@pytest.mark.parametrize("role", ["stranger", "participant", "moderator", "official", "administrator"])
async def test_no_change_is_made_without_the_token_of_a_form(app, role):
    browser, _viewer = await _browser(app, ROLES[role])
    await _token(browser)
    wrong = []
    for route in ROUTES:
        if _method(route) == "POST" and not mark_of(route.endpoint).from_mail:
            answer = await browser.post(_address(route.path, SAMPLES[1]), data={"title": "x"})
            if answer.status_code != 403:
                wrong.append(f"{route.path}: {answer.status_code}")
    await browser.aclose()
    assert not wrong


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_no_route_takes_another_method(app, method):
    browser, _viewer = await _browser(app, None)
    for route in ROUTES:
        answer = await browser.request(method, _address(route.path, SAMPLES[1]))
        assert answer.status_code == 405, route.path
    await browser.aclose()


def test_what_a_mail_program_may_send_has_its_key_in_its_address():
    named = {route.name for route in ROUTES if mark_of(route.endpoint).from_mail}
    assert named == {"notices:stopped"}
    assert all("{token}" in route.path for route in ROUTES if route.name in named)


def test_the_matrix_covers_every_route_and_role():
    from civic.accounts.models import Role

    assert {role for held in ROLES.values() if held for role in held} == {role.value for role in Role}
    assert len(ROUTES) == len(front_door.all_routes()) - 1
