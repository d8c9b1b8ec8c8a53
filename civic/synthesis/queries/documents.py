"""The synthesis of a process: as it is written, and its editions as they were published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import Kind
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes import queries as processes
from civic.processes.queries import IssueCard, ProcessPage
from civic.synthesis.policies import works_here
from civic.synthesis.queries.numbers import COUNTED, NUMBERS, STANCE, Numbers, ThemeNumbers, unpacked
from civic.synthesis.queries.numbers import numbers_from as _numbers
from civic.synthesis.queries.themes import PAGE, ThemeName, ThemePoint, read_json


@dataclass(frozen=True)
class EditionCard:
    """A synthesis as it was signed; public from ``released_at`` on."""

    id: int
    public_id: str
    synthesis_id: int
    number: int
    title: Localized
    introduction: Localized
    changes: Localized
    counts: dict[str, Any]
    signed_by: str
    signed_title: str
    signed_at: datetime
    release_at: datetime
    released_at: datetime | None
    stopped_at: datetime | None

    @property
    def is_pending(self) -> bool:
        return self.released_at is None and self.stopped_at is None

    @property
    def numbers(self) -> Numbers:
        """The numbers of the whole document, as they stood when it was signed."""
        return Numbers(**{name: self.counts[name] for name in Numbers.__dataclass_fields__})

    @property
    def without_theme(self) -> int:
        return int(self.counts["without_theme"])


@dataclass(frozen=True)
class SynthesisCard:
    """A synthesis with its process, its questions and its editions, newest first."""

    id: int
    public_id: str
    process: ProcessPage
    title: Localized
    introduction: Localized
    version: int
    issues: tuple[IssueCard, ...]
    editions: tuple[EditionCard, ...]
    created_at: datetime

    @property
    def released(self) -> tuple[EditionCard, ...]:
        """The editions people can read, newest first."""
        return tuple(one for one in self.editions if one.released_at is not None)

    @property
    def in_force(self) -> EditionCard | None:
        return next(iter(self.released), None)

    @property
    def pending(self) -> EditionCard | None:
        return next((one for one in self.editions if one.is_pending), None)


@dataclass(frozen=True)
class ThemeShown:
    """A theme as one edition of a synthesis shows it, with its numbers at that time."""

    theme_id: int
    public_id: str
    edition_id: int
    theme_version_id: int
    position: int
    title: Localized
    concern: Localized
    minority: Localized
    numbers: ThemeNumbers


@dataclass(frozen=True)
class PublicTheme:
    """A theme as the newest edition that shows it, and the synthesis it stands in."""

    theme: ThemeShown
    synthesis: SynthesisCard
    edition: EditionCard


_SYNTHESES = "SELECT s.id, s.public_id, s.process_id, s.title, s.introduction, s.version, s.created_at "
_SYNTHESES += "FROM synthesis s WHERE "
_BY_KEY = _SYNTHESES + "s.public_id = ?"
_OF_PROCESS = _SYNTHESES + "s.process_id = ? ORDER BY s.id"
_BY_ID = _SYNTHESES + "s.id = ?"
_ON_ISSUES = "s.id IN (SELECT i.synthesis_id FROM synthesis_issue i WHERE i.issue_id IN ({marks}))"
_OF_ISSUES = _SYNTHESES + _ON_ISSUES + " ORDER BY s.id"
_ISSUES = (
    "SELECT synthesis_id, issue_id FROM synthesis_issue WHERE synthesis_id IN ({marks}) ORDER BY issue_id"
)
_EDITIONS = """
SELECT e.id, e.public_id, e.synthesis_id, e.number, e.title, e.introduction, e.changes, e.counts,
       w.name AS signed_by, w.title AS signed_title, e.signed_at, e.release_at, r.released_at, x.stopped_at
FROM synthesis_edition e
LEFT JOIN participant w ON w.id = e.signed_by_id
LEFT JOIN synthesis_release r ON r.edition_id = e.id
LEFT JOIN synthesis_stop x ON x.edition_id = e.id
WHERE e.synthesis_id IN ({marks}) ORDER BY e.number DESC
"""
NEWEST = """e.number = (SELECT max(n.number) FROM synthesis_edition n
    JOIN synthesis_release o ON o.edition_id = n.id WHERE n.synthesis_id = e.synthesis_id)"""
"""Which edition ``e`` of a synthesis is in force."""
AS_SIGNED = "l.linked_at <= e.signed_at AND (l.unlinked_at IS NULL OR l.unlinked_at > e.signed_at)"
"""Which links ``l`` stood when an edition ``e`` was signed."""
_SHOWN = """
SELECT v.theme_id, t.public_id, y.edition_id, v.id AS theme_version_id, y.position,
       v.title, v.concern, v.minority, y.counts
