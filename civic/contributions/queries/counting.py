"""How much was said: received, distinct, published, and by how many people."""

from __future__ import annotations

from dataclasses import dataclass

from civic.foundation import database
from civic.processes.models import Category


@dataclass(frozen=True)
class Counts:
    """The three numbers always shown together, with the people behind them.

    Received: all that was sent and confirmed. Distinct: the same words sent several times count once.
    Published: what can be read today.
    """

    received: int
    distinct: int
    published: int
    people: int
    proposals: int
    comments: int


VOICE = """coalesce('organisation/' || CAST(c.organisation_id AS TEXT),
                    'person/' || CAST(c.author_id AS TEXT), c.guest_address,
                    nullif(c.author_name, ''), c.number)"""
"""Whose voice contribution ``c`` is: an organisation is one, whoever speaks for it; texts without any name
are told apart by their receipt."""
VOICES = f"count(DISTINCT {VOICE})"
"""How many are heard in contributions ``c``."""
_COUNT = f"""
SELECT count(*) AS received,
       count(DISTINCT v.digest) AS distinct_texts,
       coalesce(sum(CASE WHEN c.visibility = 'public' THEN 1 ELSE 0 END), 0) AS published,
       {VOICES} AS people,
       coalesce(sum(CASE WHEN c.kind = 'proposal' THEN 1 ELSE 0 END), 0) AS proposals,
       coalesce(sum(CASE WHEN c.kind = 'comment' THEN 1 ELSE 0 END), 0) AS comments
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE c.visibility NOT IN ('awaiting', 'private') AND
"""  # noqa: S608 - our own constants
_IN_PROCESS = _COUNT + " c.process_id = ?"
_IN_ISSUE = _COUNT + " c.issue_id = ?"


async def counts(process_id: int) -> Counts:
    """Count what a process received."""
    return await _counted(_IN_PROCESS, process_id)


async def counts_of_issue(issue_id: int) -> Counts:
    """Count what one issue received."""
    return await _counted(_IN_ISSUE, issue_id)


async def _counted(sql: str, key: int) -> Counts:
    (row,) = await database.rows(sql, key)
    return Counts(
        received=int(row["received"]),
        distinct=int(row["distinct_texts"]),
        published=int(row["published"]),
        people=int(row["people"]),
        proposals=int(row["proposals"]),
        comments=int(row["comments"]),
    )


@dataclass(frozen=True)
class IssueCounts:
    """What can be read today about one issue."""

    proposals: int = 0
    comments: int = 0


@dataclass(frozen=True)
class Unplaced:
    """People of no category: those who did not say in what capacity they write, and the public body's own."""

    silent: int
    official: int


_BY_ISSUE = """
SELECT c.issue_id,
       sum(CASE WHEN c.kind = 'proposal' THEN 1 ELSE 0 END) AS proposals,
       sum(CASE WHEN c.kind = 'comment' THEN 1 ELSE 0 END) AS comments
FROM contribution c
WHERE c.process_id = ? AND c.visibility = 'public' AND c.issue_id IS NOT NULL
GROUP BY c.issue_id
"""
_BY_CATEGORY = f"""
SELECT c.capacity, {VOICES} AS people
FROM contribution c
WHERE c.process_id = ? AND c.visibility NOT IN ('awaiting', 'private') AND c.capacity IS NOT NULL
GROUP BY c.capacity
"""  # noqa: S608 - our own constants
_UNPLACED = f"""
SELECT coalesce(sum(CASE WHEN spoke = 1 THEN 1 ELSE 0 END), 0) AS silent,
       coalesce(sum(CASE WHEN spoke = 0 THEN 1 ELSE 0 END), 0) AS official
FROM (
    SELECT {VOICE} AS who,
           max(CASE WHEN c.written_as = 'participant' THEN 1 ELSE 0 END) AS spoke
    FROM contribution c
    WHERE c.process_id = ? AND c.visibility NOT IN ('awaiting', 'private')
    GROUP BY 1 HAVING max(c.capacity) IS NULL
) AS unplaced
"""  # noqa: S608 - our own constants


async def counts_by_issue(process_id: int) -> dict[int, IssueCounts]:
    """Count what can be read about each issue of a process, in one query."""
    found = await database.rows(_BY_ISSUE, process_id)
    return {row["issue_id"]: IssueCounts(int(row["proposals"]), int(row["comments"])) for row in found}


async def people_by_category(process_id: int) -> dict[Category, int]:
    """Count the people heard in each stakeholder category, as they said it of themselves."""
    found = await database.rows(_BY_CATEGORY, process_id)
    return {Category(row["capacity"]): int(row["people"]) for row in found}


async def people_of_no_category(process_id: int) -> Unplaced:
    """Count the people heard outside the seven categories, so that the map adds up to everybody."""
    (row,) = await database.rows(_UNPLACED, process_id)
    return Unplaced(silent=int(row["silent"]), official=int(row["official"]))
