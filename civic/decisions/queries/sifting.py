"""Which points of a desk are asked for: by state, question, outcome, words, and who answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.contributions.models import Kind
from civic.decisions.gates import CAME_BACK, Desk, Point, PointState
from civic.decisions.models import SavedFilter
from civic.decisions.queries.reactions import objected
from civic.decisions.queries.reading import DecisionCard
from civic.foundation import search
from civic.foundation.aside import aside
from civic.foundation.formdata import FormData
from civic.foundation.viewer import Viewer
from civic.synthesis import queries as synthesis

_LONGEST = 120
BACK = "back"
"""The filter for all that came back to whoever writes the answers."""
SITUATIONS = "situations"
"""The filter for particular situations."""
OBJECTED = "objected"
"""The filter for points whose author says that what a draft proposes is not right."""
NOBODY = "nobody"
"""The filter for points that were given to nobody."""


@dataclass(frozen=True)
class PointFilter:
    """What the desk shows; kept in the address."""

    state: str = ""
    issue: str = ""
    outcome: str = ""
    late: bool = False
    query: str = ""
    who: str = ""
    """The public id of whoever the points were given to, or `nobody`."""
    theme: str = ""


@dataclass(frozen=True)
class FilterCard:
    """A filter an official keeps under a name; `query` is its part of the address."""

    public_id: str
    name: str
    query: str


def read_filter(asked: FormData) -> PointFilter:
    """Read which points of a desk are asked for."""
    return PointFilter(
        state=asked.value("state")[:_LONGEST],
        issue=asked.value("issue")[:_LONGEST],
        outcome=asked.value("outcome")[:_LONGEST],
        late=asked.value("late") == "1",
        query=asked.value("q")[:_LONGEST],
        who=asked.value("who")[:_LONGEST],
        theme=asked.value("theme")[:_LONGEST],
    )


def spoken_filter(only: PointFilter) -> str:
    """Write a filter as the questions of an address; empty when everything is asked for."""
    asked = {
        "state": only.state,
        "issue": only.issue,
        "outcome": only.outcome,
        "late": "1" if only.late else "",
        "q": only.query,
        "who": only.who,
        "theme": only.theme,
    }
    return urlencode({name: value for name, value in asked.items() if value})


async def matching(decision: DecisionCard, desk: Desk, only: PointFilter) -> list[Point]:
    """List the points a filter asks for, oldest first, without those that owe nothing."""
    return [one for one in await sift(decision, desk, only) if not one.is_withdrawn]


async def sift(decision: DecisionCard, desk: Desk, only: PointFilter) -> list[Point]:
    """List the points a filter asks for, oldest first."""
    said = await _saying(decision, only.query) if only.query else None
    issue = next((one.id for one in decision.issues if one.public_id == only.issue), None)
    themed = await synthesis.claims_in_theme(decision.process.id, only.theme) if only.theme else None
    kept = [one for one in desk.points if themed is None or one.claim_id in themed]
    if only.state == OBJECTED:
        against, only = await objected(decision.id), replace(only, state="")
        kept = [one for one in kept if one.claim_id in against]
    return await aside(lambda: [one for one in kept if _is_kept(one, desk, only, issue, said)])


async def colleagues_on(decision: DecisionCard) -> list[PersonCard]:
    """Name those who write the answers of a decision, each once."""
    found: dict[int, PersonCard] = {}
    for role in ("official", "decision_maker"):
        found |= {one.id: one for one in await accounts.holders(role, decision.process.public_id)}
    return sorted(found.values(), key=lambda one: one.name.casefold())


async def filters_of(viewer: Viewer, decision: DecisionCard) -> list[FilterCard]:
    """Give the filters somebody keeps for a decision, by name."""
    rows = await SavedFilter.filter(
        participant_id=viewer.participant, decision_id=decision.id, dropped_at__isnull=True
    ).order_by("name")
    return [FilterCard(one.public_id, one.name, one.query) for one in rows]


def _is_kept(
    point: Point, desk: Desk, only: PointFilter, issue: int | None, said: frozenset[str] | None
) -> bool:
    return (
        (_stands(point, desk.states(point), only.state) if only.state else not point.is_withdrawn)
        and (issue is None or point.issue_id == issue)
        and (not only.outcome or point.outcome == only.outcome)
        and (not only.late or point.is_late)
        and (not only.who or (point.assigned_to or NOBODY) == only.who)
        and (said is None or point.contribution in said)
    )


def _stands(point: Point, states: Sequence[PointState], asked: str) -> bool:
    """Tell whether a point is among those asked for; one held back twice is found under both."""
    if asked == SITUATIONS:
        return point.is_situation
    return states[0] in CAME_BACK if asked == BACK else asked in states


async def _saying(decision: DecisionCard, query: str) -> frozenset[str]:
    """Name the contributions whose words hold what is searched for."""
    keys = await search.keys(query, kinds=[str(kind) for kind in Kind], process=decision.process.public_id)
    return frozenset(key.partition("/")[2] for key in keys)
