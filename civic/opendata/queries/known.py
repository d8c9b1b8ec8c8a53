"""What a source brought into a process earlier, to compare a file with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from civic.contributions.models import ClaimOrigin, Kind, Visibility
from civic.foundation import database
from civic.opendata.grid import Part

Row = dict[str, Any]

QUESTION = "question:"
"""`parent` of a comment on a question itself: `question:1` names the first one of the process."""


@dataclass(frozen=True)
class KnownOutcome:
    """What an earlier import said became of a point."""

    outcome: str
    reason: str
    provision: str
    milestone: str
    decided_on: str
    decided_by: str


@dataclass(frozen=True)
class KnownClaim:
    """A live point as it stands. `words` is None when it rests on words that are no longer the newest."""

    id: int
    number: int
    origin: ClaimOrigin
    part: Part
    words: str | None
    restatement: str
    restatement_number: int
    themes: tuple[str, ...]
    outcome: KnownOutcome | None
    is_published: bool


@dataclass(frozen=True)
class Known:
    """A contribution that an earlier import brought."""

    id: int
    public_id: str
    ref: str
    issue_id: int | None
    kind: Kind
    parent: str
    relation: str
    version: int
    version_id: int
    title: str
    text: str
    visibility: Visibility
    author: str
    category: str
    language: str
    url: str
    submitted_at: datetime
    claims: tuple[KnownClaim, ...]
    last_claim: int

    def words(self, part: Part) -> str:
        """Give the title or the text."""
        return self.title if part == "title" else self.text


@dataclass(frozen=True)
class Tally:
    """How much of a file is in the database."""

    contributions: int
    claims: int
    outcomes: int


_CONTRIBUTIONS = """
SELECT c.id, c.public_id, c.source_ref, c.issue_id, c.kind, c.parent_id, p.source_ref AS parent_ref,
       c.relation, c.version, v.id AS version_id, v.title, v.body, c.visibility, c.author_name, c.capacity,
       c.language, c.source_url, c.submitted_at,
       (SELECT coalesce(max(k.number), 0) FROM claim k WHERE k.contribution_id = c.id) AS last_claim
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN contribution p ON p.id = c.parent_id
WHERE c.process_id = ? AND c.source = ?
"""
_CLAIMS = """
SELECT k.id, k.contribution_id, k.number, k.origin, k.restatement, k.restatement_number,
       o.id AS imported, o.outcome, o.reason, o.provision, o.milestone, o.decided_on, o.decided_by,
       EXISTS (SELECT 1 FROM published_outcome x WHERE x.claim_id = k.id) AS is_published
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN imported_outcome o ON o.claim_id = k.id
WHERE c.process_id = ? AND c.source = ? AND k.retired_at IS NULL AND k.kind <> 'situation'
ORDER BY k.contribution_id, k.number
"""
_SPANS = """
SELECT s.claim_id, s.part, s.start, s."end"
FROM claim_span s
JOIN claim k ON k.id = s.claim_id
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.id = s.version_id
WHERE c.process_id = ? AND c.source = ? AND k.retired_at IS NULL AND v.number = c.version
ORDER BY s.claim_id, s.id
"""
_THEMES = """
SELECT l.claim_id, t.title
FROM theme_link l
JOIN theme t ON t.id = l.theme_id
JOIN claim k ON k.id = l.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND c.source = ? AND k.retired_at IS NULL AND l.linked_by_id IS NULL
  AND (l.unlinked_at IS NULL OR l.unlinked_by_id IS NOT NULL)
ORDER BY l.claim_id, l.id
"""
_REFS = "SELECT source_ref FROM contribution WHERE process_id = ? AND source = ?"
_FINGERPRINT = """
SELECT count(*) AS n, coalesce(sum(version), 0) AS versions, coalesce(max(id), 0) AS last
FROM contribution WHERE process_id = ? AND source = ?
"""
_TALLY = """
SELECT c.source_ref,
       (SELECT count(*) FROM claim k WHERE k.contribution_id = c.id AND k.retired_at IS NULL
        AND k.kind <> 'situation') AS claims,
       (SELECT count(*) FROM imported_outcome o JOIN claim k ON k.id = o.claim_id
        WHERE k.contribution_id = c.id AND k.retired_at IS NULL AND o.outcome <> '') AS outcomes
