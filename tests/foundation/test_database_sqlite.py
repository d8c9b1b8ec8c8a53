"""What SQLite alone does: its file, its settings, a full disk, a read without end."""

import asyncio
import contextvars
from pathlib import Path

import pytest

from civic.foundation import clock, sqlite_client
from civic.foundation import database as db
from civic.foundation.errors import Busy
from civic.foundation.models import InstanceSetting
from civic.settings import ConfigurationError

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


async def fill() -> None:
    for number in range(200):
        await InstanceSetting.create(name=f"n{number}", value=["x" * 5000], updated_at=clock.now())


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///civic.db", Path("civic.db")),
        ("sqlite:///data/civic.db", Path("data/civic.db")),
        ("sqlite:////srv/civic.db", Path("/srv/civic.db")),
        ("sqlite:////srv/my%20town.db", Path("/srv/my town.db")),
    ],
)
def test_three_slashes_are_from_here_and_four_from_the_root(url, path, database_url):
    assert db.sqlite_file(url) == path.absolute()


@pytest.mark.parametrize("url", ["sqlite://civic.db", "sqlite:///", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_names_no_file_is_refused(url, database_url):
    with pytest.raises(ConfigurationError):
        db.sqlite_file(url)


async def test_the_connection_is_as_safe_as_promised(database):
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    for pragma, value in expected.items():
        (row,) = await db.rows(f"PRAGMA {pragma}")
        assert next(iter(row.values())) == value, pragma


async def test_reads_go_to_connections_that_cannot_write(database):
    assert await db.rows("SELECT query_only FROM pragma_query_only") == [{"query_only": 1}]
    async with db.transaction():
        assert await db.rows("SELECT query_only FROM pragma_query_only") == [{"query_only": 0}]


async def test_a_full_disk_refuses_writes_loses_nothing_and_lets_read(database):
    await InstanceSetting.create(name="kept", value=1, updated_at=clock.now())
    (size,) = await db.rows("PRAGMA page_count")
    await db.execute(f"PRAGMA max_page_count = {size['page_count']}")
    with pytest.raises(Busy):
        async with db.transaction():
            await fill()
    assert await InstanceSetting.all().count() == 1

    await db.execute("PRAGMA max_page_count = 1000000")
    async with db.transaction():
        await InstanceSetting.create(name="more", value=["x" * 5000], updated_at=clock.now())
    assert await InstanceSetting.all().count() == 2


async def test_what_follows_a_full_disk_in_the_same_transaction_is_not_written_alone(database):
    (size,) = await db.rows("PRAGMA page_count")
    await db.execute(f"PRAGMA max_page_count = {size['page_count']}")
    with pytest.raises(Busy):
        async with db.transaction():
            try:
                for number in range(200):
                    await InstanceSetting.create(
                        name=f"n{number}", value=["x" * 5000], updated_at=clock.now()
                    )
            except Busy:
                await db.execute("PRAGMA max_page_count = 1000000")
    assert await InstanceSetting.all().count() == 0


async def test_a_read_without_end_is_stopped(database, monkeypatch):
    monkeypatch.setattr(sqlite_client, "READ_SECONDS", 0.2)
    with pytest.raises(Busy):
        await db.rows(ENDLESS)
    assert await db.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_a_cancelled_read_stops_at_once(database):
    task = asyncio.create_task(db.rows(ENDLESS))
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(1):
        await asyncio.gather(*(db.rows("SELECT 1 AS one") for _ in range(4)))


async def test_a_write_that_waits_too_long_for_its_turn_is_told_to_come_back(database, monkeypatch):
    monkeypatch.setattr(sqlite_client, "LOCK_SECONDS", 0.1)
    async with db.transaction():
        write = InstanceSetting.create(name="apart", value=1, updated_at=clock.now())
        apart = asyncio.get_running_loop().create_task(write, context=contextvars.Context())
        with pytest.raises(Busy):
            await apart
