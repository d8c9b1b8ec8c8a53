"""Who an organisation is, who speaks for it, and who waits to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.accounts.models import Delegate, Organisation
from civic.foundation import database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.organisations.models import (
    DelegateEnd,
    DelegateRequest,
    DelegateRuling,
    OrganisationInterests,
)
from civic.processes.models import Category

AT_ONCE = 50
"""How many organisations, or requests, one page shows."""

_LISTED = """
SELECT o.id, o.public_id, o.name, o.category,
       (SELECT count(*) FROM position_statement s JOIN contribution c ON c.id = s.contribution_id
        WHERE s.organisation_id = o.id AND c.visibility = 'public') AS statements
FROM organisation o WHERE o.verified_at IS NOT NULL AND o.id > ? ORDER BY o.id LIMIT ?
"""
_SPEAKS_FOR = """
SELECT o.public_id FROM delegate d JOIN organisation o ON o.id = d.organisation_id
WHERE d.participant_id = ? AND d.until IS NULL AND o.verified_at IS NOT NULL ORDER BY o.name
"""
_WAITING = """
SELECT r.id FROM delegate_request r LEFT JOIN delegate_ruling u ON u.request_id = r.id
WHERE u.id IS NULL ORDER BY r.id LIMIT ?
"""
_ASKED = """
SELECT r.id FROM delegate_request r LEFT JOIN delegate_ruling u ON u.request_id = r.id
WHERE u.id IS NULL AND r.organisation_id = ? AND r.participant_id = ?
"""


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation as everybody may read it once it is verified."""

    id: int
    public_id: str
    name: str
    category: Category
    mandate: str
    register_number: str
    website: str
    verified_at: datetime | None

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


@dataclass(frozen=True)
class OrganisationLine:
    """A line of the list: what it is, and how many statements it filed."""

    id: int
    public_id: str
    name: str
    category: Category
    statements: int


@dataclass(frozen=True)
class DelegateCard:
    """Somebody who speaks, or spoke, for an organisation. The name is kept while they do."""

    id: int
    public_id: str
    participant_id: int
    name: str
    function: str
    since: datetime
    until: datetime | None
    ended_because: str

    @property
    def is_current(self) -> bool:
        return self.until is None


@dataclass(frozen=True)
class RequestCard:
    """A request to speak for an organisation, for whoever checks it."""

    id: int
    public_id: str
    organisation: OrganisationCard
    participant_id: int
    name: str
    function: str
    proof: str
    asked_at: datetime


@dataclass(frozen=True)
class InterestsCard:
    """What an organisation declared at one moment."""

    id: int
    number: int
    text: str
    funding: str
    declared_at: datetime


async def organisations(after: int = 0) -> tuple[list[OrganisationLine], int | None]:
    """List verified organisations in the order they were registered, and where the next page begins."""
    found = await database.rows(_LISTED, after, AT_ONCE + 1)
    lines = [OrganisationLine(**{**row, "category": Category(row["category"])}) for row in found[:AT_ONCE]]
    return lines, lines[-1].id if len(found) > AT_ONCE else None


async def visible_organisation(viewer: Viewer, public_id: str) -> OrganisationCard:
    """Give an organisation: verified to everybody, else to who waits to speak for it and to who checks it."""
    row = await Organisation.get_or_none(public_id=public_id) if ids.is_key(public_id) else None
    if row is None:
        raise NotFound
    if row.verified_at is None and not viewer.holds("administrator"):
        asked = viewer.participant or 0
        if not await DelegateRequest.exists(organisation_id=row.id, participant_id=asked):
            raise NotFound
    return _card(row)


async def organisations_of(viewer: Viewer) -> list[OrganisationCard]:
    """Give the organisations the viewer speaks for today."""
    if viewer.participant is None:
        return []
    keys = [row["public_id"] for row in await database.rows(_SPEAKS_FOR, viewer.participant)]
    return [_card(row) for row in await Organisation.filter(public_id__in=keys).order_by("name")]


async def delegate_of(viewer: Viewer, organisation_id: int) -> Delegate | None:
    """Give the mandate under which the viewer speaks for an organisation today."""
    if viewer.participant is None:
        return None
    return await Delegate.get_or_none(
        organisation_id=organisation_id, participant_id=viewer.participant, until=None
    )


async def is_waiting(viewer: Viewer, organisation_id: int) -> bool:
    """Tell whether the viewer asked to speak for an organisation and has no answer yet."""
    if viewer.participant is None:
        return False
    return bool(await database.rows(_ASKED, organisation_id, viewer.participant))


async def delegates_of(organisation_id: int) -> list[DelegateCard]:
    """Give everybody who spoke for an organisation, newest first; the names of those who do only."""
    rows = await Delegate.filter(organisation_id=organisation_id).order_by("-id")
    return await delegate_cards(rows)


async def delegate_cards(rows: Sequence[Delegate]) -> list[DelegateCard]:
    """Read what is public of some mandates, in four queries whatever their number."""
    keys = [row.id for row in rows]
    rulings = {one.delegate_id: one for one in await DelegateRuling.filter(delegate_id__in=keys)}
    requests = {
        one.id: one for one in await DelegateRequest.filter(id__in=[r.request_id for r in rulings.values()])
    }
    ends = {one.delegate_id: one for one in await DelegateEnd.filter(delegate_id__in=keys)}
    people = await accounts.people_of(row.participant_id for row in rows if row.until is None)
    cards = []
    for row in rows:
        asked = requests[rulings[row.id].request_id]
        cards.append(
            DelegateCard(
                id=row.id,
                public_id=asked.public_id,
                participant_id=row.participant_id,
                name=people[row.participant_id].name if row.until is None else "",
                function=asked.function,
                since=row.since,
                until=row.until,
                ended_because=ends[row.id].reason if row.id in ends else "",
            )
        )
    return cards


async def waiting_requests() -> list[RequestCard]:
    """Give the requests nobody has answered yet, oldest first."""
    keys = [row["id"] for row in await database.rows(_WAITING, AT_ONCE)]
    return await _requests(await DelegateRequest.filter(id__in=keys).order_by("id"))


async def request_card(public_id: str) -> RequestCard:
    """Give one request, whoever asks: for acts and the pages of administrators."""
    row = await DelegateRequest.get_or_none(public_id=public_id) if ids.is_key(public_id) else None
    if row is None:
        raise NotFound
    (card,) = await _requests([row])
    return card


async def _requests(rows: Sequence[DelegateRequest]) -> list[RequestCard]:
    bodies = {one.id: one for one in await Organisation.filter(id__in=[row.organisation_id for row in rows])}
    people = await accounts.people_of(row.participant_id for row in rows)
    return [
        RequestCard(
            id=row.id,
            public_id=row.public_id,
            organisation=_card(bodies[row.organisation_id]),
            participant_id=row.participant_id,
            name=people[row.participant_id].name,
            function=row.function,
            proof=row.proof,
            asked_at=row.asked_at,
        )
        for row in rows
    ]


async def interests_of(organisation_id: int) -> list[InterestsCard]:
    """Give every declaration of interests of an organisation, newest first."""
    return [
        InterestsCard(row.id, row.number, row.text, row.funding, row.declared_at)
        for row in await OrganisationInterests.filter(organisation_id=organisation_id).order_by("-number")
    ]


def _card(row: Organisation) -> OrganisationCard:
    return OrganisationCard(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        category=Category(row.category),
        mandate=row.mandate,
        register_number=row.register_number,
        website=row.website,
        verified_at=row.verified_at,
    )
