"""What one answer and many have in common: what the rules find wrong, the rows kept, the leaf they owe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from civic import settings
from civic.contributions.models import ClaimKind
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions.models import Disposition, DispositionPart, DispositionVersion, Provision, ProvisionLink
from civic.decisions.queries import ArticleCard, DecisionCard
from civic.decisions.queries.points import due_version
from civic.decisions.rules import Answer, Article, packed, wrong_with
from civic.decisions.rules import Point as RulePoint
from civic.foundation import clock, database, ids, text
from civic.foundation.errors import N_, Conflict, Invalid, Message
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.ledger.actions import Entry
from civic.processes.queries import ScopeCard

QUICKER = N_("Somebody was quicker: this was changed meanwhile. Your words are below; nothing is lost.")
ON_THE_PAGE = N_("it is about a particular situation, so you read it on the page only")
"""What stands in a message for words about a particular situation."""
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
    row = version_of(official, place, version_id, answer, await rendered(answer.rationale))
    row.group_id = group_id
    await row.save(force_create=True)
    for part in parts_of(row.id, answer):
        await part.save(force_create=True)
    if answer.provisions:
        linked = await Provision.filter(public_id__in=list(answer.provisions), decision_id=decision.id)
        await ProvisionLink.bulk_create(
            [ProvisionLink(version_id=row.id, provision_id=one.id) for one in linked]
        )
    return row, Entry(
        act,
        place.public_id,
        rev=row.number,
        **ledger.under(claim.public_id, opening(answer), is_private=claim.kind is ClaimKind.SITUATION),
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


def wrong_here(answer: Answer, point: RulePoint, articles: Mapping[str, Article]) -> dict[str, Message]:
    """Say what the rules find wrong with an answer to a point, given the articles that stand."""
    wrong = wrong_with(answer, point, articles, language=settings.current().languages[0])
    if not set(answer.provisions) <= set(articles):
        wrong.setdefault("provisions", Message(N_("One of these articles is no longer in the decision.")))
    return wrong


def lacking(answer: Answer, wrong: Mapping[str, Message]) -> Answer:
    """Note in an answer which fields it still lacks."""
    return replace(answer, details=replace(answer.details, lacks=" ".join(sorted(wrong))))


def article_facts(articles: Sequence[ArticleCard]) -> dict[str, Article]:
    """Give the articles that stand, as the rules see them."""
    return {one.public_id: one.facts for one in articles if not one.is_repealed}


def quoting(answer: Answer, scope: ScopeCard | None) -> Answer:
    """Quote in an answer the line it names; a line that is not there is taken out."""
    line = answer.details.scope_line
    if line is None:
        return answer
    if scope is None or line > len(scope.lines):
        return replace(answer, details=replace(answer.details, scope_line=None))
    details = replace(answer.details, scope_number=scope.number, scope_quote=dict(scope.lines[line - 1].text))
    return replace(answer, details=details)


def version_of(
    official: Viewer, place: Disposition, version_id: int, answer: Answer, html: Localized
) -> DispositionVersion:
    """Make the newest version of an answer, not yet stored."""
    return DispositionVersion(
        disposition_id=place.id,
        number=place.version,
        for_version_id=version_id,
        outcome=answer.outcome,
        sentence=answer.sentence,
        rationale=answer.rationale,
        rationale_html=html,
        reason_codes=list(answer.reason_codes),
        effects=list(answer.effects),
        evidence=answer.evidence,
        is_value_choice=answer.is_value_choice,
        details=packed(answer.details),
        reopens_on=answer.reopens_on,
        own_sentence=answer.own_sentence,
        digest=digest_of(answer),
        drafted_by_id=official.participant,
        drafted_at=clock.now(),
    )


def parts_of(version_id: int, answer: Answer) -> list[DispositionPart]:
    """Make the parts of an answer that says yes to some of a point, not yet stored."""
    return [
        DispositionPart(
            version_id=version_id,
            position=position,
            text=part.text,
            is_adopted=part.is_adopted,
            reason_codes=list(part.reason_codes),
            rationale=part.rationale,
        )
        for position, part in enumerate(answer.parts, 1)
    ]


def digest_of(answer: Answer) -> str:
    """Tell identical answers apart from others."""
    said = json.dumps(asdict(answer), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
