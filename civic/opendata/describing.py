"""Write frozen dataclasses as JSON, and say the same of them as a JSON Schema. Pure.

One declaration gives both, so that an answer of the API cannot differ from what its description promises.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: Mapping[type, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.date: {"type": "string", "format": "date"},
}


def plain(value: Any) -> Any:
    """Make of a value what JSON can hold: days and moments as ISO 8601 writes them, moments in UTC."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def name_of(shape: type) -> str:
    """Name a shape as the description does: PublicProposal is a Proposal."""
    return shape.__name__.removeprefix("Public")


def schema_of(kind: Any) -> Schema:
    """Say what values of a type look like; shapes are named and described once."""
    if get_origin(kind) is Annotated:
        inner, words = get_args(kind)[:2]
        return {**schema_of(inner), "description": words}
    if is_dataclass(kind):
        return {"$ref": f"#/components/schemas/{name_of(kind)}"}  # type: ignore[arg-type]
    if get_origin(kind) in (types.UnionType, Union):
        return _optional(get_args(kind))
    if get_origin(kind) is tuple:
        return {"type": "array", "items": schema_of(get_args(kind)[0])}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": schema_of(get_args(kind)[1])}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(one) for one in kind]}
    return dict(_PLAIN[kind])


def _optional(kinds: Iterable[Any]) -> Schema:
    return {"anyOf": [{"type": "null"} if one is type(None) else schema_of(one) for one in kinds]}


def components(shapes: Iterable[type]) -> dict[str, Schema]:
    """Describe some shapes and every shape inside them."""
    found: dict[str, Schema] = {}
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop()
        if name_of(shape) in found:
            continue
        hints = get_type_hints(shape, include_extras=True)
        found[name_of(shape)] = {
            "type": "object",
            "description": (shape.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " "),
            "required": list(hints),
            "properties": {name: schema_of(kind) for name, kind in hints.items()},
        }
        for kind in hints.values():
            waiting += list(_inside(kind))
    return dict(sorted(found.items()))


def _inside(kind: Any) -> Iterable[type]:
    if is_dataclass(kind):
        yield kind  # type: ignore[misc]
    for one in get_args(kind):
        if one is not Ellipsis and not isinstance(one, str):
            yield from _inside(one)
