"""How every command speaks: words for people, one JSON object for machines, a status that tells."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from civic.foundation.errors import CivicError
from civic.foundation.schema import MigrationError
from civic.settings import ConfigurationError

T = TypeVar("T")

PORT = click.IntRange(1, 65_535)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for machines.")


def run(work: Coroutine[Any, Any, T], *, as_json: bool = False) -> T:
    """Run a command to its end; what goes wrong is said in one sentence and ends with status 1."""
    with failures_in_words(as_json=as_json):
        return asyncio.run(work)


@contextmanager
def failures_in_words(*, as_json: bool = False) -> Iterator[None]:
    """Turn what an operator can mend into a sentence; let faults of ours be seen whole."""
    try:
        yield
    except (ConfigurationError, MigrationError, CivicError) as error:
        fail(str(error), as_json=as_json)
    except OSError as error:
        if not error.filename:
            raise
        fail(f"{error.filename}: {error.strerror}.", as_json=as_json)


def fail(sentence: str, *, as_json: bool = False) -> NoReturn:
    """Say what is wrong and end with status 1."""
    if as_json:
        click.echo(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
    click.echo(f"civic: {sentence}", err=True)
    sys.exit(1)


def say(sentence: str, facts: dict[str, Any], *, as_json: bool = False) -> None:
    """Say what was done: to people, or to machines."""
    click.echo(json.dumps({"ok": True, **facts}, ensure_ascii=False) if as_json else sentence)


@contextmanager
def progress(label: str, total: int, *, as_json: bool = False) -> Iterator[Callable[[int], None]]:
    """Show how far long work has come, on a terminal; give the function that moves it on."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=as_json or not console.is_terminal) as bar:
        task = bar.add_task(label, total=total)

        def advance(steps: int) -> None:
            bar.advance(task, steps)

        yield advance
