"""What the templates of decisions need to speak: the words for every code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civic.decisions.deadlines import NEW_ANSWER_DAYS, REPLY_DAYS, RULING_DAYS
from civic.decisions.gates import PointState
from civic.decisions.queries import PointFilter
from civic.decisions.queries.sifting import read_filter as read_filter
from civic.decisions.queries.sifting import spoken_filter as spoken_filter
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

MOST_LISTED = 200
"""How many points a page lists at most: what a person can still read through."""
MOST_TOGETHER = 1_000
"""How many points one answer is given to at once; beyond those listed, as a filter found them."""


def kept_filter(form: FormData) -> PointFilter:
    """Read the filter that a form carries along, to come back to the same points."""
    return read_filter(formdata.parse(form.value("back").encode(), strict=False))
