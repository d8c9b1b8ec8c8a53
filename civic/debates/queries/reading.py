"""One thread, and the place of one comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions import policies as register
from civic.contributions import queries as said
from civic.contributions.models import Visibility
from civic.foundation import clock, database
from civic.foundation.errors import NotFound, Verdict
from civic.foundation.viewer import Viewer
from civic.processes import queries as processes
from civic.processes.models import ProcessState
from civic.processes.policies import may_see_draft


@dataclass(frozen=True)
class ThreadCard:
    """A debate: what it is about, and how much was said."""

    id: int
    public_id: str
    process_id: int
    issue_id: int | None
    subject: str
    version: int
    root_count: int
    comment_count: int
    last_comment_at: datetime | None
    closed_at: datetime | None

    @property
    def subject_kind(self) -> str:
        return self.subject.partition("/")[0]

    @property
    def subject_key(self) -> str:
        return self.subject.partition("/")[2]


@dataclass(frozen=True)
class CommentPlace:
    """Where a comment stands; its words are its contribution's."""

    id: int
    public_id: str
    contribution_id: int
    thread_id: int
    process_id: int
    author_id: int | None
    visibility: Visibility
    path: str
    depth: int
    ordinal: int
    parent_id: int | None


_THREAD = """
SELECT id, public_id, process_id, issue_id, subject, version, root_count, comment_count,
       last_comment_at, closed_at
FROM thread WHERE
"""
_PLACE = """
SELECT m.id, m.public_id, m.contribution_id, m.thread_id, t.process_id, c.author_id, c.visibility,
       m.path, m.depth, m.ordinal, m.parent_id
FROM comment m
JOIN thread t ON t.id = m.thread_id
JOIN contribution c ON c.id = m.contribution_id
WHERE
"""


async def visible_thread(viewer: Viewer, public_id: str) -> ThreadCard:
    """Give a debate whose subject the viewer may read."""
    thread = await _thread(" public_id = ?", public_id)
    if thread is None:
        raise NotFound
    await demand_subject(viewer, thread)
    return thread


async def thread_on(subject: str) -> ThreadCard | None:
    """Give the debate on a subject already obtained, if it has begun."""
    return await _thread(" subject = ?", subject)


async def thread_by_id(thread_id: int) -> ThreadCard:
    """Give a debate whoever asks."""
    thread = await _thread(" id = ?", thread_id)
    if thread is None:
        raise NotFound
    return thread


async def demand_subject(viewer: Viewer, thread: ThreadCard) -> None:
    """Raise NotFound when the viewer may not read what a debate is about."""
    process = await processes.process_by_id(thread.process_id)
    if process.state is ProcessState.DRAFT and not may_see_draft(viewer, process.public_id):
        raise NotFound
    if thread.subject_kind != "issue":
        subject = await said.contribution_by_public_id(thread.subject_key)
        if subject.is_awaiting and not said.is_author(viewer, subject):
            raise NotFound


async def place_of(contribution_id: int) -> CommentPlace | None:
    """Give the place of a comment, unless it still waits for one."""
    found = await database.rows(_PLACE + " m.contribution_id = ?", contribution_id)
    return _place(found[0]) if found else None


async def visible_place(viewer: Viewer, public_id: str) -> CommentPlace:
    """Give the place of a comment in a debate the viewer may read, whether its words are shown or not."""
    found = await database.rows(_PLACE + " m.public_id = ?", public_id)
    if not found:
        raise NotFound
    place = _place(found[0])
    await demand_subject(viewer, await thread_by_id(place.thread_id))
    return place


async def may_relate(viewer: Viewer, card: said.ContributionCard) -> Verdict:
    """Answer whether the viewer may say what this comment does, or change it."""
    frozen_at = await processes.freeze_of(card.issue_id) if card.issue_id is not None else None
    return register.may_relate(
        viewer,
        mine=said.is_author(viewer, card),
        kind=card.kind,
        visibility=card.visibility,
        frozen_at=frozen_at,
        now=clock.now(),
    )


async def _thread(where: str, key: object) -> ThreadCard | None:
    found = await database.rows(_THREAD + where, key)
    if not found:
        return None
    row = found[0]
    return ThreadCard(
        **{
            **row,
            "last_comment_at": database.moment(row["last_comment_at"]) if row["last_comment_at"] else None,
            "closed_at": database.moment(row["closed_at"]) if row["closed_at"] else None,
        }
    )


def _place(row: dict[str, Any]) -> CommentPlace:
    return CommentPlace(**{**row, "visibility": Visibility(row["visibility"])})
