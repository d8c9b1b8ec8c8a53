"""Read a cut, a question to an author, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from civic.contributions.models import ClaimKind
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData

MAX_QUESTION = 2_000
MAX_ANSWER = 10_000
MAX_RESTATEMENT = 1_000
MOST_POINTS = 30
LEAST_DAYS = 5
MOST_DAYS = 60
USUAL_DAYS = 10
"""Days an author has to answer (R6): at least, at most, and when nothing else is said."""

CUT_FIELDS = ("point", "sentence", "kind", "restatement", "step", "remove", "version")
KINDS = tuple(kind for kind in ClaimKind if kind is not ClaimKind.SITUATION)


@dataclass(frozen=True)
class PointDraft:
    """One point to be: the sentences it rests on, what it asks, how the official understands it."""

    sentences: tuple[int, ...]
    kind: ClaimKind
    restatement: str = ""

    @property
    def packed(self) -> str:
        """Write the point in one hidden field, so that a cut goes on from page to page."""
        return f"{'.'.join(map(str, self.sentences))}|{self.kind}|{self.restatement}"


@dataclass(frozen=True)
class QuestionDraft:
    """What an official asks an author, and how many days the answer may take."""

    text: str
    days: int


def parse_points(form: FormData) -> list[PointDraft]:
    """Read the points made so far."""
    points = []
    for packed in form.all("point")[:MOST_POINTS]:
        numbers, _, rest = packed.partition("|")
        kind, _, restatement = rest.partition("|")
        ticked = [one for one in numbers.split(".") if one.isdecimal() and len(one) < 6]
        if kind in set(KINDS) and ticked and len(restatement) <= MAX_RESTATEMENT:
            points.append(PointDraft(tuple(map(int, ticked)), ClaimKind(kind), restatement))
    return points


def parse_point(form: FormData, sentences: int) -> PointDraft:
    """Read the point being made: its ticked sentences, its kind, its words."""
    allowed = [str(number) for number in range(sentences)]
    ticked = forms.choices(form, "sentence", allowed)
    if not ticked:
        form.errors.note("sentence", Message(N_("Tick the sentences of this point.")))
    point = PointDraft(
        sentences=tuple(sorted(map(int, ticked))),
        kind=forms.option(form, "kind", ClaimKind),
        restatement=forms.text(form, "restatement", max=MAX_RESTATEMENT, required=False),
    )
    form.demand()
    return point


def parse_question(form: FormData) -> QuestionDraft:
    """Read a question to an author."""
    draft = QuestionDraft(
        text=forms.words(form, "question", max=MAX_QUESTION, label=N_("Your question")),
        days=forms.whole(form, "days", min=LEAST_DAYS, max=MOST_DAYS, label=N_("Days to answer")),
    )
    form.demand()
    return draft


def parse_clarification(form: FormData) -> str:
    """Read the author's answer."""
    said = forms.words(form, "text", max=MAX_ANSWER)
    form.demand()
    return said
