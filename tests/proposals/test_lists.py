"""A list of proposals is searched, filtered and paged by its address, at a cost that does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.contributions.actions import hide
from civic.contributions.forms import Capacity, author_from
from civic.contributions.models import Contribution, ContributionVersion, Kind, Visibility
from civic.contributions.models import Relation as Does
from civic.debates.models import Thread
from civic.decisions import actions as decide
from civic.decisions.forms import DecisionDraft, PublicationDraft
from civic.foundation import clock, database, ids
from civic.foundation.viewer import STRANGER
from civic.processes.models import Category
from civic.proposals import actions, queries
from civic.proposals.forms import ProposalDraft
from civic.proposals.models import Proposal
from civic.proposals.queries import Filters, Sort
from tests.cast import (
    a_comment,
    a_person,
    a_process,
    a_proposal,
    after_the_freeze,
    an_adoption,
    an_article,
    claim_of,
)


async def many(process, size):
    """Write so many proposals straight into the tables."""
    now = clock.now()
    keys = [ids.public_id() for _ in range(size)]
    issue = process.issues[0]
    await Contribution.bulk_create(
        Contribution(
            public_id=key, number=f"T-{key}", code_hash="0" * 64, process_id=process.id, issue_id=issue.id,
            kind=Kind.PROPOSAL, author_name=f"Neighbour {n}", language="en", visibility=Visibility.PUBLIC,
            submitted_at=now, confirmed_at=now,
        )
        for n, key in enumerate(keys)
    )  # fmt: skip
    await Thread.bulk_create(
        Thread(public_id=key, process_id=process.id, issue_id=issue.id, subject=f"proposal/{key}")
        for key in keys
    )
    made = {row.public_id: row.id for row in await Contribution.filter(public_id__in=keys)}
    threads = {row.public_id: row.id for row in await Thread.filter(public_id__in=keys)}
    await ContributionVersion.bulk_create(
        ContributionVersion(
            contribution_id=made[key], number=1, title=f"Proposal {n}", body="b", html="<p>b</p>",
            digest=key, written_at=now,
        )
        for n, key in enumerate(keys)
    )  # fmt: skip
    await Proposal.bulk_create(
        Proposal(
            public_id=key, contribution_id=made[key], thread_id=threads[key], process_id=process.id,
            issue_id=issue.id, lot=n * 1_299_709_919 % (2**31 - 3), submitted_at=now,
        )
        for n, key in enumerate(keys)
    )  # fmt: skip
    await database.weigh()


async def read_all(process, filters, limit=20):
    """Read a list to its end."""
    pages, after = [], ""
    while True:
        found = await queries.listing(STRANGER, process, filters, after, limit=limit)
        pages.append(found)
        if found.next is None:
            return pages
        after = found.next


@pytest.mark.parametrize("sort", list(Sort))
async def test_reading_to_the_end_shows_each_proposal_once(app, sort):
    process = await a_process()
    await many(process, 53)
    pages = await read_all(process, Filters(sort=sort))
    seen = [one.public_id for page in pages for one in page.proposals]
    assert [len(page.proposals) for page in pages] == [20, 20, 13]
    assert len(set(seen)) == 53
    assert {page.total for page in pages} == {53}
    assert pages[-1].shown == 53


async def test_the_drawn_order_is_the_same_for_everybody_and_begins_elsewhere_each_day(app):
    process, ada = await a_process(), await a_person("Ada")
    await many(process, 40)
    first = [one.id for one in (await queries.listing(STRANGER, process)).proposals]
    assert first == [one.id for one in (await queries.listing(ada, process)).proposals]
    others = []
    for days in range(1, 15):
        with clock.at(clock.now() + timedelta(days=days)):
            others.append([one.id for one in (await queries.listing(STRANGER, process)).proposals])
    assert any(other != first for other in others), "two weeks never begin at the same place"


async def test_a_page_costs_the_same_with_10_and_with_10_000_proposals(app, count_queries):
    process = await a_process()
    await many(process, 10)
    few = {sort: await cost(count_queries, process, sort) for sort in Sort}
    await many(process, 9_990)
    for sort in Sort:
        assert await cost(count_queries, process, sort) == few[sort]


async def cost(count_queries, process, sort):
    """Count the statements of one page."""
    with count_queries() as seen:
        found = await queries.listing(STRANGER, process, Filters(sort=sort))
    assert found.proposals
    return seen.count


async def test_filters_and_search_keep_what_was_asked(app):
    process, ada, bo = await a_process(issues=2), await a_person("Ada"), await a_person("Bo")
    bench = await a_proposal(ada, process, title="Bänke an der Haltestelle", body="Für die Wartenden.")
    draft = ProposalDraft(
        "Lime trees", "Shade.", process.issues[1].public_id, Capacity(Category.FEDERATIONS, "Baker")
    )
    await actions.submit_proposal(author_from(bo), process, draft)
    assert [
        one.title for one in (await queries.listing(STRANGER, process, Filters(q="banke"))).proposals
    ] == [bench.title]
    by_issue = await queries.listing(STRANGER, process, Filters(issue_id=process.issues[1].id))
    assert [one.title for one in by_issue.proposals] == ["Lime trees"]
    by_trade = await queries.listing(STRANGER, process, Filters(capacity="federations"))
    assert [one.title for one in by_trade.proposals] == ["Lime trees"]
    assert (await queries.listing(STRANGER, process, Filters(q="nowhere"))).total == 0


async def test_the_most_discussed_come_first_when_asked_and_cards_count_the_sides(app):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    quiet = await a_proposal(ada, process, title="Quiet")
    loud = await a_proposal(ada, process, title="Loud")
    await a_comment(bo, loud, "Yes, because.", relation=Does.SUPPORTS)
    await a_comment(bo, loud, "No, because.", relation=Does.OBJECTS)
    found = await queries.listing(STRANGER, process, Filters(sort=Sort.DISCUSSED))
    assert [one.public_id for one in found.proposals] == [loud.public_id, quiet.public_id]
    assert (found.proposals[0].supports, found.proposals[0].objections) == (1, 1)


async def test_hidden_and_waiting_proposals_are_in_no_list(client):
    process, ada = await a_process(), await a_person("Ada")
    proposal = await a_proposal(ada, process, title="SECRET insult")
    await hide(proposal.contribution_id, "test")
    assert (await queries.listing(ada, process)).total == 0
    for path in (f"/processes/{process.slug}/proposals", f"/processes/{process.slug}/proposals?q=SECRET"):
        assert "SECRET insult" not in (await client.get(path)).text
    shown = await client.get(f"/proposals/{proposal.public_id}")
    assert shown.status_code == 200
    assert "SECRET insult" not in shown.text


async def test_a_list_says_what_was_answered_and_keeps_what_still_waits(client):
    process, ada = await a_process(issues=2), await a_person("Ada")
    answered = await a_proposal(ada, process, title="Close Mill Street")
    draft = ProposalDraft("Lime trees", "Shade.", process.issues[1].public_id)
    await actions.submit_proposal(author_from(ada), process, draft)
    await publish_answer(process, answered)
    base = f"/processes/{process.slug}/proposals"
    every = (await client.get(base)).text
    assert "Adopted" in every
    assert "Lime trees" in every
    given = (await client.get(f"{base}?answer=given")).text
    assert "Close Mill Street" in given
    assert "Lime trees" not in given
    waited = (await client.get(f"{base}?answer=waited")).text
    assert "Close Mill Street" not in waited
    assert "Lime trees" in waited
    shown = (await client.get(f"/proposals/{answered.public_id}")).text
    assert "What was answered" in shown


async def publish_answer(process, proposal):
    """Let Otto adopt a proposal and Dora publish the decision on its question."""
    otto = await a_person("Otto", "official", process=process.public_id)
    dora = await a_person("Dora", "decision_maker", process=process.public_id)
    question = DecisionDraft(
        {"en": "Mill Street", "fr": "Rue du Moulin"}, {}, dora.public_id or "", (process.issues[0].public_id,)
    )
    decision = await decide.create_decision(otto, process, question)
    article = await an_article(otto, decision)
    claim = await claim_of(proposal.public_id)
    signed = PublicationDraft(role="Deputy mayor", at=None, with_banner=False, correction={})
    with after_the_freeze(process):
        await decide.draft_answer(otto, claim.public_id, an_adoption(article), expected_version=0)
        await decide.publish(dora, decision, signed)
