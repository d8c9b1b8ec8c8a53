"""What authors say of the outcomes a draft proposes for their points, and what is answered to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.queries import ClaimCard
from civic.decisions.models import Outcome, Stance
from civic.decisions.queries.reading import marks, maybe_moment, read_json
from civic.foundation import database
from civic.foundation.tables import Localized

PAGE = 20


@dataclass(frozen=True)
class ReactionCard:
    """What an author says of a proposed outcome; its words are for them and the officials of the process."""

    id: int
    public_id: str
    draft_id: int
    claim_id: int
    claim: str
    edition: int
    proposed: Outcome
    number: int
    stance: Stance
    text: str
    language: str
    written_at: datetime
    answer: str
    read_by: str
    read_at: datetime | None

    @property
    def is_objection(self) -> bool:
        return self.stance is not Stance.AGREE


@dataclass(frozen=True)
class ReactionRow:
    """A line of the list of reactions on the desk."""

    reaction: ReactionCard
    claim: ClaimCard
    author_name: str
    receipt: str


@dataclass(frozen=True)
class ReactionFilter:
    """Which reactions the desk shows; kept in the address."""

    stance: str = ""
    all: bool = False
    """Whether those that were considered are shown too."""


_REACTION = """
SELECT r.id, r.public_id, r.draft_id, o.claim_id, g.public_id AS claim, e.number AS edition,
       a.outcome AS proposed, r.number, r.stance, r.text, r.language, r.written_at, y.answer,
       p.name AS read_by, y.read_at
FROM reaction r
JOIN draft_outcome o ON o.id = r.draft_id
JOIN draft_edition e ON e.id = o.edition_id
JOIN claim g ON g.id = o.claim_id
JOIN disposition_version a ON a.id = o.disposition_version_id
LEFT JOIN reaction_reading y ON y.reaction_id = r.id
LEFT JOIN participant p ON p.id = y.read_by_id
"""
_NEWEST = " AND r.number = (SELECT max(s.number) FROM reaction s WHERE s.draft_id = r.draft_id)"
_OF_DRAFTS = _REACTION + "WHERE r.draft_id IN ({marks})" + _NEWEST
_OF_CLAIMS = _REACTION + "WHERE o.claim_id IN ({marks}) ORDER BY r.id DESC"
_ON_DECISION = (
    _REACTION
    + """
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation' AND k.retired_at IS NULL
JOIN contribution c ON c.id = k.contribution_id AND c.visibility = 'public'
WHERE e.decision_id = ?"""
    + _NEWEST
)
_UNREAD = " AND y.id IS NULL"
_WAITING = """
SELECT d.public_id AS decision, d.title, count(*) AS n, min(r.written_at) AS oldest,
       max(e.closes_at) AS closes_at
FROM reaction r
JOIN draft_outcome o ON o.id = r.draft_id
JOIN draft_edition e ON e.id = o.edition_id
JOIN decision d ON d.id = e.decision_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation' AND k.retired_at IS NULL
JOIN contribution c ON c.id = k.contribution_id AND c.visibility = 'public'
LEFT JOIN reaction_reading y ON y.reaction_id = r.id
WHERE d.process_id IN ({marks}) AND y.id IS NULL
  AND r.number = (SELECT max(s.number) FROM reaction s WHERE s.draft_id = r.draft_id)
GROUP BY d.id, d.public_id, d.title ORDER BY d.id
"""
"""The reactions nobody considered yet, decision by decision."""
_SAYS = " AND r.stance = ?"
_FROM_ID = " AND r.id > (SELECT s.id FROM reaction s WHERE s.public_id = ?)"
_OLDEST_FIRST = " ORDER BY r.id LIMIT ?"
_PEOPLE = """
SELECT k.id, c.author_name, c.number AS receipt FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE k.id IN ({marks})
"""
_TALLIES = """
SELECT o.edition_id, r.stance, count(*) AS n
FROM reaction r
JOIN draft_outcome o ON o.id = r.draft_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id AND c.visibility = 'public'
WHERE o.edition_id IN ({marks}) AND r.number = (SELECT max(s.number) FROM reaction s WHERE s.draft_id = r.draft_id)
GROUP BY o.edition_id, r.stance
"""  # noqa: E501 - one line of SQL
_OBJECTED = """
SELECT DISTINCT o.claim_id FROM reaction r
JOIN draft_outcome o ON o.id = r.draft_id
JOIN draft_edition e ON e.id = o.edition_id
WHERE e.decision_id = ? AND r.stance <> 'agree'
  AND r.number = (SELECT max(s.number) FROM reaction s WHERE s.draft_id = r.draft_id)
