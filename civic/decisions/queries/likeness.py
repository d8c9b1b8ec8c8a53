"""Which answers of a decision could be addressed to anybody (R8), kept and being written.

The reasons of a decision stand on a shelf in memory. It is brought up to date by what was written since,
so that looking costs the same however many there are; answers never change, and a new one is a new row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from civic.decisions.models import Outcome
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.reading import DecisionCard, read_json
from civic.decisions.similarity import Piece, Wording, pieces
from civic.decisions.twins import Match, Shelf
from civic.foundation import database
from civic.foundation.tables import Localized

T = TypeVar("T")

LONG = 4
"""Shorter words of a name or a theme ("de", "rue") are not masked: they would hide too much."""
SPEAKS_BY_ITS_TEXT = frozenset({Outcome.ADOPTED, Outcome.ALREADY})
KEPT = 32
"""Decisions whose reasons stay in memory."""

_STATE = """
SELECT coalesce(sum(d.version), 0) AS versions,
       (SELECT max(a.digest) FROM disposition_version a WHERE a.id = ?) AS digest
FROM disposition d WHERE d.decision_id = ?
"""
_WRITTEN = """
SELECT a.id, a.disposition_id, a.number, a.group_id, a.outcome, a.sentence, a.rationale, a.own_sentence,
       a.digest, k.public_id AS claim, c.author_name
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
JOIN claim k ON k.id = d.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE d.decision_id = ? AND a.id > ?
ORDER BY a.id
"""
_SILENT = """
SELECT d.id FROM disposition d
JOIN claim k ON k.id = d.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE d.decision_id = ? AND (c.visibility <> 'public' OR k.retired_at IS NOT NULL
  OR (k.origin = 'suggested' AND k.found_by_id IS NULL))
