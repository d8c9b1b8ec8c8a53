"""What each figure is called and how it is counted, in words. A figure is never shown without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civic.foundation.errors import N_


@dataclass(frozen=True)
class Named:
    """A figure: its name, its definition, and the public lists behind it (ends of a decision's address)."""

    title: str
    definition: str
    lists: tuple[tuple[str, str], ...] = ()


_ALL = (("#outcomes", N_("All the answers")),)

FIGURES: Mapping[str, Named] = {
    "answered": Named(
        N_("Contributions answered in full"),
        N_("Contributions whose every point has a published answer, out of all contributions counted here."),
        _ALL,
    ),
    "addressed": Named(
        N_("Points with an answer"),
        N_("Points with a published answer, whatever it says. An answer is not an agreement."),
        _ALL,
    ),
    "adopted": Named(
        N_("Points adopted, in whole or in part"),
        N_(
            "Adopted, adopted another way, or adopted in part. What was already provided is not "
            "counted: it changed nothing."
        ),
        (
            ("?outcome=adopted#outcomes", N_("Adopted")),
            ("?outcome=adapted#outcomes", N_("Adopted another way")),
            ("?outcome=partly#outcomes", N_("Partly adopted")),
        ),
    ),
    "reasoned": Named(
        N_("Points with their reason"),
        N_(
            "An answer that refuses, adapts, splits or postpones gives a reason, with its evidence or"
            " a choice of values said plainly. Any other gives its sentence. An answer too much like "
            "another is not published."
        ),
        _ALL,
    ),
    "traced": Named(
        N_("Points that can be read in the text"),
        N_("Points whose answer names an article of the decision. Not a target: a refusal can be right."),
        (("#articles", N_("Article by article")),),
    ),
    "understood": Named(
        N_("Points understood as they were meant"),
        N_(
            "Points confirmed by their authors, out of those confirmed, corrected, reported as "
            "missed, or left without a reply. Silence is not consent: it is counted, never as a yes."
        ),
    ),
    "corrected": Named(
        N_("Points corrected by their authors"),
        N_("Out of the points whose authors replied when asked whether they were understood."),
    ),
    "dates": Named(
        N_("Dates kept"),
        N_(
            "Every date given to people that has come: the day of the decision, promises, appeals, "
            "new answers. A date that was moved stays counted as it was given."
        ),
        (("#promises", N_("Promises")),),
    ),
    "on_time": Named(
        N_("Promises done on the first date given"),
        N_("Out of the promises whose first date has come. A later date does not make a promise punctual."),
        (("#promises", N_("Promises")),),
    ),
    "followed": Named(
        N_("Promises done on time that work"),
        N_(
            "Done on the first date given, and most of the authors of the points who were asked say "
            "that it works."
        ),
        (("#promises", N_("Promises")),),
    ),
    "upheld": Named(
        N_("Appeals found right"),
        N_(
            "Appeals in which the second reader found that a point was treated wrongly, out of those decided."
        ),
    ),
    "present": Named(
        N_("Expected groups that were heard"),
        N_("Groups the process set out to hear and that made at least one point, out of all it expected."),
    ),
    "new": Named(
        N_("New voices"),
        N_(
            "People with an account who had never written in another process before, out of all with "
            "an account."
        ),
    ),
}

WAITS: Mapping[str, Named] = {
    "reply": Named(
        N_("Until somebody replied"),
        N_(
            "From the day a contribution was sent to the first reply by a person of the public body: "
            "a comment, a question, or the answer itself."
        ),
    ),
    "outcome": Named(
        N_("Until the answer"),
        N_("From the day a point was sent to the day its answer was published."),
    ),
    "ruling": Named(
        N_("Until an appeal was decided"),
        N_("From the day an appeal was filed to the day the second reader decided."),
    ),
}

DUE: Mapping[str, str] = {
    "answers": N_("Points without an answer"),
    "again": N_("Points to answer again, after an appeal"),
    "appeals": N_("Appeals that wait for a reader"),
    "reopened": N_("Postponed points whose day has come"),
    "follow_up": N_("Points sent elsewhere, to be asked about"),
    "silent": N_("Promises late, of which nothing was said"),
    "late": N_("Promises late, begun or explained"),
}
