"""The articles of the respect charter as a moderator applies them, and what each prefills.

The wording is a beginning: a person edits it before anything is signed.
"""

from dataclasses import dataclass

from civic.foundation.errors import N_
from civic.moderation.models import Ground, Measure


@dataclass(frozen=True)
class Rule:
    """An article that can be broken: its number in the charter, its words, and the facts to start from."""

    code: str
    text: str
    facts: str


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "1",
            N_("Article 1: we speak to persons, not positions."),
            N_("The message attacks a person for who they are or where they stand, not for what they say."),
        ),
        Rule(
            "2",
            N_("Article 2: criticise ideas, and give reasons."),
            N_("The message runs somebody down without giving a reason that can be answered."),
        ),
        Rule(
            "3",
            N_("Article 3: no insult, threat, discrimination or disclosure of private facts."),
            N_("The passage insults, threatens or discriminates, or makes private facts known."),
        ),
        Rule(
            "5",
            N_("Article 5: good faith; no advertising, no impersonation, no repeated posting."),
            N_("The message advertises, impersonates somebody or repeats the same text."),
        ),
        Rule(
            "law",
            N_("The law: what it forbids is not published here."),
            N_("The passage appears to be against the law. The provision is:"),
        ),
    )
}

SUSPECTED: dict[str, str] = {
    Ground.INSULT: "3",
    Ground.THREAT: "3",
    Ground.DISCRIMINATION: "3",
    Ground.PRIVACY: "3",
    Ground.SPAM: "5",
    Ground.BAD_FAITH: "5",
    Ground.OFFICIAL_BREACH: "1",
    Ground.ILLEGAL: "law",
    Ground.DANGER: "3",
}
"""The article a report of each ground points at; the moderator may choose another."""

RISK: dict[str, int] = {
    Ground.DANGER: 100,
    Ground.THREAT: 80,
    Ground.ILLEGAL: 60,
    Ground.PRIVACY: 50,
    Ground.DISCRIMINATION: 40,
    Ground.INSULT: 30,
    Ground.OFFICIAL_BREACH: 30,
    Ground.BAD_FAITH: 10,
    Ground.SPAM: 10,
}
"""How urgent a ground is. The number of reports never raises it: a queue is no popularity contest."""

UNTIL_REWRITTEN = "until_rewritten"

DURATIONS: dict[str, str] = {
    UNTIL_REWRITTEN: N_("Until the author writes it another way"),
    "one_month": N_("One month"),
    "lasting": N_("Without an end date; an appeal can lift it"),
}

EFFECTS: dict[str, str] = {
    "hide": N_("The text is hidden everywhere; its place, the rule and the date stay visible."),
    "rephrase": N_("The text is set aside until its author has written it another way."),
    "official": N_("The text stays online. Its author is asked to correct it by a new version."),
}

URGENT = 60
"""From this risk on, moderators are written to at once, whatever else waits."""

LENGTH_OVER = N_("The time for which the text was hidden is over.")

DONE: dict[str, str] = {
    Measure.HIDE: N_("It is hidden."),
    Measure.REPHRASE: N_("Its author is asked to write it another way."),
}
"""What a measure did, as the person who reported reads it."""

TERRITORY = N_("Everywhere this site can be read")
REDRESS = N_(
    "You can contest this measure here, free of charge, for six months: somebody else decides. "
    "You can also go to an out-of-court dispute body or to a court."
)

GROUNDS: dict[str, tuple[str, str]] = {
    Ground.INSULT: (N_("Insult"), N_("It insults or belittles somebody.")),
    Ground.DISCRIMINATION: (N_("Discrimination"), N_("It attacks people for what they are.")),
    Ground.PRIVACY: (N_("Private facts"), N_("It makes known something private about somebody.")),
    Ground.THREAT: (N_("Threat"), N_("It threatens somebody, openly or not.")),
    Ground.SPAM: (
        N_("Advertising or repetition"),
        N_("It sells something, or says the same thing many times."),
    ),
    Ground.BAD_FAITH: (N_("Bad faith"), N_("It impersonates somebody, or makes up a fact to mislead.")),
    Ground.OFFICIAL_BREACH: (
        N_("A lack of respect by the city"),
        N_("An official, an elected person or a moderator did not keep to the respect charter."),
    ),
    Ground.ILLEGAL: (
        N_("Illegal content"),
        N_("You think it is against the law. Say which law if you know it."),
    ),
    Ground.DANGER: (
        N_("Somebody’s life is in danger"),
        N_("Call the emergency services first: 112. A moderator reads this before everything else."),
    ),
}
"""Why somebody may report a text: its name, and what it means in a plain sentence."""

MEASURES: dict[str, str] = {
    Measure.KEEP: N_("Stays online"),
    Measure.HIDE: N_("Hidden"),
    Measure.RESTORE: N_("Shown again"),
    Measure.REPHRASE: N_("Asked to rephrase"),
}
