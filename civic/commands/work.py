"""`civic work`: do the work that is owed (mail, notices), in a process of its own."""

import asyncio
import logging
import signal

import click

from civic import app
from civic.commands.console import as_json, fail, run, say
from civic.foundation import database, logs, queue

log = logging.getLogger("civic.work")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@as_json
def work(once: bool, as_json: bool) -> None:
    """Do what is due, until stopped. Safe beside `civic serve` and other workers."""
    logs.configure()
    app.subscribe()
    done = run(_work(once), as_json=as_json)
    if done is None:
        fail("the database is not ready; run `civic migrate` first.", as_json=as_json)
    say(f"{done} jobs taken up." if once else "Stopped.", {"jobs": done}, as_json=as_json)


async def _work(once: bool) -> int | None:
    async with database.connect():
        if await database.what_is_missing():
            return None
        if once:
            return await queue.work_off(app.handlers(), app.regular())
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        log.info("working")
        await queue.work(app.handlers(), app.regular(), stop=stop)
        return 0


commands = (work,)
