"""What officials write about a meeting: text in, frozen drafts or field errors out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic.contributions.forms import MAX_COMMENT, MAX_NAME
from civic.contributions.models import Relation
from civic.contributions.policies import OWING
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized
from civic.meetings.models import MeetingKind
from civic.processes.models import Category

MAX_PRESENT = 100_000
WORDS_FIELDS = ("title_*", "starts_at", "ends_at", "place", "access_*", "taking_part_*")
MEETING_FIELDS = ("kind", "issues", *WORDS_FIELDS)
CHANGE_FIELDS = (*WORDS_FIELDS, "reason_*")
CANCELLATION_FIELDS = ("because_*",)
POINT_FIELDS = ("issue", "body", "relation", "speaker", "may_name", "read_back", "capacity")
MINUTES_FIELDS = ("present", "text_*", "change_*")
RELATIONS = tuple(one for one in Relation if one in OWING)
"""What a point said aloud may do: each of them is owed an answer."""

_BACKWARDS = N_("The end comes before the beginning.")
_ASK = N_("Write a name only if this person agrees to be named in public.")


@dataclass(frozen=True)
class MeetingWords:
    """What is announced of a meeting."""

    title: Localized
    starts_at: datetime
    ends_at: datetime
    place: str
    access: Localized
    taking_part: Localized


@dataclass(frozen=True)
class MeetingDraft:
    """A new meeting, and the questions it is about."""

    kind: MeetingKind
    issues: tuple[str, ...]
    words: MeetingWords


@dataclass(frozen=True)
class PointDraft:
    """What somebody said: in their words, with their name or without, read back to them or not."""

    issue: str
    body: str
    relation: Relation
    speaker: str
    read_back: bool
    capacity: Category | None = None


@dataclass(frozen=True)
class MinutesDraft:
    """How many people were there and what happened; what changed, from the second version on."""

    present: int
    text: Localized
    change: Localized


def parse_meeting(form: FormData, issues: Sequence[str]) -> MeetingDraft:
    """Read the form that announces a meeting."""
    kind = forms.option(form, "kind", MeetingKind)
    about = forms.choices(form, "issues", issues, required=True)
    words = _words(form)
    form.demand()
    return MeetingDraft(kind, about, words)


def parse_change(form: FormData) -> tuple[MeetingWords, Localized]:
    """Read what is announced from now on, and the public reason."""
    words = _words(form)
    return words, _reason(form, "reason")


def parse_cancellation(form: FormData) -> Localized:
    """Read the public reason of a cancellation."""
    return _reason(form, "because")


def _reason(form: FormData, name: str) -> Localized:
    reason = forms.localized(form, name, max=600, lines=True)
    form.demand()
    return reason


def _words(form: FormData) -> MeetingWords:
    words = MeetingWords(
        title=forms.localized(form, "title", max=160),
        starts_at=forms.moment(form, "starts_at"),
        ends_at=forms.moment(form, "ends_at"),
        place=forms.text(form, "place", max=200),
        access=forms.localized(form, "access", max=1000, lines=True),
        taking_part=forms.localized(form, "taking_part", max=1000, lines=True),
    )
    if words.ends_at <= words.starts_at and not {"starts_at", "ends_at"} & set(form.errors):
        form.errors.note("ends_at", Message(_BACKWARDS))
    return words


def parse_point(form: FormData, issues: Sequence[str]) -> PointDraft:
    """Read one point; a name needs the agreement of the person."""
    draft = PointDraft(
        issue=forms.choice(form, "issue", issues),
        body=forms.words(form, "body", max=MAX_COMMENT),
        relation=Relation(forms.choice(form, "relation", RELATIONS) or Relation.ASKS),
        speaker=forms.text(form, "speaker", max=MAX_NAME, required=False),
        read_back=forms.choice(form, "read_back", ("yes", "no")) == "yes",
        capacity=forms.option(form, "capacity", Category, required=False),
    )
    if draft.speaker and not forms.ticked(form, "may_name"):
        form.errors.note("may_name", Message(_ASK))
    form.demand()
    return draft


def parse_minutes(form: FormData, *, is_first: bool) -> MinutesDraft:
    """Read the minutes; later versions say what changed."""
    draft = MinutesDraft(
        present=forms.whole(form, "present", min=0, max=MAX_PRESENT),
        text=forms.localized(form, "text", max=20_000, lines=True),
        change={} if is_first else forms.localized(form, "change", max=600, lines=True),
    )
    form.demand()
    return draft
