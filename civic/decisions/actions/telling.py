"""Tell everyone concerned what became of their points: one message per person and publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind
from civic.decisions.actions.announcing import announce_publication
from civic.decisions.models import DecisionVersion, Outcome
from civic.decisions.queries.reading import DecisionCard, VersionCard, decision_by_id
from civic.decisions.words import OUTCOMES
from civic.foundation import database, queue, text
from civic.foundation.aside import aside
from civic.foundation.errors import N_, Message, counted
from civic.notices import actions as notices
from civic.notices.actions import Recipient

AT_ONCE = 50
"""How many people are told in one transaction."""
AT_A_STRETCH = 1_000
"""How many people are told by one job: who is concerned is read once for all of them."""
_SITUATION = N_("My particular situation")
"""What stands in a message for a point whose words are in no message."""
MOST_LINES = 20
QUOTE = 120

_PEOPLE = """
SELECT o.claim_id, k.kind, o.disposition_version_id AS answer_id, a.outcome, c.public_id AS contribution,
       c.number AS receipt, c.guest_address, c.language, p.public_id AS person, p.address,
       p.language AS speaks
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN participant p ON p.id = c.author_id
WHERE o.decision_version_id = ? AND c.visibility = 'public'
  AND (p.id IS NOT NULL OR c.guest_address IS NOT NULL)
ORDER BY CASE k.kind WHEN 'situation' THEN 1 ELSE 0 END, c.submitted_at, k.id
"""
_STATED = "SELECT disposition_version_id AS answer_id FROM published_outcome WHERE decision_version_id = ?"
_CHANGED_ARTICLES = """
SELECT DISTINCT l.version_id AS answer_id
FROM published_outcome o
JOIN provision_link l ON l.version_id = o.disposition_version_id
JOIN provision_version v ON v.provision_id = l.provision_id
JOIN published_provision x ON x.provision_version_id = v.id AND x.decision_version_id = o.decision_version_id
WHERE o.decision_version_id = ? AND NOT EXISTS (
    SELECT 1 FROM published_provision y
    WHERE y.provision_version_id = v.id AND y.decision_version_id = ?)
"""


@dataclass(frozen=True)
class Line:
    """One point of a person, and what became of it."""

    claim_id: int
    outcome: Outcome


@dataclass
class Letter:
    """What one person is told."""

    to: Recipient
    path: str
    lines: list[Line]


async def tell(version_public_id: str, after: str = "") -> None:
    """Write the notices of a publication, some people at a time; each person is told once."""
    if not after:
        await database.weigh()
    version = await DecisionVersion.get(public_id=version_public_id)
    decision = await decision_by_id(version.decision_id)
    card = next(one for one in decision.versions if one.id == version.id)
    letters = await _letters(decision, card)
    waiting = sorted(key for key in letters if key > after)
    stretch = waiting[:AT_A_STRETCH]
    for start in range(0, len(stretch), AT_ONCE):
        await _tell_some(decision, card, [letters[key] for key in stretch[start : start + AT_ONCE]])
    async with database.transaction():
        if len(waiting) > AT_A_STRETCH:
            await queue.later("decisions.tell", {"version": version_public_id, "after": stretch[-1]})
        else:
            await announce_publication(decision, card)


async def _tell_some(decision: DecisionCard, version: VersionCard, letters: Sequence[Letter]) -> None:
    words = await _words([line.claim_id for one in letters for line in one.lines[:MOST_LINES]])
    async with database.transaction():
        for one in letters:
            await _notify(decision, version, one, words)


async def _letters(decision: DecisionCard, version: VersionCard) -> Mapping[str, Letter]:
    """Gather what each person is told; of a correction, only what it changes for them."""
    concerned = await _concerned(decision, version)
    rows = await database.rows(_PEOPLE, version.id)
    return await aside(partial(_by_person, rows, decision, concerned))


def _by_person(
    rows: Sequence[Mapping[str, Any]], decision: DecisionCard, concerned: frozenset[int] | None
) -> Mapping[str, Letter]:
    letters: dict[str, Letter] = {}
    for row in rows:
        if concerned is not None and row["answer_id"] not in concerned:
            continue
        line = Line(row["claim_id"], Outcome(row["outcome"]))
        if row["person"]:
            key = f"participant/{row['person']}"
            to = Recipient(key, row["address"], row["speaks"])
            path = f"/decisions/{decision.public_id}?mine=1"
            if row["kind"] == ClaimKind.SITUATION and key not in letters:
                path = f"/contributions/{row['receipt']}"
        else:
            key = f"guest {row['guest_address']}"
            to = Recipient(f"guest/{row['contribution']}", row["guest_address"], _spoken(row["language"]))
            path = f"/contributions/{row['receipt']}"
        letters.setdefault(key, Letter(to, path, [])).lines.append(line)
    return letters


async def _concerned(decision: DecisionCard, version: VersionCard) -> frozenset[int] | None:
    """Name the answers a correction adds, changes, or whose article it changes; None at the first time."""
    earlier = [one for one in decision.released if one.number < version.number]
    if not earlier:
        return None
    before = earlier[0]
    old = {row["answer_id"] for row in await database.rows(_STATED, before.id)}
    new = {row["answer_id"] for row in await database.rows(_STATED, version.id)}
    moved = await database.rows(_CHANGED_ARTICLES, version.id, before.id)
    return frozenset(new - old) | {row["answer_id"] for row in moved}


async def _notify(
    decision: DecisionCard, version: VersionCard, letter: Letter, words: Mapping[int, str]
) -> None:
    is_correction = any(one.number < version.number for one in decision.released)
    items = [
        {"text": words.get(line.claim_id) or Message(_SITUATION), "label": OUTCOMES[line.outcome]}
        for line in letter.lines[:MOST_LINES]
    ]
    await notices.notify(
        letter.to,
        "decision.corrected" if is_correction else "decision.published",
        about=f"decision/{decision.public_id}",
        data={
            "path": letter.path,
            "decision": version.title,
            "process": decision.process.title,
            "points": _points(len(letter.lines)),
            "correction": version.correction or {},
            "items": items,
        },
        once_key=f"decision/{version.public_id}/{letter.to.key}",
    )


def _points(count: int) -> Message:
    return counted("%(count)s point", "%(count)s points", count)


async def _words(claim_ids: Sequence[int]) -> Mapping[int, str]:
    claims = await contributions.claims_by_id(claim_ids)
    return {key: text.excerpt(claim.words, QUOTE) for key, claim in claims.items()}


def _spoken(language: str) -> str:
    return language if language in ("fr", "en") else "fr"
