"""A busy evening: fifty people write while twenty moderate and five answer; nothing fails or is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

import pytest

from civic.contributions.queries import claims_of, counts, visible_contribution
from civic.foundation import database as db
from civic.foundation import ids
from civic.foundation.viewer import STRANGER, Viewer
from civic.moderation import actions as moderation
from civic.moderation import queries as desk
from civic.moderation.forms import ReportDraft
from civic.moderation.models import Ground
from civic.processes.queries import ProcessPage
from civic.proposals.queries import ProposalCard
from tests import cast
from tests.conftest import visitor
from tests.journeys.inside import Visitor
from tests.journeys.posts import ANSWER, STATEMENT

PEOPLE, MODERATORS, OFFICIALS, POINTS_EACH = 50, 20, 5, 3
COMMENTS_EACH = 2


class Evening:
    """The process, its people, and what waits for them."""

    def __init__(self, process: ProcessPage, proposal: ProposalCard) -> None:
        self.process, self.proposal = process, proposal
        self.people: list[Viewer] = []
        self.moderators: list[Viewer] = []
        self.officials: list[Viewer] = []
        self.thread = ""
        self.roots: list[str] = []
        self.cases: list[str] = []
        self.claims: list[str] = []


async def prepare() -> Evening:
    """Open a debate, with texts that are reported and points that wait for an answer."""
    process = await cast.a_process()
    key = process.public_id
    ada = await cast.a_person("Ada")
    evening = Evening(process, await cast.a_proposal(ada, process))
    evening.people = [await cast.a_person(f"Person {number}") for number in range(PEOPLE)]
    evening.moderators = [
        await cast.a_person(f"Reader {number}", "moderator", process=key) for number in range(MODERATORS)
    ]
    evening.officials = [
        await cast.a_person(f"Clerk {number}", "official", process=key) for number in range(OFFICIALS)
    ]
    (thread,) = await db.rows("SELECT public_id FROM thread")
    evening.thread = thread["public_id"]
    for number in range(3):
        root = await cast.a_comment(ada, evening.proposal, f"Root {number}", relation=None)
        evening.roots.append(root.contribution.public_id)
    for number in range(MODERATORS):
        author = evening.people[number]
        said = await cast.a_comment(author, evening.proposal, f"The traders are crooks, {number} times.")
        await report(f"contribution/{said.contribution.public_id}", number)
    evening.cases = [row["public_id"] for row in await db.rows("SELECT public_id FROM moderation_case")]
    await cast.a_decision(evening.officials[0], process)
    for number in range(OFFICIALS * POINTS_EACH):
        proposal = await cast.a_proposal(ada, process, title=f"Bench number {number}")
        (claim,) = await claims_of((await visible_contribution(ada, proposal.public_id)).id)
        evening.claims.append(claim.public_id)
    return evening


async def report(key: str, number: int) -> None:
    """Report a text as a stranger of its own network."""
    subject = await desk.visible_subject(STRANGER, key)
    draft = ReportDraft(Ground.INSULT, "It insults people.", "", "")
    network = f"10.1.{number}.0/24"
    await moderation.report(STRANGER, subject, draft, network=network, code=ids.secret_code(), language="en")


async def write(browser: Visitor, evening: Evening, number: int) -> list[int]:
    """Say two things, propose one, endorse one, mark one."""
    comments, statuses = f"/debates/{evening.thread}/comments", []
    for turn in range(COMMENTS_EACH):
        parent = evening.roots[number % len(evening.roots)] if turn else ""
        fields = {"body": f"Argument {number}.{turn}", "relation": "objects", "parent": parent}
        statuses.append(await send(browser, comments, fields))
    words = {
        "title": f"Proposal of person {number}",
        "body": f"Because of reason {number}.",
        "issue": evening.process.issues[0].public_id,
    }
    statuses.append(await send(browser, f"/processes/{evening.process.slug}/proposals", words))
    endorsed = {"endorsed": "1"}
    statuses.append(
        await send(browser, f"/proposals/{evening.proposal.public_id}/endorsement", endorsed, key=False)
    )
    marked = {"marked": "1"}
    statuses.append(await send(browser, f"/comments/{evening.roots[0]}/insight", marked, key=False))
    return statuses


async def moderate(browser: Visitor, case: str, number: int) -> list[int]:
    """Read one case and decide: every other one is hidden."""
    form = await browser.form(f"/moderation/cases/{case}", f"/moderation/cases/{case}/decision")
    measure = STATEMENT if number % 2 else {"measure": "keep", "rule": "3"}
    fields = {**form.values(), **measure}
    return [await send(browser, f"/moderation/cases/{case}/decision", fields)]


async def answer(browser: Visitor, claims: list[str]) -> list[int]:
    """Answer some points."""
    return [
        await send(browser, f"/desk/claims/{claim}", {**ANSWER, "expected_version": "0"}) for claim in claims
    ]


async def send(browser: Visitor, path: str, fields: dict[str, Any], *, key: bool = True) -> int:
    """Send a form with a key of its own."""
    sent = {name: given for name, given in fields.items() if name not in ("csrf", "form_key")}
    return (await browser.post(path, {**sent, **({"form_key": ids.public_id()} if key else {})})).status_code


async def signed_in(stack: AsyncExitStack, app: Any, who: Viewer) -> Visitor:
    """Give somebody a browser."""
    client = await stack.enter_async_context(visitor(app))
    await cast.sign_in(client, who)
    browser = Visitor(client, who.name)
    await browser.csrf()
    return browser


@pytest.mark.slow
async def test_a_busy_evening_loses_nothing(app):
    evening = await prepare()
    async with AsyncExitStack() as stack:
        people = [await signed_in(stack, app, one) for one in evening.people]
        readers = [await signed_in(stack, app, one) for one in evening.moderators]
        clerks = [await signed_in(stack, app, one) for one in evening.officials]
        writing = [write(one, evening, number) for number, one in enumerate(people)]
        reading = [
            moderate(one, case, number)
            for number, (one, case) in enumerate(zip(readers, evening.cases, strict=True))
        ]
        share = [evening.claims[number::OFFICIALS] for number in range(OFFICIALS)]
        answering = [answer(one, claims) for one, claims in zip(clerks, share, strict=True)]
        done = await asyncio.gather(*writing, *reading, *answering)
    assert Counter(status for statuses in done for status in statuses) == {
        303: PEOPLE * (COMMENTS_EACH + 3) + MODERATORS + OFFICIALS * POINTS_EACH
    }
    await demand_exact_counts(evening)
    await demand_nothing_lost(evening)


async def demand_exact_counts(evening: Evening) -> None:
    """Compare every counter with what it counts."""
    hidden = MODERATORS // 2
    (thread,) = await db.rows("SELECT * FROM thread WHERE public_id = ?", evening.thread)
    comments = await db.rows(
        "SELECT m.*, c.visibility, c.relation AS said FROM comment m "
        "JOIN contribution c ON c.id = m.contribution_id WHERE m.thread_id = ?",
        thread["id"],
    )
    shown = [one for one in comments if one["visibility"] == "public"]
    assert len(comments) == 3 + MODERATORS + PEOPLE * COMMENTS_EACH
    assert len(shown) == thread["comment_count"] == len(comments) - hidden
    assert thread["root_count"] == sum(one["depth"] == 0 for one in comments)
    for one in comments:
        below = [other for other in comments if other["path"].startswith(one["path"]) and other is not one]
        assert one["descendants"] == sum(other["visibility"] == "public" for other in below)
        assert one["children"] == sum(other["parent_id"] == one["id"] for other in comments)
    assert len({one["path"] for one in comments}) == len(comments), "everybody has a place of their own"
    relations = {row["relation"]: row["count"] for row in await db.rows("SELECT * FROM thread_relation")}
    assert {name: n for name, n in relations.items() if n} == Counter(one["said"] or "" for one in shown)
    (proposal,) = await db.rows("SELECT * FROM proposal WHERE public_id = ?", evening.proposal.public_id)
    assert proposal["endorsement_count"] == PEOPLE
    assert max(one["insight_count"] for one in comments) == PEOPLE
    counted = await counts(evening.process.id)
    proposals = 1 + OFFICIALS * POINTS_EACH + PEOPLE
    assert (counted.proposals, counted.comments) == (proposals, len(comments))
    assert (counted.received, counted.published) == (proposals + len(comments), proposals + len(shown))
    assert counted.people == PEOPLE + 1


async def demand_nothing_lost(evening: Evening) -> None:
    """Look for each thing that was acknowledged."""
    numbers = [row["number"] for row in await db.rows("SELECT number FROM contribution")]
    given = sorted(int(number.split("-")[2]) for number in numbers)
    assert given == list(range(1, len(numbers) + 1)), "receipts are numbered without a gap or a double"
    cases = await db.rows("SELECT closed_at FROM moderation_case")
    assert all(row["closed_at"] is not None for row in cases)
    decided = Counter(row["measure"] for row in await db.rows("SELECT measure FROM moderation_decision"))
    assert decided == {"hide": MODERATORS // 2, "keep": MODERATORS // 2}
    answers = await db.rows(
        "SELECT d.claim_id FROM disposition d JOIN disposition_version v ON v.disposition_id = d.id"
    )
    assert len({row["claim_id"] for row in answers}) == len(answers) == OFFICIALS * POINTS_EACH
    leaves = Counter(row["type"] for row in await db.rows("SELECT type FROM ledger_staged"))
    assert leaves["comment.created"] == 3 + MODERATORS + PEOPLE * COMMENTS_EACH
    assert leaves["proposal.created"] == 1 + OFFICIALS * POINTS_EACH + PEOPLE
    assert leaves["disposition.drafted"] == OFFICIALS * POINTS_EACH
    assert leaves["moderation.restricted"] == MODERATORS // 2
    found = await db.rows("SELECT key FROM search_entry WHERE kind = 'proposal'")
    assert len(found) == 1 + OFFICIALS * POINTS_EACH + PEOPLE
