"""A decision of any size: `python -m bench.decisions --contributions 10000 --points 30000`.

Measures the workspace, the gate, the coverage board, a check while writing, the publication with its
notices, the page of the decision and a trace page; at the size asked for and at a tenth of it. The floor is
the same SQL, statement by statement, through the bare driver. Without arguments the town is small.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx

from bench.measuring import Cost, Statement, floor, measured
from bench.town import Town, build
from civic import settings
from civic.app import create_app, handlers
from civic.decisions import actions
from civic.decisions.forms import PublicationDraft
from civic.decisions.queries import likeness
from civic.evaluation.queries import board
from civic.foundation import database, queue, schema
from civic.settings import Settings
from tests.cast import after_the_freeze, sign_in
from tests.conftest import visitor

WRITTEN = (
    "We thank you for your contribution, which has been carefully considered by the services of the town."
)
SIGNED = PublicationDraft(role="Deputy mayor", at=None, with_banner=True, correction={})
TOLD = "SELECT count(*) AS notices, count(DISTINCT recipient) AS people FROM notice WHERE once_key LIKE ?"
HEAD = "                       points queries   CPU s  wall s  lag ms step ms floor s   ratio"
LINE = (
    "{name:<22} {points:>6} {queries:>7} {cpu:>7.2f} {wall:>7.2f} {lag:>7.0f} {step:>7.0f} "
    "{floor_wall:>7.2f} {ratio:>7.1f}"
)
TOTAL = "{points} points of {people} people: {notices} notices to {told} people"

Measured = tuple[Cost, list[Statement], Any]


def main() -> None:
    """Measure both sizes and print a table, or JSON."""
    asked = _asked()
    sizes = [(asked.contributions, asked.points)]
    if not asked.alone:
        sizes.insert(0, (max(4, asked.contributions // 10), max(4, asked.points // 10)))
    results = [asyncio.run(_size(asked.database, *size)) for size in sizes]
    if asked.json:
        print(json.dumps(results))
        return
    print(HEAD)
    for of_each_size in zip(*(one["costs"] for one in results), strict=True):
        for cost in of_each_size:
            print(LINE.format(**cost))
    for one in results:
        print(TOTAL.format(**one))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.decisions", description=__doc__)
    parser.add_argument("--contributions", type=int, default=200)
    parser.add_argument("--points", type=int, default=600)
    parser.add_argument("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    parser.add_argument("--alone", action="store_true", help="leave the tenth of the size out")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


async def _size(server: str, contributions: int, points: int) -> dict[str, Any]:
    """Build a town of one size in a database of its own, measure, and drop it."""
    async with _database(server) as url, _database(server) as other:
        settings.use(Settings(database_url=url, hold_seconds=0))
        await schema.migrate(url)
        async with database.connect(url, patient=True):
            town = await build(contributions, points)
        await _copy(url, other)
        async with database.connect(url):
            house = create_app(settings.current())
            async with house.router.lifespan_context(house):
                with after_the_freeze(town.process):
                    taken = await look(house, town)
                told = await notices()
        costs = [await _beside_floor(one, other if one[0].name == "publication" else url) for one in taken]
        shown = [{**asdict(one), "ratio": one.ratio, "points": points} for one in costs]
        return {"points": points, "people": town.people, "costs": shown, **told}


async def look(house: Any, town: Town) -> list[Measured]:
    """Do each thing once, as the person would who does it; the clock stands after the freeze."""
    otto, dora, anyone = (
        await sign_in(visitor(house), town.otto),
        await sign_in(visitor(house), town.dora),
        visitor(house),
    )
    desk = f"/desk/decisions/{town.decision.public_id}"
    board_page = f"/processes/{town.process.slug}/evaluation"
    asking = await _asking(otto, town)
    return [
        await measured("shelf of reasons", lambda: _first_look(town)),
        await measured("workspace", lambda: _read(otto, desk)),
        await measured("workspace, filtered", lambda: _read(otto, f"{desk}?state=generic")),
        await measured("gate", lambda: _read(dora, f"{desk}/publication")),
        await measured("check while writing", asking),
        await measured("publication", lambda: _publish(town)),
        await measured("coverage board", lambda: _read(anyone, board_page, fresh=True)),
        await measured("coverage board, again", lambda: _read(anyone, board_page)),
        await measured("decision", lambda: _read(anyone, f"/decisions/{town.decision.public_id}")),
        await measured("trace", lambda: _read(anyone, f"/contributions/{town.receipt}")),
    ]


async def notices() -> dict[str, int]:
    """Count the notices about the publication, and the people they go to."""
    (row,) = await database.rows(TOLD, "decision/%")
    return {"notices": row["notices"], "told": row["people"]}


async def _first_look(town: Town) -> None:
    likeness._known.cache_clear()
    await likeness.generic_answers(town.decision)


async def _asking(browser: httpx.AsyncClient, town: Town) -> Callable[[], Awaitable[None]]:
    """Prepare the question that the editor asks while one writes."""
    page = f"/desk/claims/{town.claim}"
    shown = await browser.get(f"{page}?outcome=declined")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    fields = {**hidden, "outcome": "declined", "sentence_en": "No.", "rationale_en": WRITTEN}

    async def ask() -> None:
        live = {"HX-Request": "true", "HX-Request-Type": "partial"}
        answer = await browser.post(f"{page}/likeness", data=fields, headers=live)
        assert answer.status_code == 200, answer.text[:500]

    return ask


async def _read(browser: httpx.AsyncClient, path: str, *, fresh: bool = False) -> None:
    if fresh:
        board._known.cache_clear()
    answer = await browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


async def _publish(town: Town) -> None:
    await actions.publish(town.dora, town.decision, SIGNED)
    await queue.work_off(handlers())


async def _beside_floor(taken: Measured, url: str) -> Cost:
    cost, statements, _ = taken
    cpu, wall = await floor(url, statements)
    return replace(cost, floor_cpu=cpu, floor_wall=wall)


@asynccontextmanager
async def _database(server: str) -> Any:
    """Make an empty database that nobody else uses, and drop it in the end."""
    if server == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="civic-bench-"))
        try:
            yield f"sqlite:///{folder / 'civic.db'}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    name = f"civic_bench_{secrets.token_hex(6)}"
    await _say(server, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await _say(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _copy(url: str, other: str) -> None:
    """Copy a database that nobody is connected to, to run the statements of a publication on once more."""
    if url.startswith("sqlite:"):
        await asyncio.to_thread(shutil.copyfile, database.sqlite_file(url), database.sqlite_file(other))
        return
    name, copied = (urlsplit(one).path.strip("/") for one in (url, other))
    server = urlsplit(url)._replace(path="/postgres").geturl()
    await _say(server, f"DROP DATABASE {copied}")
    await _say(server, f"CREATE DATABASE {copied} TEMPLATE {name}")


async def _say(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
