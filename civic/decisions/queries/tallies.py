"""How many points had which answer: in all, per article, per question, per reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from civic.decisions.gates import Desk
from civic.decisions.models import ReasonCode
from civic.decisions.queries.reading import marks, read_json
from civic.foundation import database

_FROM = """
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE o.decision_version_id = ?
"""
_TALLIES = """
SELECT o.decision_version_id AS version_id,
       CASE WHEN c.visibility = 'public' THEN a.outcome ELSE 'withdrawn' END AS outcome, count(*) AS n
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE o.decision_version_id IN ({marks}) GROUP BY 1, 2
"""
_TALLY_ARTICLES = """
SELECT l.provision_id, a.outcome, count(*) AS n
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN provision_link l ON l.version_id = a.id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE o.decision_version_id = ? AND c.visibility = 'public'
GROUP BY l.provision_id, a.outcome
"""
_TALLY_ISSUES = f"""
SELECT c.issue_id, CASE WHEN c.visibility = 'public' THEN a.outcome ELSE 'withdrawn' END AS outcome,
       count(*) AS n
{_FROM} GROUP BY 1, 2
"""
_HAS_ARTICLE = "EXISTS (SELECT 1 FROM provision_link l WHERE l.version_id = a.id)"
_LINKED = f"SELECT count(*) AS n {_FROM} AND c.visibility = 'public' AND {_HAS_ARTICLE}"
_PARTS = "SELECT 1 FROM disposition_part x WHERE x.version_id = a.id"
_REASONS = f"""
SELECT CAST(a.reason_codes AS TEXT) AS codes, count(*) AS n
{_FROM} AND c.visibility = 'public' AND NOT EXISTS ({_PARTS}) GROUP BY 1
"""
_REASONS_OF_PARTS = f"""
SELECT o.claim_id, a.reason_codes, x.reason_codes AS part_codes
{_FROM.replace("WHERE", "JOIN disposition_part x ON x.version_id = a.id WHERE")} AND c.visibility = 'public'
"""


_NOT_STATED = """
SELECT count(*) AS n FROM decision_issue i
JOIN contribution c ON c.issue_id = i.issue_id
JOIN claim k ON k.contribution_id = c.id AND k.kind <> 'situation'
WHERE i.decision_id = ? AND c.visibility = 'public' AND NOT c.after_freeze AND k.retired_at IS NULL
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM published_outcome o
                  WHERE o.claim_id = k.id AND o.decision_version_id = ?)
"""
_OF_PROPOSALS = """
SELECT k.contribution_id, a.outcome
FROM published_outcome o
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision_release r ON r.version_id = v.id
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND c.kind = 'proposal' AND c.visibility = 'public' AND v.number = (
    SELECT max(w.number) FROM decision_version w JOIN decision_release x ON x.version_id = w.id
    WHERE w.decision_id = v.decision_id)
ORDER BY k.contribution_id, k.number
"""


async def outcomes_of_proposals(process_id: int) -> dict[int, list[str]]:
    """Give the outcomes in force of the proposals of a process, point by point, by contribution."""
    outcomes: dict[int, list[str]] = defaultdict(list)
    for row in await database.rows(_OF_PROPOSALS, process_id):
        outcomes[row["contribution_id"]].append(row["outcome"])
    return dict(outcomes)


def outcome_counts(desk: Desk, stated: Mapping[int, int]) -> dict[str, int]:
    """Count by outcome the answers that a publication would state."""
    counts: dict[str, int] = defaultdict(int)
    for one in desk.points:
        answer = stated.get(one.claim_id)
        outcome = one.outcome if answer == one.answer_id else one.published_outcome
        if answer is not None and outcome is not None:
            counts[outcome] += 1
    return dict(counts)


async def tally(version_id: int) -> dict[str, int]:
    """Count the answers of a version by outcome; points withdrawn or hidden since count as withdrawn."""
    return (await tallies([version_id])).get(version_id, {})


async def tallies(version_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Count the answers of several versions by outcome."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    if version_ids:
        for row in await database.rows(_TALLIES.format(marks=marks(version_ids)), *version_ids):
            counts[row["version_id"]][row["outcome"]] = int(row["n"])
    return counts


async def tally_of_articles(version_id: int) -> dict[int, dict[str, int]]:
    """Count, for each article, the points behind it by outcome."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for row in await database.rows(_TALLY_ARTICLES, version_id):
        counts[row["provision_id"]][row["outcome"]] = int(row["n"])
    return counts


async def tally_of_issues(version_id: int) -> dict[int, dict[str, int]]:
    """Count, for each question, its points by outcome."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for row in await database.rows(_TALLY_ISSUES, version_id):
        counts[row["issue_id"]][row["outcome"]] = int(row["n"])
    return counts


async def count_not_stated(decision_id: int, version_id: int) -> int:
    """Count the points owed today that a version does not answer: a text may be shown again after it."""
    (row,) = await database.rows(_NOT_STATED, decision_id, version_id)
    return int(row["n"])


async def count_linked(version_id: int) -> int:
    """Count the points whose answer can be read in an article."""
    return int((await database.rows(_LINKED, version_id))[0]["n"])


async def tally_of_reasons(version_id: int) -> dict[ReasonCode, int]:
    """Count the points each reason was given for, refused parts included."""
    counts: dict[ReasonCode, int] = defaultdict(int)
    for row in await database.rows(_REASONS, version_id):
        for code in read_json(row["codes"]):
            counts[ReasonCode(code)] += int(row["n"])
    points: dict[ReasonCode, set[int]] = defaultdict(set)
    for row in await database.rows(_REASONS_OF_PARTS, version_id):
        for code in (*read_json(row["reason_codes"]), *read_json(row["part_codes"])):
            points[ReasonCode(code)].add(row["claim_id"])
    for code, said in points.items():
        counts[code] += len(said)
    return dict(counts)
