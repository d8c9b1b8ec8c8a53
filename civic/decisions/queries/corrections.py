"""What later versions of decisions changed: all corrections, and one version beside the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from civic.decisions.queries.outcomes import OutcomeCard, cards_of
from civic.decisions.queries.reading import (
    ArticleCard,
    VersionCard,
    articles_of,
    articles_stated,
    read_json,
)
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized
from civic.foundation.text import DiffPart, diff

PAGE = 20
_LAST = 2**62


@dataclass(frozen=True)
class Correction:
    """A version that took the place of another: why, when, by whom, and which articles it changed."""

    public_id: str
    version_id: int
    decision: str
    process_title: Localized
    title: Localized
    number: int
    words: Localized
    signed_by: str
    signed_role: str
    signed_for: str | None
    released_at: datetime
    articles: tuple[str, ...]


@dataclass(frozen=True)
class ArticleChange:
    """An article before and after; one of them is missing where it was added or taken out."""

    before: ArticleCard | None
    after: ArticleCard | None

    @property
    def shown(self) -> ArticleCard:
        found = self.after or self.before
        if found is None:
            raise ValueError("no article")
        return found

    def diff(self, language: str) -> list[DiffPart]:
        """Show what changed in one language, or in the one there is."""
        spoken = self.shown.language(language)
        old = self.before.text.get(spoken, "") if self.before and not self.before.is_repealed else ""
        new = self.after.text.get(spoken, "") if self.after and not self.after.is_repealed else ""
        return diff(old, new)


@dataclass(frozen=True)
class AnswerChange:
    """The answer to a point before and after; a point answered for the first time has none before."""

    before: OutcomeCard | None
    after: OutcomeCard


@dataclass(frozen=True)
class Changes:
    """What a version changed in the version before it."""

    before: VersionCard
    after: VersionCard
    articles: tuple[ArticleChange, ...]
    added: int
    changed: int
    gone: int
    answers: tuple[AnswerChange, ...]
    following: str | None


_CORRECTIONS = """
SELECT v.id AS version_id, v.public_id, v.title, v.number, v.correction AS words, v.signed_role,
       s.name AS signed_by, f.name AS signed_for, d.public_id AS decision, p.title AS process_title,
       r.released_at, b.id AS before_id
FROM decision_version v
JOIN decision_release r ON r.version_id = v.id
JOIN decision_version b ON b.decision_id = v.decision_id AND b.number = (
    SELECT max(w.number) FROM decision_version w JOIN decision_release x ON x.version_id = w.id
    WHERE w.decision_id = v.decision_id AND w.number < v.number)
