"""Announce a meeting, change it, cancel it; take down what is said there; publish the minutes."""

from __future__ import annotations

from civic.accounts import names
from civic.accounts import queries as people
from civic.contributions import actions as register
from civic.contributions.actions import Author, Capacity, Entry, Place, Receipt, Words
from civic.contributions.models import Channel, Kind
from civic.debates import actions as debates
from civic.foundation import clock, database, ids, text
from civic.foundation.errors import N_, Invalid, Message, NotFound, message
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.meetings import policies
from civic.meetings.forms import MeetingDraft, MeetingWords, MinutesDraft, PointDraft
from civic.meetings.models import (
    Meeting,
    MeetingCancellation,
    MeetingIssue,
    MeetingKind,
    MeetingVersion,
    MinutesVersion,
    SpokenPoint,
)
from civic.meetings.queries import MeetingCard, meeting_by_id
from civic.notices import actions as notices
from civic.notices.actions import News, Touch
from civic.notices.content import say
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

CHANNELS = {MeetingKind.HEARING: Channel.HEARING, MeetingKind.OFFICE_HOUR: Channel.COUNTER}
UNNAMED = N_("Someone at the meeting (point %(number)s)")
_TOUCH = "UPDATE meeting SET version = version + 1 WHERE id = ?"


async def announce_meeting(official: Viewer, process: ProcessPage, draft: MeetingDraft) -> MeetingCard:
    """Announce a hearing or an office hour of an open process; its followers are told."""
    policies.may_announce_meeting(official, process.public_id, process.state).demand()
    known = {issue.public_id: issue.id for issue in process.issues}
    async with database.transaction():
        row = await Meeting.create(
            public_id=ids.public_id(),
            process_id=process.id,
            kind=draft.kind,
            created_by_id=official.participant,
            created_at=clock.now(),
        )
        for one in draft.issues:
            await MeetingIssue.create(meeting_id=row.id, issue_id=known[one])
        await _write(official, row, 1, draft.words, {})
        await ledger.record(
            "meeting.announced",
            row.public_id,
            parent=process.public_id,
            content={"kind": draft.kind, **_content(draft.words)},
            author=official.public_id,
            ref=f"meeting/{row.public_id}/1",
        )
        said = message(N_("A meeting is announced: %(title)s, %(at)s."), **_when(draft.words))
        await _tell(process, row, said, "announced")
        return await meeting_by_id(row.id)


async def change_meeting(
    official: Viewer, meeting: MeetingCard, words: MeetingWords, reason: Localized
) -> None:
    """Announce something else of a coming meeting, with the public reason; what was said before stays."""
    async with database.transaction():
        process, row, now_said = await _hold(official, meeting)
        policies.may_change_meeting(
            is_cancelled=now_said.is_cancelled, starts_at=now_said.starts_at, now=clock.now()
        ).demand()
        number = now_said.number + 1
        await _write(official, row, number, words, reason)
        await ledger.record(
            "meeting.changed",
            row.public_id,
            rev=number,
            parent=process.public_id,
            content={**_content(words), "reason": reason},
            author=official.public_id,
            ref=f"meeting/{row.public_id}/{number}",
        )
        said = message(
            N_("A meeting changes: %(title)s, %(at)s. Reason: %(reason)s"), reason=reason, **_when(words)
        )
        await _tell(process, row, said, f"changed/{number}")


async def cancel_meeting(official: Viewer, meeting: MeetingCard, reason: Localized) -> None:
    """Say that a coming meeting does not take place, and why; it stays readable as cancelled."""
    async with database.transaction():
        process, row, now_said = await _hold(official, meeting)
        policies.may_change_meeting(
            is_cancelled=now_said.is_cancelled, starts_at=now_said.starts_at, now=clock.now()
        ).demand()
        await MeetingCancellation.create(
            meeting_id=row.id, reason=reason, cancelled_by_id=official.participant, cancelled_at=clock.now()
        )
        await ledger.record(
            "meeting.cancelled",
            row.public_id,
            rev=now_said.number + 1,
            parent=process.public_id,
            content={"reason": reason},
            author=official.public_id,
        )
        said = message(
            N_("A meeting is cancelled: %(title)s. Reason: %(reason)s"), title=now_said.title, reason=reason
        )
        await _tell(process, row, said, "cancelled")


