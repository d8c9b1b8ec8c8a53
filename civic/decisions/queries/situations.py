"""Situations considered: only how many, never fewer than five people, and never a difference of fewer.

Three guards stand against finding a person by subtraction: counts are round fives; a later version of a
decision moves a count only once five people or more came or went since it was last counted; and the total
never says more than that about an effect that is not shown. Words without names are shown in blocks of
five people or more, whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from civic.contributions import queries as contributions
from civic.contributions.forms import SituationWords
from civic.decisions.models import Accommodation
from civic.decisions.queries.reading import DecisionCard, marks, read_json
from civic.foundation import database

LEAST = 5
"""People below which nothing is said."""

People = Mapping[str, set[str]]
"""Who is counted under which name."""

_CONSIDERED = """
SELECT a.details, p.eid, coalesce(CAST(c.author_id AS TEXT), c.guest_address, c.author_name) AS who
FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id
JOIN claim k ON k.id = d.claim_id AND k.kind = 'situation'
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN provision_link l ON l.version_id = a.id
LEFT JOIN provision p ON p.id = l.provision_id
WHERE a.id IN ({marks})
"""
_BEFORE = """
SELECT o.decision_version_id AS version, o.disposition_version_id AS answer FROM published_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind = 'situation'
JOIN decision_version v ON v.id = o.decision_version_id
WHERE v.decision_id = ?
"""
_OF_VERSION = """
SELECT o.claim_id FROM published_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind = 'situation'
WHERE o.decision_version_id = ?
"""
_UP_TO_VERSION = """
SELECT v.number, o.claim_id FROM published_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind = 'situation'
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision_release r ON r.version_id = v.id
JOIN decision_version s ON s.decision_id = v.decision_id AND s.number >= v.number
WHERE s.id = ? ORDER BY v.number, o.claim_id
"""


async def situations_considered(decision: DecisionCard, stated: Mapping[int, int]) -> dict[str, int]:
    """Count the people whose situations these answers consider: in all, by effect, by article ("…/a1")."""
    answers: dict[int, list[int]] = defaultdict(list)
    for row in await database.rows(_BEFORE, decision.id):
        answers[row["version"]].append(row["answer"])
    released = sorted(decision.released, key=lambda one: one.number)
    before = [await _people(answers.get(one.id, ())) for one in released]
    told = [one.counts for one in released]
    return guarded(moved(before, await _people(sorted(set(stated.values()))), told[-1] if told else {}))


def moved(before: Sequence[People], now: People, told: Mapping[str, int]) -> dict[str, int]:
    """Count in round fives; keep the count that was told where fewer than five people came or went since."""
    counts: dict[str, int] = {}
    for name in {"situations", *now, *(one for found in before for one in found)}:
        base: set[str] | None = None
        for found in before:
            people = found.get(name, set())
            base = people if base is None or len(people ^ base) >= LEAST else base
        people = now.get(name, set())
        is_new = base is None or len(people ^ base) >= LEAST
        counts[name] = len(people) // LEAST * LEAST if is_new else told.get(name, 0)
    return {name: number for name, number in counts.items() if number}


def guarded(counts: Mapping[str, int]) -> dict[str, int]:
    """Lower the total until each effect that is not shown could still have met nobody at all."""
    shown = effects_considered(counts).values()
    hidden = len(Accommodation) - len(shown)
    most = sum(number + LEAST - 1 for number in shown) + (LEAST - 1) * max(hidden - 1, 0)
    total = counts.get("situations", 0)
    safe = min(total, most // LEAST * LEAST) if hidden else total
    rest = {name: number for name, number in counts.items() if name != "situations"}
    return {"situations": safe, **rest} if safe else rest


async def _people(answers: Sequence[int]) -> People:
    people: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(answers), 500):
        chunk = answers[start : start + 500]
        for row in await database.rows(_CONSIDERED.format(marks=marks(chunk)), *chunk):
            effect = read_json(row["details"]).get("accommodation", "")
            people["situations"].add(row["who"])
            if effect:
                people[f"situations/{effect}"].add(row["who"])
            if row["eid"]:
                people[f"situations/{row['eid']}"].add(row["who"])
    return people


async def situation_claims(version_id: int) -> set[int]:
    """Name the points of situation statements that a version answers."""
    return {row["claim_id"] for row in await database.rows(_OF_VERSION, version_id)}


def effects_considered(counts: Mapping[str, int]) -> dict[Accommodation, int]:
    """Give the effects that at least five people met, from the counts of a version."""
    found = {effect: counts.get(f"situations/{effect}", 0) for effect in Accommodation}
    return {effect: number for effect, number in found.items() if number}


async def told_without_names(version_id: int) -> list[SituationWords]:
    """Give what people let everybody read without their name, in blocks of five people or more."""
    waves: dict[int, list[int]] = defaultdict(list)
    for row in await database.rows(_UP_TO_VERSION, version_id):
        waves[row["number"]].append(row["claim_id"])
    return await contributions.words_without_names(list(waves.values()), least=LEAST)
