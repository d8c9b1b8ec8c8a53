"""What people send to moderation: a report, a decision with its statement of reasons, an appeal, a ruling."""

from dataclasses import dataclass

from civic.foundation import forms
from civic.foundation.errors import N_, message
from civic.foundation.forms import FormData
from civic.moderation.models import RESTRICTIONS, Ground, Measure
from civic.moderation.rules import DURATIONS, RULES

REPORT_FIELDS = ("subject", "ground", "explanation", "name", "email", "good_faith", "next")
DECISION_FIELDS = (
    "measure",
    "version",
    "text_version",
    "note",
    "suggestion",
    "rule",
    "passage",
    "facts",
    "duration",
)
APPEAL_FIELDS = ("text",)
RULING_FIELDS = ("finding", "reason")
REWRITE_FIELDS = ("title", "body", "version")
RESTORE_FIELDS = ("note",)


@dataclass(frozen=True)
class ReportDraft:
    """A report as written; name and address are never demanded."""

    ground: Ground
    explanation: str
    name: str
    email: str


@dataclass(frozen=True)
class StatementDraft:
    """The fields a moderator fills of a statement of reasons; the rest follows from the measure."""

    rule: str
    passage: str
    facts: str
    duration: str


@dataclass(frozen=True)
class MeasureDraft:
    """A decision as written; `statement` is there exactly when the measure restricts."""

    measure: Measure
    version: int
    note: str
    suggestion: str
    statement: StatementDraft | None
    text_version: int = 0
    """The version of the words that were read; 0 when they cannot change."""


@dataclass(frozen=True)
class RulingDraft:
    """What the person hearing an appeal found, and why."""

    is_upheld: bool
    reason: str


def parse_report(form: FormData) -> ReportDraft:
    """Read a report. Illegal content needs no more than the rest: words and good faith."""
    draft = ReportDraft(
        ground=forms.option(form, "ground", Ground),
        explanation=forms.words(form, "explanation", max=5_000),
        name=forms.text(form, "name", max=80, required=False),
        email=forms.email(form, "email", required=False),
    )
    if not forms.ticked(form, "good_faith"):
        form.errors.note("good_faith", message(N_("Please confirm that you report this in good faith.")))
    form.demand()
    return draft


def parse_code(form: FormData) -> str:
    """Read the secret code of a report."""
    code = forms.text(form, "code", max=60)
    form.demand()
    return code


def parse_measure(form: FormData) -> MeasureDraft:
    """Read a decision; a restriction without each part of its statement of reasons is refused here."""
    measure = forms.option(form, "measure", Measure)
    restricts = measure in RESTRICTIONS
    statement = _statement(form) if restricts else None
    draft = MeasureDraft(
        measure=measure,
        version=forms.whole(form, "version", min=1, max=1_000_000),
        text_version=forms.whole(form, "text_version", min=0, max=1_000_000),
        note=forms.words(form, "note", max=2_000, required=measure == Measure.RESTORE),
        suggestion=forms.words(form, "suggestion", max=2_000, required=False),
        statement=statement,
    )
    form.demand()
    return draft


def _statement(form: FormData) -> StatementDraft:
    return StatementDraft(
        rule=forms.choice(form, "rule", RULES),
        passage=forms.words(form, "passage", max=5_000),
        facts=forms.words(form, "facts", max=5_000, min=10),
        duration=forms.choice(form, "duration", DURATIONS),
    )


def parse_appeal(form: FormData) -> str:
    """Read why an author contests a measure."""
    text = forms.words(form, "text", max=5_000, min=3)
    form.demand()
    return text


def parse_ruling(form: FormData) -> RulingDraft:
    """Read what was found on an appeal."""
    draft = RulingDraft(
        is_upheld=forms.choice(form, "finding", ("upheld", "dismissed")) == "upheld",
        reason=forms.words(form, "reason", max=5_000, min=10),
    )
    form.demand()
    return draft


@dataclass(frozen=True)
class RewriteDraft:
    """Another wording, as its author sends it."""

    title: str
    body: str
    version: int


def parse_rewrite(form: FormData) -> RewriteDraft:
    """Read another wording of a text that was set aside."""
    draft = RewriteDraft(
        title=forms.text(form, "title", max=200, required=False),
        body=forms.words(form, "body", max=100_000),
        version=forms.whole(form, "version", min=1, max=1_000_000),
    )
    form.demand()
    return draft


def parse_note(form: FormData) -> str:
    """Read the reason for lifting a measure."""
    note = forms.words(form, "note", max=2_000, min=3)
    form.demand()
    return note
