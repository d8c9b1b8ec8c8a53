"""Bring what an earlier import stored up to date: new words are a new version, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable

from civic.contributions.models import Contribution
from civic.debates.actions.places import move_relation
from civic.decisions.models import ImportedOutcome
from civic.foundation import database
from civic.opendata.actions.planning import Change, Match, moment_of, outcome_of
from civic.opendata.actions.storing import (
    Import,
    add_claim,
    add_outcome,
    add_restatement,
    add_spans,
    add_version,
)
from civic.opendata.actions.themes import unlink

_NEXT_VERSION = "UPDATE contribution SET version = version + 1 WHERE id = ? AND version = ?"
_RETIRE = "UPDATE claim SET retired_at = ? WHERE id = ? AND retired_at IS NULL"
_RESTATE = "UPDATE claim SET restatement = ?, restatement_number = ? WHERE id = ?"


async def change_all(work: Import, changed: Iterable[Change]) -> list[Contribution]:
    """Store what reads otherwise in the file, and give the rows as they are now."""
    return [await _change(work, one) for one in changed]


async def _change(work: Import, change: Change) -> Contribution:
    row = await Contribution.get(id=change.known.id)
    version_id = change.known.version_id
    if change.has_new_words:
        await database.execute(_NEXT_VERSION, row.id, row.version)
        row.version += 1
        version_id = add_version(work, row.id, row.version, change.prepared)
    await _take_facts(work, row, change)
    if not work.issue_by_id(row.issue_id).is_frozen(work.now):
        await _bring_points(work, row, change, version_id)
    return row


async def _take_facts(work: Import, row: Contribution, change: Change) -> None:
    """Take over what the file says of a contribution; what it leaves empty stays."""
    found = change.prepared.found
    row.author_name = found.author or row.author_name
    row.capacity = found.category or row.capacity
    row.language = found.language or row.language
    row.source_url = found.url or row.source_url
    if found.date is not None:
        row.submitted_at = moment_of(found.date)
    has_moved = bool(found.relation) and found.relation != row.relation
    row.relation = found.relation or row.relation
    await row.save(
        update_fields=["author_name", "capacity", "language", "source_url", "submitted_at", "relation"]
    )
    if has_moved:
        await move_relation(row.id, row.relation)


async def _bring_points(work: Import, row: Contribution, change: Change, version_id: int) -> None:
    for claim in change.gone:
        await database.execute(_RETIRE, work.now, claim.id)
    number = change.known.last_claim
    for match in change.matches:
        if match.known is None:
            number += 1
            add_claim(work, row, change.prepared.found, match.claim, number, version_id)
        else:
            await _bring_point(work, row, change, match, version_id)


async def _bring_point(
    work: Import, row: Contribution, change: Change, match: Match, version_id: int
) -> None:
    claim, known = match.claim, match.known
    if known is None:
        return
    if change.has_new_words:
        add_spans(work, known.id, version_id, change.prepared.found, claim)
    if claim.restatement and claim.restatement != known.restatement:
        number = known.restatement_number + 1
        await database.execute(_RESTATE, claim.restatement, number, known.id)
        add_restatement(work, known.id, number, claim.restatement, row.language)
    if claim.theme:
        await unlink(known.id)
        work.themes.link(work.rows, known.id, claim.theme)
    said = outcome_of(claim)
    if said is not None and said != known.outcome:
        await ImportedOutcome.filter(claim_id=known.id).delete()
        add_outcome(work, known.id, claim)
