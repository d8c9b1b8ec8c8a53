"""What the administrators of this installation chose: its name, whose it is, its colours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tortoise.exceptions import BaseORMException

from civic import settings
from civic.foundation import clock, database
from civic.foundation.models import InstanceSetting

COLOURS = ("brand", "brand_2", "tint", "tint_2", "on_brand")


@dataclass(frozen=True)
class Instance:
    """The face of this installation. `body` is the public body; `contact` holds one text per language."""

    name: str = "Civic"
    body: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    example: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        """Languages readers can choose: those of the configuration, or the ones an administrator kept."""
        configured = settings.current().languages
        return tuple(one for one in configured if one in self.languages) or configured


_KEEP = """
INSERT INTO instance_setting (name, value, updated_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
"""
_FIELDS = frozenset(one.name for one in fields(Instance))


async def current() -> Instance:
    """Give the face of this installation; the plain one while the database cannot be read."""
    try:
        rows = await InstanceSetting.all().values_list("name", "value")
    except BaseORMException:
        return Instance()
    chosen: dict[str, Any] = {str(name): value for name, value in rows if name in _FIELDS}
    return Instance(**chosen)


async def change(chosen: Mapping[str, object]) -> None:
    """Keep what an administrator chose. Called by an act, in its transaction."""
    for name, value in chosen.items():
        if name not in _FIELDS:
            raise ValueError(f"an instance has no {name}")
        # Not through the ORM: its JSON field takes a plain text for JSON already written.
        await database.execute(_KEEP, name, json.dumps(value), clock.now())


def sheet(instance: Instance) -> str:
    """Write the style sheet that puts the colours of this installation in place of ours.

    They are chosen, and checked, on white: the dark theme keeps the colours that are legible there.
    """
    lines = " ".join(
        f"--{name.replace('_', '-')}: {instance.colours[name]};"
        for name in COLOURS
        if name in instance.colours
    )
    by_system = f':root:not([data-theme="dark"]) {{ {lines} }}'
    by_choice = f':root[data-theme="light"] {{ {lines} }}'
    return f"@media not all and (prefers-color-scheme: dark) {{ {by_system} }}\n{by_choice}\n"