FROM contribution c WHERE c.process_id = ? AND c.source = ?
"""


async def known_refs(process_id: int, source: str) -> frozenset[str]:
    """Name what a source brought into a process earlier."""
    return frozenset(row["source_ref"] for row in await database.rows(_REFS, process_id, source))


async def fingerprint(process_id: int, source: str) -> tuple[int, int, int]:
    """Tell whether somebody else imported from the same source meanwhile."""
    (row,) = await database.rows(_FINGERPRINT, process_id, source)
    return int(row["n"]), int(row["versions"]), int(row["last"])


async def known_contributions(process_id: int, source: str) -> dict[str, Known]:
    """Give everything a source brought into a process earlier, by ref; four queries."""
    found = await database.rows(_CONTRIBUTIONS, process_id, source)
    if not found:
        return {}
    claims = _by(await database.rows(_CLAIMS, process_id, source), "contribution_id")
    spans = _by(await database.rows(_SPANS, process_id, source), "claim_id")
    themes = _by(await database.rows(_THEMES, process_id, source), "claim_id")
    return {
        row["source_ref"]: _known(
            row,
            tuple(
                _claim(claim, row, spans.get(claim["id"], []), themes.get(claim["id"], []))
                for claim in claims.get(row["id"], [])
            ),
        )
        for row in found
    }


async def tally_of(process_id: int, source: str, refs: Iterable[str]) -> Tally:
    """Count what the database holds of these refs of a source."""
    wanted = frozenset(refs)
    found = [row for row in await database.rows(_TALLY, process_id, source) if row["source_ref"] in wanted]
    return Tally(
        len(found), sum(int(row["claims"]) for row in found), sum(int(row["outcomes"]) for row in found)
    )


def any_text(texts: object) -> str:
    """Give an official text in whichever language it has, for comparing."""
    read: dict[str, str] = json.loads(texts) if isinstance(texts, (str, bytes)) else cast(Any, texts)
    return next((words for words in read.values() if words), "")


def _known(row: Row, claims: tuple[KnownClaim, ...]) -> Known:
    return Known(
        id=row["id"],
        public_id=row["public_id"],
        ref=row["source_ref"],
        issue_id=row["issue_id"],
        kind=Kind(row["kind"]),
        parent=_parent(row),
        relation=row["relation"] or "",
        version=row["version"],
        version_id=row["version_id"],
        title=row["title"],
        text=row["body"],
        visibility=Visibility(row["visibility"]),
        author=row["author_name"],
        category=row["capacity"] or "",
        language=row["language"],
        url=row["source_url"],
        submitted_at=database.moment(row["submitted_at"]),
        claims=claims,
        last_claim=int(row["last_claim"]),
    )


def _parent(row: Row) -> str:
    if row["kind"] == Kind.COMMENT and row["parent_id"] is None:
        return QUESTION
    return str(row["parent_ref"] or "")


def _claim(row: Row, said: Row, spans: list[Row], themes: list[Row]) -> KnownClaim:
    last = spans[-1] if spans else None
    part: Part = last["part"] if last else "text"
    whole: str = said["title"] if part == "title" else said["body"]
    return KnownClaim(
        id=row["id"],
        number=row["number"],
        origin=ClaimOrigin(row["origin"]),
        part=part,
        words=whole[last["start"] : last["end"]] if last else None,
        restatement=row["restatement"],
        restatement_number=row["restatement_number"],
        themes=tuple(dict.fromkeys(any_text(theme["title"]) for theme in themes)),
        outcome=_outcome(row) if row["imported"] is not None else None,
        is_published=bool(row["is_published"]),
    )


def _outcome(row: Row) -> KnownOutcome:
    return KnownOutcome(
        outcome=row["outcome"],
        reason=row["reason"],
        provision=row["provision"],
        milestone=row["milestone"],
        decided_on=row["decided_on"],
        decided_by=row["decided_by"],
    )


def _by(found: list[Row], key: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in found:
        groups.setdefault(row[key], []).append(row)
    return groups
