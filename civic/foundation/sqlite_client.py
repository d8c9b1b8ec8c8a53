"""A client for SQLite that neither freezes, nor loses a write, nor lets readers wait for a writer.

Against the ORM's own client: a transaction takes the write lock at once (BEGIN IMMEDIATE), so two
processes that read and then write do not fail each other; a task cancelled while it begins, commits
or rolls back leaves nothing behind; reads outside a transaction go to read-only connections; the
number of rows changed does not count what triggers did; a full disk is an answer, not a riddle.

The ORM's migrations recognise the database by this module's name: keep "sqlite" in it.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast
from urllib.parse import quote

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from civic.foundation.errors import Busy

T = TypeVar("T")
Answer = tuple[int, list[Any]]
"""Rows changed (or found), and the rows."""

LOCK_SECONDS = 15
"""How long a write waits for the writes of this process before it is told to come back."""
READ_SECONDS = 5
"""How long one read may take."""
AT_ONCE = 1000
"""Rows that are made ready in one go."""
BUSY_MILLISECONDS = 5000
"""How long SQLite waits for the writes of other processes."""

PRAGMAS = {
    "busy_timeout": BUSY_MILLISECONDS,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "journal_size_limit": 64 * 1024 * 1024,
}
_READ = re.compile(r"\s*(?:SELECT|WITH(?!.*\b(?:INSERT|UPDATE|DELETE|REPLACE)\b))\b", re.I | re.S)
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_INTERRUPT,
}


async def finish(operation: Coroutine[Any, Any, T]) -> T:
    """Carry an operation to its end even if cancelled meanwhile; only then let the cancellation through."""
    task = asyncio.ensure_future(operation)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise


async def as_dicts(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Make dicts of many rows without keeping the event loop from everybody else."""
    made: list[dict[str, Any]] = []
    for start in range(0, len(rows), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        made += map(dict, rows[start : start + AT_ONCE])
    return made


def translated(error: sqlite3.Error) -> Exception:
    """Say in the ORM's words, or ours, what SQLite refused."""
    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(error)
    if isinstance(error, sqlite3.OperationalError) and (error.sqlite_errorcode & 0xFF) in _PASSING:
        return Busy()
    return OperationalError(error)


class Connection(aiosqlite.Connection):
    """One SQLite connection in its own thread, which works off statements in the order they came."""

    def __init__(self, target: str, pragmas: dict[str, Any]) -> None:
        super().__init__(lambda: _open(target, pragmas), iter_chunk_size=64)

    async def run(self, query: str, values: Sequence[Any] | None = None) -> Answer:
        """Run one statement: rows changed (or found), and the rows."""
        found: Answer = await self._execute(_run, self._conn, query, values or ())  # type: ignore[no-untyped-call]
        return found

    def interrupt_now(self) -> None:
        """Stop the statement that is running, if one is."""
        if self._connection is not None:
            self._connection.interrupt()


def _open(target: str, pragmas: dict[str, Any]) -> sqlite3.Connection:
    connection = sqlite3.connect(target, isolation_level=None, uri=True, cached_statements=256)
    connection.row_factory = sqlite3.Row
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")
    return connection


def _run(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> Answer:
    cursor = connection.execute(query, values)
    rows = cursor.fetchall()
    return (cursor.rowcount if cursor.rowcount >= 0 else len(rows)), rows


async def _opened(target: str, pragmas: dict[str, Any]) -> Connection:
    connection = Connection(target, pragmas)
    await _translating(connection)
    return connection


class _Statements(SqliteClient):
    """How a statement is run, in a transaction or out of one."""

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Answer:
        async with self.acquire_connection() as connection:
            return await _translating(connection.run(query, values))

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return await as_dicts((await self.execute_query(query, values))[1])

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        async with self.acquire_connection() as connection:
            row = await _translating(connection.execute_insert(query, values))
            return int(row[0])

    async def execute_script(self, query: str) -> None:
        async with self.acquire_connection() as connection:
            await _translating(connection.executescript(query))


async def _translating(operation: Awaitable[T]) -> T:
    try:
        return await operation
    except sqlite3.Error as error:
        raise translated(error) from error


class Transaction(_Statements, SqliteTransactionWrapper):
    """The connection inside a transaction. Ended, or rolled back by SQLite itself, it takes nothing more."""

    @asynccontextmanager
    async def acquire_connection(self) -> AsyncIterator[Connection]:  # type: ignore[override]
        async with self._lock:
            if self._finalized or self._parent_is_finalized():
                raise TransactionManagementError("This transaction has ended.")
            if not self._connection.in_transaction:
                raise Busy()
            yield cast(Connection, self._connection)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self.acquire_connection() as connection:
            await _translating(connection.executemany(query, values))

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))

    def _parent_is_finalized(self) -> bool:
        return isinstance(self._parent, Transaction) and (
            self._parent._finalized or self._parent._parent_is_finalized()
        )


