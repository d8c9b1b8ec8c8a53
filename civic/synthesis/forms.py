"""Read a cut, its second reading, a question or a check to an author, and what the author says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from civic.contributions.models import ClaimKind
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized
from civic.synthesis.rules import Stretch

MAX_QUESTION = 2_000
MAX_ANSWER = 10_000
MAX_RESTATEMENT = 1_000
MOST_POINTS = 30
LEAST_DAYS = 5
MOST_DAYS = 60
USUAL_DAYS = 10
"""Days an author has to answer (R6): at least, at most, and when nothing else is said."""

CUT_FIELDS = (
    "point",
    "sentence",
    "selection",
    "selected",
    "kind",
    "restatement",
    "accept",
    "step",
    "remove",
    "version",
)
KINDS = tuple(kind for kind in ClaimKind if kind is not ClaimKind.SITUATION)
_PASSAGE = re.compile(r"(title|text)-(\d{1,6})-(\d{1,6})", re.ASCII)
_PACKED = re.compile(r"(title|text)-(\d{1,6})-(\d{1,6})-([0-9a-f]{64})", re.ASCII)
_SUGGESTED = "~"


@dataclass(frozen=True)
class PointDraft:
    """One point to be: the words it rests on, what it asks, how the official understands it."""

    sentences: tuple[int, ...]
    kind: ClaimKind
    restatement: str = ""
    stretches: tuple[Stretch, ...] = ()
    is_suggested: bool = False
    """Whether a machine proposed it; a person accepted it, or it would not be here (R14)."""

    @property
    def packed(self) -> str:
        """Write the point in one hidden field, so that a cut goes on from page to page."""
        places = [*map(str, self.sentences), *(one.packed for one in self.stretches)]
        mark = _SUGGESTED if self.is_suggested else ""
        return f"{mark}{'.'.join(places)}|{self.kind}|{self.restatement}"


@dataclass(frozen=True)
class QuestionDraft:
    """What an official asks an author, and how many days the answer may take."""

    text: str
    days: int


def parse_points(form: FormData) -> list[PointDraft]:
    """Read the points made so far."""
    points = []
    for packed in form.all("point")[:MOST_POINTS]:
        places, _, rest = packed.partition("|")
        kind, _, restatement = rest.partition("|")
        given = places.removeprefix(_SUGGESTED).split(".")
        ticked = tuple(int(one) for one in given if one.isdecimal() and len(one) < 6)
        found = [match for one in given if (match := _PACKED.fullmatch(one))]
        stretches = tuple(Stretch(one[1], int(one[2]), int(one[3]), one[4]) for one in found)
        if kind in set(KINDS) and (ticked or stretches) and len(restatement) <= MAX_RESTATEMENT:
            suggested = places.startswith(_SUGGESTED)
            points.append(PointDraft(ticked, ClaimKind(kind), restatement, stretches, suggested))
    return points


def parse_point(form: FormData, sentences: int) -> PointDraft:
    """Read the point being made: its ticked sentences or selected words, its kind, what it says."""
    allowed = [str(number) for number in range(sentences)]
    ticked = forms.choices(form, "sentence", allowed)
    stretches = _stretches(form)
    if not ticked and not stretches:
        form.errors.note("sentence", Message(N_("Tick the sentences of this point.")))
    point = PointDraft(
        sentences=tuple(sorted(map(int, ticked))),
        kind=forms.option(form, "kind", ClaimKind),
        restatement=forms.text(form, "restatement", max=MAX_RESTATEMENT, required=False),
        stretches=stretches,
    )
    form.demand()
    return point


def _stretches(form: FormData) -> tuple[Stretch, ...]:
    """Read the words that were selected: where they stand, and the digest of the words as they were seen."""
    found = []
    for place, said in zip(form.all("selection")[:MOST_POINTS], form.all("selected"), strict=False):
        match = _PASSAGE.fullmatch(place)
        if match:
            found.append(Stretch(match[1], int(match[2]), int(match[3]), digest_of(said)))
    return tuple(found)


def digest_of(words: str) -> str:
    """Name words by their digest, however the browser ends its lines."""
    return hashlib.sha256(words.replace("\r\n", "\n").encode()).hexdigest()


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


@dataclass(frozen=True)
class ReadingDraft:
    """What the second reader says of the points of a text."""

    is_confirmed: bool
    note: str


@dataclass(frozen=True)
class PointReply:
    """What an author says of one restated point: right, or how they would put it."""

    claim: str
    is_right: bool
    words: str = ""


@dataclass(frozen=True)
class CheckDraft:
    """What an author says of all restated points, and the point that was missed."""

    replies: tuple[PointReply, ...]
    missed: str


READING_FIELDS = ("verdict", "note", "points")
CHECK_FIELDS = ("verdict_*", "words_*", "missed")


def parse_reading(form: FormData) -> ReadingDraft:
    """Read what the second reader says; sending points back takes a word of explanation."""
    is_confirmed = forms.choice(form, "verdict", ("confirm", "return")) == "confirm"
    note = forms.words(form, "note", max=MAX_RESTATEMENT, required=not is_confirmed)
    form.demand()
    return ReadingDraft(is_confirmed, note)


def parse_restatement(form: FormData) -> str:
    """Read how a point is understood."""
    said = forms.text(form, "restatement", max=MAX_RESTATEMENT)
    form.demand()
    return said


def parse_check(form: FormData, claims: Collection[str], *, may_skip: bool) -> CheckDraft:
    """Read what an author says of each point; on paper a point may be left blank."""
    replies = []
    for claim in claims:
        said = forms.choice(form, f"verdict_{claim}", ("yes", "no"), required=not may_skip)
        if said:
            words = forms.words(form, f"words_{claim}", max=MAX_RESTATEMENT, required=said == "no")
            replies.append(PointReply(claim, said == "yes", words if said == "no" else ""))
    missed = forms.words(form, "missed", max=MAX_RESTATEMENT, required=False)
    if not replies and not missed and not form.errors:
        form.errors.note("missed", Message(N_("Answer at least one point.")))
    form.demand()
    return CheckDraft(tuple(replies), missed)


MAX_TITLE = 160
MAX_STATEMENT = 2_000
MAX_INTRODUCTION = 6_000
THEME_FIELDS = ("process", "title_*", "concern_*", "minority_*", "expected_version")
SYNTHESIS_FIELDS = ("process", "issues", "title_*", "introduction_*", "expected_version")


@dataclass(frozen=True)
class ThemeDraft:
    """The words of a theme: its name, the concern, and what a minority says against it."""

    title: Localized
    concern: Localized
    minority: Localized


@dataclass(frozen=True)
class SynthesisDraft:
    """The name of a synthesis, how it begins, and the questions it tells of."""

    title: Localized
    introduction: Localized
    issues: tuple[str, ...] = ()


def parse_theme(form: FormData) -> ThemeDraft:
    """Read the words of a theme. Raises Invalid."""
    draft = ThemeDraft(
        title=forms.localized(form, "title", max=MAX_TITLE, label=N_("Name of the theme")),
        concern=forms.localized(
            form, "concern", max=MAX_STATEMENT, label=N_("The concern"), required=False, lines=True
        ),
        minority=forms.localized(
            form, "minority", max=MAX_STATEMENT, label=N_("The other side"), required=False, lines=True
        ),
    )
    form.demand()
    return draft


def parse_synthesis(form: FormData, issues: Collection[str] | None = None) -> SynthesisDraft:
    """Read a synthesis; with the questions it may tell of when it is begun. Raises Invalid."""
    draft = SynthesisDraft(
        title=forms.localized(form, "title", max=MAX_TITLE, label=N_("Title")),
        introduction=forms.localized(
            form,
            "introduction",
            max=MAX_INTRODUCTION,
            label=N_("How it begins"),
            required=False,
            lines=True,
        ),
        issues=forms.choices(form, "issues", issues, label=N_("Questions"), required=True)
        if issues is not None
        else (),
    )
    form.demand()
    return draft
