"""What became of one contribution: who may read what of it, and all that happened to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.queries import ClaimCard, ContributionCard, Visibility, WithdrawalCard
from civic.decisions.queries import OutcomeCard
from civic.foundation import clock, database
from civic.foundation.errors import N_, Message, NotFound, message
from civic.foundation.viewer import Viewer
from civic.processes import queries as processes
from civic.processes.queries import IssueCard, ProcessPage
from civic.trace.queries.points import PointCard, points_of

_NUMBER = re.compile(r"[A-Z0-9-]{1,40}", re.ASCII)
AROUND = 240
"""Characters shown before and after the words of a point."""
LONGEST = 1_500
"""Characters shown of one passage; the whole text stands below."""


@dataclass(frozen=True)
class Passage:
    """A piece of a text, and whether it is the point's own words."""

    text: str
    is_mine: bool


@dataclass(frozen=True)
class Event:
    """Something that happened, with its day and the points it concerns."""

    at: datetime
    what: Message
    points: tuple[int, ...] = ()
    is_new: bool = False


@dataclass(frozen=True)
class Related:
    """Another contribution that this one answers, comes from, or led to."""

    number: str
    kind: str
    title: str
    language: str


@dataclass(frozen=True)
class Trace:
    """All that became of one contribution, as far as the viewer may read it."""

    card: ContributionCard
    is_author: bool
    may_be_read: bool
    process: ProcessPage | None
    issue: IssueCard | None
    points: tuple[PointCard, ...]
    passages: dict[int, tuple[Passage, ...]]
    events: tuple[Event, ...]
    withdrawal: WithdrawalCard | None
    answers: Related | None
    came_from: Related | None
    led_to: tuple[Related, ...]
    promised_on: date | None

    @property
    def changes(self) -> tuple[Event, ...]:
        """What happened since the last visit, newest first."""
        return tuple(one for one in self.events if one.is_new)

    @property
    def answered(self) -> int:
        return sum(1 for one in self.points if one.outcome is not None)

    @property
    def is_kept(self) -> bool | None:
        """Whether the promised day was kept; None while it is still to come."""
        if self.promised_on is None or not self.points:
            return None
        given = [one.outcome.published_at for one in self.points if one.outcome]
        if len(given) == len(self.points):
            return clock.local_day(max(given)) <= self.promised_on
        return None if clock.local_day(clock.now()) <= self.promised_on else False

    @property
    def next_reply(self) -> OutcomeCard | None:
        """The answer whose time to reply ends first."""
        now = clock.now()
        open_ones = [
            one.outcome
            for one in self.points
            if one.outcome and not one.outcome.is_withdrawn and one.outcome.reply is None
            if now < one.outcome.reply_until
        ]
        return min(open_ones, key=lambda one: one.reply_until, default=None)


_VERSIONS = (
    "SELECT number, written_at, note FROM contribution_version WHERE contribution_id = ? ORDER BY number"
)
_WORDS = "SELECT id, title, body FROM contribution_version WHERE id IN ({marks})"
_SEEN = """
SELECT before, after, changed_at FROM visibility_change WHERE contribution_id = ? ORDER BY id
"""
_CUTS = "SELECT cut_at FROM segmentation WHERE contribution_id = ? ORDER BY id"
_RELATED = """
SELECT 'answers' AS bond, p.number, p.kind, p.language, p.visibility, v.title, v.excerpt
FROM contribution c JOIN contribution p ON p.id = c.parent_id
JOIN contribution_version v ON v.contribution_id = p.id AND v.number = p.version WHERE c.id = ?
UNION ALL
SELECT 'came_from', p.number, p.kind, p.language, p.visibility, v.title, v.excerpt
FROM contribution c JOIN contribution p ON p.id = c.derived_from_id
JOIN contribution_version v ON v.contribution_id = p.id AND v.number = p.version WHERE c.id = ?
UNION ALL
SELECT 'led_to', p.number, p.kind, p.language, p.visibility, v.title, v.excerpt
FROM contribution p
JOIN contribution_version v ON v.contribution_id = p.id AND v.number = p.version WHERE p.derived_from_id = ?
"""


