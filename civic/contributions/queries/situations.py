"""Situation statements: that there is one, who opened it, and its words for those who may read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.contributions.forms import SituationWords
from civic.contributions.models import Audience, ContactWay
from civic.foundation import database, sealing
from civic.foundation.sealing import CannotOpen


@dataclass(frozen=True)
class Opening:
    """Somebody on the staff read a statement, and why."""

    by: PersonCard
    reason: str
    at: datetime


@dataclass(frozen=True)
class Contact:
    """Somebody on the staff called the author, or said why they could not."""

    by: PersonCard
    way: ContactWay
    note: str
    at: datetime


@dataclass(frozen=True)
class Situation:
    """A situation statement without its words."""

    id: int
    public_id: str
    contribution_id: int
    claim_id: int
    audience: Audience
    kept_longer: bool
    written_at: datetime
    erased_at: datetime | None
    openings: tuple[Opening, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None


_STATEMENT = """
SELECT id, public_id, contribution_id, claim_id, audience, kept_longer, written_at, erased_at
FROM situation_statement WHERE contribution_id = ?
"""
_OPENINGS = """
SELECT opened_by_id AS person, reason, opened_at AS at FROM situation_opening
WHERE statement_id = ? ORDER BY id DESC
"""
_CONTACTS = """
SELECT made_by_id AS person, way, note, made_at AS at FROM situation_contact
WHERE statement_id = ? ORDER BY id DESC
"""
_SEALED = """
SELECT s.public_id, s.sealed, s.key_id, s.audience FROM situation_statement s
JOIN contribution c ON c.id = s.contribution_id
WHERE s.contribution_id = ? AND s.erased_at IS NULL
"""
_ANONYMOUS = """
SELECT s.public_id, s.claim_id, s.sealed, s.key_id, c.visibility = 'public' AS is_public,
       coalesce(CAST(c.author_id AS TEXT), c.guest_address, c.author_name) AS who
FROM situation_statement s JOIN contribution c ON c.id = s.contribution_id
WHERE s.claim_id IN ({marks}) AND s.erased_at IS NULL AND s.audience = 'anonymous'
ORDER BY s.public_id
"""
_KEYS = """
SELECT key_id, count(*) AS n FROM situation_statement WHERE erased_at IS NULL GROUP BY key_id ORDER BY key_id
"""


async def situation_of(contribution_id: int) -> Situation | None:
    """Give the statement of a contribution without its words, with who opened it and who called."""
    found = await database.rows(_STATEMENT, contribution_id)
    if not found:
        return None
    row = found[0]
    opened = await database.rows(_OPENINGS, row["id"])
    called = await database.rows(_CONTACTS, row["id"])
    people = await accounts.people_of({one["person"] for one in (*opened, *called)})
    return Situation(
        **{
            **row,
            "audience": Audience(row["audience"]),
            "kept_longer": bool(row["kept_longer"]),
            "written_at": database.moment(row["written_at"]),
            "erased_at": database.moment(row["erased_at"]) if row["erased_at"] else None,
        },
        openings=tuple(
            Opening(people[one["person"]], one["reason"], database.moment(one["at"])) for one in opened
        ),
        contacts=tuple(
            Contact(people[one["person"]], ContactWay(one["way"]), one["note"], database.moment(one["at"]))
            for one in called
        ),
    )


async def own_words(contribution_id: int) -> SituationWords | None:
    """Give the words of a statement to its author: the caller has asked that it is them.

    None as well while their key is missing: `civic check` says so, and the author can still erase them.
    """
    row = await _sealed(contribution_id)
    try:
        return read_words(row["public_id"], bytes(row["sealed"]), row["key_id"]) if row else None
    except CannotOpen:
        return None


async def words_for_everyone(contribution_id: int) -> SituationWords | None:
    """Give the words of a statement whose author chose that everyone reads them with their name."""
    row = await _sealed(contribution_id)
    return await own_words(contribution_id) if row and row["audience"] == Audience.EVERYONE else None


async def words_without_names(waves: Sequence[Sequence[int]], *, least: int) -> list[SituationWords]:
    """Give the words whose authors chose to be read without a name.

    ``waves`` are the points answered version by version. Their words come out in blocks of so many people,
    and a block of which one text was withdrawn is not shown any more: what is missing would tell whose it is.
    """
    asked = sorted({claim for wave in waves for claim in wave})
    if not asked:
        return []
    found = await database.rows(_ANONYMOUS.format(marks=", ".join("?" * len(asked))), *asked)
    shown: list[dict[str, Any]] = []
    for block in _blocks(waves, found, least):
        shown += block if all(row["is_public"] for row in block) else ()
    try:
        return [read_words(row["public_id"], bytes(row["sealed"]), row["key_id"]) for row in shown]
    except CannotOpen:
        return []


def _blocks(
    waves: Sequence[Sequence[int]], found: Sequence[dict[str, Any]], least: int
) -> Iterator[list[dict[str, Any]]]:
    seen: set[int] = set()
    block: list[dict[str, Any]] = []
    for wave in waves:
        fresh = set(wave) - seen
        seen |= fresh
        block += [row for row in found if row["claim_id"] in fresh]
        if len({row["who"] for row in block}) >= least:
            yield block
            block = []


async def unreadable() -> dict[str, int]:
    """Count the statements sealed under a key that is not in CIVIC_DATA_KEYS, by the name of the key."""
    return {
        row["key_id"]: int(row["n"])
        for row in await database.rows(_KEYS)
        if not sealing.is_known(row["key_id"])
    }


def read_words(key: str, sealed: bytes, key_id: str) -> SituationWords:
    """Unseal the words of one statement."""
    said = json.loads(sealing.unseal(sealed, key_id, about=key))
    return SituationWords(**{name: said.get(name, "") for name in SituationWords.__dataclass_fields__})


async def _sealed(contribution_id: int) -> dict[str, Any] | None:
    found = await database.rows(_SEALED, contribution_id)
    return found[0] if found else None
