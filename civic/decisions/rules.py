"""What each outcome requires of an answer (SPEC 4.4) and what a refusal must say (4.5). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum

from civic.contributions.models import ClaimKind
from civic.decisions.models import Accommodation, Effect, Outcome, ReasonCode
from civic.foundation.errors import N_, Message, message
from civic.foundation.tables import Localized

MOST_PARTS = 6


class Family(StrEnum):
    """What a person wants to know first: yes, in part, no, later or elsewhere."""

    YES = "yes"
    PART = "part"
    NO = "no"
    ELSE = "else"
    NOTE = "note"


FAMILIES: Mapping[Family, tuple[Outcome, ...]] = {
    Family.YES: (Outcome.ADOPTED, Outcome.ADAPTED, Outcome.ALREADY),
    Family.PART: (Outcome.PARTLY,),
    Family.NO: (Outcome.DECLINED, Outcome.OUT_OF_SCOPE),
    Family.ELSE: (Outcome.DEFERRED, Outcome.REFERRED),
    Family.NOTE: (Outcome.NOTED,),
}
"""The families and their precise labels, in the order of the choice; nobody writes *withdrawn*."""

FAMILY_OF: Mapping[Outcome, Family] = {code: family for family, codes in FAMILIES.items() for code in codes}
WRITABLE = tuple(FAMILY_OF)
REFUSALS = frozenset({Outcome.DECLINED, Outcome.OUT_OF_SCOPE})
READ_BY_TWO = REFUSALS | {Outcome.PARTLY}
"""Outcomes that refuse something, and so are read by a second person even in the light profile (R3)."""
ANCHORED = frozenset({Outcome.DECLINED, Outcome.PARTLY, Outcome.ADAPTED, Outcome.DEFERRED})
"""Outcomes whose reason quotes or restates the point (R2)."""
ASKS_FOR_CHANGE = frozenset({ClaimKind.REQUEST, ClaimKind.OBJECTION})

FIELDS: Mapping[Outcome, tuple[str, ...]] = {
    code: tuple(names.split())
    for code, names in {
        Outcome.ADOPTED: "sentence provisions rationale effects",
        Outcome.ADAPTED: "sentence anchor differs reason_codes rationale evidence provisions effects",
        Outcome.ALREADY: "sentence quotation quoted_from in_force_on rationale",
        Outcome.PARTLY: "sentence anchor parts rationale evidence trigger remedies provisions effects",
        Outcome.DECLINED: "sentence anchor reason_codes rationale evidence trigger remedies effects",
        Outcome.OUT_OF_SCOPE: "sentence scope_line where rationale",
        Outcome.DEFERRED: "sentence anchor reopens_on event owner reason_codes rationale evidence",
        Outcome.REFERRED: "sentence body sent_on follow_up_on acknowledged_on rationale",
        Outcome.NOTED: "sentence effects",
    }.items()
}
"""The fields an answer of each outcome shows, in their order on the page."""

REQUIRED: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.ADOPTED: ("sentence", "provisions"),
    Outcome.ADAPTED: ("sentence", "anchor", "differs", "reason_codes", "rationale", "provisions"),
    Outcome.ALREADY: ("sentence", "quotation", "in_force_on"),
    Outcome.PARTLY: ("sentence", "anchor", "rationale", "trigger", "remedies"),
    Outcome.DECLINED: ("sentence", "anchor", "reason_codes", "rationale", "trigger", "remedies"),
    Outcome.OUT_OF_SCOPE: ("sentence", "scope_line", "where"),
    Outcome.DEFERRED: ("sentence", "anchor", "owner", "reason_codes", "rationale"),
    Outcome.REFERRED: ("sentence", "body", "sent_on", "follow_up_on"),
    Outcome.NOTED: ("sentence",),
}

LOCALIZED = frozenset(
    {"sentence", "rationale", "differs", "weighed", "trigger", "remedies", "event", "where"}
)
"""Fields an official writes once per language."""


@dataclass(frozen=True)
class Details:
    """What only some outcomes need; kept as JSON beside the answer, empty values left out."""

    anchor: str = ""
    differs: Localized = field(default_factory=dict)
    quotation: str = ""
    quoted_from: str = ""
    in_force_on: date | None = None
    cost: str = ""
    weighed: Localized = field(default_factory=dict)
    trigger: Localized = field(default_factory=dict)
    remedies: Localized = field(default_factory=dict)
    event: Localized = field(default_factory=dict)
    owner: str = ""
    body: str = ""
    sent_on: date | None = None
    follow_up_on: date | None = None
    acknowledged_on: date | None = None
    scope_line: int | None = None
    scope_number: int | None = None
    scope_quote: Localized = field(default_factory=dict)
    where: Localized = field(default_factory=dict)
    accommodation: str = ""
    """What the answer does for a particular situation; only answers to one say it."""
    lacks: str = ""
    """Names of the fields an unfinished answer still lacks; only a sheet that is brought back leaves some."""


_DATES = frozenset({"in_force_on", "sent_on", "follow_up_on", "acknowledged_on"})


def packed(details: Details) -> dict[str, object]:
    """Make of the details what is stored."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(details).items()
        if value not in ("", None, {})
    }


