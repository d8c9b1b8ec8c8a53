"""One point on the desk: the person's words, what they answer, what was drafted, asked and said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind, Kind, Relation
from civic.contributions.queries import ClaimCard, ContributionCard, Situation, VersionCard
from civic.decisions.deadlines import last_day
from civic.decisions.gates import CAME_BACK, Desk, Point, PointState
from civic.decisions.models import ImportedOutcome, Outcome
from civic.decisions.policies import works_on
from civic.decisions.queries.answers import AnswerCard, answers_by_id, answers_of_claim
from civic.decisions.queries.comebacks import PutOff, put_off_point
from civic.decisions.queries.desk import desk_of
from civic.decisions.queries.outcomes import OutcomeCard, history_of_claim
from civic.decisions.queries.reading import (
    ArticleCard,
    DecisionCard,
    articles_now,
    decision_of_issue,
)
from civic.decisions.queries.sifting import PointFilter, matching
from civic.decisions.rules import Point as RulePoint
from civic.foundation import clock, database
from civic.foundation.errors import N_, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage, ScopeCard
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import QuestionCard

MOST_IDENTICAL = 200


@dataclass(frozen=True)
class Neighbour:
    """A text beside the point: what it replies to, or a reply that supports or answers it."""

    public_id: str
    kind: Kind
    relation: Relation | None
    author_name: str
    title: str
    html: str
    is_official: bool
    submitted_at: datetime


@dataclass(frozen=True)
class ImportedCard:
    """An outcome that came with an import: not decided here."""

    outcome: Outcome
    reason: str
    decided_on: str
    decided_by: str
    source: str


@dataclass(frozen=True)
class ClaimDesk:
    """Everything an official needs to answer one point."""

    process: ProcessPage
    contribution: ContributionCard
    claim: ClaimCard
    siblings: tuple[ClaimCard, ...]
    decision: DecisionCard | None
    desk: Desk
    point: Point | None
    answers: tuple[AnswerCard, ...]
    published: tuple[OutcomeCard, ...]
    articles: tuple[ArticleCard, ...]
    scope: ScopeCard | None
    questions: tuple[QuestionCard, ...]
    parent: Neighbour | None
    replies: tuple[Neighbour, ...]
    newer: VersionCard | None
    twin: AnswerCard | None
    identical: tuple[str, ...]
    imported: ImportedCard | None
    put_off: PutOff | None = None
    """The answer in force, when it puts the point off or passes it on."""
    situation: Situation | None = None

    @property
    def must_call(self) -> bool:
        """Whether a refusal waits for a call to the author (R13)."""
        return must_call(self.process, self.situation)

    @property
    def answer(self) -> AnswerCard | None:
        """The newest draft."""
        return next(iter(self.answers), None)

    @property
    def state(self) -> PointState:
        return self.desk.state(self.point) if self.point else PointState.UNANSWERED

    @property
    def waits_until(self) -> datetime | None:
        """Until when the author is waited for, if they are."""
        until = self.point.waits_until if self.point else None
        return until if until is not None and until > clock.now() else None

    def next_among(self, points: Iterable[Point]) -> Point | None:
        """The next of these points to answer: the oldest after this one, or else the oldest of all."""
        open_states = CAME_BACK | {PointState.UNANSWERED, PointState.AGAIN}
        waiting = [
            one for one in points if one.claim_id != self.claim.id and self.desk.state(one) in open_states
        ]
        ids = [one.claim_id for one in self.desk.points]
        here = ids.index(self.claim.id) if self.claim.id in ids else -1
        later = [one for one in waiting if ids.index(one.claim_id) > here]
        return next(iter([*later, *waiting]), None)

    @property
    def rule_point(self) -> RulePoint:
        """The point as the rules of 4.4 see it."""
        return rule_point(
            self.claim.kind, self.contribution.submitted_at, self.questions, must_call=self.must_call
        )


_RETIRED = "SELECT id FROM claim WHERE public_id = ? AND retired_at IS NOT NULL"
_NEIGHBOUR = """
SELECT c.public_id, c.kind, c.relation, c.author_name, v.title, v.html,
       c.written_as = 'official' AS is_official, c.submitted_at
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE c.visibility = 'public' AND
"""
_PARENT = _NEIGHBOUR + " c.id = ?"
_REPLIES = (
    _NEIGHBOUR
    + " c.parent_id = ? AND (c.relation IN ('supports', 'answers') OR c.written_as <> 'participant') "
    + "ORDER BY c.submitted_at, c.id LIMIT 20"
)
_IDENTICAL = """
SELECT k.public_id
FROM claim m
JOIN contribution n ON n.id = m.contribution_id
JOIN contribution_version x ON x.contribution_id = n.id AND x.number = n.version
JOIN contribution_version v ON v.digest = x.digest
JOIN contribution c ON c.id = v.contribution_id AND c.version = v.number
JOIN claim k ON k.contribution_id = c.id AND k.number = m.number
WHERE m.id = ? AND k.id <> m.id AND k.kind <> 'situation' AND m.kind <> 'situation'
  AND k.retired_at IS NULL AND c.visibility = 'public'
  AND c.issue_id = n.issue_id
