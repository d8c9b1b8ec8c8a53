"""`civic import grid` and `civic export grid`: contributions in from a spreadsheet, points out into one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from civic import settings
from civic.commands.console import as_json, fail, progress, run, say
from civic.foundation import database, languages
from civic.foundation.errors import Message
from civic.foundation.viewer import Held, Viewer
from civic.opendata import actions, queries
from civic.opendata.actions import Brought, Imported
from civic.opendata.exports import csv_of
from civic.opendata.grid import GridRefused, parse_mapping
from civic.opendata.grid_writing import Written
from civic.opendata.queries import Sheet
from civic.processes import queries as processes
from civic.settings import LANGUAGES

COMMAND_LINE = Viewer(roles=frozenset({Held("administrator")}))
"""Whoever may run this command may read and write the database."""

_WORDS = {"reading": "Reading rows", "preparing": "Preparing texts", "storing": "Storing"}


@click.group("import")
def import_group() -> None:
    """Bring data in: all of a file or nothing."""


@click.group("export")
def export_group() -> None:
    """Take data out."""


@dataclass(frozen=True)
class _Asked:
    """What the command line asks of an import."""

    path: Path
    process: str
    source: str
    pairs: tuple[str, ...]
    question: int | None
    by: str | None


@import_group.command("grid")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", required=True, metavar="SLUG", help="Address of the process (new: a draft).")
@click.option("--source", metavar="NAME", help="Where the file comes from (default: its name).")
@click.option("--map", "pairs", multiple=True, metavar="THEIRS=OURS", help="Rename a column; repeatable.")
@click.option("--question", type=click.IntRange(min=1), metavar="N", help="Its question (default: 1).")
@click.option("--by", metavar="ADDRESS", help="Official who wrote the answers of a sheet that comes back.")
@as_json
def import_grid(
    path: Path,
    process: str,
    source: str | None,
    pairs: tuple[str, ...],
    question: int | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Import contributions from a CSV or TSV file (docs/grid.md), or the answers of an exported sheet.

    All or nothing; twice the same file changes nothing.
    """
    asked = _Asked(path, process, source or path.stem, pairs, question, by)
    done = run(_import(asked, as_json), as_json=as_json)
    if isinstance(done, GridRefused):
        _list_problems(done, as_json)
        sys.exit(1)
    if not as_json:
        _tell(done)
    say(_summary(done), _facts(done), as_json=as_json)


async def _import(asked: _Asked, as_json: bool) -> Imported | Brought | GridRefused:
    """Import, or give the refusal: its problems are listed one by one."""
    async with database.connect(patient=True):
        try:
            with asked.path.open("rb") as file:
                return await _bring(asked, file, as_json)
        except GridRefused as refusal:
            return refusal


async def _bring(asked: _Asked, file: BinaryIO, as_json: bool) -> Imported | Brought:
    mapping = parse_mapping(asked.pairs)
    if await actions.is_returning(file, asked.process, mapping):
        return await actions.bring_answers(
            COMMAND_LINE, file, process=asked.process, mapping=mapping, by=asked.by
        )
    with _bar(as_json) as tell:
        return await actions.import_grid(
            COMMAND_LINE,
            file,
            process=asked.process,
            source=asked.source,
            mapping=mapping,
            issue=asked.question,
            progress=tell,
        )


@contextmanager
def _bar(as_json: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far each step has come, on a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=as_json or not console.is_terminal) as bar:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(_WORDS[what], total=total or None)
            if what == "preparing":
                bar.advance(tasks[what], done)
            else:
                bar.update(tasks[what], completed=done)

        yield tell


def _list_problems(refusal: GridRefused, as_json: bool) -> None:
    """List the problems of a file with their rows."""
    if as_json:
        click.echo(json.dumps(_refusal(refusal), ensure_ascii=False))
    for problem in refusal.problems:
        click.echo(f"  {_said(problem.sentence)}", err=True)
    if refusal.total > len(refusal.problems):
        click.echo(f"  … and {refusal.total - len(refusal.problems)} more.", err=True)
    click.echo(f"civic: {_said(refusal.message)}", err=True)