def unpacked(stored: Mapping[str, object]) -> Details:
    """Read the details that were stored."""
    known = {one.name for one in fields(Details)}
    read = {
        name: date.fromisoformat(str(value)) if name in _DATES else value
        for name, value in stored.items()
        if name in known
    }
    return Details(**read)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Part:
    """One part of a point adopted in part."""

    text: Localized
    is_adopted: bool
    reason_codes: tuple[ReasonCode, ...] = ()
    rationale: Localized = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """An answer as an official writes it."""

    outcome: Outcome
    sentence: Localized
    rationale: Localized = field(default_factory=dict)
    reason_codes: tuple[ReasonCode, ...] = ()
    effects: tuple[Effect, ...] = ()
    evidence: str = ""
    is_value_choice: bool = False
    provisions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    reopens_on: date | None = None
    own_sentence: Localized = field(default_factory=dict)
    details: Details = field(default_factory=Details)

    @property
    def all_reason_codes(self) -> frozenset[ReasonCode]:
        """The reasons given, for the whole and for the refused parts."""
        return frozenset(self.reason_codes).union(*(part.reason_codes for part in self.parts))


@dataclass(frozen=True)
class Point:
    """What the rules need to know of a point and of its author's rights."""

    kind: ClaimKind
    received_on: date
    today: date
    was_asked: bool = False
    """A clarifying question was answered, or its time to answer is over (R6)."""
    waits_until: date | None = None
    """The last day its author has to answer a question that is still open."""
    must_call: bool = False
    """A refusal would hit a situation statement, and nobody logged that its author was called (R13)."""


@dataclass(frozen=True)
class Article:
    """What the rules need to know of an article an answer points at."""

    public_id: str
    changes: bool
    """Its words differ from the text in force before it."""


@dataclass(frozen=True)
class Case:
    """An answer, the point it answers, and the articles of the decision by public id."""

    answer: Answer
    point: Point
    articles: Mapping[str, Article]


Wrong = Iterator[tuple[str, Message]]
Check = Callable[[Case], Wrong]


def wrong_with(
    answer: Answer, point: Point, articles: Mapping[str, Article], *, language: str
) -> dict[str, Message]:
    """Say what this answer lacks, by form field; a field of several languages is named in the first one."""
    if answer.outcome not in FIELDS:
        return {"outcome": Message(N_("Please choose one of the answers."))}
    wrong: dict[str, Message] = {}
    case = Case(answer, point, articles)
    for check in (_required, *_CHECKS.get(answer.outcome, ()), *_ALWAYS):
        for name, text in check(case):
            wrong.setdefault(f"{name}_{language}" if _is_localized(name) else name, text)
    return wrong


def _is_localized(name: str) -> bool:
    return name in LOCALIZED or name.startswith("part") and name.endswith(("_text", "_rationale"))


