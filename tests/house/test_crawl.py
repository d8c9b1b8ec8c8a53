"""Follow every link of a town that lives: no fault, no dead end, nothing changed by reading."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import pytest

from civic.foundation import database as db
from tests import cast
from tests.conftest import visitor

ROLES = {
    "stranger": None,
    "participant": (),
    "moderator": ("moderator",),
    "official": ("official", "reviewer", "decision_maker", "appeal_reader"),
    "administrator": ("administrator",),
}
MOST_PAGES = 400
MOVING = {"session", "rate_bucket", "lease", "job", "tortoise_migrations"}
"""Tables of the house itself: who was seen, how often, by which worker."""


class _Page(HTMLParser):
    """What a page says about itself."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.headings: list[int] = []
        self.wrong: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href") is not None:
            self.links.append(given["href"])
        if given.get("id"):
            self.ids[given["id"]] += 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.wrong += [f"{tag} has {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in given:
            self.wrong.append("a script in the page")
        if tag == "form" and (given.get("method") or "get").lower() not in ("get", "post"):
            self.wrong.append(f"a form that sends by {given['method']}")

    def faults(self) -> list[str]:
        """Name what no page may hold."""
        found = [*self.wrong]
        found += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        if self.headings.count(1) != 1:
            found.append(f"{self.headings.count(1)} headings of the first level")
        skips = [
            pair for pair in zip(self.headings, self.headings[1:], strict=False) if pair[1] > pair[0] + 1
        ]
        found += [f"h{one} is followed by h{other}" for one, other in skips]
        return found


@pytest.fixture
def database_url(request, tmp_path):
    """What pages say does not depend on the database: SQLite only."""
    import shutil

    path = tmp_path / "civic.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


async def _a_town() -> None:
    """Open a process with a proposal, a debate, and a decision under way."""
    ada, bo = await cast.a_person("Ada Lefèvre"), await cast.a_person("Bo Nilsson")
    process = await cast.a_process()
    await cast.a_draft_process()
    otto = await cast.a_person("Otto Brandt", "official")
    proposal = await cast.a_proposal(ada, process)
    asked = await cast.a_comment(bo, proposal)
    await cast.a_comment(ada, proposal, "Before eight in the morning.", to=asked.contribution.public_id)
    await cast.a_decision(otto, process)


async def _state() -> str:
    """Sum up every row of every table but those that move by themselves."""
    names = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    summed = hashlib.sha256()
    for name in (row["name"] for row in names):
        if name not in MOVING and not name.startswith(("sqlite_", "search_words")):
            summed.update(repr((name, await db.rows(f'SELECT * FROM "{name}"'))).encode())
    return summed.hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("role", ROLES)
async def test_every_link_leads_somewhere_and_reading_changes_nothing(app, role, language):
    await _a_town()
    browser = visitor(app, **{"Accept-Language": language})
    if ROLES[role] is not None:
        await cast.sign_in(browser, await cast.a_person("Somebody", *ROLES[role]))
    before = await _state()
    wrong: list[str] = []
    seen, waiting = {"/"}, [("/", "the start")]
    while waiting and len(seen) < MOST_PAGES:
        address, source = waiting.pop(0)
        answer = await browser.get(address)
        if answer.status_code >= 400:
            wrong.append(f"{address} from {source}: {answer.status_code}")
        for target, why in _next(answer, address):
            if why:
                wrong.append(f"{address}: {why}")
            elif target not in seen:
                seen.add(target)
                waiting.append((target, address))
    await browser.aclose()
    assert len(seen) > 10
    assert await _state() == before, "a page changed something by being read"
    assert not wrong, "\n".join(sorted(set(wrong)))


def _next(answer, address: str):
    """Give the pages a page leads to, and what is wrong with it."""
    if answer.is_redirect:
        yield answer.headers["location"], None
        return
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return
    page = _Page(answer.text)
    for fault in page.faults():
        yield "", fault
    for link in page.links:
        target, fragment = urldefrag(link)
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or "lang=" in parts.query:
            continue
        if not target:
            if fragment and fragment not in page.ids:
                yield "", f"#{fragment} is not on the page"
            continue
        yield target if target.startswith("/") else urlsplit(address).path + target, None
