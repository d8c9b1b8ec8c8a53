"""Follow a thing, change how often, stop; and write what followers are owed."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound, counted
from civic.foundation.viewer import Viewer
from civic.notices.actions.announcing import DIGEST, digest_title, due_at
from civic.notices.actions.telling import Recipient, notify
from civic.notices.models import Pace
from civic.notices.queries import key_of

MOST_LINES = 40
FOLLOWERS_PER_ROUND = 200
SECONDS_PER_ROUND = 30
ONE = "follow.news"

ADDRESS_BOOKS: list[Callable[[str], Awaitable[Recipient | None]]] = []
"""Where the accounts tell how a participant is written to today (registered by the front door)."""

_FOLLOWER = """
INSERT INTO follower (public_id, key, address, language, created_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET language = excluded.language
RETURNING id
"""
_BY_ADDRESS = "SELECT key FROM follower WHERE address = ?"
_FOLLOW = """
INSERT INTO follow (public_id, follower_id, subject, pace, since) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (follower_id, subject) DO UPDATE SET pace = excluded.pace
RETURNING id
"""
_OWN = """
SELECT f.id FROM follow f JOIN follower r ON r.id = f.follower_id WHERE f.public_id = ? AND r.key = ?
"""
_PACE = "UPDATE follow SET pace = ? WHERE id = ?"
_WAITING = """
SELECT o.id, n.ready_at FROM news_owed o
JOIN news_touch t ON t.id = o.touch_id JOIN news n ON n.id = t.news_id
WHERE o.follow_id = ? AND o.notice_id IS NULL
"""
_POSTPONE = "UPDATE news_owed SET due_at = ? WHERE id = ?"
_UNSENT = """
UPDATE mail SET state = 'retracted' WHERE state = 'waiting' AND notice_id IN (
  SELECT o.notice_id FROM news_owed o WHERE o.follow_id = ? AND NOT EXISTS (
    SELECT 1 FROM news_owed x WHERE x.notice_id = o.notice_id AND x.follow_id <> o.follow_id))
"""
_OWED_GONE = "DELETE FROM news_owed WHERE follow_id = ?"
_FOLLOW_GONE = "DELETE FROM follow WHERE id = ?"
_FOLLOWER_GONE = """
DELETE FROM follower
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.follower_id = follower.id)
"""
_MINE = "SELECT id, public_id, subject, pace, since FROM follow WHERE follower_id = ?"
_BY_KEY = "SELECT id, key FROM follower WHERE key = ?"
_DUE = """
SELECT DISTINCT f.follower_id FROM news_owed o JOIN follow f ON f.id = o.follow_id
WHERE o.notice_id IS NULL AND o.due_at <= ? LIMIT ?
"""
_HOLD = "UPDATE follower SET language = language WHERE id = ? RETURNING public_id, key, address, language"
_OWED = """
SELECT o.id, o.follow_id, o.touch_id, f.public_id AS follow, f.pace, t.news_id, t.data AS touch,
       n.data, n.about, n.public_id AS news
FROM news_owed o
JOIN follow f ON f.id = o.follow_id
JOIN news_touch t ON t.id = o.touch_id
JOIN news n ON n.id = t.news_id
WHERE f.follower_id = ? AND o.notice_id IS NULL AND o.due_at <= ?
ORDER BY n.happened_at, n.id, t.id
"""
_WRITTEN = "SELECT id FROM notice WHERE once_key = ?"
_SETTLE = "UPDATE news_owed SET notice_id = ? WHERE id = ?"
_DROP = "DELETE FROM news_owed WHERE id = ?"
_RESUME = "DELETE FROM mail_stop WHERE address = ? AND \"group\" = 'follows'"


async def follow(to: Recipient, subject: str, pace: Pace) -> None:
    """Let somebody follow a thing from now on; twice changes how often, and nothing else.

    ``to`` is an account, or the confirmed address of somebody without one, whose key is then made here.
    """
    if not database.in_transaction():
        raise RuntimeError("A follow is written in the transaction of the act.")
    now, key, address = clock.now(), to.key, None
    if not key:
        address = to.address
        known = await database.rows(_BY_ADDRESS, address)
        key = known[0]["key"] if known else f"mail/{ids.public_id()}"
        await database.execute(_RESUME, address)
    (row,) = await database.rows(_FOLLOWER, ids.public_id(), key, address, to.language, now)
    (kept,) = await database.rows(_FOLLOW, ids.public_id(), row["id"], subject, pace.value, now)
    await _reschedule(kept["id"], pace)


async def change_pace(viewer: Viewer, follow_id: str, pace: Pace) -> None:
    """Have the news of a followed thing at once, daily or weekly; what waits moves along. Raises NotFound."""
    async with database.transaction():
        found = await _own(viewer, follow_id)
        await database.execute(_PACE, pace.value, found)
        await _reschedule(found, pace)


async def _reschedule(follow_id: int, pace: Pace) -> None:
    for row in await database.rows(_WAITING, follow_id):
        ready = max(database.moment(row["ready_at"]), clock.now())
        await database.execute(_POSTPONE, due_at(pace, ready), row["id"])


async def stop_following(viewer: Viewer, follow_id: str) -> None:
    """End one of one's own follows. Raises NotFound."""
    async with database.transaction():
        await _end(await _own(viewer, follow_id))


