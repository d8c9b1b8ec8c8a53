"""The database under load, under cancellation and under bad luck."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError

from civic.foundation import clock, search
from civic.foundation import database as db
from civic.foundation.errors import Busy
from civic.foundation.models import InstanceSetting, Lease

COUNT = """
import asyncio, sys
from civic.foundation import database as db

async def main(url, times):
    async with db.connect(url):
        lock = " FOR UPDATE" if db.dialect() == "postgres" else ""
        for _ in range(times):
            async with db.transaction():
                (row,) = await db.rows("SELECT full_at FROM rate_bucket WHERE bucket = 'count'" + lock)
                await asyncio.sleep(0)
                more = row["full_at"] + 1
                await db.execute("UPDATE rate_bucket SET full_at = ? WHERE bucket = 'count'", more)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


RECORD = "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('civic', ?, ?)"


async def a_setting(name: str = "name", value: object = 1) -> InstanceSetting:
    return await InstanceSetting.create(name=name, value=value, updated_at=clock.now())


async def stored(name: str = "name") -> object:
    return (await InstanceSetting.get(name=name)).value


async def test_400_cancelled_tasks_freeze_nothing(database):
    async def write(number: int) -> None:
        async with db.transaction():
            await a_setting(f"n{number}")
            await db.rows("SELECT count(*) FROM instance_setting")

    for number in range(400):
        task = asyncio.create_task(write(number))
        for _ in range(number % 23):
            await asyncio.sleep(0)
        await asyncio.sleep((number % 7) * 0.0004)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(5), db.transaction():
        await a_setting("after")
    assert await stored("after") == 1


async def test_cancelled_reads_give_their_connection_back(database):
    for number in range(100):
        task = asyncio.create_task(db.rows("SELECT count(*) FROM instance_setting"))
        await asyncio.sleep((number % 5) * 0.0003)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(5):
        await asyncio.gather(*(db.rows("SELECT 1 AS one") for _ in range(20)))


async def test_two_processes_that_read_then_write_count_exactly(database):
    await db.execute("INSERT INTO rate_bucket (bucket, key, full_at) VALUES ('count', '', 0)")
    command = [sys.executable, "-c", COUNT, database.database_url, "150"]
    both = await asyncio.gather(*(asyncio.create_subprocess_exec(*command) for _ in range(2)))
    assert await asyncio.gather(*(one.wait() for one in both)) == [0, 0]
    (row,) = await db.rows("SELECT full_at FROM rate_bucket WHERE bucket = 'count'")
    assert row["full_at"] == 300


async def test_tasks_of_one_process_count_exactly(database):
    await db.execute("INSERT INTO rate_bucket (bucket, key, full_at) VALUES ('count', '', 0)")

    async def add() -> None:
        async with db.transaction():
            await db.execute("UPDATE rate_bucket SET full_at = full_at + 1 WHERE bucket = 'count'")

    await asyncio.gather(*(add() for _ in range(60)))
    (row,) = await db.rows("SELECT full_at FROM rate_bucket WHERE bucket = 'count'")
    assert row["full_at"] == 60


async def test_readers_do_not_wait_for_a_writer(database):
    writing, done = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with db.transaction():
            await a_setting()
            writing.set()
            await done.wait()

    writer = asyncio.create_task(write())
    await writing.wait()
    async with asyncio.timeout(2):
        for _ in range(10):
            assert await InstanceSetting.all().count() == 0
    done.set()
    await writer
    assert await InstanceSetting.all().count() == 1


async def test_a_transaction_sees_what_it_wrote_and_a_failure_undoes_it(database):
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await a_setting()
            assert await stored() == 1
            assert len(await db.rows("SELECT name FROM instance_setting")) == 1
            raise ZeroDivisionError
    assert await InstanceSetting.all().count() == 0


async def test_an_inner_transaction_joins_the_outer_one(database):
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            async with db.transaction():
                await a_setting()
            raise ZeroDivisionError
    assert await InstanceSetting.all().count() == 0


