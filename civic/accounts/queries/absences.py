"""Who is away, when, and who stands in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from civic.foundation import clock, database
from civic.foundation.viewer import Viewer

_MINE = """
SELECT a.public_id, a.starts_on, a.ends_on, s.name, s.title
FROM absence a JOIN participant s ON s.id = a.substitute_id
WHERE a.participant_id = ? AND a.ended_at IS NULL AND a.ends_on >= ?
ORDER BY a.starts_on, a.id
"""
_FOR_OTHERS = """
SELECT a.public_id, a.starts_on, a.ends_on, p.name, p.title
FROM absence a JOIN participant p ON p.id = a.participant_id
WHERE a.substitute_id = ? AND a.ended_at IS NULL AND a.ends_on >= ?
ORDER BY a.starts_on, a.id
"""
_OVERLAP = """
SELECT id FROM absence WHERE participant_id = ? AND ended_at IS NULL AND starts_on <= ? AND ends_on >= ?
"""
_COLLEAGUES = """
SELECT DISTINCT p.id, p.public_id, p.name, p.title
FROM participant p
JOIN role_grant g ON g.participant_id = p.id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND p.disabled_at IS NULL AND p.confirmed_at IS NOT NULL AND p.id <> ?
ORDER BY p.name, p.id LIMIT 500
"""


@dataclass(frozen=True)
class AbsenceCard:
    """Days away; `name` is the other person's: the substitute's, or whose place is taken."""

    public_id: str
    starts_on: date
    ends_on: date
    name: str
    title: str
    is_today: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody who could stand in: they hold a role here already."""

    public_id: str
    name: str
    title: str


async def absences_of(viewer: Viewer) -> list[AbsenceCard]:
    """List one's own absences that are not over."""
    return await _cards(_MINE, viewer)


async def stand_ins_of(viewer: Viewer) -> list[AbsenceCard]:
    """List the days on which one stands in for others."""
    return await _cards(_FOR_OTHERS, viewer)


async def absence_overlaps(viewer: Viewer, starts_on: date, ends_on: date) -> bool:
    """Tell whether a substitute is already named for one of these days."""
    return bool(await database.rows(_OVERLAP, viewer.participant, ends_on, starts_on))


async def colleagues_of(viewer: Viewer) -> list[Colleague]:
    """List who could stand in."""
    found = await database.rows(_COLLEAGUES, viewer.participant)
    return [Colleague(row["public_id"], row["name"], row["title"]) for row in found]


async def _cards(sql: str, viewer: Viewer) -> list[AbsenceCard]:
    today = clock.local_day(clock.now())
    return [_card(row, today) for row in await database.rows(sql, viewer.participant, today)]


def _card(row: dict[str, Any], today: date) -> AbsenceCard:
    starts_on, ends_on = _day(row["starts_on"]), _day(row["ends_on"])
    return AbsenceCard(
        row["public_id"], starts_on, ends_on, row["name"], row["title"], starts_on <= today <= ends_on
    )


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
