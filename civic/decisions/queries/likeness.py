"""Which answers of a decision could be addressed to anybody (R8)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from civic.decisions.gates import Point
from civic.decisions.models import Outcome
from civic.decisions.queries.reading import DecisionCard, read_json
from civic.decisions.similarity import Wording
from civic.decisions.twins import twins
from civic.foundation import database

LONG = 4
"""Shorter words of a name or a theme ("de", "rue") are not masked: they would hide too much."""
SPEAKS_BY_ITS_TEXT = frozenset({Outcome.ADOPTED, Outcome.ALREADY})

_WORDINGS = """
SELECT a.id, a.disposition_id, a.group_id, a.outcome, a.sentence, a.rationale, a.own_sentence, c.author_name
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
    known = _known(decision.public_id, live)
    if not known:
        written = await database.rows(_WORDINGS, decision.id)
        themes = tuple(words for issue in decision.issues for words in issue.title.values())
        given = [wording for row in written if row["id"] in live for wording in _wordings(row, themes)]
        known.append(await asyncio.to_thread(twins, given))
    return known[0]


@lru_cache(maxsize=64)
def _known(decision: str, answers: frozenset[int]) -> list[Mapping[int, int]]:
    """Keep what was found for one set of answers: an answer never changes, a new one is another set."""
    return []


def _wordings(row: Mapping[str, Any], themes: tuple[str, ...]) -> list[Wording]:
    """Give what an answer says in each language: its reason, or its sentence when it has none.

    A yes without a reason is left out: what it says stands in the article it points at.
    """
    sentence, rationale = read_json(row["sentence"]), read_json(row["rationale"])
    own = read_json(row["own_sentence"])
    if not rationale and row["outcome"] in SPEAKS_BY_ITS_TEXT:
        return []
    group = f"group {row['group_id']}" if row["group_id"] else f"answer {row['disposition_id']}"
    masked = [word for name in (row["author_name"], *themes) for word in name.split() if len(word) >= LONG]
    return [
        Wording(row["id"], group, " ".join(filter(None, (said, own.get(language)))), tuple(masked))
        for language, said in (rationale or sentence).items()
    ]
