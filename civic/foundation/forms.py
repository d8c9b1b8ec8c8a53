"""Text in, values or errors out; the words a person sent are never lost on the way.

A reader takes the form and the name of a field, notes what is wrong under that name, and gives a value:

    form = await forms.read(request, only=("title", "body"))
    title = forms.line(form, "title", label=N_("Title"), max=200)
    body = forms.words(form, "body", label=N_("Your proposal"), max=100_000)
    form.demand()          # raises Invalid with all errors
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from civic.foundation.errors import Invalid, Message

MAX_FIELDS = 1_000
CSRF = "csrf"
FORM_KEY = "form_key"

Values = Mapping[str, tuple[str, ...]]


class Errors(dict[str, Message]):
    """What is wrong, field by field."""

    def note(self, name: str, wrong: Message) -> None:
        """Keep the first thing wrong with a field."""
        self.setdefault(name, wrong)


@dataclass
class FormData:
    """What a person sent, and what is wrong with it."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)

    def value(self, name: str, default: str = "") -> str:
        """Give the words sent under a name; of several, the last."""
        found = self.values.get(name)
        return found[-1] if found else default

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value sent under a name (checkboxes)."""
        return self.values.get(name, ())

    def error(self, name: str) -> Message | None:
        """Give what is wrong with a field."""
        return self.errors.get(name)

    @property
    def key(self) -> str:
        """The once key of this form."""
        return self.value(FORM_KEY)

    def demand(self) -> None:
        """Go on when nothing is wrong; otherwise raise Invalid."""
        if self.errors:
            raise Invalid(self.errors)


def blank(**values: object) -> FormData:
    """Make a form nobody has sent yet, with first values."""
    return FormData({name: (str(value),) for name, value in values.items() if value is not None})
