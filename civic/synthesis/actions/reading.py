"""Read the points somebody else cut, send them back, and put better how a point is understood."""

from __future__ import annotations

from civic.accounts import queries as accounts
from civic.contributions.models import Restatement
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import clock, database
from civic.foundation.errors import N_, Conflict
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.synthesis.forms import ReadingDraft
from civic.synthesis.models import SecondReading, Segmentation
from civic.synthesis.policies import may_read_second, may_reword
from civic.synthesis.queries.texts import TextDesk, desk_of_text

_CHANGED = N_("These points have changed meanwhile. Please read them again.")
_HOLD = "UPDATE contribution SET version = version WHERE id = ?"
_READ = "UPDATE claim SET second_reader_id = ? WHERE id = ? AND retired_at IS NULL"
_REWORD = """
UPDATE claim SET restatement = ?, restatement_number = restatement_number + 1, check_state = 'found',
                 second_reader_id = NULL
WHERE id = ? AND restatement_number = ? AND retired_at IS NULL AND check_state IN ('found', 'silent')
"""
_NUMBER = "SELECT restatement_number FROM claim WHERE id = ?"


async def read_second(
    reader: Viewer, contribution: ContributionCard, draft: ReadingDraft, *, seen: str
) -> SecondReading:
    """Say that the points of a text are right, or send them back to who cut it with a word of explanation.

    ``seen`` names the points that were shown: raises Conflict when the text was cut again meanwhile.
    """
    async with database.transaction():
        await database.execute(_HOLD, contribution.id)
        desk = await desk_of_text(contribution)
        may_read_second(
            reader, contribution.process or "", cut_by=desk.cut_by_id, has_points=bool(desk.to_read)
        ).demand()
        if desk.seen != seen:
            raise Conflict(_CHANGED)
        row = await SecondReading.create(
            contribution_id=contribution.id,
            read_by_id=reader.participant,
            is_confirmed=draft.is_confirmed,
            note=draft.note,
            read_at=clock.now(),
        )
        for claim in desk.to_read:
            if draft.is_confirmed:
                await database.execute(_READ, reader.participant, claim.id)
            await ledger.record(
                "claim.read",
                claim.public_id,
                parent=contribution.public_id,
                content={"is_confirmed": draft.is_confirmed, "note": draft.note},
                author=reader.public_id,
            )
        if not draft.is_confirmed:
            await _tell_cutter(reader, desk, row)
    return row


async def _tell_cutter(reader: Viewer, desk: TextDesk, row: SecondReading) -> None:
    last = await Segmentation.filter(contribution_id=desk.contribution.id).order_by("-id").first()
    if last is None:
        return
    await notices.notify(
        await accounts.recipient_of(last.cut_by_id),
        "points.returned",
        about=f"points/{desk.contribution.public_id}",
        data={
            "path": f"/desk/texts/{desk.contribution.public_id}",
            "name": reader.name,
            "number": desk.contribution.number,
            "note": row.note,
        },
        once_key=f"points.returned/{row.id}",
    )


async def reword(
    official: Viewer, claim: ClaimCard, contribution: ContributionCard, said: str, *, expected: int
) -> Restatement:
    """Put better how a point is understood; what was written before stays, and is read and asked again."""
    async with database.transaction():
        await database.execute(_HOLD, contribution.id)
        may_reword(
            official,
            contribution.process or "",
            is_withdrawn=claim.reads_as_withdrawn,
            state=claim.check_state,
        ).demand()
        if not await database.execute(_REWORD, said, claim.id, expected):
            raise Conflict(_CHANGED)
        (row,) = await database.rows(_NUMBER, claim.id)
        restated = await Restatement.create(
            claim_id=claim.id,
            number=row["restatement_number"],
            text=said,
            language=official.language or contribution.language,
            written_by_id=official.participant,
            written_at=clock.now(),
        )
        await ledger.record(
            "claim.restated",
            claim.public_id,
            rev=restated.number,
            parent=contribution.public_id,
            content={"restatement": said},
            author=official.public_id,
        )
    return restated
