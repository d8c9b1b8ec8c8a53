"""All reads of moderation. Hidden words are read here by moderators and by their author, nowhere else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions.policies import is_author
from civic.foundation import clock
from civic.foundation.database import moment, rows
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.moderation.models import Ground
from civic.moderation.models import Measure as Measure
from civic.moderation.policies import RESTRICTIONS, CaseFacts, DecisionFacts, may_work

PAGE = 20

_CONTRIBUTION_SUBJECT = """
SELECT c.id AS contribution_id, c.public_id, c.number, c.kind, c.visibility, c.author_id, c.author_name,
       c.written_as, c.language, c.process_id, p.public_id AS process, p.slug, v.title, v.html, v.body,
       v.excerpt, pr.public_id AS proposal, co.public_id AS comment, pv.excerpt AS parent_excerpt,
       parent.author_name AS parent_author
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN process p ON p.id = c.process_id
LEFT JOIN proposal pr ON pr.contribution_id = c.id
LEFT JOIN comment co ON co.contribution_id = c.id
LEFT JOIN contribution parent ON parent.id = c.parent_id AND parent.visibility = 'public'
LEFT JOIN contribution_version pv ON pv.contribution_id = parent.id AND pv.number = parent.version
"""
_BY_KEY = {
    "contribution": _CONTRIBUTION_SUBJECT + " WHERE c.public_id = ?",
    "proposal": _CONTRIBUTION_SUBJECT + " WHERE pr.public_id = ?",
    "comment": _CONTRIBUTION_SUBJECT + " WHERE co.public_id = ?",
}
_BY_ID = _CONTRIBUTION_SUBJECT + " WHERE c.id = ?"
_OFFICIAL = {
    "outcome": """
SELECT di.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       dv.drafted_by_id AS author_id, dv.rationale AS words
FROM disposition di
JOIN published_outcome po ON po.claim_id = di.claim_id
JOIN disposition_version dv ON dv.id = po.disposition_version_id
JOIN decision_release r ON r.version_id = po.decision_version_id
JOIN decision de ON de.id = di.decision_id
JOIN process p ON p.id = de.process_id
WHERE di.public_id = ? ORDER BY r.id DESC LIMIT 1
""",
    "decision": """
SELECT de.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       dv.signed_by_id AS author_id, dv.summary AS words
FROM decision de
JOIN decision_version dv ON dv.decision_id = de.id
JOIN decision_release r ON r.version_id = dv.id
JOIN process p ON p.id = de.process_id
WHERE de.public_id = ? ORDER BY r.id DESC LIMIT 1
""",
    "reply": """
SELECT re.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       c.author_id, c.id AS contribution_id, c.public_id AS contribution, re.text AS words, re.language,
       (SELECT ch.is_hidden FROM reply_change ch WHERE ch.reply_id = re.id ORDER BY ch.id DESC LIMIT 1)
       AS is_hidden
FROM reply re
JOIN published_outcome po ON po.id = re.outcome_id
JOIN claim cl ON cl.id = po.claim_id
JOIN contribution c ON c.id = cl.contribution_id AND c.visibility = 'public'
JOIN decision_version dv ON dv.id = po.decision_version_id
JOIN decision de ON de.id = dv.decision_id
JOIN process p ON p.id = de.process_id
WHERE re.public_id = ?
""",
    "process": """
