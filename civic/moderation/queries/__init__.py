"""All reads of moderation. Hidden words are read here by moderators and by their author, nowhere else."""

from civic.moderation.models import Measure
from civic.moderation.queries.cases import (
    CaseView,
    Cursor,
    history_of,
    queue,
    similar_decisions,
    visible_case,
    waiting,
    waiting_by_ground,
    waits_alone,
)
from civic.moderation.queries.decided import (
    Decided,
    decision_by_id,
    in_hold,
    in_whose_place,
    is_author_of,
    measures_over,
    statement,
    statement_of,
    took_effect,
    visible_decision,
)
from civic.moderation.queries.logs import (
    appeals_waiting,
    public_log,
    report_behind,
    totals,
    visible_report,
)
from civic.moderation.queries.reading import PAGE, localized_of, restricts
from civic.moderation.queries.subjects import Subject, visible_subject

__all__ = [
    "PAGE",
    "CaseView",
    "Cursor",
    "Decided",
    "Measure",
    "Subject",
    "appeals_waiting",
    "decision_by_id",
    "history_of",
    "in_hold",
    "in_whose_place",
    "is_author_of",
    "localized_of",
    "measures_over",
    "public_log",
    "queue",
    "report_behind",
    "restricts",
    "similar_decisions",
    "statement",
    "statement_of",
    "took_effect",
    "totals",
    "visible_case",
    "visible_decision",
    "visible_report",
    "visible_subject",
    "waiting",
    "waiting_by_ground",
    "waits_alone",
]
