"""The rows of an import, gathered in memory and written a table at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from tortoise.models import Model

from civic.contributions.models import Claim, ClaimSpan, Contribution, ContributionVersion, Restatement
from civic.debates.models import Comment, Thread
from civic.decisions.models import ImportedOutcome
from civic.foundation import database
from civic.proposals.models import Proposal
from civic.synthesis.models import ThemeLink

BATCH = 1_000

_SEQUENCE = """
SELECT nextval(pg_get_serial_sequence(?, 'id')) AS id FROM generate_series(1, CAST(? AS integer))
"""
_LAST = {
    "claim": "SELECT coalesce(max(id), 0) AS last FROM claim",
    "comment": "SELECT coalesce(max(id), 0) AS last FROM comment",
    "contribution": "SELECT coalesce(max(id), 0) AS last FROM contribution",
    "contribution_version": "SELECT coalesce(max(id), 0) AS last FROM contribution_version",
    "thread": "SELECT coalesce(max(id), 0) AS last FROM thread",
}


@dataclass
class Rows:
    """What an import writes, in the order in which the tables need each other."""

    threads: list[Thread] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    versions: list[ContributionVersion] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    spans: list[ClaimSpan] = field(default_factory=list)
    restatements: list[Restatement] = field(default_factory=list)
    outcomes: list[ImportedOutcome] = field(default_factory=list)
    themes: list[ThemeLink] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


async def write(rows: Rows) -> None:
    """Write every row, table after table."""
    for table in fields(rows):
        listed: list[Any] = getattr(rows, table.name)
        if listed:
            model: type[Model] = type(listed[0])
            # A person may have linked a point to the same theme by hand.
            await model.bulk_create(listed, batch_size=BATCH, ignore_conflicts=model is ThemeLink)


async def reserve(table: str, count: int) -> Iterator[int]:
    """Reserve ids of a table for rows that name each other before they are written.

    SQLite has one writer at a time, and we are it; PostgreSQL gives out each number once.
    """
    if not count:
        return iter(())
    if database.dialect() == "postgres":
        return iter([int(row["id"]) for row in await database.rows(_SEQUENCE, table, count)])
    (row,) = await database.rows(_LAST[table])
    return iter(range(row["last"] + 1, row["last"] + 1 + count))
