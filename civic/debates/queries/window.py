"""Read one page of a debate: 20 branches, three levels, three replies each, whatever its length.

Two statements give a page: the places of the first level in the order asked, then what stands below
them. Raw rows, because a page of models costs several times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civic.contributions.models import Relation, Visibility, WrittenAs
from civic.contributions.policies import may_see
from civic.debates.queries.orders import Cursor, Order, first_level
from civic.debates.queries.reading import ThreadCard
from civic.foundation import database
from civic.foundation.viewer import Viewer
from civic.processes.models import Category

PAGE = 20
KIDS = 3
LEVELS_BELOW = 2


@dataclass
class CommentView:
    """A comment as a page shows it; what the viewer may not read is not in it."""

    id: int
    public_id: str
    contribution_id: int
    parent_id: int | None
    path: str
    depth: int
    ordinal: int
    relation: Relation | None
    children: int
    descendants: int
    insight_count: int
    posted_at: datetime
    author_name: str
    capacity: Category | None
    capacity_note: str
    written_as: WrittenAs
    language: str
    visibility: Visibility
    after_freeze: bool
    version: int
    written_at: datetime
    html: str
    mine: bool
    marked: bool
    withdrawn_reason: str
    withdrawn_at: datetime | None
    answered: str | None
    answered_name: str | None
    kids: list[CommentView] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return self.visibility is Visibility.PUBLIC

    @property
    def is_hidden(self) -> bool:
        return self.visibility is Visibility.RESTRICTED

    @property
    def is_withdrawn(self) -> bool:
        return self.visibility is Visibility.WITHDRAWN

    @property
    def is_official(self) -> bool:
        return self.written_as is not WrittenAs.PARTICIPANT

    @property
    def is_edited(self) -> bool:
        return self.version > 1

    @property
    def more(self) -> int:
        """How many places right below it are not on this page."""
        return max(0, self.children - len(self.kids))

    @property
    def last_ordinal(self) -> int:
        return self.kids[-1].ordinal if self.kids else 0


@dataclass(frozen=True)
class ThreadWindow:
    """One page of a debate."""

    thread: ThreadCard | None
    order: Order
    relation: str
    comments: list[CommentView]
    next: str | None
    shown: int
    total: int
    counts: dict[str, int]
    is_flat: bool = False

    @property
    def hidden(self) -> list[int]:
        """The contributions whose place says why they are hidden."""
        return [one.contribution_id for one in walk(self.comments) if one.is_hidden]


COLUMNS = """
m.id, m.public_id, m.contribution_id, m.parent_id, m.path, m.depth, m.ordinal, m.relation, m.children,
m.descendants, m.insight_count, m.posted_at, c.author_id, c.author_name, c.capacity, c.capacity_note,
c.written_as, c.language, c.visibility, c.after_freeze, c.version, v.written_at, v.html,
w.reason AS withdrawn_reason, w.withdrawn_at,
CASE WHEN a.kind = 'comment' AND a.visibility = 'public' THEN a.public_id END AS answered,
CASE WHEN a.kind = 'comment' AND a.visibility = 'public' THEN a.author_name END AS answered_name,
i.id AS mark
"""
JOINS = """
JOIN contribution c ON c.id = m.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN withdrawal w ON w.contribution_id = c.id
LEFT JOIN contribution a ON a.id = c.parent_id
LEFT JOIN insight i ON i.comment_id = m.id AND i.participant_id = ?
"""
_LEVEL = f"SELECT {COLUMNS} FROM comment m {JOINS} WHERE m.id IN ({{marks}})"  # noqa: S608 - marks only
_BELOW = f"""
WITH kids AS (SELECT id FROM comment WHERE parent_id IN ({{marks}}) AND ordinal <= {KIDS}),
     grand AS (SELECT g.id FROM kids k JOIN comment g ON g.parent_id = k.id AND g.ordinal <= {KIDS})
