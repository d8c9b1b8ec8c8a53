"""Which answers of a decision could be addressed to anybody (R8)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from civic.decisions.gates import Point
from civic.decisions.queries.reading import DecisionCard, read_json
from civic.decisions.similarity import Wording, twins
from civic.foundation import database

_WORDINGS = """
SELECT a.id, a.disposition_id, a.group_id, a.sentence, a.rationale, a.own_sentence, c.author_name
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
JOIN claim k ON k.id = d.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE d.decision_id = ?
"""


async def generic_answers(decision: DecisionCard, points: Iterable[Point]) -> Mapping[int, int]:
    """Find the answers that could be addressed to anybody (R8), off the event loop and once per change."""
    live = frozenset(one.answer_id for one in points if one.answer_id is not None and not one.is_withdrawn)
    if len(live) < 2:
        return {}
    known = _known(live)
    if not known:
        written = await database.rows(_WORDINGS, decision.id)
        themes = tuple(words for issue in decision.issues for words in issue.title.values())
        given = [wording for row in written if row["id"] in live for wording in _wordings(row, themes)]
        known.append(await asyncio.to_thread(_twins, given))
    return known[0]


@lru_cache(maxsize=64)
def _known(answers: frozenset[int]) -> list[Mapping[int, int]]:
    """Keep what was found for one set of answers: an answer never changes, a new one is another set."""
    return []


def _wordings(row: Mapping[str, Any], themes: tuple[str, ...]) -> list[Wording]:
    """Give what an answer says in each language: its reason, or its sentence when it has none."""
    sentence, rationale = read_json(row["sentence"]), read_json(row["rationale"])
    own = read_json(row["own_sentence"])
    group = f"group {row['group_id']}" if row["group_id"] else f"answer {row['disposition_id']}"
    masked = (row["author_name"], *themes)
    return [
        Wording(row["id"], group, " ".join(filter(None, (said, own.get(language)))), masked)
        for language, said in (rationale or sentence).items()
    ]


def _twins(wordings: list[Wording]) -> Mapping[int, int]:
    return twins(wordings)