"""

_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-reasons")
"""Reasons are compared one change at a time, so that two readers never write on one shelf."""


@dataclass(slots=True)
class _Spoken:
    """The newest answer to one point, and what it says in each language."""

    key: int
    number: int
    claim: str
    group: str
    names: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def wordings(self) -> list[Wording]:
        return [Wording(self.key, self.group, said, self.names) for said in self.said]


@dataclass
class _Reasons:
    """The reasons of one decision as far as they are known here."""

    themes: tuple[str, ...]
    shelf: Shelf = field(default_factory=Shelf)
    spoken: dict[int, _Spoken] = field(default_factory=dict)
    """By place of an answer, whatever its version."""
    answered: dict[str, int] = field(default_factory=dict)
    """Places by the public id of the point."""
    claims: dict[int, str] = field(default_factory=dict)
    """Public ids of the points by the answer."""
    silent: frozenset[int] = frozenset()
    versions: int = 0
    last: int = 0
    digest: str | None = None


@dataclass(frozen=True)
class Draft:
    """A reason being written, for the points that would get it."""

    said: Mapping[str, str]
    """What it says in each language: the reason, or the sentence of an answer that gives none."""
    claims: tuple[str, ...]
    """Public ids of the points it answers: what was said to them before is not compared."""
    names: tuple[str, ...] = ()
    keeps_group: bool = False


@dataclass(frozen=True)
class Checked:
    """Whether a reason being written could be addressed to anybody, and what it repeats."""

    compared: int
    """Other answers of the decision."""
    match: Match | None = None
    language: str = ""
    twin: AnswerCard | None = None
    claim: str = ""
    """The public id of the point the twin answers."""
    mine: tuple[Piece, ...] = ()
    theirs: tuple[Piece, ...] = ()


async def generic_answers(decision: DecisionCard) -> Mapping[int, int]:
    """Find the answers that could be addressed to anybody (R8), and the answer that each repeats."""
    reasons = await _reasons(decision)
    return await _aside(reasons.shelf.found)


async def check_draft(decision: DecisionCard, draft: Draft) -> Checked | None:
    """Compare a reason being written with every other of the decision; None when it says nothing yet."""
    if not any(draft.said.values()):
        return None
    reasons = await _reasons(decision)
    found = await _aside(lambda: _compared(reasons, draft))
    if found.match is None:
        return found
    twin = (await answers_by_id([found.match.key])).get(found.match.key)
    if twin is None:
        return Checked(found.compared)
    mine, said = draft.said[found.language], _said_by(twin, found.language)
    names = _masked((*draft.names, *reasons.themes))
    return Checked(
        compared=found.compared,
        match=found.match,
        language=found.language,
        twin=twin,
        claim=found.claim,
        mine=tuple(await _aside(lambda: pieces(mine, said, names))),
        theirs=tuple(await _aside(lambda: pieces(said, mine, names))),
    )


def reason_of(
    outcome: Outcome | None, rationale: Localized, sentence: Localized, own: Localized
) -> Localized:
    """Give what an answer says in each language: its reason, or its sentence when it has none.

    A yes without a reason says nothing here: what it says stands in the article it points at.
    """
    if not rationale and outcome in SPEAKS_BY_ITS_TEXT:
        return {}
    said = rationale or sentence
    return {code: " ".join(filter(None, (words, own.get(code)))) for code, words in said.items()}


def _said_by(answer: AnswerCard, language: str) -> str:
    said = answer.answer
    found = reason_of(said.outcome, said.rationale, said.sentence, said.own_sentence)
    return found.get(language) or next(iter(found.values()), "")


def _compared(reasons: _Reasons, draft: Draft) -> Checked:
    """Look for the nearest answer to other points, in each language."""
    places = (reasons.answered.get(claim) for claim in draft.claims)
    answered = [reasons.spoken[place] for place in places if place is not None]
    group = next((one.group for one in answered if draft.keeps_group), "")
    without = frozenset(one.key for one in answered)
    names = _masked((*draft.names, *reasons.themes))
    silent = sum(place in reasons.spoken for place in reasons.silent)
    found = Checked(len(reasons.spoken) - silent - len(answered))
    for language, said in draft.said.items():
        match = reasons.shelf.nearest(Wording(0, group, said, names), without)
        if match and (found.match is None or match.likeness.jaccard > found.match.likeness.jaccard):
            found = Checked(found.compared, match, language, claim=reasons.claims[match.key])
    return found


async def _reasons(decision: DecisionCard) -> _Reasons:
    """Bring what is known of the reasons of a decision up to date: three queries, whatever their number.

    What a transaction has written may yet be undone: it is put on a shelf of its own.
    """
    themes = tuple(words for issue in decision.issues for words in issue.title.values())
    place = _known(decision.public_id)
    held = place[0] if place and place[0].themes == themes else _Reasons(themes)
    (state,) = await database.rows(_STATE, held.last, decision.id)
    if state["digest"] != held.digest:
        held = _Reasons(themes)
    rows = await database.rows(_WRITTEN, decision.id, held.last)
    silent = frozenset(row["id"] for row in await database.rows(_SILENT, decision.id))
    if held.versions + _steps(held, rows) < state["versions"]:
        held = _Reasons(themes)
        rows = await database.rows(_WRITTEN, decision.id, 0)
    is_apart = database.in_transaction() and (bool(rows) or silent != held.silent)
    if is_apart and held.last:
        held = _Reasons(themes)
        rows = await database.rows(_WRITTEN, decision.id, 0)
    await _aside(lambda: _bring_up(held, rows, silent))
    if not is_apart:
        place[:] = [held]
    return held


@lru_cache(maxsize=KEPT)
def _known(decision: str) -> list[_Reasons]:
    """Keep the reasons of a decision between two looks."""
    return []


def _steps(held: _Reasons, rows: Iterable[Mapping[str, Any]]) -> int:
    """Count the versions that new rows stand for: an answer may have been written twice meanwhile."""
    numbers = {key: one.number for key, one in held.spoken.items()}
    return sum(row["number"] - numbers.get(row["disposition_id"], 0) for row in rows)


def _bring_up(held: _Reasons, rows: Sequence[Mapping[str, Any]], silent: frozenset[int]) -> None:
    """Put new answers on the shelf, take replaced and silent ones off."""
    fresh = {}
    for row in rows:
        before = held.spoken.get(row["disposition_id"])
        if before is None or before.number < row["number"]:
            held.versions += row["number"] - (before.number if before else 0)
            fresh[row["disposition_id"]] = _spoken(row, held.themes)
            held.last, held.digest = max((held.last, held.digest), (row["id"], row["digest"]), key=_first)
    leaving = {*fresh, *(silent - held.silent)} & held.spoken.keys()
    gone = [held.spoken[place] for place in leaving]
    back = [key for key in held.silent - silent if key in held.spoken and key not in fresh]
    for place in fresh.keys() & leaving:
        held.claims.pop(held.spoken[place].key, None)
    held.spoken.update(fresh)
    held.answered.update({one.claim: place for place, one in fresh.items()})
    held.claims.update({one.key: one.claim for one in fresh.values()})
    coming = [held.spoken[key] for key in (*fresh, *back) if key not in silent]
    held.silent = silent
    _reshelve(held, gone, coming)


def _first(pair: tuple[int, str | None]) -> int:
    return pair[0]


def _reshelve(held: _Reasons, gone: Iterable[_Spoken], coming: Sequence[_Spoken]) -> None:
    if 2 * len(coming) > len(held.spoken):
        live = [one for place, one in held.spoken.items() if place not in held.silent]
        held.shelf = Shelf(wording for one in live for wording in one.wordings)
        return
    for one in gone:
        held.shelf.remove(one.key)
    for one in coming:
        for wording in one.wordings:
            held.shelf.add(wording)


def _spoken(row: Mapping[str, Any], themes: tuple[str, ...]) -> _Spoken:
    said = reason_of(
        row["outcome"],
        read_json(row["rationale"]),
        read_json(row["sentence"]),
        read_json(row["own_sentence"]),
    )
    return _Spoken(
        key=row["id"],
        number=row["number"],
        claim=row["claim"],
        group=f"group {row['group_id']}" if row["group_id"] else f"answer {row['disposition_id']}",
        names=_masked((row["author_name"], *themes)),
        said=tuple(said.values()),
    )


def _masked(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for name in names for word in name.split() if len(word) >= LONG)


async def _aside(act: Callable[[], T]) -> T:
    """Do something with the shelves, off the event loop and one at a time."""
    return await asyncio.get_running_loop().run_in_executor(_reader, act)
