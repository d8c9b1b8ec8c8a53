"""What a contribution is made of before it is stored, and how its fields are read from a form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from civic.accounts import names
from civic.contributions.models import Audience, ClaimKind, ContactWay, Kind, Relation, WrittenAs
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.viewer import Viewer
from civic.processes.models import Category

MAX_TITLE = 200
MAX_COMMENT = 20_000
MAX_PROPOSAL = 100_000
MAX_NAME = 80
MAX_NOTE = 80
MAX_REASON = 1000
MAX_CHANGE = 300
MAX_SITUATION = 3000
MAX_OPENING = 300
MAX_CONTACT = 600

RECEIPT_FIELDS = ("number", "code")
CAPACITY_FIELDS = ("capacity", "capacity_note")
GUEST_FIELDS = ("guest_name", "guest_email")
SITUATION_QUESTIONS = ("touches", "differs", "unchanged", "helps")
SITUATION_FIELDS = (
    *(f"situation_{name}" for name in SITUATION_QUESTIONS),
    "situation_audience",
    "situation_kept_longer",
)
"""What the panel "My particular situation" sends; no draft keeps any of it."""
OPENING_FIELDS = ("reason",)
CONTACT_FIELDS = ("way", "note")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
"""What a phone or a letter puts in the place of a plain dash."""
UNSAID = "unsaid"
"""What the form sends for "I'd rather not say"."""


@dataclass(frozen=True)
class Author:
    """Who writes: a participant, or a guest with the address that will confirm."""

    participant_id: int | None
    public_id: str | None
    name: str
    guest_address: str | None
    language: str
    written_as: WrittenAs = WrittenAs.PARTICIPANT
    organisation_id: int | None = None
    """The organisation this person speaks for: its name is shown, and it is one voice in counts."""

    @property
    def is_guest(self) -> bool:
        return self.participant_id is None


@dataclass(frozen=True)
class Words:
    """A title (proposals) and a text, as written."""

    title: str
    body: str
    language: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a contribution belongs; ``parent_id`` is the contribution it answers."""

    process_id: int | None
    issue_id: int | None
    kind: Kind
    parent_id: int | None = None
    relation: Relation | None = None
    scope_id: int | None = None


@dataclass(frozen=True)
class OwnPoint:
    """A point its author set apart: what it asks, and the code points ``[start, end)`` of the text."""

    kind: ClaimKind
    start: int
    end: int


@dataclass(frozen=True)
class Capacity:
    """In what capacity somebody writes: one of the seven categories, and their own words for it."""

    category: Category | None = None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """Words taken down for somebody: by whom, for whom, and whether they were read back (SPEC 0.8)."""

    by: int | None
    on_behalf_of: str
    read_back: bool


@dataclass(frozen=True)
class SituationWords:
    """The four things that are asked of a situation (SPEC 6); each may stay empty."""

    touches: str = ""
    differs: str = ""
    unchanged: str = ""
    helps: str = ""

    def said(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in SITUATION_QUESTIONS}


@dataclass(frozen=True)
class SituationDraft:
    """What is particular to a situation, and who may read it."""

    words: SituationWords
    audience: Audience = Audience.HANDLING
    kept_longer: bool = False


@dataclass(frozen=True)
class ContactDraft:
    """How the author was called before a refusal, and what came of it; or why they were not."""

    way: ContactWay
    note: str


def author_from(
    viewer: Viewer, *, language: str = "fr", written_as: WrittenAs = WrittenAs.PARTICIPANT
) -> Author:
    """Make the author of a signed-in viewer."""
    return Author(
        participant_id=viewer.participant,
        public_id=viewer.public_id,
        name=viewer.name,
        guest_address=None,
        language=viewer.language or language,
        written_as=written_as,
    )


def guest(form: FormData, *, language: str) -> Author:
    """Read who writes without an account: the name to show and the address that will confirm."""
    name = forms.text(form, "guest_name", max=MAX_NAME, required=False)
    if not name:
        form.errors.note("guest_name", Message(N_("Write the name to show: yours or a pseudonym.")))
    elif (wrong := names.what_is_wrong(name)) is not None:
        form.errors.note("guest_name", wrong)
    address = forms.email(form, "guest_email", required=False)
    if not address:
        form.errors.note("guest_email", Message(N_("Write your e-mail address: the link is sent there.")))
    return Author(None, None, name, address, language)


def author(form: FormData, viewer: Viewer, *, language: str) -> Author:
    """Take the signed-in author, or read the guest."""
    return author_from(viewer, language=language) if viewer.is_signed_in else guest(form, language=language)


def capacity(form: FormData) -> Capacity:
    """Read in what capacity somebody writes; saying nothing is an answer."""
    if form.value("capacity") == UNSAID:
        category = None
    else:
        category = forms.option(form, "capacity", Category, required=False)
    return Capacity(category, forms.text(form, "capacity_note", max=MAX_NOTE, required=False))


def relation(form: FormData) -> Relation | None:
    """Read what a reply does to the text it answers."""
    return forms.option(form, "relation", Relation, required=False)


def reason(form: FormData) -> str:
    """Read why somebody takes their words back."""
    return forms.words(form, "reason", max=MAX_REASON)


def title(form: FormData, *, required: bool = True) -> str:
    """Read the one-sentence title of a proposal."""
    said = forms.text(form, "title", max=MAX_TITLE, required=False)
    if not said and required:
        form.errors.note("title", Message(N_("Write your proposal in one sentence.")))
    return said


@dataclass(frozen=True)
class Lookup:
    """A receipt somebody holds: its number, and its secret code when they give it."""

    number: str
    code: str


def parse_lookup(form: FormData) -> Lookup:
    """Read a receipt as people copy it: any case, spaces about or instead of its dashes."""
    typed = _DASHES.sub("-", forms.text(form, "number", max=60, required=False).upper()).split()
    number = ("" if any("-" in piece for piece in typed) else "-").join(typed)
    if not number:
        form.errors.note("number", Message(N_("Write the number of your receipt.")))
    code = forms.text(form, "code", max=60, required=False)
    form.demand()
    return Lookup(number, code)


def situation(form: FormData) -> SituationDraft | None:
    """Read the panel "My particular situation"; None when nothing was written in it."""
    said = {
        name: forms.words(form, f"situation_{name}", max=MAX_SITUATION, required=False)
        for name in SITUATION_QUESTIONS
    }
    audience = forms.option(form, "situation_audience", Audience, required=False) or Audience.HANDLING
    kept_longer = forms.ticked(form, "situation_kept_longer")
    return SituationDraft(SituationWords(**said), audience, kept_longer) if any(said.values()) else None


def parse_situation(form: FormData) -> SituationDraft:
    """Read a statement told after the text."""
    draft = situation(form)
    if draft is None:
        form.errors.note("situation_touches", Message(N_("Answer at least one of the four questions.")))
    form.demand()
    if draft is None:
        raise ValueError("a form without words was let through")
    return draft


def parse_opening(form: FormData) -> str:
    """Read why somebody on the staff opens a statement."""
    said = forms.text(form, "reason", max=MAX_OPENING, required=False)
    if len(said) < 10:
        form.errors.note("reason", Message(N_("Say in a few words why you need to read it.")))
    form.demand()
    return said


def parse_contact(form: FormData) -> ContactDraft:
    """Read how the author was called."""
    way = forms.option(form, "way", ContactWay)
    note = forms.text(form, "note", max=MAX_CONTACT, required=False)
    if not note:
        form.errors.note("note", Message(N_("Say what came of it, or why nobody could be called.")))
    form.demand()
    return ContactDraft(way, note)
