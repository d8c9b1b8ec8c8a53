"""The points of contributions: what they quote, and which of them still owe an answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions.models import CheckState, ClaimKind, ClaimOrigin, Kind, Relation, Visibility
from civic.foundation import database
from civic.foundation.text import Span
from civic.processes.models import Category


@dataclass(frozen=True)
class Quote:
    """A passage a point rests on: where it stands in one version, and its words."""

    version_id: int
    version: int
    part: str
    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class ClaimCard:
    """One live point; it reads as withdrawn when its contribution is withdrawn or hidden."""

    id: int
    public_id: str
    contribution_id: int
    number: int
    kind: ClaimKind
    restatement: str
    origin: ClaimOrigin
    found_at: datetime
    reads_as_withdrawn: bool
    quotes: tuple[Quote, ...] = ()
    check_state: CheckState = CheckState.FOUND
    restatement_number: int = 0

    @property
    def words(self) -> str:
        """The person's own words for this point."""
        return " ".join(quote.text.strip() for quote in self.quotes)


@dataclass(frozen=True)
class OwedClaim:
    """A line of the list of points to answer."""

    id: int
    public_id: str
    number: int
    kind: ClaimKind
    origin: ClaimOrigin
    contribution_id: int
    contribution: str
    contribution_number: str
    contribution_kind: Kind
    relation: Relation | None
    issue_id: int
    author_name: str
    capacity: Category | None
    capacity_note: str
    title: str
    excerpt: str
    after_freeze: bool
    submitted_at: datetime


@dataclass(frozen=True)
class ClaimFilter:
    """What to keep of the points to answer; empty keeps all."""

    relation: str = ""
    capacity: str = ""
    kind: str = ""
    after_freeze: bool | None = False


_CLAIMS = """
SELECT k.id, k.public_id, k.contribution_id,
       (SELECT count(*) FROM claim j
        WHERE j.contribution_id = c.id AND j.retired_at IS NULL AND j.number <= k.number
          AND j.kind <> 'situation') AS number,
       k.kind, k.restatement, k.restatement_number, k.origin, k.check_state, k.found_at, c.visibility
FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE k.retired_at IS NULL AND c.visibility <> 'awaiting'
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL) AND
"""
_NO_SITUATION = " AND k.kind <> 'situation'"
"""A situation statement's point is for its author and the desk alone: every other door leaves it out."""
_OF_CONTRIBUTION = _CLAIMS + " k.contribution_id = ?" + _NO_SITUATION + " ORDER BY k.number"
_BY_PUBLIC_ID = _CLAIMS + " k.public_id = ?"
_QUOTES = """
SELECT s.claim_id, s.version_id, v.number AS version, s.part, s.start, s."end",
       CASE s.part WHEN 'title' THEN v.title ELSE v.body END AS words
FROM claim_span s
JOIN contribution_version v ON v.id = s.version_id
WHERE s.claim_id IN ({marks}) AND v.number = (
    SELECT max(w.number) FROM claim_span t JOIN contribution_version w ON w.id = t.version_id
    WHERE t.claim_id = s.claim_id)
ORDER BY s.claim_id, CASE s.part WHEN 'title' THEN 0 ELSE 1 END, s.start
"""
_OWED = """
SELECT k.id, k.public_id,
       (SELECT count(*) FROM claim j
        WHERE j.contribution_id = c.id AND j.retired_at IS NULL AND j.number <= k.number
          AND j.kind <> 'situation') AS number,
       k.kind, k.origin, c.id AS contribution_id,
       c.public_id AS contribution, c.number AS contribution_number, c.kind AS contribution_kind,
       c.relation, c.issue_id, c.author_name, c.capacity, c.capacity_note, v.title, v.excerpt,
       c.after_freeze, c.submitted_at
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE k.retired_at IS NULL AND c.visibility = 'public' AND k.kind <> 'situation'
  AND c.issue_id IN ({issues})
"""
_OLDEST_FIRST = " ORDER BY c.submitted_at, k.id LIMIT ?"


