"""What the body owes, counted for everybody: how much, since when, never who (SPEC 4.11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from civic.decisions import queries as decisions
from civic.decisions.deadlines import new_answer_due
from civic.decisions.queries import OUTCOME_WEEKS, Owed
from civic.decisions.queries.reading import marks, read_json
from civic.foundation import clock, database
from civic.foundation.tables import Localized


class Due(StrEnum):
    """Kinds of things a body owes to people."""

    ANSWERS = "answers"
    AGAIN = "again"
    APPEALS = "appeals"
    REOPENED = "reopened"
    FOLLOW_UP = "follow_up"
    SILENT = "silent"
    LATE = "late"


@dataclass(frozen=True)
class DebtItem:
    """So many things of one kind, about one subject: since when, and the day by which they were due.

    `slug` and `key` say where the subject can be read: an issue of a process, or else a decision.
    """

    kind: Due
    count: int
    title: Localized = field(default_factory=dict)
    key: str = ""
    slug: str = ""
    due_at: datetime | None = None
    since: datetime | None = None

    @property
    def age(self) -> datetime:
        """The moment that puts the oldest debt first."""
        return min(one for one in (self.due_at, self.since, clock.now()) if one is not None)

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True)
class Debt:
    """All that is owed, oldest first."""

    items: tuple[DebtItem, ...]

    def count(self, *kinds: Due) -> int:
        return sum(one.count for one in self.items if not kinds or one.kind in kinds)

    def late(self, now: datetime) -> int:
        return sum(one.count for one in self.items if one.is_late(now))


_OPENED = "SELECT id FROM process WHERE state <> 'draft'"
_ANSWERS = """
SELECT i.process_id, p.slug, i.public_id, i.title, i.freeze_at, count(*) AS n, min(c.submitted_at) AS oldest
FROM issue i
JOIN process p ON p.id = i.process_id
JOIN contribution c ON c.issue_id = i.id
JOIN claim k ON k.contribution_id = c.id AND k.kind <> 'situation'
WHERE p.state <> 'draft' AND i.freeze_at <= ? AND c.visibility = 'public' AND NOT c.after_freeze
  AND k.retired_at IS NULL AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM published_outcome o
                  JOIN decision_release r ON r.version_id = o.decision_version_id WHERE o.claim_id = k.id)
GROUP BY i.process_id, p.slug, i.public_id, i.title, i.freeze_at
"""
_OF_DECISIONS = """
FROM procedural_appeal a
JOIN published_outcome o ON o.id = a.outcome_id
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision d ON d.id = v.decision_id
JOIN process p ON p.id = d.process_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN appeal_ruling u ON u.appeal_id = a.id
WHERE p.state <> 'draft' AND c.visibility = 'public'
"""
_APPEALS = """
SELECT d.public_id, count(*) AS n, min(a.filed_at) AS oldest, min(a.due_at) AS due_at
{of_decisions} AND u.id IS NULL GROUP BY d.public_id
"""
_AGAIN = """
SELECT d.public_id, count(*) AS n, min(u.ruled_at) AS oldest
{of_decisions} AND u.finding = 'upheld'
  AND NOT EXISTS (SELECT 1 FROM published_outcome x
                  JOIN decision_release r ON r.version_id = x.decision_version_id
                  WHERE x.claim_id = o.claim_id AND r.released_at > u.ruled_at
                    AND x.disposition_version_id <> o.disposition_version_id)
