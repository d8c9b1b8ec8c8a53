"""Read what officials and contributors write about a decision: text in, frozen dataclass or errors out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from civic import settings
from civic.decisions.models import Accommodation, AppealGround, Effect, Finding, Outcome, Progress, ReasonCode
from civic.decisions.rules import LOCALIZED, MOST_PARTS, WRITABLE, Answer, Details, Part
from civic.decisions.words import ANSWER_LABELS
from civic.foundation import forms
from civic.foundation.errors import N_, Message
from civic.foundation.formdata import FormData
from civic.foundation.tables import Localized

MAX_SENTENCE = 300
MAX_REASON = 10_000
MAX_LINE = 300
MAX_QUOTE = 5_000
MAX_ARTICLE = 50_000
MAX_REPLY = 10_000

ANSWER_FIELDS = (
    "outcome", "sentence_*", "anchor", "rationale_*", "differs_*", "reason_codes", "cost", "weighed_*",
    "evidence", "is_value_choice", "trigger_*", "remedies_*", "provisions", "effects", "quotation",
    "quoted_from", "in_force_on", "scope_line", "where_*", "reopens_on", "event_*", "owner", "body",
    "sent_on", "follow_up_on", "acknowledged_on", "parts", "part1_*", "part2_*", "part3_*", "part4_*",
    "part5_*", "part6_*", "own_sentence_*", "article_heading_*", "article_text_*", "article_before_*",
    "accommodation", "expected_version",
)  # fmt: skip
"""Every field the answer editor may send; which of them it shows depends on the outcome."""

_LONG = frozenset({"rationale", "differs", "weighed", "trigger", "remedies", "where"})


@dataclass(frozen=True)
class DecisionDraft:
    """What a decision is called, what it says in short, who decides."""

    title: Localized
    summary: Localized
    decision_maker: str = ""
    issues: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProvisionDraft:
    """An article's words, and the text in force before it."""

    heading: Localized
    text: Localized
    plain: Localized
    before: Localized
    note: str = ""
    is_repealed: bool = False


@dataclass(frozen=True)
class PublicationDraft:
    """How a decision is signed and when it becomes public."""

    role: str
    at: datetime | None
    with_banner: bool
    correction: Localized


@dataclass(frozen=True)
class ReviewDraft:
    """What the second person found."""

    is_approved: bool
    note: str


@dataclass(frozen=True)
class AppealDraft:
    """How a person says their point was treated wrongly."""

    ground: AppealGround
    text: str


@dataclass(frozen=True)
class RulingDraft:
    """What the reader of an appeal found, and why; out of turn only with a reason."""

    finding: Finding
    reason: Localized
    jumped_because: str


@dataclass(frozen=True)
class PromiseDraft:
    """A promise of the decision: what, who, until when, in which article."""

    promise: Localized
    owner: str
    due_on: str
    provision: str


JUMPS = ("urgent", "linked", "waiting")
"""Reasons to read an appeal before an older one (R12): urgent, tied to another, the older one waits."""


def parse_outcome(form: FormData) -> Outcome | None:
    """Read which outcome is chosen so far."""
    outcome = forms.option(form, "outcome", Outcome, required=False)
    return outcome if outcome in WRITABLE else None


def parse_answer(form: FormData) -> Answer:
    """Read an answer; what its outcome requires is checked by `rules.wrong_with`."""
    outcome = forms.option(form, "outcome", Outcome)
    reasons = _codes(form, "reason_codes")
    parts = tuple(_part(form, number) for number in _part_numbers(form))
    political = ReasonCode.POLITICAL in {*reasons, *(code for part in parts for code in part.reason_codes)}
    answer = Answer(
        outcome=outcome,
        sentence=_localized(form, "sentence"),
        rationale=_localized(form, "rationale"),
        reason_codes=reasons,
        effects=tuple(Effect(one) for one in forms.choices(form, "effects", list(Effect))),
        evidence=_words(form, "evidence"),
        is_value_choice=political or forms.ticked(form, "is_value_choice"),
        provisions=tuple(dict.fromkeys(one for one in form.all("provisions") if one)),
        parts=parts,
        reopens_on=_day(form, "reopens_on"),
        own_sentence=_localized(form, "own_sentence"),
        details=_details(form),
    )
    form.demand()
    return answer


