"""Themes on the drafting desk: how far each is answered, and what stands beside an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.decisions.gates import Desk, PointState
from civic.decisions.queries.desk import PointRow, rows_of
from civic.decisions.queries.reading import DecisionCard
from civic.foundation import database
from civic.foundation.tables import Localized
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import ThemeCard

_LINKED = """
SELECT d.claim_id FROM provision_link l
JOIN provision p ON p.id = l.provision_id
JOIN disposition_version a ON a.id = l.version_id
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
WHERE p.public_id = ? AND p.decision_id = ?
"""
MOST_BESIDE = 60
"""Points that are listed beside an article."""
_TO_ANSWER = frozenset({PointState.UNANSWERED, PointState.AGAIN})


@dataclass(frozen=True)
class ThemeOnDesk:
    """A theme with its points on this desk: how many, and how many wait for an answer."""

    public_id: str
    title: Localized
    points: int
    unanswered: int


@dataclass(frozen=True)
class Beside:
    """What stands beside an article that is being drafted."""

    points: tuple[PointRow, ...]
    count: int
    themes: tuple[ThemeCard, ...]
    situations: int
    """Particular situations whose answer is carried by this article: for the desk alone."""


async def themes_on(decision: DecisionCard, desk: Desk) -> list[ThemeOnDesk]:
    """Say how far the themes of a process are answered in a decision; two queries."""
    of_claim = await synthesis.themes_by_claim(decision.process.id)
    points: dict[str, list[bool]] = {}
    for one in desk.points:
        if not one.is_withdrawn and not one.is_situation:
            for theme in of_claim.get(one.claim_id, ()):
                points.setdefault(theme, []).append(desk.state(one) in _TO_ANSWER)
    return [
        ThemeOnDesk(one.public_id, one.title, len(points[one.public_id]), sum(points[one.public_id]))
        for one in await synthesis.theme_titles(decision.process.id)
        if one.public_id in points
    ]


async def beside(decision: DecisionCard, article: str, desk: Desk) -> Beside:
    """Gather the points an article carries, the themes they stand in, and the situations it touches."""
    claims = {row["claim_id"] for row in await database.rows(_LINKED, article, decision.id)}
    linked = [one for one in desk.points if one.claim_id in claims and not one.is_withdrawn]
    open_points = [one for one in linked if not one.is_situation]
    named = await synthesis.themes_of_claims([one.claim_id for one in open_points])
    wanted = {name.public_id for names in named.values() for name in names}
    return Beside(
        points=tuple(await rows_of(desk, open_points[:MOST_BESIDE])),
        count=len(open_points),
        themes=tuple(_kept(await synthesis.themes_of(decision.process.id), wanted)),
        situations=len(linked) - len(open_points),
    )


def _kept(themes: Sequence[ThemeCard], wanted: set[str]) -> list[ThemeCard]:
    return [one for one in themes if one.public_id in wanted]
