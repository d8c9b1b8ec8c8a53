"""A town hall for the tests of decisions: its people, its browsers, and forms filled in by hand."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import httpx

from civic.contributions.queries import ClaimCard
from civic.decisions.queries import DecisionCard
from civic.foundation.viewer import Viewer
from civic.processes.queries import ProcessPage
from tests.cast import a_comment, a_decision, a_person, a_process, a_proposal, claim_of
from tests.conftest import visitor


@dataclass(frozen=True)
class Town:
    """A process with its officials, one proposal by Ada and one question by Bo, and the decision begun."""

    process: ProcessPage
    otto: Viewer
    olga: Viewer
    olga_as_official: Viewer
    dora: Viewer
    ada: Viewer
    bo: Viewer
    proposal: str
    first: ClaimCard
    second: ClaimCard
    decision: DecisionCard


async def a_town(**options) -> Town:
    """Build it."""
    process = await a_process(**options)
    here = process.public_id
    otto = await a_person("Otto Ohm", "official", process=here)
    olga = await a_person("Olga Orr", "reviewer", process=here)
    dora = await a_person("Dora Diaz", "decision_maker", process=here)
    ada, bo = await a_person("Ada Alm"), await a_person("Bo Birk")
    proposal = await a_proposal(ada, process)
    comment = await a_comment(bo, proposal)
    return Town(
        process=process,
        otto=otto,
        olga=olga,
        olga_as_official=await a_person("Olaf Orr", "official", process=here),
        dora=dora,
        ada=ada,
        bo=bo,
        proposal=proposal.public_id,
        first=await claim_of(proposal.public_id),
        second=await claim_of(comment.contribution.public_id),
        decision=await a_decision(otto, process, maker=dora),
    )


async def browser_of(app, viewer: Viewer | None, language: str = "en") -> httpx.AsyncClient:
    """Give a browser signed in as somebody, in one language."""
    from tests.cast import sign_in

    browser = visitor(app, **{"Accept-Language": language})
    return await sign_in(browser, viewer) if viewer else browser


async def read(browser: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """Open a page and give its HTML."""
    answer = await browser.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
    return answer.text


async def send(
    browser: httpx.AsyncClient, page: str, action: str, status: int = 303, **fields: object
) -> httpx.Response:
    """Open a page, take the form that goes to an address with its hidden fields, fill it in and send it."""
    shown = await read(browser, page)
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', shown, re.S)
    assert found, f"no form to {action} on {page}"
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
    values: dict[str, list[str]] = {}
    for name, value in hidden:
        values.setdefault(name, []).append(html.unescape(value))
    for name, value in fields.items():
        given = value if isinstance(value, (list, tuple)) else [value]
        values[name] = [str(one) for one in given if one is not None]
    answer = await browser.post(action, data=values)
    assert answer.status_code == status, (action, answer.status_code, errors_of(answer.text))
    return answer


def errors_of(page: str) -> list[str]:
    """Give the sentences of the summary of errors, or the first words of the page."""
    found = re.findall(r'<li><a href="#f-[^"]*">(.*?)</a></li>', page)
    return found or [re.sub(r"<[^>]+>|\s+", " ", page)[:600]]
