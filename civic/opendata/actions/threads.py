"""Put imported proposals and comments into debates: threads, places, counts."""

from __future__ import annotations

from collections.abc import Mapping

from civic.contributions.models import Contribution, Kind
from civic.foundation import database
from civic.opendata.actions import placing
from civic.opendata.actions.placing import Forest
from civic.opendata.actions.rows import reserve
from civic.opendata.actions.storing import Import
from civic.opendata.grid import GridContribution
from civic.proposals.models import Proposal

Added = list[tuple[Contribution, GridContribution]]

_SUBJECTS = """
SELECT m.contribution_id, t.subject FROM comment m JOIN thread t ON t.id = m.thread_id WHERE t.process_id = ?
"""


async def enter(work: Import, added: Added) -> Forest:
    """Open the threads of new proposals, and make the places of new comments; the counts come with them."""
    subjects = await _subjects(work, added)
    forest = await placing.load(work.process.id, subjects.values())
    await _open_threads(work, added, subjects, forest)
    comment_ids = await reserve("comment", len(subjects))
    for row, _ in added:
        if row.kind == Kind.COMMENT:
            work.rows.comments.append(placing.place(forest, next(comment_ids), row, subjects[row.id]))
        elif row.kind == Kind.PROPOSAL:
            work.rows.proposals.append(_proposal(row, forest.known[f"proposal/{row.public_id}"]))
    await placing.settle(forest)
    await placing.settle_replies(forest, {row.id: row for row, _ in added})
    return forest


async def _open_threads(work: Import, added: Added, subjects: Mapping[int, str], forest: Forest) -> None:
    own = {f"{Kind(row.kind)}/{row.public_id}": row for row, _ in added}
    opened = [subject for subject, row in own.items() if row.kind == Kind.PROPOSAL]
    opened += sorted({one for one in subjects.values() if one not in forest.known} - set(opened))
    thread_ids = await reserve("thread", len(opened))
    for subject in opened:
        issue_id = own[subject].issue_id if subject in own else None
        thread = placing.open_thread(
            forest, next(thread_ids), subject, issue_id or _issue_behind(work, subject)
        )
        work.rows.threads.append(thread)


async def _subjects(work: Import, added: Added) -> dict[int, str]:
    """Name the thread of every new comment: that of the comment it answers, or of what it is about."""
    placed = {
        row["contribution_id"]: row["subject"] for row in await database.rows(_SUBJECTS, work.process.id)
    }
    made = {found.ref: row for row, found in added}
    subjects: dict[int, str] = {}
    for row, found in added:
        if row.kind != Kind.COMMENT:
            continue
        above = made.get(found.parent) or work.known.get(found.parent)
        if above is None:
            subjects[row.id] = f"issue/{work.issue_by_id(row.issue_id).public_id}"
        elif above.kind == Kind.COMMENT:
            subjects[row.id] = subjects.get(above.id) or placed[above.id]
        else:
            subjects[row.id] = f"{Kind(above.kind)}/{above.public_id}"
    return subjects


def _issue_behind(work: Import, subject: str) -> int:
    kind, _, key = subject.partition("/")
    if kind == "issue":
        return next(one.id for one in work.process.issues if one.public_id == key)
    return next((one.issue_id for one in work.known.values() if one.public_id == key), None) or work.issue.id


def _proposal(row: Contribution, thread_id: int) -> Proposal:
    return Proposal(
        public_id=row.public_id,
        contribution_id=row.id,
        thread_id=thread_id,
        process_id=row.process_id,
        issue_id=row.issue_id,
        submitted_at=row.submitted_at,
    )
