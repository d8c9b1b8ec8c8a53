"""Read the answers to a survey: six questions, all optional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civic.evaluation.items import AGREES, DONT_KNOW, ITEMS
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData

ANSWER_FIELDS = tuple(ITEMS)
_CODES = {str(code): code for code in (*AGREES, DONT_KNOW)}


@dataclass(frozen=True)
class AnswerDraft:
    """What somebody answers, by question; a question left blank is not there."""

    answers: Mapping[str, int]


def parse_answers(form: FormData) -> AnswerDraft:
    """Read the answers; one at least, or there is nothing to send."""
    given = {
        key: forms.choice(form, key, _CODES, label=words, required=False) for key, words in ITEMS.items()
    }
    answers = {key: _CODES[code] for key, code in given.items() if code}
    if not answers and not form.errors:
        form.errors.note(next(iter(ITEMS)), Message(N_("Answer at least one question, or leave this page.")))
    form.demand()
    return AnswerDraft(answers)