@export_group.command("grid")
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--process", required=True, metavar="SLUG", help="Address of the process.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of official texts (default: the first)."
)
@as_json
def export_grid(path: Path, process: str, language: str | None, as_json: bool) -> None:
    """Write every point of a process into a CSV file, to be answered there and imported again."""
    written = run(_export(path, process, language, as_json), as_json=as_json)
    if written.respaced and not as_json:
        click.echo(f"{len(written.respaced)} texts have points parted by more than one space.", err=True)
    sentence = f"{written.contributions} contributions in {written.rows} rows: {path}"
    facts = {
        "path": str(path),
        "contributions": written.contributions,
        "rows": written.rows,
        "respaced": list(written.respaced),
    }
    say(sentence, facts, as_json=as_json)


async def _export(path: Path, process: str, language: str | None, as_json: bool) -> Written:
    """Write beside the file first, so that a sheet is there whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    async with database.connect(patient=True):
        page = await processes.process_by_slug(process)
        if page is None:
            fail(f"there is no process at “{process}”.", as_json=as_json)
        spoken = language or settings.current().languages[0]
        sheet = await queries.sheet_for(page.id, spoken, is_for_desk=True)
        try:
            written = await _write(beside, sheet, as_json)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    return written


async def _write(path: Path, sheet: Sheet, as_json: bool) -> Written:
    contributions = rows = 0
    respaced: list[str] = []
    total = await queries.count_of(sheet)
    with (
        path.open("w", encoding="utf-8-sig", newline="") as out,
        progress("Writing", total, as_json=as_json) as advance,
    ):
        async for lines, written in csv_of(sheet):
            out.write(lines)
            contributions, rows = contributions + written.contributions, rows + written.rows
            respaced += written.respaced
            advance(written.contributions)
    return Written(contributions, rows, tuple(respaced))


def _said(message: Message) -> str:
    return languages.translate("en", message)


def _refusal(refusal: GridRefused) -> dict[str, Any]:
    return {
        "ok": False,
        "error": _said(refusal.message),
        "problems": [
            {"row": problem.row, "column": problem.column, "what": _said(problem.what)}
            for problem in refusal.problems
        ],
        "total": refusal.total,
    }


def _tell(done: Imported | Brought) -> None:
    if isinstance(done, Brought):
        if done.drafted and not done.is_signed:
            click.echo("Nobody is named as their author; --by ADDRESS names an official.", err=True)
        return
    if done.is_new_process:
        click.echo(f"A new draft process was begun: {done.process}")
    for column in done.ignored:
        click.echo(f"Left out, the grid has no such column: {column}", err=True)


def _summary(done: Imported | Brought) -> str:
    if isinstance(done, Brought):
        return (
            f"{done.drafted} answers drafted, {done.unfinished} of them to complete at the desk; "
            f"{done.noted} restatements or themes; {done.unchanged} rows brought nothing new."
        )
    held = done.held
    return (
        f"{done.added} new, {done.changed} changed, {done.unchanged} unchanged. In the database from this "
        f"file: {held.contributions} contributions, {held.claims} points, {held.outcomes} outcomes "
        "(imported, not decided here)."
    )


def _facts(done: Imported | Brought) -> dict[str, Any]:
    if isinstance(done, Brought):
        return {
            "process": done.process,
            "rows": done.rows,
            "contributions": done.contributions,
            "claims": done.rows,
            "outcomes": done.drafted,
            "drafted": done.drafted,
            "unfinished": done.unfinished,
            "noted": done.noted,
            "unchanged": done.unchanged,
        }
    return {
        "process": done.process,
        "source": done.source,
        "rows": done.rows,
        "contributions": done.held.contributions,
        "claims": done.held.claims,
        "outcomes": done.held.outcomes,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "new_process": done.is_new_process,
        "ignored_columns": list(done.ignored),
    }


commands = (import_group, export_group)
