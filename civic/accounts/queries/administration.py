"""What administrators see: people, the roles they hold or held, and invitations under way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.accounts.models import LinkPurpose, MailLink, Role
from civic.accounts.names import skeleton
from civic.accounts.policies import may_administer
from civic.accounts.queries.people import address_key
from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Held, Viewer

PAGE = 30

_PEOPLE = """
SELECT p.id, p.public_id, p.name, p.title, p.address, p.created_at, p.confirmed_at, p.disabled_at
FROM participant p
WHERE p.id < ? AND p.erased_at IS NULL AND (p.name_skeleton LIKE ? ESCAPE '!' OR p.address LIKE ? ESCAPE '!')
ORDER BY p.id DESC LIMIT ?
"""
_STAFF = """
SELECT p.id, p.public_id, p.name, p.title, p.address, p.created_at, p.confirmed_at, p.disabled_at
FROM participant p
WHERE p.id < ? AND p.erased_at IS NULL AND (p.name_skeleton LIKE ? ESCAPE '!' OR p.address LIKE ? ESCAPE '!')
  AND EXISTS (SELECT 1 FROM role_grant g LEFT JOIN role_revocation r ON r.grant_id = g.id
              WHERE g.participant_id = p.id AND r.id IS NULL)
ORDER BY p.id DESC LIMIT ?
"""
_ONE = """
SELECT p.id, p.public_id, p.name, p.title, p.address, p.created_at, p.confirmed_at, p.disabled_at
FROM participant p WHERE p.public_id = ? AND p.erased_at IS NULL
"""
_GRANTS = """
SELECT g.public_id, g.participant_id, g.role, g.scope, g.granted_at, g.reason, b.name AS given_by,
       r.revoked_at, r.reason AS revoked_because, e.name AS revoked_by
