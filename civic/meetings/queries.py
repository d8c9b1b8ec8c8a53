"""Reading meetings: what is announced, what was announced before, the minutes and the points said there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions.models import Relation, Visibility
from civic.foundation import database, ids
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.meetings.models import (
    Meeting,
    MeetingCancellation,
    MeetingIssue,
    MeetingVersion,
    MinutesVersion,
    SpokenPoint,
)
from civic.meetings.models import MeetingKind as MeetingKind
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

AT_ONCE = 50
"""How many points of a meeting one page shows."""

_POINTS = """
SELECT p.number, c.number AS receipt, c.public_id, c.author_name, c.on_behalf_of, c.read_back, c.relation,
       c.visibility, c.language, c.issue_id, c.capacity, v.html, p.entered_at
FROM spoken_point p
JOIN contribution c ON c.id = p.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE p.meeting_id = ? AND p.number > ? ORDER BY p.number LIMIT ?
"""


@dataclass(frozen=True)
class MeetingCard:
    """A meeting as it is announced now, and whether it was cancelled."""

    id: int
    public_id: str
    process_id: int
    kind: MeetingKind
    issue_ids: tuple[int, ...]
    number: int
    title: Localized
    starts_at: datetime
    ends_at: datetime
    place: str
    access: Localized
    taking_part: Localized
    written_at: datetime
    minutes: int
    """How many versions of its minutes are published."""
    cancelled_at: datetime | None = None
    cancelled_because: Localized | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


@dataclass(frozen=True)
class Announced:
    """What was announced of a meeting from one moment on, and why it changed."""

    number: int
    title: Localized
    starts_at: datetime
    ends_at: datetime
    place: str
    reason: Localized
    written_at: datetime


@dataclass(frozen=True)
class Minutes:
    """One published version of the minutes."""

    number: int
    present: int
    points: int
    text: Localized
    change: Localized
    published_at: datetime


@dataclass(frozen=True)
class Spoken:
    """A point said at a meeting; its words only while everybody may read them."""

    number: int
    receipt: str
    public_id: str
    speaker: str
    is_named: bool
    is_read_back: bool
    relation: Relation | None
    issue_id: int | None
    is_public: bool
    language: str
    html: str


@dataclass(frozen=True)
class Points:
    """Some of the points of a meeting, in the order they were noted."""

    lines: tuple[Spoken, ...]
    total: int
    next_after: int | None


async def visible_meeting(viewer: Viewer, public_id: str) -> tuple[ProcessPage, MeetingCard]:
    """Give a meeting and its process to whoever may read that process."""
    row = await Meeting.get_or_none(public_id=public_id) if ids.is_key(public_id) else None
    if row is None:
        raise NotFound
    process = await processes.visible_process(viewer, (await processes.process_by_id(row.process_id)).slug)
    (card,) = await _cards([row])
    return process, card


async def meetings_of(process_id: int) -> tuple[MeetingCard, ...]:
    """Give the meetings of a process, soonest first, the cancelled ones too."""
    cards = await _cards(await Meeting.filter(process_id=process_id))
    return tuple(sorted(cards, key=lambda card: (card.starts_at, card.id)))


async def meeting_by_id(meeting_id: int) -> MeetingCard:
    """Give a meeting whoever asks: for acts, which have asked their policy."""
    (card,) = await _cards(await Meeting.filter(id=meeting_id))
    return card


async def announced_of(meeting_id: int) -> tuple[Announced, ...]:
    """Give everything that was announced of a meeting, newest first."""
    return tuple(
        Announced(row.number, row.title, row.starts_at, row.ends_at, row.place, row.reason, row.written_at)
        for row in await MeetingVersion.filter(meeting_id=meeting_id).order_by("-number")
    )


async def minutes_of(meeting_id: int) -> tuple[Minutes, ...]:
    """Give every version of the minutes of a meeting, newest first."""
    return tuple(
        Minutes(row.number, row.present, row.points, row.text, row.change, row.published_at)
        for row in await MinutesVersion.filter(meeting_id=meeting_id).order_by("-number")
    )


async def points_of(meeting_id: int, after: int = 0) -> Points:
    """Give some of the points said at a meeting; what is hidden or withdrawn keeps its place only."""
    rows = await database.rows(_POINTS, meeting_id, after, AT_ONCE + 1)
    lines = tuple(map(_spoken, rows[:AT_ONCE]))
    total = await SpokenPoint.filter(meeting_id=meeting_id).count()
    return Points(lines, total, lines[-1].number if len(rows) > AT_ONCE else None)


async def was_said_at(meeting_id: int, contribution_id: int) -> bool:
    """Tell whether a contribution was taken down at a meeting."""
    return await SpokenPoint.filter(meeting_id=meeting_id, contribution_id=contribution_id).exists()


def _spoken(row: dict[str, Any]) -> Spoken:
    is_public = row["visibility"] == Visibility.PUBLIC
    return Spoken(
        number=row["number"],
        receipt=row["receipt"],
        public_id=row["public_id"],
        speaker=row["author_name"] if is_public else "",
        is_named=bool(row["on_behalf_of"]),
        is_read_back=bool(row["read_back"]),
        relation=Relation(row["relation"]) if row["relation"] else None,
        issue_id=row["issue_id"],
        is_public=is_public,
        language=row["language"],
        html=row["html"] if is_public else "",
    )


async def _cards(rows: Sequence[Meeting]) -> list[MeetingCard]:
    """Read what is known of some meetings, in four queries whatever their number."""
    ids = [row.id for row in rows]
    newest = {one.meeting_id: one for one in await MeetingVersion.filter(meeting_id__in=ids).order_by("id")}
    gone = {one.meeting_id: one for one in await MeetingCancellation.filter(meeting_id__in=ids)}
    issues: dict[int, list[int]] = {key: [] for key in ids}
    for about in await MeetingIssue.filter(meeting_id__in=ids).order_by("id"):
        issues[about.meeting_id].append(about.issue_id)
    minutes = {
        one.meeting_id: one.number for one in await MinutesVersion.filter(meeting_id__in=ids).order_by("id")
    }
    return [
        _card(row, newest[row.id], tuple(issues[row.id]), minutes.get(row.id, 0), gone.get(row.id))
        for row in rows
    ]


def _card(
    row: Meeting,
    said: MeetingVersion,
    issues: tuple[int, ...],
    minutes: int,
    gone: MeetingCancellation | None,
) -> MeetingCard:
    return MeetingCard(
        id=row.id,
        public_id=row.public_id,
        process_id=row.process_id,
        kind=MeetingKind(row.kind),
        issue_ids=issues,
        number=said.number,
        title=said.title,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        place=said.place,
        access=said.access,
        taking_part=said.taking_part,
        written_at=said.written_at,
        minutes=minutes,
        cancelled_at=gone.cancelled_at if gone else None,
        cancelled_because=gone.reason if gone else None,
    )
