"""What a person wrote, and where each of its points stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.queries import Kind, Visibility
from civic.decisions.queries import Family
from civic.foundation import clock, database
from civic.foundation.tables import Localized
from civic.foundation.text import excerpt
from civic.foundation.viewer import Viewer
from civic.synthesis.queries import QuestionCard
from civic.trace.queries.points import PointCard, claims_by_contribution, points_of, read_json

PAGE = 10
MOST_WAITING = 8
MOST_PASSES = 50


class Show(StrEnum):
    """Which of one's contributions a list shows."""

    ALL = "all"
    OPEN = "open"
    DRAFTS = "drafts"


@dataclass(frozen=True)
class Mine:
    """One thing a person wrote, with its points."""

    id: int
    public_id: str
    number: str
    kind: Kind
    visibility: Visibility
    title: str
    excerpt: str
    language: str
    submitted_at: datetime
    process_title: Localized
    process_slug: str
    situation_waits: bool = False
    points: tuple[PointCard, ...] = ()

    @property
    def is_awaiting(self) -> bool:
        return self.visibility is Visibility.AWAITING


@dataclass(frozen=True)
class DraftOf:
    """Words a person has begun."""

    place: str
    title: str
    saved_at: datetime
    process_slug: str
    process_title: Localized


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person: a question to answer, or a refusal to reply to or contest."""

    number: str
    point: PointCard
    until: datetime
    question: QuestionCard | None = None
    is_proposed: bool = False
    """A draft proposes an outcome: it can still be reacted to."""


@dataclass(frozen=True)
class MyPage:
    """One page of what a person wrote."""

    items: tuple[Mine, ...]
    waiting: tuple[Waiting, ...]
    drafts: tuple[DraftOf, ...]
    counts: dict[Show, int]
    after: int | None


_UNANSWERED = """k.retired_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM published_outcome o JOIN decision_release r ON r.version_id = o.decision_version_id
    WHERE o.claim_id = k.id)"""
_MINE = """
SELECT c.id, c.public_id, c.number, c.kind, c.visibility, v.title, v.excerpt, c.language, c.submitted_at,
       coalesce(p.slug, '') AS process_slug, p.title AS process_title,
       EXISTS (SELECT 1 FROM claim k WHERE k.contribution_id = c.id AND k.kind = 'situation' AND {unanswered})
       AS situation_waits
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN process p ON p.id = c.process_id
WHERE ({whose}) AND c.id < ?
"""
_OPEN = f""" AND c.visibility = 'public' AND EXISTS (
    SELECT 1 FROM claim k WHERE k.contribution_id = c.id AND {_UNANSWERED})"""  # noqa: S608
"""Somebody's own list: a situation they told waits for its answer as their other points do."""
_NEWEST_FIRST = " ORDER BY c.id DESC LIMIT ?"
_COUNT = "SELECT count(*) AS n FROM contribution c WHERE ({whose})"
_DRAFTS = "SELECT place, words, saved_at FROM draft WHERE participant_id = ? ORDER BY saved_at DESC LIMIT 20"
_PROCESSES = "SELECT public_id, slug, title FROM process WHERE public_id IN ({marks})"
_ASKED = """
SELECT q.claim_id, c.number FROM clarifying_question q
JOIN claim k ON k.id = q.claim_id
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN clarification a ON a.question_id = q.id
WHERE ({whose}) AND a.id IS NULL AND q.due_at > ? AND k.retired_at IS NULL
  AND c.visibility IN ('public', 'restricted')
ORDER BY q.due_at LIMIT ?
"""
_REFUSED = """
SELECT o.claim_id, c.number FROM published_outcome o
JOIN decision_release r ON r.version_id = o.decision_version_id
JOIN disposition_version d ON d.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE ({whose}) AND d.outcome IN ('declined', 'out_of_scope', 'partly') AND k.retired_at IS NULL
  AND c.visibility = 'public' AND r.released_at > ?
ORDER BY r.released_at LIMIT ?
"""
_PROPOSED = """
SELECT o.claim_id, c.number FROM draft_outcome o
JOIN draft_edition e ON e.id = o.edition_id
JOIN claim k ON k.id = o.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE ({whose}) AND e.closes_at > ? AND k.retired_at IS NULL AND c.visibility = 'public'
  AND NOT EXISTS (SELECT 1 FROM reaction r WHERE r.draft_id = o.id)
ORDER BY e.closes_at LIMIT ?
"""
_FIRST = 2**62
LONGEST_RIGHT = timedelta(days=63)
"""No right to reply or to contest lasts longer after a publication."""