SELECT p.public_id, NULL AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       p.created_by_id AS author_id, p.summary AS words
FROM process p WHERE p.public_id = ? AND p.state <> 'draft'
""",
}
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
_DECISION = """
SELECT d.id, d.public_id, d.case_id, d.contribution_id, d.measure, d.note, d.decided_by_id, d.acted_for_id,
       d.decided_at, d.hold_until, k.subject, k.public_id AS case_public_id, p.public_id AS process, p.slug,
       p.title AS process_title, c.public_id AS contribution, c.author_id, c.language AS text_language,
       c.visibility, c.number, u.id AS undo_id, a.id AS appeal_id, a.public_id AS appeal,
       a.text AS appeal_text, a.language AS appeal_language, a.filed_at, a.due_at, g.is_upheld,
       g.reason AS ruling_reason, g.ruled_at, g.heard_by_id, w.name AS heard_by, s.public_id AS statement,
       s.number AS statement_number, s.ground, s.rule, s.rule_text, s.passage, s.facts, s.effect,
       s.territory, s.duration, s.ends_at, s.source_type, s.automated_detection, s.automated_decision,
       s.redress, s.language, m.name AS moderator, m.title AS moderator_title, q.suggestion,
       q.answered_at, v.title, v.html, v.body, v.number AS text_version, re.public_id AS reply,
       re.text AS reply_text, re.html AS reply_html,
       (SELECT ch.is_hidden FROM reply_change ch WHERE ch.reply_id = re.id ORDER BY ch.id DESC LIMIT 1)
       AS reply_is_hidden
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
JOIN participant m ON m.id = d.decided_by_id
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN contribution c ON c.id = d.contribution_id
LEFT JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
LEFT JOIN participant w ON w.id = g.heard_by_id
LEFT JOIN rephrase_request q ON q.decision_id = d.id
LEFT JOIN reply re ON k.subject = 'reply/' || re.public_id
"""
_DECISION_BY = {
    "decision": _DECISION + " WHERE d.public_id = ?",
    "statement": _DECISION + " WHERE s.public_id = ?",
    "appeal": _DECISION + " WHERE a.public_id = ?",
    "case": _DECISION + " WHERE d.case_id = ? ORDER BY d.id DESC",
}
_TOMBS = """
SELECT d.contribution_id, s.public_id AS statement, s.rule, s.rule_text, s.language, d.decided_at, d.measure
FROM moderation_decision d
JOIN statement_of_reasons s ON s.decision_id = d.id
JOIN moderation_case k ON k.id = d.case_id AND k.subject LIKE 'contribution/%'
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE u.id IS NULL AND d.contribution_id IN ({ids}) ORDER BY d.id
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
_APPEALS = """
SELECT a.public_id, a.filed_at, a.due_at, d.measure, d.decided_by_id, s.rule, p.title AS process_title
FROM moderation_appeal a
JOIN moderation_decision d ON d.id = a.decision_id
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE g.id IS NULL AND (? = 1 OR p.public_id IN ({scopes})) ORDER BY a.due_at, a.id LIMIT 200
"""
_LOG = """
SELECT d.id, d.measure, d.decided_at, p.title AS process_title, p.slug, s.public_id AS statement,
       s.rule, s.rule_text, s.effect, s.duration, s.source_type, c.kind, g.is_upheld, a.filed_at, g.ruled_at
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN contribution c ON c.id = d.contribution_id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE u.id IS NULL AND d.hold_until <= ? AND d.id < ?
  AND (p.id IS NULL OR p.state <> 'draft') AND (? = '' OR d.measure = ?)
ORDER BY d.id DESC LIMIT ?
"""
_TOTALS = """
SELECT d.measure, count(*) AS n, count(a.id) AS appeals,
       sum(CASE WHEN g.is_upheld THEN 1 ELSE 0 END) AS reversed
FROM moderation_decision d
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE u.id IS NULL AND d.hold_until <= ? GROUP BY d.measure
"""
_REPORT = """
SELECT r.public_id, r.number, r.ground, r.explanation, r.reported_at, r.reporter_id, r.case_id, k.subject,
       k.closed_at
FROM report r JOIN moderation_case k ON k.id = r.case_id WHERE r.number = ?
"""
_LAST_DECISION = """
SELECT d.measure, d.note, d.decided_at, s.public_id AS statement, s.rule_text, s.language, g.is_upheld
FROM moderation_decision d
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE d.case_id = ? AND u.id IS NULL AND d.hold_until <= ? ORDER BY d.id DESC LIMIT 1
"""
_LAST_BY = """
SELECT d.public_id, d.measure, d.decided_at, d.hold_until, k.subject
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE d.decided_by_id = ? AND u.id IS NULL AND d.hold_until > ? ORDER BY d.id DESC LIMIT 1
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
class Subject:
    """A text somebody may report: participants' words, or official ones (which are never hidden)."""

    key: str
    kind: str
    public_id: str
    process_id: int | None
    process: str | None
    slug: str | None
    author_id: int | None
    contribution_id: int | None = None
    contribution: str | None = None
    visibility: str | None = None
    title: str = ""
    html: str = ""
    words: object = ""
    language: str | None = None
    author_name: str = ""
    parent_excerpt: str | None = None
    parent_author: str | None = None
    proposal: str | None = None
    comment: str | None = None
    decision: str | None = None

    @property
    def is_official(self) -> bool:
        """Words of the public body itself."""
        return self.kind in ("outcome", "decision", "process")


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

    @property
    def ground(self) -> str:
        """What the first report says is wrong."""
        return str(self.reports[0]["ground"]) if self.reports else ""


