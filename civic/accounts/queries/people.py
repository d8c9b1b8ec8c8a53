"""Who people are: their cards, who holds a role, who stands in for whom, which names are free."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from civic.accounts.names import skeleton
from civic.foundation import clock, database, instance
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.notices.actions import Recipient

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


_ACCOUNT = """
SELECT name, title, address, language, password_hash IS NOT NULL AS has_password
FROM participant WHERE id = ?
"""
_ANY_AT = "SELECT id, language, disabled_at, erased_at, confirmed_at FROM participant WHERE address = ?"
_NAMED_ALIKE = """
SELECT p.id FROM participant p
JOIN role_grant g ON g.participant_id = p.id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE p.name_skeleton = ? AND r.id IS NULL AND p.id <> ?
LIMIT 1
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
class Known:
    """What signing in needs to know of whoever has an address."""

    id: int
    language: str
    is_open: bool


@dataclass(frozen=True)
class Account:
    """One's own account, for one's own eyes."""

    name: str
    title: str
    address: str | None
    language: str
    has_password: bool


async def account_of(viewer: Viewer) -> Account:
    """Give one's own account. Raises NotFound for a stranger."""
    found = await database.rows(_ACCOUNT, viewer.participant)
    if not found:
        raise NotFound
    row = found[0]
    return Account(row["name"], row["title"], row["address"], row["language"], bool(row["has_password"]))


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


async def recipient_of_key(key: str) -> Recipient | None:
    """Tell where notices to "participant/<id>" go today; None when the account is closed."""
    found = await database.rows(_PERSON_OF_KEY, key.removeprefix("participant/"))
    return _card(found[0]).recipient if found else None


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


async def any_person_at(address: str) -> Known | None:
    """Tell whether an address has an account, closed ones included."""
    found = await database.rows(_ANY_AT, address_key(address))
    if not found:
        return None
    is_open = found[0]["disabled_at"] is None and found[0]["erased_at"] is None
    return Known(found[0]["id"], found[0]["language"], is_open)


async def name_is_free(name: str, *, but: int | None = None) -> bool:
    """Tell whether a name reads like nobody's who holds a role, nor like the public body's own."""
    looks = skeleton(name)
    ours = await instance.current()
    if looks in {skeleton(one) for one in (ours.name, ours.body) if one}:
        return False
    return not await database.rows(_NAMED_ALIKE, looks, but or 0)


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
