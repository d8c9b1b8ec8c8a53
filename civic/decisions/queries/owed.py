"""What officials owe, oldest first: points, reviews, appeals, reopened postponements, promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civic.decisions.deadlines import new_answer_due
from civic.decisions.gates import CAME_BACK, Desk, PointState
from civic.decisions.policies import READERS, WORKERS
from civic.decisions.queries.comebacks import put_off_in
from civic.decisions.queries.contests import waiting_appeals
from civic.decisions.queries.desk import points_of
from civic.decisions.queries.reactions import waiting_reactions
from civic.decisions.queries.reading import DecisionCard, decisions_of_processes, marks, read_json
from civic.foundation import clock, database
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes.models import Profile
from civic.processes.queries import ProcessPage, processes_by_id

OUTCOME_WEEKS = 12
"""Within so many weeks of the freeze an outcome is owed, where no day was announced (SPEC 9)."""


class Owed(StrEnum):
    """Kinds of things an official owes."""

    ANSWERS = "answers"
    AGAIN = "again"
    BACK = "back"
    REVIEWS = "reviews"
    SIGNATURES = "signatures"
    APPEAL = "appeal"
    QUESTION = "question"
    REACTIONS = "reactions"
    REOPENED = "reopened"
    FOLLOW_UP = "follow_up"
    HOLD = "hold"
    BEGIN = "begin"
    PROMISE = "promise"


@dataclass(frozen=True)
class OwedItem:
    """One thing that waits: what, since or until when, and where to do it (`key` is a public id)."""

    kind: Owed
    title: Localized
    key: str
    due: datetime | None = None
    since: datetime | None = None
    count: int = 1
    name: str = ""

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and self.due <= now


_PROCESSES = "SELECT id, public_id FROM process WHERE state <> 'draft'"
_DECIDES_ON = """
SELECT s.process_id, s.decides_on FROM scope_version s
WHERE s.process_id IN ({marks}) AND s.number = (
    SELECT max(x.number) FROM scope_version x WHERE x.process_id = s.process_id)
"""
_HOMELESS = """
SELECT p.id AS process_id, p.slug, i.title, i.public_id, i.freeze_at, count(*) AS n,
       min(c.submitted_at) AS oldest
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN issue i ON i.id = c.issue_id
JOIN process p ON p.id = i.process_id
LEFT JOIN decision_issue x ON x.issue_id = i.id
WHERE p.id IN ({marks}) AND x.id IS NULL AND k.retired_at IS NULL AND c.visibility = 'public'
  AND i.freeze_at <= ?
GROUP BY p.id, p.slug, i.title, i.public_id, i.freeze_at
"""
_QUESTIONS = """
SELECT k.public_id AS claim, c.author_name, v.title, v.excerpt, c.language, a.answered_at
FROM clarifying_question q
JOIN clarification a ON a.question_id = q.id
JOIN claim k ON k.id = q.claim_id
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE c.process_id IN ({marks}) AND c.visibility = 'public' AND k.retired_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM disposition d JOIN disposition_version w ON w.disposition_id = d.id
                  WHERE d.claim_id = k.id AND w.drafted_at > a.answered_at)
ORDER BY a.answered_at LIMIT 50
"""
_PROMISES = """
SELECT m.public_id, m.promise, m.owner, d.public_id AS decision, t.due_on
FROM milestone m
JOIN decision d ON d.id = m.decision_id
JOIN milestone_date t ON t.milestone_id = m.id
WHERE d.process_id IN ({marks})
  AND t.id = (SELECT max(x.id) FROM milestone_date x WHERE x.milestone_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM milestone_state s
                  WHERE s.milestone_id = m.id AND s.state IN ('done', 'abandoned'))
  AND t.due_on <= ?
