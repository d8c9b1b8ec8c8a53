"""Replies to answers, and procedural appeals with their rulings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.decisions.deadlines import new_answer_due
from civic.decisions.models import AppealGround, Finding
from civic.decisions.policies import READERS
from civic.decisions.queries.reading import marks, maybe_moment, read_json
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer


@dataclass(frozen=True)
class ReplyCard:
    """The contributor's reply to an answer; hidden by moderation, it shows no words."""

    id: int
    public_id: str
    outcome_id: int
    html: str
    text: str
    language: str
    written_at: datetime
    is_hidden: bool


@dataclass(frozen=True)
class AppealCard:
    """How a point was said to be treated wrongly, and what the reader found."""

    id: int
    public_id: str
    outcome_id: int
    ground: AppealGround
    text: str
    language: str
    filed_at: datetime
    due_at: datetime
    finding: Finding | None
    reason: Localized
    reason_html: Localized
    reader: str
    ruled_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.ruled_at is None

    @property
    def is_upheld(self) -> bool:
        return self.finding is Finding.UPHELD

    @property
    def new_answer_due(self) -> datetime | None:
        return new_answer_due(self.ruled_at) if self.is_upheld and self.ruled_at else None


@dataclass(frozen=True)
class AppealPlace:
    """Where an appeal belongs, and who had a part in the answer it contests."""

    appeal: AppealCard
    claim_id: int
    claim: str
    disposition: str
    process_id: int
    process: str
    chain: frozenset[int]
    waiting_before: int


_REPLY = """
SELECT r.id, r.public_id, r.outcome_id, r.html, r.text, r.language, r.written_at,
       coalesce((SELECT x.is_hidden FROM reply_change x WHERE x.reply_id = r.id ORDER BY x.id DESC LIMIT 1),
                (1 = 0)) AS is_hidden
FROM reply r
"""
_REPLIES = _REPLY + "WHERE r.outcome_id IN ({marks})"
_ONE_REPLY = _REPLY + "WHERE r.public_id = ?"
_APPEAL = """
SELECT a.id, a.public_id, a.outcome_id, a.ground, a.text, a.language, a.filed_at, a.due_at, u.finding,
       u.reason, u.reason_html, w.name AS reader, u.ruled_at
FROM procedural_appeal a
LEFT JOIN appeal_ruling u ON u.appeal_id = a.id
LEFT JOIN participant w ON w.id = u.reader_id
"""
_APPEALS = _APPEAL + "WHERE a.outcome_id IN ({marks}) ORDER BY a.id"
_ONE_APPEAL = _APPEAL + "WHERE a.public_id = ?"
_PLACE = """
SELECT o.claim_id, k.public_id AS claim, d.public_id AS disposition, p.id AS process_id,
       p.public_id AS process, d.id AS disposition_id
FROM published_outcome o
JOIN claim k ON k.id = o.claim_id
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN disposition d ON d.id = a.disposition_id
JOIN decision e ON e.id = d.decision_id
JOIN process p ON p.id = e.process_id
WHERE o.id = ?
"""
_CHAIN = """
SELECT a.drafted_by_id AS person FROM disposition_version a WHERE a.disposition_id = ?
UNION
SELECT r.reviewer_id FROM review r JOIN disposition_version a ON a.id = r.version_id
WHERE a.disposition_id = ?
UNION
SELECT v.signed_by_id FROM published_outcome o JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN decision_version v ON v.id = o.decision_version_id WHERE a.disposition_id = ?
UNION
SELECT v.signed_for_id FROM published_outcome o JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN decision_version v ON v.id = o.decision_version_id WHERE a.disposition_id = ?
"""
_OPEN = """
FROM procedural_appeal a
LEFT JOIN appeal_ruling u ON u.appeal_id = a.id
JOIN published_outcome o ON o.id = a.outcome_id
JOIN disposition_version b ON b.id = o.disposition_version_id
JOIN disposition d ON d.id = b.disposition_id
JOIN decision e ON e.id = d.decision_id
WHERE u.id IS NULL AND NOT EXISTS (
    SELECT 1 FROM disposition_version x
    LEFT JOIN review r ON r.version_id = x.id
    LEFT JOIN published_outcome y ON y.disposition_version_id = x.id
    LEFT JOIN decision_version v ON v.id = y.decision_version_id
    WHERE x.disposition_id = d.id AND ? IN (x.drafted_by_id, r.reviewer_id, v.signed_by_id, v.signed_for_id))
"""
_OLDER = f"SELECT count(*) AS n {_OPEN} AND e.process_id = ? AND a.id < ?"
_WAITING = (
    f"SELECT a.public_id, a.ground, a.filed_at, a.due_at, e.process_id, e.title {_OPEN} "
    "AND e.process_id IN ({marks}) ORDER BY a.id LIMIT 100"
)


