"""File a position statement: the register's checks, clocks and receipt, as for anybody's proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.contributions import actions as register
from civic.contributions.actions import Author, Capacity, OwnPoint, Place, Receipt, Words
from civic.contributions.forms import MAX_NOTE
from civic.contributions.models import ClaimKind, Kind
from civic.foundation import clock, database, text
from civic.foundation.errors import N_, Invalid, Message
from civic.foundation.languages import gettext
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.organisations import policies
from civic.organisations.forms import PositionDraft
from civic.organisations.models import CommentType, PositionStatement, StatementPoint
from civic.organisations.queries import OrganisationCard, delegate_of, interests_of, visible_organisation
from civic.organisations.sheet import Row
from civic.processes.queries import ProcessPage, name_of, process_by_id, scope_in_force
from civic.proposals import actions as proposals
from civic.proposals import policies as proposing

POINT = N_("Point %(number)s")
CHANGE = N_("Proposed change: ")
_UNASKING = {
    CommentType.GENERAL: ClaimKind.REMARK,
    CommentType.TECHNICAL: ClaimKind.OBJECTION,
    CommentType.EDITORIAL: ClaimKind.REQUEST,
}
"""What a row asks that proposes no change of its own."""
_NO_ISSUE = N_("Choose the question this statement answers.")


@dataclass(frozen=True)
class Composed:
    """The text of a statement, and where in it each row stands."""

    words: Words
    points: tuple[OwnPoint, ...]


def compose(draft: PositionDraft, language: str) -> Composed:
    """Write a statement as one text: the words first, then each row under its number and its passage."""
    said = "\n".join([draft.title, draft.body, *(row.comment for row in draft.rows)])
    language = text.detect_language(said) or language
    language = language if language in ("fr", "en") else "fr"
    body = draft.body
    points = []
    for number, row in enumerate(draft.rows, 1):
        head = f"**{gettext(language, POINT) % {'number': number}}**"
        body = f"{body}\n\n{head}\n\n" if body else f"{head}\n\n"
        start = len(body)
        body += _said(row, language)
        points.append(OwnPoint(_kind(row), start, len(body)))
    return Composed(Words(draft.title, body, language), tuple(points))


def _said(row: Row, language: str) -> str:
    """Write a row as the words of its point: the passage, what is said of it, what should stand there."""
    said = f"{row.reference} – {row.comment}" if row.reference else row.comment
    return f"{said}\n\n{gettext(language, CHANGE)}{row.change}" if row.change else said


def _kind(row: Row) -> ClaimKind:
    return ClaimKind.REQUEST if row.change else _UNASKING[CommentType(row.type)]


async def file_statement(
    viewer: Viewer, process: ProcessPage, draft: PositionDraft, *, code: str | None = None
) -> Receipt:
    """File the position of an organisation on a question, under its name and within the question's period."""
    now = clock.now()
    proposing.may_submit(process.phases, now, has_issues=bool(process.issues)).demand()
    issue = process.issue(draft.issue)
    if issue is None:
        raise Invalid({"issue": Message(_NO_ISSUE)})
    organisation = await visible_organisation(viewer, draft.organisation)
    composed = compose(draft, viewer.language or "fr")
    rendered = await register.render_words(composed.words)
    async with database.transaction():
        fresh = await process_by_id(process.id)
        proposing.may_submit(fresh.phases, now, has_issues=bool(fresh.issues)).demand()
        author = _author(viewer, organisation)
        await register.spend_posting(author)
        scope = await scope_in_force(process.id, now)
        receipt = await register.submit(
            author,
            Place(process.id, issue.id, Kind.PROPOSAL, scope_id=scope.id if scope else None),
            composed.words,
            rendered=rendered,
            capacity=Capacity(organisation.category, _kind_of(organisation, composed.words)),
            code=code,
        )
        await proposals.keep_proposal(receipt, process.id, issue.id)
        statement = await _keep(viewer, organisation, receipt, draft)
        await _open_points(viewer, receipt, statement, composed.points, draft.rows)
    return receipt


def _kind_of(organisation: OrganisationCard, words: Words) -> str:
    """Say what kind of stakeholder it is in the language of its text, as people say it in their own words."""
    return gettext(words.language or "fr", name_of(organisation.category))[:MAX_NOTE]


def _author(viewer: Viewer, organisation: OrganisationCard) -> Author:
    """Speak in the name of the organisation; the rights of the author stay with the delegate who files."""
    return Author(
        participant_id=viewer.participant,
        public_id=viewer.public_id,
        name=organisation.name,
        guest_address=None,
        language=viewer.language or "fr",
        organisation_id=organisation.id,
    )


async def _keep(
    viewer: Viewer, organisation: OrganisationCard, receipt: Receipt, draft: PositionDraft
) -> PositionStatement:
    """Keep under whose mandate a statement is filed, with the interests declared by then."""
    delegate = await delegate_of(viewer, organisation.id)
    declared = await interests_of(organisation.id)
    policies.may_file(is_delegate=delegate is not None, has_declared=bool(declared)).demand()
    if delegate is None:
        raise ValueError("somebody without a mandate was let through")
    contribution = receipt.contribution
    statement = await PositionStatement.create(
        public_id=contribution.public_id,
        contribution_id=contribution.id,
        organisation_id=organisation.id,
        delegate_id=delegate.id,
        interests_id=declared[0].id,
        approved_by=draft.approved_by,
        approved_on=draft.approved_on,
        filed_at=contribution.submitted_at,
    )
    await ledger.record(
        "position.mandated",
        contribution.public_id,
        rev=2,
        parent=organisation.public_id,
        content={
            "approved_by": draft.approved_by,
            "approved_on": draft.approved_on.isoformat(),
            "interests": declared[0].number,
            "points": len(draft.rows),
        },
        author=viewer.public_id,
    )
    return statement


async def _open_points(
    viewer: Viewer,
    receipt: Receipt,
    statement: PositionStatement,
    points: Sequence[OwnPoint],
    rows: Sequence[Row],
) -> None:
    """Open a point for each row; without rows, the whole text stays the one point it makes."""
    if not points:
        return
    claims = await register.open_own_points(
        receipt.contribution, receipt.version, points, author=viewer.public_id
    )
    for number, (claim, row) in enumerate(zip(claims, rows, strict=True), 1):
        await StatementPoint.create(
            statement_id=statement.id,
            claim_id=claim.id,
            number=number,
            reference=row.reference,
            comment_type=row.type,
            comment=row.comment,
            change=row.change,
        )
