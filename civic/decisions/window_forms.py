"""Read until when a draft is open for reactions, what authors say of it, and what is answered to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from civic.decisions.deadlines import first_closing, last_closing
from civic.decisions.models import Stance
from civic.foundation import clock, forms
from civic.foundation.errors import N_, Message, message
from civic.foundation.formdata import FormData

MAX_REACTION = 5_000
MAX_ANSWER = 2_000
MOST_CONSIDERED = 200

_NOTHING = N_("Say what you think of at least one point.")
_NO_STANCE = N_("You wrote something about this point: choose what it is.")
_NONE_TICKED = N_("Tick at least one reaction.")


@dataclass(frozen=True)
class ReactionDraft:
    """What an author says of the outcome proposed for one of their points."""

    claim: str
    stance: Stance
    text: str


@dataclass(frozen=True)
class ReadingDraft:
    """Reactions that were considered, by their public ids, and what is answered to each."""

    reactions: tuple[str, ...]
    answer: str


def parse_window(form: FormData) -> date:
    """Read the last day of a window: the fourteenth after its opening, or a later one."""
    day = forms.day(form, "closes_on", label=N_("Last day for reactions"))
    opened = clock.now() + clock.hold()
    first, last = first_closing(opened), last_closing(opened)
    if "closes_on" not in form.errors and not first <= day <= last:
        wrong = message(N_("Choose a day from %(first)s to %(last)s."), first=first, last=last)
        form.errors.note("closes_on", wrong)
    form.demand()
    return day


def parse_reactions(form: FormData, claims: Collection[str]) -> list[ReactionDraft]:
    """Read what an author says of some of their points; those left blank stay as they are."""
    said = []
    for claim in claims:
        stance = forms.option(form, f"stance_{claim}", Stance, required=False)
        words = forms.words(form, f"words_{claim}", max=MAX_REACTION, required=False)
        if stance is not None:
            said.append(ReactionDraft(claim, stance, words))
        elif words:
            form.errors.note(f"stance_{claim}", Message(_NO_STANCE))
    if not said and not form.errors and claims:
        form.errors.note(f"stance_{next(iter(claims))}", Message(_NOTHING))
    form.demand()
    return said


def parse_reading(form: FormData) -> ReadingDraft:
    """Read which reactions were considered, with the answer to them if there is one."""
    ticked = tuple(dict.fromkeys(form.all("which")))
    answer = forms.words(form, "answer", max=MAX_ANSWER, required=False)
    if not ticked:
        form.errors.note("which", Message(_NONE_TICKED))
    form.demand()
    return ReadingDraft(ticked[:MOST_CONSIDERED], answer)
