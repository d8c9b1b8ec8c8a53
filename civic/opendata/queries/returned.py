"""The points a returned sheet speaks of, as they stand now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from civic.contributions.models import Visibility
from civic.contributions.queries import ClaimCard, claims_by_id
from civic.decisions import queries as decisions
from civic.decisions.queries import AnswerCard
from civic.foundation import database

MOST_KEYS = 200
"""Points read between two breaths of the event loop."""


@dataclass(frozen=True)
class Returned:
    """A point that a sheet names: where it stands, and the answer it has so far."""

    id: int
    public_id: str
    contribution_id: int
    language: str
    issue_id: int | None
    version: int
    answer_version: int
    is_retired: bool
    is_public: bool
    restatement: str
    restatement_number: int
    claim: ClaimCard | None
    answer: AnswerCard | None


_POINTS = """
SELECT k.id, k.public_id, k.contribution_id, c.language, c.issue_id, k.retired_at, c.visibility,
       k.restatement, k.restatement_number, c.version + coalesce(d.version, 0) AS version,
       coalesce(d.version, 0) AS answer_version, a.id AS answer_id
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN disposition d ON d.claim_id = k.id
LEFT JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
WHERE c.process_id = ? AND k.kind <> 'situation' AND k.public_id IN ({marks})
"""


async def returned_points(process_id: int, refs: Collection[str]) -> dict[str, Returned]:
    """Find the points of a process that a sheet names, by their `point_ref`."""
    found: dict[str, Returned] = {}
    ordered = sorted(set(refs))
    for start in range(0, len(ordered), MOST_KEYS):
        keys = ordered[start : start + MOST_KEYS]
        sql = _POINTS.format(marks=", ".join("?" * len(keys)))
        rows = await database.rows(sql, process_id, *keys)
        claims = await claims_by_id([row["id"] for row in rows])
        answers = await decisions.answers_by_id([row["answer_id"] for row in rows if row["answer_id"]])
        found |= {
            row["public_id"]: _returned(row, claims.get(row["id"]), answers.get(row["answer_id"] or 0))
            for row in rows
        }
    return found


def _returned(row: dict[str, Any], claim: ClaimCard | None, answer: AnswerCard | None) -> Returned:
    return Returned(
        id=row["id"],
        public_id=row["public_id"],
        contribution_id=row["contribution_id"],
        language=row["language"],
        issue_id=row["issue_id"],
        version=row["version"],
        answer_version=row["answer_version"],
        is_retired=row["retired_at"] is not None,
        is_public=row["visibility"] == Visibility.PUBLIC,
        restatement=row["restatement"],
        restatement_number=row["restatement_number"],
        claim=claim,
        answer=answer,
    )
