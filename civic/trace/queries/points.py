"""Where points stand: their words, what was understood, what was answered; one set of queries for all."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from civic.contributions import queries as contributions
from civic.contributions.queries import VOICES, ClaimCard
from civic.decisions import queries as decisions
from civic.decisions.queries import (
    FAMILY_OF,
    Family,
    MilestoneCard,
    Outcome,
    OutcomeCard,
    ProposedPoint,
    ReactionCard,
)
from civic.foundation import database
from civic.foundation.tables import Localized
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import (
    AS_SIGNED,
    COUNTED,
    NEWEST,
    STANCE,
    QuestionCard,
    Understanding,
)

Row = dict[str, Any]
Key = TypeVar("Key")

RANKS = (Family.NO, Family.PART, Family.ELSE, Family.YES, Family.NOTE)
"""In which order answers are read: bad news first."""
LAST = len(RANKS)


@dataclass(frozen=True)
class Imported:
    """What became of a point elsewhere, as an import said: not decided here."""

    outcome: Outcome | None
    reason: str
    provision: str
    milestone: str
    decided_on: dt.date | dt.datetime | None
    decided_by: str
    source: str


@dataclass(frozen=True)
class ThemeCard:
    """The theme a point belongs to: how many others say so too, and how many object."""

    public_id: str
    title: Localized
    concern: Localized
    points: int
    people: int
    objections: int
    synthesis: str
    """The public id of the synthesis that shows it."""
    edition: int
    told_in: Localized
    """The title of that edition."""


@dataclass(frozen=True)
class PointCard:
    """One point and all that became of it."""

    claim: ClaimCard
    outcome: OutcomeCard | None = None
    imported: Imported | None = None
    questions: tuple[QuestionCard, ...] = ()
    themes: tuple[ThemeCard, ...] = ()
    promises: tuple[MilestoneCard, ...] = field(default=())
    before: tuple[OutcomeCard, ...] = ()
    """The answers that were in force before this one, newest first."""
    proposed: ProposedPoint | None = None
    """What the newest draft proposes, open for reactions or not."""
    reactions: tuple[ReactionCard, ...] = ()
    """What the author said of drafts, newest first: for them alone."""
    understood: Understanding | None = None
    """What the author said of the point as it was restated, or that they said nothing."""

    @property
    def number(self) -> int:
        return self.claim.number

    @property
    def anchor(self) -> str:
        return f"p{self.claim.number}"

    @property
    def code(self) -> str:
        """The code of its label: an outcome, *withdrawn*, or *none* while nothing is published."""
        if self.claim.reads_as_withdrawn:
            return "withdrawn"
        return str(self.outcome.outcome) if self.outcome else "none"

    @property
    def family(self) -> Family | None:
        return FAMILY_OF.get(Outcome(self.code)) if self.code != "none" else None

    @property
    def rank(self) -> tuple[int, int]:
        """Refusals come first, unanswered points last."""
        return (RANKS.index(self.family) if self.family else LAST, self.number)

    @property
    def waiting(self) -> QuestionCard | None:
        """The clarifying question that has no answer yet."""
        return next((one for one in self.questions if one.is_open), None)


_IMPORTED = """
SELECT claim_id, outcome, reason, provision, milestone, decided_on, decided_by, source
FROM imported_outcome WHERE claim_id IN ({marks})
"""
_LINKS = f"""
SELECT l.claim_id, v.theme_id
FROM synthesis_edition e
JOIN synthesis_theme y ON y.edition_id = e.id
JOIN theme_version v ON v.id = y.theme_version_id
JOIN theme_link l ON l.theme_id = v.theme_id
WHERE l.claim_id IN ({{marks}}) AND {NEWEST} AND {AS_SIGNED} ORDER BY y.position
"""  # noqa: S608 - constants only
"""Only themes that a published synthesis shows: what is being sorted is for the desk."""
_THEMES = f"""
SELECT v.theme_id AS id, t.public_id, CAST(v.title AS TEXT) AS title,
       CAST(v.concern AS TEXT) AS concern, s.public_id AS synthesis, e.number AS edition,
       CAST(e.title AS TEXT) AS told_in, count(k.id) AS points,
       {VOICES} AS people,
       coalesce(sum(CASE WHEN {STANCE} = 'against' THEN 1 ELSE 0 END), 0) AS objections
FROM synthesis_edition e
JOIN synthesis s ON s.id = e.synthesis_id
JOIN synthesis_issue i ON i.synthesis_id = e.synthesis_id
JOIN synthesis_theme y ON y.edition_id = e.id
JOIN theme_version v ON v.id = y.theme_version_id
JOIN theme t ON t.id = v.theme_id
JOIN theme_link l ON l.theme_id = t.id
JOIN claim k ON k.id = l.claim_id
JOIN contribution c ON c.id = k.contribution_id AND c.visibility = 'public' AND c.issue_id = i.issue_id
WHERE t.id IN ({{marks}}) AND {COUNTED} AND {NEWEST} AND {AS_SIGNED}
GROUP BY v.theme_id, t.public_id, y.id, s.public_id, e.number, CAST(e.title AS TEXT),
         CAST(v.title AS TEXT), CAST(v.concern AS TEXT)
