"""What the reads of moderation share: whose queue, times and texts out of raw rows."""

import json
from collections.abc import Mapping
from typing import Any

from civic.foundation.database import moment
from civic.foundation.viewer import Viewer
from civic.moderation.models import RESTRICTIONS

PAGE = 20


def scopes_of(viewer: Viewer) -> tuple[bool, list[str]]:
    """Tell whether the viewer moderates everywhere, and otherwise in which processes."""
    held = [one.process for one in viewer.roles if one.role == "moderator"]
    return None in held, [process for process in held if process is not None]


def restricts(measure: str) -> bool:
    """Tell whether a measure takes a text out of sight."""
    return measure in RESTRICTIONS


def localized_of(value: object) -> Mapping[str, str]:
    """Read a text per language from a raw row (JSON text on SQLite, JSON or text on PostgreSQL)."""
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def timed(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: moment(row[name]) for name in names if row.get(name) is not None}}


def marks(values: list[Any]) -> str:
    return ", ".join("?" for _ in values) or "NULL"
