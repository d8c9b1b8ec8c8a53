"""What somebody chooses when they follow a thing."""

from __future__ import annotations

from dataclasses import dataclass

from civic.foundation import forms
from civic.foundation.errors import N_
from civic.foundation.formdata import FormData
from civic.notices.models import Pace

PACES = {
    Pace.ONCE: N_("At once, for each piece of news"),
    Pace.DAILY: N_("Once a day, in the morning"),
    Pace.WEEKLY: N_("Once a week, on Monday morning"),
}
FIELDS = ("pace", "address")


@dataclass(frozen=True)
class Wish:
    """How often, and, without an account, to which address."""

    pace: Pace
    address: str


def parse_wish(form: FormData, *, by_mail: bool) -> Wish:
    """Read how often, and the address of somebody without an account. Raises Invalid."""
    pace = forms.choice(form, "pace", tuple(PACES))
    address = forms.email(form, "address", required=by_mail) if by_mail else ""
    form.demand()
    return Wish(Pace(pace), address)


def parse_pace(form: FormData) -> Pace:
    """Read how often. Raises Invalid."""
    pace = forms.choice(form, "pace", tuple(PACES))
    form.demand()
    return Pace(pace)
