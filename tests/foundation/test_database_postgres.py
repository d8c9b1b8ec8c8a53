"""What PostgreSQL alone does: connections that break, statements and locks that last."""

import asyncio
import contextvars

import asyncpg
import pytest

from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import Busy
from civic.foundation.models import InstanceSetting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", [pytest.param("postgres")], indirect=True),
]


async def cut_every_connection(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_lost_connections_are_busy_and_come_back_without_a_restart(database):
    async def use() -> str:
        try:
            async with db.transaction():
                await db.rows("SELECT 1")
                await asyncio.sleep(0.05)
                await db.rows("SELECT 1")
        except Busy:
            return "busy"
        return "served"

    running = [asyncio.create_task(use()) for _ in range(5)]
    await asyncio.sleep(0.03)
    await cut_every_connection(database.database_url)
    assert set(await asyncio.gather(*running)) <= {"busy", "served"}
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        assert [await use() for _ in range(10)][-5:] == ["served"] * 5


@pytest.fixture
def impatient(monkeypatch):
    quick = {"statement_timeout": "200", "lock_timeout": "100"}
    monkeypatch.setattr(db, "_SERVER_SETTINGS", {**db._SERVER_SETTINGS, **quick})


async def test_a_statement_that_lasts_is_stopped(impatient, database):
    with pytest.raises(Busy):
        await db.rows("SELECT pg_sleep(2)")
    assert await db.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_a_lock_that_does_not_come_is_not_waited_for(impatient, database):
    await InstanceSetting.create(name="a", value=1, updated_at=clock.now())
    change = "UPDATE instance_setting SET updated_at = now() WHERE name = 'a'"
    async with db.transaction():
        await db.execute(change)
        apart = asyncio.get_running_loop().create_task(db.execute(change), context=contextvars.Context())
        with pytest.raises(Busy):
            await apart


async def test_the_server_is_asked_to_be_strict(database):
    for name, value in {
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "TimeZone": "UTC",
        "jit": "off",
    }.items():
        (row,) = await db.rows("SELECT current_setting(?) AS value", name)
        assert row["value"] == value


async def test_the_server_can_be_shown_how_full_its_tables_are(database):
    await InstanceSetting.bulk_create(
        [InstanceSetting(name=f"n{n}", value=1, updated_at=clock.now()) for n in range(500)]
    )
    await db.weigh()
    (row,) = await db.rows("SELECT reltuples AS known FROM pg_class WHERE relname = 'instance_setting'")
    assert row["known"] == 500


async def test_a_cancelled_beginning_gives_its_connection_back(database):
    async def begin() -> None:
        async with db.transaction():
            await asyncio.sleep(0)

    for number in range(200):
        task = asyncio.create_task(begin())
        await asyncio.sleep((number % 6) * 0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        await asyncio.gather(*(begin() for _ in range(20)))
