"""Who hears of a signed decision before it is public: the people concerned, then named people outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.decisions.policies import may_open_view
from civic.decisions.queries.reading import (
    DecisionCard,
    VersionCard,
    decision_by_id,
    marks,
    maybe_moment,
    read_json,
)
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound, Verdict
from civic.foundation.tables import Localized


@dataclass(frozen=True)
class AdvanceCard:
    """When the people concerned hear of a signed version, and since when they have."""

    id: int
    public_id: str
    version_id: int
    due_at: datetime
    set_by: str
    set_for: str | None
    set_at: datetime
    given_at: datetime | None
    people: int
    has_begun: bool
    stopped_at: datetime | None


@dataclass(frozen=True)
class OpeningCard:
    """One opening of an embargoed view."""

    part: int
    opened_at: datetime


@dataclass(frozen=True)
class ViewCard:
    """A named person outside who may read a version early; the name and address are empty once let go."""

    id: int
    public_id: str
    advance_id: int
    version_id: int
    name: str
    organisation: str
    address: str
    reason: Localized
    language: str
    expires_at: datetime
    given_by: str
    given_for: str | None
    given_at: datetime
    ended_at: datetime | None
    end_reason: str
    openings: tuple[OpeningCard, ...]

    @property
    def first_opened_at(self) -> datetime | None:
        return self.openings[0].opened_at if self.openings else None

    @property
    def last_opened_at(self) -> datetime | None:
        return self.openings[-1].opened_at if self.openings else None

    def is_open(self, now: datetime) -> bool:
        """Whether its own time still runs; what its version became is not its matter."""
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True)
class Early:
    """What was told early of one signed version, and to whom."""

    version: VersionCard
    advance: AdvanceCard
    views: tuple[ViewCard, ...]

    @property
    def opened(self) -> int:
        """How many people outside really read it."""
        return sum(one.first_opened_at is not None for one in self.views)


@dataclass(frozen=True)
class Door:
    """What somebody finds behind their link: the view, its decision and version, and whether it opens now."""

    view: ViewCard
    decision: DecisionCard
    version: VersionCard
    may_open: Verdict


@dataclass(frozen=True)
class OwnDoor:
    """The decision behind the link of an advance notice, and the text by which its reader is known."""

    contribution_id: int
    receipt: str
    has_account: bool
    advance: AdvanceCard
    decision: DecisionCard
    version: VersionCard


_ADVANCES = """
SELECT a.id, a.public_id, a.version_id, a.due_at, s.name AS set_by, f.name AS set_for, a.set_at, g.given_at,
       g.people, EXISTS (SELECT 1 FROM advance_link l WHERE l.advance_id = a.id) AS has_begun, x.stopped_at
FROM advance_notice a
JOIN participant s ON s.id = a.set_by_id
LEFT JOIN participant f ON f.id = a.set_for_id
LEFT JOIN advance_giving g ON g.advance_id = a.id
LEFT JOIN advance_stop x ON x.advance_id = a.id
"""
_OF_VERSIONS = _ADVANCES + "WHERE a.version_id IN ({marks}) ORDER BY a.id DESC"
_ONE = _ADVANCES + "WHERE a.id = ?"
_VIEWS = """
SELECT v.id, v.public_id, v.advance_id, a.version_id, v.name, v.organisation, v.address, v.reason, v.language,
       v.expires_at, g.name AS given_by, f.name AS given_for, v.given_at, e.ended_at, e.reason AS end_reason
