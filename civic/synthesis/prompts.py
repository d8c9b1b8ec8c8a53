"""Questions to start from when one asks an author (SPEC C6). Pure; a change of words raises the version.

They ask what somebody means, lives or needs; none suggests the answer or asks for proof of a right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic.foundation.errors import N_
from civic.foundation.tables import Localized

VERSION = 1
"""Of the words below; raised whenever one of them changes."""


class PromptKind(StrEnum):
    """What a question is for."""

    OPEN = "open"
    CLARIFYING = "clarifying"
    SITUATION = "situation"


KINDS: Mapping[PromptKind, str] = {
    PromptKind.OPEN: N_("Open: let the person tell"),
    PromptKind.CLARIFYING: N_("Clarifying: what exactly is meant"),
    PromptKind.SITUATION: N_("Situation: what it means for this person"),
}


@dataclass(frozen=True)
class Prompt:
    """One question to start from, in every language we write."""

    key: str
    kind: PromptKind
    text: Localized


def _prompt(key: str, kind: PromptKind, fr: str, en: str) -> Prompt:
    return Prompt(key, kind, {"fr": fr, "en": en})


PROMPTS: tuple[Prompt, ...] = (
    _prompt(
        "matters",
        PromptKind.OPEN,
        "Qu’est-ce qui compte le plus pour vous dans ce que vous demandez ?",
        "What matters most to you in what you ask for?",
    ),
    _prompt(
        "happens",
        PromptKind.OPEN,
        "Pouvez-vous raconter ce qui se passe aujourd’hui, avec vos mots ?",
        "Can you tell, in your own words, what happens today?",
    ),
    _prompt(
        "better",
        PromptKind.OPEN,
        "À quoi verriez-vous que les choses vont mieux ?",
        "How would you see that things have got better?",
    ),
    _prompt(
        "where",
        PromptKind.CLARIFYING,
        "De quel endroit, et de quel moment de la journée ou de l’année, parlez-vous ?",
        "Which place, and which time of the day or of the year, do you mean?",
    ),
    _prompt(
        "change",
        PromptKind.CLARIFYING,
        "Que faudrait-il changer exactement dans le texte ou sur le terrain ?",
        "What exactly should change in the text or on the ground?",
    ),
    _prompt(
        "several",
        PromptKind.CLARIFYING,
        "Nous lisons deux idées possibles. Laquelle est la vôtre, ou est-ce encore autre chose ?",
        "We read two possible ideas. Which one is yours, or is it something else again?",
    ),
    _prompt(
        "affected",
        PromptKind.SITUATION,
        "En quoi cette règle change-t-elle votre vie de tous les jours ? "
        "Dites seulement ce que vous voulez dire.",
        "How does this rule change your daily life? Say only what you wish to say.",
    ),
    _prompt(
        "possible",
        PromptKind.SITUATION,
        "Qu’est-ce qui rendrait la règle possible à suivre pour vous ?",
        "What would make the rule possible for you to follow?",
    ),
    _prompt(
        "reach",
        PromptKind.SITUATION,
        "Préférez-vous en parler de vive voix ? Si oui, quand et comment vous joindre ?",
        "Would you rather talk about it? If so, when and how can we reach you?",
    ),
)


def prompt_text(key: str, language: str) -> str:
    """Give a question in the language of the author, or else in English; "" when there is none."""
    found = next((one for one in PROMPTS if one.key == key), None)
    return found.text.get(language, found.text["en"]) if found else ""
