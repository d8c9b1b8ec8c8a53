"""How long a sheet of many rows takes, and how long it keeps the event loop from other work.

    python -m tests.opendata.many_rows 3000

Slices are the processor time of one turn of the event loop, so that a busy machine does not count.
"""

from __future__ import annotations

import asyncio
import gc
import io
import sys
import tempfile
import time
from asyncio import events
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from civic import settings as configuration
from civic.foundation import database, schema, text
from civic.foundation.viewer import Viewer
from civic.opendata import actions, queries
from civic.opendata.actions import Brought
from civic.opendata.exports import csv_of
from tests.cast import a_decision, a_person, a_process, after_the_freeze, an_article
from tests.conftest import settings_for
from tests.opendata.test_import import bring
from tests.opendata.test_real_points import specifics
from tests.opendata.whole_sets import ANSWERED, filled, read_csv, written

pauses: list[float] = []
"""Processor time of each collection of unused memory, which happens in whatever turn it falls."""


def _collected(phase: str, info: dict[str, int]) -> None:
    now = time.thread_time()
    if phase == "start":
        pauses.append(-now)
    elif pauses:
        pauses[-1] += now


@contextmanager
def slices() -> Iterator[list[float]]:
    """Note the processor time of each turn of the event loop, in seconds."""
    found: list[float] = []
    run = events.Handle._run
    pauses.clear()
    gc.callbacks.append(_collected)

    def counted(handle: Any) -> None:
        begun = time.thread_time()
        run(handle)
        found.append(time.thread_time() - begun)

    events.Handle._run = counted  # type: ignore[assignment, method-assign]
    try:
        yield found
    finally:
        gc.callbacks.remove(_collected)
        events.Handle._run = run  # type: ignore[method-assign]


async def timed(name: str, act: Awaitable[Any]) -> Any:
    """Do one step and say what it took."""
    begun = time.perf_counter()
    with slices() as found:
        done = await asyncio.ensure_future(act)
    took = time.perf_counter() - begun
    longest = " ".join(f"{one * 1000:.0f}" for one in sorted(found)[-5:])
    print(
        f"{name}: {took:.1f} s; processor {sum(found):.1f} s on the loop; longest turns {longest} ms",
        flush=True,
    )
    return done


async def measure(rows: int, folder: Path) -> None:
    """Import points, answer each in a sheet, try it and bring it back."""
    url = f"sqlite:///{folder / 'many.db'}"
    await schema.migrate(url)
    configuration.use(settings_for(url, files=folder / "files"))
    async with database.connect(url):
        process = await a_process(slug="many")
        lines = "".join(f"{number},Wish {specifics(number)}.\n" for number in range(rows))
        await bring("ref,verbatim\n" + lines, process="many", source="x")
        otto = await a_person("Otto", "official", process=process.public_id)
        await text.warm()
        with after_the_freeze(process):
            decision = await a_decision(otto, process)
            await an_article(otto, decision)
            await an_article(otto, decision)
            sheet = await timed("export", exported(process.id))
            for number, row in enumerate(sheet):
                row |= filled(row, ANSWERED[number % len(ANSWERED)], number)
            content = written(sheet)
            print(f"{len(sheet)} rows, {len(content) // 1000} kB", flush=True)
            tried = await timed("try", actions.try_sheet(otto, decision, io.BytesIO(content)))
            done = await timed("bring", _brought(otto, decision, content))
            assert (tried.drafted, done.drafted) == (rows, rows)
            again = await timed("again", actions.try_sheet(otto, decision, io.BytesIO(content)))
            assert again.lines == ()


async def _brought(official: Viewer, decision: Any, content: bytes) -> Brought:
    plan = await actions.read_sheet(official, decision, io.BytesIO(content))
    return await actions.bring_sheet(official, decision, plan)


async def exported(process_id: int) -> list[dict[str, str]]:
    """Take every point out."""
    sheet = await queries.sheet_for(process_id, "en", is_for_desk=True, has_details=True)
    found = read_csv("".join([lines async for lines, _ in csv_of(sheet)]).encode())
    return [row for row in found if row["point_ref"]]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(measure(int(sys.argv[1]), Path(place)))
