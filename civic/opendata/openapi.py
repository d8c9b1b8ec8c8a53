"""Describe the API in OpenAPI 3.1, from the same declarations that its routes are made of. Pure."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic import settings
from civic.foundation.errors import N_, Invalid, Message, message
from civic.opendata.describing import Schema, components, name_of, schema_of

Asked = Mapping[str, Any]

_UNKNOWN = N_("This address takes no “%(name)s”.")
_TWICE = N_("Given more than once.")
_NOT_ONE_OF = N_("Not one of the values this takes.")
_NOT_SO = N_("Not written as this must be.")
_PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457), said in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The number of this request, for reporting it."},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_PROBLEMS = {
    "404": "It does not exist, or is not public.",
    "422": "Something of the question after the address cannot be used: `errors` says what.",
    "429": "Asked too often: come back after the seconds in `Retry-After`.",
}
_LONGEST = 200


@dataclass(frozen=True)
class Parameter:
    """Something an address can be asked, after its question mark or inside it."""

    name: str
    words: str
    kind: type = str
    pattern: str = ""
    most: int = 0

    @property
    def schema(self) -> Schema:
        """Say what may be given."""
        if issubclass(self.kind, int):
            return {"type": "integer", "minimum": 1, "maximum": self.most}
        if issubclass(self.kind, StrEnum):
            return schema_of(self.kind)
        return {"type": "string", "pattern": self.pattern}

    def read(self, given: str) -> Any:
        """Read what was given. Raises ValueError with the sentence for the caller."""
        if issubclass(self.kind, int):
            if not re.fullmatch("[0-9]{1,10}", given, re.ASCII) or not 1 <= int(given) <= self.most:
                raise ValueError(_NOT_SO)
            return int(given)
        if issubclass(self.kind, StrEnum):
            if given not in set(self.kind):
                raise ValueError(_NOT_ONE_OF)
            return self.kind(given)
        if len(given) > _LONGEST or not re.fullmatch(self.pattern, given, re.ASCII) or "\n" in given:
            raise ValueError(_NOT_SO)
        return given


@dataclass(frozen=True)
class Operation:
    """One address of the API: what it gives, what it can be asked, and who answers."""

    name: str
    path: str
    summary: str
    shape: type
    answer: Callable[[Asked], Awaitable[Any]]
    inside: tuple[Parameter, ...] = ()
    asked: tuple[Parameter, ...] = ()
    is_list: bool = False


def read_query(operation: Operation, given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read the question of an address. Raises Invalid for what it does not take: a typo is never ignored."""
    known = {one.name: one for one in operation.asked}
    values: dict[str, Any] = {}
    errors: dict[str, str | Message] = {}
    for name, value in given:
        if name not in known:
            errors[name[:60]] = message(_UNKNOWN, name=name[:60])
        elif name in values:
            errors[name] = _TWICE
        else:
            try:
                values[name] = known[name].read(value)
            except ValueError as wrong:
                errors[name] = str(wrong)
    if errors:
        raise Invalid(errors)
    return {**dict.fromkeys(known), **values}


def document(operations: Iterable[Operation]) -> Schema:
    """Write the description of the whole API."""
    every = tuple(operations)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Civic",
            "version": "1",
            "summary": "What people said, what became of it, and why.",
            "description": (
                "Everything here is public and needs no key. Answers hold no names of contributors; words "
                "that were withdrawn or hidden are absent from the moment they are. Lists are read page by "
                "page: give `next` back as `after`. Keep the `ETag` and send it as `If-None-Match`."
            ),
            "license": {
                "name": "Open Licence 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            },
        },
        "servers": [{"url": settings.current().public_url}],
        "paths": {one.path: {"get": _described(one)} for one in every},
        "components": {"schemas": {**components(one.shape for one in every), "Problem": _PROBLEM}},
    }


def _described(operation: Operation) -> Schema:
    parameters = [_parameter(one, "path") for one in operation.inside]
    parameters += [_parameter(one, "query") for one in operation.asked]
    headers = {"ETag": {"schema": {"type": "string"}, "description": "Names this state of the answer."}}
    return {
        "operationId": operation.name.partition(":")[2],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "As asked.",
                "headers": headers,
                "content": {"application/json": {"schema": _answer(operation)}},
            },
            "304": {"description": "What you kept under this `If-None-Match` is still true."},
            **{code: _failure(words) for code, words in _PROBLEMS.items()},
        },
    }


def _answer(operation: Operation) -> Schema:
    item = {"$ref": f"#/components/schemas/{name_of(operation.shape)}"}
    if not operation.is_list:
        return item
    following = {
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "description": "The cursor of the next page.",
    }
    return {
        "type": "object",
        "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": item}, "next": following},
    }


def _parameter(one: Parameter, place: str) -> Schema:
    return {
        "name": one.name,
        "in": place,
        "required": place == "path",
        "description": one.words,
        "schema": one.schema,
    }


def _failure(words: str) -> Schema:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}
