"""How decisions, their versions and their articles are read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.decisions.models import Decision
from civic.decisions.policies import works_on
from civic.decisions.rules import Article
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized
from civic.foundation.text import DiffPart, diff
from civic.foundation.viewer import Viewer
from civic.processes import queries as processes
from civic.processes.queries import IssueCard, ProcessPage


@dataclass(frozen=True)
class VersionCard:
    """A decision as it was signed; public from `released_at` on."""

    id: int
    public_id: str
    decision_id: int
    number: int
    title: Localized
    summary: Localized
    signed_by: str
    signed_role: str
    signed_for: str | None
    signer_id: int | None
    unanswered: int
    counts: dict[str, Any]
    correction: Localized
    release_at: datetime
    signed_at: datetime
    released_at: datetime | None
    stopped_at: datetime | None
    stop_reason: str
    delegated_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.released_at is None and self.stopped_at is None


@dataclass(frozen=True)
class DecisionCard:
    """A decision with its process, its questions and its versions, newest first."""

    id: int
    public_id: str
    process: ProcessPage
    title: Localized
    summary: Localized
    maker: PersonCard | None
    version: int
    issues: tuple[IssueCard, ...]
    versions: tuple[VersionCard, ...]
    created_at: datetime

    @property
    def released(self) -> tuple[VersionCard, ...]:
        """The versions people could read, newest first."""
        return tuple(one for one in self.versions if one.released_at is not None)

    @property
    def in_force(self) -> VersionCard | None:
        return next(iter(self.released), None)

    @property
    def pending(self) -> VersionCard | None:
        return next((one for one in self.versions if one.is_pending), None)

    @property
    def first_released_at(self) -> datetime | None:
        return self.released[-1].released_at if self.released else None


@dataclass(frozen=True)
class ArticleCard:
    """The words of an article at one version, beside the text in force before it."""

    provision_id: int
    public_id: str
    eid: str
    position: int
    version_id: int
    version: int
    heading: Localized
    text: Localized
    plain: Localized
    before: Localized
    is_repealed: bool
    note: str
    written_by: str
    written_at: datetime

    @property
    def number(self) -> str:
        """The number people call it by: a6 is article 6."""
        return self.eid[1:]

    @property
    def changes(self) -> bool:
        """Whether its words differ from the text in force before it, in any language."""
        return not self.is_repealed and any(
            words.strip() and words != self.before.get(language, "") for language, words in self.text.items()
        )

    @property
    def is_empty(self) -> bool:
        return not any(words.strip() for words in self.text.values())

    def diff(self, language: str) -> list[DiffPart]:
        """Show what changes, in one language; where that text is missing, in the one there is."""
        spoken = language if self.text.get(language) else next(iter(self.text), language)
        return diff(self.before.get(spoken, ""), self.text.get(spoken, ""))

    def language(self, wanted: str) -> str:
        """Name the language the article is shown in."""
        return wanted if self.text.get(wanted) else next(iter(self.text), wanted)

    @property
    def facts(self) -> Article:
        return Article(self.public_id, self.changes)


_VERSIONS = """
SELECT v.id, v.public_id, v.decision_id, v.number, v.title, v.summary, s.name AS signed_by, v.signed_role,
       f.name AS signed_for, v.signed_by_id AS signer_id, v.unanswered, v.counts, v.correction,
       v.release_at, v.signed_at, r.released_at, x.stopped_at, x.reason AS stop_reason,
       b.given_at AS delegated_at
FROM decision_version v
LEFT JOIN participant s ON s.id = v.signed_by_id
LEFT JOIN participant f ON f.id = v.signed_for_id
LEFT JOIN decision_release r ON r.version_id = v.id
LEFT JOIN publication_stop x ON x.version_id = v.id
LEFT JOIN delegated_signature y ON y.version_id = v.id
LEFT JOIN signature_delegation b ON b.id = y.delegation_id
WHERE v.decision_id IN ({marks}) ORDER BY v.number DESC
"""
_ISSUES = "SELECT decision_id, issue_id FROM decision_issue WHERE decision_id IN ({marks}) ORDER BY issue_id"
_ARTICLES = """
SELECT p.id AS provision_id, p.public_id, p.eid, p.position, v.id AS version_id, v.number AS version,
       v.heading, v.text, v.plain, v.before, v.standing, v.note, w.name AS written_by, v.written_at
