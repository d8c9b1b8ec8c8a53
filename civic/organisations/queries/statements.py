"""Position statements: under whose mandate, and point by point what they ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic.accounts.models import Delegate, Organisation
from civic.contributions import queries as register
from civic.contributions.queries import ClaimCard
from civic.foundation import database, ids
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.organisations.models import (
    CommentType,
    OrganisationInterests,
    PositionStatement,
    StatementPoint,
)
from civic.organisations.queries.people import DelegateCard, InterestsCard, delegate_cards
from civic.processes.queries import Category, name_of
from civic.proposals.queries import ProposalCard, visible_proposal

AT_ONCE = 20

_OF_ORGANISATION = """
SELECT s.id, s.contribution_id, c.number, v.title, c.language, p.slug,
       CAST(p.title AS TEXT) AS process_title, o.endorsement_count AS cosigners
FROM position_statement s
JOIN contribution c ON c.id = s.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
JOIN process p ON p.id = c.process_id
JOIN proposal o ON o.contribution_id = c.id
WHERE s.organisation_id = ? AND c.visibility = 'public' AND p.state <> 'draft' AND s.id < ?
ORDER BY s.id DESC LIMIT ?
"""
_POINTS_OF = """
SELECT k.id, k.contribution_id FROM claim k
WHERE k.contribution_id IN ({marks}) AND k.retired_at IS NULL AND k.kind <> 'situation'
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
ORDER BY k.number
"""
_LAST_ID = 2**62


@dataclass(frozen=True)
class StatementLine:
    """A statement in the list of its organisation, with the ids of its live points."""

    id: int
    public_id: str
    contribution_id: int
    number: str
    title: str
    language: str
    slug: str
    process_title: Localized
    approved_by: str
    approved_on: date
    filed_at: datetime
    cosigners: int
    claims: tuple[int, ...]


@dataclass(frozen=True)
class Mandate:
    """Under whose mandate a statement was filed: what is shown beside it."""

    statement: str
    organisation: str
    name: str
    category: str
    """The word of its category, to be said in the reader’s language."""
    delegate: DelegateCard
    interests: InterestsCard
    approved_by: str
    approved_on: date
    filed_at: datetime


@dataclass(frozen=True)
class PointRow:
    """A live point of a statement, with the passage and the change it was filed with, if it was a row."""

    claim: ClaimCard
    reference: str = ""
    comment_type: CommentType | None = None
    comment: str = ""
    change: str = ""


async def visible_statement(viewer: Viewer, public_id: str) -> tuple[ProposalCard, Mandate]:
    """Give a statement the viewer may open, and the mandate it was filed under."""
    if not ids.is_key(public_id):
        raise NotFound
    proposal = await visible_proposal(viewer, public_id)
    mandate = await mandate_of(proposal.contribution_id)
    if mandate is None:
        raise NotFound
    return proposal, mandate


async def mandate_of(contribution_id: int) -> Mandate | None:
    """Give the mandate under which a contribution was filed, if it is a position statement."""
    row = await PositionStatement.get_or_none(contribution_id=contribution_id)
    if row is None:
        return None
    organisation = await Organisation.get(id=row.organisation_id)
    (delegate,) = await delegate_cards([await Delegate.get(id=row.delegate_id)])
    said = await OrganisationInterests.get(id=row.interests_id)
    return Mandate(
        statement=row.public_id,
        organisation=organisation.public_id,
        name=organisation.name,
        category=name_of(Category(organisation.category)),
        delegate=delegate,
        interests=InterestsCard(said.id, said.number, said.text, said.funding, said.declared_at),
        approved_by=row.approved_by,
        approved_on=row.approved_on,
        filed_at=row.filed_at,
    )


async def points_of(proposal: ProposalCard) -> list[PointRow]:
    """Give the live points of a statement in their order; none of their words when it is not shown."""
    if not proposal.may_be_read:
        return []
    claims = await register.claims_of(proposal.contribution_id)
    rows = {
        one.claim_id: one for one in await StatementPoint.filter(claim_id__in=[claim.id for claim in claims])
    }
    return [_point(claim, rows.get(claim.id)) for claim in claims]


async def statements_of(
    organisation_id: int, before: int | None = None
) -> tuple[list[StatementLine], int | None]:
    """List the public statements of an organisation, newest first, and where the next page begins."""
    found = await database.rows(_OF_ORGANISATION, organisation_id, before or _LAST_ID, AT_ONCE + 1)
    shown = found[:AT_ONCE]
    filed = {one.id: one for one in await PositionStatement.filter(id__in=[row["id"] for row in shown])}
    claims = await _claims([row["contribution_id"] for row in shown])
    lines = [_line(row, filed[row["id"]], claims.get(row["contribution_id"], [])) for row in shown]
    return lines, lines[-1].id if len(found) > AT_ONCE else None


async def _claims(contributions: Sequence[int]) -> dict[int, list[int]]:
    if not contributions:
        return {}
    found: dict[int, list[int]] = {}
    sql = _POINTS_OF.format(marks=", ".join("?" * len(contributions)))
    for row in await database.rows(sql, *contributions):
        found.setdefault(row["contribution_id"], []).append(row["id"])
    return found


def _line(row: dict[str, Any], filed: PositionStatement, claims: Sequence[int]) -> StatementLine:
    return StatementLine(
        **{**row, "process_title": json.loads(row["process_title"])},
        public_id=filed.public_id,
        approved_by=filed.approved_by,
        approved_on=filed.approved_on,
        filed_at=filed.filed_at,
        claims=tuple(claims),
    )


def _point(claim: ClaimCard, row: StatementPoint | None) -> PointRow:
    if row is None:
        return PointRow(claim, comment=claim.words)
    return PointRow(claim, row.reference, CommentType(row.comment_type), row.comment, row.change)