_MISSING: Mapping[str, str] = {
    "sentence": N_("Say the answer in one plain sentence."),
    "anchor": N_("Quote or restate the point you are answering."),
    "differs": N_("Say what differs from what was asked, and why."),
    "reason_codes": N_("Choose at least one reason."),
    "rationale": N_("Explain the reason."),
    "provisions": N_("Link the article that carries this answer."),
    "quotation": N_("Quote the exact words that already say so."),
    "in_force_on": N_("Give the date on which these words entered into force."),
    "trigger": N_("Say what would make you look at this again."),
    "remedies": N_("Say what the person can do if they disagree."),
    "scope_line": N_("Choose the line of the scope that was in force when the point was made."),
    "where": N_("Say where the person can take this instead."),
    "owner": N_("Name who will look at it."),
    "body": N_("Name the body that is competent."),
    "sent_on": N_("Give the date on which it was sent."),
    "follow_up_on": N_("Give the date on which you will ask what became of it."),
}
_NO_CHANGE = N_("These articles change nothing yet. Write what changes, or choose “Already provided”.")
_NO_GROUND = N_("Give the evidence, or say plainly that this is a choice of values.")
_NO_EVIDENCE = N_("You say that evidence contradicts this: name the evidence.")
_NO_FIGURE = N_("Give an order of magnitude of the cost, in figures.")
_NOT_WEIGHED = N_("Name whose right or interest this concerns, and how you weighed it.")
_NOT_ASKED = N_("Ask the author first and leave time to answer. Then missing information can be a reason.")
_STILL_ASKED = N_("The author was asked and can answer until %(date)s: wait, or give another reason.")
_TOO_NEW = N_("These words are newer than the point, made on %(date)s: the answer is then “Adopted”.")
_NOT_PARTLY = N_("List at least one part that is adopted and one that is not.")
_NO_PART = N_("Say what this part is.")
_NO_DATE = N_("Give a date, or the event after which this is looked at again.")
_PAST = N_("Choose a day that is still to come.")
_NOT_SENT = N_("Send it first: this date is still to come.")
_TOO_SOON = N_("Choose a day after the one on which it was sent.")
_NOT_CALLED = N_(
    "This person told what is particular to their situation: call them before you refuse, and log the call, "
    "or say why you could not. The form stands beside this one."
)
_NO_ACCOMMODATION = N_("Say what this answer does for the person’s situation.")
_NOT_POSSIBLE = N_("A refusal says that it is not possible, and why; another answer says what is done.")
_NOT_NOTED = N_("This point asks for a change or objects: “Noted” would leave it without a yes or a no.")

_OWN = frozenset(one.name for one in fields(Answer))


def _required(case: Case) -> Wrong:
    for name in REQUIRED[case.answer.outcome]:
        if name == "provisions" and _is_for_one(case):
            continue
        value = getattr(case.answer if name in _OWN else case.answer.details, name)
        if value is None or value in ("", (), {}):
            yield name, Message(_MISSING[name])


def _change_shown(case: Case) -> Wrong:
    """An answer that says yes shows the words that changed."""
    if _is_for_one(case):
        return
    linked = [case.articles[one] for one in case.answer.provisions if one in case.articles]
    if case.answer.provisions and not any(article.changes for article in linked):
        yield "provisions", Message(_NO_CHANGE)


def _is_for_one(case: Case) -> bool:
    """Tell whether an answer to a situation arranges something for this person, without a change for all."""
    return case.point.kind is ClaimKind.SITUATION and case.answer.details.accommodation != Accommodation.RULE


def _accommodated(case: Case) -> Wrong:
    """Each situation gets its own answer, which says what it does for the person (B4)."""
    family = FAMILY_OF[case.answer.outcome]
    if case.point.kind is not ClaimKind.SITUATION or family is Family.ELSE:
        return
    said = case.answer.details.accommodation
    if not said:
        yield "accommodation", Message(_NO_ACCOMMODATION)
    elif (said == Accommodation.NOT_POSSIBLE) != (family is Family.NO):
        yield "accommodation", Message(_NOT_POSSIBLE)


def _called(case: Case) -> Wrong:
    """R13: nobody who told their situation is refused before they were called, or that was explained."""
    if case.answer.outcome is Outcome.DECLINED and case.point.must_call:
        yield "outcome", Message(_NOT_CALLED)


def _grounded(case: Case) -> Wrong:
    """R2: evidence, or a choice of values said plainly."""
    if not case.answer.evidence and not case.answer.is_value_choice:
        yield "evidence", Message(_NO_GROUND)
    if ReasonCode.EVIDENCE in case.answer.all_reason_codes and not case.answer.evidence:
        yield "evidence", Message(_NO_EVIDENCE)


def _costed(case: Case) -> Wrong:
    has_figure = any(letter.isdigit() for letter in case.answer.details.cost)
    if ReasonCode.COST in case.answer.all_reason_codes and not has_figure:
        yield "cost", Message(_NO_FIGURE)


def _weighed(case: Case) -> Wrong:
    if ReasonCode.RIGHTS in case.answer.all_reason_codes and not case.answer.details.weighed:
        yield "weighed", Message(_NOT_WEIGHED)


