"""What a comment is made of, read from its form."""

from __future__ import annotations

from dataclasses import dataclass, field

from civic.contributions import forms as said
from civic.contributions.forms import Author, Capacity, SituationDraft
from civic.contributions.models import Relation, WrittenAs
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.viewer import Viewer

COMMENT_FIELDS = (
    *("body", "relation", "parent", "as_official"),
    *said.CAPACITY_FIELDS,
    *said.SITUATION_FIELDS,
    *said.GUEST_FIELDS,
)
DRAFT_FIELDS = ("body", "relation")
"""What a draft keeps of a comment."""
EDIT_FIELDS = ("body", "note", "version")
RELATION_FIELDS = ("relation",)
INSIGHT_FIELDS = ("marked",)
WITHDRAWAL_FIELDS = ("reason",)


@dataclass(frozen=True)
class CommentDraft:
    """A comment before it is posted; ``parent_public_id`` is the comment it answers."""

    body: str
    relation: Relation | None = None
    parent_public_id: str | None = None
    capacity: Capacity = field(default_factory=Capacity)
    situation: SituationDraft | None = None


@dataclass(frozen=True)
class CommentEdit:
    """New words for a comment, and the version they replace."""

    body: str
    note: str
    expected_version: int


def body(form: FormData) -> str:
    """Read the text of a comment."""
    words = forms.words(form, "body", max=said.MAX_COMMENT, required=False)
    if not words:
        form.errors.note("body", Message(N_("Write your message.")))
    return words


def parse_comment(form: FormData) -> CommentDraft:
    """Read a comment."""
    return CommentDraft(
        body=body(form),
        relation=said.relation(form),
        parent_public_id=forms.text(form, "parent", max=26, required=False) or None,
        capacity=said.capacity(form),
        situation=said.situation(form),
    )


def parse_author(form: FormData, viewer: Viewer, *, language: str, may_be_official: bool) -> Author:
    """Take the signed-in author, in the role they ticked, or read the guest."""
    if may_be_official and forms.ticked(form, "as_official"):
        return said.author_from(viewer, language=language, written_as=WrittenAs.OFFICIAL)
    return said.author(form, viewer, language=language)


def parse_relation(form: FormData) -> Relation | None:
    """Read what one's own comment does."""
    chosen = said.relation(form)
    form.demand()
    return chosen


def parse_withdrawal(form: FormData) -> str:
    """Read why a comment is taken back."""
    reason = said.reason(form)
    form.demand()
    return reason


def parse_edit(form: FormData) -> CommentEdit:
    """Read new words for a comment."""
    edit = CommentEdit(
        body=body(form),
        note=forms.text(form, "note", max=said.MAX_CHANGE, required=False),
        expected_version=forms.whole(form, "version", min=1, max=1_000_000),
    )
    form.demand()
    return edit
