"""What the rules need to know of many points at once: those of a sheet that comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.contributions.models import CheckState, ClaimKind, Visibility
from civic.decisions.queries.reading import marks
from civic.foundation import database
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import QuestionCard

AT_ONCE = 100

_FACTS = """
SELECT k.id, k.public_id, k.kind, k.check_state, k.retired_at, c.id AS contribution_id, c.visibility,
       c.submitted_at, di.decision_id, coalesce(d.version, 0) AS version, a.digest, a.group_id,
       (s.id IS NOT NULL AND s.erased_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM situation_contact t WHERE t.statement_id = s.id)) AS is_uncalled,
       (SELECT w.id FROM contribution_version w WHERE w.contribution_id = c.id AND w.number = coalesce(
           (SELECT max(x.number) FROM contribution_version x WHERE x.contribution_id = c.id
            AND (i.freeze_at IS NULL OR x.written_at <= i.freeze_at)), 1)) AS due_id
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN issue i ON i.id = c.issue_id
LEFT JOIN decision_issue di ON di.issue_id = c.issue_id
LEFT JOIN disposition d ON d.claim_id = k.id
LEFT JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
LEFT JOIN situation_statement s ON s.contribution_id = c.id
WHERE k.public_id IN ({marks})
"""


@dataclass(frozen=True)
class PointFacts:
    """One point as it stands now: whose it is, what was checked, and the answer it has."""

    id: int
    public_id: str
    kind: ClaimKind
    check_state: CheckState
    is_retired: bool
    contribution_id: int
    is_public: bool
    submitted_at: datetime
    decision_id: int | None
    version: int
    digest: str | None
    group_id: int | None
    is_uncalled: bool
    due_id: int
    questions: tuple[QuestionCard, ...]


async def facts_of_points(public_ids: Sequence[str]) -> dict[str, PointFacts]:
    """Read how many points stand, in a few queries."""
    found: dict[str, PointFacts] = {}
    for start in range(0, len(public_ids), AT_ONCE):
        keys = public_ids[start : start + AT_ONCE]
        rows = await database.rows(_FACTS.format(marks=marks(keys)), *keys)
        questions = await synthesis.questions_of([row["id"] for row in rows])
        for row in rows:
            found[row["public_id"]] = PointFacts(
                id=row["id"],
                public_id=row["public_id"],
                kind=ClaimKind(row["kind"]),
                check_state=CheckState(row["check_state"]),
                is_retired=row["retired_at"] is not None,
                contribution_id=row["contribution_id"],
                is_public=row["visibility"] == Visibility.PUBLIC,
                submitted_at=database.moment(row["submitted_at"]),
                decision_id=row["decision_id"],
                version=int(row["version"]),
                digest=row["digest"],
                group_id=row["group_id"],
                is_uncalled=bool(row["is_uncalled"]),
                due_id=row["due_id"],
                questions=tuple(questions.get(row["id"], ())),
            )
    return found
