"""What the templates of decisions need to speak: the words for every code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civic.decisions.deadlines import NEW_ANSWER_DAYS, REPLY_DAYS, RULING_DAYS
from civic.decisions.gates import PointState
from civic.decisions.rules import FAMILIES, FIELDS
from civic.decisions.words import SPOKEN

WORDS: Mapping[str, Any] = {
    **SPOKEN,
    "families": FAMILIES,
    "fields_of": FIELDS,
    "point_states": PointState,
    "reply_days": REPLY_DAYS,
    "ruling_days": RULING_DAYS,
    "new_answer_days": NEW_ANSWER_DAYS,
}
