"""The follow-up board: the promises of published decisions, the late ones first and never left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from civic.decisions.models import Progress, UserCheck
from civic.decisions.queries.milestones import (
    MilestoneCard,
    Standing,
    milestone_by_public_id,
    milestones_by_id,
    standing_of,
)
from civic.decisions.queries.reading import (
    ArticleCard,
    DecisionCard,
    articles_at,
    decision_by_id,
    marks,
    read_json,
)
from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer

PAGE = 20
FEW = 5
"""How many promises of a group that is in order the whole board shows; the late ones are all there."""
_IN_FULL = (Standing.LATE, Standing.CHANGED)
MOST_MINE = 50


@dataclass(frozen=True)
class Place:
    """Where a promise was made."""

    decision: str
    title: Localized
    process: Localized
    slug: str


@dataclass(frozen=True)
class Group:
    """The promises that stand alike: those shown, and how many there are."""

    standing: Standing
    cards: tuple[MilestoneCard, ...]
    total: int
    after: str | None


@dataclass(frozen=True)
class Board:
    """What became of the promises: how many stand where, and the promises themselves."""

    counts: Mapping[Standing, int]
    groups: tuple[Group, ...]
    places: Mapping[int, Place]
    arrived: int
    """Promises whose first date is past; abandoned ones too."""
    in_time: int
    """Of those, the ones kept on or before the first date given."""
    kept_after: int
    """Of those, the ones kept later."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class PromisePage:
    """One promise with where it was made and the article that carries it."""

    card: MilestoneCard
    decision: DecisionCard
    article: ArticleCard | None


@dataclass(frozen=True)
class Concerned:
    """A contribution whose point led to a promise, and what its author found."""

    id: int
    public_id: str
    receipt: str
    title: str
    language: str
    answer: UserCheck | None


@dataclass(frozen=True)
class _Fact:
    id: int
    public_id: str
    standing: Standing
    first: date
    due: date
    kept_on: date | None

    @property
    def rank(self) -> tuple[int, str]:
        """The longest late first, the next due first, the last kept first."""
        day = self.kept_on or self.due
        is_over = self.standing in (Standing.KEPT, Standing.ABANDONED)
        return (-day.toordinal() if is_over else day.toordinal(), self.public_id)


_FACTS = """
SELECT m.id, m.public_id, count(t.id) AS dates,
       (SELECT x.due_on FROM milestone_date x WHERE x.milestone_id = m.id ORDER BY x.id LIMIT 1) AS first,
       (SELECT x.due_on FROM milestone_date x WHERE x.milestone_id = m.id ORDER BY x.id DESC LIMIT 1) AS due,
       (SELECT s.state FROM milestone_state s WHERE s.milestone_id = m.id ORDER BY s.id DESC LIMIT 1)
         AS state,
       (SELECT max(s.set_at) FROM milestone_state s WHERE s.milestone_id = m.id) AS moved_at
FROM milestone m
JOIN decision d ON d.id = m.decision_id
JOIN milestone_date t ON t.milestone_id = m.id
WHERE (? = 0 OR d.process_id = ?) AND (? = 0 OR d.id = ?)
  AND EXISTS (SELECT 1 FROM decision_version v JOIN decision_release r ON r.version_id = v.id
              WHERE v.decision_id = d.id)
GROUP BY m.id, m.public_id
"""
_PLACES = """
SELECT d.id, d.public_id, d.title, p.title AS process, p.slug
FROM decision d JOIN process p ON p.id = d.process_id WHERE d.id IN ({marks})
"""
_LED_TO = """
FROM milestone m
JOIN decision_version v ON v.decision_id = m.decision_id
JOIN published_outcome o ON o.decision_version_id = v.id
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE m.id = ? AND k.retired_at IS NULL AND c.visibility = 'public'
  AND v.number = (SELECT max(w.number) FROM decision_version w
                  JOIN decision_release s ON s.version_id = w.id WHERE w.decision_id = m.decision_id)
  AND ((m.provision_id IS NULL AND a.outcome IN ('adopted', 'adapted', 'partly'))
       OR EXISTS (SELECT 1 FROM provision_link l
                  WHERE l.version_id = a.id AND l.provision_id = m.provision_id))
"""
_POINTS = "SELECT count(DISTINCT k.id) AS n " + _LED_TO
_MINE = (
    """
SELECT DISTINCT c.id, c.public_id, c.number AS receipt, c.language, b.title, b.excerpt, e.answer
"""
    + _LED_TO.replace(
        "WHERE m.id",
        """JOIN contribution_version b ON b.contribution_id = c.id AND b.number = c.version
LEFT JOIN milestone_check e ON e.milestone_id = m.id AND e.contribution_id = c.id
WHERE m.id""",
    )
    + "AND (c.author_id = ? OR c.public_id IN ({marks})) ORDER BY c.id LIMIT 50"
)
_PEOPLE = (
    """
SELECT DISTINCT c.public_id AS contribution, c.number AS receipt, c.guest_address, c.language,
       p.public_id AS person, p.address, p.language AS speaks
"""
    + _LED_TO.replace("WHERE m.id", "LEFT JOIN participant p ON p.id = c.author_id\nWHERE m.id")
    + "AND (p.id IS NOT NULL OR c.guest_address IS NOT NULL)"
)


