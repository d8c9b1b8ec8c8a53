"""Change one's own account: name, language, password, address, and who stands in during an absence."""

from civic.accounts import names, passwords, queries
from civic.accounts.actions.links import end_links, follow_link, send_link
from civic.accounts.actions.registering import address_confirmed, demand_free_name
from civic.accounts.actions.sessions import end_sessions
from civic.accounts.actions.signing_in import set_password
from civic.accounts.forms import AbsenceDraft
from civic.accounts.models import Absence, LinkPurpose, Participant
from civic.accounts.policies import may_act_afresh, may_name_substitute
from civic.foundation import clock, database, ids, limits
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.viewer import Viewer
from civic.ledger.actions import record
from civic.notices.actions import Recipient, follow_address, notify


async def change_name(viewer: Viewer, name: str) -> None:
    """Show another name from now on; it also shows on what was written before."""
    await demand_free_name(name, but=viewer.participant)
    async with database.transaction():
        participant = await _own(viewer)
        participant.name, participant.name_skeleton = name, names.skeleton(name)
        await participant.save(update_fields=["name", "name_skeleton"])


async def change_language(viewer: Viewer, language: str) -> None:
    """Speak and write to the person in another language."""
    async with database.transaction():
        await Participant.filter(id=viewer.participant).update(language=language)


async def change_password(viewer: Viewer, current: str, password: str) -> None:
    """Set a password: who has one gives it, who has none signed in a moment ago. Other sessions end."""
    participant = await _own(viewer)
    if participant.password_hash is None:
        await demand_fresh(viewer)
    else:
        await limits.spend("sign_in_account", participant.address or participant.public_id)
        if not await passwords.verify(current, participant.password_hash):
            raise Invalid({"current": N_("This is not your present password.")})
    kept = await passwords.hash_password(password)
    async with database.transaction():
        await set_password(participant, kept)
        await end_sessions(participant.id, but=viewer.session)


async def ask_new_address(viewer: Viewer, address: str) -> None:
    """Mail a link to the new address and tell the old one; nothing changes before the link is followed."""
    await demand_fresh(viewer)
    key = queries.address_key(address)
    await limits.spend("confirm_address", key)
    participant = await _own(viewer)
    if key == participant.address:
        raise Invalid({"address": N_("This is your address already.")})
    taken = await queries.any_person_at(key) is not None
    async with database.transaction():
        await send_link(
            LinkPurpose.CHANGE_ADDRESS,
            key,
            participant.language,
            notice_kind="account.address_taken" if taken else "account.change_address",
            path_template="/account" if taken else "/links/{token}",
            participant=None if taken else participant.id,
            subject=participant.public_id,
        )
        await notify(
            (await queries.person(participant.id)).recipient,
            "account.address_asked",
            about=f"participant/{participant.public_id}",
            data={"path": "/account/sessions"},
        )


async def confirm_new_address(token: str) -> None:
    """Use the address a followed link was mailed to; the old one gets its last message."""
    async with database.transaction():
        link = await follow_link(token, LinkPurpose.CHANGE_ADDRESS)
        participant = await Participant.get_or_none(id=link.participant or 0, disabled_at=None)
        if participant is None:
            raise NotFound
        if await queries.any_person_at(link.address) is not None:
            raise Conflict(N_("This address belongs to an account by now."))
        old = participant.address
        participant.address = link.address
        await participant.save(update_fields=["address"])
        await end_links(participant.id, address=old)
        await follow_address(old, link.address)
        await address_confirmed(participant)
        key = f"participant/{participant.public_id}"
        await notify(
            Recipient(key, old, participant.language),
            "account.address_changed",
            about=key,
            data={"path": "/contact"},
        )


async def demand_fresh(viewer: Viewer) -> None:
    """Refuse when the person signed in too long ago for what guards an account."""
    started = await queries.session_began(viewer)
    may_act_afresh(started, clock.now()).demand()


async def name_substitute(viewer: Viewer, draft: AbsenceDraft) -> None:
    """Let a colleague hold one's roles on certain days; what was promised for these days does not move."""
    may_name_substitute(viewer).demand()
    substitute = await queries.person_of_key(draft.substitute)
    if substitute.id == viewer.participant:
        raise Invalid({"substitute": N_("Somebody else, please.")})
    async with database.transaction():
        await _own(viewer, locked=True)
        if await queries.absence_overlaps(viewer, draft.starts_on, draft.ends_on):
            raise Invalid({"from": N_("You already named a substitute for some of these days.")})
        absence = await Absence.create(
            public_id=ids.public_id(),
            participant_id=viewer.participant,
            substitute_id=substitute.id,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            named_at=clock.now(),
        )
        await record(
            "substitute.named",
            absence.public_id,
            content={
                "absent": viewer.public_id,
                "substitute": substitute.public_id,
                "from": draft.starts_on.isoformat(),
                "to": draft.ends_on.isoformat(),
            },
            author=viewer.public_id,
            ref=f"absence/{absence.public_id}",
        )
        await notify(
            substitute.recipient,
            "substitute.named",
            about=f"absence/{absence.public_id}",
            data={
                "absent": viewer.name,
                "from": draft.starts_on,
                "to": draft.ends_on,
                "path": "/account",
            },
        )


async def end_absence(viewer: Viewer, absence_id: str) -> None:
    """Come back early: the substitute holds nothing from now on. Raises NotFound for anybody else's."""
    if not ids.is_key(absence_id):
        raise NotFound
    async with database.transaction():
        absence = await Absence.get_or_none(public_id=absence_id, participant_id=viewer.participant)
        if absence is None or viewer.participant is None:
            raise NotFound
        ended = await Absence.filter(id=absence.id, ended_at=None).update(ended_at=clock.now())
        if not ended:
            raise Conflict(N_("This absence is already over."))
        await record("substitute.ended", absence.public_id, rev=2, author=viewer.public_id)
        await notify(
            await queries.recipient_of(absence.substitute_id),
            "substitute.ended",
            about=f"absence/{absence.public_id}",
            data={"absent": viewer.name, "path": "/account"},
        )


async def _own(viewer: Viewer, *, locked: bool = False) -> Participant:
    if viewer.participant is None:
        raise NotFound
    if locked and database.dialect() == "postgres":
        await database.rows("SELECT id FROM participant WHERE id = ? FOR UPDATE", viewer.participant)
    return await Participant.get(id=viewer.participant)
