"""Announce what happened to those who follow it; take back what was not read yet.

An act announces in its own transaction. A job then finds the followers, and from the moment the news is
due a regular round writes one message per follower: at once, or one digest of everything at local morning.
Each step is written with its mark in one transaction, so that a crash repeats nothing and loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import Message, counted
from civic.notices.content import packed
from civic.notices.models import NewsOwed, Pace

SPREAD = "notices.spread"
DIGEST = "follow.digest"
BATCH = 300
MORNING = time(7)
"""When digests are written, on the clock of the town."""

_KEEP = """
INSERT INTO news (public_id, about, once_key, told, data, happened_at, ready_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (once_key) DO NOTHING
RETURNING id
"""
_TOUCH = "INSERT INTO news_touch (news_id, subject, about, data) VALUES (?, ?, ?, ?)"
_FOLLOWED = "SELECT DISTINCT subject FROM follow WHERE subject IN ({marks})"
_NEWS = "SELECT about, told, ready_at, happened_at FROM news WHERE id = ? AND retracted_at IS NULL"
_FOLLOWS = """
SELECT f.id, f.pace, t.id AS touch, r.key, r.address
FROM news_touch t
JOIN follow f ON f.subject = t.subject
JOIN follower r ON r.id = f.follower_id
WHERE t.news_id = ? AND f.id > ? AND f.since <= ?
ORDER BY f.id LIMIT ?
"""
_TOLD = "SELECT recipient AS who FROM notice WHERE once_key IN ({marks})"
_TOLD_AT = "SELECT address AS who FROM notice WHERE about = ? AND once_key LIKE ? AND address IN ({marks})"
_RETRACT = "UPDATE news SET retracted_at = ? WHERE about = ? AND retracted_at IS NULL"
_TOUCHED = """
SELECT t.id FROM news_touch t JOIN news n ON n.id = t.news_id WHERE n.about = ?
UNION SELECT t.id FROM news_touch t WHERE t.about = ?
"""
_FORGET = "DELETE FROM news_owed WHERE notice_id IS NULL AND touch_id IN ({marks})"
_WRITTEN = """
SELECT DISTINCT n.id, n.kind, n.data FROM news_owed o JOIN notice n ON n.id = o.notice_id
WHERE o.touch_id IN ({marks}) AND n.retracted_at IS NULL
"""
_REWRITE = "UPDATE notice SET data = ? WHERE id = ?"
_EMPTY = "UPDATE notice SET retracted_at = ? WHERE id = ?"
_STAY = "UPDATE mail SET state = 'retracted' WHERE state = 'waiting' AND notice_id = ?"


@dataclass(frozen=True)
class Touch:
    """A thing that can be followed, what happened to it in one sentence, and where to read it.

    ``about`` is the key under which these words alone are taken back.
    """

    subject: str
    name: object
    words: object
    path: str
    about: str = ""


@dataclass(frozen=True)
class News:
    """Something that happened; ``told`` begins the once-keys of what people were told personally of it."""

    about: str
    once_key: str
    title: object
    touches: tuple[Touch, ...]
    told: str = ""


async def announce(news: News, *, hold: timedelta | None = None) -> None:
    """Owe a piece of news to all who follow what it touches, once per once-key."""
    if not database.in_transaction():
        raise RuntimeError("News is announced in the transaction of the act.")
    touches = await _followed(news.touches)
    if not touches:
        return
    now = clock.now()
    ready = now + (hold or timedelta())
    kept = await database.rows(
        _KEEP,
        ids.public_id(),
        news.about,
        news.once_key,
        news.told,
        json.dumps({"title": packed(news.title)}),
        now,
        ready,
    )
    if not kept:
        return
    for touch in touches:
        data = {"name": packed(touch.name), "words": packed(touch.words), "path": touch.path}
        await database.execute(_TOUCH, kept[0]["id"], touch.subject, touch.about, json.dumps(data))
    await queue.later(SPREAD, {"news": kept[0]["id"], "after": 0})


async def _followed(touches: Sequence[Touch]) -> list[Touch]:
    """Keep what somebody follows by now: who follows it later is not told what was before."""
    followed: set[str] = set()
    for start in range(0, len(touches), BATCH):
        subjects = [one.subject for one in touches[start : start + BATCH]]
        found = await database.rows(_FOLLOWED.format(marks=_marks(subjects)), *subjects)
        followed |= {row["subject"] for row in found}
    return [one for one in touches if one.subject in followed]


async def spread(owed: Mapping[str, Any]) -> None:
    """Owe a piece of news to so many of its followers, and the rest to the next job."""
    found = await database.rows(_NEWS, owed["news"])
    if not found:
        return
    news = found[0]
    happened, ready = database.moment(news["happened_at"]), database.moment(news["ready_at"])
    follows = await database.rows(_FOLLOWS, owed["news"], owed["after"], happened, BATCH)
    told = await _told(news, follows) if news["told"] and follows else frozenset()
    await NewsOwed.bulk_create(
        [
            NewsOwed(touch_id=row["touch"], follow_id=row["id"], due_at=due_at(Pace(row["pace"]), ready))
            for row in follows
            if row["key"] not in told and row["address"] not in told
        ],
        ignore_conflicts=True,
    )
    if len(follows) == BATCH:
        await queue.later(SPREAD, {**owed, "after": follows[-1]["id"]})


async def _told(news: Mapping[str, Any], follows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Name the followers who were told the same thing personally."""
    keys = [f"{news['told']}/{row['key']}" for row in follows]
    found = await database.rows(_TOLD.format(marks=_marks(keys)), *keys)
    addresses = [row["address"] for row in follows if row["address"]]
    if addresses:
        sql = _TOLD_AT.format(marks=_marks(addresses))
        found += await database.rows(sql, news["about"], f"{news['told']}/%", *addresses)
    return frozenset(row["who"] for row in found)


def due_at(pace: Pace, ready: datetime) -> datetime:
    """Tell from when a piece of news is due: at once, the next local morning, the next Monday's."""
    if pace is Pace.ONCE:
        return ready
    local = ready.astimezone(clock.zone())
    day = local.date() + timedelta(days=local.time() >= MORNING)
    if pace is Pace.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return datetime.combine(day, MORNING, clock.zone()).astimezone(ready.tzinfo)


async def take_back(about: str) -> None:
    """Take back the news about a thing: nobody is told it any more, and messages lose its lines."""
    await database.execute(_RETRACT, clock.now(), about)
    touched = [row["id"] for row in await database.rows(_TOUCHED, about, about)]
    for start in range(0, len(touched), BATCH):
        some = touched[start : start + BATCH]
        await database.execute(_FORGET.format(marks=_marks(some)), *some)
        for notice in await database.rows(_WRITTEN.format(marks=_marks(some)), *some):
            await _unsay(notice, frozenset(some))


async def _unsay(notice: Mapping[str, Any], touches: frozenset[int]) -> None:
    """Take the lines of some things out of a message; an empty one does not leave."""
    data = notice["data"]
    data = json.loads(data) if isinstance(data, str) else dict(data)
    data["items"] = [one for one in data.get("items", ()) if one.get("touch") not in touches]
    if notice["kind"] == DIGEST:
        data["title"] = packed(digest_title(len(data["items"])))
    await database.execute(_REWRITE, json.dumps(data), notice["id"])
    if not data["items"]:
        await database.execute(_EMPTY, clock.now(), notice["id"])
        await database.execute(_STAY, notice["id"])


def digest_title(count: int) -> Message:
    """Say how much a digest holds."""
    return counted("%(count)s piece of news", "%(count)s pieces of news", count)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)
