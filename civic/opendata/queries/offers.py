"""What each public process offers for download."""

from __future__ import annotations

from dataclasses import dataclass

from civic.foundation import database
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage


@dataclass(frozen=True)
class Offer:
    """A process and how much its grid holds."""

    process: ProcessPage
    contributions: int
    points: int


_COUNTS = """
SELECT c.process_id, count(DISTINCT c.id) AS contributions, count(k.id) AS points
FROM contribution c
LEFT JOIN claim k ON k.contribution_id = c.id AND k.retired_at IS NULL
  AND k.kind <> 'situation'
WHERE c.visibility = 'public' AND c.process_id IN ({marks})
GROUP BY c.process_id
"""


async def offers(*, after: str | None = None) -> tuple[tuple[Offer, ...], str | None]:
    """List the public processes with the size of their grids, and tell where the next page begins."""
    listing = await processes.listing(after=after)
    ids = [process.id for process in listing.processes]
    sql = _COUNTS.format(marks=", ".join("?" * len(ids)) or "NULL")
    counts = {row["process_id"]: row for row in await database.rows(sql, *ids)}
    return tuple(_offer(process, counts.get(process.id)) for process in listing.processes), listing.after


def _offer(process: ProcessPage, counts: dict[str, int] | None) -> Offer:
    if counts is None:
        return Offer(process, 0, 0)
    return Offer(process, int(counts["contributions"]), int(counts["points"]))
