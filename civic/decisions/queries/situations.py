"""Situations considered: only how many, never fewer than five people, and always in round fives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from civic.contributions import queries as contributions
from civic.contributions.forms import SituationWords
from civic.decisions.models import Accommodation
from civic.decisions.queries.reading import marks, read_json
from civic.foundation import database

LEAST = 5
"""People below which nothing is said; counts are rounded down to it, so that no subtraction finds anybody."""

_CONSIDERED = """
SELECT k.id, a.details, p.eid, coalesce(CAST(c.author_id AS TEXT), c.guest_address, c.author_name) AS who
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id
JOIN claim k ON k.id = d.claim_id AND k.kind = 'situation'
JOIN contribution c ON c.id = k.contribution_id AND c.visibility = 'public'
LEFT JOIN provision_link l ON l.version_id = a.id
LEFT JOIN provision p ON p.id = l.provision_id
WHERE a.id IN ({marks})
"""
_OF_VERSION = """
SELECT o.claim_id FROM published_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind = 'situation'
WHERE o.decision_version_id = ? ORDER BY o.claim_id
"""


async def situations_considered(stated: Mapping[int, int]) -> dict[str, int]:
    """Count the people whose situations these answers consider: in all, by effect, by article ("…/a1")."""
    people: dict[str, set[str]] = defaultdict(set)
    answers = sorted(set(stated.values()))
    for start in range(0, len(answers), 500):
        chunk = answers[start : start + 500]
        for row in await database.rows(_CONSIDERED.format(marks=marks(chunk)), *chunk):
            effect = read_json(row["details"]).get("accommodation", "")
            people["situations"].add(row["who"])
            if effect:
                people[f"situations/{effect}"].add(row["who"])
            if row["eid"]:
                people[f"situations/{row['eid']}"].add(row["who"])
    counted = {name: len(found) // LEAST * LEAST for name, found in people.items()}
    return {name: number for name, number in counted.items() if number}


def effects_considered(counts: Mapping[str, int]) -> dict[Accommodation, int]:
    """Give the effects that at least five people met, from the counts of a version."""
    found = {effect: counts.get(f"situations/{effect}", 0) for effect in Accommodation}
    return {effect: number for effect, number in found.items() if number}


async def told_without_names(version_id: int) -> list[SituationWords]:
    """Give what people let everybody read without their name, once there are five of them."""
    claims = [row["claim_id"] for row in await database.rows(_OF_VERSION, version_id)]
    return await contributions.words_without_names(claims, least=LEAST)
