"""The dates of a process and of a decision, as events with a UID for good (RFC 5545).

SEQUENCE counts how often a date was changed, from the rows that keep every change. What no longer takes
place stays, marked as cancelled, so that calendars which have it take it out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from civic.decisions import queries as decisions
from civic.decisions.queries import DecisionCard, MilestoneCard, Progress
from civic.foundation import clock, database
from civic.foundation.errors import N_, Message
from civic.foundation.tables import Localized
from civic.meetings import queries as meetings
from civic.meetings.queries import MeetingCard, MeetingKind
from civic.processes import queries as processes
from civic.processes.policies import PhaseCard, last_day
from civic.processes.queries import ProcessPage, name_of

_STATES = """
SELECT s.milestone_id AS id, count(*) AS many FROM milestone_state s
JOIN milestone m ON m.id = s.milestone_id WHERE m.decision_id = ? GROUP BY s.milestone_id
"""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Event:
    """One event; an all-day one has a last day."""

    key: str
    title: Message | Localized
    words: Message | Localized
    starts: date | datetime
    last: date | None
    path: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False
    place: str = ""
    until: datetime | None = None


async def events_of_process(process: ProcessPage) -> list[Event]:
    """Give its steps, the last days to change its questions, its meetings and the day of its decision."""
    home, began = f"/processes/{process.slug}", process.opened_at or process.created_at
    found = await _steps(process, home, began)
    found += await _freezes(process, home, began)
    for one in await processes.dates_of(process.id):
        key, title = f"date/{one.public_id}", Message(_NAMED, {"what": name_of_date(one), "title": one.title})
        is_off = process.closed_at is not None and one.at > process.closed_at
        found.append(Event(key, title, {}, one.at, None, home, int(is_off), began, is_off, place=one.place))
    found += [_meeting(one) for one in await meetings.meetings_of(process.id)]
    return found + await _day_of_decision(process, home)


_NAMED = N_("%(what)s: %(title)s")
_MEETINGS = {MeetingKind.HEARING: N_("Hearing"), MeetingKind.OFFICE_HOUR: N_("Office hour")}


def _meeting(one: MeetingCard) -> Event:
    """Make the event of a meeting; a cancelled one stays, so that calendars take it out."""
    return Event(
        key=f"meeting/{one.public_id}",
        title=Message(_NAMED, {"what": Message(_MEETINGS[one.kind]), "title": one.title}),
        words=one.cancelled_because or one.taking_part,
        starts=one.starts_at,
        last=None,
        path=f"/meetings/{one.public_id}",
        sequence=one.number - 1 + one.is_cancelled,
        changed_at=one.cancelled_at or one.written_at,
        is_cancelled=one.is_cancelled,
        place=one.place,
        until=one.ends_at,
    )


def name_of_date(one: processes.DateCard) -> Message:
    """Say what kind of event it is."""
    return Message(name_of(one.kind))


async def _steps(process: ProcessPage, home: str, began: datetime) -> list[Event]:
    changes = await processes.phase_changes_of(process.id)
    times = Counter(one.kind for one in changes)
    newest = {one.kind: one for one in reversed(changes)}
    return [
        _step(
            process,
            phase,
            home,
            max(times[phase.kind] - 1, 0),
            newest[phase.kind].changed_at if phase.kind in newest else began,
        )
        for phase in process.phases
    ]


def _step(process: ProcessPage, phase: PhaseCard, home: str, times: int, changed: datetime) -> Event:
    """Make the event of a step; one that had not begun when the process was closed is cancelled."""
    is_off = process.closed_at is not None and phase.starts_at > process.closed_at
    title = Message(_NAMED, {"what": Message(name_of(phase.kind)), "title": process.title})
    return Event(
        key=f"phase/{phase.public_id}",
        title=title,
        words=process.summary,
        starts=clock.local_day(phase.starts_at),
        last=max(clock.local_day(phase.over_at - _INSTANT), clock.local_day(phase.starts_at)),
        path=home,
        sequence=times + is_off,
        changed_at=process.closed_at if is_off and process.closed_at else changed,
        is_cancelled=is_off,
    )


async def _freezes(process: ProcessPage, home: str, began: datetime) -> list[Event]:
    changes = await processes.freeze_changes_of(issue.id for issue in process.issues)
    times = Counter(one.issue_id for one in changes)
    newest = {one.issue_id: one.changed_at for one in reversed(changes)}
    title = N_("Last day to change: %(title)s")
    return [
        Event(
            key=f"freeze/{issue.public_id}",
            title=Message(title, {"title": issue.title}),
            words=issue.description,
            starts=last_day(issue.freeze_at),
            last=last_day(issue.freeze_at),
            path=f"{home}/issues/{issue.public_id}",
            sequence=times[issue.id],
            changed_at=newest.get(issue.id, began),
        )
        for issue in process.issues
        if issue.freeze_at is not None
    ]


async def _day_of_decision(process: ProcessPage, home: str) -> list[Event]:
    """Make the event of the day the decision is due; a day that was taken back is cancelled."""
    versions = list(reversed(await processes.scope_versions_of(process.id)))
    days = [one.decides_on for one in versions]
    known = [day for day in days if day is not None]
    if not known:
        return []
    moves = [at for at in range(1, len(days)) if days[at] != days[at - 1]]
    changed = versions[moves[-1]] if moves else versions[0]
    title = Message(N_("Decision due: %(title)s"), {"title": process.title})
    return [
        Event(
            key=f"decision-day/{process.public_id}",
            title=title,
            words=changed.decision_maker,
            starts=known[-1],
            last=known[-1],
            path=home,
            sequence=len(moves),
            changed_at=changed.published_at,
            is_cancelled=days[-1] is None,
        )
    ]


async def events_of_decision(decision: DecisionCard) -> list[Event]:
    """Give the dates of the promises of a decision."""
    states = {row["id"]: int(row["many"]) for row in await database.rows(_STATES, decision.id)}
    page = f"/decisions/{decision.public_id}#promises"
    return [_promise(one, page, states.get(one.id, 0)) for one in await decisions.milestones_of(decision.id)]


def _promise(one: MilestoneCard, page: str, states: int) -> Event:
    last = one.dates[-1]
    moments = [at.astimezone(UTC) for at in (last.given_at, one.moved_at) if at is not None]
    return Event(
        key=f"milestone/{one.public_id}",
        title=one.promise,
        words=one.proof or last.reason,
        starts=one.due_on,
        last=one.due_on,
        path=page,
        sequence=len(one.dates) - 1 + states,
        changed_at=max(moments),
        is_cancelled=one.progress is Progress.ABANDONED,
    )
