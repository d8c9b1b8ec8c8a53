"""Work owed later is done once, by one, whatever happens meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from civic import app
from civic.foundation import clock, housekeeping, queue
from civic.foundation import database as db
from civic.foundation.models import InstanceSetting, Job, Lease


async def write(payload: dict) -> None:
    await InstanceSetting.create(name=payload["name"], value=1, updated_at=clock.now())


async def fail(payload: dict) -> None:
    await write(payload)
    raise ZeroDivisionError


def written():
    return InstanceSetting.all().order_by("name").values_list("name", flat=True)


async def test_a_job_is_done_once_and_forgotten(database):
    await queue.later("write", {"name": "a"})
    assert await queue.run_due({"write": write}) == 1
    assert await queue.run_due({"write": write}) == 0
    assert (await written(), await Job.all().count()) == (["a"], 0)


async def test_a_job_is_owed_only_if_the_act_that_owes_it_holds(database):
    with pytest.raises(ZeroDivisionError):
        async with db.transaction():
            await queue.later("write", {"name": "a"})
            raise ZeroDivisionError
    assert await queue.run_due({"write": write}) == 0


async def test_a_job_waits_for_its_time(database):
    await queue.later("write", {"name": "a"}, at=clock.now() + timedelta(minutes=10))
    assert await queue.run_due({"write": write}) == 0
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert await queue.run_due({"write": write}) == 1


async def test_a_failed_job_leaves_nothing_and_is_tried_again_later(database):
    await queue.later("job", {"name": "a"})
    await queue.run_due({"job": fail})
    job = await Job.get()
    assert (await written(), job.attempts, job.last_error, job.holder) == ([], 1, "ZeroDivisionError", None)
    assert await queue.run_due({"job": write}) == 0
    with clock.at(clock.now() + timedelta(minutes=1)):
        await queue.run_due({"job": write})
    assert await written() == ["a"]


async def test_a_hopeless_job_is_given_up_and_stays_to_be_seen(database):
    await queue.later("job", {"name": "a"})
    for day in range(queue.MOST_ATTEMPTS + 3):
        with clock.at(clock.now() + timedelta(days=day)):
            await queue.run_due({"job": fail})
    job = await Job.get()
    assert job.attempts == queue.MOST_ATTEMPTS
    assert job.failed_at is not None


async def test_a_job_nobody_knows_is_kept(database):
    await queue.later("from a newer version")
    await queue.run_due({})
    assert (await Job.get()).last_error == "KeyError"


async def test_fifty_jobs_and_five_workers_make_fifty_effects(database):
    for number in range(50):
        await queue.later("write", {"name": f"{number:02}"})
    while sum(await asyncio.gather(*(queue.run_due({"write": write}, limit=7) for _ in range(5)))):
        pass
    assert len(await written()) == 50


async def test_a_worker_that_was_too_slow_undoes_its_work(database, monkeypatch):
    async def slow(payload: dict) -> None:
        await write(payload)
        await db.execute("UPDATE job SET holder = 'another'")

    await queue.later("job", {"name": "a"})
    await queue.run_due({"job": slow})
    assert await written() == []
    assert await Job.all().count() == 1


async def test_work_of_a_dead_worker_is_taken_over(database, monkeypatch):
    await queue.later("write", {"name": "a"})
    await Job.all().update(holder="dead", leased_until=clock.now() + queue.LEASE, attempts=1)
    assert await queue.run_due({"write": write}) == 0
    with clock.at(clock.now() + queue.LEASE * 2):
        assert await queue.run_due({"write": write}) == 1


async def test_work_outside_runs_in_no_transaction(database):
    seen = []

    async def send(payload: dict) -> None:
        seen.append(db.in_transaction())

    await queue.later("send")
    await queue.run_due({"send": queue.Outside(send)})
    assert (seen, await Job.all().count()) == ([False], 0)


async def test_a_lease_has_one_holder_until_it_ends(database):
    assert await queue.lease("thing", timedelta(minutes=1), holder="a")
    assert not await queue.lease("thing", timedelta(minutes=1), holder="b")
    assert await queue.lease("thing", timedelta(minutes=1), holder="a")
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert await queue.lease("thing", timedelta(minutes=1), holder="b")
    await queue.release("thing", holder="b")
    assert await queue.lease("thing", holder="a")


async def test_of_fifty_who_ask_for_a_lease_one_gets_it(database):
    asked = await asyncio.gather(*(queue.lease("thing", holder=f"{n}") for n in range(50)))
    assert sum(asked) == 1


async def test_the_worker_does_what_comes_and_what_is_regular_then_stops(database, monkeypatch):
    monkeypatch.setattr(queue, "IDLE_SECONDS", 0.01)
    stop, done, rounds = asyncio.Event(), asyncio.Event(), []

    async def tick() -> None:
        rounds.append(clock.now())

    async def write_and_tell(payload: dict) -> None:
        await write(payload)
        done.set()

    regular = [queue.Regular("tick", timedelta(hours=1), tick)]
    worker = asyncio.create_task(queue.work({"write": write_and_tell}, regular, stop=stop))
    await queue.later("write", {"name": "a"})
    async with asyncio.timeout(5):
        await done.wait()
    stop.set()
    await worker
    assert len(rounds) == 1
    assert await written() == ["a"]
    assert await Lease.filter(name=queue.WORKER).count() == 0


async def work_a_while(monkeypatch, regular=()) -> None:
    """Let a worker of this process try for some rounds."""
    monkeypatch.setattr(queue, "IDLE_SECONDS", 0.01)
    stop = asyncio.Event()
    worker = asyncio.create_task(queue.work({"write": write}, regular, stop=stop))
    await asyncio.sleep(0.3)
    stop.set()
    await worker


async def test_a_worker_stands_back_while_another_process_is_on_duty(database, monkeypatch):
    await queue.lease(queue.WORKER, holder="another process")
    await queue.later("write", {"name": "a"})
    await work_a_while(monkeypatch)
    assert await written() == []
    assert (await Lease.get(name=queue.WORKER)).holder == "another process", "it is not given back for them"
    await queue.release(queue.WORKER, holder="another process")
    await work_a_while(monkeypatch)
    assert await written() == ["a"]


async def test_what_is_regular_is_not_done_again_by_the_next_worker(database, monkeypatch):
    rounds = []

    async def tick() -> None:
        rounds.append(clock.now())

    for _ in range(2):
        await work_a_while(monkeypatch, [queue.Regular("tick", timedelta(hours=1), tick)])
    assert len(rounds) == 1


async def test_a_fault_does_not_stop_the_worker(database, monkeypatch):
    monkeypatch.setattr(queue, "IDLE_SECONDS", 0.01)
    stop, again, tries = asyncio.Event(), asyncio.Event(), []

    async def broken() -> None:
        tries.append(1)
        if len(tries) == 3:
            again.set()
        raise ZeroDivisionError

    regular = [queue.Regular("broken", timedelta(0), broken)]
    worker = asyncio.create_task(queue.work({}, regular, stop=stop))
    async with asyncio.timeout(5):
        await again.wait()
    stop.set()
    await worker


async def test_no_words_of_a_person_reach_the_record_of_a_failure(database, caplog):
    async def leak(payload: dict) -> None:
        raise ValueError("ada@example.org")

    await queue.later("leak")
    await queue.run_due({"leak": leak})
    assert "ada@example.org" not in str(await Job.all().values()) + caplog.text


async def test_the_house_keeps_itself_tidy(database):
    for task in housekeeping.REGULAR:
        await task.run()
    assert {task.name for task in housekeeping.REGULAR} <= {task.name for task in app.regular()}