JOIN decision d ON d.id = v.decision_id
JOIN process p ON p.id = d.process_id
LEFT JOIN participant s ON s.id = v.signed_by_id
LEFT JOIN participant f ON f.id = v.signed_for_id
WHERE (r.released_at, v.id) < (?, ?)
ORDER BY r.released_at DESC, v.id DESC LIMIT ?
"""
_PLACE = """
SELECT v.id, r.released_at FROM decision_version v JOIN decision_release r ON r.version_id = v.id
WHERE v.public_id = ?
"""
_PAIRS = """
FROM published_outcome n
JOIN claim k ON k.id = n.claim_id AND k.kind <> 'situation'
LEFT JOIN published_outcome o ON o.claim_id = n.claim_id AND o.decision_version_id = ?
WHERE n.decision_version_id = ?
"""
_COUNTS = f"""
SELECT coalesce(sum(CASE WHEN o.id IS NULL THEN 1 ELSE 0 END), 0) AS added,
       coalesce(sum(CASE WHEN o.disposition_version_id <> n.disposition_version_id THEN 1 ELSE 0 END), 0)
           AS changed
{_PAIRS}
"""
_GONE = f"SELECT count(*) AS n {_PAIRS} AND o.id IS NULL"
_CHANGED = f"""
SELECT n.claim_id, k.public_id, o.id AS old {_PAIRS}
AND (o.id IS NULL OR o.disposition_version_id <> n.disposition_version_id) AND k.id > ?
ORDER BY k.id LIMIT ?
"""


async def recent_corrections(
    *, after: str | None = None, limit: int = PAGE
) -> tuple[list[Correction], str | None]:
    """List every version that took the place of another, the newest first, and where the next page begins."""
    when, last = datetime.max.replace(year=9998, tzinfo=UTC), _LAST
    if after and is_key(after):
        for row in await database.rows(_PLACE, after):
            when, last = database.moment(row["released_at"]), row["id"]
    found = await database.rows(_CORRECTIONS, when, last, limit + 1)
    shown = found[:limit]
    stated = await articles_stated({row[key] for row in shown for key in ("version_id", "before_id")})
    by_version: dict[int, list[ArticleCard]] = {}
    for (version, _), article in stated.items():
        by_version.setdefault(version, []).append(article)
    cards = [
        Correction(
            **{
                **{name: row[name] for name in Correction.__dataclass_fields__ if name != "articles"},
                **{name: read_json(row[name]) for name in ("process_title", "title", "words")},
                "signed_by": row["signed_by"] or "",
                "released_at": database.moment(row["released_at"]),
                "articles": tuple(
                    one.shown.number
                    for one in _articles(
                        by_version.get(row["before_id"], []), by_version.get(row["version_id"], [])
                    )
                ),
            }
        )
        for row in shown
    ]
    return cards, cards[-1].public_id if len(found) > limit else None


async def changes_of(before: VersionCard, after: VersionCard, *, start: str | None = None) -> Changes:
    """Put a version beside the one before it: its articles, how many answers changed, and a page of these."""
    (counts,) = await database.rows(_COUNTS, before.id, after.id)
    (gone,) = await database.rows(_GONE, after.id, before.id)
    rows = await database.rows(_CHANGED, before.id, after.id, await _claim(start), PAGE + 1)
    shown = rows[:PAGE]
    new = {one.claim.id: one for one in await cards_of([r["claim_id"] for r in shown], at_version=after.id)}
    known = [row["claim_id"] for row in shown if row["old"] is not None]
    old = {one.claim.id: one for one in await cards_of(known, at_version=before.id)}
    return Changes(
        before=before,
        after=after,
        articles=tuple(_articles(await articles_of(before.id), await articles_of(after.id))),
        added=int(counts["added"]),
        changed=int(counts["changed"]),
        gone=int(gone["n"]),
        answers=tuple(
            AnswerChange(old.get(row["claim_id"]), new[row["claim_id"]])
            for row in shown
            if row["claim_id"] in new
        ),
        following=shown[-1]["public_id"] if len(rows) > PAGE else None,
    )


async def _claim(public_id: str | None) -> int:
    if not public_id or not is_key(public_id):
        return 0
    found = await database.rows("SELECT id FROM claim WHERE public_id = ?", public_id)
    return int(found[0]["id"]) if found else 0


def before_of(released: Sequence[VersionCard], number: int) -> tuple[VersionCard, VersionCard]:
    """Give the version published before one, and that one. Raises NotFound for the first."""
    places = [place for place, one in enumerate(released) if one.number == number]
    if not places or places[0] + 1 >= len(released):
        raise NotFound
    return released[places[0] + 1], released[places[0]]


def _articles(before: Sequence[ArticleCard], after: Sequence[ArticleCard]) -> list[ArticleChange]:
    old, new = {one.eid: one for one in before}, {one.eid: one for one in after}
    both = sorted(old.keys() | new.keys(), key=lambda eid: ((new.get(eid) or old[eid]).position, eid))
    return [
        ArticleChange(old.get(eid), new.get(eid))
        for eid in both
        if _said(old.get(eid)) != _said(new.get(eid))
    ]


def _said(one: ArticleCard | None) -> object:
    return None if one is None else (one.heading, one.text, one.plain, one.is_repealed)
