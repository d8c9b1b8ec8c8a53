"""One proposal, with the words the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions.models import Visibility, WrittenAs
from civic.contributions.policies import is_author, may_see
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.processes.models import Category, ProcessState
from civic.processes.policies import may_see_draft


@dataclass(frozen=True)
class ProposalCard:
    """A proposal with its current words. When the viewer may not read them, they are empty."""

    id: int
    public_id: str
    contribution_id: int
    thread_id: int
    process_id: int
    process: str
    issue_id: int
    number: str
    author_id: int | None
    author_name: str
    capacity: Category | None
    capacity_note: str
    written_as: WrittenAs
    language: str
    visibility: Visibility
    after_freeze: bool
    version: int
    title: str
    html: str
    body: str
    excerpt: str
    endorsement_count: int
    comment_count: int
    supports: int
    objections: int
    submitted_at: datetime
    written_at: datetime
    source_url: str
    mine: bool

    @property
    def is_public(self) -> bool:
        return self.visibility is Visibility.PUBLIC

    @property
    def is_awaiting(self) -> bool:
        return self.visibility is Visibility.AWAITING

    @property
    def may_be_read(self) -> bool:
        """Whether its words are here: public, or the viewer's own."""
        return bool(self.title or self.html)


CARD = """
SELECT o.id, o.public_id, o.contribution_id, o.thread_id, o.process_id, p.public_id AS process,
       p.state, o.issue_id, c.number, c.author_id, c.author_name, c.capacity, c.capacity_note,
       c.written_as, c.language, c.visibility, c.after_freeze, c.version, v.title, v.html, v.body,
       v.excerpt, o.lot, o.endorsement_count, t.comment_count,
       coalesce(s.count, 0) AS supports, coalesce(b.count, 0) AS objections,
       o.submitted_at, v.written_at, c.source_url
FROM proposal o
JOIN contribution c ON c.id = o.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
JOIN thread t ON t.id = o.thread_id
JOIN process p ON p.id = o.process_id
LEFT JOIN thread_relation s ON s.thread_id = o.thread_id AND s.relation = 'supports'
LEFT JOIN thread_relation b ON b.thread_id = o.thread_id AND b.relation = 'objects'
"""
_BY_PUBLIC_ID = CARD + "WHERE o.public_id = ?"

_ENDORSED = """
SELECT id FROM endorsement WHERE proposal_id = ? AND participant_id = ? AND withdrawn_at IS NULL
"""


async def visible_proposal(viewer: Viewer, public_id: str) -> ProposalCard:
    """Give a proposal the viewer may open.

    A hidden or withdrawn one keeps its page, its debate and the reason, without its words; one that
    waits for confirmation exists for its author only.
    """
    found = await database.rows(_BY_PUBLIC_ID, public_id)
    if not found:
        raise NotFound
    row = found[0]
    if row["state"] == ProcessState.DRAFT and not may_see_draft(viewer, row["process"]):
        raise NotFound
    card = proposal_card(viewer, row)
    if card.is_awaiting and not card.mine:
        raise NotFound
    return card


async def has_endorsed(viewer: Viewer, proposal_id: int) -> bool:
    """Tell whether the viewer stands behind a proposal."""
    if viewer.participant is None:
        return False
    return bool(await database.rows(_ENDORSED, proposal_id, viewer.participant))


async def proposal_of_contribution(contribution_id: int) -> str | None:
    """Name the proposal a contribution is, whoever asks."""
    found = await database.rows("SELECT public_id FROM proposal WHERE contribution_id = ?", contribution_id)
    return str(found[0]["public_id"]) if found else None


def proposal_card(viewer: Viewer, row: dict[str, Any]) -> ProposalCard:
    """Make the card of a row, without the words the viewer may not read."""
    key, author_id = row["public_id"], row["author_id"]
    readable = may_see(viewer, public_id=key, author_id=author_id, visibility=row["visibility"])
    words = {name: row[name] if readable else "" for name in ("title", "html", "body", "excerpt")}
    rest = {name: value for name, value in row.items() if name not in ("state", "lot")}
    return ProposalCard(
        **{
            **rest,
            **words,
            "capacity": Category(row["capacity"]) if row["capacity"] else None,
            "written_as": WrittenAs(row["written_as"]),
            "visibility": Visibility(row["visibility"]),
            "after_freeze": bool(row["after_freeze"]),
            "submitted_at": database.moment(row["submitted_at"]),
            "written_at": database.moment(row["written_at"]),
            "mine": is_author(viewer, public_id=key, author_id=author_id),
        }
    )