"""  # noqa: S608 - constants only


async def points_of(
    claims: Sequence[ClaimCard], *, in_full: bool = True, with_situations: bool = False
) -> list[PointCard]:
    """Give what became of some points, in their order; with their themes and promises when in full."""
    ids = [claim.id for claim in claims]
    if not ids:
        return []
    published = await decisions.cards_of(ids, with_situations=with_situations)
    outcomes = {one.claim.id: one for one in published if one.is_in_force}
    imported = {row["claim_id"]: _imported(row) for row in await _fetch(_IMPORTED, ids)}
    questions = await synthesis.questions_of(ids)
    understood = await synthesis.understanding_of(ids)
    proposed = await decisions.proposed_for_claims(ids)
    reactions = await decisions.reactions_of_claims(proposed)
    themes = await _themes(ids) if in_full else {}
    promises = await _promises(outcomes.values()) if in_full else {}
    return [
        PointCard(
            claim=claim,
            outcome=outcomes.get(claim.id),
            before=tuple(one for one in published if one.claim.id == claim.id and not one.is_in_force),
            imported=imported.get(claim.id),
            questions=tuple(questions.get(claim.id, ())),
            themes=tuple(themes.get(claim.id, ())),
            understood=understood.get(claim.id),
            proposed=None if claim.reads_as_withdrawn else proposed.get(claim.id),
            reactions=tuple(reactions.get(claim.id, ())),
            promises=tuple(
                promise
                for article in (outcomes[claim.id].answer.articles if claim.id in outcomes else ())
                for promise in promises.get(article.provision_id, ())
            ),
        )
        for claim in claims
    ]


async def claims_by_contribution(contribution_ids: Collection[int]) -> dict[int, list[ClaimCard]]:
    """Give the live points of several contributions with their words."""
    rows = await _fetch(_CLAIM_IDS, list(contribution_ids))
    cards = await contributions.claims_by_id([row["id"] for row in rows])
    found: dict[int, list[ClaimCard]] = defaultdict(list)
    for card in sorted(cards.values(), key=lambda one: one.number):
        found[card.contribution_id].append(card)
    return found


_CLAIM_IDS = """
SELECT id FROM claim WHERE contribution_id IN ({marks}) AND retired_at IS NULL AND kind <> 'situation'
"""


async def _themes(ids: Sequence[int]) -> dict[int, list[ThemeCard]]:
    links = await _fetch(_LINKS, ids)
    known = {
        row["id"]: _theme(row) for row in await _fetch(_THEMES, sorted({row["theme_id"] for row in links}))
    }
    found: dict[int, list[ThemeCard]] = defaultdict(list)
    for row in links:
        if row["theme_id"] in known:
            found[row["claim_id"]].append(known[row["theme_id"]])
    return found


async def _promises(outcomes: Iterable[OutcomeCard]) -> dict[int, list[MilestoneCard]]:
    """Give the promises of the articles, by article; the points of one contribution share a decision."""
    found: dict[int, list[MilestoneCard]] = defaultdict(list)
    for decision_id in sorted({card.stated.decision_id for card in outcomes if card.answer.articles}):
        for promise in await decisions.milestones_of(decision_id):
            if promise.provision_id is not None:
                found[promise.provision_id].append(promise)
    return found


def _imported(row: Row) -> Imported:
    return Imported(
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=row["reason"],
        provision=row["provision"],
        milestone=row["milestone"],
        decided_on=_when(row["decided_on"]),
        decided_by=row["decided_by"],
        source=row["source"],
    )


def _when(written: str) -> dt.date | dt.datetime | None:
    if not written:
        return None
    return dt.date.fromisoformat(written) if len(written) == 10 else dt.datetime.fromisoformat(written)


def _theme(row: Row) -> ThemeCard:
    return ThemeCard(
        public_id=row["public_id"],
        title=read_json(row["title"]),
        concern=read_json(row["concern"]),
        points=int(row["points"]),
        people=int(row["people"]),
        objections=int(row["objections"]),
        synthesis=row["synthesis"],
        edition=int(row["edition"]),
        told_in=read_json(row["told_in"]),
    )


def read_json(value: object) -> Localized:
    """Read an official text that came out of a query."""
    return cast(Localized, json.loads(value) if isinstance(value, (str, bytes)) else value)


async def _fetch(sql: str, keys: Sequence[int]) -> list[Row]:
    if not keys:
        return []
    return await database.rows(sql.format(marks=", ".join("?" * len(keys))), *keys)
