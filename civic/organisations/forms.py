"""What people write about organisations and for them: text in, frozen drafts or field errors out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from civic.accounts import names
from civic.contributions import forms as said
from civic.foundation import clock, forms
from civic.foundation.errors import N_, Message, message
from civic.foundation.formdata import FormData
from civic.organisations.models import CommentType
from civic.organisations.sheet import MAX_COMMENT, MAX_REFERENCE, MAX_ROWS, Row
from civic.processes.models import Category

ORGANISATION_FIELDS = ("name", "category", "mandate", "register_number", "website")
ASKING_FIELDS = ("function", "proof")
RULING_FIELDS = ("verdict", "reason")
END_FIELDS = ("reason",)
INTERESTS_FIELDS = ("interests", "funding")
ROW_FIELDS = ("ref_*", "type_*", "comment_*", "change_*")
STATEMENT_FIELDS = (
    *("organisation", "issue", "title", "body", "approved_by", "approved_on"),
    *("rows", "file", "more", "read"),
    *ROW_FIELDS,
)
ROWS_AT_FIRST = 3
MORE_ROWS = 5

_NO_ADDRESS = N_("Write the address of a page, beginning with https://.")
_NO_WORDS = N_("Write the position, or at least one point.")
_NO_COMMENT = N_("Point %(number)s: write the comment, or empty the row.")
_NOT_YET = N_("The position is filed once it is approved: this day has not come yet.")
_WHICH = N_("Choose the organisation you speak for.")
_QUESTION = N_("Choose the question this statement answers.")


@dataclass(frozen=True)
class OrganisationDraft:
    """An organisation, as it is to be registered."""

    name: str
    category: Category
    mandate: str
    register_number: str
    website: str


@dataclass(frozen=True)
class AskingDraft:
    """What somebody does in an organisation, in public; how to check it, for the checker alone."""

    function: str
    proof: str


@dataclass(frozen=True)
class RulingDraft:
    """The answer to a request, with its reason."""

    is_confirmed: bool
    reason: str


@dataclass(frozen=True)
class InterestsDraft:
    """What an organisation stands to gain or lose, and what it lives from."""

    text: str
    funding: str


@dataclass(frozen=True)
class PositionDraft:
    """A position: who approved it and when, the words, and point by point what it asks."""

    organisation: str
    issue: str
    title: str
    body: str
    approved_by: str
    approved_on: date
    rows: tuple[Row, ...]


def parse_organisation(form: FormData) -> OrganisationDraft:
    """Read an organisation; its name may not pass for the public body's own."""
    draft = OrganisationDraft(
        name=forms.text(form, "name", max=160, min=2),
        category=forms.option(form, "category", Category),
        mandate=forms.words(form, "mandate", max=1_000),
        register_number=forms.text(form, "register_number", max=60, required=False),
        website=forms.text(form, "website", max=300, required=False),
    )
    if draft.name and (wrong := names.what_is_wrong(draft.name[:80])) is not None:
        form.errors.note("name", wrong)
    if draft.website and not _is_page(draft.website):
        form.errors.note("website", Message(_NO_ADDRESS))
    return draft


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and "." in parts.netloc and not parts.username


def parse_asking(form: FormData) -> AskingDraft:
    """Read a request to speak for an organisation."""
    return AskingDraft(forms.text(form, "function", max=120), forms.text(form, "proof", max=600))


def parse_ruling(form: FormData) -> RulingDraft:
    """Read the answer to a request; a refusal needs its reason, and so does a yes."""
    draft = RulingDraft(
        is_confirmed=forms.choice(form, "verdict", ("confirm", "refuse")) == "confirm",
        reason=forms.text(form, "reason", max=600),
    )
    form.demand()
    return draft


def parse_end(form: FormData) -> str:
    """Read why somebody no longer speaks for an organisation."""
    reason = forms.text(form, "reason", max=600)
    form.demand()
    return reason


def parse_interests(form: FormData) -> InterestsDraft:
    """Read a declaration of interests; "none" is a declaration too, and is written."""
    draft = InterestsDraft(
        forms.words(form, "interests", max=2_000), forms.words(form, "funding", max=1_000, required=False)
    )
    form.demand()
    return draft


def parse_statement(form: FormData, organisations: Sequence[str], issues: Sequence[str]) -> PositionDraft:
    """Read a position statement: words, points, or both."""
    draft = PositionDraft(
        organisation=_only(form, "organisation", organisations, _WHICH),
        issue=_only(form, "issue", issues, _QUESTION),
        title=said.title(form),
        body=forms.words(form, "body", max=said.MAX_COMMENT, required=False),
        approved_by=forms.text(form, "approved_by", max=200),
        approved_on=forms.day(form, "approved_on"),
        rows=parse_rows(form),
    )
    if not draft.rows and not draft.body and not _has_row_errors(form):
        form.errors.note("body", Message(_NO_WORDS))
    if draft.approved_on > clock.local_day(clock.now()):
        form.errors.note("approved_on", Message(_NOT_YET))
    form.demand()
    return draft


def rows_of(form: FormData) -> int:
    """Say how many rows the form shows."""
    given = form.value("rows")
    return (
        min(int(given), MAX_ROWS) if given.isascii() and given.isdigit() and len(given) < 4 else ROWS_AT_FIRST
    )


def parse_rows(form: FormData) -> tuple[Row, ...]:
    """Read the rows that say something."""
    found = []
    for number in range(1, rows_of(form) + 1):
        row = Row(
            forms.text(form, f"ref_{number}", max=MAX_REFERENCE, required=False),
            str(forms.option(form, f"type_{number}", CommentType, required=False) or CommentType.GENERAL),
            forms.words(form, f"comment_{number}", max=MAX_COMMENT, required=False),
            forms.words(form, f"change_{number}", max=MAX_COMMENT, required=False),
        )
        if row.comment:
            found.append(row)
        elif row.reference or row.change:
            form.errors.note(f"comment_{number}", message(_NO_COMMENT, number=number))
    return tuple(found)


def written_rows(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """Write rows as the fields that say them."""
    written: dict[str, tuple[str, ...]] = {"rows": (str(max(len(rows), 1)),)}
    for number, row in enumerate(rows, 1):
        written |= {
            f"ref_{number}": (row.reference,),
            f"type_{number}": (row.type,),
            f"comment_{number}": (row.comment,),
            f"change_{number}": (row.change,),
        }
    return written


def _has_row_errors(form: FormData) -> bool:
    return any(name.startswith("comment_") for name in form.errors)


def _only(form: FormData, name: str, among: Sequence[str], wrong: str) -> str:
    """Read one of several; the only one needs no choosing."""
    value = form.value(name) or (among[0] if len(among) == 1 else "")
    if value not in among:
        form.errors.note(name, Message(wrong))
    return value