@dataclass(frozen=True)
class Decided:
    """A moderation decision with everything written about it, and the facts its policies ask for."""

    row: dict[str, Any]
    standing: DecisionFacts

    def __getattr__(self, name: str) -> Any:
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Cursor:
    """Where a queue page ended: risk, opening time and id of its last row."""

    risk: int = 1_000_000
    opened_at: str = "0001-01-01 00:00:00+00:00"
    id: int = 0


async def visible_subject(viewer: Viewer, key: str) -> Subject:
    """Load a text by its stable key, if the viewer may read it. Raises NotFound."""
    kind, _, public_id = key.partition("/")
    if kind in _BY_KEY:
        found = await rows(_BY_KEY[kind], public_id)
        if found and (found[0]["visibility"] == "public" or _reads_hidden(viewer, found[0])):
            return _contribution_subject(found[0])
    elif kind in _OFFICIAL:
        found = await rows(_OFFICIAL[kind], public_id)
        if found and not found[0].get("is_hidden"):
            return _official_subject(key, kind, found[0])
    raise NotFound


def _reads_hidden(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    if row["visibility"] != "restricted":
        return False
    mine = is_author(viewer, public_id=row["public_id"], author_id=row["author_id"])
    return mine or bool(may_work(viewer, row["process"]))


def _contribution_subject(row: Mapping[str, Any]) -> Subject:
    return Subject(
        key=f"contribution/{row['public_id']}",
        kind=row["kind"],
        public_id=row["public_id"],
        process_id=row["process_id"],
        process=row["process"],
        slug=row["slug"],
        author_id=row["author_id"],
        contribution_id=row["contribution_id"],
        contribution=row["public_id"],
        visibility=row["visibility"],
        title=row["title"],
        html=row["html"],
        words=row["body"],
        language=row["language"],
        author_name=row["author_name"],
        parent_excerpt=row["parent_excerpt"],
        parent_author=row["parent_author"],
        proposal=row["proposal"],
        comment=row["comment"],
    )


def _official_subject(key: str, kind: str, row: Mapping[str, Any]) -> Subject:
    return Subject(
        key=key,
        kind=kind,
        public_id=row["public_id"],
        process_id=row["process_id"],
        process=row["process"],
        slug=row["slug"],
        author_id=row["author_id"],
        contribution_id=row.get("contribution_id"),
        contribution=row.get("contribution"),
        visibility="restricted" if row.get("is_hidden") else "public",
        words=row["words"] if kind == "reply" else localized_of(row["words"]),
        language=row.get("language"),
        decision=row["decision"],
    )


def scopes_of(viewer: Viewer) -> tuple[bool, list[str]]:
    """Tell whether the viewer moderates everywhere, and otherwise in which processes."""
    held = [one.process for one in viewer.roles if one.role == "moderator"]
    return None in held, [process for process in held if process is not None]


async def queue(viewer: Viewer, *, ground: str = "", after: Cursor | None = None) -> list[dict[str, Any]]:
    """List open cases, riskiest then oldest first, one more than a page so that the next is known."""
    at = after or Cursor()
    everywhere, scopes = scopes_of(viewer)
    wanted = ground if ground in set(Ground) else ""
    sql = _QUEUE.format(scopes=_marks(scopes))
    opened = moment(at.opened_at)
    found = await rows(
        sql,
        int(everywhere),
        *_values(scopes),
        wanted,
        wanted,
        at.risk,
        at.risk,
        opened,
        opened,
        at.id,
        PAGE + 1,
    )
    return [_timed(row, "opened_at") for row in found]


async def waiting(viewer: Viewer) -> int:
    """Count the cases that wait for this moderator."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_WAITING.format(scopes=_marks(scopes)), int(everywhere), *_values(scopes))
    return int(found[0]["waiting"])


async def waiting_by_ground(viewer: Viewer) -> dict[str, int]:
    """Count the open cases per ground of their reports."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_BY_GROUND.format(scopes=_marks(scopes)), int(everywhere), *_values(scopes))
    return {row["ground"]: int(row["waiting"]) for row in found}


async def visible_case(viewer: Viewer, public_id: str) -> CaseView:
    """Load a case for a moderator of its process. Raises NotFound."""
    found = await rows(_CASE, public_id)
    if not found or not may_work(viewer, found[0]["process"]):
        raise NotFound
    row = found[0]
    reports = [_timed(report, "reported_at") for report in await rows(_REPORTS, row["id"])]
    decisions = await rows(_DECISION_BY["case"], row["id"])
    subject = await _subject_of_case(row)
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
        decisions=[_timed(one, "decided_at", "hold_until") for one in decisions],
        facts=facts,
    )


