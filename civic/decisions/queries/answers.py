"""Answers as they were written: what they say, whom they serve, who wrote and read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.decisions.models import (
    Disposition,
    DispositionPart,
    DispositionVersion,
    Effect,
    Outcome,
    ReasonCode,
    SharedGroup,
)
from civic.decisions.queries.reading import ArticleCard, articles_at, marks
from civic.decisions.rules import Answer, Part, unpacked
from civic.foundation import database
from civic.foundation.tables import Localized


@dataclass(frozen=True)
class ReviewCard:
    """What a second person found in an answer."""

    reviewer: PersonCard
    is_approved: bool
    signs_deferral: bool
    note: str
    reviewed_at: datetime


@dataclass(frozen=True)
class GroupCard:
    """One answer that serves several points, and says so."""

    id: int
    public_id: str
    label: Localized
    size: int


@dataclass(frozen=True)
class AnswerCard:
    """One version of the answer to one point."""

    id: int
    public_id: str
    claim_id: int
    number: int
    answer: Answer
    rationale_html: Localized
    for_version: int
    group: GroupCard | None
    drafted_by: PersonCard | None
    drafted_at: datetime
    reviews: tuple[ReviewCard, ...]
    articles: tuple[ArticleCard, ...]

    @property
    def outcome(self) -> Outcome:
        return self.answer.outcome

    @property
    def approved_by(self) -> tuple[PersonCard, ...]:
        return tuple(one.reviewer for one in self.reviews if one.is_approved)


_VERSIONS = "SELECT id, number FROM contribution_version WHERE id IN ({marks})"
_REVIEWS = """
SELECT version_id, reviewer_id, is_approved, signs_deferral, note, reviewed_at
FROM review WHERE version_id IN ({marks}) ORDER BY id
"""
_LINKS = """
SELECT l.version_id, p.id AS provision_id, p.public_id
FROM provision_link l JOIN provision p ON p.id = l.provision_id
WHERE l.version_id IN ({marks}) ORDER BY p.position, p.id
"""
_SIZES = """
SELECT a.group_id, count(*) AS size
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
JOIN claim k ON k.id = d.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE a.group_id IN ({marks}) AND c.visibility = 'public'
GROUP BY a.group_id
"""
_ALL_OF_CLAIM = """
SELECT a.id FROM disposition_version a JOIN disposition d ON d.id = a.disposition_id
WHERE d.claim_id = ? ORDER BY a.number DESC
"""


async def answers_by_id(ids: Collection[int], *, at_version: int | None = None) -> dict[int, AnswerCard]:
    """Give several answers at once; with a decision version, their articles as it states them."""
    if not ids:
        return {}
    rows = await DispositionVersion.filter(id__in=list(ids))
    owners = {row.id: row for row in await Disposition.filter(id__in={row.disposition_id for row in rows})}
    parts = await _parts(ids)
    reviews = await _reviews(ids)
    groups = await _groups(row.group_id for row in rows if row.group_id)
    links, articles = await _articles(ids, at_version)
    written = {row.for_version_id for row in rows}
    numbers = {
        row["id"]: row["number"]
        for row in await database.rows(_VERSIONS.format(marks=marks(list(written))), *written)
    }
    people = await accounts.people_of(row.drafted_by_id for row in rows if row.drafted_by_id)
    return {
        row.id: AnswerCard(
            id=row.id,
            public_id=owners[row.disposition_id].public_id,
            claim_id=owners[row.disposition_id].claim_id,
            number=row.number,
            answer=_answer(row, tuple(public for _, public in links[row.id]), parts[row.id]),
            rationale_html=row.rationale_html,
            for_version=numbers[row.for_version_id],
            group=groups.get(row.group_id or 0),
            drafted_by=people.get(row.drafted_by_id or 0),
            drafted_at=row.drafted_at,
            reviews=tuple(reviews[row.id]),
            articles=tuple(articles[key] for key, _ in links[row.id] if key in articles),
        )
        for row in rows
    }


async def answers_of_claim(claim_id: int) -> list[AnswerCard]:
    """Give every version of the answer to one point, newest first; for the desk."""
    ids = [row["id"] for row in await database.rows(_ALL_OF_CLAIM, claim_id)]
    found = await answers_by_id(ids)
    return [found[one] for one in ids]


def _answer(row: DispositionVersion, provisions: tuple[str, ...], parts: list[Part]) -> Answer:
    return Answer(
        outcome=Outcome(row.outcome),
        sentence=row.sentence,
        rationale=row.rationale,
        reason_codes=tuple(ReasonCode(one) for one in row.reason_codes),
        effects=tuple(Effect(one) for one in row.effects),
        evidence=row.evidence,
        is_value_choice=row.is_value_choice,
        provisions=provisions,
        parts=tuple(parts),
        reopens_on=row.reopens_on,
        own_sentence=row.own_sentence,
        details=unpacked(row.details),
    )


async def _parts(ids: Collection[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for row in await DispositionPart.filter(version_id__in=list(ids)).order_by("position"):
        reasons = tuple(ReasonCode(one) for one in row.reason_codes)
        found[row.version_id].append(Part(row.text, row.is_adopted, reasons, row.rationale))
    return found


async def _reviews(ids: Collection[int]) -> dict[int, list[ReviewCard]]:
    rows = await database.rows(_REVIEWS.format(marks=marks(list(ids))), *ids)
    people = await accounts.people_of(row["reviewer_id"] for row in rows)
    found: dict[int, list[ReviewCard]] = defaultdict(list)
    for row in rows:
        found[row["version_id"]].append(_review(row, people))
    return found


def _review(row: dict[str, Any], people: dict[int, PersonCard]) -> ReviewCard:
    return ReviewCard(
        reviewer=people[row["reviewer_id"]],
        is_approved=bool(row["is_approved"]),
        signs_deferral=bool(row["signs_deferral"]),
        note=row["note"],
        reviewed_at=database.moment(row["reviewed_at"]),
    )


async def _groups(ids: Iterable[int]) -> dict[int, GroupCard]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    sizes = {
        row["group_id"]: int(row["size"])
        for row in await database.rows(_SIZES.format(marks=marks(wanted)), *wanted)
    }
    return {
        row.id: GroupCard(row.id, row.public_id, row.label, sizes.get(row.id, 0))
        for row in await SharedGroup.filter(id__in=wanted)
    }


async def _articles(
    ids: Collection[int], at_version: int | None
) -> tuple[dict[int, list[tuple[int, str]]], dict[int, ArticleCard]]:
    links: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in await database.rows(_LINKS.format(marks=marks(list(ids))), *ids):
        links[row["version_id"]].append((row["provision_id"], row["public_id"]))
    provisions = {key for one in links.values() for key, _ in one}
    return links, await articles_at(provisions, at_version)
