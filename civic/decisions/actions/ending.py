"""Close a process, or narrow what can change in it: acts that must look at every point first."""

from __future__ import annotations

from dataclasses import dataclass

from civic.decisions.policies import may_close
from civic.decisions.queries.desk import points_of
from civic.decisions.queries.reading import decisions_of
from civic.foundation import clock, database
from civic.foundation.errors import Invalid, Message, counted
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes import actions as processes
from civic.processes.forms import ScopeDraft
from civic.processes.models import Standing
from civic.processes.queries import ProcessPage, ScopeCard, scope_in_force


@dataclass(frozen=True)
class Remaining:
    """What a process still owes: points without a published answer, publications about to leave."""

    unanswered: int
    is_pending: bool


_WITHOUT_DECISION = """
SELECT count(*) AS n FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN decision_issue x ON x.issue_id = c.issue_id
WHERE c.process_id = ? AND x.id IS NULL AND k.retired_at IS NULL AND c.visibility = 'public'
"""


async def remaining(process: ProcessPage) -> Remaining:
    """Count the points of a process that have no published answer."""
    decisions = await decisions_of(process.id)
    points = await points_of([one.id for one in decisions])
    owed = [one for found in points.values() for one in found if not one.is_withdrawn]
    (row,) = await database.rows(_WITHOUT_DECISION, process.id)
    return Remaining(
        unanswered=int(row["n"]) + sum(one.published_id is None for one in owed),
        is_pending=any(one.pending is not None for one in decisions),
    )


async def close_process(
    official: Viewer, process: ProcessPage, reason: Localized, *, knows_unanswered: int = 0
) -> ProcessPage:
    """End a process with its public reason; what stays without an answer is acknowledged by its number."""
    async with database.transaction():
        current = await processes.lock(process.id)
        left = await remaining(current)
        may_close(
            official,
            current.public_id,
            unanswered=left.unanswered,
            acknowledged=knows_unanswered,
            is_pending=left.is_pending,
        ).demand()
        return await processes.mark_closed(official, current, reason)


async def change_scope(
    official: Viewer, process: ProcessPage, draft: ScopeDraft, reason: Localized
) -> ScopeCard:
    """Change what can change in an open process.

    Taking something off the table while points about it have no answer needs a public reason that is
    not empty; points made before keep the scope they were made under.
    """
    async with database.transaction():
        current = await processes.lock(process.id)
        left = await remaining(current)
        narrowed = await _narrowed(current, draft)
        if narrowed and left.unanswered and not any(said.strip() for said in reason.values()):
            raise Invalid({"reason": _why(left.unanswered)})
        return await processes.publish_scope(official, current, draft, reason)


def _why(unanswered: int) -> Message:
    return counted(
        "Say in public why this is no longer open: %(count)s point has no answer yet.",
        "Say in public why this is no longer open: %(count)s points have no answer yet.",
        unanswered,
    )


async def _narrowed(process: ProcessPage, draft: ScopeDraft) -> bool:
    """Whether a line that was open to proposals no longer is."""
    before = await scope_in_force(process.id, clock.now())
    still_open = [line.text for line in draft.lines if line.standing is Standing.OPEN]
    return any(line.text not in still_open for line in (before.open if before else ()))
