"""Read what tables a database holds, in one form for SQLite and PostgreSQL, to compare and to fill."""

import json
from dataclasses import dataclass
from typing import Any

from civic.foundation import clock
from civic.foundation import database as db

OURS = ("tortoise_migrations", "sqlite_sequence")
NOW = "2026-11-22 08:00:00+00:00"


@dataclass(frozen=True)
class Table:
    """Columns as (name, type, required, default); keys as sets of column names."""

    columns: frozenset[tuple[str, str, bool, str]]
    indexes: frozenset[tuple[str, ...]]
    uniques: frozenset[tuple[str, ...]]
    links: frozenset[tuple[str, str, str, str]]


async def tables() -> dict[str, Table]:
    """Describe every table of the database that is open."""
    read = _sqlite_table if db.dialect() == "sqlite" else _postgres_table
    return {name: await read(name) for name in await names()}


async def names() -> list[str]:
    """Name the tables the ORM knows."""
    if db.dialect() == "sqlite":
        found = await db.rows(
            "SELECT name FROM sqlite_master"
            " WHERE type = 'table' AND name NOT LIKE 'search_words%' ORDER BY name"
        )
    else:
        found = await db.rows("SELECT relname AS name FROM pg_stat_user_tables ORDER BY relname")
    return [row["name"] for row in found if row["name"] not in OURS]


async def triggers() -> set[str]:
    """Name what watches over tables, with the table."""
    if db.dialect() == "sqlite":
        found = await db.rows("SELECT name, tbl_name AS t FROM sqlite_master WHERE type = 'trigger'")
    else:
        found = await db.rows(
            "SELECT tgname::text AS name, tgrelid::regclass::text AS t FROM pg_trigger WHERE NOT tgisinternal"
        )
    return {f"{row['t']}.{row['name']}" for row in found}


async def _sqlite_table(name: str) -> Table:
    columns = await db.rows("SELECT * FROM pragma_table_info(?)", name)
    links = await db.rows("SELECT * FROM pragma_foreign_key_list(?)", name)
    indexes: set[tuple[str, ...]] = set()
    uniques: set[tuple[str, ...]] = set()
    for index in await db.rows("SELECT * FROM pragma_index_list(?)", name):
        if index["partial"]:
            continue
        found = await db.rows("SELECT name FROM pragma_index_info(?)", index["name"])
        (uniques if index["unique"] else indexes).add(tuple(row["name"] for row in found))
    return Table(
        frozenset(
            (row["name"], row["type"], bool(row["notnull"] and not row["pk"]), str(row["dflt_value"]))
            for row in columns
        ),
        frozenset(indexes),
        frozenset(uniques),
        frozenset((row["from"], row["table"], row["to"], row["on_delete"]) for row in links),
    )


_COLUMNS = """
SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       pg_get_expr(d.adbin, d.adrelid) AS dflt
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = CAST(CAST(? AS text) AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
"""
_INDEXES = """
SELECT i.indisunique AS is_unique, array(
    SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k (n, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY place
) AS columns, am.amname AS method
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
WHERE i.indrelid = CAST(CAST(? AS text) AS regclass) AND i.indpred IS NULL
"""
_LINKS = """
SELECT a.attname::text AS from_, c.confrelid::regclass::text AS to_table, b.attname::text AS to_,
       c.confdeltype::text AS act
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.conrelid = CAST(CAST(? AS text) AS regclass)
"""


async def _postgres_table(name: str) -> Table:
    columns, links = await db.rows(_COLUMNS, name), await db.rows(_LINKS, name)
    indexes: set[tuple[str, ...]] = set()
    uniques: set[tuple[str, ...]] = set()
    for index in await db.rows(_INDEXES, name):
        if index["method"] == "btree":
            (uniques if index["is_unique"] else indexes).add(tuple(index["columns"]))
    return Table(
        frozenset((row["name"], row["type"], row["required"], str(row["dflt"])) for row in columns),
        frozenset(indexes),
        frozenset(uniques),
        frozenset((row["from_"], row["to_table"], row["to_"], row["act"]) for row in links),
    )


async def fill(*, only_empty: bool = False) -> None:
    """Put one row, with the id 1, into every table (that has none yet); all links point to 1."""
    is_sqlite = db.dialect() == "sqlite"
    if is_sqlite:
        await db.execute("PRAGMA foreign_keys = OFF")
    async with db.transaction():
        if not is_sqlite:
            await db.execute("SET LOCAL session_replication_role = replica")
        for name, table in (await tables()).items():
            if only_empty and await db.rows(f'SELECT 1 AS there FROM "{name}" LIMIT 1'):
                continue
            ones = {"id", *(link[0] for link in table.links)}
            values = {
                column: 1 if column in ones else _value(kind, place)
                for place, (column, kind, _, _) in enumerate(sorted(table.columns))
            }
            marks, columns = ", ".join("?" * len(values)), ", ".join(f'"{column}"' for column in values)
            await db.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', *values.values())
            if not is_sqlite and "id" in values:
                await db.rows(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1)")
    if is_sqlite:
        await db.execute("PRAGMA foreign_keys = ON")


def _value(kind: str, place: int) -> Any:
    """Make a value of a type. Numbers grow with the name of their column (`end` before `start`)."""
    kind = kind.lower()
    if "time" in kind:
        return db.moment(NOW)
    if "date" in kind:
        return clock.local_day(db.moment(NOW))
    if "json" in kind:
        return json.dumps({"fr": "x"})
    if "bool" in kind:
        return True
    if "blob" in kind or "bytea" in kind:
        return b"x"
    if "tsvector" in kind:
        return None
    if "int" in kind:
        return 1000 - place if "small" not in kind else 1
    if "real" in kind or "double" in kind:
        return 1.5
    return "x"
