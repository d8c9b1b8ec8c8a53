"""Stop the mails of one group to one address; what is owed stays in the list of the person."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic import settings
from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.notices.actions.asking import move_contact
from civic.notices.actions.following import end_follows
from civic.notices.actions.telling import Recipient
from civic.notices.kinds import ALWAYS, FOLLOWS, GROUPS, KINDS
from civic.notices.models import Notice

_STOP = """
INSERT INTO mail_stop (address, "group", stopped_at, notice_id) VALUES (?, ?, ?, ?)
ON CONFLICT (address, "group") DO NOTHING
"""
_RESUME = 'DELETE FROM mail_stop WHERE address = ? AND "group" = ?'
_MOVE = """
INSERT INTO mail_stop (address, "group", stopped_at, notice_id)
SELECT ?, "group", stopped_at, notice_id FROM mail_stop WHERE address = ?
ON CONFLICT (address, "group") DO NOTHING
"""
_SIGNED = 32


def stop_token(notice: str) -> str:
    """Make the token of the stop link of one notice (its public id): it opens nothing else."""
    return notice + _signature(settings.current().secret_key, notice)


@dataclass(frozen=True)
class Stop:
    """What a stop link stops: one group, for one address; or the follows its message is about."""

    notice_id: int
    address: str
    group: str
    kind: str
    recipient: str
    data: Mapping[str, Any]


async def find_stop(token: str) -> Stop:
    """Read a stop link. Raises NotFound when it is not ours, or when its kind cannot be stopped."""
    public_id, signed = token[:26], token[26:]
    ours = [
        hmac.compare_digest(signed.encode(), _signature(key, public_id).encode())
        for key in settings.current().secret_keys
    ]
    found = await Notice.get_or_none(public_id=public_id) if any(ours) else None
    if found is None or found.address is None or KINDS[found.kind].group == ALWAYS:
        raise NotFound
    return Stop(found.id, found.address, KINDS[found.kind].group, found.kind, found.recipient, found.data)


async def stop(token: str) -> Stop:
    """Send no more mail of this group to this address, or end the follows of the message. Twice is once."""
    wanted = await find_stop(token)
    async with database.transaction():
        if wanted.group == FOLLOWS:
            await end_follows(wanted.recipient, wanted.kind, wanted.data)
        else:
            await database.execute(_STOP, wanted.address, wanted.group, clock.now(), wanted.notice_id)
    return wanted


async def choose(address: str, wanted: frozenset[str]) -> None:
    """Keep which groups an address wants by mail, all at once."""
    async with database.transaction():
        for group in sorted(set(GROUPS) - {ALWAYS}):
            if group in wanted:
                await database.execute(_RESUME, address, group)
            else:
                await database.execute(_STOP, address, group, clock.now(), None)


async def follow_address(old: str | None, new: str) -> None:
    """Let what an address stopped, and was asked, hold for the one that takes its place."""
    if not database.in_transaction():
        raise RuntimeError("Stops move in the transaction that changes the address.")
    await database.execute(_MOVE, new, old or "")
    if old:
        await move_contact(Recipient("", old, ""), Recipient("", new, ""))


def _signature(key: str, notice: str) -> str:
    return hmac.digest(key.encode(), b"stop\0" + notice.encode("utf-8", "replace"), "sha256").hex()[:_SIGNED]
