"""Sign in by password or by mailed link; the answers do not tell whether an address has an account."""

from civic.accounts import passwords, queries
from civic.accounts.actions.links import GONE, end_links, follow_link, send_link
from civic.accounts.actions.registering import CLOSED, address_confirmed
from civic.accounts.actions.sessions import end_sessions, open_session
from civic.accounts.forms import SignIn
from civic.accounts.models import LinkPurpose, Participant, PasswordChange
from civic.foundation import clock, database, limits
from civic.foundation.errors import N_, Invalid, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.notices.actions import notify

_WRONG = N_("The address and the password do not go together.")


async def sign_in(given: SignIn, viewer: Viewer, *, network: str, label: str) -> str:
    """Open a session for who knows the password; give its token. Raises Invalid, TooMany, Busy."""
    address = queries.address_key(given.address)
    await limits.spend("sign_in_network", network)
    await limits.spend("sign_in_account", address)
    await limits.spend("sign_in_everywhere", "all")
    participant = await _open_account(address)
    kept = participant.password_hash if participant else None
    if not await passwords.verify(given.password, kept) or participant is None or kept is None:
        raise Invalid({"password": _WRONG})
    better = await passwords.hash_password(given.password) if passwords.needs_rehash(kept) else None
    async with database.transaction():
        if better is not None:
            await Participant.filter(id=participant.id, password_hash=kept).update(password_hash=better)
        token = await open_session(participant, label, instead_of=viewer.session)
    await limits.forgive("sign_in_account", address)
    return token


async def allow_link(address: str, network: str) -> None:
    """Count a request for a sign-in link, before anything is done about it."""
    await limits.spend("mail_link_network", network)
    await limits.spend("mail_link_address", queries.address_key(address))


async def request_link(address: str, language: str, *, after: str = "/") -> None:
    """Mail a link that signs in, or the news that this address has no account."""
    await _mail_link(LinkPurpose.SIGN_IN, address, language, after, known_kind="account.sign_in")


async def allow_reset(address: str, network: str) -> None:
    """Count a request for a new password, before anything is done about it."""
    await limits.spend("reset_network", network)
    await limits.spend("reset_address", queries.address_key(address))


async def request_reset(address: str, language: str) -> None:
    """Mail a link to choose a new password, or the news that this address has no account."""
    await _mail_link(LinkPurpose.RESET, address, language, "/account", known_kind="account.reset")


async def _mail_link(
    purpose: LinkPurpose, address: str, language: str, after: str, *, known_kind: str
) -> None:
    """Do the same work whoever asks: the link mailed to an unknown address opens nothing."""
    known = await queries.any_person_at(address)
    is_open = known is not None and known.is_open
    kind = known_kind if is_open else "account.unknown" if known is None else "account.closed"
    path = "/links/{token}" if is_open else "/register" if known is None else "/contact"
    await send_link(
        purpose,
        address,
        known.language if known else language,
        notice_kind=kind,
        path_template=path,
        participant=known.id if known is not None and is_open else None,
        data={"next": after},
    )


async def follow_sign_in(token: str, viewer: Viewer, label: str) -> tuple[str, str]:
    """Sign in by a mailed link: (session token, where to go). It also proves the address."""
    async with database.transaction():
        link = await follow_link(token, LinkPurpose.SIGN_IN)
        participant = await _owner(link.participant)
        await address_confirmed(participant)
        session = await open_session(participant, label, instead_of=viewer.session)
    return session, str(link.data.get("next") or "/")


async def reset_password(token: str, password: str, viewer: Viewer, label: str) -> str:
    """Set a new password by a mailed link; every other session and every other link ends."""
    kept = await passwords.hash_password(password)
    async with database.transaction():
        link = await follow_link(token, LinkPurpose.RESET)
        participant = await _owner(link.participant)
        await set_password(participant, kept)
        await end_sessions(participant.id)
        await address_confirmed(participant)
        return await open_session(participant, label, instead_of=viewer.session)


async def set_password(participant: Participant, kept: str) -> None:
    """Keep a new password, end the links mailed before it, and tell the person."""
    participant.password_hash = kept
    await participant.save(update_fields=["password_hash"])
    await PasswordChange.create(participant_id=participant.id, changed_at=clock.now())
    await end_links(participant.id)
    card = await queries.person(participant.id)
    await notify(
        card.recipient,
        "account.password_changed",
        about=f"participant/{card.public_id}",
        data={"path": "/password/forgotten"},
    )


async def _open_account(address: str) -> Participant | None:
    return await Participant.get_or_none(
        address=address, disabled_at=None, erased_at=None, confirmed_at__isnull=False
    )


async def _owner(participant_id: int | None) -> Participant:
    found = await Participant.get_or_none(id=participant_id) if participant_id else None
    if found is None:
        raise NotFound(GONE)
    if found.disabled_at is not None or found.erased_at is not None:
        raise Refused(CLOSED)
    return found
