"""What officials and administrators write about a process: text in, frozen drafts or field errors out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from civic import settings
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized
from civic.processes.models import Category, DateKind, PhaseKind, Profile, Promise, Standing

_HOW = N_("Say how these people will be reached.")
_BACKWARDS = N_("The last day comes before the first.")
_WHICH = N_("Say whether these people are expected or not concerned.")
_WHY_NOT = N_("Say why they are not concerned.")

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
LONGEST_SLUG = 80
CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}\Z")
TAKEN_SLUGS = frozenset({"new"})
SCOPE_LINES = 12
"""How many lines of each standing the scope form shows."""


@dataclass(frozen=True)
class ProcessDraft:
    """The texts of a process, its address and the code its receipts start with."""

    slug: str
    code: str
    title: Localized
    summary: Localized
    profile: Profile = Profile.LIGHT


@dataclass(frozen=True)
class IssueDraft:
    """A question, and the last day on which its options may change."""

    title: Localized
    description: Localized
    freeze_on: date | None = None


@dataclass(frozen=True)
class PhaseDraft:
    """A step from the morning of its first day to the midnight that ends its last."""

    kind: PhaseKind
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class ScopeLineDraft:
    """A line of the room for influence."""

    standing: Standing
    text: Localized
    why: Localized
    where: str = ""


@dataclass(frozen=True)
class ScopeDraft:
    """A room-for-influence statement; the reason is asked once the process is open."""

    promise: Promise
    decision_maker: Localized
    decides_on: date | None
    lines: tuple[ScopeLineDraft, ...]


@dataclass(frozen=True)
class StakeholderDraft:
    """The answer for one of the seven categories."""

    category: Category
    is_expected: bool
    outreach: Localized
    reason: Localized


@dataclass(frozen=True)
class DateDraft:
    """A dated event."""

    kind: DateKind
    title: Localized
    at: datetime
    place: str = ""


@dataclass(frozen=True)
class PhaseChangeDraft:
    """Why a step is opened, extended or closed, and its new last day; which freeze dates move with it."""

    reason: Localized
    ends_on: date | None = None
    freezes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CharterDraft:
    """The words of a charter, in Markdown."""

    source: Localized


PROCESS_FIELDS = ("slug", "code", "title_*", "summary_*", "profile")
ISSUE_FIELDS = ("title_*", "description_*", "freeze_on", "remove")
PHASE_FIELDS = ("starts_on_*", "ends_on_*")
SCOPE_FIELDS = ("promise", "decision_maker_*", "decides_on", "open_*", "fixed_*", "elsewhere_*", "reason_*")
STAKEHOLDER_FIELDS = ("expected_*", "words_*")
DATE_FIELDS = ("kind", "title_*", "place", "at")
CHANGE_FIELDS = ("reason_*", "ends_on", "freezes")
ADDED_PHASE_FIELDS = ("kind", "starts_on", "ends_on", "reason_*")
CHARTER_FIELDS = ("source_*", "step", "number")


def parse_process(form: FormData) -> ProcessDraft:
    """Read the texts of a process."""
    draft = ProcessDraft(
        slug=forms.text(form, "slug", label=N_("Address"), max=LONGEST_SLUG).lower(),
        code=forms.text(form, "code", label=N_("Code"), max=8).upper(),
        title=forms.localized(form, "title", label=N_("Title"), max=120),
        summary=forms.localized(form, "summary", label=N_("Summary"), max=600, required=False, lines=True),
        profile=forms.option(form, "profile", Profile, label=N_("Rules")),
    )
    if draft.slug and (not SLUG.match(draft.slug) or draft.slug in TAKEN_SLUGS):
        form.errors.note("slug", Message(N_("Address: use small letters a to z, digits and hyphens.")))
    if draft.code and not CODE.match(draft.code):
        form.errors.note("code", Message(N_("Code: 2 to 8 capital letters and digits, a letter first.")))
    form.demand()
    return draft


def parse_issue(form: FormData) -> IssueDraft:
    """Read a question."""
    draft = IssueDraft(
        title=forms.localized(form, "title", label=N_("Question"), max=200),
        description=forms.localized(
            form, "description", label=N_("Explanation"), max=4000, required=False, lines=True
        ),
        freeze_on=forms.day(form, "freeze_on", label=N_("Freeze date"), required=False),
    )
    form.demand()
    return draft


def parse_phases(form: FormData) -> tuple[PhaseDraft, ...]:
    """Read the dates of the six steps; a step with neither date is left out."""
    drafts = []
    for kind in PhaseKind:
        starts, ends = f"starts_on_{kind}", f"ends_on_{kind}"
        if not form.value(starts).strip() and not form.value(ends).strip():
            continue
        first = forms.day(form, starts, label=N_("First day"))
        last = forms.day(form, ends, label=N_("Last day"))
        if last < first:
            form.errors.note(ends, Message(_BACKWARDS))
        drafts.append(PhaseDraft(kind, first, last))
    form.demand()
    return tuple(drafts)


def parse_scope(form: FormData, *, reason: bool = False) -> tuple[ScopeDraft, Localized]:
    """Read the room for influence, line by line; empty lines are left out."""
    lines = tuple(
        line
        for standing in Standing
        for number in range(SCOPE_LINES)
        if (line := _scope_line(form, standing, number))
    )
    draft = ScopeDraft(
        promise=forms.option(form, "promise", Promise, label=N_("What we promise")),
        decision_maker=forms.localized(
            form, "decision_maker", label=N_("Who decides"), max=300, required=False
        ),
        decides_on=forms.day(form, "decides_on", label=N_("Day of the decision"), required=False),
        lines=lines,
    )
    why = forms.localized(form, "reason", label=N_("Public reason"), max=1000, required=reason, lines=True)
    form.demand()
    return draft, why


def _scope_line(form: FormData, standing: Standing, number: int) -> ScopeLineDraft | None:
    name = f"{standing}_{number}"
    text = forms.localized(form, f"{name}_text", label=N_("Subject"), max=300, required=False)
    why = forms.localized(form, f"{name}_why", label=N_("Why"), max=600, required=False)
    where = forms.text(form, f"{name}_where", label=N_("Where"), max=300, required=False)
    if not text and not why and not where:
        return None
    first = settings.current().languages[0]
    if not text:
        form.errors.note(f"{name}_text_{first}", Message(N_("Say what this line is about.")))
    if standing is Standing.FIXED and not why:
        form.errors.note(f"{name}_why_{first}", Message(N_("Say why this is already fixed.")))
    if standing is Standing.ELSEWHERE and not where:
        form.errors.note(f"{name}_where", Message(N_("Say who decides this, or give their address.")))
    return ScopeLineDraft(standing, text, why, where)


def parse_stakeholders(form: FormData) -> tuple[StakeholderDraft, ...]:
    """Read the answers for the seven categories; a category with no answer yet is left out."""
    drafts = []
    first = settings.current().languages[0]
    for category in Category:
        expected = forms.choice(form, f"expected_{category}", ("yes", "no"), required=False)
        words = forms.localized(form, f"words_{category}", max=600, required=False, lines=True)
        if expected and not words:
            wrong = _HOW if expected == "yes" else _WHY_NOT
            form.errors.note(f"words_{category}_{first}", Message(wrong))
        if words and not expected:
            form.errors.note(f"expected_{category}", Message(_WHICH))
        if expected == "yes":
            drafts.append(StakeholderDraft(category, True, words, {}))
        elif expected:
            drafts.append(StakeholderDraft(category, False, {}, words))
    form.demand()
    return tuple(drafts)


def parse_date(form: FormData) -> DateDraft:
    """Read a dated event."""
    draft = DateDraft(
        kind=forms.option(form, "kind", DateKind, label=N_("Kind")),
        title=forms.localized(form, "title", label=N_("Title"), max=160),
        at=forms.moment(form, "at", label=N_("Day and hour")),
        place=forms.text(form, "place", label=N_("Place"), max=200, required=False),
    )
    form.demand()
    return draft


def parse_change(form: FormData, issues: tuple[str, ...] = (), *, until: bool = False) -> PhaseChangeDraft:
    """Read why a step changes and, for opening and extending, until when."""
    draft = PhaseChangeDraft(
        reason=forms.localized(form, "reason", label=N_("Public reason"), max=1000, lines=True),
        ends_on=forms.day(form, "ends_on", label=N_("Last day"), required=until),
        freezes=forms.choices(form, "freezes", issues, label=N_("Questions")),
    )
    form.demand()
    return draft


def parse_added_phase(form: FormData, missing: tuple[PhaseKind, ...]) -> tuple[PhaseDraft, Localized]:
    """Read one more step of an open process, and why it is added."""
    kind = forms.choice(form, "kind", missing, label=N_("Step"))
    first = forms.day(form, "starts_on", label=N_("First day"))
    last = forms.day(form, "ends_on", label=N_("Last day"))
    if last < first:
        form.errors.note("ends_on", Message(_BACKWARDS))
    reason = forms.localized(form, "reason", label=N_("Public reason"), max=1000, lines=True)
    form.demand()
    return PhaseDraft(PhaseKind(kind), first, last), reason


def parse_charter(form: FormData) -> CharterDraft:
    """Read the words of a charter, one text per language."""
    source = forms.localized(form, "source", label=N_("Text"), max=40_000, lines=True)
    form.demand()
    return CharterDraft(source)


@dataclass(frozen=True)
class InterestDraft:
    """What somebody who works on a process declares: interests in words, or none."""

    has_interests: bool
    text: Localized


def parse_interests(form: FormData) -> InterestDraft:
    """Read a declaration of interests; who has some says which."""
    some = forms.choice(form, "has", ("none", "some"), label=N_("Your interests in this process")) == "some"
    text = forms.localized(form, "text", max=2_000, required=some, lines=True, label=N_("Which interests"))
    form.demand()
    return InterestDraft(some, text if some else {})
