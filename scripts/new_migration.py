"""Write the next migration from what the tables have become: `make migration NAME=what_changes`.

With --check, write nothing and fail if one is missing. What the ORM would put into the file and would
break or age there is left out: JSON encoders that depend on what is installed, enums of the rooms, and
the descriptions of tables.
"""

import argparse
import asyncio
import re
import sys
from enum import Enum

from tortoise.migrations import operations as ops
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from civic.foundation import database

_ENCODERS = re.compile(r"(?:, )?encoder=(?:functools\.partial\(.*?\)\)|\w+), decoder=\w+")
_STRAY = re.compile(
    r"^(?:import functools|from (?:json|orjson) import .*|from civic\..* import .*)\n", re.MULTILINE
)


class _Detector(MigrationAutodetector):
    def _current_state(self) -> State:
        state = super()._current_state()
        for model in state.models.values():
            model.options.pop("table_description", None)
            for field in model.fields.values():
                if isinstance(field.default, Enum):
                    field.default = field.default.value
        return state


async def missing() -> list[MigrationWriter]:
    """Compare the tables of the rooms with the chain."""
    async with database.connect("sqlite:////tmp/unused.db") as context:
        config = {
            "models": database.model_modules(),
            "default_connection": "default",
            "migrations": "migrations",
        }
        assert context.apps is not None
        writers = await _Detector(context.apps, {database.APP: config}).changes()
    for writer in writers:
        writer.operations = [op for op in writer.operations if not isinstance(op, ops.AlterModelOptions)]
    return [writer for writer in writers if writer.operations]


def clean(source: str) -> str:
    """Take out what must not be in a migration."""
    return _STRAY.sub("", _ENCODERS.sub("", source))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default="changes")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    writers = asyncio.run(missing())
    if asked.check:
        for writer in writers:
            print(clean(writer.as_string()))
        sys.exit(1 if writers else 0)
    for writer in writers:
        if not writer.initial:
            writer.name = format_migration_name(int(writer.name[:4]), asked.name)
        writer.path().write_text(clean(writer.as_string()), encoding="utf-8")
        print(writer.path())


if __name__ == "__main__":
    main()
