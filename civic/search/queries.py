"""What is found for a question: hits of the index with their page, and never a text that is not public."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from civic.foundation import database, search
from civic.foundation.search import Hit
from civic.foundation.tables import Localized
from civic.foundation.words import Part
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

PAGE = 20
MOST_PROCESSES = 100


class Scope(StrEnum):
    """What is searched."""

    PROPOSALS = "proposals"
    COMMENTS = "comments"
    DECISIONS = "decisions"
    PROCESSES = "processes"


KINDS: Mapping[Scope, frozenset[str]] = {
    Scope.PROPOSALS: frozenset({"proposal"}),
    Scope.COMMENTS: frozenset({"comment"}),
    Scope.DECISIONS: frozenset({"decision"}),
    Scope.PROCESSES: frozenset({"process", "issue"}),
}
"""The kinds of the index that each scope holds; without a scope, all of them and whatever else is public."""


@dataclass(frozen=True)
class Found:
    """One thing found. `key` is what its page is addressed by; official things have a `name` per language."""

    kind: str
    key: str
    slug: str
    title: str
    name: Localized
    language: str
    parts: tuple[Part, ...]
    author: str
    at: datetime | None
    process_title: Localized


@dataclass(frozen=True)
class Results:
    """One page of what was found."""

    items: tuple[Found, ...]
    total: int
    after: int | None


_SAID = """
SELECT c.public_id, c.number, c.kind, c.author_name, c.submitted_at, p.title, p.slug
FROM contribution c
JOIN process p ON p.id = c.process_id AND p.state <> 'draft'
WHERE c.visibility = 'public' AND c.public_id IN ({marks})
"""
_DECIDED = """
SELECT d.public_id, v.title AS name, p.title, p.slug, r.released_at AS at
FROM decision d
JOIN process p ON p.id = d.process_id AND p.state <> 'draft'
JOIN decision_version v ON v.decision_id = d.id
JOIN decision_release r ON r.version_id = v.id
WHERE d.public_id IN ({marks}) AND v.number = (
    SELECT max(w.number) FROM decision_version w JOIN decision_release x ON x.version_id = w.id
    WHERE w.decision_id = d.id)
"""
_ASKED = """
SELECT i.public_id, i.title AS name, p.title, p.slug
FROM issue i JOIN process p ON p.id = i.process_id AND p.state <> 'draft'
WHERE i.public_id IN ({marks})
UNION ALL
SELECT p.public_id, p.title, p.title, p.slug FROM process p
WHERE p.state <> 'draft' AND p.public_id IN ({marks})
"""


async def results(
    query: str, *, scope: Scope | None = None, process: str | None = None, after: int = 0
) -> Results:
    """Find what holds every word of a question, best first; `after` is how many were shown already."""
    kinds = KINDS[scope] if scope else None
    hits = await search.find(query, kinds=kinds, process=process, limit=PAGE + 1, after=after)
    shown = hits[:PAGE]
    facts = await _facts(shown)
    is_more = len(hits) > PAGE and after + PAGE < search.MOST_HITS
    return Results(
        items=tuple(_found(hit, facts[hit.key]) for hit in shown if hit.key in facts),
        total=await search.count(query, kinds=kinds, process=process) if hits or after else 0,
        after=after + PAGE if is_more else None,
    )


async def processes_to_search() -> tuple[ProcessPage, ...]:
    """Give the public processes a reader can narrow a search to, newest first."""
    return (await processes.listing(limit=MOST_PROCESSES)).processes


async def _facts(hits: Iterable[Hit]) -> dict[str, dict[str, Any]]:
    """Read what is shown beside each hit; what is not public has no facts, and so is not shown."""
    keys: dict[str, list[str]] = {"said": [], "decided": [], "asked": []}
    by_id = {hit.key.partition("/")[2]: hit.key for hit in hits}
    for hit in hits:
        keys[_source(hit.kind)].append(hit.key.partition("/")[2])
    rows = await _fetch(_SAID, keys["said"])
    rows += await _fetch(_DECIDED, keys["decided"])
    rows += await _fetch(_ASKED, keys["asked"], times=2)
    return {by_id[row["public_id"]]: row for row in rows}


_ADDRESSED = frozenset({"proposal", "comment", "decision", "process", "issue"})
"""Kinds that have a page of their own; the others are shown by their trace."""


_OFFICIAL = frozenset({"decision", "process", "issue"})
_LINE = re.compile(r"\n| · ")
"""Where one language or one article ends in the index."""


def _source(kind: str) -> str:
    return {"decision": "decided", "process": "asked", "issue": "asked"}.get(kind, "said")


def _found(hit: Hit, row: dict[str, Any]) -> Found:
    at = row.get("submitted_at") or row.get("at")
    return Found(
        kind=hit.kind,
        key=row["public_id"] if hit.kind in _ADDRESSED else row["number"],
        slug=row["slug"],
        title=hit.title,
        name=_texts(row.get("name")),
        language=hit.language,
        parts=_in_one_language(hit) if hit.kind in _OFFICIAL else hit.excerpt_parts,
        author=row.get("author_name") or "",
        at=database.moment(at) if at else None,
        process_title=_texts(row["title"]),
    )


def _in_one_language(hit: Hit) -> tuple[Part, ...]:
    """Keep the lines that answer: an official text is indexed in every language, line after line."""
    lines: list[list[Part]] = [[]]
    for part in hit.excerpt_parts:
        first, *others = _LINE.split(part.text)
        lines[-1].append(Part(first, part.is_hit))
        lines += [[Part(text, part.is_hit)] for text in others]
    kept = [line for line in lines if any(part.is_hit for part in line)] or lines[:1]
    return tuple(part for line in kept for part in (*line, Part(" … ", False)) if part.text)[:-1]


def _texts(value: object) -> Localized:
    """Read an official text that came out of a query."""
    return cast(Localized, json.loads(value) if isinstance(value, (str, bytes)) else value or {})


async def _fetch(sql: str, keys: list[str], times: int = 1) -> list[dict[str, Any]]:
    if not keys:
        return []
    return await database.rows(sql.format(marks=", ".join("?" * len(keys))), *keys * times)
