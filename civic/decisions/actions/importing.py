"""Keep outcomes that come with an import: shown as not decided here, never counted as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.decisions.models import ImportedOutcome, Outcome
from civic.foundation import clock


@dataclass(frozen=True)
class ImportedDraft:
    """What another body, or another place, decided about a point."""

    claim_id: int
    outcome: Outcome
    source: str
    reason: str = ""
    provision: str = ""
    milestone: str = ""
    decided_on: str = ""
    decided_by: str = ""


async def keep_imported(drafts: Sequence[ImportedDraft]) -> None:
    """Keep imported outcomes, in the transaction of the import; a point keeps the first it came with."""
    rows = await ImportedOutcome.filter(claim_id__in=[one.claim_id for one in drafts] or [0])
    known = {row.claim_id for row in rows}
    await ImportedOutcome.bulk_create(
        [
            ImportedOutcome(
                claim_id=one.claim_id,
                outcome=one.outcome,
                reason=one.reason,
                provision=one.provision,
                milestone=one.milestone,
                decided_on=one.decided_on,
                decided_by=one.decided_by,
                source=one.source,
                imported_at=clock.now(),
            )
            for one in drafts
            if one.claim_id not in known
        ]
    )