FROM synthesis_theme y
JOIN theme_version v ON v.id = y.theme_version_id
JOIN theme t ON t.id = v.theme_id
"""
_OF_EDITIONS = _SHOWN + "WHERE y.edition_id IN ({marks}) ORDER BY y.edition_id, y.position"
_NEWEST_OF_THEME = f"""
{_SHOWN}
JOIN synthesis_edition e ON e.id = y.edition_id
WHERE t.public_id = ? AND {NEWEST} ORDER BY e.signed_at DESC LIMIT 1
"""
_NUMBERS = f"""
SELECT {NUMBERS},
       coalesce(sum(CASE WHEN NOT EXISTS (
           SELECT 1 FROM theme_link l WHERE l.claim_id = k.id AND l.unlinked_at IS NULL)
         THEN 1 ELSE 0 END), 0) AS without_theme
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE {COUNTED} AND c.issue_id IN (SELECT i.issue_id FROM synthesis_issue i WHERE i.synthesis_id = ?)
"""  # noqa: S608 - constants only
_PUBLIC_POINTS = f"""
SELECT k.id, c.public_id AS contribution, c.number AS receipt, c.kind, c.author_name, c.language,
       {STANCE} AS stance
FROM synthesis_edition e
JOIN synthesis_issue i ON i.synthesis_id = e.synthesis_id
JOIN contribution c ON c.issue_id = i.issue_id AND c.visibility = 'public'
JOIN claim k ON k.contribution_id = c.id
JOIN theme_link l ON l.claim_id = k.id AND l.theme_id = ?
WHERE e.id = ? AND {AS_SIGNED} AND {COUNTED} AND k.id > ? AND (? = '' OR {STANCE} = ?)
ORDER BY k.id LIMIT ?
"""  # noqa: S608 - constants only
_PUBLIC_NAMES = f"""
SELECT l.claim_id, t.public_id, v.title
FROM synthesis_edition e
JOIN synthesis_theme y ON y.edition_id = e.id
JOIN theme_version v ON v.id = y.theme_version_id
JOIN theme t ON t.id = v.theme_id
JOIN theme_link l ON l.theme_id = t.id
WHERE l.claim_id IN ({{marks}}) AND {NEWEST} AND {AS_SIGNED} ORDER BY l.claim_id, y.position
"""  # noqa: S608 - constants only
_UNTOLD = f"""
SELECT i.id FROM issue i
WHERE i.id IN ({{marks}}) AND NOT EXISTS (
  SELECT 1 FROM synthesis_issue x JOIN synthesis_edition e ON e.synthesis_id = x.synthesis_id
  JOIN synthesis_release r ON r.edition_id = e.id WHERE x.issue_id = i.id)
  AND EXISTS (SELECT 1 FROM claim k JOIN contribution c ON c.id = k.contribution_id
              WHERE c.issue_id = i.id AND {COUNTED})