async def enter_point(
    official: Viewer, meeting: MeetingCard, draft: PointDraft, *, code: str | None = None, rendered: str = ""
) -> Receipt:
    """Take down what somebody said: it enters the register, in the debate of its question, with a receipt.

    It counts from the moment it was said, so that a point made before the freeze is answered as such.
    """
    words = Words("", draft.body)
    rendered = rendered or await register.render_words(words)
    if draft.speaker and not await people.name_is_free(draft.speaker):
        raise Invalid({"speaker": names.looks_official(draft.speaker)})
    async with database.transaction():
        process, row, now_said = await _hold(official, meeting)
        policies.may_minute(
            is_cancelled=now_said.is_cancelled, starts_at=now_said.starts_at, now=clock.now()
        ).demand()
        issue = process.issue(draft.issue)
        if issue is None or issue.id not in now_said.issue_ids:
            raise NotFound
        number = await SpokenPoint.filter(meeting_id=row.id).count() + 1
        thread = await debates.open_thread(process.id, issue.id, f"issue/{issue.public_id}")
        scope = await processes.scope_in_force(process.id, now_said.starts_at)
        receipt = await register.submit(
            _author(official, draft, number),
            Place(process.id, issue.id, Kind.COMMENT, None, draft.relation, scope.id if scope else None),
            words,
            rendered=rendered,
            capacity=Capacity(draft.capacity),
            channel=CHANNELS[now_said.kind],
            consent={"named": bool(draft.speaker)},
            at=now_said.starts_at,
            code=code,
            entry=Entry(official.participant, draft.speaker, draft.read_back),
        )
        await debates.take_place(receipt.contribution, thread.id)
        await SpokenPoint.create(
            meeting_id=row.id,
            contribution_id=receipt.contribution.id,
            number=number,
            entered_at=clock.now(),
        )
        await ledger.record(
            "minutes.entered",
            receipt.contribution.public_id,
            rev=2,
            parent=row.public_id,
            content={"point": number, "named": bool(draft.speaker), "read_back": draft.read_back},
            author=official.public_id,
        )
        return receipt


async def publish_minutes(official: Viewer, meeting: MeetingCard, draft: MinutesDraft) -> int:
    """Publish the minutes, or a newer version that says what changed; gives its number."""
    async with database.transaction():
        process, row, now_said = await _hold(official, meeting)
        policies.may_minute(
            is_cancelled=now_said.is_cancelled, starts_at=now_said.starts_at, now=clock.now()
        ).demand()
        number = now_said.minutes + 1
        if number > 1 and not draft.change:
            raise Invalid({"change": Message(N_("Say in public what this version changes."))})
        points = await SpokenPoint.filter(meeting_id=row.id).count()
        await MinutesVersion.create(
            meeting_id=row.id,
            number=number,
            present=draft.present,
            points=points,
            text=draft.text,
            change=draft.change,
            written_by_id=official.participant,
            published_at=clock.now(),
        )
        await ledger.record(
            "minutes.published",
            row.public_id,
            rev=number,
            parent=process.public_id,
            content={
                "present": draft.present,
                "points": points,
                "text": draft.text,
                "change": draft.change,
            },
            author=official.public_id,
            ref=f"minutes/{row.public_id}/{number}",
        )
        said = message(N_("The minutes are published: %(title)s."), title=now_said.title)
        await _tell(process, row, said, f"minutes/{number}")
        return number


async def _hold(official: Viewer, meeting: MeetingCard) -> tuple[ProcessPage, Meeting, MeetingCard]:
    """Hold a meeting against other acts until the transaction ends, and give it as it stands."""
    process = await processes.process_by_id(meeting.process_id)
    policies.may_announce_meeting(official, process.public_id, process.state).demand()
    if not await database.execute(_TOUCH, meeting.id):
        raise NotFound
    return process, await Meeting.get(id=meeting.id), await meeting_by_id(meeting.id)


async def _write(official: Viewer, row: Meeting, number: int, words: MeetingWords, reason: Localized) -> None:
    await MeetingVersion.create(
        meeting_id=row.id,
        number=number,
        title=words.title,
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        place=words.place,
        access=words.access,
        taking_part=words.taking_part,
        reason=reason,
        written_by_id=official.participant,
        written_at=clock.now(),
    )


def _author(official: Viewer, draft: PointDraft, number: int) -> Author:
    """Name the speaker; without a name each point stands for itself, so that no two people become one."""
    language = text.detect_language(draft.body) or official.language or "fr"
    name = draft.speaker or say(message(UNNAMED, number=number), language)
    return Author(None, None, name, None, language)


def _content(words: MeetingWords) -> dict[str, object]:
    return {
        "title": words.title,
        "starts_at": words.starts_at.isoformat(),
        "ends_at": words.ends_at.isoformat(),
        "place": words.place,
        "access": words.access,
        "taking_part": words.taking_part,
    }


def _when(words: MeetingWords) -> dict[str, object]:
    return {"title": words.title, "at": words.starts_at}


async def _tell(process: ProcessPage, row: Meeting, said: Message, once: str) -> None:
    touch = Touch(f"process/{process.public_id}", process.title, said, f"/meetings/{row.public_id}")
    news = News(f"meeting/{row.public_id}", f"news/meeting/{row.public_id}/{once}", process.title, (touch,))
    await notices.announce(news, hold=clock.hold())
