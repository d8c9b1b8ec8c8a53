"""Tell people: a notice in their list and, in the same transaction, the mail that carries it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic import settings
from civic.foundation import clock, database, ids
from civic.notices.actions.announcing import take_back
from civic.notices.content import lacking, letter, packed
from civic.notices.kinds import ALWAYS, KINDS, Kind

_KEEP = """
INSERT INTO notice (public_id, recipient, address, language, kind, about, once_key, data, in_app,
                    created_at, release_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (once_key) DO NOTHING
RETURNING id
"""
_POST = """
INSERT INTO mail (notice_id, message_id, state, not_before, attempts) VALUES (?, ?, 'waiting', ?, 0)
"""
_RETRACT_MAIL = """
UPDATE mail SET state = 'retracted'
WHERE state = 'waiting' AND notice_id IN (SELECT id FROM notice WHERE about = ? AND kind = ?)
"""
_RETRACT_NOTICE = """
UPDATE notice SET retracted_at = ? WHERE about = ? AND kind = ? AND retracted_at IS NULL
"""

_FORGET_MAIL = """
UPDATE mail SET state = 'retracted'
WHERE state = 'waiting' AND notice_id IN (SELECT id FROM notice WHERE recipient = ?)
"""
_FORGET = "UPDATE notice SET address = NULL, data = '{}' WHERE recipient = ?"


@dataclass(frozen=True)
class Recipient:
    """Whom to tell: a key ("participant/<id>", "guest/<id>", "report/<id>"), an address, a language."""

    key: str
    address: str | None
    language: str


async def notify(
    to: Recipient,
    kind: str,
    *,
    about: str,
    data: Mapping[str, object],
    once_key: str | None = None,
    hold: timedelta | None = None,
    mail: bool = True,
    in_app: bool = True,
) -> None:
    """Tell somebody, once per `once_key`; with a hold, nothing shows or leaves before it is over.

    Raises ValueError for an address that could carry a second header, KeyError for an unknown kind.
    """
    if not database.in_transaction():
        raise RuntimeError("A notice is written in the transaction of the act.")
    sentences = KINDS[kind]
    _demand_sayable(kind, data, to)
    now = clock.now()
    release = now + (hold or timedelta())
    public_id = ids.public_id()
    kept = await database.rows(
        _KEEP,
        public_id,
        to.key,
        to.address,
        to.language,
        kind,
        about,
        once_key,
        json.dumps(packed(data)),
        in_app and not sentences.secret,
        now,
        release,
    )
    if kept and mail and to.address and await _mail_is_wanted(to.address, sentences):
        await _post(kept[0]["id"], public_id, release)


async def _post(notice_id: int, public_id: str, not_before: datetime) -> None:
    host = settings.current().mail_from.rpartition("@")[2].strip("> ")
    await database.execute(_POST, notice_id, f"<{public_id}@{host}>", not_before)


async def _mail_is_wanted(address: str, kind: Kind) -> bool:
    if kind.group == ALWAYS:
        return True
    sql = 'SELECT id FROM mail_stop WHERE address = ? AND "group" = ?'
    return not await database.rows(sql, address, kind.group)


def _demand_sayable(kind: str, data: Mapping[str, object], to: Recipient) -> None:
    """Fail in the act, not in the worker, when a sentence lacks a value or an address could do harm."""
    if names := lacking(kind, data):
        raise KeyError(f"{kind} says more than it is told: {', '.join(sorted(names))}")
    letter(kind, json.loads(json.dumps(packed(data))), to.language)
    if to.address is not None and not is_one_address(to.address):
        raise ValueError("This is not one mail address.")


def is_one_address(address: str) -> bool:
    """Tell whether this can stand in a header as one address and nothing else."""
    plain = address.isprintable() and not any(c.isspace() or c in ',;<>"()[]:\\' for c in address)
    return plain and address.count("@") == 1 and 3 <= len(address) <= 254


async def retract(about: str) -> None:
    """Take back what was told about a thing: mail not yet sent does not leave, the list forgets it.

    Kinds that stay (receipts, statements of reasons) are left alone.
    """
    if not database.in_transaction():
        raise RuntimeError("A notice is retracted in the transaction of the act.")
    told = await database.rows("SELECT DISTINCT kind FROM notice WHERE about = ?", about)
    for kind in sorted(row["kind"] for row in told):
        if not KINDS[kind].stays:
            await database.execute(_RETRACT_MAIL, about, kind)
            await database.execute(_RETRACT_NOTICE, clock.now(), about, kind)
    await take_back(about)


async def forget_recipient(key: str) -> None:
    """Let go of the address of somebody who has no account here, and of what they were told."""
    if not database.in_transaction():
        raise RuntimeError("A recipient is forgotten in the transaction of the act.")
    await database.execute(_FORGET_MAIL, key)
    await database.execute(_FORGET, key)
