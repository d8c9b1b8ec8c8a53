"""One search over everything, on both databases: FTS5 in SQLite, tsvector in PostgreSQL.

The two see exactly the same words, because they are cut and folded here and handed over ready made:
no accents, no case, and scripts written without spaces cut into single characters that must stand side
by side. A word finds those that begin with it. The rooms say what can be found and by whom.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from civic.foundation import database, words
from civic.foundation.words import Part, Term

T = TypeVar("T")

PUBLIC = "public"
DRAFT = "draft"
"""What belongs to a process that is not open yet: nobody finds it before its opening."""
MOST_HITS = 1000
SHORT = 4000
"""Characters that are cut into words without leaving the event loop."""


@dataclass(frozen=True)
class Hit:
    """One thing found, with its words as they were written."""

    key: str
    kind: str
    process: str | None
    language: str
    title: str
    title_parts: tuple[Part, ...]
    excerpt_parts: tuple[Part, ...]
    rank: float


_SAVE = """
INSERT INTO search_entry (key, kind, process, language, audience, title, body)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    kind = excluded.kind, process = excluded.process, language = excluded.language,
    audience = excluded.audience, title = excluded.title, body = excluded.body
RETURNING id
"""
_DROP_WORDS = "DELETE FROM search_words WHERE rowid = ?"
_SAVE_WORDS = {
    "sqlite": "INSERT INTO search_words (title, body, rowid) VALUES (?, ?, ?)",
    "postgres": "UPDATE search_entry SET document = CAST(CAST(? AS text) AS tsvector) WHERE id = ?",
}
_REMOVE = "DELETE FROM search_entry WHERE key = ?"
_REVEAL = "UPDATE search_entry SET audience = ? WHERE process = ? AND audience = ?"

_FIND = {
    "sqlite": """
        SELECT e.key, e.kind, e.process, e.language, e.title, substr(e.body, 1, 20000) AS body,
               -bm25(search_words, 8.0, 1.0) AS score
        FROM search_words JOIN search_entry e ON e.id = search_words.rowid
        WHERE search_words MATCH ?
    """,
    "postgres": """
        SELECT e.key, e.kind, e.process, e.language, e.title, substr(e.body, 1, 20000) AS body,
               ts_rank('{0.1, 0.2, 0.4, 1.0}', e.document, q, 1)::float8 AS score
        FROM search_entry e, CAST(CAST(? AS text) AS tsquery) q
        WHERE e.document @@ q
    """,
}
_COUNT = {
    "sqlite": """
        SELECT count(*) AS n FROM search_words JOIN search_entry e ON e.id = search_words.rowid
        WHERE search_words MATCH ?
    """,
    "postgres": """
        SELECT count(*) AS n FROM search_entry e WHERE e.document @@ CAST(CAST(? AS text) AS tsquery)
    """,
}
_KEYS = {
    "sqlite": """
        SELECT e.key FROM search_words JOIN search_entry e ON e.id = search_words.rowid
        WHERE search_words MATCH ?
    """,
    "postgres": """
        SELECT e.key FROM search_entry e WHERE e.document @@ CAST(CAST(? AS text) AS tsquery)
    """,
}
_WITHIN = " AND e.process = ?"
_BEST_FIRST = " ORDER BY score DESC, e.id DESC LIMIT ? OFFSET ?"
_NEWEST_FIRST = " ORDER BY e.id DESC LIMIT ?"


async def index(
    key: str,
    *,
    kind: str,
    process: str | None,
    language: str,
    title: str,
    body: str,
    audience: str = PUBLIC,
) -> None:
    """Make a thing findable, or put what is known of it right."""
    in_sqlite = database.dialect() == "sqlite"
    written = words.columns if in_sqlite else words.tsvector
    prepared = await _aside(written, len(title) + len(body), title, body)
    async with database.transaction():
        (saved,) = await database.rows(_SAVE, key, kind, process, language, audience, title, body)
        if in_sqlite:
            await database.execute(_DROP_WORDS, saved["id"])
        await database.execute(_SAVE_WORDS[database.dialect()], *prepared, saved["id"])


async def remove(key: str) -> None:
    """Make a thing no longer findable, at once."""
    await database.execute(_REMOVE, key)


async def reveal(process: str) -> None:
    """Let everybody find what waited for the opening of a process."""
    await database.execute(_REVEAL, PUBLIC, process, DRAFT)


async def find(
    query: str,
    *,
    kinds: Collection[str] | None = None,
    process: str | None = None,
    audiences: Collection[str] = (PUBLIC,),
    limit: int = 20,
    after: int | None = None,
) -> list[Hit]:
    """Find what holds every word of the query, best first; `after` is how many were already shown."""
    terms = words.terms(query)
    return await _hits(terms, _asked(terms, every=True), kinds, process, audiences, limit, after or 0)


async def resembling(
    written: str,
    *,
    kinds: Collection[str] | None = None,
    process: str | None = None,
    audiences: Collection[str] = (PUBLIC,),
    limit: int = 5,
) -> list[Hit]:
    """Find what shares the most telling words of a text that is being written."""
    terms = words.telling_terms(written)
    return await _hits(terms, _asked(terms, every=False), kinds, process, audiences, limit, 0)


async def count(
    query: str,
    *,
    kinds: Collection[str] | None = None,
    process: str | None = None,
    audiences: Collection[str] = (PUBLIC,),
) -> int:
    """Count what `find` would find, over all its pages."""
    asked = _asked(words.terms(query), every=True)
    if not asked:
        return 0
    where, params = _filters(kinds, process, audiences)
    found = await database.rows(_COUNT[database.dialect()] + where, asked, *params)
    return int(found[0]["n"])


async def keys(
    query: str,
    *,
    kinds: Collection[str] | None = None,
    process: str | None = None,
    audiences: Collection[str] = (PUBLIC,),
) -> list[str]:
    """Give the keys of what holds every word, newest first: for a list that filters and sorts by itself."""
    asked = _asked(words.terms(query), every=True)
    if not asked:
        return []
    where, params = _filters(kinds, process, audiences)
    sql = _KEYS[database.dialect()] + where + _NEWEST_FIRST
    return [row["key"] for row in await database.rows(sql, asked, *params, MOST_HITS)]


async def _hits(
    terms: Sequence[Term],
    asked: str,
    kinds: Collection[str] | None,
    process: str | None,
    audiences: Collection[str],
    limit: int,
    after: int,
) -> list[Hit]:
    if not asked:
        return []
    where, params = _filters(kinds, process, audiences)
    sql = _FIND[database.dialect()] + where + _BEST_FIRST
    page = min(max(limit, 0), MOST_HITS), min(max(after, 0), MOST_HITS)
    found = await database.rows(sql, asked, *params, *page)
    return await _aside(_quoted, sum(len(row["body"]) for row in found), found, terms)


def _quoted(found: Sequence[dict[str, Any]], terms: Sequence[Term]) -> list[Hit]:
    return [_hit(row, terms) for row in found]


def _hit(row: dict[str, Any], terms: Sequence[Term]) -> Hit:
    return Hit(
        key=row["key"],
        kind=row["kind"],
        process=row["process"],
        language=row["language"],
        title=row["title"],
        title_parts=words.marked(row["title"], terms),
        excerpt_parts=words.excerpt(row["body"], terms),
        rank=float(row["score"]),
    )


def _asked(terms: Sequence[Term], *, every: bool) -> str:
    """Write the question in the database's own language."""
    return (
        words.fts5_query(terms, every=every)
        if database.dialect() == "sqlite"
        else words.tsquery(terms, every=every)
    )


def _filters(
    kinds: Collection[str] | None, process: str | None, audiences: Collection[str]
) -> tuple[str, list[str]]:
    where, params = _one_of("e.audience", audiences), list(audiences)
    if kinds is not None:
        where += _one_of("e.kind", kinds)
        params += kinds
    if process is not None:
        where += _WITHIN
        params.append(process)
    return where, params


def _one_of(column: str, values: Collection[str]) -> str:
    """Ask for one of so many values; for none of them when there is none."""
    return f" AND {column} IN ({', '.join('?' * len(values)) or 'NULL'})"


async def _aside(act: Callable[..., T], size: int, *args: object) -> T:
    """Do long work on text in a thread, so that pages of others do not wait for it."""
    return act(*args) if size < SHORT else await asyncio.to_thread(act, *args)