FROM role_grant g
LEFT JOIN role_revocation r ON r.grant_id = g.id
LEFT JOIN participant b ON b.id = g.granted_by_id
LEFT JOIN participant e ON e.id = r.revoked_by_id
WHERE g.participant_id IN (
"""
_GRANT = """
SELECT g.public_id, g.role, g.scope, p.public_id AS person FROM role_grant g
JOIN participant p ON p.id = g.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE g.public_id = ? AND r.id IS NULL
"""
_ADMINISTRATORS = """
SELECT count(DISTINCT g.participant_id) AS many FROM role_grant g
JOIN participant p ON p.id = g.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.role = 'administrator' AND p.disabled_at IS NULL AND p.confirmed_at IS NOT NULL
"""
_TOP = 2**62


@dataclass(frozen=True)
class GrantCard:
    """A role given, and taken back when `revoked_at` says so."""

    public_id: str
    role: Role
    scope: str
    granted_at: datetime
    given_by: str | None
    reason: str
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_because: str | None


@dataclass(frozen=True)
class Person:
    """A person as administrators see them."""

    id: int
    public_id: str
    name: str
    title: str
    address: str | None
    created_at: datetime
    is_confirmed: bool
    is_disabled: bool
    grants: tuple[GrantCard, ...] = ()

    @property
    def live_grants(self) -> tuple[GrantCard, ...]:
        """The roles held now."""
        return tuple(grant for grant in self.grants if grant.revoked_at is None)

    @property
    def past_grants(self) -> tuple[GrantCard, ...]:
        """The roles taken back."""
        return tuple(grant for grant in self.grants if grant.revoked_at is not None)


@dataclass(frozen=True)
class People:
    """One page of people, newest first; `after` is where the next page starts."""

    rows: tuple[Person, ...]
    after: int | None


@dataclass(frozen=True)
class Invitation:
    """An invitation that was mailed and not yet followed."""

    address: str
    role: Role
    scope: str
    sent_at: datetime
    expires_at: datetime


async def people(
    viewer: Viewer, words: str = "", *, after: int | None = None, staff_only: bool = False
) -> People:
    """Look people up by a part of their name or address, or list them all."""
    may_administer(viewer).demand()
    sql = _STAFF if staff_only else _PEOPLE
    named, addressed = f"%{skeleton(words)}%", f"%{_like(address_key(words))}%"
    if words and not skeleton(words):
        named = addressed
    found = await database.rows(sql, after or _TOP, named, addressed, PAGE + 1)
    shown = found[:PAGE]
    grants = await _grants([row["id"] for row in shown])
    more = shown[-1]["id"] if len(found) > PAGE else None
    return People(tuple(_person(row, grants) for row in shown), more)


async def visible_person(viewer: Viewer, public_id: str) -> Person:
    """Give one person with every role they hold or held. Raises NotFound."""
    may_administer(viewer).demand()
    found = await database.rows(_ONE, public_id)
    if not found:
        raise NotFound
    return _person(found[0], await _grants([found[0]["id"]]))


async def visible_grant(viewer: Viewer, public_id: str) -> tuple[str, str]:
    """Give the scope of a role that is held, and the public id of who holds it. Raises NotFound."""
    may_administer(viewer).demand()
    found = await database.rows(_GRANT, public_id)
    if not found:
        raise NotFound
    return found[0]["scope"], found[0]["person"]


async def administrators_count() -> int:
    """Count those who can open every door."""
    return int((await database.rows(_ADMINISTRATORS))[0]["many"])


async def invitations(viewer: Viewer) -> list[Invitation]:
    """List the invitations that can still be followed."""
    may_administer(viewer).demand()
    pending = MailLink.filter(purpose=LinkPurpose.INVITE, used_at=None, expires_at__gt=clock.now())
    return [
        Invitation(
            address=link.address,
            role=Role(str(link.data["role"])),
            scope=str(link.data["scope"]),
            sent_at=link.created_at,
            expires_at=link.expires_at,
        )
        for link in await pending.order_by("-id").limit(100)
    ]


async def roles_of(viewer: Viewer) -> list[GrantCard]:
    """List the roles somebody holds, for themselves."""
    if viewer.participant is None:
        return []
    found = (await _grants([viewer.participant])).get(viewer.participant, ())
    return [grant for grant in found if grant.revoked_at is None]


async def grants_of(participant_id: int) -> dict[Held, str]:
    """Give the roles somebody holds in their own name, each with the public id of its grant."""
    found = (await _grants([participant_id])).get(participant_id, ())
    return {
        Held(grant.role, grant.scope or None): grant.public_id for grant in found if grant.revoked_at is None
    }


async def held_roles(participant_id: int) -> frozenset[Held]:
    """Give the roles somebody holds in their own name."""
    return frozenset(await grants_of(participant_id))


async def _grants(people: list[int]) -> dict[int, tuple[GrantCard, ...]]:
    if not people:
        return {}
    marks = ", ".join("?" for _ in people)
    grants: dict[int, tuple[GrantCard, ...]] = {}
    for row in await database.rows(f"{_GRANTS}{marks}) ORDER BY g.id", *people):
        grants[row["participant_id"]] = (*grants.get(row["participant_id"], ()), _grant(row))
    return grants


def _grant(row: dict[str, Any]) -> GrantCard:
    return GrantCard(
        public_id=row["public_id"],
        role=Role(row["role"]),
        scope=row["scope"],
        granted_at=database.moment(row["granted_at"]),
        given_by=row["given_by"],
        reason=row["reason"],
        revoked_at=database.moment(row["revoked_at"]) if row["revoked_at"] else None,
        revoked_by=row["revoked_by"],
        revoked_because=row["revoked_because"],
    )


def _person(row: dict[str, Any], grants: dict[int, tuple[GrantCard, ...]]) -> Person:
    return Person(
        id=row["id"],
        public_id=row["public_id"],
        name=row["name"],
        title=row["title"],
        address=row["address"],
        created_at=database.moment(row["created_at"]),
        is_confirmed=row["confirmed_at"] is not None,
        is_disabled=row["disabled_at"] is not None,
        grants=grants.get(row["id"], ()),
    )


def _like(words: str) -> str:
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
