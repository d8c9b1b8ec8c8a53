"""A table points down the stairs only. Tables are linked by name, which the import linter cannot see."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from pathlib import Path

from tortoise.models import Model

from civic.foundation.database import model_modules

ROOT = Path(__file__).parents[2]


def _stairs() -> dict[str, int]:
    """Number the stairs from the bottom, as the import contract orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(
        one["layers"] for one in contracts if one["type"] == "layers" and one["containers"] == ["civic"]
    )
    return {
        room.strip(" ()"): step
        for step, layer in enumerate(reversed(layers))
        for room in layer.replace("|", ":").split(":")
    }


def _tables() -> list[tuple[str, type[Model]]]:
    found = []
    for name in model_modules():
        module = importlib.import_module(name)
        for _, one in inspect.getmembers(module, inspect.isclass):
            if issubclass(one, Model) and one is not Model and one.__module__ == name:
                found.append((name.split(".")[1], one))
    return found


TABLES = _tables()
ROOM_OF = {one.__name__: room for room, one in TABLES}


def _links():
    for room, table in TABLES:
        for field in table._meta.fk_fields | table._meta.o2o_fields | table._meta.m2m_fields:
            target = table._meta.fields_map[field].model_name
            yield room, f"{table.__name__}.{field}", target.rpartition(".")[2]


def test_table_names_are_not_shared():
    assert len(ROOM_OF) == len(TABLES)


def test_no_table_points_up_the_stairs():
    stairs = _stairs()
    upward = [
        f"{room}: {link} -> {ROOM_OF[target]}.{target}"
        for room, link, target in _links()
        if room != ROOM_OF[target] and stairs[room] <= stairs[ROOM_OF[target]]
    ]
    assert not upward, f"keep a public id instead of a link: {upward}"


def test_the_lowest_rooms_point_at_no_other_room():
    """The ledger and the notices keep keys, so that erasing a person breaks nothing."""
    outside = [
        f"{link} -> {target}"
        for room, link, target in _links()
        if room in ("ledger", "notices", "foundation") and ROOM_OF[target] != room
    ]
    assert not outside


def test_no_link_takes_rows_with_it():
    """What is official is not deleted: a link refuses to lose its target."""
    cascading = [
        f"{table.__name__}.{field}"
        for _room, table in TABLES
        for field in table._meta.fk_fields | table._meta.o2o_fields
        if str(table._meta.fields_map[field].on_delete).endswith("CASCADE")
    ]
    assert not cascading


def test_tables_have_one_base():
    odd = [table.__name__ for _room, table in TABLES if table.__bases__ != (Model,)]
    assert not odd
