"""Lists of proposals: searched, filtered, in an order that favours nobody unless the reader chooses."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from civic.foundation import clock, database, search
from civic.foundation.viewer import Viewer
from civic.processes.queries import ProcessPage
from civic.proposals.queries.reading import CARD, ProposalCard, proposal_card

PAGE = 20
LAST = 2**31 - 1
_LAST_ID = 2**62


class Sort(StrEnum):
    """The orders a reader may choose; none counts endorsements."""

    DRAWN = "drawn"
    NEWEST = "newest"
    OLDEST = "oldest"
    DISCUSSED = "discussed"


@dataclass(frozen=True)
class Filters:
    """What a reader asked to see; empty asks for all."""

    q: str = ""
    issue_id: int | None = None
    capacity: str = ""
    only: tuple[int, ...] | None = None
    but: tuple[int, ...] = ()
    sort: Sort = Sort.DRAWN


@dataclass(frozen=True)
class ProposalList:
    """One page of a list, how many there are in all, and the cursor of the next page."""

    proposals: list[ProposalCard]
    total: int
    shown: int
    next: str | None


@dataclass(frozen=True)
class _Cursor:
    shown: int = 0
    day: int = 0
    turn: int = 0
    key: int | None = None
    id: int = 0


_COUNT = """
SELECT count(*) AS total FROM proposal o JOIN contribution c ON c.id = o.contribution_id
WHERE o.process_id = ? AND c.visibility = 'public'
"""
_LIST = CARD + "WHERE o.process_id = ? AND c.visibility = 'public'"
_ORDERS = {
    Sort.NEWEST: (" AND o.id < ?", " ORDER BY o.id DESC LIMIT ?"),
    Sort.OLDEST: (" AND o.id > ?", " ORDER BY o.id LIMIT ?"),
    Sort.DISCUSSED: (
        " AND (t.comment_count < ? OR (t.comment_count = ? AND o.id < ?))",
        " ORDER BY t.comment_count DESC, o.id DESC LIMIT ?",
    ),
}
_FIRST_TURN = " AND (o.lot > ? OR (o.lot = ? AND o.id > ?)) AND o.lot >= ? ORDER BY o.lot, o.id LIMIT ?"
_SECOND_TURN = " AND (o.lot > ? OR (o.lot = ? AND o.id > ?)) AND o.lot < ? ORDER BY o.lot, o.id LIMIT ?"


async def listing(
    viewer: Viewer,
    process: ProcessPage,
    filters: Filters | None = None,
    cursor: str = "",
    *,
    limit: int = PAGE,
) -> ProposalList:
    """Give one page of the public proposals of a process already obtained."""
    chosen = filters or Filters()
    where, params = await _asked(process, chosen)
    if where is None:
        return ProposalList([], 0, 0, None)
    (counted,) = await database.rows(_COUNT + where, process.id, *params)
    at = _read(cursor)
    found, turns = await _found(process, chosen.sort, at, where, params, limit + 1)
    cards = [proposal_card(viewer, row) for row in found[:limit]]
    following = None
    if len(found) > limit:
        following = _written(
            chosen.sort, at, cards[-1], found[limit - 1]["lot"], turns[limit - 1], len(cards)
        )
    return ProposalList(cards, int(counted["total"]), at.shown + len(cards), following)


async def _asked(process: ProcessPage, chosen: Filters) -> tuple[str | None, list[object]]:
    """Put what was asked in SQL; None when nothing can be found."""
    where, params = "", list[object]()
    if chosen.issue_id is not None:
        where += " AND o.issue_id = ?"
        params.append(chosen.issue_id)
    if chosen.capacity:
        where += " AND c.capacity = ?"
        params.append(chosen.capacity)
    if chosen.only is not None:
        where += f" AND o.contribution_id IN ({', '.join('?' * len(chosen.only)) or 'NULL'})"
        params += chosen.only
    if chosen.but:
        where += f" AND o.contribution_id NOT IN ({', '.join('?' * len(chosen.but))})"
        params += chosen.but
    if chosen.q:
        keys = await search.keys(chosen.q, kinds={"proposal"}, process=process.public_id)
        if not keys:
            return None, []
        where += f" AND o.public_id IN ({', '.join('?' * len(keys))})"
        params += [key.partition("/")[2] for key in keys]
    return where, params


async def _found(
    process: ProcessPage, sort: Sort, at: _Cursor, where: str, params: list[object], limit: int
) -> tuple[list[dict[str, object]], list[int]]:
    if sort is Sort.DRAWN:
        return await _drawn(process, at, where, params, limit)
    beyond, order = _ORDERS[sort]
    if sort is Sort.DISCUSSED:
        count = LAST if at.key is None else at.key
        limits: list[object] = [count, count, at.id]
    else:
        limits = [at.id or (_LAST_ID if sort is Sort.NEWEST else 0)]
    found = await database.rows(_LIST + where + beyond + order, process.id, *params, *limits, limit)
    return found, [0] * len(found)


async def _drawn(
    process: ProcessPage, at: _Cursor, where: str, params: list[object], limit: int
) -> tuple[list[dict[str, object]], list[int]]:
    """Read the lots from the day's beginning to the end, then from zero to the day's beginning."""
    start = _start(process, at.day or _today())
    lot = start - 1 if at.key is None else at.key
    first, second = (lot, at.id) if at.turn == 0 else (LAST, 0), (lot, at.id) if at.turn else (-1, 0)
    found = await database.rows(
        _LIST + where + _FIRST_TURN, process.id, *params, first[0], first[0], first[1], start, limit
    )
    turns = [0] * len(found)
    more = await database.rows(
        _LIST + where + _SECOND_TURN, process.id, *params, second[0], second[0], second[1], start, limit
    )
    return [*found, *more], [*turns, *([1] * len(more))]


def _read(written: str) -> _Cursor:
    """Read a cursor from an address; what cannot be read begins at the beginning."""
    match = re.fullmatch(r"(\d{1,7})\.(\d{1,7})\.([01])\.(\d{1,10})\.(\d{1,15})", written)
    if match is None:
        return _Cursor()
    shown, day, turn, key, last = map(int, match.groups())
    return _Cursor(shown, day, turn, min(key, LAST), last)


def _written(sort: Sort, at: _Cursor, last: ProposalCard, lot: object, turn: int, count: int) -> str:
    key = last.comment_count if sort is Sort.DISCUSSED else lot
    return f"{at.shown + count}.{at.day or _today()}.{turn}.{key}.{last.id}"


def _today() -> int:
    return clock.local_day(clock.now()).toordinal()


def _start(process: ProcessPage, day: int) -> int:
    """Draw where the order of a process begins on a day, the same for everybody."""
    drawn = hashlib.sha256(f"{process.public_id}/{day}".encode()).digest()
    return 1 + int.from_bytes(drawn[:4], "big") % (LAST - 1)
