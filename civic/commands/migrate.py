"""`civic migrate`: bring the database to the tables this version expects."""

import click

from civic import settings
from civic.commands.console import as_json, progress, run, say
from civic.foundation import database, schema


@click.command()
@click.option("--mark", metavar="NAME", help="Record a step as applied without running it.")
@as_json
def migrate(mark: str | None, as_json: bool) -> None:
    """Create or update the tables. Safe to repeat, and to run twice at once."""
    if mark:
        run(_mark(mark), as_json=as_json)
        say(f"{mark} is recorded as applied.", {"marked": mark}, as_json=as_json)
        return
    applied = run(_migrate(as_json), as_json=as_json)
    sentence = f"Applied {', '.join(applied)}." if applied else "The database is up to date."
    say(sentence, {"applied": applied}, as_json=as_json)


async def _migrate(as_json: bool) -> list[str]:
    url = settings.current().database_url
    with progress("Migrating", len(database.steps()), as_json=as_json) as advance:
        return await schema.migrate(url, progress=lambda name: advance(1))


async def _mark(name: str) -> None:
    await schema.mark_applied(settings.current().database_url, name)


commands = (migrate,)