async def _own(viewer: Viewer, follow_id: str) -> int:
    found = await database.rows(_OWN, follow_id, key_of(viewer)) if viewer.is_signed_in else []
    if not found:
        raise NotFound
    return int(found[0]["id"])


async def _end(follow_id: int) -> None:
    """End a follow; a message about nothing else that did not leave yet stays here."""
    await database.execute(_UNSENT, follow_id)
    await database.execute(_OWED_GONE, follow_id)
    await database.execute(_FOLLOW_GONE, follow_id)


async def end_follows(recipient: str, kind: str, data: Mapping[str, Any]) -> None:
    """End what a message was about, as its stop link asks: its one thing, or every digest.

    An address that follows nothing any more is forgotten.
    """
    for follower in await database.rows(_BY_KEY, recipient):
        for row in await database.rows(_MINE, follower["id"]):
            in_digest = kind == DIGEST and row["pace"] != Pace.ONCE
            if in_digest or row["public_id"] in data.get("follows", ()):
                await _end(row["id"])
        await database.execute(_FOLLOWER_GONE, follower["id"])


async def adopt(key: str, address: str, language: str) -> None:
    """Give an account what its confirmed address followed before; what it follows itself stays as it is."""
    for old in await database.rows("SELECT id FROM follower WHERE address = ?", address):
        (new,) = await database.rows(_FOLLOWER, ids.public_id(), key, None, language, clock.now())
        own = {row["subject"] for row in await database.rows(_MINE, new["id"])}
        for row in await database.rows(_MINE, old["id"]):
            if row["subject"] in own:
                await _end(row["id"])
            else:
                sql = "UPDATE follow SET follower_id = ? WHERE id = ?"
                await database.execute(sql, new["id"], row["id"])
        await database.execute(_FOLLOWER_GONE, old["id"])


async def forget_follower(key: str) -> None:
    """Forget all that somebody follows."""
    for follower in await database.rows(_BY_KEY, key):
        for row in await database.rows(_MINE, follower["id"]):
            await _end(row["id"])
        await database.execute(_FOLLOWER_GONE, follower["id"])


async def write_due() -> int:
    """Write the messages that are due to followers; tell how many people were written to."""
    written, began = 0, asyncio.get_running_loop().time()
    while found := await database.rows(_DUE, clock.now(), FOLLOWERS_PER_ROUND):
        for row in found:
            async with database.transaction():
                await _write(row["follower_id"])
        written += len(found)
        if asyncio.get_running_loop().time() - began > SECONDS_PER_ROUND:
            break
    return written


async def _write(follower_id: int) -> None:
    """Write what one follower is owed: each piece of news that goes at once, and one digest of the rest."""
    held = await database.rows(_HOLD, follower_id)
    to = await _recipient(held[0]) if held else None
    owed = await database.rows(_OWED, follower_id, clock.now())
    if to is None:
        for row in owed:
            await database.execute(_DROP, row["id"])
        return
    at_once: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in owed:
        if row["pace"] == Pace.ONCE:
            at_once[row["news_id"]].append(row)
    for rows in at_once.values():
        await _send(
            to, ONE, rows, rows[0]["about"], f"follow/{rows[0]['news']}/{to.key}", _of(rows[0], "data")
        )
    digest = [row for row in owed if row["pace"] != Pace.ONCE]
    if digest:
        # The last line names the digest: written twice after a crash, it is kept once.
        once_key = f"follow.digest/{digest[-1]['id']}/{to.key}"
        title = {"title": digest_title(len(digest))}
        await _send(to, DIGEST, digest, f"digest/{held[0]['public_id']}", once_key, title)


async def _send(
    to: Recipient,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    about: str,
    once_key: str,
    title: Mapping[str, object],
) -> None:
    shown = rows[:MOST_LINES]
    items = [_line(row) for row in shown]
    names = _names(items)
    if left := len(rows) - len(shown):
        more = counted("and %(count)s more, on their pages", "and %(count)s more, on their pages", left)
        items.append({"label": "", "text": more, "path": "", "touch": 0})
    await notify(
        to,
        kind,
        about=about,
        data={
            **title,
            "path": items[0]["path"] if kind == ONE else "/following",
            "items": items,
            "names": names,
            "follows": sorted({row["follow"] for row in rows}) if kind == ONE else [],
        },
        once_key=once_key,
    )
    (notice,) = await database.rows(_WRITTEN, once_key)
    for row in rows:
        await database.execute(_SETTLE, notice["id"], row["id"])


def _line(row: Mapping[str, Any]) -> dict[str, object]:
    touch = _of(row, "touch")
    return {"label": touch["name"], "text": touch["words"], "path": touch["path"], "touch": row["touch_id"]}


def _names(items: Sequence[Mapping[str, object]]) -> list[object]:
    """Name each followed thing once."""
    seen: list[object] = []
    for one in items:
        if one["label"] not in seen:
            seen.append(one["label"])
    return seen


async def _recipient(row: Mapping[str, Any]) -> Recipient | None:
    if row["address"]:
        return Recipient(row["key"], row["address"], row["language"])
    for book in ADDRESS_BOOKS:
        if found := await book(row["key"]):
            return found
    return None


def _of(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = row[name]
    return json.loads(value) if isinstance(value, str) else dict(value)
