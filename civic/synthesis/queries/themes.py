"""Themes as their desk sees them: words, versions, numbers, the points in them and those to put in."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind, Kind
from civic.contributions.queries import ClaimCard
from civic.foundation import database, search
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.synthesis.policies import works_here
from civic.synthesis.queries.numbers import (
    COUNTED,
    NONE,
    STANCE,
    ThemeNumbers,
    numbers_of_process,
    numbers_of_theme,
)

PAGE = 30
"""Points a page lists, and at most puts in or takes out at once by their boxes."""


@dataclass(frozen=True)
class ThemeCard:
    """A theme as it stands now."""

    id: int
    public_id: str
    process_id: int
    process: str
    title: Localized
    concern: Localized
    minority: Localized
    version: int
    created_at: datetime
    numbers: ThemeNumbers = NONE


@dataclass(frozen=True)
class ThemeVersionCard:
    """The words of a theme at one moment, and who wrote them."""

    id: int
    number: int
    title: Localized
    concern: Localized
    minority: Localized
    written_by: str
    written_at: datetime


@dataclass(frozen=True)
class ThemeName:
    """A theme a point belongs to: its name, and on which side the point stands."""

    claim_id: int
    public_id: str
    title: Localized
    stance: str = ""


@dataclass(frozen=True)
class ThemePoint:
    """A point in a list of themes: its words, who said it, where it belongs."""

    claim: ClaimCard
    contribution: str
    receipt: str
    kind: Kind
    author_name: str
    language: str
    is_public: bool
    stance: str = ""
    themes: tuple[ThemeName, ...] = ()


@dataclass(frozen=True)
class PointsWanted:
    """Which points of a process are asked for, to put them in a theme; kept in the address."""

    query: str = ""
    kind: str = ""
    issue: str = ""
    alone: bool = False
    """Only points that are in no theme yet."""


_THEME = """
SELECT t.id, t.public_id, t.process_id, p.public_id AS process, t.title, t.concern, t.minority, t.version,
       t.created_at
FROM theme t JOIN process p ON p.id = t.process_id
"""
_OF_PROCESS = _THEME + "WHERE t.process_id = ? ORDER BY t.id"
_BY_KEY = _THEME + "WHERE t.public_id = ?"
_VERSIONS = """
SELECT v.id, v.number, v.title, v.concern, v.minority, w.name AS written_by, v.written_at
FROM theme_version v LEFT JOIN participant w ON w.id = v.written_by_id
WHERE v.theme_id = ? ORDER BY v.number DESC
"""
_POINT = """
SELECT k.id, c.public_id AS contribution, c.number AS receipt, c.kind, c.author_name, c.language,
       c.visibility = 'public' AS is_public
"""
_IN_THEME = f"""
{_POINT}, {STANCE} AS stance
FROM theme_link l
JOIN claim k ON k.id = l.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE l.theme_id = ? AND l.unlinked_at IS NULL AND {COUNTED} AND k.id > ? ORDER BY k.id LIMIT ?
"""
_TO_PUT_IN = f"""
{_POINT}, '' AS stance
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND c.visibility = 'public' AND {COUNTED} AND k.id > ?
  AND NOT EXISTS (SELECT 1 FROM theme_link l
                  WHERE l.claim_id = k.id AND l.theme_id = ? AND l.unlinked_at IS NULL)
