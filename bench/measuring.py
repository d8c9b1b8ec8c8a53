"""Measure one thing a person or the house does, and run the same SQL again without the application."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from civic.foundation import database, sqlite_client

TICK = 0.002
_NOT_COUNTED = re.compile(
    r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |RESET|UNLISTEN|CLOSE|PRAGMA|SELECT pg_adv)",
    re.I,
)


@dataclass(frozen=True)
class Statement:
    """A statement as the driver was given it."""

    way: str
    sql: str
    values: Any


@dataclass(frozen=True)
class Cost:
    """What one thing cost: seconds, and milliseconds for which the event loop did nothing else."""

    name: str
    queries: int
    cpu: float
    wall: float
    lag: float
    step: float
    floor_cpu: float = 0.0
    floor_wall: float = 0.0

    @property
    def ratio(self) -> float:
        """Wall time against the same SQL without the application."""
        return self.wall / self.floor_wall if self.floor_wall else 0.0


@contextmanager
def recording() -> Iterator[list[Statement]]:
    """Write down every statement that reaches the driver of either database."""
    seen: list[Statement] = []
    kept = []
    for owner, names in (
        (sqlite_client.Connection, ("run", "execute_insert", "executemany")),
        (asyncpg.Connection, ("fetch", "fetchrow", "fetchval", "execute", "executemany")),
    ):
        for name in names:
            kept.append((owner, name, vars(owner).get(name)))
            setattr(owner, name, _noting(getattr(owner, name), name, seen))
    try:
        yield seen
    finally:
        for owner, name, method in kept:
            if method is None:
                delattr(owner, name)
            else:
                setattr(owner, name, method)


def _noting(method: Any, way: str, seen: list[Statement]) -> Any:
    def call(self: Any, sql: str, *values: Any, **options: Any) -> Any:
        seen.append(Statement(way, sql, values))
        return method(self, sql, *values, **options)

    return call


def counted(statements: list[Statement]) -> int:
    """Count the statements that ask or change something."""
    return sum(not _NOT_COUNTED.match(one.sql) for one in statements)


async def measured(name: str, act: Callable[[], Awaitable[Any]]) -> tuple[Cost, list[Statement], Any]:
    """Do something once; tell its cost, its statements and its result."""
    with recording() as seen, _steps() as longest:
        async with _ticking() as lags:
            began, cpu = time.perf_counter(), time.process_time()
            made = await act()
            wall, spent = time.perf_counter() - began, time.process_time() - cpu
    cost = Cost(
        name, counted(seen), spent, wall, 1000 * max(lags, default=0.0), 1000 * max(longest, default=0.0)
    )
    return cost, list(seen), made


@asynccontextmanager
async def _ticking() -> AsyncIterator[list[float]]:
    """Note by how much a task that wants to run every two milliseconds comes late."""
    lags: list[float] = []

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK)
            lags.append(time.perf_counter() - began - TICK)

    task = asyncio.create_task(tick())
    try:
        yield lags
    finally:
        task.cancel()


@contextmanager
def _steps() -> Iterator[list[float]]:
    """Note the processor time of every step of the event loop: its lag on an idle machine."""
    spent: list[float] = []
    owner: Any = asyncio.events.Handle
    run = owner._run

    def timed(handle: Any) -> None:
        began = time.thread_time()
        run(handle)
        spent.append(time.thread_time() - began)

    owner._run = timed
    try:
        yield spent
    finally:
        owner._run = run


async def floor(url: str, statements: list[Statement]) -> tuple[float, float]:
    """Run the same statements through the bare driver: CPU seconds of this process, and wall seconds."""
    if url.startswith("sqlite:"):
        return await asyncio.to_thread(_sqlite_floor, str(database.sqlite_file(url)), statements)
    connection = await asyncpg.connect(url, server_settings=dict(database._SERVER_SETTINGS))
    try:
        began, cpu = time.perf_counter(), time.process_time()
        for one in statements:
            await getattr(connection, one.way)(one.sql, *one.values)
        return time.process_time() - cpu, time.perf_counter() - began
    finally:
        await connection.close()


def _sqlite_floor(path: str, statements: list[Statement]) -> tuple[float, float]:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for name, value in sqlite_client.PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    began, cpu = time.perf_counter(), time.thread_time()
    for one in statements:
        values = (one.values[0] if one.values else None) or ()
        if one.way == "executemany":
            connection.executemany(one.sql, values)
        else:
            connection.execute(one.sql, values).fetchall()
    spent, wall = time.thread_time() - cpu, time.perf_counter() - began
    connection.close()
    return spent, wall
