"""An answer as one version of the decision states it: an address that never shows anything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from civic.decisions.queries.outcomes import (
    OutcomeCard,
    OutcomeFilter,
    answers_stated_by,
    cards_of,
    filtered,
    history_of_claim,
    may_be_read,
)
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.viewer import Viewer

MOST = 2**31 - 1
PIECE = 100
"""Answers made at once: others are served between two pieces."""


@dataclass(frozen=True)
class Statement:
    """A version of the decision that states an answer to a point."""

    number: int
    version_id: int
    claim_id: int
    answer_id: int
    released_at: datetime


@dataclass(frozen=True)
class Permalink:
    """The answer to a point at one version, and what the newest version makes of it."""

    card: OutcomeCard
    number: int
    newest: int
    statements: tuple[Statement, ...]

    @property
    def is_superseded(self) -> bool:
        """Whether the decision was published again since."""
        return self.newest > self.number

    @property
    def successor(self) -> Statement | None:
        """The newest version that states an answer to this point, if it came after this one."""
        last = self.statements[-1]
        return last if last.number > self.number else None

    @property
    def is_kept(self) -> bool:
        """Whether the newest version states the same answer, word for word; its articles may differ."""
        last = self.successor
        return last is not None and last.number == self.newest and last.answer_id == self.card.answer.id


_STATEMENTS = """
SELECT v.number, v.id AS version_id, o.claim_id, o.disposition_version_id AS answer_id, r.released_at,
       (SELECT max(w.number) FROM decision_version w JOIN decision_release x ON x.version_id = w.id
        WHERE w.decision_id = s.decision_id) AS newest
FROM disposition s
JOIN published_outcome o ON o.claim_id = s.claim_id
JOIN decision_version v ON v.id = o.decision_version_id AND v.decision_id = s.decision_id
JOIN decision_release r ON r.version_id = v.id
WHERE s.public_id = ? ORDER BY v.number
"""
_PIECE = "SELECT o.claim_id {stated} AND o.claim_id > ?"
_ROUND = " ORDER BY o.claim_id LIMIT ?"


async def permalink(public_id: str, number: int | None = None, *, viewer: Viewer | None = None) -> Permalink:
    """Give the answer as a version of the decision states it; the newest that does, without a number.

    Raises NotFound where that version states nothing about the point, and for an answer to a situation
    statement unless the viewer is its author or works on it.
    """
    found = await database.rows(_STATEMENTS, public_id) if is_key(public_id) else []
    statements = tuple(
        Statement(
            row["number"],
            row["version_id"],
            row["claim_id"],
            row["answer_id"],
            database.moment(row["released_at"]),
        )
        for row in found
    )
    wanted = [one for one in statements if number is None or one.number == number]
    if not wanted:
        raise NotFound
    last = wanted[-1]
    cards = await cards_of([last.claim_id], at_version=last.version_id, with_situations=viewer is not None)
    if not cards or (viewer is not None and not may_be_read(viewer, cards[0])):
        raise NotFound
    return Permalink(cards[0], last.number, int(found[0]["newest"]), statements)


async def former_answers(link: Permalink) -> list[OutcomeCard]:
    """Give the other answers published for the point of a permalink its reader may read, newest first."""
    history = await history_of_claim(link.card.claim.id, with_situations=True)
    return [one for one in history if one.answer.id != link.card.answer.id]


async def states_claim(version_id: int, claim: str) -> bool:
    """Tell whether a version states an answer to the point of this public id."""
    return bool(
        await database.rows(f"SELECT 1 AS one {answers_stated_by()} AND k.public_id = ?", version_id, claim)
    )


async def every_outcome(version_id: int, only: OutcomeFilter) -> AsyncIterator[list[OutcomeCard]]:
    """Give all the answers of a version that a filter keeps, a piece at a time, in the order they came in."""
    where, params = filtered(only)
    sql = _PIECE.format(stated=answers_stated_by()) + where + _ROUND
    # The values follow the question marks: the version, the last point given, the filter, the limit.
    last = 0
    while found := await database.rows(sql, version_id, last, *params, PIECE):
        last = found[-1]["claim_id"]
        cards = await cards_of([row["claim_id"] for row in found], at_version=version_id)
        yield sorted(cards, key=lambda one: one.claim.id)