class _TransactionContext(TransactionContext):
    def __init__(self, client: "Client") -> None:
        self._client = client

    async def __aenter__(self) -> Transaction:
        await self._client.take_lock()
        try:
            await finish(self._begin())
        except BaseException:
            try:
                await self._roll_back()
            finally:
                self._client._lock.release()
            raise
        self._token = get_connections().set(self._client.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None and not self.connection._finalized:
                await finish(self._commit())
        finally:
            try:
                await self._roll_back()
            finally:
                self.connection._finalized = True
                self._client._lock.release()
                get_connections().reset(self._token)

    async def _begin(self) -> None:
        connection = await self._client.writer()
        self.connection = Transaction(self._client)
        await _translating(connection.run("BEGIN IMMEDIATE"))

    async def _commit(self) -> None:
        connection = await self._client.writer()
        if not connection.in_transaction:
            raise Busy()
        await _translating(connection.run("COMMIT"))

    async def _roll_back(self) -> None:
        """Undo what is still open; on a full disk SQLite has rolled back by itself and there is nothing."""
        connection = self._client._connection
        if connection is not None and connection.in_transaction:
            await finish(connection.rollback())


class Client(_Statements):
    """One writing connection, taken in turn, and a few that only read."""

    def __init__(self, file_path: str, readers: int = 2, **options: Any) -> None:
        super().__init__(file_path, **options)
        self.pragmas = PRAGMAS
        self._connection: Connection | None = None
        self._reader_count = readers
        self._readers: list[Connection] = []
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        self._opening = asyncio.Lock()

    async def create_connection(self, with_db: bool) -> None:
        await finish(self._connect())

    async def writer(self) -> Connection:
        if self._connection is None:
            await self.create_connection(with_db=True)
        assert self._connection is not None  # noqa: S101
        return self._connection

    async def take_lock(self) -> None:
        try:
            async with asyncio.timeout(LOCK_SECONDS):
                await self._lock.acquire()
        except TimeoutError as error:
            raise Busy() from error

    @asynccontextmanager
    async def acquire_connection(self) -> AsyncIterator[Connection]:  # type: ignore[override]
        await self.take_lock()
        try:
            yield await self.writer()
        finally:
            self._lock.release()

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Answer:
        if not self._reader_count or not _READ.match(query):
            return await super().execute_query(query, values)
        async with self._reader() as connection:
            return await _translating(connection.run(query, values))

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    def _in_transaction(self) -> TransactionContext:
        return _TransactionContext(self)

    async def close(self) -> None:
        await finish(self._disconnect())

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Connection]:
        if not self._readers:
            await self.create_connection(with_db=True)
        connection = await self._idle.get()
        try:
            async with asyncio.timeout(READ_SECONDS):
                yield connection
        except TimeoutError as error:
            connection.interrupt_now()
            raise Busy() from error
        except asyncio.CancelledError:
            connection.interrupt_now()
            raise
        finally:
            self._idle.put_nowait(connection)

    async def _connect(self) -> None:
        async with self._opening:
            address = f"file:{quote(self.filename)}"
            if self._connection is None:
                self._connection = await _opened(address, self.pragmas)
                await self._post_connect()
            while len(self._readers) < self._reader_count:
                reading = {"busy_timeout": BUSY_MILLISECONDS, "query_only": 1}
                reader = await _opened(f"{address}?mode=ro", reading)
                self._readers.append(reader)
                self._idle.put_nowait(reader)

    async def _disconnect(self) -> None:
        async with self._opening:
            for connection in (*self._readers, self._connection):
                if connection is not None:
                    await connection.close()
            self._readers, self._connection = [], None
            self._idle = asyncio.Queue()


client_class = Client
"""The name under which the ORM looks for the client of an engine module."""
