"""Two people wrote at the same time: theirs and mine side by side, each field chosen, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from civic import settings
from civic.decisions.queries import Outcome
from civic.decisions.words import ANSWER_LABELS, EFFECTS, OUTCOMES, REASONS
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import CSRF, FORM_KEY, FormData

Values = Mapping[str, tuple[str, ...]]

PICK = "pick-"
_ALONE = frozenset({CSRF, FORM_KEY, "expected_version", "next", "back", "in_group", "what", "more"})
"""What belongs to the form itself, not to what is written with it."""
_JOINED = frozenset(
    {
        "rationale",
        "differs",
        "weighed",
        "trigger",
        "remedies",
        "where",
        "evidence",
        "anchor",
        "text",
        "plain",
        "before",
    }
)
"""Texts of several lines: both can be kept, one after the other."""
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

Spoken = Callable[[str, str], "str | Message"]


@dataclass(frozen=True)
class Unit:
    """One thing both wrote: a field, or fields that belong together."""

    name: str
    label: str | Message
    language: str
    theirs: tuple[str | Message, ...]
    mine: tuple[str | Message, ...]
    chosen: str
    both_changed: bool
    can_join: bool


def units(base: Values, theirs: Values, mine: Values, spoken: Spoken) -> list[Unit]:
    """List what differs; what only one of the two changed is chosen already."""
    before, them, me = _grouped(base), _grouped(theirs), _grouped(mine)
    found = []
    for name in dict.fromkeys([*me, *them]):
        was, his, my = (one.get(name, {}) for one in (before, them, me))
        if his == my:
            continue
        stem, language = _stem(name)
        found.append(
            Unit(
                name=name,
                label=_LABELS.get(stem, stem),
                language=language,
                theirs=_said(his, spoken),
                mine=_said(my, spoken),
                chosen="theirs" if my == was else "mine",
                both_changed=was not in (his, my),
                can_join=stem in _JOINED and bool(his) and bool(my),
            )
        )
    return found


def settled(form: FormData, theirs: Values) -> FormData:
    """Apply what was chosen on the page to the form: mine where nothing was chosen."""
    picks = {name.removeprefix(PICK): form.value(name) for name in form.values if name.startswith(PICK)}
    values = {name: given for name, given in form.values.items() if not name.startswith(PICK)}
    them = _grouped(theirs)
    for unit, pick in picks.items():
        own = [name for name in values if _unit(name) == unit]
        if pick == "both" and own:
            said = them.get(unit, {}).get(unit, ())
            values[unit] = ("\n\n".join([*said, *values[unit]]),)
        elif pick == "theirs":
            values = {name: given for name, given in values.items() if name not in own} | them.get(unit, {})
    return FormData(values, form.files, form.errors)


def carried(form: FormData) -> list[tuple[str, str]]:
    """Give what I wrote, to travel with the page."""
    return [
        (name, one)
        for name, given in form.values.items()
        if name not in (CSRF, FORM_KEY, "expected_version") and not name.startswith(PICK)
        for one in given
    ]


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


def values_of(given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Write the values of a form as it would send them."""
    return {
        name: tuple(map(str, one)) if isinstance(one, (tuple, list)) else (str(one),)
        for name, one in given.items()
        if one not in (None, "", ())
    }


def _grouped(values: Values) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, given in values.items():
        said = tuple(one.replace("\r\n", "\n").strip() for one in given if one.strip())
        if said and name not in _ALONE and not name.startswith(PICK) and name != "parts":
            found.setdefault(_unit(name), {})[name] = said
    return found


def _unit(name: str) -> str:
    if name == "parts" or _PART.match(name):
        return "parts"
    return "article" if name.startswith("article_") else name


def _stem(name: str) -> tuple[str, str]:
    for code in settings.current().languages:
        if name.endswith(f"_{code}"):
            return name.removesuffix(f"_{code}"), code
    return name, ""


def _said(fields: Mapping[str, tuple[str, ...]], spoken: Spoken) -> tuple[str | Message, ...]:
    return tuple(spoken(name, one) for name, given in sorted(fields.items()) for one in given)
