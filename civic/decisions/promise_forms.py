"""Read what is said after a decision: of a promise, and of a point that was put off or passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from civic.decisions.models import UserCheck
from civic.decisions.words import ANSWER_LABELS
from civic.foundation import clock, forms
from civic.foundation.errors import N_, Message
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


@dataclass(frozen=True)
class DelegationDraft:
    """Who signs for a decision maker, from which day to which, and the public reason."""

    delegate: str
    starts_on: date
    ends_on: date
    reason: Localized


_LONGEST_DELEGATION = timedelta(days=366)


def parse_delegation(form: FormData, possible: Sequence[str]) -> DelegationDraft:
    """Read a delegated signature: a named official, days that are not over, a year at most."""
    draft = DelegationDraft(
        delegate=forms.choice(form, "delegate", possible),
        starts_on=forms.day(form, "from"),
        ends_on=forms.day(form, "to"),
        reason=forms.localized(form, "reason", max=600, lines=True),
    )
    if not {"from", "to"} & set(form.errors):
        if draft.ends_on < draft.starts_on:
            form.errors.note("to", Message(N_("The last day comes before the first.")))
        elif draft.ends_on < clock.local_day(clock.now()):
            form.errors.note("to", Message(N_("These days are over.")))
        elif draft.ends_on - draft.starts_on > _LONGEST_DELEGATION:
            form.errors.note("to", Message(N_("A signature is delegated for one year at most.")))
    form.demand()
    return draft


def parse_revocation(form: FormData) -> Localized:
    """Read why a delegated signature is taken back."""
    reason = forms.localized(form, "because", max=600, lines=True)
    form.demand()
    return reason