GROUP BY d.public_id
"""
_PROMISES = """
SELECT d.public_id, q.is_silent, count(*) AS n, min(q.due_on) AS due_on FROM (
    SELECT m.decision_id, t.due_on,
           NOT EXISTS (SELECT 1 FROM milestone_state s
                       WHERE s.milestone_id = m.id AND s.set_at >= t.due_on) AS is_silent
    FROM milestone m JOIN milestone_date t ON t.milestone_id = m.id
    WHERE t.id = (SELECT max(x.id) FROM milestone_date x WHERE x.milestone_id = m.id) AND t.due_on < ?
      AND NOT EXISTS (SELECT 1 FROM milestone_state s
                      WHERE s.milestone_id = m.id AND s.state IN ('done', 'abandoned'))
      AND EXISTS (SELECT 1 FROM decision_version v JOIN decision_release r ON r.version_id = v.id
                  WHERE v.decision_id = m.decision_id)
) q
JOIN decision d ON d.id = q.decision_id
GROUP BY d.public_id, q.is_silent
"""


_TITLES = """
SELECT d.public_id, v.title FROM decision d JOIN decision_version v ON v.decision_id = d.id
WHERE d.public_id IN ({marks}) AND v.number = (
    SELECT max(w.number) FROM decision_version w JOIN decision_release r ON r.version_id = w.id
    WHERE w.decision_id = d.id)
"""


async def debt_of_the_body() -> Debt:
    """Count what is owed in every process that is public, oldest first."""
    now = clock.now()
    opened = [row["id"] for row in await database.rows(_OPENED)]
    found = [
        *[_appeals(row) for row in await database.rows(_APPEALS.format(of_decisions=_OF_DECISIONS))],
        *[_again(row) for row in await database.rows(_AGAIN.format(of_decisions=_OF_DECISIONS))],
        *[_promises(row) for row in await database.rows(_PROMISES, clock.local_day(now))],
    ]
    items = [*await _answers(opened, now), *await _titled(found), *await _put_off(opened)]
    return Debt(tuple(sorted(items, key=lambda one: one.age)))


async def _titled(items: Collection[DebtItem]) -> list[DebtItem]:
    """Name each decision as its version in force does."""
    keys = sorted({one.key for one in items})
    found = await database.rows(_TITLES.format(marks=marks(keys)), *keys)
    titles = {row["public_id"]: read_json(row["title"]) for row in found}
    return [replace(one, title=titles[one.key]) for one in items if one.key in titles]


async def _answers(opened: Collection[int], now: datetime) -> list[DebtItem]:
    """Count the points of frozen questions that no published decision answers."""
    announced = await decisions.due_days(opened)
    return [
        DebtItem(
            Due.ANSWERS,
            int(row["n"]),
            title=read_json(row["title"]),
            key=row["public_id"],
            slug=row["slug"],
            due_at=announced.get(row["process_id"])
            or database.moment(row["freeze_at"]) + timedelta(weeks=OUTCOME_WEEKS),
            since=database.moment(row["oldest"]),
        )
        for row in await database.rows(_ANSWERS, now)
    ]


def _appeals(row: dict[str, Any]) -> DebtItem:
    return DebtItem(
        Due.APPEALS,
        int(row["n"]),
        key=row["public_id"],
        due_at=database.moment(row["due_at"]),
        since=database.moment(row["oldest"]),
    )


def _again(row: dict[str, Any]) -> DebtItem:
    ruled_at = database.moment(row["oldest"])
    return DebtItem(
        Due.AGAIN,
        int(row["n"]),
        key=row["public_id"],
        due_at=new_answer_due(ruled_at),
        since=ruled_at,
    )


def _promises(row: dict[str, Any]) -> DebtItem:
    kind = Due.SILENT if row["is_silent"] else Due.LATE
    due_on = row["due_on"] if isinstance(row["due_on"], date) else date.fromisoformat(str(row["due_on"]))
    return DebtItem(kind, int(row["n"]), key=row["public_id"], due_at=clock.end_of_day(due_on))


async def _put_off(opened: Collection[int]) -> Iterable[DebtItem]:
    """Count the postponements whose day has come, and the transmissions nobody followed up yet."""
    found: dict[Due, list[datetime]] = defaultdict(list)
    for one in await decisions.put_off(opened, with_situations=False):
        kind = Due.REOPENED if one.kind is Owed.REOPENED else Due.FOLLOW_UP
        found[kind].append(one.due or clock.now())
    return [DebtItem(kind, len(days), due_at=min(days)) for kind, days in found.items()]
