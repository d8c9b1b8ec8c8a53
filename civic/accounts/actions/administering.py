"""What administrators do besides giving roles: invite people, and choose the face of the installation."""

from civic.accounts import passwords, queries
from civic.accounts.actions.account import demand_fresh
from civic.accounts.actions.links import Link, follow_link, send_link
from civic.accounts.actions.registering import demand_free_name, make_account
from civic.accounts.actions.roles import COMMAND_LINE, Where, grant_role, revoke_role
from civic.accounts.actions.sessions import open_session
from civic.accounts.actions.signing_in import set_password
from civic.accounts.forms import GrantDraft, SettingsDraft
from civic.accounts.models import LinkPurpose, Participant, Role
from civic.accounts.policies import may_administer, may_grant
from civic.accounts.words import EVERYWHERE, ROLE_NAMES
from civic.foundation import database, instance
from civic.foundation.errors import Message
from civic.foundation.viewer import Held, Viewer
from civic.ledger.actions import record

INSTALLATION = "0" * 25 + "1"
"""The one object of the record that stands for this installation itself."""


async def give_role(viewer: Viewer, person: str, draft: GrantDraft, *, where: Where = EVERYWHERE) -> str:
    """Give a role to somebody who has an account, and the title the public reads beside their name."""
    await demand_fresh(viewer)
    card = await queries.person_of_key(person)
    async with database.transaction():
        if draft.title:
            await Participant.filter(id=card.id).update(title=draft.title)
        return await grant_role(viewer, card.id, draft.role, draft.scope, draft.reason, where=where)


async def take_role(viewer: Viewer, grant_id: str, reason: str, *, where: Where = EVERYWHERE) -> None:
    """Take a role back, as somebody who signed in a moment ago."""
    await demand_fresh(viewer)
    await revoke_role(viewer, grant_id, reason, where=where)


async def invite(
    viewer: Viewer | None,
    address: str,
    draft: GrantDraft,
    language: str,
    *,
    where: Where = EVERYWHERE,
) -> str:
    """Mail an invitation that gives a role when followed; give its token, for the command line."""
    if viewer is not None:
        may_grant(viewer, draft.role, draft.scope).demand()
        await demand_fresh(viewer)
    known = await queries.person_at(address)
    by: str | Message = viewer.name if viewer else COMMAND_LINE
    return await send_link(
        LinkPurpose.INVITE,
        address,
        known.language if known else language,
        notice_kind="account.invite",
        participant=known.id if known else None,
        subject=viewer.public_id or "" if viewer else "",
        data={
            "role": str(draft.role),
            "scope": draft.scope,
            "title": draft.title,
            "reason": draft.reason,
            "language": known.language if known else language,
        },
        notice_data={"by": by, "role": ROLE_NAMES[draft.role], "where": where},
    )


async def accept_invitation(
    token: str,
    viewer: Viewer,
    label: str,
    *,
    name: str = "",
    password: str = "",
    where: Where = EVERYWHERE,
) -> str:
    """Make the account of an invited address if it has none, give it the role, sign its person in."""
    if name:
        await demand_free_name(name)
    kept = await passwords.hash_password(password) if password else None
    async with database.transaction():
        link = await follow_link(token, LinkPurpose.INVITE)
        participant = await make_account(
            name or link.address.partition("@")[0], link.address, _language(link)
        )
        if kept is not None:
            await set_password(participant, kept)
        title = str(link.data.get("title") or "")
        if title:
            await Participant.filter(id=participant.id).update(title=title)
        await _give_invited_role(link, participant, where)
        return await open_session(participant, label, instead_of=viewer.session)


async def _give_invited_role(link: Link, participant: Participant, where: Where) -> None:
    """Give the role in the name of who invited, if they may still give it; twice invited is given once."""
    role, scope = Role(str(link.data["role"])), str(link.data["scope"])
    inviter = await _inviter(link)
    held = await queries.held_roles(participant.id)
    if Held(role, scope or None) in held:
        return
    await grant_role(inviter, participant.id, role, scope, str(link.data["reason"]), where=where)


async def _inviter(link: Link) -> Viewer | None:
    """Make the card of who invited, with the roles they hold by now; None for the command line."""
    if not link.subject:
        return None
    card = await queries.person_of_key(link.subject)
    roles = await queries.held_roles(card.id)
    return Viewer(participant=card.id, public_id=card.public_id, name=card.name, roles=roles)


async def change_settings(viewer: Viewer, draft: SettingsDraft) -> None:
    """Choose the name, the public body, the contact, the languages and the colours of this installation."""
    may_administer(viewer).demand()
    chosen = {
        "name": draft.name,
        "body": draft.body,
        "contact": draft.contact,
        "colours": draft.colours,
        "languages": list(draft.languages),
    }
    async with database.transaction():
        await instance.change(chosen)
        await record(
            "settings.changed", INSTALLATION, content=chosen, author=viewer.public_id, ref="instance_setting"
        )


def _language(link: Link) -> str:
    return str(link.data.get("language") or "fr")
