"""What a proposal is made of, read from its form."""

from __future__ import annotations

from dataclasses import dataclass, field

from civic.contributions import forms as said
from civic.contributions.forms import Author, Capacity, SituationDraft, Words
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.viewer import Viewer

WORD_FIELDS = ("title", "body", "issue")
FIELDS = (
    *WORD_FIELDS,
    *said.CAPACITY_FIELDS,
    *said.SITUATION_FIELDS,
    *said.GUEST_FIELDS,
    *("preview", "draft", "write", "look"),
)
EDIT_FIELDS = ("title", "body", "note", "version")
WITHDRAWAL_FIELDS = ("reason",)
ENDORSEMENT_FIELDS = ("endorsed",)
KEPT_FIELDS = (*WORD_FIELDS, *said.CAPACITY_FIELDS)
"""What a draft keeps: never what is particular to somebody's situation."""


@dataclass(frozen=True)
class ProposalDraft:
    """A proposal before it is submitted."""

    title: str
    body: str
    issue_public_id: str
    capacity: Capacity = field(default_factory=Capacity)
    situation: SituationDraft | None = None

    @property
    def words(self) -> Words:
        return Words(self.title, self.body)


@dataclass(frozen=True)
class ProposalEdit:
    """New words for a proposal, and the version they replace."""

    words: Words
    note: str
    expected_version: int


def parse_proposal(form: FormData, issues: list[str]) -> ProposalDraft:
    """Read a proposal for one of these issues; the only one when there is only one."""
    issue = form.value("issue") or (issues[0] if len(issues) == 1 else "")
    if issue not in issues:
        form.errors.note("issue", Message(N_("Choose the question your proposal answers.")))
    return ProposalDraft(said.title(form), _body(form), issue, said.capacity(form), said.situation(form))


def parse_author(form: FormData, viewer: Viewer, *, language: str) -> Author:
    """Take the signed-in author, or read the guest."""
    return said.author(form, viewer, language=language)


def parse_edit(form: FormData) -> ProposalEdit:
    """Read new words for a proposal."""
    edit = ProposalEdit(
        words=Words(said.title(form), _body(form)),
        note=forms.text(form, "note", max=said.MAX_CHANGE, required=False),
        expected_version=forms.whole(form, "version", min=1, max=1_000_000),
    )
    form.demand()
    return edit


def parse_withdrawal(form: FormData) -> str:
    """Read why a proposal is taken back."""
    reason = said.reason(form)
    form.demand()
    return reason


def _body(form: FormData) -> str:
    words = forms.words(form, "body", max=said.MAX_PROPOSAL, required=False)
    if not words:
        form.errors.note("body", Message(N_("Give at least one reason.")))
    return words
