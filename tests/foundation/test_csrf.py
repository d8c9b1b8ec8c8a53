"""A form is accepted only from one of our pages, opened by the same browser."""

from __future__ import annotations

import pytest

from civic import settings as configuration
from civic.foundation import cookies, csrf
from tests.foundation.house import post, sign_in


async def test_a_form_of_ours_is_accepted_from_a_stranger(house):
    answer = await post(house, "/write", {"title": "Benches"})
    assert answer.status_code == 200
    assert answer.json()["values"]["title"] == ["Benches"]


async def test_a_form_of_ours_is_accepted_from_somebody_signed_in(house):
    sign_in(house, "ada")
    assert (await post(house, "/mine")).text == "of Ada"


async def test_a_form_without_a_token_is_refused(house):
    await house.get("/token")
    answer = await house.post("/write", data={"title": "Benches by the canal, please"})
    assert answer.status_code == 403
    assert "Benches by the canal, please" in answer.text, "the words are given back"


@pytest.mark.parametrize("sent", ["", "x", "é" * 43, "A" * 43, "A" * 200, "\x00", "/////"])
async def test_a_made_up_token_is_refused(house, sent):
    await house.get("/token")
    assert (await house.post("/write", data={"csrf": sent})).status_code == 403


async def test_the_token_of_another_browser_is_refused(house):
    theirs = (await house.get("/token")).text
    house.cookies.clear()
    await house.get("/token")
    assert (await house.post("/write", data={"csrf": theirs})).status_code == 403


async def test_a_token_given_before_signing_in_is_refused_after(house):
    before = (await house.get("/token")).text
    sign_in(house, "ada")
    answer = await house.post("/mine", data={"csrf": before})
    assert answer.status_code == 403
    assert "no longer valid" in answer.text


async def test_htmx_may_send_the_token_in_a_header(house):
    given = (await house.get("/token")).text
    answer = await house.post("/write", headers={"X-CSRF-Token": given, "HX-Request": "true"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_form_sent_from_elsewhere_is_refused_even_with_the_token(house, headers):
    given = (await house.get("/token")).text
    answer = await house.post("/write", data={"csrf": given}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


async def test_a_form_is_accepted_under_the_other_name_of_this_machine(house):
    house.base_url = "http://localhost:8000"
    given = (await house.get("/token")).text
    answer = await house.post("/write", data={"csrf": given}, headers={"Origin": "http://localhost:8000"})
    assert answer.status_code == 200


async def test_two_pages_show_the_same_proof_under_two_masks(house):
    first, second = (await house.get("/token")).text, (await house.get("/token")).text
    assert first != second
    for given in (first, second):
        assert (await house.post("/write", data={"csrf": given})).status_code == 200


async def test_a_token_outlives_a_change_of_key(public_house):
    given = (await public_house.get("/token")).text
    old = configuration.current()
    configuration.use(
        configuration.Settings(
            **{**vars(old), "secret_keys": ("new" * 20, old.secret_key)},
        )
    )
    answer = await public_house.post("/write", data={"csrf": given})
    assert answer.status_code == 200


async def test_reading_needs_no_token_and_leaves_no_cookie(house):
    answer = await house.get("/read")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


async def test_the_cookie_of_a_stranger_is_hidden_from_scripts(public_house):
    given = (await public_house.get("/token")).headers["set-cookie"]
    assert given.startswith(f"__Host-{cookies.FORM}=")
    for mark in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert mark in given


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_method_no_route_takes_is_405(house, method):
    answer = await house.request(method, "/read")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD" or set(answer.headers["allow"].split(", ")) == {
        "GET",
        "HEAD",
    }


def test_safe_methods_are_those_that_change_nothing():
    assert {"GET", "HEAD", "OPTIONS"} == csrf.SAFE_METHODS