"""  # noqa: S608 - constants only
_ALONE = """ AND NOT EXISTS (SELECT 1 FROM theme_link l WHERE l.claim_id = k.id AND l.unlinked_at IS NULL)"""
_NAMES = f"""
SELECT l.claim_id, t.public_id, t.title, {STANCE} AS stance
FROM theme_link l JOIN theme t ON t.id = l.theme_id JOIN claim k ON k.id = l.claim_id
WHERE l.claim_id IN ({{marks}}) AND l.unlinked_at IS NULL ORDER BY l.claim_id, t.id
"""  # noqa: S608 - constants only
_CLAIMS_OF = """
SELECT l.claim_id FROM theme_link l JOIN theme t ON t.id = l.theme_id
WHERE t.public_id = ? AND t.process_id = ? AND l.unlinked_at IS NULL
"""
_LINKED = """
SELECT l.claim_id, t.public_id FROM theme_link l JOIN theme t ON t.id = l.theme_id
WHERE t.process_id = ? AND l.unlinked_at IS NULL
"""
_WITHOUT = f"""
SELECT count(*) AS n FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND {COUNTED} {_ALONE}
"""  # noqa: S608 - constants only


async def themes_of(process_id: int) -> list[ThemeCard]:
    """Give the themes of a process with their numbers, in the order they were begun; three queries."""
    numbers = await numbers_of_process(process_id)
    found = await database.rows(_OF_PROCESS, process_id)
    return [_card(row, numbers.get(row["id"], NONE)) for row in found]


async def theme_titles(process_id: int) -> list[ThemeCard]:
    """Give the themes of a process without counting anything."""
    return [_card(row, NONE) for row in await database.rows(_OF_PROCESS, process_id)]


async def theme_by_public_id(public_id: str) -> ThemeCard:
    """Give a theme whoever asks: for acts, which ask their policy."""
    found = await database.rows(_BY_KEY, public_id) if is_key(public_id) else []
    if not found:
        raise NotFound
    return _card(found[0], await numbers_of_theme(found[0]["id"]))


async def desk_theme(viewer: Viewer, public_id: str) -> ThemeCard:
    """Give a theme, published or not, to those who work on its process."""
    card = await theme_by_public_id(public_id)
    if not works_here(viewer, card.process):
        raise NotFound
    return card


async def theme_versions(theme_id: int) -> list[ThemeVersionCard]:
    """Give every version of the words of a theme, newest first."""
    return [_version(row) for row in await database.rows(_VERSIONS, theme_id)]


async def points_in(theme: ThemeCard, *, after: int = 0) -> tuple[list[ThemePoint], int | None]:
    """List the points of a theme, and tell where the next page begins."""
    return await _listed(await database.rows(_IN_THEME, theme.id, after, PAGE + 1))


async def points_to_put_in(
    theme: ThemeCard, wanted: PointsWanted, *, issue_id: int | None = None, after: int = 0
) -> tuple[list[ThemePoint], int | None]:
    """List the points of a process that a filter asks for and that are not in a theme yet."""
    sql, params = _TO_PUT_IN, [theme.process_id, after, theme.id]
    given: list[object] = [*params]
    if wanted.alone:
        sql += _ALONE
    if wanted.kind in set(ClaimKind):
        sql += " AND k.kind = ?"
        given.append(wanted.kind)
    if issue_id is not None:
        sql += " AND c.issue_id = ?"
        given.append(issue_id)
    if wanted.query:
        said = await _saying(theme.process, wanted.query)
        sql += f" AND c.public_id IN ({_marks(said)})"
        given += said
    return await _listed(await database.rows(sql + " ORDER BY k.id LIMIT ?", *given, PAGE + 1))


async def themes_of_claims(claim_ids: Collection[int]) -> dict[int, list[ThemeName]]:
    """Name the themes some points belong to now."""
    found: dict[int, list[ThemeName]] = defaultdict(list)
    if claim_ids:
        for row in await database.rows(_NAMES.format(marks=_marks(claim_ids)), *claim_ids):
            name = ThemeName(row["claim_id"], row["public_id"], read_json(row["title"]), row["stance"])
            found[row["claim_id"]].append(name)
    return found


async def claims_in_theme(process_id: int, theme: str) -> frozenset[int]:
    """Name the points that belong to a theme of a process now."""
    if not is_key(theme):
        return frozenset()
    return frozenset(row["claim_id"] for row in await database.rows(_CLAIMS_OF, theme, process_id))


async def themes_by_claim(process_id: int) -> dict[int, list[str]]:
    """Name the themes of every point of a process, by claim; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in await database.rows(_LINKED, process_id):
        found[row["claim_id"]].append(row["public_id"])
    return found


async def count_without_theme(process_id: int) -> int:
    """Count the points of a process that are in no theme."""
    return int((await database.rows(_WITHOUT, process_id))[0]["n"])


async def _saying(process: str, query: str) -> list[str]:
    keys = await search.keys(query, kinds=[str(kind) for kind in Kind], process=process)
    return [key.partition("/")[2] for key in keys]


async def _listed(rows: list[dict[str, Any]]) -> tuple[list[ThemePoint], int | None]:
    shown = rows[:PAGE]
    ids = [row["id"] for row in shown]
    claims = await contributions.claims_by_id(ids)
    themes = await themes_of_claims(ids)
    points = [
        ThemePoint(
            claim=claims[row["id"]],
            contribution=row["contribution"],
            receipt=row["receipt"],
            kind=Kind(row["kind"]),
            author_name=row["author_name"],
            language=row["language"],
            is_public=bool(row["is_public"]),
            stance=row["stance"],
            themes=tuple(themes.get(row["id"], ())),
        )
        for row in shown
        if row["id"] in claims
    ]
    return points, ids[-1] if len(rows) > PAGE else None


def read_json(value: object) -> Any:
    """Read a JSON column that came out of `database.rows`."""
    return json.loads(value) if isinstance(value, (str, bytes)) else value


def _marks(values: Sequence[object] | Collection[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"


def _card(row: dict[str, Any], numbers: ThemeNumbers) -> ThemeCard:
    texts = {name: read_json(row[name]) for name in ("title", "concern", "minority")}
    return ThemeCard(**{**row, **texts, "created_at": database.moment(row["created_at"])}, numbers=numbers)


def _version(row: dict[str, Any]) -> ThemeVersionCard:
    texts = {name: read_json(row[name]) for name in ("title", "concern", "minority")}
    when = {"written_at": database.moment(row["written_at"]), "written_by": row["written_by"] or ""}
    return ThemeVersionCard(**{**row, **texts, **when})