def _details(form: FormData) -> Details:
    return Details(
        anchor=_words(form, "anchor"),
        differs=_localized(form, "differs"),
        quotation=_words(form, "quotation"),
        quoted_from=_line(form, "quoted_from"),
        in_force_on=_day(form, "in_force_on"),
        cost=_line(form, "cost"),
        weighed=_localized(form, "weighed"),
        trigger=_localized(form, "trigger"),
        remedies=_localized(form, "remedies"),
        event=_localized(form, "event"),
        owner=_line(form, "owner", max=160),
        body=_line(form, "body", max=200),
        sent_on=_day(form, "sent_on"),
        follow_up_on=_day(form, "follow_up_on"),
        acknowledged_on=_day(form, "acknowledged_on"),
        accommodation=forms.option(form, "accommodation", Accommodation, required=False) or "",
        scope_line=forms.whole(form, "scope_line", min=1, max=1000, required=False),
        where=_localized(form, "where"),
    )


def _words(form: FormData, name: str) -> str:
    return forms.words(form, name, max=MAX_QUOTE, label=ANSWER_LABELS[name], required=False)


def _line(form: FormData, name: str, *, max: int = MAX_LINE) -> str:
    return forms.text(form, name, max=max, label=ANSWER_LABELS[name], required=False)


def _day(form: FormData, name: str) -> date | None:
    return forms.day(form, name, label=ANSWER_LABELS[name], required=False)


def _localized(form: FormData, name: str, field: str | None = None) -> Localized:
    long = name in _LONG
    return forms.localized(
        form,
        field or name,
        max=MAX_REASON if long else MAX_SENTENCE,
        label=ANSWER_LABELS.get(name),
        required=False,
        lines=long,
    )


def _codes(form: FormData, name: str) -> tuple[ReasonCode, ...]:
    return tuple(ReasonCode(one) for one in forms.choices(form, name, list(ReasonCode)))


def part_count(form: FormData) -> int:
    """Tell how many parts the form shows: two at least, one more when asked for."""
    asked = form.value("parts")
    shown = int(asked) if asked.isdecimal() and len(asked) == 1 else 2
    return max(2, min(MOST_PARTS, shown))


def _part_numbers(form: FormData) -> list[int]:
    """Name the parts that say something; an empty one at the end is no part."""
    return [
        number
        for number in range(1, MOST_PARTS + 1)
        if any(
            form.value(name).strip()
            for name in form.values
            if name.startswith(f"part{number}_") and name != f"part{number}_is"
        )
    ]


def _part(form: FormData, number: int) -> Part:
    standing = forms.choice(form, f"part{number}_is", ("adopted", "refused"))
    return Part(
        text=_localized(form, "text", f"part{number}_text"),
        is_adopted=standing == "adopted",
        reason_codes=_codes(form, f"part{number}_reasons") if standing == "refused" else (),
        rationale=_localized(form, "rationale", f"part{number}_rationale"),
    )


def parse_new_article(form: FormData) -> ProvisionDraft | None:
    """Read the article written from the point, if the official began one."""
    draft = ProvisionDraft(
        heading=forms.localized(form, "article_heading", max=200, required=False),
        text=forms.localized(form, "article_text", max=MAX_ARTICLE, required=False, lines=True),
        plain={},
        before=forms.localized(form, "article_before", max=MAX_ARTICLE, required=False, lines=True),
    )
    if not (draft.heading or draft.text or draft.before):
        return None
    first = settings.current().languages[0]
    if not draft.heading:
        form.errors.note(f"article_heading_{first}", Message(N_("Give the new article a heading.")))
    if not draft.text:
        form.errors.note(f"article_text_{first}", Message(N_("Write the words of the new article.")))
    form.demand()
    return draft


def fields_of(answer: Answer) -> dict[str, object]:
    """Give back an answer as the values of its form, to go on writing from it."""
    values: dict[str, object] = {
        "outcome": answer.outcome,
        "reason_codes": answer.reason_codes,
        "effects": answer.effects,
        "evidence": answer.evidence,
        "is_value_choice": "1" if answer.is_value_choice else None,
        "provisions": answer.provisions,
        "reopens_on": answer.reopens_on,
        "parts": max(2, len(answer.parts)) if answer.parts else None,
    }
    values |= {
        name: getattr(answer.details, name)
        for name in Details.__dataclass_fields__
        if name not in LOCALIZED and name not in ("scope_quote", "scope_number")
    }
    for name in sorted(LOCALIZED | {"own_sentence"}):
        holder = answer if hasattr(answer, name) else answer.details
        values |= _spread(name, getattr(holder, name))
    for number, part in enumerate(answer.parts, 1):
        values |= _spread(f"part{number}_text", part.text) | _spread(
            f"part{number}_rationale", part.rationale
        )
        values[f"part{number}_is"] = "adopted" if part.is_adopted else "refused"
        values[f"part{number}_reasons"] = part.reason_codes
    return {name: value for name, value in values.items() if value not in (None, "", ())}


def _spread(name: str, text: Localized) -> dict[str, object]:
    return {f"{name}_{language}": said for language, said in text.items()}


