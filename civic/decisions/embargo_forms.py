"""Read when the people concerned hear first, and who outside reads a decision before it is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic import settings
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized

ADVANCE_FIELDS = ("first", "first_at")
VIEW_FIELDS = ("name", "organisation", "address", "language", "reason_*", "until")
END_FIELDS = ("because",)
NOW, LATER = "now", "later"


@dataclass(frozen=True)
class ViewDraft:
    """Who reads a decision early, for whom they work, why, and until when at most."""

    name: str
    organisation: str
    address: str
    language: str
    reason: Localized
    until: datetime | None


def parse_advance(form: FormData) -> datetime | None:
    """Read when the people concerned are told; None is as soon as it can be."""
    chosen = forms.choice(form, "first", (NOW, LATER))
    at = forms.moment(form, "first_at", required=False) if chosen == LATER else None
    if chosen == LATER and at is None and "first_at" not in form.errors:
        form.errors.note("first_at", Message(N_("Say when the people concerned are told.")))
    form.demand()
    return at


def parse_view(form: FormData) -> ViewDraft:
    """Read who is given an embargoed view; the organisation and the reason become public."""
    draft = ViewDraft(
        name=forms.text(form, "name", max=160),
        organisation=forms.text(form, "organisation", max=160),
        address=forms.email(form, "address"),
        language=forms.choice(form, "language", settings.current().languages),
        reason=forms.localized(form, "reason", max=300),
        until=forms.moment(form, "until", required=False),
    )
    form.demand()
    return draft


def parse_end(form: FormData) -> str:
    """Read why a view is taken back."""
    reason = forms.text(form, "because", max=300)
    form.demand()
    return reason
