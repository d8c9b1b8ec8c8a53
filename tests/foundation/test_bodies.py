"""What is sent is read within limits, in any shape a browser gives it, and never makes a fault."""

from __future__ import annotations

import pytest

from civic.foundation import bodies
from tests.foundation.house import post

CANNOT = 422


async def test_a_long_text_of_any_script_fits(house):
    text = "𝔘" * 100_000
    answer = await post(house, "/write", {"body": text})
    assert answer.json()["values"]["body"] == [text]


async def test_too_long_a_body_is_refused_before_it_is_read(house):
    answer = await house.post("/write", content=b"x", headers={"Content-Length": str(bodies.WORDS_LIMIT + 1)})
    assert answer.status_code == 413
    assert answer.text.count("<h1>") == 1


async def test_a_body_that_lies_about_its_length_is_cut_off(house):
    sent = 0

    async def flood():
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"a" * 100_000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await house.post("/write", content=flood(), headers=kind)
    assert answer.status_code == 413
    # httpx hands the whole flood to the transport; the house stops asking once the limit is passed.
    assert sent <= 100


async def test_too_many_fields_are_refused(house):
    body = "&".join(f"a{number}=1" for number in range(6_000))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await house.post("/write", content=body, headers=kind)).status_code == 413


async def test_another_kind_of_body_is_415(house):
    answer = await house.post("/write", json={"title": "x"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "value",
    [b"%00", b"%ED%A0%80", b"%FF", b"a%C3", b"\xff\xfe"],
    ids=["nul", "surrogate", "ff", "cut", "raw"],
)
async def test_what_cannot_be_read_is_noted_and_kept_as_well_as_can_be(house, value):
    given = (await house.get("/token")).text
    body = b"csrf=" + given.encode() + b"&title=Banc%20" + value
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await house.post("/write", content=body, headers=kind)
    assert answer.json()["errors"] == ["title"]
    assert answer.json()["values"]["title"][0].startswith("Banc ")


async def test_bad_utf8_in_a_multipart_form_is_noted_too(house):
    given = (await house.get("/token")).text
    body = (
        b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + given.encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xc3\xa9t\xc3\r\n--x--\r\n'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await house.post("/write", content=body, headers=kind)
    assert answer.json()["errors"] == ["title"]
    assert answer.json()["values"]["title"] == ["ét\ufffd"]


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"]
)
async def test_a_broken_multipart_form_is_a_bad_request(house, kind):
    answer = await house.post("/write", content=b"--y\r\nnonsense", headers={"Content-Type": kind})
    assert answer.status_code in (400, 403)


async def test_files_are_taken_where_the_route_takes_them_and_nowhere_else(house):
    files = {"plan": ("plan été.pdf", b"%PDF-1.4", "application/pdf")}
    answer = await post(house, "/files", files=files)
    assert answer.json() == {"plan": ["plan été.pdf"]}
    answer = await post(house, "/write", files=files)
    assert answer.status_code == 413


async def test_more_files_than_the_limit_are_refused(house):
    files = [
        ("plan", (f"{number}.pdf", b"%PDF", "application/pdf")) for number in range(bodies.MAX_FILES + 1)
    ]
    assert (await post(house, "/files", files=files)).status_code == 413


@pytest.mark.parametrize("field", ["role", "author", "status", "created_at"])
async def test_a_field_that_was_not_asked_for_is_refused(house, field):
    answer = await post(house, "/write", {"title": "A bench", field: "administrator"})
    assert answer.status_code == CANNOT
    assert field in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "?&&&",
        "?lang",
        "?lang=",
        "?lang=%FF",
        "?=",
        "?a=%00&a=%ED%A0%80",
        "?lang=<script>",
        "?" + "a=1&" * 2_000,
    ],
)
async def test_junk_in_an_address_harms_nothing(house, query):
    answer = await house.get("/read" + query)
    assert answer.status_code == 200
    answer = await house.get("/nowhere" + query)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff", "/read/%2e%2e/x", "//read", "/static/../civic/app.py", "/" + "a" * 9_000]
)
async def test_junk_for_a_path_is_not_found(house, path):
    assert (await house.get(path)).status_code == 404


async def test_of_repeated_parameters_the_last_counts(house):
    assert (await house.get("/read?lang=en&lang=fr")).text == "fr"
    answer = await post(house, "/write", {"title": ["one", "two"]})
    assert answer.json()["values"]["title"] == ["one", "two"]