ORDER BY c.submitted_at, k.id LIMIT ?
"""
_DUE = """
SELECT v.id, v.number FROM contribution c
LEFT JOIN issue i ON i.id = c.issue_id
JOIN contribution_version v ON v.contribution_id = c.id
WHERE c.id = ? AND v.number = coalesce(
    (SELECT max(w.number) FROM contribution_version w WHERE w.contribution_id = c.id
     AND (i.freeze_at IS NULL OR w.written_at <= i.freeze_at)), 1)
"""


async def claim_desk(viewer: Viewer, public_id: str) -> ClaimDesk:
    """Give one point to those who work on its process. Refused, with the reason, once it was cut."""
    claim, contribution, process = await desk_claim(viewer, public_id)
    decision = await decision_of_issue(contribution.issue_id) if contribution.issue_id else None
    desk = await desk_of(decision) if decision else Desk(())
    point = next((one for one in desk.points if one.claim_id == claim.id), None)
    answers = await answers_of_claim(claim.id)
    siblings = await contributions.claims_of(contribution.id)
    return ClaimDesk(
        process=process,
        contribution=contribution,
        claim=claim,
        siblings=tuple(siblings),
        decision=decision,
        desk=desk,
        point=point,
        answers=tuple(answers),
        published=tuple(await history_of_claim(claim.id, with_situations=True)),
        articles=tuple(await articles_now(decision.id)) if decision else (),
        scope=await scope_of(contribution.submitted_at, process),
        questions=tuple((await synthesis.questions_of([claim.id])).get(claim.id, ())),
        parent=await _parent(contribution),
        replies=tuple(_neighbour(row) for row in await database.rows(_REPLIES, contribution.id)),
        newer=await _newer(claim, contribution),
        twin=await _twin(desk, point),
        identical=tuple(
            row["public_id"] for row in await database.rows(_IDENTICAL, claim.id, MOST_IDENTICAL)
        ),
        imported=await imported_outcome(claim.id),
        put_off=await put_off_point(claim.public_id),
        situation=await contributions.situation_of(contribution.id),
    )


async def next_point(desk: ClaimDesk, only: PointFilter) -> Point | None:
    """Give the next point to answer among those a filter asks for."""
    if desk.decision is None:
        return None
    return desk.next_among(await matching(desk.decision, desk.desk, only))


async def point_before(desk: ClaimDesk, only: PointFilter) -> Point | None:
    """Give the point before among those a filter asks for, answered meanwhile or not."""
    if desk.decision is None:
        return None
    among = await matching(desk.decision, desk.desk, replace(only, state="", outcome=""))
    place = {one.claim_id: at for at, one in enumerate(desk.desk.points)}
    here = place.get(desk.claim.id, -1)
    return next((one for one in reversed(among) if place[one.claim_id] < here), None)


async def desk_claim(viewer: Viewer, public_id: str) -> tuple[ClaimCard, ContributionCard, ProcessPage]:
    """Give a live point with its words and its process to those who work there."""
    claim, contribution = await live_point(viewer, public_id)
    return claim, contribution, await processes.process_by_public_id(contribution.process or "")


async def live_point(viewer: Viewer, public_id: str) -> tuple[ClaimCard, ContributionCard]:
    """Give a live point with its words to those who work on its process."""
    claim = await contributions.claim_by_public_id(public_id, with_situations=True)
    if claim is None:
        if await database.rows(_RETIRED, public_id) and viewer.is_signed_in:
            raise Refused(N_("This point was cut into finer points: answer those."))
        raise NotFound
    contribution = await contributions.contribution_by_id(claim.contribution_id)
    if contribution.process is None or not works_on(viewer, contribution.process):
        raise NotFound
    return claim, contribution


async def scope_of(submitted_at: datetime, process: ProcessPage) -> ScopeCard | None:
    """Give the room for influence that was in force when the words were submitted.

    Words that came before the process was announced (an import, a letter) are read with its first one.
    """
    at_the_time = await processes.scope_in_force(process.id, at=submitted_at)
    return at_the_time or await processes.first_scope(process.id)


async def due_version(contribution_id: int) -> tuple[int, int]:
    """Give the id and number of the version an answer is owed to: the newest before the freeze."""
    (row,) = await database.rows(_DUE, contribution_id)
    return row["id"], row["number"]


async def imported_outcome(claim_id: int) -> ImportedCard | None:
    """Give the outcome that came with an import; it never counts as this body's answer."""
    row = await ImportedOutcome.get_or_none(claim_id=claim_id)
    if row is None or not row.outcome:
        return None
    return ImportedCard(Outcome(row.outcome), row.reason, row.decided_on, row.decided_by, row.source)


