"""In what order a debate is read, and where the next page begins.

The balanced order lets the sides alternate. Within a side, the order was drawn by lot once; each day it
begins at another place, the same for everybody, so that nobody stays first. A page reads one index per
side and costs the same at any length.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic.contributions.models import Relation
from civic.debates.models import Stance
from civic.debates.queries.reading import ThreadCard
from civic.foundation import clock, database

LAST = 2**31 - 1
"""Above every ordinal and every lot."""


class Order(StrEnum):
    """The orders a reader may choose; none counts marks or endorsements."""

    BALANCED = "balanced"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after a number, or after a lot of each side on the day reading began."""

    shown: int = 0
    number: int | None = None
    day: int = 0
    sides: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(cls, written: str, order: Order) -> Cursor:
        """Read a cursor from an address; what cannot be read begins at the beginning."""
        if match := re.fullmatch(r"n(\d{1,7})\.(\d{1,15})", written):
            return cls(int(match[1]), int(match[2]))
        if order is Order.BALANCED and (
            match := re.fullmatch(r"b(\d{1,7})\.(\d{1,7})((?:\.[01]-\d{1,10}){3})", written)
        ):
            sides = [map(int, one.split("-")) for one in match[3].split(".")[1:]]
            return cls(
                int(match[1]), None, int(match[2]), tuple((turn, min(lot, LAST)) for turn, lot in sides)
            )
        return cls()


@dataclass(frozen=True)
class Chosen:
    """The places of one page, in order, and the cursor of the next one."""

    ids: list[int]
    next: str | None


_OLDEST = """
SELECT id, ordinal AS number FROM comment WHERE thread_id = ? AND depth = 0 AND ordinal > ?
ORDER BY ordinal LIMIT ?
"""
_NEWEST = """
SELECT id, ordinal AS number FROM comment WHERE thread_id = ? AND depth = 0 AND ordinal < ?
ORDER BY ordinal DESC LIMIT ?
"""
_BRANCH = """
SELECT id, ordinal AS number FROM comment WHERE parent_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?
"""
_OF_RELATION = """
SELECT m.id, m.id AS number FROM comment m JOIN contribution c ON c.id = m.contribution_id
WHERE m.thread_id = ? AND c.visibility = 'public' AND m.relation = ? AND
"""
_OF_OTHERS = """
SELECT m.id, m.id AS number FROM comment m JOIN contribution c ON c.id = m.contribution_id
WHERE m.thread_id = ? AND c.visibility = 'public'
  AND (m.relation IS NULL OR m.relation IN ('nuances', 'alternative', 'experience', 'answers')) AND
"""
_UPWARD = " m.id > ? ORDER BY m.id LIMIT ?"
_DOWNWARD = " m.id < ? ORDER BY m.id DESC LIMIT ?"
_SIDE = """
SELECT * FROM (SELECT id, stance, 0 AS turn, lot FROM comment
               WHERE thread_id = ? AND depth = 0 AND stance = ? AND lot > ? ORDER BY lot LIMIT ?) AS {0}a
UNION ALL
SELECT * FROM (SELECT id, stance, 1 AS turn, lot FROM comment
               WHERE thread_id = ? AND depth = 0 AND stance = ? AND lot > ? AND lot < ?
               ORDER BY lot LIMIT ?) AS {0}b
"""
_BALANCED = " UNION ALL ".join(_SIDE.format(side) for side in ("f", "g", "h"))
_LAST_ID = 2**62


async def first_level(
    thread: ThreadCard, order: Order, cursor: Cursor, *, relation: str, branch: int | None, limit: int
) -> Chosen:
    """Choose the places of the first level of one page."""
    if branch is not None:
        return await _numbered(_BRANCH, branch, cursor, 0, limit)
    if relation:
        return await _related(thread, order, cursor, relation, limit)
    if order is Order.OLDEST:
        return await _numbered(_OLDEST, thread.id, cursor, 0, limit)
    if order is Order.NEWEST:
        return await _numbered(_NEWEST, thread.id, cursor, LAST, limit)
    return await _alternating(thread, cursor, limit)


async def _numbered(sql: str, key: int, cursor: Cursor, start: int, limit: int) -> Chosen:
    begin = start if cursor.number is None else min(cursor.number, LAST)
    return _page(await database.rows(sql, key, begin, limit + 1), cursor, limit)


async def _related(thread: ThreadCard, order: Order, cursor: Cursor, relation: str, limit: int) -> Chosen:
    upward = order is Order.OLDEST
    begin = (0 if upward else _LAST_ID) if cursor.number is None else cursor.number
    tail = _UPWARD if upward else _DOWNWARD
    if relation in set(Relation):
        found = await database.rows(_OF_RELATION + tail, thread.id, relation, begin, limit + 1)
    else:
        found = await database.rows(_OF_OTHERS + tail, thread.id, begin, limit + 1)
    return _page(found, cursor, limit)


def _page(found: Sequence[dict[str, Any]], cursor: Cursor, limit: int) -> Chosen:
    ids = [row["id"] for row in found[:limit]]
    if len(found) <= limit:
        return Chosen(ids, None)
    return Chosen(ids, f"n{cursor.shown + limit}.{found[limit - 1]['number']}")


async def _alternating(thread: ThreadCard, cursor: Cursor, limit: int) -> Chosen:
    day = cursor.day or clock.local_day(clock.now()).toordinal()
    start = _start(thread, day)
    sides = _turned(day)
    at = cursor.sides or ((0, start - 1),) * 3
    params: list[object] = []
    for stance, (turn, lot) in zip(sides, at, strict=True):
        params += [thread.id, stance.value, lot if turn == 0 else LAST, limit + 1]
        params += [thread.id, stance.value, lot if turn == 1 else -1, start, limit + 1]
    found = await database.rows(_BALANCED, *params)
    taken, rest = _deal(found, sides, limit)
    if not rest:
        return Chosen([row["id"] for row in taken], None)
    after = list(at)
    for row in taken:
        after[sides.index(Stance(row["stance"]))] = (row["turn"], row["lot"])
    written = "".join(f".{turn}-{lot}" for turn, lot in after)
    return Chosen([row["id"] for row in taken], f"b{cursor.shown + len(taken)}.{day}{written}")


def _deal(
    found: Sequence[dict[str, Any]], sides: Sequence[Stance], limit: int
) -> tuple[list[dict[str, Any]], bool]:
    """Let the sides alternate until the page is full; tell whether any place is left."""
    hands = {
        side: sorted(
            (row for row in found if row["stance"] == side), key=lambda row: (row["turn"], row["lot"])
        )
        for side in sides
    }
    dealt: list[dict[str, Any]] = []
    while len(dealt) < limit and any(hands.values()):
        dealt += [hands[side].pop(0) for side in sides if hands[side]]
    return dealt[:limit], len(dealt) > limit or any(hands.values())


def _start(thread: ThreadCard, day: int) -> int:
    """Draw where the order of a thread begins on a day, the same for everybody."""
    drawn = hashlib.sha256(f"{thread.public_id}/{day}".encode()).digest()
    return 1 + int.from_bytes(drawn[:4], "big") % (LAST - 1)


def _turned(day: int) -> tuple[Stance, ...]:
    """Let another side speak first each day."""
    sides = tuple(Stance)
    return sides[day % 3 :] + sides[: day % 3]
