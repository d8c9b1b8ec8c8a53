"""What the templates of decisions need to speak: the words for every code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from civic.decisions.deadlines import NEW_ANSWER_DAYS, REPLY_DAYS, RULING_DAYS
from civic.decisions.gates import PointState
from civic.decisions.queries import PointFilter
from civic.decisions.rules import FAMILIES, FIELDS
from civic.decisions.words import SPOKEN
from civic.foundation import formdata
from civic.foundation.formdata import FormData

WORDS: Mapping[str, Any] = {
    **SPOKEN,
    "families": FAMILIES,
    "fields_of": FIELDS,
    "point_states": PointState,
    "reply_days": REPLY_DAYS,
    "ruling_days": RULING_DAYS,
    "new_answer_days": NEW_ANSWER_DAYS,
}

_LONGEST = 120
MOST_LISTED = 200
"""How many points a page lists at most: what a person can still read through."""
MOST_TOGETHER = 1_000
"""How many points one answer is given to at once; beyond those listed, as a filter found them."""


def read_filter(asked: FormData) -> PointFilter:
    """Read which points of a desk are asked for."""
    return PointFilter(
        state=asked.value("state")[:_LONGEST],
        issue=asked.value("issue")[:_LONGEST],
        outcome=asked.value("outcome")[:_LONGEST],
        late=asked.value("late") == "1",
        query=asked.value("q")[:_LONGEST],
        who=asked.value("who")[:_LONGEST],
        theme=asked.value("theme")[:_LONGEST],
    )


def spoken_filter(only: PointFilter) -> str:
    """Write a filter as the questions of an address; empty when everything is asked for."""
    asked = {
        "state": only.state,
        "issue": only.issue,
        "outcome": only.outcome,
        "late": "1" if only.late else "",
        "q": only.query,
        "who": only.who,
        "theme": only.theme,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def kept_filter(form: FormData) -> PointFilter:
    """Read the filter that a form carries along, to come back to the same points."""
    return read_filter(formdata.parse(form.value("back").encode(), strict=False))