FROM embargoed_view v
JOIN advance_notice a ON a.id = v.advance_id
JOIN participant g ON g.id = v.given_by_id
LEFT JOIN participant f ON f.id = v.given_for_id
LEFT JOIN embargo_end e ON e.view_id = v.id
"""
_OF_ADVANCES = _VIEWS + "WHERE v.advance_id IN ({marks}) ORDER BY v.id"
_BEHIND_TOKEN = _VIEWS + "WHERE v.token_hash = ?"
_OPENINGS = "SELECT view_id, part, opened_at FROM embargo_opening WHERE view_id IN ({marks}) ORDER BY id"
_DECISION_OF = "SELECT decision_id FROM decision_version WHERE id = ?"
_LINK = """
SELECT l.advance_id, l.contribution_id, c.number AS receipt, c.author_id FROM advance_link l
JOIN contribution c ON c.id = l.contribution_id WHERE l.token_hash = ?
"""
_ADVANCE_OF_TEXT = """
SELECT a.id AS advance_id, c.id AS contribution_id, c.number AS receipt, c.author_id
FROM contribution c
JOIN claim k ON k.contribution_id = c.id
JOIN published_outcome o ON o.claim_id = k.id
JOIN advance_notice a ON a.version_id = o.decision_version_id
JOIN advance_giving g ON g.advance_id = a.id
WHERE c.id = ? AND c.visibility = 'public' ORDER BY a.id DESC LIMIT 1
"""


async def early_of(decision: DecisionCard) -> list[Early]:
    """Give, version by version, the newest first, what was told early of a decision; a few queries."""
    by_id = {one.id: one for one in decision.versions}
    advances = await _advances(list(by_id))
    views = await _views_of([one.id for one in advances])
    return [Early(by_id[one.version_id], one, views.get(one.id, ())) for one in advances]


async def seen_before(decision: DecisionCard, shown: VersionCard) -> list[Early]:
    """Give who read a version, or one before it, while it was not public; the newest first."""
    by_id = {one.id: one for one in decision.released if one.number <= shown.number}
    advances = [one for one in await _advances(list(by_id)) if one.given_at is not None]
    views = await _views_of([one.id for one in advances])
    return [Early(by_id[one.version_id], one, views.get(one.id, ())) for one in advances]


async def advance_of(version_id: int) -> AdvanceCard | None:
    """Give the advance notice of a signed version that stands, if one was set."""
    return next((one for one in await _advances([version_id]) if one.stopped_at is None), None)


async def advance_by_id(advance_id: int) -> AdvanceCard:
    """Give one advance notice, whoever asks. Raises NotFound."""
    found = await database.rows(_ONE, advance_id)
    if not found:
        raise NotFound
    return _advance(found[0])


async def views_of(advance_id: int) -> tuple[ViewCard, ...]:
    """List who was given an early view after one advance notice, as they were given."""
    return (await _views_of([advance_id])).get(advance_id, ())


async def door_of(token: str) -> Door:
    """Give what is behind the link of an embargoed view, opening nothing. Raises NotFound."""
    found = await database.rows(_BEHIND_TOKEN, ids.hash_token(token))
    if not found:
        raise NotFound
    advance = await advance_by_id(found[0]["advance_id"])
    view = next(one for one in await views_of(advance.id) if one.id == found[0]["id"])
    decision, version = await _version(advance.version_id)
    verdict = may_open_view(
        told_at=advance.given_at,
        is_stopped=version.stopped_at is not None,
        is_ended=view.ended_at is not None,
        expires_at=min(view.expires_at, version.release_at),
        now=clock.now(),
    )
    return Door(view, decision, version, verdict)


async def own_door(token: str) -> OwnDoor:
    """Give the decision behind the link of an advance notice. Raises NotFound."""
    return await _own_door(await database.rows(_LINK, ids.hash_token(token)))


async def own_door_of(contribution_id: int) -> OwnDoor:
    """Give the decision an author was told of early, found by one of their texts. Raises NotFound."""
    return await _own_door(await database.rows(_ADVANCE_OF_TEXT, contribution_id))


async def told_early(contribution_id: int) -> VersionCard | None:
    """Give the signed version whose answers an author may read early; None before, and once it is public."""
    try:
        door = await own_door_of(contribution_id)
    except NotFound:
        return None
    return door.version if door.version.is_pending and clock.now() < door.version.release_at else None


async def _own_door(found: list[dict[str, Any]]) -> OwnDoor:
    if not found:
        raise NotFound
    (row,) = found
    advance = await advance_by_id(row["advance_id"])
    decision, version = await _version(advance.version_id)
    has_account = row["author_id"] is not None
    return OwnDoor(row["contribution_id"], row["receipt"], has_account, advance, decision, version)


async def _version(version_id: int) -> tuple[DecisionCard, VersionCard]:
    (row,) = await database.rows(_DECISION_OF, version_id)
    decision = await decision_by_id(row["decision_id"])
    return decision, next(one for one in decision.versions if one.id == version_id)


async def _advances(version_ids: Collection[int]) -> list[AdvanceCard]:
    wanted = list(version_ids)
    found = await database.rows(_OF_VERSIONS.format(marks=marks(wanted)), *wanted) if wanted else []
    return [_advance(row) for row in found]


async def _views_of(advance_ids: Collection[int]) -> dict[int, tuple[ViewCard, ...]]:
    wanted = list(advance_ids)
    rows = await database.rows(_OF_ADVANCES.format(marks=marks(wanted)), *wanted) if wanted else []
    openings: dict[int, list[OpeningCard]] = defaultdict(list)
    keys = [row["id"] for row in rows]
    for row in await database.rows(_OPENINGS.format(marks=marks(keys)), *keys) if keys else []:
        openings[row["view_id"]].append(OpeningCard(row["part"], database.moment(row["opened_at"])))
    views: dict[int, list[ViewCard]] = defaultdict(list)
    for row in rows:
        views[row["advance_id"]].append(_view(row, tuple(openings[row["id"]])))
    return {key: tuple(found) for key, found in views.items()}


def _advance(row: dict[str, Any]) -> AdvanceCard:
    return AdvanceCard(
        **{
            **row,
            "due_at": database.moment(row["due_at"]),
            "set_at": database.moment(row["set_at"]),
            "given_at": maybe_moment(row["given_at"]),
            "people": row["people"] or 0,
            "has_begun": bool(row["has_begun"]),
            "stopped_at": maybe_moment(row["stopped_at"]),
        }
    )


def _view(row: dict[str, Any], openings: tuple[OpeningCard, ...]) -> ViewCard:
    return ViewCard(
        **{
            **row,
            "reason": read_json(row["reason"]),
            "expires_at": database.moment(row["expires_at"]),
            "given_at": database.moment(row["given_at"]),
            "ended_at": maybe_moment(row["ended_at"]),
            "end_reason": row["end_reason"] or "",
            "openings": openings,
        }
    )
