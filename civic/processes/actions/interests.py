"""Declare interests: before an answer is drafted, in public, every declaration kept."""

from __future__ import annotations

from civic.foundation import clock, database, ids
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.actions.common import touch
from civic.processes.forms import InterestDraft
from civic.processes.models import InterestDeclaration
from civic.processes.policies import may_declare
from civic.processes.queries import ProcessPage


async def declare_interests(official: Viewer, process: ProcessPage, draft: InterestDraft) -> None:
    """Say in public what interests one has in a process, or none (SPEC A6); a newer declaration is added."""
    may_declare(official, process.public_id).demand()
    async with database.transaction():
        await touch(process.id)
        row = await InterestDeclaration.create(
            public_id=ids.public_id(),
            process_id=process.id,
            participant_id=official.participant or 0,
            has_interests=draft.has_interests,
            text=draft.text,
            declared_at=clock.now(),
        )
        await ledger.record(
            "interests.declared",
            row.public_id,
            parent=process.public_id,
            content={"has_interests": draft.has_interests, "text": draft.text},
            author=official.public_id,
            ref=f"interests/{row.public_id}",
        )
