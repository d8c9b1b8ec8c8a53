"""The reasons of a decision as one document: its answers, article by article, in parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from civic.decisions.queries.outcomes import OutcomeCard, OutcomeFilter, cards_of, count_outcomes
from civic.decisions.queries.reading import ArticleCard
from civic.foundation import database

PART = 250
"""Points in one part of the document: about a hundred pages, made in a second or two."""
PIECE = 25
"""Points written at once: others are served between two pieces."""
_ROUND = 50
_NOWHERE = 2**31 - 1

_IN_ORDER = """
SELECT k.id AS claim_id,
       CASE WHEN c.visibility <> 'public' THEN 2147483647 ELSE coalesce((
           SELECT min(p.position) FROM provision_link l JOIN provision p ON p.id = l.provision_id
           JOIN provision_version w ON w.provision_id = p.id
           JOIN published_provision x ON x.provision_version_id = w.id
           WHERE l.version_id = a.id AND x.decision_version_id = o.decision_version_id), 2147483647)
       END AS place
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE o.decision_version_id = ?
ORDER BY 2, CASE WHEN c.visibility <> 'public' THEN 9
                 ELSE CASE a.outcome WHEN 'declined' THEN 0 WHEN 'out_of_scope' THEN 0 WHEN 'partly' THEN 1
                                     WHEN 'deferred' THEN 2 WHEN 'referred' THEN 2 WHEN 'noted' THEN 4
                                     ELSE 3 END END,
         coalesce(a.group_id, 0), c.submitted_at, k.id
LIMIT ? OFFSET ?
"""


class Reader(Protocol):
    """How the answers of a version are read: published ones, or signed ones that wait."""

    async def __call__(self, claim_ids: Collection[int], *, at_version: int) -> list[OutcomeCard]: ...


@dataclass(frozen=True)
class Told:
    """One answer with the points it is given to: a reason that serves many points is written once."""

    cards: tuple[OutcomeCard, ...]

    @property
    def card(self) -> OutcomeCard:
        return self.cards[0]


@dataclass(frozen=True)
class Section:
    """Some answers under the article that carries them, or under none."""

    article: ArticleCard | None
    is_first: bool
    told: tuple[Told, ...]


@dataclass(frozen=True)
class ReasonsPart:
    """One part of the document: which points it holds, and how many parts there are."""

    number: int
    parts: int
    points: int
    first: int
    sections: tuple[Section, ...]

    @property
    def last(self) -> int:
        return self.first - 1 + sum(len(one.cards) for section in self.sections for one in section.told)


async def reasons_part(
    version_id: int, articles: Sequence[ArticleCard], number: int = 1, *, read: Reader = cards_of
) -> ReasonsPart | None:
    """Give one part of the answers of a version, article by article, refusals first; None past the last."""
    points = await count_outcomes(version_id, OutcomeFilter())
    parts = max(1, -(-points // PART))
    if not 1 <= number <= parts:
        return None
    start = (number - 1) * PART
    rows = await database.rows(_IN_ORDER, version_id, PART, start)
    cards: dict[int, OutcomeCard] = {}
    for at in range(0, len(rows), _ROUND):
        wanted = [row["claim_id"] for row in rows[at : at + _ROUND]]
        cards |= {one.claim.id: one for one in await read(wanted, at_version=version_id)}
    placed = [(int(row["place"]), cards[row["claim_id"]]) for row in rows if row["claim_id"] in cards]
    return ReasonsPart(number, parts, points, start + 1, tuple(_sections(placed, articles)))


def _sections(
    placed: Iterable[tuple[int, OutcomeCard]], articles: Sequence[ArticleCard]
) -> Iterator[Section]:
    by_place = {one.position: one for one in reversed(articles)}
    for place, found in groupby(placed, key=lambda one: one[0]):
        told: list[Told] = []
        size, is_first = 0, True
        for one in _together(card for _, card in found):
            if told and size + len(one.cards) > PIECE:
                yield Section(by_place.get(place), is_first, tuple(told))
                told, size, is_first = [], 0, False
            told.append(one)
            size += len(one.cards)
        yield Section(by_place.get(place), is_first, tuple(told))


def _together(cards: Iterable[OutcomeCard]) -> Iterator[Told]:
    """Put points side by side that got the same answer, word for word; at most a piece at once."""
    waiting: list[OutcomeCard] = []
    for card in cards:
        if waiting and (len(waiting) >= PIECE or _says(card) != _says(waiting[0])):
            yield Told(tuple(waiting))
            waiting = []
        waiting.append(card)
    if waiting:
        yield Told(tuple(waiting))


def _says(card: OutcomeCard) -> object:
    """Give what makes an answer the same as another: nothing does without a group, or once it is hidden."""
    if card.is_withdrawn or card.answer.group is None:
        return card.claim.id
    one = card.answer
    people = one.drafted_by, one.approved_by
    return card.answer.group.id, repr(one.answer), one.articles, people, card.published_at