"""


@dataclass(frozen=True)
class WaitingReactions:
    """How many reactions on a decision nobody considered yet."""

    decision: str
    title: Localized
    count: int
    oldest: datetime
    closes_at: datetime


async def waiting_reactions(process_ids: Collection[int]) -> list[WaitingReactions]:
    """Count the reactions that wait to be considered on the decisions of some processes; one query."""
    wanted = list(process_ids)
    return [
        WaitingReactions(
            row["decision"],
            read_json(row["title"]),
            int(row["n"]),
            database.moment(row["oldest"]),
            database.moment(row["closes_at"]),
        )
        for row in (await database.rows(_WAITING.format(marks=marks(wanted)), *wanted) if wanted else [])
    ]


async def reactions_to(draft_ids: Collection[int]) -> dict[int, ReactionCard]:
    """Give what is said by now of some proposed outcomes, by the proposal."""
    wanted = list(draft_ids)
    found = await database.rows(_OF_DRAFTS.format(marks=marks(wanted)), *wanted) if wanted else []
    return {row["draft_id"]: _card(row) for row in found}


async def reactions_of_claims(claim_ids: Collection[int]) -> dict[int, list[ReactionCard]]:
    """Give everything that was said of what drafts proposed for some points, newest first."""
    wanted = list(claim_ids)
    cards: dict[int, list[ReactionCard]] = defaultdict(list)
    for row in await database.rows(_OF_CLAIMS.format(marks=marks(wanted)), *wanted) if wanted else []:
        cards[row["claim_id"]].append(_card(row))
    return dict(cards)


async def reactions_on(
    decision_id: int, only: ReactionFilter, *, after: str | None = None, limit: int = PAGE
) -> tuple[list[ReactionRow], str | None]:
    """List the reactions on a decision, oldest first, and where the next page begins."""
    sql, values = _filtered(decision_id, only)
    if after:
        sql += _FROM_ID
        values.append(after)
    found = await database.rows(sql + _OLDEST_FIRST, *values, limit + 1)
    cards = [_card(row) for row in found[:limit]]
    claims = await contributions.claims_by_id([one.claim_id for one in cards])
    wanted = list(claims)
    people = await database.rows(_PEOPLE.format(marks=marks(wanted)), *wanted) if wanted else []
    by_claim = {row["id"]: row for row in people}
    rows = [
        ReactionRow(
            one,
            claims[one.claim_id],
            by_claim[one.claim_id]["author_name"],
            by_claim[one.claim_id]["receipt"],
        )
        for one in cards
        if one.claim_id in claims
    ]
    return rows, cards[-1].public_id if len(found) > limit else None


async def unread_reactions(decision_id: int) -> list[ReactionCard]:
    """Give every reaction on a decision that nobody considered yet: for acts."""
    sql, values = _filtered(decision_id, ReactionFilter())
    return [_card(row) for row in await database.rows(sql, *values)]


async def tallies_of_reactions(edition_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Count the reactions to some editions by what they say."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    wanted = list(edition_ids)
    for row in await database.rows(_TALLIES.format(marks=marks(wanted)), *wanted) if wanted else []:
        counts[row["edition_id"]][row["stance"]] = int(row["n"])
    return dict(counts)


async def objected(decision_id: int) -> frozenset[int]:
    """Name the points whose author says that what is proposed is not right."""
    return frozenset(row["claim_id"] for row in await database.rows(_OBJECTED, decision_id))


def _filtered(decision_id: int, only: ReactionFilter) -> tuple[str, list[object]]:
    sql, values = _ON_DECISION, list[object]([decision_id])
    if not only.all:
        sql += _UNREAD
    if only.stance:
        sql += _SAYS
        values.append(only.stance)
    return sql, values


def _card(row: dict[str, Any]) -> ReactionCard:
    return ReactionCard(
        **{
            **row,
            "proposed": Outcome(row["proposed"]),
            "stance": Stance(row["stance"]),
            "written_at": database.moment(row["written_at"]),
            "answer": row["answer"] or "",
            "read_by": row["read_by"] or "",
            "read_at": maybe_moment(row["read_at"]),
        }
    )
