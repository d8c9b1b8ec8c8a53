"""The contact budget (SPEC 0.2): nobody is asked for more than one thing a month, whoever asks.

Checks, ratings and surveys pass through here; answers and deadlines do not. A request that the budget does
not allow yet is kept, and said when it does: by the room that wants it, all of one kind in one message. A
person is known by the keyed digest of their address, so that an account and a guest who share it are one.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from civic import settings
from civic.foundation import clock, database
from civic.notices.actions.telling import Recipient
from civic.notices.models import Request, RequestState
from civic.notices.queries import BUDGET

PER_ROUND = 50
SECONDS_PER_ROUND = 20

TOGETHER = {Request.CHECK: 20}
"""How many requests of a kind go in one message; one, of other kinds."""

_RANK = {kind: rank for rank, kind in enumerate(Request)}

_FIND = "SELECT id FROM contact WHERE person = ?"
_ADD = "INSERT INTO contact (person) VALUES (?) ON CONFLICT (person) DO NOTHING"
_WANT = """
INSERT INTO contact_request
    (contact_id, recipient, kind, rank, about, thing, state, wanted_at, ready_at, until, settled_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (about, recipient) DO NOTHING
"""
_HOLD = "UPDATE contact SET person = person WHERE id = ? RETURNING asked_at"
_PRESSING = """
SELECT id FROM contact_request
WHERE contact_id = ? AND state = 'waiting' AND rank < ? AND (until IS NULL OR until > ?) LIMIT 1
"""
_SPEND = "UPDATE contact SET asked_at = ? WHERE id = ?"
_WAITING = """
SELECT id, recipient, about FROM contact_request
WHERE contact_id = ? AND kind = ? AND state = 'waiting' AND (until IS NULL OR until > ?) ORDER BY id
LIMIT ?
"""
_GOES_ON = """
SELECT r.id, r.recipient, r.about FROM contact_request r
WHERE r.contact_id = ? AND r.kind = ? AND r.state = 'waiting' AND EXISTS (
    SELECT 1 FROM contact_request b WHERE b.contact_id = r.contact_id AND b.thing = r.thing
      AND b.state = 'said' AND b.settled_at > ?)
ORDER BY r.id LIMIT ?
"""
_SETTLE = "UPDATE contact_request SET state = ?, settled_at = ? WHERE id = ? AND state = 'waiting'"
_TOO_LATE = """
UPDATE contact_request SET state = 'dropped', settled_at = ?
WHERE state = 'waiting' AND kind = ? AND until <= ?
"""
_DUE = """
SELECT DISTINCT r.contact_id FROM contact_request r JOIN contact c ON c.id = r.contact_id
WHERE r.state = 'waiting' AND r.kind = ? AND r.ready_at <= ? AND r.contact_id > ?
  AND (c.asked_at IS NULL OR c.asked_at <= ?
       OR EXISTS (SELECT 1 FROM contact_request b WHERE b.contact_id = r.contact_id AND b.thing = r.thing
                  AND b.state = 'said' AND b.settled_at > ?))
ORDER BY r.contact_id LIMIT ?
"""
_RENAME = "UPDATE contact SET person = ? WHERE id = ?"
_TAKE_OVER = "UPDATE contact_request SET contact_id = ? WHERE contact_id = ?"
_NEWER = """
UPDATE contact SET asked_at = (SELECT max(asked_at) FROM contact WHERE id IN (?, ?)) WHERE id = ?
"""
_FORGET_REQUESTS = "DELETE FROM contact_request WHERE contact_id = ?"
_FORGET = "DELETE FROM contact WHERE id = ?"


@dataclass(frozen=True)
class Wish:
    """What somebody is to be asked: the stable key of the request, and until when it makes sense."""

    to: Recipient
    about: str
    until: datetime | None = None
    thing: str = ""
    """What it goes on about: asked once, it may be asked on, as the check of a text that was cut again."""


@dataclass(frozen=True)
class Kept:
    """A request that was kept, handed to the room that says it."""

    id: int
    recipient: str
    about: str


Say = Callable[[Sequence[Kept]], Awaitable[Collection[str]]]
"""Says all requests of one kind to one person in one message; gives the keys of what was really said."""


async def ask(kind: Request, wishes: Sequence[Wish], say: Say) -> None:
    """Ask people for something, after the hold or when their budget allows; each person once a thing."""
    _demand_transaction()
    now = clock.now()
    ready = now + clock.hold()
    known = await _known(wishes)
    for contact, wish in known:
        row = (contact, wish.to.key, kind, _RANK[kind], wish.about, wish.thing or wish.about)
        await database.execute(_WANT, *row, RequestState.WAITING, now, ready, wish.until, None)
    if ready <= now:
        for contact in sorted({contact for contact, _ in known}):
            await _say(contact, kind, say)


async def ask_along(kind: Request, about: str, people: Mapping[str, Recipient]) -> frozenset[str]:
    """Name those of some people who may be asked for something in news that reaches them anyway.

    Their budget is spent; the others hear the news without the question.
    """
    _demand_transaction()
    now, asked = clock.now(), set()
    by_name = [(name, Wish(to, about)) for name, to in people.items()]
    known = await _known([wish for _, wish in by_name])
    for (contact, wish), (name, _) in sorted(zip(known, by_name, strict=True), key=lambda one: one[0][0]):
        if await _is_free(contact, kind, now):
            await database.execute(_SPEND, now, contact)
            row = (contact, wish.to.key, kind, _RANK[kind], about, about, RequestState.SAID)
            await database.execute(_WANT, *row, now, now, None, now)
            asked.add(name)
    return frozenset(asked)


async def ask_waiting(kind: Request, say: Say) -> int:
    """Say the kept requests of a kind whose time has come; tell how many people were asked."""
    now, asked, last = clock.now(), 0, 0
    await database.execute(_TOO_LATE, now, kind, now)
    began = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < SECONDS_PER_ROUND:
        found = await database.rows(_DUE, kind, now, last, now - BUDGET, now - BUDGET, PER_ROUND)
        for row in found:
            last = row["contact_id"]
            async with database.transaction():
                asked += await _say(last, kind, say)
        if len(found) < PER_ROUND:
            break
    return asked


async def _say(contact: int, kind: Request, say: Say) -> bool:
    """Say what waits for one person, and spend their budget: two workers never both do.

    Without budget only what goes on about a thing they were asked this month is said.
    """
    now, most = clock.now(), TOGETHER.get(kind, 1)
    if is_free := await _is_free(contact, kind, now):
        rows = await database.rows(_WAITING, contact, kind, now, most)
    else:
        rows = await database.rows(_GOES_ON, contact, kind, now - BUDGET, most)
    kept = [Kept(**row) for row in rows]
    said = await say(kept) if kept else ()
    for one in kept:
        state = RequestState.SAID if one.about in said else RequestState.DROPPED
        await database.execute(_SETTLE, state, now, one.id)
    if said and is_free:
        await database.execute(_SPEND, now, contact)
    return bool(said)


async def _is_free(contact: int, kind: Request, now: datetime) -> bool:
    """Hold a person's row and tell whether they may be asked: nothing more pressing waits for them."""
    held = await database.rows(_HOLD, contact)
    last = held[0]["asked_at"] if held else now
    if last is not None and database.moment(last) > now - BUDGET:
        return False
    return not await database.rows(_PRESSING, contact, _RANK[kind], now)


async def _known(wishes: Iterable[Wish]) -> list[tuple[int, Wish]]:
    """Find each person's row, or begin it."""
    return [(await _contact(wish.to), wish) for wish in wishes]


async def _contact(to: Recipient) -> int:
    found = await _find(to)
    if found is None:
        await database.execute(_ADD, person_of(to))
        found = await _find(to)
    if found is None:
        raise LookupError("A contact that was just begun is gone.")
    return found


async def _find(to: Recipient) -> int | None:
    for key in settings.current().secret_keys:
        if found := await database.rows(_FIND, person_of(to, key)):
            return int(found[0]["id"])
    return None


def person_of(to: Recipient, secret: str | None = None) -> str:
    """Name a person by the keyed digest of their address, or of their key where they have none."""
    plain = (to.address or to.key).strip().lower()
    secret = settings.current().secret_key if secret is None else secret
    return hmac.digest(secret.encode(), b"contact\0" + plain.encode("utf-8", "replace"), "sha256").hex()


async def move_contact(old: Recipient, new: Recipient) -> None:
    """Let what was spent at one address count at the one that takes its place."""
    _demand_transaction()
    left, taken = await _find(old), await _find(new)
    if left is None or left == taken:
        return
    if taken is None:
        await database.execute(_RENAME, person_of(new), left)
        return
    await database.execute(_TAKE_OVER, taken, left)
    await database.execute(_NEWER, left, taken, taken)
    await database.execute(_FORGET, left)


async def forget_contact(to: Recipient) -> None:
    """Forget what somebody was asked for."""
    _demand_transaction()
    contact = await _find(to)
    if contact is not None:
        await database.execute(_FORGET_REQUESTS, contact)
        await database.execute(_FORGET, contact)


def _demand_transaction() -> None:
    if not database.in_transaction():
        raise RuntimeError("A request is written in the transaction of the act.")
