"""Keeping one version of an answer: its rows, and the leaf of the record it owes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from civic.contributions.models import ClaimKind
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions.models import Disposition, DispositionPart, DispositionVersion, Provision, ProvisionLink
from civic.decisions.queries import DecisionCard
from civic.decisions.queries.points import due_version
from civic.decisions.rules import Answer, packed
from civic.foundation import clock, database, ids, text
from civic.foundation.errors import N_, Conflict, Invalid, Message
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.ledger.actions import Entry

QUICKER = N_("Somebody was quicker: this was changed meanwhile. Your words are below; nothing is lost.")
_ONE_BY_ONE = N_("A particular situation gets an answer of its own.")

_PLACE = """
INSERT INTO disposition (public_id, decision_id, claim_id, version, created_at) VALUES (?, ?, ?, 0, ?)
ON CONFLICT (claim_id) DO NOTHING
"""
_NEXT_ANSWER = "UPDATE disposition SET version = version + 1 WHERE claim_id = ? AND version = ?"


async def keep_answer(
    official: Viewer,
    claim: ClaimCard,
    contribution: ContributionCard,
    decision: DecisionCard,
    answer: Answer,
    expected_version: int,
    *,
    group_id: int | None = None,
    act: str = "disposition.drafted",
) -> DispositionVersion:
    """Write one more version of an answer, in the transaction of the act."""
    row, entry = await store_answer(
        official, claim, contribution, decision, answer, expected_version, group_id, act
    )
    await ledger.record_many([entry])
    return row


async def store_answer(
    official: Viewer,
    claim: ClaimCard,
    contribution: ContributionCard,
    decision: DecisionCard,
    answer: Answer,
    expected_version: int,
    group_id: int | None,
    act: str,
) -> tuple[DispositionVersion, Entry]:
    """Write the rows of a version of an answer; give it with the leaf that it owes."""
    _demand_own(claim, group_id)
    await database.execute(_PLACE, ids.public_id(), decision.id, claim.id, clock.now())
    if not await database.execute(_NEXT_ANSWER, claim.id, expected_version):
        raise Conflict(QUICKER)
    place = await Disposition.get(claim_id=claim.id)
    version_id, _ = await due_version(contribution.id)
    row = await DispositionVersion.create(
        disposition_id=place.id,
        number=place.version,
        for_version_id=version_id,
        outcome=answer.outcome,
        sentence=answer.sentence,
        rationale=answer.rationale,
        rationale_html=await rendered(answer.rationale),
        reason_codes=list(answer.reason_codes),
        effects=list(answer.effects),
        evidence=answer.evidence,
        is_value_choice=answer.is_value_choice,
        details=packed(answer.details),
        reopens_on=answer.reopens_on,
        group_id=group_id,
        own_sentence=answer.own_sentence,
        digest=digest_of(answer),
        drafted_by_id=official.participant,
        drafted_at=clock.now(),
    )
    for position, part in enumerate(answer.parts, 1):
        await DispositionPart.create(
            version_id=row.id,
            position=position,
            text=part.text,
            is_adopted=part.is_adopted,
            reason_codes=list(part.reason_codes),
            rationale=part.rationale,
        )
    if answer.provisions:
        linked = await Provision.filter(public_id__in=list(answer.provisions), decision_id=decision.id)
        await ProvisionLink.bulk_create(
            [ProvisionLink(version_id=row.id, provision_id=one.id) for one in linked]
        )
    return row, Entry(
        act,
        place.public_id,
        rev=row.number,
        parent=claim.public_id,
        content=opening(answer),
        author=official.public_id,
        ref=f"answer/{place.public_id}/{row.number}",
    )


def _demand_own(claim: ClaimCard, group_id: int | None) -> None:
    if group_id is not None and claim.kind is ClaimKind.SITUATION:
        raise Invalid({"points": Message(_ONE_BY_ONE)})


async def rendered(words: Localized) -> Localized:
    """Make the clean HTML of an official text, language by language."""
    return {language: await text.render(said) for language, said in words.items()}


def opening(answer: Answer) -> dict[str, object]:
    """What the record commits to: the outcome and every word of its reason."""
    return {
        "outcome": str(answer.outcome),
        "sentence": answer.sentence,
        "rationale": answer.rationale,
        "reason_codes": [str(code) for code in answer.reason_codes],
        "evidence": answer.evidence,
        "details": packed(answer.details),
        "parts": [
            {"text": part.text, "is_adopted": part.is_adopted, "rationale": part.rationale}
            for part in answer.parts
        ],
    }


def digest_of(answer: Answer) -> str:
    """Tell identical answers apart from others."""
    said = json.dumps(asdict(answer), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