def _asked(case: Case) -> Wrong:
    """R6: nothing is refused for vagueness before its author was asked and had time to answer."""
    if ReasonCode.VAGUENESS not in case.answer.all_reason_codes or case.point.was_asked:
        return
    until = case.point.waits_until
    said = message(_STILL_ASKED, date=until) if until else Message(_NOT_ASKED)
    if ReasonCode.VAGUENESS in case.answer.reason_codes:
        yield "reason_codes", said
    for number, part in enumerate(case.answer.parts, 1):
        if ReasonCode.VAGUENESS in part.reason_codes:
            yield f"part{number}_reasons", said


def _in_force_before(case: Case) -> Wrong:
    since = case.answer.details.in_force_on
    if since is not None and since > case.point.received_on:
        yield "in_force_on", message(_TOO_NEW, date=case.point.received_on)


def _parts(case: Case) -> Wrong:
    if {part.is_adopted for part in case.answer.parts} != {True, False}:
        yield "parts", Message(_NOT_PARTLY)
    for number, part in enumerate(case.answer.parts, 1):
        if not part.text:
            yield f"part{number}_text", Message(_NO_PART)
        if not part.is_adopted and not part.reason_codes:
            yield f"part{number}_reasons", Message(_MISSING["reason_codes"])
        if not part.is_adopted and not part.rationale:
            yield f"part{number}_rationale", Message(_MISSING["rationale"])


def _dated(case: Case) -> Wrong:
    if case.answer.reopens_on is None and not case.answer.details.event:
        yield "reopens_on", Message(_NO_DATE)
    elif case.answer.reopens_on is not None and case.answer.reopens_on <= case.point.today:
        yield "reopens_on", Message(_PAST)


def _sent(case: Case) -> Wrong:
    sent, follow_up = case.answer.details.sent_on, case.answer.details.follow_up_on
    if sent is not None and sent > case.point.today:
        yield "sent_on", Message(_NOT_SENT)
    if sent is not None and follow_up is not None and follow_up <= sent:
        yield "follow_up_on", Message(_TOO_SOON)


def _only_noted(case: Case) -> Wrong:
    if case.point.kind in ASKS_FOR_CHANGE | {ClaimKind.SITUATION}:
        yield "outcome", Message(_NOT_NOTED)


_CHECKS: Mapping[Outcome, tuple[Check, ...]] = {
    Outcome.ADOPTED: (_change_shown,),
    Outcome.ADAPTED: (_change_shown, _grounded),
    Outcome.PARTLY: (_parts, _grounded),
    Outcome.ALREADY: (_in_force_before,),
    Outcome.DECLINED: (_grounded,),
    Outcome.DEFERRED: (_dated, _grounded),
    Outcome.REFERRED: (_sent,),
    Outcome.NOTED: (_only_noted,),
}


_ALWAYS: tuple[Check, ...] = (_costed, _weighed, _asked, _called, _accommodated)


def kept(answer: Answer) -> Answer:
    """Keep of an answer only what its outcome asks for: words left from another choice are not published."""
    shown = frozenset(FIELDS[answer.outcome])
    refers = answer.all_reason_codes if shown & {"reason_codes", "parts"} else frozenset()
    extra = {"cost"} if ReasonCode.COST in refers else set()
    extra |= {"weighed"} if ReasonCode.RIGHTS in refers else set()
    extra |= {"scope_number", "scope_quote"} if "scope_line" in shown else set()
    extra |= {"accommodation"}
    details = Details(
        **{
            one.name: getattr(answer.details, one.name)
            for one in fields(Details)
            if one.name in shown or one.name in extra
        }
    )
    return Answer(
        outcome=answer.outcome,
        sentence=answer.sentence,
        rationale=answer.rationale if "rationale" in shown else {},
        reason_codes=answer.reason_codes if "reason_codes" in shown else (),
        effects=answer.effects if "effects" in shown else (),
        evidence=answer.evidence if "evidence" in shown else "",
        is_value_choice=answer.is_value_choice and "evidence" in shown,
        provisions=answer.provisions if "provisions" in shown else (),
        parts=answer.parts if "parts" in shown else (),
        reopens_on=answer.reopens_on if "reopens_on" in shown else None,
        own_sentence=answer.own_sentence,
        details=details,
    )


def needs_second_reader(outcome: Outcome, *, full: bool) -> bool:
    """R3: a refusal is read by two people; in the full profile every answer is."""
    return full or outcome in READ_BY_TWO
