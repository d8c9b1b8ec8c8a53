"""The queue and its cases, as a moderator of the process reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.foundation.database import moment, rows
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.moderation.models import Ground
from civic.moderation.policies import CaseFacts, may_work
from civic.moderation.queries.decided import decisions_on
from civic.moderation.queries.reading import PAGE, localized_of, marks, scopes_of, timed
from civic.moderation.queries.subjects import Subject, subject_of_case

_QUEUE = """
SELECT k.id, k.public_id, k.subject, k.risk, k.report_count, k.opened_at, k.version,
       p.title AS process_title, c.kind, c.visibility, v.title, v.excerpt,
       (SELECT r.ground FROM report r WHERE r.case_id = k.id ORDER BY r.id LIMIT 1) AS ground
FROM moderation_case k
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE k.closed_at IS NULL AND (? = 1 OR p.public_id IN ({scopes}))
  AND (? = '' OR k.id IN (SELECT g.case_id FROM report g WHERE g.ground = ?))
  AND (k.risk < ? OR (k.risk = ? AND (k.opened_at > ? OR (k.opened_at = ? AND k.id > ?))))
ORDER BY k.risk DESC, k.opened_at, k.id LIMIT ?
"""


_WAITING = """
SELECT count(*) AS waiting FROM moderation_case k LEFT JOIN process p ON p.id = k.process_id
WHERE k.closed_at IS NULL AND (? = 1 OR p.public_id IN ({scopes}))
"""


_OTHERS = """
SELECT k.id FROM moderation_case k
WHERE k.closed_at IS NULL AND k.id <> ? AND coalesce(k.process_id, 0) = ? LIMIT 1
"""


_BY_GROUND = """
SELECT r.ground, count(DISTINCT k.id) AS waiting FROM moderation_case k
JOIN report r ON r.case_id = k.id LEFT JOIN process p ON p.id = k.process_id
WHERE k.closed_at IS NULL AND (? = 1 OR p.public_id IN ({scopes}))
GROUP BY r.ground
"""


_CASE = """
SELECT k.id, k.public_id, k.subject, k.risk, k.report_count, k.opened_at, k.closed_at, k.version,
       k.contribution_id, p.public_id AS process, p.slug, p.title AS process_title
FROM moderation_case k LEFT JOIN process p ON p.id = k.process_id WHERE k.public_id = ?
"""


_REPORTS = """
SELECT ground, explanation, language, reported_at, reporter_id FROM report WHERE case_id = ? ORDER BY id
"""


_SIMILAR = """
SELECT d.public_id, d.measure, d.decided_at, s.public_id AS statement, s.rule, s.facts, g.is_upheld
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE u.id IS NULL AND d.case_id <> ? AND coalesce(k.process_id, 0) = ?
  AND EXISTS (SELECT 1 FROM report r WHERE r.case_id = k.id AND r.ground = ?)
ORDER BY d.id DESC LIMIT 3
"""


_REWRITTEN = """
SELECT q.answered_at FROM rephrase_request q
JOIN moderation_decision d ON d.id = q.decision_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE d.case_id = ? AND u.id IS NULL AND q.answered_at IS NOT NULL ORDER BY d.id DESC LIMIT 1
"""


_HISTORY = """
SELECT d.measure, d.decided_at, s.rule, s.public_id AS statement, g.is_upheld
FROM moderation_decision d
JOIN contribution c ON c.id = d.contribution_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE c.author_id = ? AND u.id IS NULL ORDER BY d.id DESC LIMIT 10
"""


@dataclass(frozen=True)
class CaseView:
    """A case as its moderator reads it; the reporters' names are not part of it."""

    id: int
    public_id: str
    version: int
    opened_at: datetime
    is_open: bool
    process: str | None
    process_title: Mapping[str, str]
    subject: Subject
    reports: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    facts: CaseFacts
    rewritten_at: datetime | None = None
    """When the author sent another wording, if one was asked for."""

    @property
    def ground(self) -> str:
        """What the first report says is wrong."""
        return str(self.reports[0]["ground"]) if self.reports else ""


@dataclass(frozen=True)
class Cursor:
    """Where a queue page ended: risk, opening time and id of its last row."""

    risk: int = 1_000_000
    opened_at: str = "0001-01-01 00:00:00+00:00"
    id: int = 0


async def queue(viewer: Viewer, *, ground: str = "", after: Cursor | None = None) -> list[dict[str, Any]]:
    """List open cases, riskiest then oldest first, one more than a page so that the next is known."""
    at = after or Cursor()
    everywhere, scopes = scopes_of(viewer)
    wanted = ground if ground in set(Ground) else ""
    sql = _QUEUE.format(scopes=marks(scopes))
    opened = moment(at.opened_at)
    found = await rows(
        sql,
        int(everywhere),
        *scopes,
        wanted,
        wanted,
        at.risk,
        at.risk,
        opened,
        opened,
        at.id,
        PAGE + 1,
    )
    return [timed(row, "opened_at") for row in found]


async def waiting(viewer: Viewer) -> int:
    """Count the cases that wait for this moderator."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_WAITING.format(scopes=marks(scopes)), int(everywhere), *scopes)
    return int(found[0]["waiting"])


async def waits_alone(case_id: int, process_id: int | None) -> bool:
    """Tell whether no other case of the process waits for its moderators."""
    return not await rows(_OTHERS, case_id, process_id or 0)


async def waiting_by_ground(viewer: Viewer) -> dict[str, int]:
    """Count the open cases per ground of their reports."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_BY_GROUND.format(scopes=marks(scopes)), int(everywhere), *scopes)
    return {row["ground"]: int(row["waiting"]) for row in found}


async def visible_case(viewer: Viewer, public_id: str) -> CaseView:
    """Load a case for a moderator of its process. Raises NotFound."""
    found = await rows(_CASE, public_id)
    if not found or not may_work(viewer, found[0]["process"]):
        raise NotFound
    row = found[0]
    reports = [timed(report, "reported_at") for report in await rows(_REPORTS, row["id"])]
    decisions = await decisions_on(row["id"])
    subject = await subject_of_case(row)
    facts = CaseFacts(
        process=row["process"],
        author_id=subject.author_id,
        reporter_ids=frozenset(r["reporter_id"] for r in reports if r["reporter_id"]),
        is_open=row["closed_at"] is None,
        can_be_hidden=subject.contribution_id is not None,
        can_be_rewritten=subject.kind != "reply",
        is_hidden=subject.visibility == "restricted",
    )
    return CaseView(
        id=row["id"],
        public_id=row["public_id"],
        version=row["version"],
        opened_at=moment(row["opened_at"]),
        is_open=facts.is_open,
        process=row["process"],
        process_title=localized_of(row["process_title"]),
        subject=subject,
        reports=reports,
        decisions=decisions,
        facts=facts,
        rewritten_at=await _rewritten_at(row["id"]),
    )


async def _rewritten_at(case_id: int) -> datetime | None:
    found = await rows(_REWRITTEN, case_id)
    return moment(found[0]["answered_at"]) if found else None


async def similar_decisions(case: CaseView) -> list[dict[str, Any]]:
    """Give the last three decisions on reports of the same ground, as a measure to keep to."""
    found = await rows(_SIMILAR, case.id, case.subject.process_id or 0, case.ground)
    return [timed(row, "decided_at") for row in found]


async def history_of(case: CaseView) -> list[dict[str, Any]]:
    """Give earlier measures about the author; asked for on purpose, never shown at first."""
    if case.subject.author_id is None:
        return []
    return [timed(row, "decided_at") for row in await rows(_HISTORY, case.subject.author_id)]