async def _subject_of_case(row: Mapping[str, Any]) -> Subject:
    kind, _, public_id = row["subject"].partition("/")
    if kind == "contribution":
        return _contribution_subject((await rows(_BY_ID, row["contribution_id"]))[0])
    found = await rows(_OFFICIAL[kind], public_id)
    if not found:
        raise NotFound
    return _official_subject(row["subject"], kind, found[0])


async def similar_decisions(case: CaseView) -> list[dict[str, Any]]:
    """Give the last three decisions on reports of the same ground, as a measure to keep to."""
    found = await rows(_SIMILAR, case.id, case.subject.process_id or 0, case.ground)
    return [_timed(row, "decided_at") for row in found]


async def history_of(case: CaseView) -> list[dict[str, Any]]:
    """Give earlier measures about the author; asked for on purpose, never shown at first."""
    if case.subject.author_id is None:
        return []
    return [_timed(row, "decided_at") for row in await rows(_HISTORY, case.subject.author_id)]


async def visible_decision(viewer: Viewer, public_id: str, *, by: str = "decision") -> Decided:
    """Load a decision (by its own id, its statement's or its appeal's) for a moderator. Raises NotFound."""
    decided = await _decided(by, public_id)
    if not may_work(viewer, decided.row["process"]):
        raise NotFound
    return decided


async def statement(viewer: Viewer, public_id: str) -> tuple[Decided, bool]:
    """Load a statement of reasons, and whether the viewer (author, moderator) reads all of it.

    Others read rule, effect and dates once the hold has passed, never the passage or the facts.
    Raises NotFound.
    """
    decided = await _decided("statement", public_id)
    mine = is_author_of(viewer, decided)
    whole = mine or bool(may_work(viewer, decided.row["process"]))
    if not whole and (decided.standing.is_undone or decided.standing.hold_until > clock.now()):
        raise NotFound
    return decided, whole


