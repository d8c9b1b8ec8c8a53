"""Read what is said after a decision: of a promise, and of a point that was put off or passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civic.decisions.models import UserCheck
from civic.decisions.words import ANSWER_LABELS
from civic.foundation import forms
from civic.foundation.errors import N_
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized


@dataclass(frozen=True)
class NewsDraft:
    """What the body a point was passed on to has said, and when it is asked again."""

    acknowledged_on: date | None
    follow_up_on: date | None
    note: Localized


def parse_news(form: FormData) -> NewsDraft:
    """Read what the other body said."""
    draft = NewsDraft(
        acknowledged_on=forms.day(
            form, "acknowledged_on", label=ANSWER_LABELS["acknowledged_on"], required=False
        ),
        follow_up_on=forms.day(form, "follow_up_on", label=ANSWER_LABELS["follow_up_on"], required=False),
        note=forms.localized(form, "note", max=500, required=False, label=N_("What it said")),
    )
    form.demand()
    return draft


def parse_reopening(form: FormData) -> tuple[date, Localized]:
    """Read when the event happened for which a point was put off, and what it was."""
    day = forms.day(form, "happened_on", label=N_("Day"))
    note = forms.localized(form, "note", max=500, label=N_("What happened"))
    form.demand()
    return day, note


def parse_check(form: FormData, contributions: tuple[str, ...]) -> tuple[str, UserCheck]:
    """Read what somebody found of a promise, for one of the contributions that led to it."""
    contribution = forms.choice(form, "contribution", contributions)
    answer = forms.option(form, "answer", UserCheck)
    form.demand()
    return contribution, answer
