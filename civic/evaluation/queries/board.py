"""Reading the facts of the coverage board: a fixed number of queries, counted off the event loop."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from civic.contributions.models import CheckState
from civic.contributions.queries import VOICE
from civic.decisions import queries as decisions
from civic.decisions.deadlines import new_answer_due
from civic.decisions.models import Finding, Outcome
from civic.decisions.queries import DecisionCard
from civic.decisions.queries.reading import marks, maybe_moment
from civic.evaluation.figures import (
    AppealFact,
    Board,
    DateFact,
    Facts,
    PointFact,
    PromiseFact,
    VoiceFact,
    board,
)
from civic.foundation import clock, database
from civic.foundation.aside import aside
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

_POINTS = """
SELECT k.contribution_id AS contribution, {person} AS person, coalesce(c.capacity, '') AS capacity,
       c.submitted_at, CASE WHEN q.id IS NULL THEN k.check_state ELSE 'found' END AS check_state,
       k.origin = 'contributor' AND q.id IS NULL AS is_missed, a.outcome,
       CASE WHEN a.outcome IN ('declined', 'partly', 'adapted', 'deferred')
            THEN CAST(a.rationale AS TEXT) NOT IN ('{{}}', 'null')
                 AND (a.evidence <> '' OR a.is_value_choice)
            ELSE CAST(a.sentence AS TEXT) NOT IN ('{{}}', 'null') END AS is_reasoned,
       EXISTS (SELECT 1 FROM provision_link l WHERE l.version_id = a.id) AS is_linked,
       (SELECT min(r.released_at) FROM published_outcome x
        JOIN decision_release r ON r.version_id = x.decision_version_id
        WHERE x.claim_id = k.id) AS answered_at
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN statement_point q ON q.claim_id = k.id
LEFT JOIN published_outcome o ON o.claim_id = k.id AND o.decision_version_id IN ({versions})
LEFT JOIN disposition_version a ON a.id = o.disposition_version_id
WHERE c.issue_id IN ({issues}) AND k.retired_at IS NULL AND k.kind <> 'situation'
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
  AND c.visibility = 'public' AND NOT c.after_freeze
"""
_LEFT_OUT = """
SELECT sum(CASE WHEN c.visibility IN ('restricted', 'withdrawn') THEN 1 ELSE 0 END) AS withdrawn,
       sum(CASE WHEN c.visibility = 'public' AND c.after_freeze THEN 1 ELSE 0 END) AS late
FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE c.issue_id IN ({issues}) AND k.retired_at IS NULL AND k.kind <> 'situation'
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
"""
_REPLIES = """
SELECT s.contribution, min(s.moment) AS moment FROM (
    SELECT r.parent_id AS contribution, r.submitted_at AS moment FROM contribution r
    WHERE r.issue_id IN ({issues}) AND r.written_as = 'official' AND r.visibility = 'public'
    UNION ALL
    SELECT k.contribution_id, q.asked_at FROM clarifying_question q
    JOIN claim k ON k.id = q.claim_id AND k.kind <> 'situation'
    JOIN contribution c ON c.id = k.contribution_id
    WHERE c.issue_id IN ({issues})
) s WHERE s.contribution IS NOT NULL GROUP BY s.contribution
"""
_VOICES = """
SELECT q.author_id, q.words,
       EXISTS (SELECT 1 FROM contribution e WHERE e.author_id = q.author_id AND e.process_id <> ?
               AND e.submitted_at < q.first_at) AS elsewhere
FROM (
    SELECT {person} AS person, max(CASE WHEN c.organisation_id IS NULL THEN c.author_id END) AS author_id,
           min(c.submitted_at) AS first_at,
           sum(length(v.body) - length(replace(replace(v.body, ?, ' '), ' ', '')) + 1) AS words
    FROM contribution c
    JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
    WHERE c.issue_id IN ({issues}) AND c.visibility = 'public' AND NOT c.after_freeze
      AND c.written_as = 'participant'
    GROUP BY 1
) q
"""
_PROMISED = """
SELECT t.milestone_id, t.due_on,
       (SELECT min(s.set_at) FROM milestone_state s
        WHERE s.milestone_id = t.milestone_id AND s.state = 'done') AS done_at,
       (SELECT count(*) FROM milestone_check k
        WHERE k.milestone_id = t.milestone_id AND k.answer = 'works') AS works,
       (SELECT count(*) FROM milestone_check k WHERE k.milestone_id = t.milestone_id) AS checks
FROM milestone_date t JOIN milestone m ON m.id = t.milestone_id
WHERE m.decision_id IN ({decisions}) ORDER BY t.id
"""
_APPEALS = """
SELECT a.filed_at, a.due_at, u.ruled_at, u.finding,
       (SELECT min(r.released_at) FROM published_outcome x
        JOIN decision_release r ON r.version_id = x.decision_version_id
        WHERE x.claim_id = o.claim_id AND x.disposition_version_id <> o.disposition_version_id
          AND r.released_at > u.ruled_at) AS answered_again_at
