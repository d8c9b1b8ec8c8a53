"""Give and take roles: each grant and each revocation is a record with its reason."""

from collections.abc import Mapping

from civic.accounts.actions.sessions import end_sessions
from civic.accounts.models import Participant, Role, RoleGrant, RoleRevocation
from civic.accounts.policies import may_grant, may_revoke
from civic.accounts.queries import PersonCard, person
from civic.accounts.words import EVERYWHERE, ROLE_NAMES
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, Message, NotFound
from civic.foundation.viewer import Held, Viewer
from civic.ledger.actions import record
from civic.notices.actions import notify

Where = Mapping[str, str] | Message
"""The title of a process per language, or the words for the whole site."""

COMMAND_LINE = Message(N_("The administrator of this installation"))

_LIVE = """
SELECT g.id FROM role_grant g LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.participant_id = ? AND g.role = ? AND g.scope = ?
"""
_LOCK_ADMINISTRATORS = "SELECT id FROM role_grant WHERE role = 'administrator' ORDER BY id FOR UPDATE"
_LOCK_PERSON = "SELECT id FROM participant WHERE id = ? FOR UPDATE"
_OTHER_ADMINISTRATORS = """
SELECT count(DISTINCT g.participant_id) AS others
FROM role_grant g
JOIN participant p ON p.id = g.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.role = 'administrator' AND g.scope = '' AND g.participant_id <> ?
  AND p.disabled_at IS NULL AND p.confirmed_at IS NOT NULL
"""


async def grant_role(
    viewer: Viewer | None,
    participant_id: int,
    role: Role,
    scope: str = "",
    reason: str = "",
    *,
    where: Where = EVERYWHERE,
) -> str:
    """Give a role in one process (its public id) or everywhere; the command line has no viewer.

    Gives the public id of the grant. Raises Conflict when the person already holds it there.
    """
    may_grant(viewer or _installer(), role, scope).demand()
    async with database.transaction():
        await _lock(_LOCK_PERSON, participant_id)
        card = await person(participant_id)
        if await database.rows(_LIVE, participant_id, role, scope):
            raise Conflict(N_("This person already holds this role here."))
        grant = await RoleGrant.create(
            public_id=ids.public_id(),
            participant_id=participant_id,
            role=role,
            scope=scope,
            granted_by_id=viewer.participant if viewer else None,
            granted_at=clock.now(),
            reason=reason[:300],
        )
        opening = {"participant": card.public_id, "role": str(role), "scope": scope, "reason": grant.reason}
        await record(
            "role.granted",
            grant.public_id,
            parent=scope or None,
            content=opening,
            author=viewer.public_id if viewer else None,
            ref=f"role_grant/{grant.public_id}",
        )
        await _tell(card, "role.granted", grant, viewer, where, grant.reason)
    return str(grant.public_id)


async def revoke_role(
    viewer: Viewer | None, grant_id: str, reason: str, *, where: Where = EVERYWHERE
) -> None:
    """Take a role back, with the reason; the person's sessions end, so that nothing is left open."""
    async with database.transaction():
        await _lock(_LOCK_ADMINISTRATORS)
        grant = await RoleGrant.get_or_none(public_id=grant_id)
        if grant is None:
            raise NotFound
        await _lock(_LOCK_PERSON, grant.participant_id)
        if await RoleRevocation.exists(grant_id=grant.id):
            raise Conflict(N_("This role was already taken back."))
        others = (await database.rows(_OTHER_ADMINISTRATORS, grant.participant_id))[0]["others"]
        may_revoke(viewer or _installer(), grant.role, others).demand()
        await RoleRevocation.create(
            grant_id=grant.id,
            revoked_by_id=viewer.participant if viewer else None,
            revoked_at=clock.now(),
            reason=reason[:300],
        )
        await end_sessions(grant.participant_id, but=viewer.session if viewer else None)
        card = await person(grant.participant_id)
        await record(
            "role.revoked",
            grant.public_id,
            rev=2,
            parent=grant.scope or None,
            content={
                "participant": card.public_id,
                "role": grant.role,
                "scope": grant.scope,
                "reason": reason[:300],
            },
            author=viewer.public_id if viewer else None,
            ref=f"role_revocation/{grant.public_id}",
        )
        await _tell(card, "role.revoked", grant, viewer, where, reason[:300])


async def disable(viewer: Viewer | None, participant_id: int) -> None:
    """Close the door of an account: its sessions end and no way in works any more."""
    async with database.transaction():
        await _lock(_LOCK_ADMINISTRATORS)
        others = (await database.rows(_OTHER_ADMINISTRATORS, participant_id))[0]["others"]
        may_revoke(viewer or _installer(), "administrator", others).demand()
        await Participant.filter(id=participant_id, disabled_at=None).update(disabled_at=clock.now())
        await end_sessions(participant_id)


async def _tell(
    card: PersonCard, kind: str, grant: RoleGrant, viewer: Viewer | None, where: Where, reason: str
) -> None:
    data = {
        "role": ROLE_NAMES[Role(grant.role)],
        "where": where,
        "by": viewer.name if viewer else COMMAND_LINE,
        "reason": reason or Message(N_("none given")),
        "path": "/account",
    }
    await notify(card.recipient, kind, about=f"role/{grant.public_id}", data=data)


async def _lock(sql: str, *params: object) -> None:
    """Hold rows until the act commits; SQLite has one writer and needs no more."""
    if database.dialect() == "postgres":
        await database.rows(sql, *params)


def _installer() -> Viewer:
    """Whoever can run commands on the machine acts as an administrator of the whole."""
    return Viewer(roles=frozenset({Held("administrator")}))
