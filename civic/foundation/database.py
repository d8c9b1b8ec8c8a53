"""The one door to the database: where it is, how a transaction opens, how a whole SQL constant is run.

Acts write inside `transaction()`; a transaction opened inside another joins it, so that an act that
calls an act commits or fails with it. A read inside a transaction sees what it has written; a read
outside sees the last commit and waits for nobody.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, set_global_context
from tortoise.exceptions import OperationalError, TransactionManagementError

from civic import paths, settings
from civic.foundation import asyncpg_client, sqlite_client

APP = "civic"
"""Label under which the ORM knows every table: links are written "civic.Thing"."""

_SERVER_SETTINGS = {
    "application_name": "civic",
    "timezone": "UTC",
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
    "jit": "off",  # Compiling a query takes seconds on a busy machine; ours take milliseconds.
}
_PATIENT = {"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0"}


@dataclass(frozen=True)
class Standing:
    """How a database stands against the chain of migrations of this version."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        """Say what is wrong; nothing when nothing is."""
        if self.unknown:
            return f"the database is ahead of this version (it knows {', '.join(self.unknown)})"
        return f"migrations are missing ({', '.join(self.missing)})" if self.missing else ""


@dataclass
class _Opened:
    context: TortoiseContext
    url: str
    users: int = 1


_opened: _Opened | None = None


@asynccontextmanager
async def connect(url: str | None = None, *, patient: bool = False) -> AsyncIterator[TortoiseContext]:
    """Open the database for this process and close it at the end; opened twice, it is shared.

    Patient: statements may take as long as they need (migrations, imports).
    """
    global _opened
    url = url or settings.current().database_url
    if _opened is None:
        _opened = _Opened(await _start(url, patient), url)
    elif _opened.url == url:
        _opened.users += 1
    else:
        raise RuntimeError("Another database is open in this process.")
    held = _opened
    try:
        yield held.context
    finally:
        held.users -= 1
        if not held.users:
            _opened = None
            await sqlite_client.finish(held.context.close_connections())


async def _start(url: str, patient: bool) -> TortoiseContext:
    """Make the ORM ready for every task of the process, not only for the one that opens it."""
    EXECUTOR_CACHE.clear()  # It keeps statements written for the database that was open before.
    context = TortoiseContext()
    set_global_context(context)
    try:
        await context.init(config=tortoise_config(url, patient=patient))
    except BaseException:
        await context.close_connections()
        raise
    return context


def tortoise_config(url: str, *, patient: bool = False) -> dict[str, Any]:
    """Describe the connection and every room's tables to the ORM."""
    return {
        "connections": {"default": _connection(url, patient)},
        "apps": {
            APP: {
                "models": model_modules(),
                "default_connection": "default",
                "migrations": "civic.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def model_modules() -> list[str]:
    """Name the module of tables of each room that has one."""
    return [f"civic.{file.parent.name}.models" for file in sorted(paths.PACKAGE.glob("*/models.py"))]


def sqlite_file(url: str) -> Path:
    """Find the file of a SQLite address: three slashes relative to here, four from the root."""
    written = unquote(url.partition(":")[2].partition("?")[0])
    if not written.startswith("///") or len(written) == 3 or written.endswith(("/", ":memory:")):
        raise settings.ConfigurationError(
            "CIVIC_DATABASE_URL: write sqlite:///file.db (from here) or sqlite:////folder/file.db."
        )
    return Path(written[3:]).absolute()


def dialect() -> str:
    """Say which database this is: "sqlite" or "postgres"."""
    return _client().capabilities.dialect


def in_transaction() -> bool:
    """Whether a transaction is open here."""
    return isinstance(_client(), TransactionalDBClient)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Open a transaction, or join the one that is open. Raising rolls back; leaving commits."""
    client = _client()
    if isinstance(client, TransactionalDBClient):
        if client._finalized:
            raise TransactionManagementError("A task outlived the transaction it was started in.")
        yield
        return
    async with client._in_transaction():
        yield


def steps() -> list[str]:
    """Name the migrations of this version, oldest first."""
    return sorted(file.stem for file in paths.MIGRATIONS.glob("[0-9]*.py"))


async def standing() -> Standing:
    """Compare the database that is open with the chain."""
    known = set(steps())
    try:
        recorded = await rows("SELECT name FROM tortoise_migrations WHERE app = ?", APP)
    except OperationalError:
        recorded = []
    applied = {row["name"] for row in recorded}
    return Standing(tuple(sorted(known - applied)), tuple(sorted(applied - known)))


async def what_is_missing() -> str:
    """Say, in a few words, why this version cannot serve on this database; nothing when it can."""
    return str(await standing())


async def rows(sql: str, *params: object) -> list[dict[str, Any]]:
    """Run one constant of SQL, written with `?`, and give its rows (INSERT … RETURNING too).

    Dates come back as each database keeps them: pass them through `moment`.
    """
    return await _client().execute_query_dict(_placed(sql, dialect()), _plain(params))


async def execute(sql: str, *params: object) -> int:
    """Run one constant of SQL, written with `?`, and give the number of rows it changed."""
    return (await _client().execute_query(_placed(sql, dialect()), _plain(params)))[0]


async def weigh() -> None:
    """Let PostgreSQL see how full its tables have become, after many rows came at once.

    It looks by itself within a minute; until then it plans for the tables it last saw, empty ones maybe.
    """
    if dialect() == "postgres":
        await execute("ANALYZE")


def moment(value: object) -> datetime:
    """Read a time that came out of `rows`, in UTC."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(cast(str, value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _client() -> BaseDBAsyncClient:
    return get_connection("default")


def _connection(url: str, patient: bool) -> dict[str, Any]:
    if url.startswith("sqlite:"):
        readers = 0 if patient else 2
        credentials = {"file_path": str(sqlite_file(url)), "readers": readers}
        return {"engine": sqlite_client.__name__, "credentials": credentials}
    return {"engine": asyncpg_client.__name__, "credentials": _postgres_credentials(url, patient)}


def _postgres_credentials(url: str, patient: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    credentials = {
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "host": parts.hostname or options.get("host"),
        "port": parts.port or int(options.get("port", 5432)),
        "database": unquote(parts.path.lstrip("/")) or None,
        "minsize": 1,
        "maxsize": settings.current().database_pool,
        "server_settings": {**_SERVER_SETTINGS, **(_PATIENT if patient else {})},
        "command_timeout": None if patient else 30,
        "timeout": 5,
    }
    if "sslmode" in options:
        credentials["ssl"] = options["sslmode"]
    return credentials


@lru_cache(maxsize=1024)
def _placed(sql: str, database: str) -> str:
    """Number the question marks for PostgreSQL; those inside quotes are text."""
    if database == "sqlite":
        return sql
    pieces = sql.split("'")
    number = 0
    for index in range(0, len(pieces), 2):
        head, *tails = pieces[index].split("?")
        pieces[index] = head
        for tail in tails:
            number += 1
            pieces[index] += f"${number}{tail}"
    return "'".join(pieces)


def _plain(params: Iterable[object]) -> list[Any]:
    """Put values in the form the driver takes, as the ORM would."""
    if dialect() != "sqlite":
        return list(params)
    return [_sqlite_value(value) for value in params]


def _sqlite_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return value