def parse_decision(form: FormData, issues: tuple[str, ...], makers: tuple[str, ...]) -> DecisionDraft:
    """Read a new decision: its questions, its title and who decides."""
    draft = parse_decision_texts(form, makers)
    return replace(draft, issues=_questions(form, issues))


def _questions(form: FormData, issues: tuple[str, ...]) -> tuple[str, ...]:
    chosen = forms.choices(form, "issues", issues)
    if not chosen:
        form.errors.note("issues", Message(N_("Choose at least one question that this decision settles.")))
    form.demand()
    return chosen


def parse_decision_texts(form: FormData, makers: tuple[str, ...]) -> DecisionDraft:
    """Read the title, the summary and the decision maker."""
    return DecisionDraft(
        title=forms.localized(form, "title", max=200, label=N_("Title")),
        summary=forms.localized(
            form, "summary", max=MAX_REASON, label=N_("Summary"), required=False, lines=True
        ),
        decision_maker=forms.choice(form, "decision_maker", makers, required=False),
    )


def parse_provision(form: FormData) -> ProvisionDraft:
    """Read the words of an article."""
    draft = ProvisionDraft(
        heading=forms.localized(form, "heading", max=200, label=N_("Heading")),
        text=forms.localized(form, "text", max=MAX_ARTICLE, label=N_("Words of the article"), lines=True),
        plain=forms.localized(
            form, "plain", max=MAX_REASON, label=N_("In plain words"), required=False, lines=True
        ),
        before=forms.localized(
            form, "before", max=MAX_ARTICLE, label=N_("Text in force before it"), required=False, lines=True
        ),
        note=forms.text(form, "note", max=MAX_LINE, label=N_("Note on this version"), required=False),
        is_repealed=forms.ticked(form, "is_repealed"),
    )
    form.demand()
    return draft


def parse_publication(form: FormData, *, is_correction: bool) -> PublicationDraft:
    """Read how the decision is signed, and what a correction corrects."""
    draft = PublicationDraft(
        role=forms.text(form, "role", max=160, label=N_("In what role you sign")),
        at=forms.moment(form, "at", label=N_("Time of publication"), required=False)
        if form.value("when") == "later"
        else None,
        with_banner=forms.ticked(form, "with_banner"),
        correction=forms.localized(
            form,
            "correction",
            max=2_000,
            label=N_("What is corrected, and why"),
            required=is_correction,
            lines=True,
        ),
    )
    if form.value("when") == "later" and draft.at is None:
        form.errors.note("at", Message(N_("Say when it becomes public.")))
    form.demand()
    return draft


def parse_review(form: FormData) -> ReviewDraft:
    """Read what the second person found; sending back needs a word of explanation."""
    verdict = forms.choice(form, "verdict", ("approve", "return"))
    note = forms.words(form, "note", max=MAX_QUOTE, required=False)
    if verdict == "return" and not note:
        form.errors.note("note", Message(N_("Say what should change.")))
    form.demand()
    return ReviewDraft(verdict == "approve", note)


def parse_reply(form: FormData) -> str:
    """Read a contributor's reply to an answer."""
    said = forms.words(form, "text", max=MAX_REPLY)
    form.demand()
    return said


def parse_appeal(form: FormData) -> AppealDraft:
    """Read on what ground a person contests how their point was treated."""
    draft = AppealDraft(
        ground=forms.option(form, "ground", AppealGround),
        text=forms.words(form, "text", max=MAX_REPLY),
    )
    form.demand()
    return draft


def parse_ruling(form: FormData) -> RulingDraft:
    """Read what the reader of an appeal found."""
    draft = RulingDraft(
        finding=forms.option(form, "finding", Finding, label=N_("Was the point treated correctly?")),
        reason=forms.localized(
            form, "reason", max=MAX_REASON, label=N_("The reason, addressed to the person"), lines=True
        ),
        jumped_because=forms.choice(form, "jumped_because", JUMPS, required=False),
    )
    form.demand()
    return draft


def parse_promise(form: FormData, articles: tuple[str, ...]) -> PromiseDraft:
    """Read a promise with its date."""
    draft = PromiseDraft(
        promise=forms.localized(form, "promise", max=500, label=N_("What is promised")),
        owner=forms.text(form, "owner", max=160, label=N_("Who does it")),
        due_on=forms.day(form, "due_on", label=N_("Until")).isoformat(),
        provision=forms.choice(form, "provision", articles, required=False),
    )
    form.demand()
    return draft


def parse_progress(form: FormData) -> tuple[Progress, Localized]:
    """Read how far a promise has come, and the proof or the reason."""
    state = forms.option(form, "state", Progress)
    proof = forms.localized(
        form, "proof", max=2_000, required=state in (Progress.DONE, Progress.ABANDONED), lines=True
    )
    form.demand()
    return state, proof
