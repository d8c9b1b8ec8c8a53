"""Links sent by mail: one use, one purpose, and only the digest kept here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic import settings
from civic.accounts.models import LinkPurpose, MailLink
from civic.accounts.queries import address_key
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, NotFound
from civic.notices import actions as notices
from civic.notices.actions import Recipient

LIFETIMES = {
    LinkPurpose.INVITE: timedelta(days=7),
    LinkPurpose.CONFIRM_CONTRIBUTION: timedelta(days=3),
}
LIFETIME = timedelta(minutes=15)
GONE = N_("This link has been used, or its time is over. Ask for a new one.")

_USE = """
UPDATE mail_link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?
"""


@dataclass(frozen=True)
class Link:
    """A mailed link that is still good: what for, whose, about what."""

    id: int
    purpose: LinkPurpose
    address: str
    participant: int | None
    subject: str
    data: Mapping[str, object]
    expires_at: datetime


async def make_link(
    purpose: LinkPurpose,
    address: str,
    *,
    subject: str = "",
    participant: int | None = None,
    data: Mapping[str, object] | None = None,
    lifetime: timedelta | None = None,
) -> str:
    """Make a one-use link without mailing it; give its token, of which only the digest is kept."""
    token, now = ids.token(), clock.now()
    async with database.transaction():
        await MailLink.create(
            token_hash=ids.hash_token(token),
            purpose=purpose,
            participant_id=participant,
            address=address_key(address),
            subject=subject,
            data=dict(data or {}),
            created_at=now,
            expires_at=now + (lifetime or LIFETIMES.get(purpose, LIFETIME)),
        )
    return token


async def send_link(
    purpose: LinkPurpose,
    address: str,
    language: str,
    *,
    notice_kind: str,
    path_template: str = "/links/{token}",
    subject: str = "",
    participant: int | None = None,
    data: Mapping[str, object] | None = None,
    notice_data: Mapping[str, object] | None = None,
) -> str:
    """Make a link and mail it, in one transaction; give its token, for the command line and for tests."""
    lifetime = LIFETIMES.get(purpose, LIFETIME)
    async with database.transaction():
        token = await make_link(purpose, address, subject=subject, participant=participant, data=data)
        await notices.notify(
            Recipient(f"link/{ids.public_id()}", address_key(address), language or _language()),
            notice_kind,
            about=f"link/{subject}"[:80],
            data={
                "minutes": int(lifetime.total_seconds()) // 60,
                "until": clock.now() + lifetime,
                **(notice_data or {}),
                "path": path_template.replace("{token}", token),
            },
            in_app=False,
        )
    return token


async def look_at_link(token: str, *purposes: LinkPurpose) -> Link:
    """Read a link without using it (what a GET may do). Raises NotFound when it is good for nothing."""
    link = await find_link(token)
    if link is None or (purposes and link.purpose not in purposes):
        raise NotFound(GONE)
    return link


async def find_link(token: str) -> Link | None:
    """Read a link without using it; None when it is good for nothing any more."""
    found = await MailLink.get_or_none(token_hash=ids.hash_token(token))
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        return None
    return Link(
        id=found.id,
        purpose=LinkPurpose(found.purpose),
        address=found.address,
        participant=found.participant_id,
        subject=found.subject,
        data=found.data,
        expires_at=found.expires_at,
    )


async def follow_link(token: str, *purposes: LinkPurpose) -> Link:
    """Use a link, once, for one of these purposes. Raises NotFound when it is good for nothing.

    Call it inside the transaction of the act it opens: an act that fails leaves the link good.
    """
    if not database.in_transaction():
        raise RuntimeError("A link is used in the transaction of the act it opens.")
    link = await look_at_link(token, *purposes)
    now = clock.now()
    if not await database.execute(_USE, now, ids.hash_token(token), now):
        raise NotFound(GONE)
    return link


async def end_links(participant_id: int, *, address: str | None = None) -> None:
    """Make every link mailed to a person before now good for nothing (password or address changed)."""
    now = clock.now()
    await MailLink.filter(participant_id=participant_id, used_at=None).update(expires_at=now)
    if address is not None:
        await (
            MailLink.filter(address=address_key(address), used_at=None)
            .exclude(purpose=LinkPurpose.CONFIRM_CONTRIBUTION)
            .update(expires_at=now)
        )


def _language() -> str:
    return settings.current().languages[0]