async def trace(viewer: Viewer, number: str, *, since: datetime | None = None) -> Trace:
    """Give what became of a contribution.

    The number opens what is public. Of a text that is hidden or withdrawn, others read that it is, and why,
    and never its words; a text that waits for confirmation exists for its author alone.
    """
    card = await contributions.contribution_behind_code(number) if _NUMBER.fullmatch(number) else None
    if card is None or not contributions.number_opens(viewer, card):
        raise NotFound
    is_author = contributions.is_author(viewer, card)
    readable = is_author or card.is_public
    claims = await contributions.claims_of(card.id)
    points = await points_of(claims if readable else [_without_words(claim) for claim in claims])
    if not readable:
        points = [_hidden(point) for point in points]
    process = await processes.process_by_id(card.process_id) if card.process_id is not None else None
    scope = await processes.scope_in_force(process.id) if process else None
    related = [row for row in await database.rows(_RELATED, card.id, card.id, card.id) if _is_public(row)]
    return Trace(
        card=card if readable else replace(card, title="", body="", html="", excerpt=""),
        is_author=is_author,
        may_be_read=readable,
        process=process,
        issue=next((one for one in process.issues if one.id == card.issue_id), None) if process else None,
        points=tuple(sorted(points, key=lambda one: one.rank)),
        passages=await _passages(points) if readable else {},
        events=await _events(card, points, since, is_author=is_author),
        withdrawal=await _withdrawal(card),
        answers=next(_bound(related, "answers"), None),
        came_from=next(_bound(related, "came_from"), None),
        led_to=tuple(_bound(related, "led_to")),
        promised_on=scope.decides_on if scope and _is_owed(points) else None,
    )


def _is_owed(points: Iterable[PointCard]) -> bool:
    """Tell whether an answer is promised: none is to words without a point, taken back or hidden."""
    return any(not point.claim.reads_as_withdrawn for point in points)


def _without_words(claim: ClaimCard) -> ClaimCard:
    return replace(claim, quotes=(), restatement="")


def _hidden(point: PointCard) -> PointCard:
    """Keep of a point that it is withdrawn: an answer quotes the words it answers."""
    return PointCard(claim=point.claim)


def _is_public(row: dict[str, Any]) -> bool:
    return bool(row["visibility"] == Visibility.PUBLIC)


def _bound(related: Iterable[dict[str, Any]], bond: str) -> Iterator[Related]:
    for row in related:
        if row["bond"] == bond:
            yield Related(row["number"], row["kind"], row["title"] or row["excerpt"], row["language"])


async def _withdrawal(card: ContributionCard) -> WithdrawalCard | None:
    if card.visibility is not Visibility.WITHDRAWN:
        return None
    return await contributions.withdrawal_of(card.id)


async def _passages(points: Sequence[PointCard]) -> dict[int, tuple[Passage, ...]]:
    """Show the words of each point among those around them."""
    wanted = sorted({quote.version_id for point in points for quote in point.claim.quotes})
    if not wanted:
        return {}
    sql = _WORDS.format(marks=", ".join("?" * len(wanted)))
    words = {row["id"]: row for row in await database.rows(sql, *wanted)}
    return {point.claim.id: tuple(_passage(point.claim, words)) for point in points}


def _passage(claim: ClaimCard, words: dict[int, dict[str, Any]]) -> Iterator[Passage]:
    quotes = [quote for quote in claim.quotes if quote.part == "text"] or list(claim.quotes)
    if not quotes:
        return
    whole: str = words[quotes[0].version_id]["body" if quotes[0].part == "text" else "title"]
    done = _start(whole, quotes[0].start - AROUND)
    if done:
        yield Passage("… ", False)
    for quote in quotes:
        if quote.start > done:
            yield Passage(whole[done : quote.start], False)
        said = whole[max(done, quote.start) : quote.end]
        if len(said) > LONGEST:
            yield Passage(said[: _end(said, LONGEST)] + " …", True)
            return
        yield Passage(said, True)
        done = max(done, quote.end)
    end = _end(whole, done + AROUND)
    yield Passage(whole[done:end] + (" …" if end < len(whole) else ""), False)