async def mine(viewer: Viewer, *, show: Show = Show.ALL, before: int | None = None) -> MyPage:
    """Give one page of what the viewer wrote, newest first; for a guest, what their codes opened."""
    whose, keys = _whose(viewer)
    if whose is None:
        return MyPage((), (), (), dict.fromkeys(Show, 0), None)
    rows: list[dict[str, Any]] = []
    if show is not Show.DRAFTS:
        sql = (
            _MINE.format(whose=whose, unanswered=_UNANSWERED)
            + (_OPEN if show is Show.OPEN else "")
            + _NEWEST_FIRST
        )
        rows = await database.rows(sql, *keys, before or _FIRST, PAGE + 1)
    claims = await claims_by_contribution([row["id"] for row in rows[:PAGE]])
    points = {
        point.claim.id: point
        for point in await points_of([one for found in claims.values() for one in found], in_full=False)
    }
    drafts = await _drafts(viewer) if before is None else ()
    return MyPage(
        items=tuple(
            _mine(row, tuple(points[claim.id] for claim in claims.get(row["id"], ()))) for row in rows[:PAGE]
        ),
        waiting=await _waiting(whose, keys) if before is None else (),
        drafts=drafts if show is not Show.OPEN else (),
        counts=await _counts(whose, keys, len(drafts)),
        after=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
    )


def _whose(viewer: Viewer) -> tuple[str | None, list[object]]:
    passes = sorted(viewer.passes)[:MOST_PASSES]
    marks = ", ".join("?" * len(passes))
    if viewer.participant is not None and passes:
        return f"c.author_id = ? OR c.public_id IN ({marks})", [viewer.participant, *passes]
    if viewer.participant is not None:
        return "c.author_id = ?", [viewer.participant]
    return (f"c.public_id IN ({marks})", list(passes)) if passes else (None, [])


def _mine(row: dict[str, Any], points: tuple[PointCard, ...]) -> Mine:
    return Mine(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "visibility": Visibility(row["visibility"]),
            "submitted_at": database.moment(row["submitted_at"]),
            "situation_waits": bool(row["situation_waits"]),
            "process_title": read_json(row["process_title"]) if row["process_title"] else {},
            "points": tuple(sorted(points, key=lambda one: one.rank)),
        }
    )


async def _counts(whose: str, keys: list[object], drafts: int) -> dict[Show, int]:
    sql = _COUNT.format(whose=whose)
    (everything,) = await database.rows(sql, *keys)
    (open_ones,) = await database.rows(sql + _OPEN, *keys)
    return {Show.ALL: int(everything["n"]), Show.OPEN: int(open_ones["n"]), Show.DRAFTS: drafts}


async def _waiting(whose: str, keys: list[object]) -> tuple[Waiting, ...]:
    """Find what waits for the person, the soonest end first."""
    now = clock.now()
    asked = await database.rows(_ASKED.format(whose=whose), *keys, now, MOST_WAITING)
    proposed = await database.rows(_PROPOSED.format(whose=whose), *keys, now, MOST_WAITING)
    since = now - LONGEST_RIGHT
    refused = await database.rows(_REFUSED.format(whose=whose), *keys, since, MOST_WAITING)
    numbers = {row["claim_id"]: row["number"] for row in (*asked, *refused, *proposed)}
    cards = await contributions.claims_by_id(list(numbers), with_situations=True)
    own = [cards[one] for one in numbers if one in cards]
    points = await points_of(own, in_full=False, with_situations=True)
    found = [replace(one, number=numbers[point.claim.id]) for point in points for one in _waits(point, now)]
    return tuple(sorted(found, key=lambda one: one.until)[:MOST_WAITING])


def _waits(point: PointCard, now: datetime) -> Iterator[Waiting]:
    """Say until when a question can be answered, a draft reacted to, a refusal replied to or contested."""
    if point.waiting is not None and now < point.waiting.due_at:
        yield Waiting("", point, point.waiting.due_at, point.waiting)
    proposed = point.proposed
    said = {one.draft_id for one in point.reactions}
    if proposed and proposed.is_open(now) and point.outcome is None and proposed.draft_id not in said:
        yield Waiting("", point, proposed.closes_at, is_proposed=True)
    outcome = point.outcome
    if outcome is None or outcome.is_withdrawn or point.family not in (Family.NO, Family.PART):
        return
    if outcome.reply is None and now < outcome.reply_until:
        yield Waiting("", point, outcome.reply_until)
    elif not outcome.appeals and now < outcome.appeal_until:
        yield Waiting("", point, outcome.appeal_until)


async def _drafts(viewer: Viewer) -> tuple[DraftOf, ...]:
    """Give the proposals a signed-in person has begun."""
    if viewer.participant is None:
        return ()
    rows = await database.rows(_DRAFTS, viewer.participant)
    places = {row["place"]: row["place"].rpartition("/")[2] for row in rows}
    keys = sorted(set(places.values()))
    sql = _PROCESSES.format(marks=", ".join("?" * len(keys)) or "NULL")
    found = {row["public_id"]: row for row in await database.rows(sql, *keys)}
    return tuple(_draft(row, found[places[row["place"]]]) for row in rows if places[row["place"]] in found)


def _draft(row: dict[str, Any], process: dict[str, Any]) -> DraftOf:
    words = read_json(row["words"])
    return DraftOf(
        place=row["place"],
        title=words.get("title") or excerpt(words.get("body", ""), 90),
        saved_at=database.moment(row["saved_at"]),
        process_slug=process["slug"],
        process_title=read_json(process["title"]),
    )