async def claims_of(contribution_id: int) -> list[ClaimCard]:
    """Give the live points of a contribution with the words they rest on; none while it waits."""
    return await _with_quotes(await database.rows(_OF_CONTRIBUTION, contribution_id))


async def claim_by_public_id(public_id: str, *, with_situations: bool = False) -> ClaimCard | None:
    """Give one live point with its words, whoever asks: the caller asks who may see its contribution."""
    sql = _BY_PUBLIC_ID + ("" if with_situations else _NO_SITUATION)
    found = await _with_quotes(await database.rows(sql, public_id))
    return found[0] if found else None


async def claims_by_id(ids: Collection[int], *, with_situations: bool = False) -> dict[int, ClaimCard]:
    """Give several live points at once with their words, for lists of other rooms."""
    if not ids:
        return {}
    sql = _CLAIMS + f" k.id IN ({', '.join('?' * len(ids))})" + ("" if with_situations else _NO_SITUATION)
    return {card.id: card for card in await _with_quotes(await database.rows(sql, *ids))}


async def claims_to_answer(
    issue_ids: Collection[int],
    *,
    only: ClaimFilter | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[OwedClaim]:
    """List the points received on these issues, oldest first; ``after`` is the last one already shown.

    Points that read as withdrawn owe nothing and are left out.
    """
    if not issue_ids:
        return []
    sql, params = _OWED.format(issues=", ".join("?" * len(issue_ids))), list[object](issue_ids)
    for clause, value in _kept(only or ClaimFilter()):
        sql += clause
        params.append(value)
    if after is not None:
        sql += " AND (c.submitted_at > ? OR (c.submitted_at = ? AND k.id > ?))"
        params += [after[0], after[0], after[1]]
    found = await database.rows(sql + _OLDEST_FIRST, *params, limit)
    return [_owed(row) for row in found]


def _kept(only: ClaimFilter) -> list[tuple[str, object]]:
    clauses: list[tuple[str, object]] = []
    if only.relation:
        clauses.append((" AND c.relation = ?", only.relation))
    if only.capacity:
        clauses.append((" AND c.capacity = ?", only.capacity))
    if only.kind:
        clauses.append((" AND k.kind = ?", only.kind))
    if only.after_freeze is not None:
        clauses.append((" AND c.after_freeze = ?", only.after_freeze))
    return clauses


async def _with_quotes(found: list[dict[str, Any]]) -> list[ClaimCard]:
    if not found:
        return []
    sql = _QUOTES.format(marks=", ".join("?" * len(found)))
    quotes: dict[int, list[Quote]] = {row["id"]: [] for row in found}
    for row in await database.rows(sql, *quotes):
        said = row["words"][row["start"] : row["end"]]
        quotes[row["claim_id"]].append(
            Quote(row["version_id"], row["version"], row["part"], row["start"], row["end"], said)
        )
    return [_claim(row, tuple(quotes[row["id"]])) for row in found]


def _claim(row: dict[str, Any], quotes: tuple[Quote, ...]) -> ClaimCard:
    return ClaimCard(
        id=row["id"],
        public_id=row["public_id"],
        contribution_id=row["contribution_id"],
        number=row["number"],
        kind=ClaimKind(row["kind"]),
        restatement=row["restatement"],
        origin=ClaimOrigin(row["origin"]),
        found_at=database.moment(row["found_at"]),
        reads_as_withdrawn=row["visibility"] in (Visibility.WITHDRAWN, Visibility.RESTRICTED),
        quotes=quotes,
        check_state=CheckState(row["check_state"]),
        restatement_number=row["restatement_number"],
    )


def _owed(row: dict[str, Any]) -> OwedClaim:
    return OwedClaim(
        **{
            **row,
            "kind": ClaimKind(row["kind"]),
            "origin": ClaimOrigin(row["origin"]),
            "contribution_kind": Kind(row["contribution_kind"]),
            "relation": Relation(row["relation"]) if row["relation"] else None,
            "capacity": Category(row["capacity"]) if row["capacity"] else None,
            "after_freeze": bool(row["after_freeze"]),
            "submitted_at": database.moment(row["submitted_at"]),
        }
    )
