"""A client for PostgreSQL that gives its connections back, and says "not now" when the server cannot answer.

Against the ORM's own client: a task cancelled while it begins a transaction returns its connection to
the pool; waiting for a connection has an end; a lost connection, a restarting server, a statement or
a lock that takes too long become Busy (503), never a fault of the page.

The ORM's migrations recognise the database by this module's name: keep "asyncpg" in it.
"""

from contextlib import suppress
from typing import Any

import asyncpg
from asyncpg import exceptions as pg
from asyncpg.pool import Pool
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections

from civic.foundation.errors import Busy
from civic.foundation.sqlite_client import as_dicts, finish

ACQUIRE_SECONDS = 10

_POOL_DEFAULTS: dict[str, Any] = {
    "max_queries": 50_000,
    "max_inactive_connection_lifetime": 300.0,
    "record_class": asyncpg.Record,
}

_PASSING = (
    OSError,
    TimeoutError,
    pg.PostgresConnectionError,
    pg.OperatorInterventionError,
    pg.InsufficientResourcesError,
    pg.TransactionRollbackError,
    pg.LockNotAvailableError,
    pg.IdleInTransactionSessionTimeoutError,
    pg.InvalidCachedStatementError,
    pg.InternalClientError,
)


def is_passing(error: BaseException) -> bool:
    """Whether trying again later may well succeed."""
    if isinstance(error, pg.InterfaceError):
        return any(word in str(error) for word in ("closed", "closing", "released"))
    return isinstance(error, _PASSING)


class _Statements(AsyncpgDBClient):
    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except Exception as error:
            if is_passing(error) or is_passing(error.__cause__ or error):
                raise Busy() from error
            raise

    @translate_exceptions
    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[Any]]:
        """Run one statement: rows changed (the ORM's own client counts none for INSERT), or the rows."""
        async with self.acquire_connection() as connection:
            if not query.lstrip()[:6].upper().startswith(("UPDATE", "DELETE", "INSERT")):
                rows = await connection.fetch(query, *(values or ()))
                return len(rows), rows
            status = await connection.execute(query, *(values or ()))
            return int(status.rsplit(" ", 1)[1]), []

    @translate_exceptions
    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and give its rows."""
        async with self.acquire_connection() as connection:
            return await as_dicts(await connection.fetch(query, *(values or ())))


class Transaction(_Statements, TransactionWrapper):
    """The connection inside a transaction."""

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class _TransactionContext(TransactionContext):
    def __init__(self, client: "Client") -> None:
        self._client = client

    async def __aenter__(self) -> Transaction:
        pool = await self._client.open_pool()
        self.connection = Transaction(self._client)
        self.connection._connection = await _answering(pool.acquire())
        try:
            await finish(self.connection.begin())
        except BaseException:
            await finish(self._abandon())
            raise
        self._token = get_connections().set(self._client.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if not self.connection._finalized:
                await finish(self._commit() if kind is None else self._roll_back())
        finally:
            get_connections().reset(self._token)
            await finish(self._give_back())

    async def _commit(self) -> None:
        await _answering(self.connection.commit())

    async def _roll_back(self) -> None:
        """Undo. A connection that is lost has been rolled back by the server."""
        with suppress(Busy):
            await _answering(self.connection.rollback())

    async def _abandon(self) -> None:
        with suppress(pg.InterfaceError):
            if self.connection._connection.is_in_transaction():
                await self._roll_back()
        await self._give_back()

    async def _give_back(self) -> None:
        pool = self._client._pool
        if pool is not None:
            await pool.release(self.connection._connection)


async def _answering(operation: Any) -> Any:
    try:
        return await operation
    except Exception as error:
        if is_passing(error):
            raise Busy() from error
        raise


class _Pool(Pool):  # type: ignore[misc]
    def acquire(self, *, timeout: float | None = ACQUIRE_SECONDS) -> Any:
        return super().acquire(timeout=timeout)


class Client(_Statements):
    """A pool of connections to one PostgreSQL database."""

    async def create_pool(self, **options: Any) -> Pool:
        return await _answering(_Pool(**{**_POOL_DEFAULTS, **options}))

    async def open_pool(self) -> Pool:
        if self._pool is None:
            async with self._pool_init_lock:
                if self._pool is None:
                    await self.create_connection(with_db=True)
        return self._pool

    def _in_transaction(self) -> TransactionContext:
        return _TransactionContext(self)


client_class = Client
"""The name under which the ORM looks for the client of an engine module."""
