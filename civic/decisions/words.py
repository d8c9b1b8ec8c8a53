"""The words for outcomes, reasons, effects, grounds and states, as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civic.contributions.models import Audience, ContactWay
from civic.decisions.models import (
    Accommodation,
    AppealGround,
    Effect,
    Finding,
    Outcome,
    Progress,
    ReasonCode,
    Stance,
    UserCheck,
)
from civic.foundation.errors import N_, Message
from civic.synthesis.rules import KIND_WORDS


def _outcome(msgid: str) -> Message:
    return Message(msgid, context="outcome")


OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.ADOPTED: _outcome("Adopted"),
    Outcome.ADAPTED: _outcome("Adopted another way"),
    Outcome.ALREADY: _outcome("Already provided"),
    Outcome.PARTLY: _outcome("Partly adopted"),
    Outcome.DECLINED: _outcome("Not adopted"),
    Outcome.OUT_OF_SCOPE: _outcome("Out of scope"),
    Outcome.DEFERRED: _outcome("Deferred"),
    Outcome.REFERRED: _outcome("Referred"),
    Outcome.NOTED: _outcome("Noted"),
    Outcome.WITHDRAWN: _outcome("Withdrawn"),
}

MEANINGS: Mapping[Outcome, str] = {
    Outcome.ADOPTED: N_("The decision does what is asked. It needs the article that says so."),
    Outcome.ADAPTED: N_("The aim is met by other means. It needs the article, and what differs and why."),
    Outcome.ALREADY: N_("It was already in the rules before the point was made. It needs the quotation."),
    Outcome.PARTLY: N_("Some parts yes, others no. Each refused part has its reason."),
    Outcome.DECLINED: N_(
        "It was considered and refused. It needs the reason, and is read by a second person."
    ),
    Outcome.OUT_OF_SCOPE: N_(
        "It lies outside what could change. It needs the line of the scope that says so."
    ),
    Outcome.DEFERRED: N_("It will be looked at again, on a named day or after a named event."),
    Outcome.REFERRED: N_("Another body is competent, and it was sent there."),
    Outcome.NOTED: N_("It asks for no change. Say in one sentence how it informed the decision."),
}

REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.POLITICAL: N_("Political choice"),
    ReasonCode.LAW: N_("The law does not allow it"),
    ReasonCode.COMPETENCE: N_("The public body is not competent"),
    ReasonCode.COST: N_("Cost or budget"),
    ReasonCode.FEASIBILITY: N_("Technical feasibility"),
    ReasonCode.EVIDENCE: N_("Evidence contradicts it"),
    ReasonCode.RIGHTS: N_("It conflicts with somebody else’s right or interest"),
    ReasonCode.EQUALITY: N_("Equal treatment"),
    ReasonCode.ENVIRONMENT: N_("Environmental limit"),
    ReasonCode.TIMING: N_("Timing"),
    ReasonCode.VAGUENESS: N_("Information is missing, after a question to the author"),
}
"""Political choice comes first, so that nobody hides one behind a technical reason."""

EFFECTS: Mapping[Effect, str] = {
    Effect.TEXT: N_("The text changed"),
    Effect.OPTION: N_("A new option was created"),
    Effect.ANALYSIS: N_("The analysis got better"),
    Effect.FACT: N_("A fact was corrected"),
    Effect.IMPLEMENTATION: N_("The way it is carried out changed"),
    Effect.SITUATION: N_("A situation was taken into account"),
    Effect.NONE: N_("Nothing changed"),
}
ACCOMMODATIONS: Mapping[Accommodation, str] = {
    Accommodation.ACCOMMODATED: N_("Your situation is allowed for"),
    Accommodation.EXCEPTION: N_("An exception is made for you"),
    Accommodation.RULE: N_("The rule changes for everybody"),
    Accommodation.NOT_POSSIBLE: N_("Not possible, because…"),
}
CONSIDERED: Mapping[Accommodation, str] = {
    Accommodation.ACCOMMODATED: N_("Situation allowed for"),
    Accommodation.EXCEPTION: N_("Exception made"),
    Accommodation.RULE: N_("Rule changed for everybody"),
    Accommodation.NOT_POSSIBLE: N_("Not possible, with the reason"),
}
AUDIENCES: Mapping[Audience, str] = {
    Audience.HANDLING: N_("The officials who handle it"),
    Audience.DECIDERS: N_("The officials and those who decide"),
    Audience.ANONYMOUS: N_("Everyone, without the name"),
    Audience.EVERYONE: N_("Everyone, with the name"),
}
CONTACT_WAYS: Mapping[ContactWay, str] = {
    ContactWay.PHONE: N_("By telephone"),
    ContactWay.MEETING: N_("In person"),
    ContactWay.MAIL: N_("By e-mail"),
    ContactWay.LETTER: N_("By letter"),
    ContactWay.NONE: N_("Nobody could be called"),
}

GROUNDS: Mapping[AppealGround, tuple[str, str]] = {
    AppealGround.MISREAD: (N_("I was misread"), N_("This is not what I said.")),
    AppealGround.UNANSWERED: (N_("My point is not answered"), N_("The answer speaks of something else.")),
    AppealGround.GENERIC: (
        N_("The answer could be addressed to anybody"),
        N_("It says nothing of my point."),
    ),
    AppealGround.SCOPE: (N_("“Out of scope” is wrong"), N_("My point was within what could change.")),
    AppealGround.ALREADY: (
        N_("“Already provided” is wrong"),
        N_("It is not in the text, or it is not applied."),
    ),
    AppealGround.RIGHTS: (
        N_("A right or my situation was ignored"),
        N_("The answer takes no account of it."),
    ),
    AppealGround.DISRESPECT: (N_("I was treated without respect"), N_("The words or the manner.")),
}

FINDINGS: Mapping[Finding, str] = {
    Finding.UPHELD: N_("The person is right: the point gets a new answer"),
    Finding.DISMISSED: N_("The point was treated correctly: the answer stands"),
}


PROGRESS: Mapping[Progress, str] = {
    Progress.PLANNED: N_("Planned"),
    Progress.UNDER_WAY: N_("Under way"),
    Progress.DONE: N_("Done"),
    Progress.ABANDONED: N_("Abandoned"),
}

CHECKS: Mapping[UserCheck, str] = {
    UserCheck.WORKS: N_("It works"),
    UserCheck.DOES_NOT: N_("It does not work"),
    UserCheck.CANNOT_TELL: N_("I cannot tell"),
}

STANDINGS: Mapping[str, str] = {
    "late": N_("Late"),
    "changed": N_("Date changed"),
    "coming": N_("To come"),
    "kept": N_("Kept"),
    "abandoned": N_("Abandoned"),
}
"""Where a promise stands on the board, by `queries.milestones.Standing`."""

STATES: Mapping[str, str] = {
    "unanswered": N_("To answer"),
    "unfinished": N_("To complete"),
    "again": N_("To answer again, after an appeal"),
    "reopened": N_("Come back: put off, or passed on"),
    "changed": N_("Text changed: to confirm"),
    "returned": N_("Sent back by the second reader"),
    "review": N_("To be read by a second person"),
    "signature": N_("To be signed by the decision maker"),
    "generic": N_("Too much like another answer"),
    "unlinked": N_("The article changes nothing"),
    "call": N_("Call the person first"),
    "situations": N_("Particular situations"),
    "objected": N_("Reacted to: not right"),
    "back": N_("Come back to the writer"),
    "ready": N_("Ready"),
    "withdrawn": N_("Withdrawn or hidden"),
}
"""Where a point stands on the desk, by `gates.PointState`."""

JUMPS: Mapping[str, str] = {
    "urgent": N_("It is urgent: waiting would take the effect away"),
    "linked": N_("It goes with another appeal that is decided now"),
    "waiting": N_("The older one waits for a document"),
}

ANSWER_LABELS: Mapping[str, str] = {
    "sentence": N_("The answer in one sentence"),
    "anchor": N_("The point you answer"),
    "differs": N_("What differs from what was asked, and why"),
    "rationale": N_("The reason, addressed to the person"),
    "evidence": N_("Evidence"),
    "quotation": N_("The exact words that already say so"),
    "quoted_from": N_("Where these words stand"),
    "in_force_on": N_("In force since"),
    "cost": N_("Order of magnitude of the cost"),
    "weighed": N_("Whose right or interest, and how you weighed it"),
    "trigger": N_("What would make you look at this again"),
    "remedies": N_("What the person can do if they disagree"),
    "where": N_("Where to take it instead"),
    "reopens_on": N_("Looked at again on"),
    "event": N_("Looked at again after"),
    "owner": N_("Who will look at it"),
    "body": N_("Body that is competent"),
    "sent_on": N_("Sent to it on"),
    "follow_up_on": N_("You ask what became of it on"),
    "acknowledged_on": N_("It acknowledged receipt on"),
    "own_sentence": N_("A sentence for this point alone"),
}
"""What each field of an answer is called on its page, for what is wrong with it."""

STANCES: Mapping[Stance, str] = {
    Stance.AGREE: N_("I agree"),
    Stance.MISREAD: N_("This is not what I meant"),
    Stance.REASON: N_("The reason does not answer my point"),
    Stance.MISSING: N_("Something is missing"),
}

REMEDIES = N_(
    "You can reply within 21 days and contest within two months how your point was treated. "
    "A court can be asked about the choice itself."
)
"""What somebody who is refused can always do: written before the first word, and theirs to change."""

SPOKEN: Mapping[str, Any] = {
    "outcomes": OUTCOMES,
    "meanings": MEANINGS,
    "reasons": REASONS,
    "effects": EFFECTS,
    "accommodations": ACCOMMODATIONS,
    "accommodation_words": CONSIDERED,
    "audiences": AUDIENCES,
    "contact_ways": CONTACT_WAYS,
    "grounds": GROUNDS,
    "stances": STANCES,
    "findings": FINDINGS,
    "kinds": KIND_WORDS,
    "progress": PROGRESS,
    "checks": CHECKS,
    "standings": STANDINGS,
    "states": STATES,
    "jumps": JUMPS,
}
"""What `decisions/_answer.html` asks of the page that uses it."""
