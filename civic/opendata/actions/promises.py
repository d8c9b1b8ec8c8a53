"""Make the promises that the rows of a sheet name in their column `milestone`, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic import settings
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.forms import PromiseDraft
from civic.decisions.queries import ArticleCard, DecisionCard, MilestoneCard
from civic.foundation import text
from civic.foundation.errors import N_, CivicError, Message
from civic.foundation.viewer import Viewer
from civic.opendata import grid
from civic.opendata.actions.composing import Line, articles_named
from civic.opendata.grid import Problem

_NO_DAY = N_("Begin with the day on which it is due, as in “2027-03-01 Two benches”.")
_NO_OWNER = N_("Say who does what is promised.")
_NO_ARTICLE = N_("Name the article that carries this promise.")


@dataclass(frozen=True)
class Promised:
    """A promise to be made in a decision."""

    decision: DecisionCard
    draft: PromiseDraft


async def promises_in(
    decision: DecisionCard, lines: Sequence[tuple[Line, Sequence[ArticleCard]]]
) -> tuple[list[Promised], list[Problem]]:
    """Find what the rows of one decision promise that nobody promised yet, and what is wrong with it."""
    asked = [(line, articles) for line, articles in lines if line.has_promise]
    known = await decided.milestones_of(decision.id) if asked else []
    made: dict[tuple[str, str, str], Promised] = {}
    problems: list[Problem] = []
    for line, articles in asked:
        draft = _draft(line, articles)
        if isinstance(draft, Problem):
            problems.append(draft)
        elif not any(_is_same(draft, one, articles) for one in known):
            words = " ".join(draft.promise.values())
            made.setdefault((draft.due_on, draft.provision, words), Promised(decision, draft))
    return list(made.values()), problems


async def promise_all(official: Viewer, promises: Sequence[Promised]) -> None:
    """Promise one thing after the other, as the page of the promises does."""
    for one in promises:
        await decisions.promise(official, one.decision, one.draft)


def _draft(line: Line, articles: Sequence[ArticleCard]) -> PromiseDraft | Problem:
    row, owner = line.said.row, str(line.said.details.get("owner", ""))
    due_on, words = grid.promise(line.said.milestone)
    if due_on is None:
        return Problem(Message(_NO_DAY), row, "milestone")
    if not owner:
        return Problem(Message(_NO_OWNER), row, "owner")
    try:
        named = articles_named(line.said, articles)
    except CivicError as error:
        return Problem(error.message, row, "provision")
    if not named:
        return Problem(Message(_NO_ARTICLE), row, "provision")
    detected = text.detect_language(words)
    spoken = settings.current().languages
    return PromiseDraft(
        promise={detected if detected in spoken else spoken[0]: words},
        owner=owner,
        due_on=due_on.isoformat(),
        provision=named[0],
    )


def _is_same(draft: PromiseDraft, known: MilestoneCard, articles: Sequence[ArticleCard]) -> bool:
    """Tell whether somebody promised this already, in this article and for this day."""
    article = next((one for one in articles if one.public_id == draft.provision), None)
    days = {one.due_on.isoformat() for one in known.dates}
    words = {said[: grid.MAX_CELL["milestone"]] for said in known.promise.values()}
    return (
        article is not None
        and article.provision_id == known.provision_id
        and draft.due_on in days
        and not words.isdisjoint(draft.promise.values())
    )
