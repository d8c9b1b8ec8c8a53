"""Appeals that wait, the public log without names, and what became of a report."""

from typing import Any

from civic.contributions.policies import is_author
from civic.foundation import clock, ids
from civic.foundation.database import rows
from civic.foundation.errors import N_, Invalid, Message, NotFound
from civic.foundation.viewer import Viewer
from civic.moderation.models import Measure
from civic.moderation.queries.reading import PAGE, marks, scopes_of, timed

_APPEALS = """
SELECT a.public_id, a.filed_at, a.due_at, d.measure, d.decided_by_id, s.rule, p.title AS process_title
FROM moderation_appeal a
JOIN moderation_decision d ON d.id = a.decision_id
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE g.id IS NULL AND u.id IS NULL AND (? = 1 OR p.public_id IN ({scopes})) ORDER BY a.due_at, a.id LIMIT 200
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


_BEHIND = "SELECT public_id, code_hash FROM report WHERE number = ?"
_NO_MATCH = N_("No report has this number with this code. Please check both.")


_LAST_DECISION = """
SELECT d.measure, d.note, d.decided_at, s.public_id AS statement, s.rule_text, s.language, g.is_upheld
FROM moderation_decision d
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
WHERE d.case_id = ? AND u.id IS NULL AND d.hold_until <= ? ORDER BY d.id DESC LIMIT 1
"""


async def appeals_waiting(viewer: Viewer) -> list[dict[str, Any]]:
    """List appeals that nobody has heard yet, the first due first."""
    everywhere, scopes = scopes_of(viewer)
    found = await rows(_APPEALS.format(scopes=marks(scopes)), int(everywhere), *scopes)
    return [timed(row, "filed_at", "due_at") for row in found]


async def public_log(*, measure: str = "", before: int | None = None) -> list[dict[str, Any]]:
    """List what moderators decided, newest first, without names and without the texts."""
    wanted = measure if measure in set(Measure) else ""
    found = await rows(_LOG, clock.now(), before or 2**62, wanted, wanted, PAGE + 1)
    return [timed(row, "decided_at", "filed_at", "ruled_at") for row in found]


async def totals() -> dict[str, dict[str, int]]:
    """Count decisions, appeals and reversals per measure."""
    found = await rows(_TOTALS, clock.now())
    return {
        row["measure"]: {key: int(row[key] or 0) for key in ("n", "appeals", "reversed")} for row in found
    }


async def report_behind(number: str, code: str) -> str:
    """Give the key of the report whose secret code this is; as long a way when it is not. Raises Invalid."""
    found = await rows(_BEHIND, number.upper())
    if not ids.code_matches(code, found[0]["code_hash"] if found else ids.hash_code(number)) or not found:
        raise Invalid({"code": Message(_NO_MATCH)})
    return str(found[0]["public_id"])


async def visible_report(viewer: Viewer, number: str) -> dict[str, Any]:
    """Load a report for the person who made it (signed in, or by its secret code). Raises NotFound."""
    found = await rows(_REPORT, number.upper())
    if not found or not is_author(viewer, public_id=found[0]["public_id"], author_id=found[0]["reporter_id"]):
        raise NotFound
    report = timed(found[0], "reported_at", "closed_at")
    last = await rows(_LAST_DECISION, report["case_id"], clock.now())
    report["decision"] = timed(last[0], "decided_at") if last else None
    return report
