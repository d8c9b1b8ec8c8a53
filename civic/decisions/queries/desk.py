"""The desk: every point of a decision with where it stands, and the gate of its publication."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from civic import settings
from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind, Kind, Relation
from civic.contributions.queries import ClaimCard
from civic.decisions.gates import (
    OF_A_DRAFT,
    Coverage,
    Desk,
    GateFacts,
    GateItem,
    Point,
    PointState,
    coverage,
    gate,
)
from civic.decisions.models import DispositionVersion, Outcome
from civic.decisions.queries.involved import undeclared
from civic.decisions.queries.likeness import generic_answers
from civic.decisions.queries.reading import (
    ArticleCard,
    DecisionCard,
    articles_now,
    articles_of,
    decision_by_id,
    marks,
    maybe_moment,
)
from civic.decisions.queries.sifting import PointFilter, sift
from civic.decisions.queries.windows import window_facts
from civic.foundation import clock, database
from civic.foundation.aside import aside
from civic.foundation.tables import Localized
from civic.processes.models import Category, Profile
from civic.synthesis.queries import COUNTED, NUMBERS, Numbers, numbers_from, untold

PAGE = 20

_POINTS = """
SELECT di.decision_id, k.id AS claim_id, k.public_id, c.public_id AS contribution, c.issue_id, c.author_id,
       c.visibility <> 'public' AS is_withdrawn, k.kind = 'situation' AS is_situation,
       (c.after_freeze OR coalesce(k.kind = 'situation' AND k.found_at >= i.freeze_at, (1 = 0))) AS is_late,
       s.claim_id = k.id AND s.written_at > a.drafted_at AS was_reworded,
       (s.id IS NOT NULL AND s.erased_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM situation_contact t WHERE t.statement_id = s.id)) AS is_uncalled,
       coalesce((SELECT max(w.number) FROM contribution_version w
                 WHERE w.contribution_id = c.id
                   AND (i.freeze_at IS NULL OR w.written_at <= i.freeze_at)), 1) AS due_version,
       a.id AS answer_id, coalesce(d.version, 0) AS answer_version, a.outcome, a.group_id,
       a.drafted_by_id AS drafted_by, coalesce(f.number, 1) AS for_version,
       (SELECT r.is_approved FROM review r WHERE r.version_id = a.id ORDER BY r.id DESC LIMIT 1)
         AS is_approved,
       EXISTS (SELECT 1 FROM review r WHERE r.version_id = a.id AND r.is_approved AND r.signs_deferral)
         AS is_signed,
       coalesce(CAST(a.details AS TEXT) LIKE '%"lacks"%', (1 = 0)) AS is_unfinished,
       (SELECT max(z.ruled_at) FROM published_outcome x
        JOIN procedural_appeal y ON y.outcome_id = x.id
        JOIN appeal_ruling z ON z.appeal_id = y.id
        WHERE x.disposition_version_id = a.id AND z.finding = 'upheld') AS contested_at,
       EXISTS (SELECT 1 FROM point_reopening x
               WHERE x.answer_id = a.id AND NOT EXISTS (
                   SELECT 1 FROM referral_news n
                   WHERE n.answer_id = a.id AND n.said_at >= x.reopened_at)) AS is_back,
       (SELECT t.public_id FROM participant t WHERE t.id = d.assigned_to_id) AS assigned_to,
       o.disposition_version_id AS published_id, b.outcome AS published_outcome,
       EXISTS (SELECT 1 FROM published_outcome x
               JOIN procedural_appeal y ON y.outcome_id = x.id
               JOIN appeal_ruling z ON z.appeal_id = y.id
               WHERE x.disposition_version_id = b.id AND z.finding = 'upheld') AS published_contested,
       (SELECT max(q.due_at) FROM clarifying_question q
        LEFT JOIN clarification e ON e.question_id = q.id
        WHERE q.claim_id = k.id AND e.id IS NULL) AS waits_until
FROM decision_issue di
JOIN issue i ON i.id = di.issue_id
JOIN contribution c ON c.issue_id = i.id
JOIN claim k ON k.contribution_id = c.id
LEFT JOIN situation_statement s ON s.contribution_id = c.id
LEFT JOIN disposition d ON d.claim_id = k.id
LEFT JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
LEFT JOIN contribution_version f ON f.id = a.for_version_id
LEFT JOIN published_outcome o ON o.claim_id = k.id AND o.decision_version_id = (
    SELECT v.id FROM decision_version v JOIN decision_release s ON s.version_id = v.id
    WHERE v.decision_id = di.decision_id ORDER BY v.number DESC LIMIT 1)
