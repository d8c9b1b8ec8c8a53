"""Looking changes nothing: everybody opens every page they can reach, and the database says what it said."""

from __future__ import annotations

import re

import pytest

from tests.journeys import markup
from tests.journeys.digest import changed, contents
from tests.journeys.inside import ROLES, Opened
from tests.journeys.samples import PAGES, belongs, reads

ENOUGH = 60
"""How many more pages each person follows links to, at most one for each sort of address."""
WATCHED = ("stranger", "gus", "ada", "bo", "mira", "otto", "rita", "dora", "hal", "root", "otto elsewhere")


def sort_of(path: str) -> str:
    """Tell pages of one sort by their address: ids and numbers left out, questions named."""
    address, _, asked = path.partition("?")
    names = ",".join(sorted({pair.partition("=")[0] for pair in asked.split("&")}))
    return re.sub(r"[0-9a-z]{26}|[A-Z0-9]+-\d{4}-\d{6}-\w|\d+", "…", address) + "?" + names


async def look_around(opened: Opened, role: str) -> list[str]:
    """Open the pages of somebody and follow their links; give the faults met on the way."""
    visitor, seen, wrong = opened.visitor(role), set[str](), []
    ahead = []
    for route in reads():
        for sample in PAGES.get(route.name, ()):
            if belongs(role, sample.opens, "here"):
                ahead.append(sample.path(route, opened.town.here))
    own = len(ahead)
    while ahead and len(seen) < own + ENOUGH:
        path = ahead.pop(0)
        if path.startswith("/static/") or sort_of(path) in seen:
            continue
        seen.add(sort_of(path))
        answer = await visitor.get(path)
        if answer.status_code >= 500 or answer.status_code in (404, 405):
            wrong.append(f"{role}: {answer.status_code} at {path}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            ahead += [link for link in markup.links_of(answer.text) if not link.startswith("/static/")]
    return wrong


@pytest.mark.parametrize("role", WATCHED)
async def test_looking_changes_nothing(opened_town: Opened, role: str):
    assert role in ROLES
    await opened_town.visitor(role).get("/")
    before = await contents()
    wrong = await look_around(opened_town, role)
    after = await contents()
    assert changed(before, after) == [], "somebody who only looks leaves no trace"
    assert not wrong, "links lead somewhere:\n" + "\n".join(wrong)
