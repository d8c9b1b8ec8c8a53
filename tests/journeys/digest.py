"""What a whole database says, table by table, so that two moments can be compared."""

from __future__ import annotations

import hashlib

from civic.foundation import database as db

PASSING = {"rate_bucket": "*", "session": "seen_at"}
"""What looking may change: how often somebody came, and when they were last seen."""
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


async def contents() -> dict[str, str]:
    """Give the digest of every table."""
    tables = [row["name"] for row in await db.rows(_TABLES[db.dialect()])]
    return {name: await _table(name) for name in tables if PASSING.get(name) != "*"}


async def _table(name: str) -> str:
    left_out = PASSING.get(name)
    found = await db.rows(f'SELECT * FROM "{name}"')
    lines = sorted(repr([(key, value) for key, value in row.items() if key != left_out]) for row in found)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Name the tables that say something else now."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
