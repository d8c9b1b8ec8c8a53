"""What the outcome columns of a grid say of a point: imported, drafted, or published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from civic.decisions.queries import AnswerCard, MilestoneCard, OutcomeCard
from civic.decisions.rules import Answer, Part
from civic.foundation import clock
from civic.foundation.tables import Localized
from civic.opendata import grid
from civic.opendata.grid import When
from civic.opendata.queries.known import KnownOutcome, any_text

Row = dict[str, Any]


def imported(claim: Row) -> dict[str, Any]:
    """Say what came with an import."""
    known = KnownOutcome(*(claim[name] for name in KnownOutcome.__dataclass_fields__))
    return {
        "outcome": known.outcome,
        "reason": known.reason,
        "provision": known.provision,
        "milestone": known.milestone,
        "decided_at": read_when(known.decided_on),
        "decided_by": known.decided_by,
    }


def read_when(written: str) -> When | None:
    """Read a date as the import kept it."""
    if not written:
        return None
    return dt.date.fromisoformat(written) if len(written) == 10 else dt.datetime.fromisoformat(written)


def drafted(card: AnswerCard, language: str) -> dict[str, Any]:
    """Say what an answer says."""
    said = card.answer.rationale or card.answer.sentence
    return {
        "outcome": str(card.outcome),
        "reason": _in(said, language),
        "provision": listed(article.eid for article in card.articles),
    }


def published(card: OutcomeCard, promises: Sequence[MilestoneCard], language: str) -> dict[str, Any]:
    """Say what was published, who signed it and what it promises."""
    stated = card.stated
    signer = ", ".join(part for part in (stated.signed_by, stated.signed_role) if part)
    return drafted(card.answer, language) | {
        "decided_at": clock.local_day(stated.released_at),
        "decided_by": signer[: grid.MAX_CELL["decided_by"]],
        "milestone": promised(card.answer, promises, language),
    }


def promised(card: AnswerCard, promises: Sequence[MilestoneCard], language: str) -> str:
    """Write the first promise that an article of the answer carries."""
    carried = {article.provision_id for article in card.articles}
    promise = next((one for one in promises if one.provision_id in carried), None)
    if promise is None:
        return ""
    words = f"{promise.due_on.isoformat()} {_in(promise.promise, language)}"
    return words[: grid.MAX_CELL["milestone"]]


def _in(texts: Localized, language: str) -> str:
    return texts.get(language) or any_text(texts)


def listed(names: Iterable[str]) -> str:
    """Join names with "|", as many as fit."""
    kept = ""
    for name in names:
        joined = f"{kept} | {name}" if kept else str(name)
        if len(joined) > grid.MAX_CELL["theme"]:
            break
        kept = joined
    return kept


def details_of(answer: Answer, language: str) -> dict[str, object]:
    """Say what an answer holds beyond its outcome, reason and articles, under the columns of the desk."""
    details = answer.details
    yes, no = two_parts(answer)
    values: dict[str, object] = {
        "sentence": _in(answer.sentence, language) if answer.rationale else "",
        "reason_codes": tuple(str(code) for code in answer.reason_codes or (no.reason_codes if no else ())),
        "evidence": answer.evidence,
        "value_choice": answer.is_value_choice or None,
        "reopens_on": answer.reopens_on,
        "yes_part": _in(yes.text, language) if yes else "",
        "no_part": _in(no.text, language) if no else "",
    }
    for name in grid.DETAIL_COLUMNS:
        if name not in values:
            found = getattr(details, name)
            values[name] = _in(found, language) if isinstance(found, dict) else found
    return {name: values[name] for name in grid.DETAIL_COLUMNS if values[name] not in (None, "", ())}


def two_parts(answer: Answer) -> tuple[Part | None, Part | None]:
    """Give the adopted and the refused part of an answer that has one of each, as a sheet can hold them."""
    yes = [part for part in answer.parts if part.is_adopted]
    no = [part for part in answer.parts if not part.is_adopted]
    return (yes[0], no[0]) if (len(yes), len(no)) == (1, 1) else (None, None)
