"""Read people: who is looking, who holds a role, who stands in for whom."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from civic.accounts.models import LinkPurpose, Role
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Held, Viewer
from civic.notices.actions import Recipient

__all__ = ["LinkPurpose", "Role"]

IDLE = timedelta(days=14)
STAFF_IDLE = timedelta(hours=1)
STAFF_LIFE = timedelta(hours=12)
"""After this long unused, or alive for people who hold a role, a session is over."""

_SESSION = """
SELECT s.id, s.participant_id, s.created_at, s.seen_at, p.public_id, p.name, p.language
FROM session s LEFT JOIN participant p ON p.id = s.participant_id
WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.seen_at > ?
  AND (s.participant_id IS NULL OR (p.disabled_at IS NULL AND p.erased_at IS NULL))
"""
_RIGHTS = """
SELECT 'role' AS what, g.role AS name, g.scope AS place
FROM role_grant g LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.participant_id = ?
UNION
SELECT 'role', g.role, g.scope
FROM absence a
JOIN participant p ON p.id = a.participant_id
JOIN role_grant g ON g.participant_id = a.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE a.substitute_id = ? AND a.ended_at IS NULL AND a.starts_on <= ? AND a.ends_on >= ?
  AND r.id IS NULL AND g.role <> 'administrator' AND p.disabled_at IS NULL
UNION
SELECT 'pass', contribution, '' FROM session_pass WHERE session_id = ?
"""
_CARD = "p.id, p.public_id, p.name, p.title, p.address, p.language"
_HOLDERS = """
SELECT p.id, p.public_id, p.name, p.title, p.address, p.language, NULL AS absent
FROM role_grant g
JOIN participant p ON p.id = g.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.role = ? AND g.scope IN ('', ?) AND p.disabled_at IS NULL
UNION
SELECT s.id, s.public_id, s.name, s.title, s.address, s.language, p.name
FROM role_grant g
JOIN participant p ON p.id = g.participant_id
JOIN absence a ON a.participant_id = p.id
JOIN participant s ON s.id = a.substitute_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.role = ? AND g.scope IN ('', ?) AND p.disabled_at IS NULL
  AND g.role <> 'administrator' AND s.disabled_at IS NULL
  AND a.ended_at IS NULL AND a.starts_on <= ? AND a.ends_on >= ?
ORDER BY 3, 1
"""
_ABSENT = """
SELECT DISTINCT p.id, p.public_id, p.name, p.title, p.address, p.language
FROM absence a
JOIN participant p ON p.id = a.participant_id
JOIN role_grant g ON g.participant_id = p.id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE a.substitute_id = ? AND a.ended_at IS NULL AND a.starts_on <= ? AND a.ends_on >= ?
  AND r.id IS NULL AND g.role = ? AND g.scope IN ('', ?) AND p.disabled_at IS NULL
ORDER BY p.name, p.id
"""
_PERSON = """
SELECT id, public_id, name, title, address, language FROM participant WHERE id = ?
"""
_PERSON_OF_KEY = """
SELECT id, public_id, name, title, address, language FROM participant
WHERE public_id = ? AND disabled_at IS NULL AND erased_at IS NULL
"""
_PERSON_AT = """
SELECT id, public_id, name, title, address, language FROM participant
WHERE address = ? AND disabled_at IS NULL AND erased_at IS NULL
"""


@dataclass(frozen=True)
class PersonCard:
    """What the house needs to know of a person to name them and to write to them."""

    id: int
    public_id: str
    name: str
    title: str
    address: str | None
    language: str
    stands_in_for: str | None = None
    """The name of the absent person, when the role is held for somebody else today."""

    @property
    def recipient(self) -> Recipient:
        """Where notices to this person go."""
        return Recipient(f"participant/{self.public_id}", self.address, self.language)


@dataclass(frozen=True)
class Visit:
    """A viewer, and whether the time they were last seen should be written down."""

    viewer: Viewer
    seen_at: datetime


async def viewer_of(token: str) -> Viewer | None:
    """Tell who holds a session's token, with the roles of today; None when the session is over."""
    visit = await visit_of(token)
    return visit.viewer if visit else None


async def visit_of(token: str) -> Visit | None:
    """Tell who holds a session's token and when they were last seen."""
    now = clock.now()
    found = await database.rows(_SESSION, ids.hash_token(token), now, now - IDLE)
    if not found:
        return None
    session = found[0]
    today = clock.local_day(now)
    person = session["participant_id"]
    held = await database.rows(_RIGHTS, person, person, today, today, session["id"])
    roles = frozenset(Held(row["name"], row["place"] or None) for row in held if row["what"] == "role")
    seen_at = database.moment(session["seen_at"])
    if roles and _is_over_for_staff(database.moment(session["created_at"]), seen_at, now):
        return None
    viewer = Viewer(
        participant=person,
        public_id=session["public_id"],
        name=session["name"] or "",
        language=session["language"],
        roles=roles,
        passes=frozenset(row["name"] for row in held if row["what"] == "pass"),
        session=session["id"],
    )
    return Visit(viewer, seen_at)


def _is_over_for_staff(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return created_at <= now - STAFF_LIFE or seen_at <= now - STAFF_IDLE


async def person(participant_id: int) -> PersonCard:
    """Give the card of a person. Raises NotFound."""
    return _one(await database.rows(_PERSON, participant_id))


async def person_of_key(public_id: str) -> PersonCard:
    """Give the card of a person whose account is open, by public id. Raises NotFound."""
    return _one(await database.rows(_PERSON_OF_KEY, public_id))


async def person_at(address: str) -> PersonCard | None:
    """Give the card of the person whose account has this address, if there is one."""
    found = await database.rows(_PERSON_AT, address_key(address))
    return _card(found[0]) if found else None


async def recipient_of(participant_id: int) -> Recipient:
    """Tell where notices to this person go. Raises NotFound."""
    return (await person(participant_id)).recipient


async def people_of(participant_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Give the cards of several people in one query."""
    wanted = sorted(set(participant_ids))
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT {_CARD} FROM participant p WHERE p.id IN ({marks})"  # noqa: S608 - marks only
    return {row["id"]: _card(row) for row in await database.rows(sql, *wanted)}


async def holders(role: str, process: str) -> list[PersonCard]:
    """Name those who hold a role in a process today, substitutes among them, each once."""
    today = clock.local_day(clock.now())
    found = await database.rows(_HOLDERS, role, process, role, process, today, today)
    cards: dict[int, PersonCard] = {}
    for row in found:
        card = _card(row)
        if card.id not in cards or card.stands_in_for is None:
            cards[card.id] = card
    return list(cards.values())


async def stands_in_for(participant_id: int, role: str, process: str) -> list[PersonCard]:
    """Name those whose role in a process this person holds today because they are away."""
    today = clock.local_day(clock.now())
    found = await database.rows(_ABSENT, participant_id, today, today, role, process)
    return [_card(row) for row in found]


def address_key(address: str) -> str:
    """Write an address the one way it is kept and compared."""
    return address.strip().lower()


def address_digest(address: str) -> str:
    """Name an address in a counter without keeping it."""
    return hashlib.sha256(address_key(address).encode("utf-8", "replace")).hexdigest()


def _one(found: list[dict[str, Any]]) -> PersonCard:
    if not found:
        raise NotFound
    return _card(found[0])


def _card(row: dict[str, Any]) -> PersonCard:
    return PersonCard(
        id=row["id"],
        public_id=row["public_id"],
        name=row["name"],
        title=row["title"],
        address=row["address"],
        language=row["language"],
        stands_in_for=row.get("absent"),
    )