def rule_point(
    kind: ClaimKind,
    submitted_at: datetime,
    questions: Sequence[QuestionCard],
    *,
    must_call: bool = False,
) -> RulePoint:
    """Gather what the rules need to know of a point."""
    now = clock.now()
    return RulePoint(
        must_call=must_call,
        kind=kind,
        received_on=clock.local_day(submitted_at),
        today=today(),
        was_asked=any(not one.is_open or one.due_at <= now for one in questions),
        waits_until=max(
            (last_day(one.due_at) for one in questions if one.is_open and one.due_at > now), default=None
        ),
    )


def must_call(process: ProcessPage, situation: Situation | None) -> bool:
    """Tell whether nobody called the author of a statement yet, where the profile asks for it (R13)."""
    is_full = process.profile is processes.Profile.FULL
    return is_full and situation is not None and not situation.is_erased and not situation.contacts


def today() -> date:
    """Name the day people live today."""
    return clock.local_day(clock.now())


async def _parent(contribution: ContributionCard) -> Neighbour | None:
    if contribution.parent_id is None:
        return None
    found = await database.rows(_PARENT, contribution.parent_id)
    return _neighbour(found[0]) if found else None


async def _newer(claim: ClaimCard, contribution: ContributionCard) -> VersionCard | None:
    """Give the newest words when they are not those the point stands in."""
    stands_in = max((quote.version for quote in claim.quotes), default=contribution.version)
    if stands_in >= contribution.version:
        return None
    return next(iter(await contributions.versions_of(contribution.id)), None)


async def _twin(desk: Desk, point: Point | None) -> AnswerCard | None:
    """Give the answer that this one repeats."""
    twin = desk.generic.get(point.answer_id) if point and point.answer_id else None
    return (await answers_by_id([twin])).get(twin) if twin else None


def _neighbour(row: dict[str, Any]) -> Neighbour:
    return Neighbour(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "relation": Relation(row["relation"]) if row["relation"] else None,
            "is_official": bool(row["is_official"]),
            "submitted_at": database.moment(row["submitted_at"]),
        }
    )