def is_author_of(viewer: Viewer, decided: Decided) -> bool:
    """Tell whether the measure is about the viewer's own words."""
    contribution = decided.row["contribution"]
    return contribution is not None and is_author(
        viewer, public_id=contribution, author_id=decided.row["author_id"]
    )


async def _decided(by: str, public_id: str) -> Decided:
    found = await rows(_DECISION_BY[by], public_id)
    if not found:
        raise NotFound
    row = _timed(
        found[0], "decided_at", "hold_until", "filed_at", "due_at", "ruled_at", "ends_at", "answered_at"
    )
    row["process_title"] = localized_of(row["process_title"])
    if row["reply"] is not None:
        shown = "restricted" if row["reply_is_hidden"] else "public"
        row |= {"title": "", "html": row["reply_html"], "body": row["reply_text"], "visibility": shown}
    facts = DecisionFacts(
        process=row["process"],
        measure=row["measure"],
        decided_by=row["decided_by_id"],
        acted_for=row["acted_for_id"],
        author_id=row["author_id"],
        decided_at=row["decided_at"],
        hold_until=row["hold_until"],
        is_undone=row["undo_id"] is not None,
        has_appeal=row["appeal_id"] is not None,
        has_ruling=row["ruled_at"] is not None,
    )
    return Decided(row, facts)


async def statement_of(contribution_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Give, for hidden contributions, what their tombstone says: rule, date, address of the statement."""
    ids = list(contribution_ids)
    if not ids:
        return {}
    found = await rows(_TOMBS.format(ids=_marks(ids)), *ids)
    return {row["contribution_id"]: _timed(row, "decided_at") for row in found}


async def appeals_waiting(viewer: Viewer) -> list[dict[str, Any]]:
    """List appeals that nobody has heard yet, the first due first."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_APPEALS.format(scopes=_marks(scopes)), int(everywhere), *_values(scopes))
    return [_timed(row, "filed_at", "due_at") for row in found]


async def public_log(*, measure: str = "", before: int | None = None) -> list[dict[str, Any]]:
    """List what moderators decided, newest first, without names and without the texts."""
    wanted = measure if measure in set(Measure) else ""
    found = await rows(_LOG, clock.now(), before or 2**62, wanted, wanted, PAGE + 1)
    return [_timed(row, "decided_at", "filed_at", "ruled_at") for row in found]


async def totals() -> dict[str, dict[str, int]]:
    """Count decisions, appeals and reversals per measure."""
    found = await rows(_TOTALS, clock.now())
    return {
        row["measure"]: {key: int(row[key] or 0) for key in ("n", "appeals", "reversed")} for row in found
    }


async def visible_report(viewer: Viewer, number: str) -> dict[str, Any]:
    """Load a report for the person who made it (signed in, or by its secret code). Raises NotFound."""
    found = await rows(_REPORT, number.upper())
    if not found or not is_author(viewer, public_id=found[0]["public_id"], author_id=found[0]["reporter_id"]):
        raise NotFound
    report = _timed(found[0], "reported_at", "closed_at")
    last = await rows(_LAST_DECISION, report["case_id"], clock.now())
    report["decision"] = _timed(last[0], "decided_at") if last else None
    return report


async def in_hold(viewer: Viewer) -> dict[str, Any] | None:
    """Give this moderator's last decision that can still be undone."""
    if viewer.participant is None:
        return None
    found = await rows(_LAST_BY, viewer.participant, clock.now())
    return _timed(found[0], "decided_at", "hold_until") if found else None


def restricts(measure: str) -> bool:
    """Tell whether a measure takes a text out of sight."""
    return measure in RESTRICTIONS


def localized_of(value: object) -> Mapping[str, str]:
    """Read a text per language from a raw row (JSON text on SQLite, JSON or text on PostgreSQL)."""
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def _timed(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: moment(row[name]) for name in names if row.get(name) is not None}}


def _marks(values: list[Any]) -> str:
    return ", ".join("?" for _ in values) or "NULL"


def _values(values: list[Any]) -> list[Any]:
    return values