FROM provision p
JOIN provision_version v ON v.provision_id = p.id
LEFT JOIN participant w ON w.id = v.written_by_id
"""
_NOW = _ARTICLES + "WHERE p.decision_id = ? AND v.number = p.version ORDER BY p.position, p.id"
_PUBLISHED = (
    _ARTICLES
    + "JOIN published_provision x ON x.provision_version_id = v.id "
    + "WHERE x.decision_version_id = ? ORDER BY p.position, p.id"
)
_AT_VERSION = (
    _ARTICLES
    + "JOIN published_provision x ON x.provision_version_id = v.id "
    + "WHERE x.decision_version_id = ? AND p.id IN ({marks})"
)
_STATED = """
SELECT x.decision_version_id AS stated_by, p.id AS provision_id, p.public_id, p.eid, p.position,
       v.id AS version_id, v.number AS version, v.heading, v.text, v.plain, v.before, v.standing, v.note,
       w.name AS written_by, v.written_at
FROM published_provision x
JOIN provision_version v ON v.id = x.provision_version_id
JOIN provision p ON p.id = v.provision_id
LEFT JOIN participant w ON w.id = v.written_by_id
WHERE x.decision_version_id IN ({marks})
"""
_NEWEST = _ARTICLES + "WHERE v.number = p.version AND p.id IN ({marks})"
_ALL_VERSIONS = _ARTICLES + "WHERE p.public_id = ? ORDER BY v.number DESC"
_OF_ISSUE = "SELECT decision_id FROM decision_issue WHERE issue_id = ?"
_RELEASED = """
SELECT v.decision_id, max(v.number) AS number, max(r.released_at) AS released_at
FROM decision_version v JOIN decision_release r ON r.version_id = v.id
JOIN decision d ON d.id = v.decision_id
WHERE (? = 0 OR d.process_id = ?)
GROUP BY v.decision_id
HAVING (max(r.released_at), v.decision_id) < (?, ?)
ORDER BY released_at DESC, v.decision_id DESC LIMIT ?
"""
_LAST = 2**62


async def visible_decision(viewer: Viewer, public_id: str) -> DecisionCard:
    """Give a decision that was published, to whoever looks."""
    card = await _decision(public_id)
    if card.in_force is None:
        raise NotFound
    return card


async def desk_decision(viewer: Viewer, public_id: str) -> DecisionCard:
    """Give a decision, published or not, to those who work on it."""
    card = await _decision(public_id)
    if not works_on(viewer, card.process.public_id):
        raise NotFound
    return card


async def decision_by_id(decision_id: int) -> DecisionCard:
    """Give a decision whoever asks: for acts and jobs, which have asked their policy."""
    row = await Decision.get_or_none(id=decision_id)
    if row is None:
        raise NotFound
    return (await _cards([row]))[0]


async def decision_by_public_id(public_id: str) -> DecisionCard:
    """Give a decision whoever asks: for acts and jobs, which have asked their policy."""
    return await _decision(public_id)


async def decision_of_issue(issue_id: int) -> DecisionCard | None:
    """Give the decision that settles a question, published or not, if one was begun."""
    found = await database.rows(_OF_ISSUE, issue_id)
    return await decision_by_id(found[0]["decision_id"]) if found else None


async def decisions_of(process_id: int) -> list[DecisionCard]:
    """Give every decision of a process, published or not."""
    return await _cards(await Decision.filter(process_id=process_id).order_by("id"))


async def decisions_of_processes(process_ids: Collection[int]) -> list[DecisionCard]:
    """Give every decision of several processes at once."""
    return await _cards(await Decision.filter(process_id__in=list(process_ids)).order_by("id"))


async def published_decisions(process_id: int) -> list[DecisionCard]:
    """Give the published decisions of a process."""
    return [card for card in await decisions_of(process_id) if card.in_force is not None]


async def recent_decisions(
    *, process_id: int | None = None, after: str | None = None, limit: int = 20
) -> tuple[list[DecisionCard], str | None]:
    """List published decisions, the newest publication on top, and tell where the next page begins."""
    when, last = await _cursor(after)
    wanted = process_id or 0
    found = await database.rows(_RELEASED, wanted, wanted, when, last, limit + 1)
    ids = [row["decision_id"] for row in found[:limit]]
    by_id = {card.id: card for card in await _cards(await Decision.filter(id__in=ids))} if ids else {}
    cards = [by_id[one] for one in ids]
    return cards, cards[-1].public_id if len(found) > limit else None


async def _cursor(after: str | None) -> tuple[datetime, int]:
    row = await Decision.get_or_none(public_id=after) if after and is_key(after) else None
    versions = await versions_of([row.id]) if row else []
    released = [one.released_at for one in versions if one.released_at is not None]
    if row is None or not released:
        return datetime.max.replace(year=9998, tzinfo=UTC), _LAST
    return max(released), row.id


async def published_version(decision_id: int) -> VersionCard | None:
    """Give the version in force: the newest that became public."""
    return next((one for one in await versions_of([decision_id]) if one.released_at is not None), None)


async def versions_of(decision_ids: Sequence[int]) -> list[VersionCard]:
    """Give the signed versions of some decisions, newest first."""
    if not decision_ids:
        return []
    sql = _VERSIONS.format(marks=marks(decision_ids))
    return [_version(row) for row in await database.rows(sql, *decision_ids)]


async def articles_now(decision_id: int) -> list[ArticleCard]:
    """Give the newest words of every article of a decision, as its desk sees them."""
    return [article_of_row(row) for row in await database.rows(_NOW, decision_id)]


async def articles_of(version_id: int) -> list[ArticleCard]:
    """Give the articles as one version of the decision states them."""
    return [article_of_row(row) for row in await database.rows(_PUBLISHED, version_id)]


async def articles_at(provisions: Collection[int], version_id: int | None) -> dict[int, ArticleCard]:
    """Give some articles by their id, as one version of the decision states them, or as they stand now."""
    if not provisions:
        return {}
    wanted = list(provisions)
    if version_id is None:
        found = await database.rows(_NEWEST.format(marks=marks(wanted)), *wanted)
    else:
        found = await database.rows(_AT_VERSION.format(marks=marks(wanted)), version_id, *wanted)
    return {row["provision_id"]: article_of_row(row) for row in found}


async def articles_stated(version_ids: Collection[int]) -> dict[tuple[int, str], ArticleCard]:
    """Give the articles of several versions of decisions, by version and public id of the article."""
    wanted = list(version_ids)
    found = await database.rows(_STATED.format(marks=marks(wanted)), *wanted) if wanted else []
    return {(row["stated_by"], row["public_id"]): article_of_row(row) for row in found}


async def article_versions(public_id: str) -> list[ArticleCard]:
    """Give every version of an article, newest first; for the desk, which has asked who looks."""
    return [article_of_row(row) for row in await database.rows(_ALL_VERSIONS, public_id)]


async def _decision(public_id: str) -> DecisionCard:
    row = await Decision.get_or_none(public_id=public_id) if is_key(public_id) else None
    if row is None:
        raise NotFound
    return (await _cards([row]))[0]


async def _cards(found: Iterable[Decision]) -> list[DecisionCard]:
    rows = list(found)
    if not rows:
        return []
    ids = [row.id for row in rows]
    pages = await processes.processes_by_id({row.process_id for row in rows})
    makers = await accounts.people_of(row.decision_maker_id for row in rows if row.decision_maker_id)
    versions = await versions_of(ids)
    links = await database.rows(_ISSUES.format(marks=marks(ids)), *ids)
    issues = await processes.issues_by_id(link["issue_id"] for link in links)
    return [
        DecisionCard(
            id=row.id,
            public_id=row.public_id,
            process=pages[row.process_id],
            title=row.title,
            summary=row.summary,
            maker=makers.get(row.decision_maker_id or 0),
            version=row.version,
            issues=tuple(issues[link["issue_id"]] for link in links if link["decision_id"] == row.id),
            versions=tuple(one for one in versions if one.decision_id == row.id),
            created_at=row.created_at,
        )
        for row in rows
    ]


def _version(row: dict[str, Any]) -> VersionCard:
    return VersionCard(
        **{
            **row,
            "title": read_json(row["title"]),
            "summary": read_json(row["summary"]),
            "counts": read_json(row["counts"]),
            "correction": read_json(row["correction"]),
            "signed_by": row["signed_by"] or "",
            "release_at": database.moment(row["release_at"]),
            "signed_at": database.moment(row["signed_at"]),
            "released_at": maybe_moment(row["released_at"]),
            "stopped_at": maybe_moment(row["stopped_at"]),
            "stop_reason": row["stop_reason"] or "",
            "delegated_at": maybe_moment(row["delegated_at"]),
        }
    )


def article_of_row(row: dict[str, Any]) -> ArticleCard:
    """Read an article out of its row."""
    return ArticleCard(
        provision_id=row["provision_id"],
        public_id=row["public_id"],
        eid=row["eid"],
        position=row["position"],
        version_id=row["version_id"],
        version=row["version"],
        heading=read_json(row["heading"]),
        text=read_json(row["text"]),
        plain=read_json(row["plain"]),
        before=read_json(row["before"]),
        is_repealed=row["standing"] == "repealed",
        note=row["note"],
        written_by=row["written_by"] or "",
        written_at=database.moment(row["written_at"]),
    )


def read_json(value: object) -> Any:
    """Read a JSON column that came out of `database.rows`."""
    return json.loads(value) if isinstance(value, (str, bytes)) else value


def maybe_moment(value: object) -> datetime | None:
    """Read a time that may be missing."""
    return database.moment(value) if value is not None else None


def marks(values: Sequence[object]) -> str:
    """Write as many question marks as there are values."""
    return ", ".join("?" * len(values)) or "NULL"
