"""What an answer and an article say, in words, where two people wrote them at the same time."""

from __future__ import annotations

import re
from collections.abc import Mapping

from civic.decisions.queries import Outcome
from civic.decisions.words import ANSWER_LABELS, EFFECTS, OUTCOMES, REASONS
from civic.foundation.errors import N_, Message
from civic.foundation.merging import Merging, Spoken

_PART = re.compile(r"part\d")
_LABELS: Mapping[str, str | Message] = {
    **ANSWER_LABELS,
    "outcome": N_("What becomes of this point?"),
    "reason_codes": N_("Reasons"),
    "effects": N_("Effects"),
    "provisions": N_("Articles that carry this answer"),
    "is_value_choice": N_("This is a choice of values, and we say so"),
    "scope_line": N_("The line of the scope that applied when the point was made"),
    "parts": N_("Parts of the point"),
    "article": N_("Write a new article from this point"),
    "heading": N_("Heading"),
    "text": N_("Words of the article"),
    "plain": N_("In plain words"),
    "before": N_("Text in force before it"),
    "note": N_("Note on this version"),
    "is_repealed": N_("Take this article out of the decision"),
}
_YES = N_("Yes")
_STANDING = {"adopted": OUTCOMES[Outcome.ADOPTED], "refused": OUTCOMES[Outcome.DECLINED]}


def spoken_answer(articles: Mapping[str, str]) -> Spoken:
    """Say the codes of an answer in words; `articles` gives the heading of each by its public id."""

    def spoken(name: str, value: str) -> str | Message:
        tables: Mapping[str, Mapping[str, str | Message]] = {
            "outcome": {str(code): said for code, said in OUTCOMES.items()},
            "effects": {str(code): Message(said) for code, said in EFFECTS.items()},
            "provisions": articles,
            "is_value_choice": {"1": Message(_YES)},
            "is_repealed": {"1": Message(_YES)},
        }
        if name.endswith(("reason_codes", "_reasons")):
            return Message(REASONS_BY_CODE.get(value, value))
        if _PART.match(name) and name.endswith("_is"):
            return _STANDING.get(value, value)
        return tables.get(name, {}).get(value, value)

    return spoken


REASONS_BY_CODE: Mapping[str, str] = {str(code): said for code, said in REASONS.items()}


def _unit(name: str) -> str:
    if name == "parts" or _PART.match(name):
        return "parts"
    return "article" if name.startswith("article_") else name


WRITTEN = Merging(
    labels=_LABELS,
    joined=frozenset(
        {
            "rationale", "differs", "weighed", "trigger", "remedies", "where", "evidence", "anchor", "text",
            "plain", "before",
        }
    ),
    alone=frozenset({"next", "back", "in_group", "what", "more", "parts"}),
    unit=_unit,
)  # fmt: skip
"""How answers and articles are merged."""
