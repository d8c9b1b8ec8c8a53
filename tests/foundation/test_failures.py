"""What goes wrong is said in a page, in the reader's language, and never more than that."""

from __future__ import annotations

import json
import logging
import re

import pytest
from starlette.requests import Request

from civic.foundation import logs
from tests.foundation.house import post, sign_in

CASES = {
    "not-found": 404,
    "refused": 403,
    "invalid": 422,
    "conflict": 409,
    "too-many": 429,
    "busy": 503,
    "fault": 500,
}
PAGE = re.compile(r"<!doctype html>\s*<html lang=\"(\w+)\"")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("kind", "status"), CASES.items())
async def test_each_failure_has_its_status_and_a_page_in_the_language(house, kind, status, language):
    answer = await house.get(f"/fail/{kind}", headers={"Accept-Language": language})
    assert answer.status_code == status
    assert PAGE.search(answer.text)[1] == language
    assert answer.text.count("<h1>") == 1


async def test_a_refusal_gives_its_reason_with_its_facts(house):
    answer = await house.get("/fail/refused")
    assert "This phase ended on yesterday." in answer.text


async def test_waiting_is_told_to_people_and_to_machines(house):
    assert (await house.get("/fail/too-many")).headers["retry-after"] == "8"
    assert (await house.get("/fail/busy")).headers["retry-after"] == "3"


async def test_a_fault_shows_a_number_and_nothing_of_itself(house, caplog):
    answer = await house.get("/fail/fault")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "canary" not in answer.text
    noted = next(record for record in caplog.records if record.name == "civic.faults")
    line = logs.Lines().format(noted)
    assert answer.headers["x-request-id"] in line
    assert "RuntimeError" in line
    assert "house.py" in line
    assert "canary" not in line


async def test_htmx_gets_the_part_and_not_a_page_in_the_page(house):
    answer = await house.get("/fail/conflict", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<!doctype" not in answer.text
    assert "Somebody was quicker." in answer.text


async def test_the_words_of_a_form_are_given_back_and_its_secrets_are_not(house):
    words = {"body": "A bench & <b>some shade</b>", "password": "correct horse battery", "kind": "proposal"}
    answer = await post(house, "/fail/conflict", words)
    assert answer.status_code == 409
    assert "A bench &amp; &lt;b&gt;some shade&lt;/b&gt;" in answer.text
    assert "correct horse" not in answer.text


async def test_the_api_answers_problems_in_json(house):
    answer = await house.get("/api/fail/invalid", headers={"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == {"title": "Remplissez ce champ."}
    assert answer.json()["instance"] == answer.headers["x-request-id"]


async def test_a_failure_is_shown_even_when_showing_fails(house, monkeypatch):
    from civic.foundation import failures

    async def broken(*_given, **_more):
        raise RuntimeError("no template today")

    monkeypatch.setattr(failures, "page", broken)
    answer = await house.get("/fail/fault")
    assert answer.status_code == 500
    assert 'lang="fr"' in answer.text
    assert 'lang="en"' in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "content-security-policy" in answer.headers


async def test_whoever_leaves_before_the_end_of_their_question_is_no_fault(caplog):
    from civic.foundation import failures

    async def reads(scope, receive, send):
        await Request(scope, receive).body()

    async def gone():
        return {"type": "http.disconnect"}

    sent = []
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    await failures.catching(reads)(scope, gone, sent.append)
    assert (sent, [one.name for one in caplog.records]) == ([], [])


async def test_refusals_are_logged_without_the_words_or_the_token(house, caplog):
    sign_in(house, "ada")
    await house.post("/queue", data={"csrf": "canary-token", "body": "canary-words"})
    await house.get("/queue")
    lines = [logs.Lines().format(one) for one in caplog.records if one.name == "civic.refusals"]
    assert [json.loads(line)["status"] for line in lines] == [403, 403]
    assert json.loads(lines[1])["participant"] == "ada"
    assert json.loads(lines[1])["route"] == "/queue"
    assert "canary" not in "".join(lines)
    assert "token-of-ada" not in "".join(lines)


async def test_the_log_of_requests_holds_patterns_not_addresses(house, caplog):
    caplog.set_level(logging.INFO, logger="civic.requests")
    await house.get("/fail/canary-in-the-path?q=canary")
    record = next(one for one in caplog.records if one.name == "civic.requests")
    line = json.loads(logs.Lines().format(record))
    assert line["route"] == "/fail/{kind}"
    assert "canary" not in json.dumps(line)


def test_a_log_line_cannot_be_forged_or_colour_a_terminal():
    record = logging.LogRecord("civic", logging.INFO, "", 0, "one\r\ntwo \x1b[31mred \u2028", (), None)
    line = logs.Lines().format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


async def test_what_the_table_refuses_twice_is_a_conflict_without_its_words(house):
    shown = await house.get("/fail/quicker")
    assert shown.status_code == 409
    assert "canary" not in shown.text
