"""A town of any size, written into the tables in bulk: people, contributions, points, answers, reviews."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.models import Model

from bench.reasons import POLITE, REGRET, Writer
from civic.accounts.models import Participant
from civic.contributions.models import Claim, ClaimSpan, Contribution, ContributionVersion
from civic.decisions.models import Disposition, DispositionVersion, Review
from civic.decisions.queries import DecisionCard
from civic.foundation import clock, database, ids
from civic.foundation.viewer import Viewer
from civic.processes.models import Category
from civic.processes.queries import ProcessPage
from tests.cast import a_decision, a_person, a_process, a_proposal, an_adoption, an_article, claim_of
from tests.cast import decisions as acts

NOTHING = f"{POLITE[0]} {REGRET[0]}"
"""What says nothing of its own, in every town at least twice."""
BATCH = 200
PEOPLE = 4
"""Contributions of one person, on average."""


@dataclass(frozen=True)
class Town:
    """A decision ready to be signed, with the people who look at it."""

    process: ProcessPage
    decision: DecisionCard
    otto: Viewer
    dora: Viewer
    claim: str
    receipt: str
    contributions: int
    points: int
    people: int


async def build(contributions: int, points: int, *, seed: int = 3) -> Town:
    """Build a town whose decision answers every point but those that say nothing of their own."""
    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    olga = await a_person("Olga Orr", "reviewer", process=process.public_id)
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    ada = await a_person("Ada Alm")
    proposal = await a_proposal(ada, process)
    decision = await a_decision(otto, process, maker=dora)
    article = await an_article(otto, decision)
    first = await claim_of(proposal.public_id)
    await acts.draft_answer(otto, first.public_id, an_adoption(article), expected_version=0)
    bulk = _Bulk(process, decision, otto.participant or 0, olga.participant or 0, random.Random(seed), seed)
    people = await bulk.people(max(2, contributions // PEOPLE))
    written = await bulk.contributions(people, contributions - 1)
    await bulk.points(written, points - 1)
    await database.weigh()
    return Town(
        process=process,
        decision=decision,
        otto=otto,
        dora=dora,
        claim=first.public_id,
        receipt=proposal.number,
        contributions=contributions,
        points=points,
        people=1 + len({one.author_id for one in written}),
    )


@dataclass
class _Bulk:
    process: ProcessPage
    decision: DecisionCard
    drafter: int
    reader: int
    chance: random.Random
    seed: int

    async def people(self, count: int) -> list[int]:
        """Open accounts; their addresses are confirmed, so that they can be told."""
        now, code = clock.now(), self.process.code
        rows = [
            Participant(
                public_id=ids.public_id(),
                name=f"Person {code} {place}",
                name_skeleton=f"person {code} {place}",
                address=f"person-{code}-{place}@town.example",
                language=self.chance.choice(("en", "fr")),
                confirmed_at=now,
                created_at=now,
            )
            for place in range(count)
        ]
        await _insert(Participant, rows)
        made = await Participant.filter(name__startswith=f"Person {code} ").order_by("id")
        return [one.id for one in made]

    async def contributions(self, people: Sequence[int], count: int) -> list[Contribution]:
        """Submit comments over the days before the freeze, each person at least one."""
        now, categories = clock.now(), [str(one) for one in Category]
        rows = [
            Contribution(
                public_id=ids.public_id(),
                number=f"B-{self.process.code}-{place}",
                code_hash="-",
                process_id=self.process.id,
                issue_id=self.process.issues[0].id,
                kind="comment",
                relation=self.chance.choice(("asks", "objects", "evidence")),
                author_id=people[place] if place < len(people) else self.chance.choice(people),
                author_name="Somebody",
                capacity=self.chance.choice(categories),
                language="en",
                visibility="public",
                submitted_at=now - timedelta(hours=self.chance.randint(1, 200)),
            )
            for place in range(count)
        ]
        await _insert(Contribution, rows)
        return await Contribution.filter(number__startswith=f"B-{self.process.code}-").order_by("id")

    async def points(self, written: Sequence[Contribution], count: int) -> None:
        """Cut the contributions into points, answer all of them, read the refusals a second time."""
        now, writer = clock.now(), Writer(self.seed)
        texts = {one.id: writer.sentence(36) for one in written}
        await _insert(ContributionVersion, [self._words(key, said, now) for key, said in texts.items()])
        versions = dict(
            await ContributionVersion.filter(contribution_id__gte=written[0].id).values_list(
                "contribution_id", "id"
            )
        )
        places = [(written[place % len(written)], place // len(written) + 1) for place in range(count)]
        await _insert(Claim, [self._claim(one, number, now) for one, number in places])
        claims = await Claim.filter(contribution_id__gte=written[0].id).order_by("id")
        await _insert(ClaimSpan, [self._span(one, versions, texts) for one in claims])
        await _insert(Disposition, [self._place(one, now) for one in claims])
        ids_of = dict(await Disposition.filter(decision_id=self.decision.id).values_list("claim_id", "id"))
        answers = [self._answer(ids_of[one.id], versions[one.contribution_id], writer, now) for one in claims]
        for one in answers[:2]:
            one.outcome, one.sentence, one.rationale = "noted", {"en": NOTHING, "fr": NOTHING}, {}
        await _insert(DispositionVersion, answers)
        refused = await DispositionVersion.filter(
            outcome="declined", disposition__decision_id=self.decision.id
        ).values_list("id", flat=True)
        await _insert(
            Review,
            [
                Review(version_id=one, reviewer_id=self.reader, is_approved=True, reviewed_at=now)
                for one in refused
            ],
        )

    def _words(self, key: int, said: str, now: datetime) -> ContributionVersion:
        digest = hashlib.sha256(said.encode()).hexdigest()
        html = f"<p>{said}</p>"
        return ContributionVersion(
            contribution_id=key, number=1, body=said, html=html, digest=digest, written_at=now
        )

    def _claim(self, one: Contribution, number: int, now: datetime) -> Claim:
        return Claim(
            public_id=ids.public_id(),
            contribution_id=one.id,
            number=number,
            kind="question",
            origin="whole",
            found_at=now,
        )

    def _span(self, claim: Claim, versions: dict[int, int], texts: dict[int, str]) -> ClaimSpan:
        length = len(texts[claim.contribution_id])
        return ClaimSpan(
            claim_id=claim.id,
            version_id=versions[claim.contribution_id],
            part="text",
            start=0,
            end=length,
            salt="-",
            digest="-",
        )

    def _place(self, claim: Claim, now: datetime) -> Disposition:
        return Disposition(
            public_id=ids.public_id(),
            decision_id=self.decision.id,
            claim_id=claim.id,
            version=1,
            created_at=now,
        )

    def _answer(self, place: int, version: int, writer: Writer, now: datetime) -> DispositionVersion:
        """Write an answer: two refusals in ten; one reason in thirty says nothing of its own."""
        is_refusal = self.chance.random() < 0.2
        why = (
            writer.reason() if self.chance.random() < 1 / 30 else writer.sentence(self.chance.randint(20, 45))
        )
        said = {"en": why, "fr": why}
        return DispositionVersion(
            disposition_id=place,
            number=1,
            for_version_id=version,
            outcome="declined" if is_refusal else "noted",
            sentence={"en": writer.sentence(9)} if is_refusal else said,
            rationale=said if is_refusal else {},
            rationale_html=dict.fromkeys(said, f"<p>{why}</p>") if is_refusal else {},
            reason_codes=["feasibility"] if is_refusal else [],
            evidence="Count of 12 October" if is_refusal else "",
            details={"anchor": "You ask why."} if is_refusal else {},
            digest=hashlib.sha256(why.encode()).hexdigest(),
            drafted_by_id=self.drafter,
            drafted_at=now,
        )


async def _insert(table: type[Any], rows: Iterable[Model]) -> None:
    await table.bulk_create(list(rows), batch_size=BATCH)