SELECT {COLUMNS}
FROM (SELECT id FROM kids UNION ALL SELECT id FROM grand) s
JOIN comment m ON m.id = s.id {JOINS}
ORDER BY m.depth, m.ordinal
"""  # noqa: S608 - constants and marks only
_COUNTS = "SELECT relation, count FROM thread_relation WHERE thread_id = ? AND count > 0"
NOBODY = -1


async def window(
    thread: ThreadCard | None,
    viewer: Viewer,
    *,
    order: Order = Order.BALANCED,
    relation: str = "",
    after: str = "",
    branch: int | None = None,
) -> ThreadWindow:
    """Give one page of a debate, or of the replies to one comment (``branch``); ``after`` is its cursor.

    With a relation, a flat list of the comments that have it. Without a thread, an empty page.
    """
    if thread is None:
        return ThreadWindow(None, order, "", [], None, 0, 0, {})
    cursor = Cursor.read(after, order)
    chosen = await first_level(thread, order, cursor, relation=relation, branch=branch, limit=PAGE)
    views = await views_of(chosen.ids, viewer)
    is_flat = bool(relation) and branch is None
    if not is_flat:
        await put_below(views, viewer)
    counts = await relation_counts(thread.id)
    return ThreadWindow(
        thread=thread,
        order=order,
        relation=relation,
        comments=views,
        next=chosen.next,
        shown=cursor.shown + len(views),
        total=_total(thread, counts, relation) if branch is None else 0,
        counts=counts,
        is_flat=is_flat,
    )


async def views_of(ids: Sequence[int], viewer: Viewer) -> list[CommentView]:
    """Give comments in the order of their ids."""
    if not ids:
        return []
    sql = _LEVEL.format(marks=", ".join("?" * len(ids)))
    found = {row["id"]: _view(row, viewer) for row in await database.rows(sql, _reader(viewer), *ids)}
    return [found[one] for one in ids if one in found]


async def comment_in(viewer: Viewer, thread_id: int, public_id: str) -> CommentView | None:
    """Give one comment of a thread, alone."""
    found = await database.rows(
        "SELECT id FROM comment WHERE thread_id = ? AND public_id = ?", thread_id, public_id
    )
    views = await views_of([row["id"] for row in found], viewer)
    return views[0] if views else None


async def put_below(views: Sequence[CommentView], viewer: Viewer) -> None:
    """Hang the first replies, and theirs, below each comment."""
    parents = [one.id for one in views if one.children]
    if not parents:
        return
    sql = _BELOW.format(marks=", ".join("?" * len(parents)))
    places = {one.id: one for one in views}
    for row in await database.rows(sql, *parents, _reader(viewer)):
        view = _view(row, viewer)
        places[view.id] = view
        if view.parent_id in places:
            places[view.parent_id].kids.append(view)


async def relation_counts(thread_id: int) -> dict[str, int]:
    """Count the visible comments of each relation; "" for those that say none."""
    return {row["relation"]: row["count"] for row in await database.rows(_COUNTS, thread_id)}


def walk(views: Sequence[CommentView]) -> list[CommentView]:
    """List comments and all that is shown below them."""
    return [one for view in views for one in (view, *walk(view.kids))]


def _total(thread: ThreadCard, counts: dict[str, int], relation: str) -> int:
    if not relation:
        return thread.root_count
    return sum(counts.get(one, 0) for one in relations_of(relation))


def relations_of(chosen: str) -> tuple[str, ...]:
    """Name the relations a filter keeps."""
    return OTHERS if chosen == "other" else (chosen,)


FIRST = (Relation.SUPPORTS, Relation.OBJECTS, Relation.ASKS, Relation.EVIDENCE)
OTHERS = (Relation.NUANCES, Relation.ALTERNATIVE, Relation.EXPERIENCE, Relation.ANSWERS, "")


def _reader(viewer: Viewer) -> int:
    return viewer.participant if viewer.participant is not None else NOBODY


def _view(row: dict[str, Any], viewer: Viewer) -> CommentView:
    key, author_id, visibility = row["public_id"], row.pop("author_id"), row["visibility"]
    mine = key in viewer.passes or (author_id is not None and author_id == viewer.participant)
    is_shown = may_see(viewer, public_id=key, author_id=author_id, visibility=visibility)
    row["marked"] = row.pop("mark") is not None
    return CommentView(
        **{
            **row,
            "relation": Relation(row["relation"]) if row["relation"] and is_shown else None,
            "author_name": row["author_name"] if is_shown else "",
            "capacity": Category(row["capacity"]) if row["capacity"] and is_shown else None,
            "capacity_note": row["capacity_note"] if is_shown else "",
            "html": row["html"] if visibility == Visibility.PUBLIC else "",
            "written_as": WrittenAs(row["written_as"]),
            "visibility": Visibility(visibility),
            "after_freeze": bool(row["after_freeze"]),
            "posted_at": database.moment(row["posted_at"]),
            "written_at": database.moment(row["written_at"]),
            "withdrawn_reason": row["withdrawn_reason"] or "",
            "withdrawn_at": database.moment(row["withdrawn_at"]) if row["withdrawn_at"] else None,
            "mine": mine,
        }
    )