async def test_a_task_that_outlives_its_transaction_writes_nothing(database):
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        async with db.transaction():
            await a_setting()

    async with db.transaction():
        task = asyncio.create_task(late())
    ended.set()
    with pytest.raises(TransactionManagementError):
        await task
    assert await InstanceSetting.all().count() == 0


async def test_the_orms_own_transactions_join_too(database):
    now = clock.now()
    async with db.transaction():
        await Lease.bulk_create([Lease(name=f"l{n}", holder="a", until=now) for n in range(5)])
        first, is_new = await Lease.get_or_create(name="l0", defaults={"holder": "b", "until": now})
        assert (first.holder, is_new) == ("a", False)
        with pytest.raises(IntegrityError):
            async with db.transaction(), db._client()._in_transaction():
                await Lease.create(name="l0", holder="c", until=now)
        await Lease.create(name="l9", holder="c", until=now)
    assert await Lease.all().count() == 6


async def test_bulk_writes_outside_a_transaction_are_all_or_nothing(database):
    rows = [Lease(name=f"l{n % 3}", holder="a", until=clock.now()) for n in range(4)]
    with pytest.raises(IntegrityError):
        await Lease.bulk_create(rows)
    assert await Lease.all().count() == 0


async def test_question_marks_are_values_unless_they_are_text(database):
    found = await db.rows("SELECT CAST(? AS integer) AS a, 'why?' AS b, CAST(? AS integer) AS c", 1, 2)
    assert found == [{"a": 1, "b": "why?", "c": 2}]


async def test_rows_changed_do_not_count_what_triggers_did(database):
    await search.index("thing/1", kind="thing", process=None, language="en", title="One", body="")
    assert await db.execute("DELETE FROM search_entry WHERE key = ?", "thing/1") == 1
    assert await db.execute("DELETE FROM search_entry WHERE key = ?", "thing/1") == 0


async def test_times_come_back_as_they_were(database):
    elsewhere = datetime(2026, 11, 22, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    await InstanceSetting.create(name="t", value=1, updated_at=elsewhere)
    (row,) = await db.rows("SELECT updated_at FROM instance_setting WHERE updated_at = ?", elsewhere)
    assert db.moment(row["updated_at"]) == elsewhere
    assert db.moment(row["updated_at"]).tzinfo is UTC
    assert (await InstanceSetting.get(name="t")).updated_at == elsewhere


async def test_whole_seconds_sort_before_their_fractions(database):
    whole = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    for name, more in {"0": 2, "1": 0, "2": 1}.items():
        at = whole + timedelta(microseconds=more)
        await InstanceSetting.create(name=name, value=1, updated_at=at)
    found = await db.rows("SELECT name FROM instance_setting ORDER BY updated_at")
    assert [row["name"] for row in found] == ["1", "2", "0"]


async def test_a_second_opening_shares_the_first(database):
    async with db.connect(database.database_url):
        await a_setting()
    assert await stored() == 1
    with pytest.raises(RuntimeError, match="Another database"):
        async with db.connect("sqlite:///another.db"):
            pass


async def test_the_house_can_tell_whether_the_database_fits(database):
    assert await db.what_is_missing() == ""
    async with db.transaction():
        await db.execute("UPDATE tortoise_migrations SET name = '9999_later' WHERE name LIKE '0002%'")
        assert "ahead" in await db.what_is_missing()
        await db.execute("DELETE FROM tortoise_migrations WHERE name = '9999_later'")
        assert "0002" in await db.what_is_missing()
        await db.execute(RECORD, "0002_guards_and_search", clock.now())
    assert await db.what_is_missing() == ""


async def test_an_unreachable_server_is_busy_not_broken(settings):
    async with db.connect("postgres://nobody@127.0.0.1:1/nothing"):
        with pytest.raises(Busy):
            await db.rows("SELECT 1")
        with pytest.raises(Busy):
            async with db.transaction():
                pass


def test_reading_the_module_opens_nothing():
    subprocess.run([sys.executable, "-c", "import civic.foundation.database"], check=True)