FROM procedural_appeal a
JOIN published_outcome o ON o.id = a.outcome_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN decision_version v ON v.id = o.decision_version_id
LEFT JOIN appeal_ruling u ON u.appeal_id = a.id
WHERE v.decision_id IN ({decisions})
"""
_ANNOUNCED = """
SELECT DISTINCT decides_on FROM scope_version WHERE process_id = ? AND number > 0 AND decides_on IS NOT NULL
"""
_STATE = """
SELECT
  (SELECT count(*) FROM contribution c WHERE c.process_id = ? AND c.visibility = 'public') AS contributions,
  (SELECT max(v.id) FROM contribution_version v JOIN contribution c ON c.id = v.contribution_id
   WHERE c.process_id = ?) AS versions,
  (SELECT max(x.id) FROM visibility_change x JOIN contribution c ON c.id = x.contribution_id
   WHERE c.process_id = ?) AS changes,
  (SELECT max(q.id) FROM clarifying_question q JOIN claim k ON k.id = q.claim_id
   JOIN contribution c ON c.id = k.contribution_id WHERE c.process_id = ?) AS questions,
  (SELECT max(r.id) FROM decision_release r JOIN decision_version v ON v.id = r.version_id
   JOIN decision d ON d.id = v.decision_id WHERE d.process_id = ?) AS releases,
  (SELECT max(t.id) FROM milestone_date t JOIN milestone m ON m.id = t.milestone_id
   JOIN decision d ON d.id = m.decision_id WHERE d.process_id = ?) AS dates,
  (SELECT max(s.id) FROM milestone_state s JOIN milestone m ON m.id = s.milestone_id
   JOIN decision d ON d.id = m.decision_id WHERE d.process_id = ?) AS states,
  (SELECT max(a.id) FROM procedural_appeal a JOIN published_outcome o ON o.id = a.outcome_id
   JOIN decision_version v ON v.id = o.decision_version_id
   JOIN decision d ON d.id = v.decision_id WHERE d.process_id = ?) AS appeals,
  (SELECT max(u.id) FROM appeal_ruling u JOIN procedural_appeal a ON a.id = u.appeal_id
   JOIN published_outcome o ON o.id = a.outcome_id JOIN decision_version v ON v.id = o.decision_version_id
   JOIN decision d ON d.id = v.decision_id WHERE d.process_id = ?) AS rulings,
  (SELECT max(w.id) FROM scope_version w WHERE w.process_id = ?) AS scopes,
  (SELECT max(e.id) FROM stakeholder_entry e WHERE e.process_id = ?) AS stakeholders,
  k.*, h.*
