"""The six questions of the survey (SPEC 4.9, first items) and the words of their answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from civic.foundation.errors import N_

ITEMS: Mapping[str, str] = {
    "party": N_("I could take part when the decision could still change."),
    "view": N_("My view was understood as I put it."),
    "arguments": N_("I could develop my arguments as far as needed."),
    "situation": N_("I could make known what is particular to my situation."),
    "respect": N_("Staff and decision makers treated me with respect and courtesy."),
    "rights": N_("I was clearly told my rights."),
}
"""One question for each of the six components, in their order."""

AGREES: Mapping[int, str] = {
    1: N_("Strongly disagree"),
    2: N_("Rather disagree"),
    3: N_("Neither agree nor disagree"),
    4: N_("Rather agree"),
    5: N_("Strongly agree"),
}
DONT_KNOW = 0
"""How "don't know" is kept."""
DONT_KNOW_WORDS = N_("Don’t know, or not concerned")
DAYS_BEFORE = 7
"""Days between the publication of a decision and its survey: people read their answers first."""
DAYS_OPEN = 45
"""Days a survey is open: longer than the contact budget, so that it can reach who was asked just before."""
LAST_DAYS = 5
"""Nobody is invited in the last days."""