LEFT JOIN disposition_version b ON b.id = o.disposition_version_id
WHERE di.decision_id IN ({marks}) AND k.retired_at IS NULL AND c.visibility NOT IN ('awaiting', 'private')
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
ORDER BY c.submitted_at, k.id
"""
_LINKED = """
SELECT l.version_id, l.provision_id
FROM provision_link l
JOIN disposition_version a ON a.id = l.version_id
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
JOIN claim k ON k.id = d.claim_id
WHERE d.decision_id = ? AND a.outcome IN ('adopted', 'adapted') AND k.kind <> 'situation'
"""
_COUNTS = f"""
SELECT {NUMBERS}
FROM decision_issue di
JOIN contribution c ON c.issue_id = di.issue_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
JOIN claim k ON k.contribution_id = c.id
WHERE di.decision_id = ? AND {COUNTED}
"""  # noqa: S608 - constants only
_ROWS = """
SELECT k.id, c.number AS receipt, c.kind AS contribution_kind, c.relation, c.author_name, c.capacity,
       c.capacity_note, c.language, c.submitted_at, v.title
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE k.id IN ({marks})
"""


@dataclass(frozen=True)
class PointRow:
    """A line of the list of points on the desk."""

    point: Point
    state: PointState
    claim: ClaimCard
    receipt: str
    contribution_kind: Kind
    relation: Relation | None
    author_name: str
    capacity: Category | None
    capacity_note: str
    language: str
    submitted_at: datetime
    title: str
    sentence: Localized
    own_sentence: Localized

    @property
    def kind(self) -> ClaimKind:
        return self.claim.kind

    def waits_for_author(self, now: datetime) -> bool:
        return self.point.waits_until is not None and self.point.waits_until > now


@dataclass(frozen=True)
class Workspace:
    """One page of the desk of a decision."""

    decision: DecisionCard
    desk: Desk
    coverage: Coverage
    gate: tuple[GateItem, ...]
    articles: tuple[ArticleCard, ...]
    rows: tuple[PointRow, ...]
    shown: int
    after: str | None


async def workspace(
    decision: DecisionCard, only: PointFilter, *, after: str | None = None, limit: int = PAGE
) -> Workspace:
    """Read the desk: the coverage, the gate, and one page of points, oldest first."""
    desk = await desk_of(decision)
    articles = await articles_now(decision.id)
    kept = await sift(decision, desk, only)
    start = next((at + 1 for at, one in enumerate(kept) if one.public_id == after), 0) if after else 0
    page = kept[start : start + limit]
    return Workspace(
        decision=decision,
        desk=desk,
        coverage=await aside(partial(coverage, desk, clock.now())),
        gate=tuple(await _gate(decision, desk, articles)),
        articles=tuple(articles),
        rows=tuple(await rows_of(desk, page)),
        shown=len(kept),
        after=page[-1].public_id if start + limit < len(kept) else None,
    )


async def desk_of(decision: DecisionCard) -> Desk:
    """Read where every point of a decision stands."""
    points = (await points_of([decision.id])).get(decision.id, ())
    return Desk(
        points=points,
        full=decision.process.profile is Profile.FULL,
        generic=await generic_answers(decision),
        unlinked=await _unlinked(decision),
    )


async def points_of(decision_ids: Sequence[int]) -> dict[int, tuple[Point, ...]]:
    """Read the points of several decisions in one query, oldest first."""
    points: dict[int, list[Point]] = {one: [] for one in decision_ids}
    rows = await database.rows(_POINTS.format(marks=marks(decision_ids)), *decision_ids) if points else []

    def sorted_out() -> dict[int, tuple[Point, ...]]:
        for row in rows:
            points[row.pop("decision_id")].append(_point(row))
        return {one: tuple(found) for one, found in points.items()}

    return await aside(sorted_out) if rows else sorted_out()


async def gate_of(decision: DecisionCard, desk: Desk | None = None) -> list[GateItem]:
    """List what holds the publication of a decision back, unmet conditions first."""
    desk = desk or await desk_of(decision)
    return await _gate(decision, desk, await articles_now(decision.id))


async def opening_of(decision: DecisionCard, desk: Desk) -> list[GateItem]:
    """List what holds a draft back from being opened for reactions: the rules of the light profile."""
    items = await gate_of(decision, replace(desk, full=False))
    return [item for item in items if item.condition in OF_A_DRAFT and item.blocks]


async def gate_items(decision_id: int) -> list[GateItem]:
    """List what holds the publication of a decision back, by its id."""
    return await gate_of(await decision_by_id(decision_id))


async def coverage_of(decision_id: int) -> Coverage:
    """Count where the points of a decision stand."""
    return await aside(partial(coverage, await desk_of(await decision_by_id(decision_id)), clock.now()))


async def coverages(decisions: Sequence[DecisionCard]) -> dict[int, Coverage]:
    """Count where the points of several decisions stand, in one query."""
    points = await points_of([one.id for one in decisions])
    now = clock.now()
    return {
        one.id: coverage(Desk(points[one.id], full=one.process.profile is Profile.FULL), now)
        for one in decisions
    }


async def numbers_of(decision_id: int) -> Numbers:
    """Count the points received, distinct and published on the questions of a decision."""
    (row,) = await database.rows(_COUNTS, decision_id)
    return numbers_from(row)


async def rows_of(desk: Desk, points: Collection[Point]) -> list[PointRow]:
    """Give some points with their words, in the same order; three queries, whatever their number."""
    if not points:
        return []
    ids = [one.claim_id for one in points]
    claims = await contributions.claims_by_id(ids, with_situations=True)
    details = {row["id"]: row for row in await database.rows(_ROWS.format(marks=marks(ids)), *ids)}
    answers = [one.answer_id for one in points if one.answer_id is not None]
    said = {row.id: row for row in await DispositionVersion.filter(id__in=answers or [0])}
    return [
        _row(one, desk, claims[one.claim_id], details[one.claim_id], said.get(one.answer_id or 0))
        for one in points
        if one.claim_id in claims
    ]


async def _gate(decision: DecisionCard, desk: Desk, articles: list[ArticleCard]) -> list[GateItem]:
    return await aside(partial(gate, await _facts(decision, desk, articles)))


async def _facts(decision: DecisionCard, desk: Desk, articles: list[ArticleCard]) -> GateFacts:
    live = [one for one in articles if not one.is_repealed]
    reacted = await window_facts(decision.id)
    return GateFacts(
        desk=desk,
        now=clock.now(),
        freezes=tuple(issue.freeze_at for issue in decision.issues),
        has_maker=decision.maker is not None,
        is_pending=decision.pending is not None,
        empty_articles=sum(one.is_empty for one in live),
        missing_languages=_missing(decision, live),
        undeclared=await undeclared(decision.id),
        is_correction=decision.in_force is not None,
        has_news=await _has_news(decision, desk, live),
        untold=len(await untold([issue.id for issue in decision.issues])) if desk.full else 0,
        reactions_until=reacted.until,
        unread_reactions=reacted.unread,
    )


def _missing(decision: DecisionCard, articles: Iterable[ArticleCard]) -> int:
    texts = [decision.title, decision.summary]
    texts += [text for one in articles for text in (one.heading, one.text)]
    languages = settings.current().languages
    return sum(bool(text) and not all(text.get(one) for one in languages) for text in texts)


async def _has_news(decision: DecisionCard, desk: Desk, articles: list[ArticleCard]) -> bool:
    """Whether a correction would say anything else than the version in force."""
    in_force = decision.in_force
    if in_force is None:
        return True
    stated = {
        one.claim_id: one.published_id for one in desk.points if one.published_id and not one.is_withdrawn
    }
    would = await aside(partial(desk.stated, with_late=True))
    articles_then = {one.version_id for one in await articles_of(in_force.id)}
    texts = (decision.title, decision.summary) != (in_force.title, in_force.summary)
    return texts or would != stated or {one.version_id for one in articles} != articles_then


async def _unlinked(decision: DecisionCard) -> frozenset[int]:
    """Find the answers that say yes while none of their articles changes anything."""
    changing = {one.provision_id for one in await articles_now(decision.id) if one.changes}
    holds: dict[int, bool] = {}
    for row in await database.rows(_LINKED, decision.id):
        answer = row["version_id"]
        holds[answer] = holds.get(answer, False) or row["provision_id"] in changing
    return frozenset(answer for answer, is_held in holds.items() if not is_held)


def _point(row: dict[str, Any]) -> Point:
    approved = row["is_approved"]
    return Point(
        **{
            **row,
            "is_withdrawn": bool(row["is_withdrawn"]),
            "is_late": bool(row["is_late"]),
            "outcome": Outcome(row["outcome"]) if row["outcome"] else None,
            "is_approved": None if approved is None else bool(approved),
            "is_signed": bool(row["is_signed"]),
            "is_unfinished": bool(row["is_unfinished"]),
            "is_back": bool(row["is_back"]),
            "contested_at": maybe_moment(row["contested_at"]),
            "published_outcome": Outcome(row["published_outcome"]) if row["published_outcome"] else None,
            "published_contested": bool(row["published_contested"]),
            "waits_until": maybe_moment(row["waits_until"]),
            **{name: bool(row[name]) for name in ("is_situation", "was_reworded", "is_uncalled")},
        }
    )


def _row(
    point: Point, desk: Desk, claim: ClaimCard, details: dict[str, Any], said: DispositionVersion | None
) -> PointRow:
    return PointRow(
        point=point,
        state=desk.state(point),
        claim=claim,
        receipt=details["receipt"],
        contribution_kind=Kind(details["contribution_kind"]),
        relation=Relation(details["relation"]) if details["relation"] else None,
        author_name=details["author_name"],
        capacity=Category(details["capacity"]) if details["capacity"] else None,
        capacity_note=details["capacity_note"],
        language=details["language"],
        submitted_at=database.moment(details["submitted_at"]),
        title=details["title"],
        sentence=said.sentence if said else {},
        own_sentence=said.own_sentence if said else {},
    )
