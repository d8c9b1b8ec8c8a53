"""`civic demo`: the example town of Valmère, served from this folder, with an account per role."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from civic import paths, settings
from civic.app import subscribe
from civic.commands.console import PORT, failures_in_words, progress, run
from civic.commands.serve import serve
from civic.commands.town import tell
from civic.commands.town.people import PASSWORD
from civic.commands.town.reading import told
from civic.foundation import database, schema
from civic.foundation.viewer import Held, Viewer
from civic.opendata import actions as opendata
from civic.settings import ConfigurationError

FILE = "civic-demo.db"
EVENTS = 147
"""About how many things happen in the town: for the length of the bar."""

GRIDS = (
    ("cimt_to_grid.py", "cimt/Cycling-Dialogue-Moers/dataset_CDM.tsv", "moers-cycling"),
    ("cimt_to_grid.py", "cimt/Cycling-Dialogue-Cologne/dataset_CDC.tsv", "cologne-cycling"),
    ("peps_to_grid.py", "peps", "peps"),
)
"""Real public data: the script that makes a grid of it, its place in the folder, the draft it goes to."""

ROLES = {
    "leon": "a citizen whose points were answered",
    "davit": "a citizen who contested an answer",
    "otto": "an official",
    "olga": "a second official, who reviews",
    "dora": "the decision maker",
    "mira": "a moderator",
    "max": "another moderator",
    "rene": "the reader of appeals",
    "nina": "the administrator",
}


@click.command()
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
@click.option("--reset", is_flag=True, help="Start the town over.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of real public data to bring in as well (docs/real-data.md).",
)
@click.option("--prepare-only", is_flag=True, help="Make the town and stop, without serving it.")
@click.pass_context
def demo(context: click.Context, port: int, reset: bool, data: Path | None, prepare_only: bool) -> None:
    """Serve the example town on this machine, and print how to sign in."""
    with failures_in_words():
        _settle_in(port)
        run(_prepare(reset, data))
    _introduce()
    if not prepare_only:
        context.invoke(serve, host="127.0.0.1", port=port)


def _settle_in(port: int) -> None:
    """Use a database file of this folder, unless another was named; mails show in the terminal."""
    given = settings.current()
    untouched = given.database_url == settings.Settings().database_url
    settings.use(
        replace(
            given,
            database_url=f"sqlite:///{FILE}" if untouched else given.database_url,
            public_url=f"http://127.0.0.1:{port}",
            smtp_url=given.smtp_url or "terminal:",
        )
    )


async def _prepare(reset: bool, data: Path | None) -> None:
    current = settings.current()
    if reset:
        _forget(current)
    await schema.migrate(current.database_url)
    subscribe()
    async with database.connect(patient=True):
        if not await database.rows("SELECT id FROM participant LIMIT 1"):
            settings.use(replace(current, hold_seconds=0))
            with progress("Telling the town's year", EVENTS) as advance:
                await tell(advance)
            settings.use(current)
        if data is not None:
            await _bring_in(data)


def _forget(current: settings.Settings) -> None:
    """Remove the town's own file; somebody's database is never removed."""
    if not current.is_sqlite or database.sqlite_file(current.database_url).name != FILE:
        raise ConfigurationError(f"--reset only removes {FILE}; empty your own database yourself.")
    file = database.sqlite_file(current.database_url)
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


async def _bring_in(data: Path) -> None:
    """Turn the data sets into grids by their scripts, and import the grids."""
    scripts = paths.ROOT / "scripts"
    if not scripts.is_dir():
        raise ConfigurationError("--data needs the scripts of a checkout; see docs/real-data.md.")
    importer = Viewer(roles=frozenset({Held("administrator")}))
    for script, place, slug in GRIDS:
        if not (data / place).exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            grid = Path(folder) / f"{slug}.csv"
            command = [sys.executable, str(scripts / script), str(data / place), str(grid)]
            await _wait_for(command)
            with grid.open("rb") as file:
                done = await opendata.import_grid(importer, file, process=slug, source=slug)
        click.echo(f"{slug}: {done.held.contributions} contributions, {done.held.claims} points.")


async def _wait_for(command: list[str]) -> None:
    """Run one of our scripts. Raises ConfigurationError with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603, ASYNC221
    if done.returncode:
        raise ConfigurationError(done.stderr.strip() or f"{command[1]} failed.")


def _introduce() -> None:
    """Say who may sign in, and with what."""
    people = {one["key"]: one for one in told("people")["people"]}
    click.echo(f"\nThe example town: {settings.current().public_url}")
    click.echo(f'Sign in with one of these addresses and the password "{PASSWORD}":')
    for key, words in ROLES.items():
        click.echo(f"  {people[key]['address']:<24} {people[key]['name']}, {words}")
    click.echo("Mails (sign-in links, confirmations, answers) appear here. Stop with Ctrl+C.\n")


commands = (demo,)
