"""Who answers which points, and the filters an official keeps. Others than the assigned may answer too."""

from __future__ import annotations

from collections.abc import Sequence

from civic.accounts.queries import PersonCard
from civic.decisions.models import SavedFilter
from civic.decisions.policies import may_draft, may_work
from civic.decisions.queries import DecisionCard, colleagues_on
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Invalid, NotFound, counted
from civic.foundation.viewer import Viewer
from civic.notices import actions as notices

_PLACES = """
INSERT INTO disposition (public_id, decision_id, claim_id, version, created_at)
SELECT ?, i.decision_id, k.id, 0, ? FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN decision_issue i ON i.issue_id = c.issue_id
WHERE k.public_id = ? AND i.decision_id = ?
ON CONFLICT (claim_id) DO NOTHING
"""
_GIVE = """
UPDATE disposition SET assigned_to_id = ?
WHERE decision_id = ? AND claim_id IN (SELECT id FROM claim WHERE public_id IN ({marks}))
"""
_KEEP = """
INSERT INTO saved_filter (public_id, participant_id, decision_id, name, query, kept_at, dropped_at)
VALUES (?, ?, ?, ?, ?, ?, NULL)
ON CONFLICT (participant_id, decision_id, name)
DO UPDATE SET query = excluded.query, kept_at = excluded.kept_at, dropped_at = NULL
"""


async def assign(
    official: Viewer, decision: DecisionCard, points: Sequence[str], to: str
) -> PersonCard | None:
    """Give points to a colleague, who is told once for all of them, or take them back (`to` is empty).

    Who looks after what inside the office is no act towards anybody: the public record does not hold it.
    """
    may_draft(official, decision.process.public_id).demand()
    keys = sorted(set(points))
    if not keys:
        raise Invalid({"point": N_("Choose at least one point.")})
    person = next((one for one in await colleagues_on(decision) if one.public_id == to), None)
    if to and person is None:
        raise Invalid({"to": N_("This person writes no answers in this process.")})
    async with database.transaction():
        for key in keys:
            await database.execute(_PLACES, ids.public_id(), clock.now(), key, decision.id)
        marks = ", ".join("?" * len(keys))
        given = await database.execute(
            _GIVE.format(marks=marks), person.id if person else None, decision.id, *keys
        )
        if given != len(keys):
            raise NotFound
        if person is not None and person.id != official.participant:
            await _tell(official, decision, person, len(keys))
    return person


async def _tell(official: Viewer, decision: DecisionCard, person: PersonCard, count: int) -> None:
    await notices.notify(
        person.recipient,
        "points.assigned",
        about=f"decision/{decision.public_id}",
        data={
            "path": f"/desk/decisions/{decision.public_id}?who={person.public_id}",
            "name": official.name,
            "points": counted("%(count)s point", "%(count)s points", count),
            "decision": decision.title,
        },
    )


async def keep_filter(official: Viewer, decision: DecisionCard, name: str, query: str) -> None:
    """Keep the filter of an address under a name, for this official alone; the same name replaces it."""
    may_work(official, decision.process.public_id).demand()
    await database.execute(
        _KEEP, ids.public_id(), official.participant, decision.id, name, query, clock.now()
    )


async def drop_filter(official: Viewer, decision: DecisionCard, public_id: str) -> None:
    """Take a filter off one's list."""
    may_work(official, decision.process.public_id).demand()
    await SavedFilter.filter(
        public_id=public_id, participant_id=official.participant, decision_id=decision.id
    ).update(dropped_at=clock.now())