"""  # noqa: S608 - constants only


async def visible_synthesis(viewer: Viewer, public_id: str) -> SynthesisCard:
    """Give a synthesis that was published, to whoever looks."""
    card = await synthesis_by_public_id(public_id)
    if card.in_force is None:
        raise NotFound
    return card


async def desk_synthesis(viewer: Viewer, public_id: str) -> SynthesisCard:
    """Give a synthesis, published or not, to those who work on its process."""
    card = await synthesis_by_public_id(public_id)
    if not works_here(viewer, card.process.public_id):
        raise NotFound
    return card


async def synthesis_by_public_id(public_id: str) -> SynthesisCard:
    """Give a synthesis whoever asks: for acts, which ask their policy."""
    found = await database.rows(_BY_KEY, public_id) if is_key(public_id) else []
    if not found:
        raise NotFound
    return (await _cards(found))[0]


async def synthesis_by_id(synthesis_id: int) -> SynthesisCard:
    """Give a synthesis by its id: for acts and jobs."""
    return (await _cards(await database.rows(_BY_ID, synthesis_id)))[0]


async def syntheses_of(process_id: int) -> list[SynthesisCard]:
    """Give every synthesis of a process, published or not."""
    return await _cards(await database.rows(_OF_PROCESS, process_id))


async def published_syntheses(process_id: int) -> list[SynthesisCard]:
    """Give the syntheses of a process that people can read."""
    return [one for one in await syntheses_of(process_id) if one.in_force is not None]


async def syntheses_on(issue_ids: Collection[int]) -> list[SynthesisCard]:
    """Give the published syntheses that tell of some questions."""
    if not issue_ids:
        return []
    found = await _cards(await database.rows(_OF_ISSUES.format(marks=_marks(issue_ids)), *issue_ids))
    return [one for one in found if one.in_force is not None]


async def themes_shown(edition_id: int) -> list[ThemeShown]:
    """Give the themes of an edition as it shows them."""
    return await themes_of_editions([edition_id])


async def themes_of_editions(edition_ids: Collection[int]) -> list[ThemeShown]:
    """Give the themes of several editions as they show them."""
    sql = _OF_EDITIONS.format(marks=_marks(edition_ids))
    return [_shown(row) for row in await database.rows(sql, *edition_ids)]


async def public_theme(public_id: str) -> PublicTheme:
    """Give a theme as the newest edition in force shows it. Raises NotFound while none does."""
    found = await database.rows(_NEWEST_OF_THEME, public_id) if is_key(public_id) else []
    if not found:
        raise NotFound
    shown = _shown(found[0])
    (row,) = await database.rows("SELECT synthesis_id FROM synthesis_edition WHERE id = ?", shown.edition_id)
    card = await synthesis_by_id(row["synthesis_id"])
    edition = next(one for one in card.editions if one.id == shown.edition_id)
    return PublicTheme(shown, card, edition)


async def public_points(
    shown: ThemeShown, *, stance: str = "", after: int = 0
) -> tuple[list[ThemePoint], int | None]:
    """List the points a theme held when its edition was signed that everybody can read today."""
    found = await database.rows(
        _PUBLIC_POINTS, shown.theme_id, shown.edition_id, after, stance, stance, PAGE + 1
    )
    rows = found[:PAGE]
    claims = await contributions.claims_by_id([row["id"] for row in rows])
    points = [
        ThemePoint(
            claim=claims[row["id"]],
            contribution=row["contribution"],
            receipt=row["receipt"],
            kind=Kind(row["kind"]),
            author_name=row["author_name"],
            language=row["language"],
            is_public=True,
            stance=row["stance"],
        )
        for row in rows
        if row["id"] in claims
    ]
    return points, rows[-1]["id"] if len(found) > PAGE else None


async def public_themes_of(claim_ids: Collection[int]) -> dict[int, list[ThemeName]]:
    """Name the themes that some points stand under in public."""
    named: dict[int, list[ThemeName]] = {}
    if claim_ids:
        sql = _PUBLIC_NAMES.format(marks=_marks(claim_ids))
        for row in await database.rows(sql, *claim_ids):
            one = ThemeName(row["claim_id"], row["public_id"], read_json(row["title"]))
            named.setdefault(row["claim_id"], []).append(one)
    return named


async def numbers_of_synthesis(synthesis_id: int) -> tuple[Numbers, int]:
    """Count the points on the questions of a synthesis, and those of them that are in no theme."""
    (row,) = await database.rows(_NUMBERS, synthesis_id)
    return _numbers(row), int(row["without_theme"])


async def untold(issue_ids: Sequence[int]) -> list[int]:
    """Name those of some questions that have points, and no published synthesis tells of."""
    if not issue_ids:
        return []
    found = await database.rows(_UNTOLD.format(marks=_marks(issue_ids)), *issue_ids)
    return [row["id"] for row in found]


async def _cards(rows: Sequence[dict[str, Any]]) -> list[SynthesisCard]:
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    pages = await processes.processes_by_id({row["process_id"] for row in rows})
    links = await database.rows(_ISSUES.format(marks=_marks(ids)), *ids)
    issues = await processes.issues_by_id(link["issue_id"] for link in links)
    editions = [_edition(row) for row in await database.rows(_EDITIONS.format(marks=_marks(ids)), *ids)]
    return [
        SynthesisCard(
            id=row["id"],
            public_id=row["public_id"],
            process=pages[row["process_id"]],
            title=read_json(row["title"]),
            introduction=read_json(row["introduction"]),
            version=row["version"],
            issues=tuple(issues[one["issue_id"]] for one in links if one["synthesis_id"] == row["id"]),
            editions=tuple(one for one in editions if one.synthesis_id == row["id"]),
            created_at=database.moment(row["created_at"]),
        )
        for row in rows
    ]


def _edition(row: dict[str, Any]) -> EditionCard:
    texts = {name: read_json(row[name]) for name in ("title", "introduction", "changes", "counts")}
    names = {name: row[name] or "" for name in ("signed_by", "signed_title")}
    moments = {
        name: database.moment(row[name]) if row[name] is not None else None
        for name in ("signed_at", "release_at", "released_at", "stopped_at")
    }
    return EditionCard(**{**row, **texts, **names, **moments})


def _shown(row: dict[str, Any]) -> ThemeShown:
    texts = {name: read_json(row[name]) for name in ("title", "concern", "minority")}
    kept = {name: one for name, one in row.items() if name != "counts"}
    return ThemeShown(**{**kept, **texts}, numbers=unpacked(read_json(row["counts"])))


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
