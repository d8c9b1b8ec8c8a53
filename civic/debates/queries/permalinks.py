"""Read one comment on its own page: what it answers, what stands beside it, and the replies to it."""

from __future__ import annotations

from dataclasses import dataclass

from civic.debates.models import PATH_DIGITS
from civic.debates.queries.orders import Order
from civic.debates.queries.reading import CommentPlace, ThreadCard, thread_by_id, visible_place
from civic.debates.queries.window import CommentView, ThreadWindow, views_of, walk, window
from civic.foundation import database
from civic.foundation.viewer import Viewer

ABOVE = 5
BEFORE, AFTER = 2, 3


@dataclass(frozen=True)
class Permalink:
    """One comment in its place: the first above it and the nearest, some beside it, the replies below."""

    thread: ThreadCard
    place: CommentPlace
    target: CommentView
    above: list[CommentView]
    left_out: int
    before: list[CommentView]
    after: list[CommentView]
    replies: ThreadWindow

    @property
    def hidden(self) -> list[int]:
        """The contributions whose place says why they are hidden."""
        shown = [*self.above, *self.before, self.target, *self.after, *walk(self.replies.comments)]
        return [one.contribution_id for one in shown if one.is_hidden]


_NEAR = """
SELECT id, path, ordinal, 1 AS is_beside FROM comment
WHERE thread_id = ? AND depth = ? AND ordinal >= ? AND ordinal <= ? AND parent_id = ?
UNION ALL
SELECT id, path, ordinal, 0 FROM comment WHERE thread_id = ? AND path IN (?, ?, ?, ?, ?, ?)
"""
_NEAR_ROOT = """
SELECT id, path, ordinal, 1 AS is_beside FROM comment
WHERE thread_id = ? AND depth = ? AND ordinal >= ? AND ordinal <= ?
"""


async def permalink(viewer: Viewer, public_id: str, *, after: str = "") -> Permalink:
    """Give a comment in its place; ``after`` is the cursor of its replies. Raises NotFound."""
    place = await visible_place(viewer, public_id)
    thread = await thread_by_id(place.thread_id)
    paths = _paths_above(place)
    near = await _near(place, paths)
    views = {one.id: one for one in await views_of([*near], viewer)}
    above = sorted((views[one] for one, beside in near.items() if not beside), key=lambda one: one.depth)
    beside = sorted((views[one] for one, is_beside in near.items() if is_beside), key=lambda one: one.ordinal)
    replies = await window(thread, viewer, order=Order.OLDEST, after=after, branch=place.id)
    return Permalink(
        thread=thread,
        place=place,
        target=views[place.id],
        above=above,
        left_out=place.depth - len(above),
        before=[one for one in beside if one.ordinal < place.ordinal],
        after=[one for one in beside if one.ordinal > place.ordinal],
        replies=replies,
    )


async def _near(place: CommentPlace, paths: list[str]) -> dict[int, bool]:
    """Find the places above and beside one, each with whether it stands beside."""
    first, last = place.ordinal - BEFORE, place.ordinal + AFTER
    if place.parent_id is None:
        found = await database.rows(_NEAR_ROOT, place.thread_id, place.depth, first, last)
    else:
        found = await database.rows(
            _NEAR, place.thread_id, place.depth, first, last, place.parent_id, place.thread_id, *paths
        )
    return {row["id"]: bool(row["is_beside"]) for row in found}


def _paths_above(place: CommentPlace) -> list[str]:
    """Give the path of the first place above and of the nearest ones, six in all."""
    levels = range(1, place.depth + 1)
    kept = sorted({1, *levels[-ABOVE:]} & set(levels))
    paths = [place.path[: level * PATH_DIGITS] for level in kept]
    return paths + [""] * (ABOVE + 1 - len(paths))
