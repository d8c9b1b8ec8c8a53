"""The words people read for the values of this room."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from civic.foundation.errors import N_
from civic.processes.models import (
    Category,
    CharterKind,
    DateKind,
    PhaseAct,
    PhaseKind,
    ProcessState,
    Profile,
    Promise,
    Standing,
)

_NAMES: Mapping[tuple[type[StrEnum], str], str] = {
    (PhaseKind, "information"): N_("Information"),
    (PhaseKind, "deliberation"): N_("Debate"),
    (PhaseKind, "synthesis"): N_("Synthesis"),
    (PhaseKind, "decision"): N_("Decision"),
    (PhaseKind, "follow_up"): N_("Follow-up"),
    (PhaseKind, "evaluation"): N_("Evaluation"),
    (PhaseAct, "planned"): N_("Dates announced"),
    (PhaseAct, "opened"): N_("Step opened"),
    (PhaseAct, "extended"): N_("Step extended"),
    (PhaseAct, "closed"): N_("Step closed"),
    (ProcessState, "draft"): N_("Draft, not public"),
    (ProcessState, "open"): N_("Open process"),
    (ProcessState, "closed"): N_("Closed process"),
    (Promise, "inform"): N_("To inform"),
    (Promise, "consult"): N_("To consult"),
    (Promise, "involve"): N_("To involve"),
    (Promise, "collaborate"): N_("To decide with you"),
    (Promise, "decide"): N_("To let you decide"),
    (Standing, "open"): N_("Open to your proposals"),
    (Standing, "fixed"): N_("Already fixed"),
    (Standing, "elsewhere"): N_("Elsewhere"),
    (Category, "users"): N_("People who use the service"),
    (Category, "neighbours"): N_("Neighbours and people affected nearby"),
    (Category, "federations"): N_("Federations and professional bodies"),
    (Category, "society"): N_("Associations and civil society"),
    (Category, "authorities"): N_("Other public authorities"),
    (Category, "unions"): N_("Trade unions"),
    (Category, "staff"): N_("Staff of the service"),
    (DateKind, "meeting"): N_("Public meeting"),
    (DateKind, "visit"): N_("Visit on site"),
    (DateKind, "hearing"): N_("Hearing"),
    (DateKind, "vote"): N_("Vote"),
    (DateKind, "decision"): N_("Decision due"),
    (DateKind, "other"): N_("Other event"),
    (Profile, "light"): N_("Light rules"),
    (Profile, "full"): N_("Full rules"),
    (CharterKind, "rights"): N_("Charter of rights"),
    (CharterKind, "respect"): N_("Respect charter"),
}

_MEANS: Mapping[tuple[type[StrEnum], str], str] = {
    (Promise, "inform"): N_("We tell you what is decided, by whom and why, and answer your questions."),
    (Promise, "consult"): N_(
        "We read everything, answer each point with a reason, and say what changed because of it."
    ),
    (Promise, "involve"): N_(
        "We work with you while options are written, answer each point, and show where it went."
    ),
    (Promise, "collaborate"): N_(
        "We write the options together; where we depart from what was agreed, we say why."
    ),
    (Promise, "decide"): N_("What you decide within the open points is what will be done."),
    (Profile, "light"): N_("For a small team: every right of the public, a second reader for refusals."),
    (Profile, "full"): N_("Every answer is read by a second person, not only refusals."),
    (PhaseKind, "information"): N_("Read the file and prepare."),
    (PhaseKind, "deliberation"): N_("Propose, argue, endorse."),
    (PhaseKind, "synthesis"): N_("What was said is gathered and put in order."),
    (PhaseKind, "decision"): N_("Each point gets its answer, and the decision is published."),
    (PhaseKind, "follow_up"): N_("What was promised is carried out, with dates."),
    (PhaseKind, "evaluation"): N_("You say whether the promise was kept."),
}


def name_of(value: StrEnum) -> str:
    """Give the word for a value, to be said in the reader's language."""
    return _NAMES[type(value), value.value]


def meaning_of(value: StrEnum) -> str:
    """Give the sentence that explains a value."""
    return _MEANS[type(value), value.value]
