"""Make an account: asked for with an address, made when the mailed link is followed."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from civic.accounts import names, passwords, queries
from civic.accounts.actions.links import GONE, Link, follow_link, send_link
from civic.accounts.actions.sessions import open_session
from civic.accounts.forms import Registration
from civic.accounts.models import LinkPurpose, Participant, PasswordChange
from civic.foundation import clock, database, ids, limits
from civic.foundation.errors import N_, Invalid, NotFound, Refused
from civic.foundation.viewer import Viewer

CLOSED = N_("This account was closed. The contact page says whom to ask.")

LISTENERS: list[Callable[[int, str], Awaitable[object]]] = []
"""Called with a participant and an address, in the transaction that confirms the address as theirs."""

_NEW = """
INSERT INTO participant (public_id, name, name_skeleton, title, address, password_hash, language,
                         confirmed_at, created_at)
VALUES (?, ?, ?, '', ?, ?, ?, ?, ?)
ON CONFLICT (address) DO NOTHING
RETURNING id
"""


@dataclass(frozen=True)
class Prepared:
    """A request for an account, its password already digested: hashing waits outside any transaction."""

    name: str
    address: str
    password_hash: str


async def prepare_registration(asked: Registration, network: str) -> Prepared:
    """Check the name, count the request and digest its password, known address or not."""
    await demand_free_name(asked.name)
    await limits.spend("register_network", network)
    await limits.spend("register_everywhere", "all")
    await limits.spend("confirm_address", queries.address_key(asked.address))
    kept = await passwords.hash_password(asked.password) if asked.password else ""
    return Prepared(asked.name, queries.address_key(asked.address), kept)


async def ask_registration(asked: Prepared, language: str, *, after: str = "/", browser: str = "") -> None:
    """Mail the link that makes the account, or that leads to the one there is: nobody else can tell which."""
    known = await queries.any_person_at(asked.address)
    if known is None:
        data = {
            "name": asked.name,
            "password_hash": asked.password_hash,
            "language": language,
            "next": after,
            "browser": browser,
        }
        await send_link(
            LinkPurpose.REGISTER, asked.address, language, notice_kind="account.register", data=data
        )
        return
    await send_link(
        LinkPurpose.SIGN_IN,
        asked.address,
        known.language,
        notice_kind="account.register_known" if known.is_open else "account.closed",
        path_template="/links/{token}" if known.is_open else "/contact",
        participant=known.id if known.is_open else None,
        data={"next": after},
    )


async def confirm_registration(
    token: str, viewer: Viewer, label: str, *, browser: str = ""
) -> tuple[str, str]:
    """Make the account a followed link was for, and sign its person in: (session token, where to go).

    The password counts only in the browser that asked for the account. Followed elsewhere, the link
    proves the address but not who chose the password: the account is made without one.
    """
    async with database.transaction():
        link = await follow_link(token, LinkPurpose.REGISTER)
        name = str(link.data["name"])
        if not await queries.name_is_free(name):
            raise Refused(N_("Somebody with this name works here now. Ask for an account with another name."))
        participant = await make_account(
            name,
            link.address,
            str(link.data.get("language") or "fr"),
            password_hash=_password_of(link, browser),
        )
        session = await open_session(participant, label, instead_of=viewer.session)
    return session, str(link.data.get("next") or "/")


def _password_of(link: Link, browser: str) -> str | None:
    """Give the password that was asked for, if the same browser follows the link."""
    asked_here = bool(browser) and hmac.compare_digest(str(link.data.get("browser") or ""), browser)
    return str(link.data.get("password_hash") or "") or None if asked_here else None


async def make_account(
    name: str, address: str, language: str, *, password_hash: str | None = None
) -> Participant:
    """Give an address that was just confirmed its account, or the one made meanwhile.

    Raises Refused when that account is closed. Whatever waits for the address hears of it.
    """
    now = clock.now()
    key = queries.address_key(address)
    made = await database.rows(
        _NEW, ids.public_id(), name, names.skeleton(name), key, password_hash, language, now, now
    )
    participant = await Participant.get(address=key)
    if participant.disabled_at is not None or participant.erased_at is not None:
        raise Refused(CLOSED)
    if made and password_hash:
        await PasswordChange.create(participant_id=participant.id, changed_at=now)
    await address_confirmed(participant)
    return participant


async def address_confirmed(participant: Participant) -> None:
    """Note that the address is this person's, and tell those who keep things for it."""
    if participant.confirmed_at is None:
        participant.confirmed_at = clock.now()
        await participant.save(update_fields=["confirmed_at"])
    if participant.address is None:
        raise NotFound(GONE)
    for listener in LISTENERS:
        await listener(participant.id, participant.address)


async def demand_free_name(name: str, *, but: int | None = None) -> None:
    """Refuse a name that reads like the name of somebody who holds a role here."""
    if not await queries.name_is_free(name, but=but):
        raise Invalid({"name": names.looks_official(name)})
