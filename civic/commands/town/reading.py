"""Read the texts of the town: TOML files, and the clock of the town."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from civic.foundation import clock


def told(name: str) -> dict[str, Any]:
    """Read one file of the town."""
    return tomllib.loads((files("civic.commands.town") / f"{name}.toml").read_text("utf-8"))


def moment(written: str) -> datetime:
    """Read `2026-02-03 09:12`, on the clock of the town."""
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=clock.zone()).astimezone(UTC)


def day(written: str) -> date:
    """Read the day of `2026-02-03` or `2026-02-03 09:12`."""
    return date.fromisoformat(written[:10])


@contextmanager
def on(written: str) -> Iterator[datetime]:
    """Live through a moment of the town's year."""
    with clock.at(moment(written)) as _:
        yield moment(written)
