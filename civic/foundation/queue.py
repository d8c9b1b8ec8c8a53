"""Work owed later: written with the act that owes it, done by one process at a time, never lost.

A job is a row. Its handler normally runs in the transaction that also removes the row, so its effect
on the database happens exactly once. A handler that speaks to the outside world (mail) is wrapped in
`Outside`: it runs in no transaction and may be repeated after a crash.
"""

import asyncio
import json
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from civic.foundation import clock, database
from civic.foundation.errors import CivicError
from civic.foundation.models import Job

log = logging.getLogger("civic.queue")

Run = Callable[[dict[str, Any]], Awaitable[object]]

HOLDER = secrets.token_hex(16)
"""This process, in leases."""
LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 12
IDLE_SECONDS = 1.0
WORKER = "worker"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Outside:
    """A handler that speaks to the outside world."""

    run: Run


@dataclass(frozen=True)
class Regular:
    """Something to do again and again, by whichever process comes first."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


Handlers = Mapping[str, Run | Outside]

_DUE = """
    SELECT id FROM job
    WHERE failed_at IS NULL AND due_at <= ? AND (leased_until IS NULL OR leased_until < ?)
    ORDER BY due_at, id LIMIT ?
"""
_TAKE = "UPDATE job SET leased_until = ?, holder = ?, attempts = attempts + 1 WHERE id"
_TAKEN = "RETURNING id, kind, payload, attempts"
_CLAIM = {
    "sqlite": f"{_TAKE} IN ({_DUE}) {_TAKEN}",
    # An array is chosen once; a subquery may be run again for each row, and then takes more than its limit.
    "postgres": f"{_TAKE} = ANY (ARRAY({_DUE} FOR UPDATE SKIP LOCKED)) {_TAKEN}",
}
_DONE = "DELETE FROM job WHERE id = ? AND holder = ?"
_AGAIN = """
UPDATE job SET leased_until = NULL, holder = NULL, due_at = ?, failed_at = ?, last_error = ?
WHERE id = ? AND holder = ?
"""
_LEASE = """
INSERT INTO lease (name, holder, until) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.until <= ? OR lease.holder = ?
RETURNING holder
"""
_RELEASE = "DELETE FROM lease WHERE name = ? AND holder = ?"


class LeaseLost(Exception):
    """Somebody else took the job over; what was done here is undone."""


async def later(kind: str, payload: dict[str, Any] | None = None, at: datetime | None = None) -> None:
    """Owe a piece of work, from the transaction that owes it; it is due at once unless a time is given."""
    now = clock.now()
    await Job.create(kind=kind, payload=payload or {}, due_at=at or now, created_at=now)


async def run_due(handlers: Handlers, *, limit: int = 20) -> int:
    """Do the jobs that are due, oldest first, and tell how many were taken up."""
    now = clock.now()
    if not await database.rows(_DUE, now, now, 1):
        return 0
    sql = _CLAIM[database.dialect()]
    taken = await database.rows(sql, now + LEASE, HOLDER, now, now, limit)
    for job in sorted(taken, key=lambda row: int(row["id"])):
        try:
            await _run(handlers[job["kind"]], job)
        except Exception as error:
            await _put_back(job, error)
    return len(taken)


async def lease(name: str, lasting: timedelta = LEASE, holder: str = HOLDER) -> bool:
    """Take, or keep, the right to do something alone for a while. False when another holds it."""
    now = clock.now()
    return bool(await database.rows(_LEASE, name, holder, now + lasting, now, holder))


async def release(name: str, holder: str = HOLDER) -> None:
    """Give a lease back before its end."""
    await database.execute(_RELEASE, name, holder)


async def work(handlers: Handlers, regular: Sequence[Regular] = (), *, stop: asyncio.Event) -> None:
    """Do what is due until told to stop. Safe beside other workers: one works, the others wait."""
    shift = _Shift()
    while not stop.is_set():
        try:
            busy = await _on_duty(shift) and await _round(shift, handlers, regular)
        except Exception:
            log.exception("The worker could not go on; it tries again.")
            busy = False
        if not busy:
            await _pause(stop)
    with suppress(CivicError):
        await release(WORKER)


async def work_off(handlers: Handlers, regular: Sequence[Regular] = ()) -> int:
    """Do everything that is due now and stop; tell how many jobs were taken up."""
    total = 0
    for task in regular:
        await task.run()
    while taken := await run_due(handlers):
        total += taken
    return total


@dataclass
class _Shift:
    """What this worker need not ask the database again yet."""

    renew_at: datetime | None = None
    not_before: dict[str, datetime] = field(default_factory=dict)


async def _on_duty(shift: _Shift) -> bool:
    now = clock.now()
    if shift.renew_at is None or now >= shift.renew_at:
        shift.renew_at = now + LEASE / 4 if await lease(WORKER) else None
    return shift.renew_at is not None


async def _round(shift: _Shift, handlers: Handlers, regular: Sequence[Regular]) -> bool:
    for task in regular:
        if clock.now() >= shift.not_before.get(task.name, _LONG_AGO):
            shift.not_before[task.name] = clock.now() + task.every
            # A fresh name holds the lease, so that even this process waits for its end.
            if await lease(f"regular {task.name}", task.every, holder=secrets.token_hex(16)):
                await task.run()
    return await run_due(handlers) > 0


async def _pause(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            await stop.wait()
    except TimeoutError:
        return


async def _run(handler: Run | Outside, job: dict[str, Any]) -> None:
    payload = job["payload"]
    payload = json.loads(payload) if isinstance(payload, str) else payload
    if isinstance(handler, Outside):
        await handler.run(payload)
        await database.execute(_DONE, job["id"], HOLDER)
        return
    async with database.transaction():
        await handler(payload)
        if not await database.execute(_DONE, job["id"], HOLDER):
            raise LeaseLost


async def _put_back(job: dict[str, Any], error: Exception) -> None:
    """Try again later, each time after a longer while; give up in the end, and say so."""
    now, attempts = clock.now(), int(job["attempts"])
    failed_at = now if attempts >= MOST_ATTEMPTS else None
    # Neither message, payload nor source line: each may hold an address or somebody's words.
    said = type(error).__name__
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.warning(
        "Job %s (%s) failed, attempt %s: %s at %s", job["id"], job["kind"], attempts, said, places[-3:]
    )
    await database.execute(_AGAIN, now + _wait(attempts), failed_at, said, job["id"], HOLDER)


def _wait(attempts: int) -> timedelta:
    longest = timedelta(hours=6).total_seconds()
    seconds = min(5.0 * 2.0**attempts, longest)
    return timedelta(seconds=seconds * (1 + secrets.randbelow(256) / 1024))
