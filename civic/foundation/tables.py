"""Short hands for declaring tables, so that every room makes the same choices.

Choices kept here: a link between tables is indexed on both databases and never cascades (a
deleted parent must be an error, not a silent loss), and texts a public body publishes hold one
text per language.
"""

from typing import Any

from tortoise import fields

Localized = dict[str, str]
"""One text per language code: ``{"fr": "…", "en": "…"}``."""


def link(to: str, related_name: str, *, null: bool = False) -> Any:
    """Link to one row of another table; indexed, and refusing to let its target disappear."""
    options: dict[str, Any] = {"related_name": related_name, "null": null, "db_index": True}
    return fields.ForeignKeyField(to, on_delete=fields.RESTRICT, **options)


def one_link(to: str, related_name: str, *, null: bool = False) -> Any:
    """Link to one row of another table that at most one row here may name."""
    options: dict[str, Any] = {"related_name": related_name, "null": null}
    return fields.OneToOneField(to, on_delete=fields.RESTRICT, **options)


def localized(*, null: bool = False) -> Any:
    """Hold one text per language (``Localized``)."""
    return fields.JSONField(null=True) if null else fields.JSONField(default=dict)


def json_dict() -> Any:
    """Hold a small mapping we never filter on."""
    return fields.JSONField(default=dict)


def json_list() -> Any:
    """Hold a small list we never filter on."""
    return fields.JSONField(default=list)


def public_key() -> Any:
    """Hold the random public id used in addresses, keys and ledger leaves."""
    return fields.CharField(max_length=26, unique=True)
