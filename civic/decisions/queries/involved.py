"""Who takes part in the answers of a decision, beside what they declared of their interests (SPEC A6)."""

from __future__ import annotations

from datetime import datetime

from civic.foundation import database

_UNDECLARED = """
SELECT count(*) AS n FROM (
    SELECT a.drafted_by_id AS person FROM disposition_version a
    JOIN disposition d ON d.id = a.disposition_id WHERE d.decision_id = ?
    UNION SELECT r.reviewer_id FROM review r
    JOIN disposition_version b ON b.id = r.version_id
    JOIN disposition e ON e.id = b.disposition_id WHERE e.decision_id = ?
    UNION SELECT f.decision_maker_id FROM decision f WHERE f.id = ?
) involved
WHERE involved.person IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM interest_declaration i JOIN decision g ON g.process_id = i.process_id
    WHERE g.id = ? AND i.participant_id = involved.person)
"""
_FIRST_DRAFTS = """
SELECT a.drafted_by_id AS person, min(a.drafted_at) AS first
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id
JOIN decision e ON e.id = d.decision_id
WHERE e.process_id = ? AND a.drafted_by_id IS NOT NULL
GROUP BY a.drafted_by_id
"""


async def undeclared(decision_id: int) -> int:
    """Count who wrote, read or signs the answers of a decision without having declared interests."""
    (row,) = await database.rows(_UNDECLARED, *[decision_id] * 4)
    return int(row["n"])


async def first_drafts(process_id: int) -> dict[int, datetime]:
    """Tell when each person wrote their first answer in a process."""
    rows = await database.rows(_FIRST_DRAFTS, process_id)
    return {row["person"]: database.moment(row["first"]) for row in rows}