FROM (
    SELECT count(*) AS claims, max(k.id) AS newest,
           sum(CASE WHEN k.check_state = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
           sum(CASE WHEN k.check_state = 'corrected' THEN 1 ELSE 0 END) AS corrected,
           sum(CASE WHEN k.check_state = 'silent' THEN 1 ELSE 0 END) AS silent
    FROM claim k JOIN contribution c ON c.id = k.contribution_id
    WHERE c.process_id = ? AND k.retired_at IS NULL
) k CROSS JOIN (
    SELECT count(*) AS checks, sum(CASE WHEN h.answer = 'works' THEN 1 ELSE 0 END) AS works
    FROM milestone_check h JOIN milestone m ON m.id = h.milestone_id
    JOIN decision d ON d.id = m.decision_id WHERE d.process_id = ?
) h
"""


@dataclass(frozen=True)
class BoardPage:
    """The board with what it is about; without figures as long as no question is frozen."""

    board: Board | None
    decisions: tuple[DecisionCard, ...]
    """The decisions that anybody can read."""
    freeze_at: datetime | None
    """When the first of the questions still open is frozen."""


async def board_of_process(process: ProcessPage) -> BoardPage:
    """Count the figures of a process: its frozen questions, every decision, the categories compared."""
    published = await decisions.published_decisions(process.id)
    return await _page(process, [issue.id for issue in process.issues], published, compares=True)


async def board_of_decision(decision: DecisionCard) -> BoardPage:
    """Count the figures of one decision. Categories are compared for the whole process only."""
    process = await processes.process_by_id(decision.process.id)
    return await _page(process, [issue.id for issue in decision.issues], [decision], compares=False)


async def _page(
    process: ProcessPage, issue_ids: Sequence[int], published: Sequence[DecisionCard], *, compares: bool
) -> BoardPage:
    now = clock.now()
    freezes = {one.id: one.freeze_at for one in process.issues if one.id in issue_ids}
    frozen = [key for key, freeze in freezes.items() if freeze is not None and freeze <= now]
    coming = [freeze for freeze in freezes.values() if freeze is not None and freeze > now]
    return BoardPage(
        board=await _known_or_counted(process, frozen, published, now, compares=compares) if frozen else None,
        decisions=tuple(published),
        freeze_at=min(coming, default=None),
    )


async def _known_or_counted(
    process: ProcessPage,
    issues: Sequence[int],
    published: Sequence[DecisionCard],
    now: datetime,
    *,
    compares: bool,
) -> Board:
    """Give a board as it was counted before, unless what it is counted from has changed, or the day."""
    (row,) = await database.rows(_STATE, *[process.id] * _STATE.count("?"))
    state = tuple(sorted((name, str(value)) for name, value in row.items()))
    about = (process.public_id, tuple(issues), tuple(one.id for one in published), compares)
    known = _known(about, clock.local_day(now), state)
    if not known:
        known.append(await _board(process, issues, published, now, compares=compares))
    return known[0]


@lru_cache(maxsize=64)
def _known(about: Hashable, day: date, state: Hashable) -> list[Board]:
    """Keep what was counted; a change is another state."""
    return []


async def _board(
    process: ProcessPage,
    issues: Sequence[int],
    published: Sequence[DecisionCard],
    now: datetime,
    *,
    compares: bool,
) -> Board:
    ids = [one.id for one in published]
    versions = [one.in_force.id for one in published if one.in_force is not None]
    asked = {
        "issues": marks(issues),
        "decisions": marks(ids),
        "versions": marks(versions),
        "person": VOICE,
    }
    points = await database.rows(_POINTS.format(**asked), *versions, *issues)
    (left_out,) = await database.rows(_LEFT_OUT.format(**asked), *issues)
    replies = await database.rows(_REPLIES.format(**asked), *issues, *issues)
    voices = await database.rows(_VOICES.format(**asked), process.id, "\n", *issues)
    promised = await database.rows(_PROMISED.format(**asked), *ids)
    appeals = await database.rows(_APPEALS.format(**asked), *ids)
    announced = await database.rows(_ANNOUNCED, process.id)
    expected = [one for one in await processes.stakeholders_of(process.id) if one.is_expected]
    settled = _settled_at(issues, published)

    def counted() -> Board:
        facts = Facts(
            now=now,
            points=tuple(map(_point, points)),
            first_replies={row["contribution"]: database.moment(row["moment"]) for row in replies},
            dates=(
                *(DateFact(_due(row["decides_on"]), settled) for row in announced),
                *(DateFact(_due(row["due_on"]), maybe_moment(row["done_at"])) for row in promised),
                *_appeal_dates(appeals),
            ),
            promises=_promises(promised),
            appeals=tuple(map(_appeal, appeals)),
            voices=tuple(map(_voice, voices)),
            expected=tuple(str(one.category) for one in expected),
            withdrawn=int(left_out["withdrawn"] or 0),
            late=int(left_out["late"] or 0),
            compares=compares,
        )
        return board(facts)

    return await aside(counted)


def _settled_at(issues: Sequence[int], published: Sequence[DecisionCard]) -> datetime | None:
    """Tell when the last of these questions was settled; None while one of them waits."""
    settled = {issue.id for one in published for issue in one.issues}
    if not set(issues) <= settled:
        return None
    return max((one.first_released_at for one in published if one.first_released_at), default=None)


def _point(row: dict[str, Any]) -> PointFact:
    return PointFact(
        contribution=row["contribution"],
        person=row["person"],
        capacity=row["capacity"],
        submitted_at=database.moment(row["submitted_at"]),
        check=CheckState(row["check_state"]),
        is_missed=bool(row["is_missed"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        is_reasoned=bool(row["is_reasoned"]),
        is_linked=bool(row["is_linked"]),
        answered_at=maybe_moment(row["answered_at"]),
    )


def _promises(rows: Sequence[dict[str, Any]]) -> tuple[PromiseFact, ...]:
    """Take each promise once, by the first date given for it: a later one does not make it punctual."""
    first: dict[int, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["milestone_id"], row)
    return tuple(
        PromiseFact(_due(row["due_on"]), maybe_moment(row["done_at"]), int(row["works"]), int(row["checks"]))
        for row in first.values()
    )


def _appeal_dates(rows: Sequence[dict[str, Any]]) -> list[DateFact]:
    """The date by which each appeal was to be ruled on, and each point of an upheld one answered again."""
    dates = [DateFact(database.moment(row["due_at"]), maybe_moment(row["ruled_at"])) for row in rows]
    return dates + [
        DateFact(new_answer_due(database.moment(row["ruled_at"])), maybe_moment(row["answered_again_at"]))
        for row in rows
        if row["finding"] == Finding.UPHELD
    ]


def _appeal(row: dict[str, Any]) -> AppealFact:
    finding = Finding(row["finding"]) if row["finding"] else None
    return AppealFact(database.moment(row["filed_at"]), maybe_moment(row["ruled_at"]), finding)


def _voice(row: dict[str, Any]) -> VoiceFact:
    return VoiceFact(int(row["words"]), None if row["author_id"] is None else not row["elsewhere"])


def _due(value: object) -> datetime:
    return clock.end_of_day(value if isinstance(value, date) else date.fromisoformat(str(value)))
