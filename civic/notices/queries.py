"""Read a person's notices: only those released, not retracted, and their own."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.notices.content import Letter, letter
from civic.notices.kinds import ALWAYS, GROUPS
from civic.notices.models import Pace, RequestState

PAGE = 20
BUDGET = timedelta(days=30)
"""Somebody who was asked for something is asked for nothing else so long."""

_LIST = """
SELECT id, public_id, kind, data, release_at, read_at FROM notice
WHERE recipient = ? AND in_app AND retracted_at IS NULL AND release_at <= ?
  AND (release_at < ? OR (release_at = ? AND id < ?))
ORDER BY release_at DESC, id DESC LIMIT ?
"""
_UNREAD = """
SELECT count(*) AS many FROM (
  SELECT 1 FROM notice
  WHERE recipient = ? AND in_app AND read_at IS NULL AND retracted_at IS NULL AND release_at <= ?
  LIMIT 100) AS waiting
"""
_ONE = """
SELECT data FROM notice
WHERE public_id = ? AND recipient = ? AND in_app AND retracted_at IS NULL AND release_at <= ?
"""
_STOPPED = 'SELECT "group" FROM mail_stop WHERE address = ?'
_FOLLOWS = """
SELECT f.public_id, f.subject, f.pace, f.since FROM follow f JOIN follower r ON r.id = f.follower_id
WHERE r.key = ? ORDER BY f.since DESC, f.id DESC LIMIT 500
"""
_FOLLOW = """
SELECT f.public_id, f.subject, f.pace, f.since FROM follow f JOIN follower r ON r.id = f.follower_id
WHERE r.key = ? AND f.subject = ?
"""
_ASKED = """
SELECT r.state, r.ready_at, r.until, r.settled_at, c.asked_at FROM contact_request r
JOIN contact c ON c.id = r.contact_id WHERE r.about = ? ORDER BY r.id DESC LIMIT 1
"""
_DELIVERY = """
SELECT m.state, count(*) AS many FROM mail m JOIN notice n ON n.id = m.notice_id
WHERE n.about = ? GROUP BY m.state
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NoticeCard:
    """One line of a person's list, in their language."""

    public_id: str
    letter: Letter
    at: datetime
    is_unread: bool


@dataclass(frozen=True)
class NoticeList:
    """One page of a person's notices, the newest first; `after` is where the next page starts."""

    cards: tuple[NoticeCard, ...]
    after: str | None


@dataclass(frozen=True)
class FollowCard:
    """One thing a person follows, by its key, and how often they want its news."""

    public_id: str
    subject: str
    pace: Pace
    since: datetime


def key_of(viewer: Viewer) -> str:
    """Give the key under which a person's notices are kept."""
    return f"participant/{viewer.public_id}"


async def notices_of(viewer: Viewer, language: str, *, after: str = "") -> NoticeList:
    """Give a page of one's notices."""
    if not viewer.is_signed_in:
        return NoticeList((), None)
    before, last = _cursor(after)
    params = (key_of(viewer), clock.now(), before, before, last, PAGE + 1)
    found = await database.rows(_LIST, *params)
    shown = found[:PAGE]
    more = _place(shown[-1]) if len(found) > PAGE else None
    return NoticeList(tuple(_card(row, language) for row in shown), more)


async def unread_count(viewer: Viewer) -> int:
    """Count what waits in one's list, up to a hundred."""
    if not viewer.is_signed_in:
        return 0
    return int((await database.rows(_UNREAD, key_of(viewer), clock.now()))[0]["many"])


async def visible_notice(viewer: Viewer, public_id: str) -> str:
    """Give the address of the button of one's own notice. Raises NotFound."""
    found = await database.rows(_ONE, public_id, key_of(viewer), clock.now()) if viewer.is_signed_in else []
    if not found:
        raise NotFound
    return str(_data(found[0]).get("path") or "/")


async def stopped_groups(address: str) -> frozenset[str]:
    """Give the groups an address no longer wants by mail."""
    return frozenset(row["group"] for row in await database.rows(_STOPPED, address))


async def follows_of(viewer: Viewer) -> tuple[FollowCard, ...]:
    """Give what one follows, the newest first."""
    if not viewer.is_signed_in:
        return ()
    return tuple(_follow(row) for row in await database.rows(_FOLLOWS, key_of(viewer)))


async def follow_on(viewer: Viewer, subject: str) -> FollowCard | None:
    """Tell whether, and how, one follows a thing."""
    if not viewer.is_signed_in:
        return None
    found = await database.rows(_FOLLOW, key_of(viewer), subject)
    return _follow(found[0]) if found else None


async def when_asked(about: str) -> datetime | None:
    """Tell on what day at the earliest the contact budget lets somebody be asked; None when nothing waits."""
    found = await database.rows(_ASKED, about)
    if not found or found[0]["state"] != RequestState.WAITING:
        return None
    last = found[0]["asked_at"]
    free = database.moment(last) + BUDGET if last else clock.now()
    return max(clock.now(), free, database.moment(found[0]["ready_at"]))


async def delivery_of(about: str) -> dict[str, int]:
    """Count the mails about a thing by what became of them: waiting, sent, failed, retracted."""
    return {row["state"]: int(row["many"]) for row in await database.rows(_DELIVERY, about)}


def _follow(row: dict[str, Any]) -> FollowCard:
    since = database.moment(row["since"])
    return FollowCard(row["public_id"], row["subject"], Pace(row["pace"]), since)


def groups() -> dict[str, str]:
    """Give the groups of mail a person may stop, with their names (msgids)."""
    return {group: name for group, name in GROUPS.items() if group != ALWAYS}


def _card(row: dict[str, Any], language: str) -> NoticeCard:
    return NoticeCard(
        public_id=row["public_id"],
        letter=letter(row["kind"], _data(row), language),
        at=database.moment(row["release_at"]),
        is_unread=row["read_at"] is None,
    )


def _data(row: dict[str, Any]) -> dict[str, Any]:
    data = row["data"]
    read: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
    return read


def _place(row: dict[str, Any]) -> str:
    since = database.moment(row["release_at"]) - _EPOCH
    return f"{since // timedelta(microseconds=1)}-{row['id']}"


def _cursor(after: str) -> tuple[datetime, int]:
    """Read where a page starts; what cannot be read starts at the newest."""
    moment, _, last = after.partition("-")
    if not (moment.isdecimal() and last.isdecimal() and len(moment) < 18 and len(last) < 18):
        return _LAST, 0
    return min(_EPOCH + timedelta(microseconds=int(moment)), _LAST), int(last)