@dataclass(frozen=True)
class WaitingAppeal:
    """An appeal that waits for a reader."""

    public_id: str
    ground: AppealGround
    filed_at: datetime
    due_at: datetime
    process_id: int
    title: Localized


async def replies_of(outcome_ids: Collection[int]) -> dict[int, ReplyCard]:
    """Give the replies to some published answers."""
    if not outcome_ids:
        return {}
    found = await database.rows(_REPLIES.format(marks=marks(list(outcome_ids))), *outcome_ids)
    return {row["outcome_id"]: _reply(row) for row in found}


async def reply_by_public_id(public_id: str) -> ReplyCard:
    """Give one reply whoever asks: for moderation, which has asked who looks."""
    found = await database.rows(_ONE_REPLY, public_id)
    if not found:
        raise NotFound
    return _reply(found[0], show=True)


async def appeals_of(outcome_ids: Collection[int]) -> dict[int, list[AppealCard]]:
    """Give the appeals against some published answers, oldest first."""
    appeals: dict[int, list[AppealCard]] = defaultdict(list)
    if outcome_ids:
        sql = _APPEALS.format(marks=marks(list(outcome_ids)))
        for row in await database.rows(sql, *outcome_ids):
            appeals[row["outcome_id"]].append(_appeal(row))
    return appeals


async def appeal_place(public_id: str, reader: int | None) -> AppealPlace:
    """Give an appeal with where it belongs, whoever asks: the policy says who may read it.

    `waiting_before` counts the older appeals that this reader could read as well (R12).
    """
    found = await database.rows(_ONE_APPEAL, public_id)
    if not found:
        raise NotFound
    appeal = _appeal(found[0])
    (place,) = await database.rows(_PLACE, appeal.outcome_id)
    chain = await database.rows(_CHAIN, *[place["disposition_id"]] * 4)
    (older,) = await database.rows(_OLDER, reader or 0, place["process_id"], appeal.id)
    return AppealPlace(
        appeal=appeal,
        claim_id=place["claim_id"],
        claim=place["claim"],
        disposition=place["disposition"],
        process_id=place["process_id"],
        process=place["process"],
        chain=frozenset(row["person"] for row in chain if row["person"] is not None),
        waiting_before=int(older["n"]),
    )


async def visible_appeal(viewer: Viewer, public_id: str) -> AppealPlace:
    """Give an appeal to those who may read appeals of its process, or work on its answers."""
    place = await appeal_place(public_id, viewer.participant)
    if not any(viewer.holds(role, place.process) for role in READERS):
        raise NotFound
    return place


async def waiting_appeals(reader: int | None, process_ids: Collection[int]) -> list[WaitingAppeal]:
    """Give the appeals this person could read, oldest first."""
    if not process_ids:
        return []
    found = await database.rows(_WAITING.format(marks=marks(list(process_ids))), reader or 0, *process_ids)
    return [
        WaitingAppeal(
            **{
                **row,
                "ground": AppealGround(row["ground"]),
                "filed_at": database.moment(row["filed_at"]),
                "due_at": database.moment(row["due_at"]),
                "title": read_json(row["title"]),
            }
        )
        for row in found
    ]


def _reply(row: dict[str, Any], *, show: bool = False) -> ReplyCard:
    hidden = bool(row["is_hidden"])
    return ReplyCard(
        **{
            **row,
            "html": "" if hidden and not show else row["html"],
            "text": "" if hidden and not show else row["text"],
            "written_at": database.moment(row["written_at"]),
            "is_hidden": hidden,
        }
    )


def _appeal(row: dict[str, Any]) -> AppealCard:
    return AppealCard(
        **{
            **row,
            "ground": AppealGround(row["ground"]),
            "finding": Finding(row["finding"]) if row["finding"] else None,
            "reason": read_json(row["reason"]) or {},
            "reason_html": read_json(row["reason_html"]) or {},
            "reader": row["reader"] or "",
            "filed_at": database.moment(row["filed_at"]),
            "due_at": database.moment(row["due_at"]),
            "ruled_at": maybe_moment(row["ruled_at"]),
        }
    )
