"""Pages of decisions cost what they show, whatever the number of points."""

from __future__ import annotations

import secrets

import pytest

from civic.app import handlers
from civic.contributions.models import Claim, ClaimSpan, Contribution, ContributionVersion
from civic.decisions import actions, queries
from civic.decisions.models import Disposition, DispositionVersion
from civic.foundation import clock, database, ids, queue
from tests.cast import after_the_freeze, sign_in
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, read
from tests.decisions.test_publication import SIGNED, answered

MANY = 3_000


async def many_points(town: Town, count: int, *, answered_by: int | None) -> None:
    """Put points (and answers to them) straight into the tables: only their number matters here."""
    now, marks = clock.now(), secrets.token_hex(4)
    rows = [
        Contribution(
            public_id=ids.public_id(),
            number=f"X-{marks}-{place}",
            code_hash="x",
            process_id=town.process.id,
            issue_id=town.process.issues[0].id,
            kind="comment",
            relation="asks",
            author_id=town.bo.participant,
            author_name="Bo Birk",
            language="en",
            visibility="public",
            submitted_at=now,
        )
        for place in range(count)
    ]
    await Contribution.bulk_create(rows)
    ids_of = (
        await Contribution.filter(number__startswith=f"X-{marks}-")
        .order_by("id")
        .values_list("id", flat=True)
    )
    words = [f"Word {place} about the street." for place in range(count)]
    await ContributionVersion.bulk_create(
        [
            ContributionVersion(
                contribution_id=key, number=1, body=said, html=said, digest=f"{marks}{key}", written_at=now
            )
            for key, said in zip(ids_of, words, strict=True)
        ]
    )
    versions = dict(await ContributionVersion.all().values_list("contribution_id", "id"))
    await Claim.bulk_create(
        [
            Claim(
                public_id=ids.public_id(),
                contribution_id=key,
                number=1,
                kind="question",
                origin="whole",
                found_at=now,
            )  # fmt: skip
            for key in ids_of
        ]
    )
    claims = dict(await Claim.filter(kind="question").values_list("contribution_id", "id"))
    await ClaimSpan.bulk_create(
        [
            ClaimSpan(
                claim_id=claims[key],
                version_id=versions[key],
                part="text",
                start=0,
                end=len(said),
                salt="s",
                digest="d",
            )  # fmt: skip
            for key, said in zip(ids_of, words, strict=True)
        ]
    )
    if answered_by is not None:
        await many_answers(town, [claims[key] for key in ids_of], versions, ids_of, answered_by)
    await database.weigh()


async def many_answers(town: Town, claims, versions, contributions, by: int) -> None:
    now = clock.now()
    await Disposition.bulk_create(
        [
            Disposition(
                public_id=ids.public_id(),
                decision_id=town.decision.id,
                claim_id=claim,
                version=1,
                created_at=now,
            )
            for claim in claims
        ]
    )
    places = dict(await Disposition.filter(decision_id=town.decision.id).values_list("claim_id", "id"))
    vocabulary = [f"w{secrets.token_hex(3)}" for _ in range(400)]
    await DispositionVersion.bulk_create(
        [
            DispositionVersion(
                disposition_id=places[claim],
                number=1,
                for_version_id=versions[contribution],
                outcome="noted",
                sentence={"en": " ".join(secrets.choice(vocabulary) for _ in range(30))},
                digest="d",
                drafted_by_id=by,
                drafted_at=now,
            )
            for claim, contribution in zip(claims, contributions, strict=True)
        ]
    )


async def cost(browser, path: str, count_queries) -> int:
    await read(browser, path)
    with count_queries() as seen:
        await read(browser, path)
    return seen.count


@pytest.mark.slow
async def test_the_desk_costs_the_same_for_ten_points_and_three_thousand(app, count_queries):
    town = await a_town()
    otto = await sign_in(visitor(app), town.otto)
    here = f"/desk/decisions/{town.decision.public_id}"
    pages = (here, f"{here}?state=unanswered", "/desk", "/desk/decisions", f"{here}/publication",
             f"/desk/claims/{town.first.public_id}")  # fmt: skip
    await many_points(town, 10, answered_by=town.otto.participant)
    few = [await cost(otto, path, count_queries) for path in pages]
    await many_points(town, MANY, answered_by=town.otto.participant)
    await many_points(town, 50, answered_by=None)
    assert [await cost(otto, path, count_queries) for path in pages] == few
    coverage = await queries.coverage_of(town.decision.id)
    assert (coverage.total, coverage.ready) == (MANY + 62, MANY + 10)


@pytest.mark.slow
async def test_a_published_decision_costs_the_same_for_ten_points_and_three_thousand(app, count_queries):
    costs = []
    for count in (10, MANY):
        town = await a_town()
        await answered(town)
        await many_points(town, count, answered_by=town.otto.participant)
        with after_the_freeze(town.process):
            version = await actions.publish(town.dora, town.decision, SIGNED)
            await queue.work_off(handlers())
            assert version.counts["answered"] == count + 2
            decision = f"/decisions/{town.decision.public_id}"
            (card,), _ = await queries.outcomes_of(version.id, queries.OutcomeFilter(outcome="declined"))
            anyone = visitor(app)
            paths = ("/decisions", decision, f"{decision}?outcome=noted", f"/outcomes/{card.public_id}")
            costs.append([await cost(anyone, path, count_queries) for path in paths])
            first = await read(anyone, f"{decision}?outcome=noted")
            assert first.count("See the answer") == min(count, 20)
    assert costs[0] == costs[1]


async def test_a_list_is_read_to_its_end_page_by_page(database):
    town = await a_town()
    await answered(town)
    await many_points(town, 45, answered_by=town.otto.participant)
    with after_the_freeze(town.process):
        version = await actions.publish(town.dora, town.decision, SIGNED)
        seen, after = [], None
        while True:
            cards, after = await queries.outcomes_of(version.id, queries.OutcomeFilter(), after=after)
            seen += [card.claim.id for card in cards]
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 47
    decision = await queries.decision_by_id(town.decision.id)
    walked, after = [], None
    while True:
        work = await queries.workspace(decision, queries.PointFilter(), after=after)
        walked += [row.point.claim_id for row in work.rows]
        after = work.after
        if after is None:
            break
    assert len(walked) == len(set(walked)) == work.shown == 47