def _start(whole: str, at: int) -> int:
    """Begin at a word."""
    if at <= 0:
        return 0
    blank = whole.find(" ", at)
    return blank + 1 if 0 <= blank < at + AROUND else at


def _end(whole: str, at: int) -> int:
    """Stop at a word."""
    if at >= len(whole):
        return len(whole)
    blank = whole.rfind(" ", 0, at)
    return blank if blank > at - AROUND else at


async def _events(
    card: ContributionCard, points: Sequence[PointCard], since: datetime | None, *, is_author: bool
) -> tuple[Event, ...]:
    """Tell everything that happened, newest first."""
    versions = await database.rows(_VERSIONS, card.id)
    found = [Event(card.submitted_at, Message(N_("Received")))]
    found += [
        Event(
            database.moment(row["written_at"]),
            message(N_("Corrected by its author: version %(n)s"), n=row["number"]),
        )
        for row in versions[1:]
    ]
    found += _visibility(await database.rows(_SEEN, card.id))
    found += [
        Event(database.moment(row["cut_at"]), Message(N_("Cut into points by a person")))
        for row in await database.rows(_CUTS, card.id)
    ]
    for point in points:
        found += _of_point(point, is_author=is_author)
    latest_first = reversed(list(_together(found)))
    ordered = sorted(latest_first, key=lambda one: one.at, reverse=True)
    return tuple(replace(one, is_new=since is not None and one.at > since) for one in ordered)


def _together(events: Iterable[Event]) -> Iterator[Event]:
    """Say once what happened to several points at once."""
    same: dict[tuple[datetime, str], Event] = {}
    for one in events:
        key = one.at, str(one.what)
        points = (*(same[key].points if key in same else ()), *one.points)
        same[key] = replace(one, points=tuple(sorted(points)))
    yield from same.values()


_MOVES = {
    (Visibility.AWAITING, Visibility.PUBLIC): N_("Confirmed by its author and published"),
    (Visibility.PUBLIC, Visibility.RESTRICTED): N_("Hidden by a moderator, with the reason"),
    (Visibility.RESTRICTED, Visibility.PUBLIC): N_("Shown again"),
}


def _visibility(rows: Iterable[dict[str, Any]]) -> Iterator[Event]:
    for row in rows:
        move = Visibility(row["before"]), Visibility(row["after"])
        if row["after"] == Visibility.WITHDRAWN:
            yield Event(database.moment(row["changed_at"]), Message(N_("Withdrawn by its author")))
        elif move in _MOVES:
            yield Event(database.moment(row["changed_at"]), Message(_MOVES[move]))


def _of_point(point: PointCard, *, is_author: bool) -> Iterator[Event]:
    number = (point.number,)
    for question in point.questions if is_author else ():
        yield Event(question.asked_at, Message(N_("A question was put to the author")), number)
        if question.answered_at is not None:
            yield Event(question.answered_at, Message(N_("The author answered the question")), number)
    if point.proposed is not None:
        yield Event(
            point.proposed.opened_at, Message(N_("An outcome was proposed, open for reactions")), number
        )
    for reaction in point.reactions if is_author else ():
        yield Event(reaction.written_at, Message(N_("The author reacted to the proposed outcome")), number)
        if reaction.read_at is not None:
            yield Event(reaction.read_at, Message(N_("The reaction was considered")), number)
    outcome = point.outcome
    if outcome is None:
        return
    yield Event(outcome.published_at, Message(N_("Answered in a published decision")), number)
    if outcome.reply is not None:
        yield Event(outcome.reply.written_at, Message(N_("The author replied")), number)
    for appeal in outcome.appeals:
        yield Event(appeal.filed_at, Message(N_("Contested by the author")), number)
        if appeal.ruled_at is not None:
            upheld = N_("Appeal decided: a new answer is due")
            ruled = upheld if appeal.is_upheld else N_("Appeal decided: the answer stands")
            yield Event(appeal.ruled_at, Message(ruled), number)
