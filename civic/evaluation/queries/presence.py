"""The presence of those who decide: what they sign themselves, whether they write in the debate (B1, D16).

Two queries and the holders of the role, whatever the number of answers. Answers to particular situations are
private and are not counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from civic.accounts import queries as people
from civic.decisions.queries.reading import marks
from civic.evaluation.intervals import Share
from civic.foundation import clock, database
from civic.processes.queries import ProcessPage

_SIGNED = """
SELECT r.released_at, v.signed_for_id, count(*) AS answers
FROM decision_release r
JOIN decision_version v ON v.id = r.version_id
JOIN decision d ON d.id = v.decision_id
JOIN published_outcome o ON o.decision_version_id = v.id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
WHERE d.process_id = ? AND NOT EXISTS (
    SELECT 1 FROM published_outcome e
    JOIN decision_release x ON x.version_id = e.decision_version_id
    WHERE e.claim_id = o.claim_id AND e.disposition_version_id = o.disposition_version_id
      AND e.decision_version_id < o.decision_version_id)
GROUP BY r.id, r.released_at, v.signed_for_id ORDER BY r.released_at
"""
_WROTE = """
SELECT DISTINCT c.author_id FROM contribution c
WHERE c.process_id = ? AND c.written_as = 'official' AND c.visibility = 'public' AND c.author_id IN ({people})
"""


@dataclass(frozen=True)
class Quarter:
    """The answers published in three months, and how many of them a decision maker signed in person."""

    year: int
    number: int
    share: Share


@dataclass(frozen=True)
class Presence:
    """How present those who decide are in a process."""

    wrote: Share
    """Of the decision makers of today, those who wrote in the debate in their role."""
    signed: Share
    quarters: tuple[Quarter, ...]


async def presence_of(process: ProcessPage) -> Presence:
    """Count what the decision makers of a process do themselves."""
    held = await people.holders("decision_maker", process.public_id)
    makers = {one.id for one in held if one.stands_in_for is None}
    sql = _WROTE.format(people=marks(list(makers)))
    wrote = await database.rows(sql, process.id, *makers)
    counted: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in await database.rows(_SIGNED, process.id):
        day = clock.local_day(database.moment(row["released_at"]))
        own, total = counted[day.year, (day.month + 2) // 3]
        is_own = row["signed_for_id"] is None
        counted[day.year, (day.month + 2) // 3] = [own + row["answers"] * is_own, total + row["answers"]]
    quarters = [Quarter(year, number, Share(*two)) for (year, number), two in sorted(counted.items())]
    return Presence(
        Share(len(wrote), len(makers)),
        Share(sum(one.share.number for one in quarters), sum(one.share.total for one in quarters)),
        tuple(quarters),
    )
