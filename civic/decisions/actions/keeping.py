"""What one answer and many have in common: what the rules find wrong, and the rows that are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from civic import settings
from civic.decisions.models import Disposition, DispositionPart, DispositionVersion
from civic.decisions.queries import ArticleCard
from civic.decisions.rules import Answer, Article, packed, wrong_with
from civic.decisions.rules import Point as RulePoint
from civic.foundation import clock
from civic.foundation.errors import N_, Message
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes.queries import ScopeCard


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