async def board(
    *, process_id: int = 0, decision_id: int = 0, only: str = "", after: str | None = None
) -> Board:
    """Read the promises of a decision, of a process, or of the whole town; some groups or one of them."""
    facts = await _facts(process_id, decision_id)
    by_standing: dict[Standing, list[_Fact]] = defaultdict(list)
    for one in sorted(facts, key=lambda one: one.rank):
        by_standing[one.standing].append(one)
    shown = [one for one in Standing if by_standing[one] and (not only or one == only)]
    cut = {one: _cut(by_standing[one], one, only=only, after=after) for one in shown}
    cards = {
        card.id: card for card in await milestones_by_id([one.id for page in cut.values() for one in page])
    }
    groups = [_group(one, by_standing[one], cut[one], cards) for one in shown]
    today = clock.local_day(clock.now())
    arrived = [one for one in facts if one.first < today or one.kept_on is not None]
    kept = [one for one in arrived if one.kept_on is not None]
    in_time = sum(one.kept_on <= one.first for one in kept if one.kept_on)
    return Board(
        counts={one: len(by_standing[one]) for one in Standing},
        groups=tuple(groups),
        places=await _places({card.decision_id for card in cards.values()}),
        arrived=len(arrived),
        in_time=in_time,
        kept_after=len(kept) - in_time,
    )


def _group(
    standing: Standing, facts: list[_Fact], shown: list[_Fact], cards: Mapping[int, MilestoneCard]
) -> Group:
    has_more = bool(shown) and shown[-1] is not facts[-1]
    return Group(
        standing=standing,
        cards=tuple(cards[one.id] for one in shown),
        total=len(facts),
        after=shown[-1].public_id if has_more else None,
    )


def _cut(facts: list[_Fact], standing: Standing, *, only: str, after: str | None) -> list[_Fact]:
    """Take the page of a group that is shown: few of those in order, all of those that are not."""
    if not only:
        return facts if standing in _IN_FULL else facts[:FEW]
    start = next((at + 1 for at, one in enumerate(facts) if one.public_id == after), 0)
    return facts[start : start + PAGE]


async def visible_promise(viewer: Viewer, public_id: str) -> PromisePage:
    """Give a promise of a published decision, to whoever looks."""
    card = await milestone_by_public_id(public_id)
    decision = await decision_by_id(card.decision_id)
    if decision.in_force is None:
        raise NotFound
    provisions = [card.provision_id] if card.provision_id else []
    articles = await articles_at(provisions, decision.in_force.id)
    return PromisePage(card, decision, articles.get(card.provision_id or 0))


async def points_behind(milestone_id: int) -> int:
    """Count the points that led to a promise."""
    (row,) = await database.rows(_POINTS, milestone_id)
    return int(row["n"])


async def my_points_behind(viewer: Viewer, milestone_id: int) -> list[Concerned]:
    """Give the viewer's own contributions that led to a promise: by their account, or by the secret code."""
    passes = sorted(viewer.passes)[:MOST_MINE]
    if viewer.participant is None and not passes:
        return []
    sql = _MINE.format(marks=marks(passes))
    return [
        Concerned(
            id=row["id"],
            public_id=row["public_id"],
            receipt=row["receipt"],
            title=row["title"] or row["excerpt"],
            language=row["language"],
            answer=UserCheck(row["answer"]) if row["answer"] else None,
        )
        for row in await database.rows(sql, milestone_id, viewer.participant or 0, *passes)
    ]


async def people_behind(milestone_id: int) -> list[dict[str, Any]]:
    """Name the people whose points led to a promise: for the job that tells them."""
    return await database.rows(_PEOPLE, milestone_id)


async def _facts(process_id: int, decision_id: int) -> list[_Fact]:
    today = clock.local_day(clock.now())
    found = await database.rows(_FACTS, process_id, process_id, decision_id, decision_id)
    return [_fact(row, today) for row in found]


def _fact(row: dict[str, Any], today: date) -> _Fact:
    progress = Progress(row["state"]) if row["state"] else Progress.PLANNED
    due = _day(row["due"])
    moved = clock.local_day(database.moment(row["moved_at"])) if row["moved_at"] else None
    return _Fact(
        id=row["id"],
        public_id=row["public_id"],
        standing=standing_of(progress, due, int(row["dates"]), today),
        first=_day(row["first"]),
        due=due,
        kept_on=moved if progress is Progress.DONE else None,
    )


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


async def _places(decision_ids: set[int]) -> dict[int, Place]:
    ids = sorted(decision_ids)
    if not ids:
        return {}
    return {
        row["id"]: Place(row["public_id"], read_json(row["title"]), read_json(row["process"]), row["slug"])
        for row in await database.rows(_PLACES.format(marks=marks(ids)), *ids)
    }