"""


async def owed_by(viewer: Viewer) -> list[OwedItem]:
    """List what this person owes in all their processes, oldest due date first."""
    worked = await _held(viewer, WORKERS)
    read = await _held(viewer, READERS)
    if not read:
        return []
    items = [*await _appeals(viewer, read)]
    if worked:
        due = await due_days(worked)
        decisions = await decisions_of_processes(worked)
        points = await points_of([one.id for one in decisions])
        for one in decisions:
            desk = Desk(points[one.id], full=one.process.profile is Profile.FULL)
            items += _of_decision(viewer, one, desk, due.get(one.process.id))
        items += await _without_decision(worked, due)
        items += await _clarified(worked)
        items += await _reacted(worked)
        items += await put_off(worked)
        items += await _promised(worked)
    far = clock.now() + timedelta(days=3650)
    return sorted(items, key=lambda item: (item.due or far, item.since or far))


async def worked_processes(viewer: Viewer) -> list[ProcessPage]:
    """Give the processes whose decisions this person works on, the newest first."""
    pages = await processes_by_id(await _held(viewer, WORKERS))
    return sorted(pages.values(), key=lambda one: one.created_at, reverse=True)


async def count_owed(viewer: Viewer) -> int:
    """Count the things that wait for this person, as the bar of roles shows it."""
    return len(await owed_by(viewer))


async def _held(viewer: Viewer, roles: Iterable[str]) -> list[int]:
    wanted = set(roles)
    if not any(held.role in wanted for held in viewer.roles):
        return []
    found = await database.rows(_PROCESSES)
    return [row["id"] for row in found if any(viewer.holds(role, row["public_id"]) for role in wanted)]


async def due_days(process_ids: Collection[int]) -> dict[int, datetime]:
    """Give the end of the day on which each process announced its decision, where it named one."""
    found = await database.rows(_DECIDES_ON.format(marks=marks(list(process_ids))), *process_ids)
    return {
        row["process_id"]: clock.end_of_day(_day(row["decides_on"])) for row in found if row["decides_on"]
    }


def _of_decision(
    viewer: Viewer, decision: DecisionCard, desk: Desk, announced: datetime | None
) -> list[OwedItem]:
    """List what a decision waits for: answers, second readings, signatures, a publication about to leave."""
    states = {state: [one for one in desk.points if desk.state(one) is state] for state in PointState}
    key, title = decision.public_id, decision.title
    items = []
    if decision.pending is not None:
        items.append(OwedItem(Owed.HOLD, title, key, due=decision.pending.release_at))
    missing = [one for one in states[PointState.UNANSWERED] if not one.is_late or decision.in_force]
    if missing:
        due = announced if decision.in_force is None else None
        items.append(OwedItem(Owed.ANSWERS, title, key, due=due or _usual(decision), count=len(missing)))
    again = [one.contested_at for one in states[PointState.AGAIN] if one.contested_at is not None]
    if again:
        items.append(OwedItem(Owed.AGAIN, title, key, due=new_answer_due(min(again)), count=len(again)))
    back = sum(len(states[state]) for state in CAME_BACK)
    if back:
        items.append(OwedItem(Owed.BACK, title, key, due=announced, count=back))
    mine = viewer.participant
    reviews = [one for one in states[PointState.REVIEW] if one.drafted_by != mine]
    if reviews:
        items.append(OwedItem(Owed.REVIEWS, title, key, due=announced, count=len(reviews)))
    signatures = states[PointState.SIGNATURE]
    if signatures and viewer.holds("decision_maker", decision.process.public_id):
        items.append(OwedItem(Owed.SIGNATURES, title, key, due=announced, count=len(signatures)))
    return items


def _usual(decision: DecisionCard) -> datetime | None:
    freezes = [issue.freeze_at for issue in decision.issues if issue.freeze_at is not None]
    return max(freezes) + timedelta(weeks=OUTCOME_WEEKS) if freezes else None


async def _without_decision(process_ids: Collection[int], due: dict[int, datetime]) -> list[OwedItem]:
    """List the frozen questions that nobody has begun to settle."""
    sql = _HOMELESS.format(marks=marks(list(process_ids)))
    return [
        OwedItem(
            Owed.BEGIN,
            read_json(row["title"]),
            row["public_id"],
            due=due.get(row["process_id"]),
            since=database.moment(row["oldest"]),
            count=int(row["n"]),
            name=row["slug"],
        )
        for row in await database.rows(sql, *process_ids, clock.now())
    ]


async def _appeals(viewer: Viewer, process_ids: Collection[int]) -> list[OwedItem]:
    return [
        OwedItem(
            Owed.APPEAL, one.title, one.public_id, due=one.due_at, since=one.filed_at, name=str(one.ground)
        )
        for one in await waiting_appeals(viewer.participant, process_ids)
    ]


async def _clarified(process_ids: Collection[int]) -> list[OwedItem]:
    """List the questions their authors have answered since the last draft."""
    found = await database.rows(_QUESTIONS.format(marks=marks(list(process_ids))), *process_ids)
    return [
        OwedItem(
            Owed.QUESTION,
            {row["language"]: row["title"] or row["excerpt"]},
            row["claim"],
            since=database.moment(row["answered_at"]),
            name=row["author_name"],
        )
        for row in found
    ]


async def _reacted(process_ids: Collection[int]) -> list[OwedItem]:
    """List the drafts whose reactions wait to be considered: by the end of their window, at best."""
    return [
        OwedItem(
            Owed.REACTIONS, one.title, one.decision, due=one.closes_at, since=one.oldest, count=one.count
        )
        for one in await waiting_reactions(process_ids)
    ]


async def put_off(process_ids: Collection[int], *, with_situations: bool = True) -> list[OwedItem]:
    """List the postponements that came back and the transmissions to be followed up.

    What everybody reads leaves out the answers to situation statements.
    """
    today = clock.local_day(clock.now())
    return [
        OwedItem(
            Owed.FOLLOW_UP if one.is_referred else Owed.REOPENED,
            one.sentence,
            one.claim,
            due=clock.end_of_day(
                one.later.reopened.due_on if one.later.reopened else one.comes_back_on or today
            ),
            name=one.who,
        )
        for one in await put_off_in(process_ids)
        if (one.is_back or one.is_due(today)) and (with_situations or not one.is_situation)
    ]


async def _promised(process_ids: Collection[int]) -> list[OwedItem]:
    """List the promises due within a month and those that are late."""
    limit = clock.local_day(clock.now()) + timedelta(days=30)
    found = await database.rows(_PROMISES.format(marks=marks(list(process_ids))), *process_ids, limit)
    return [
        OwedItem(
            Owed.PROMISE,
            read_json(row["promise"]),
            row["decision"],
            due=clock.end_of_day(_day(row["due_on"])),
            name=row["owner"],
        )
        for row in found
    ]


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
