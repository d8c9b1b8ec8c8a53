"""Cut a text into points, read them a second time, ask its author what was meant and whether it is right."""

from civic.synthesis.actions.checking import (
    MOST_CHECKS,
    answer_check,
    close_unanswered,
    send_check,
    send_checks,
)
from civic.synthesis.actions.cutting import answer_question, ask_author, cut
from civic.synthesis.actions.reading import read_second, reword
from civic.synthesis.actions.telling import ask_kept_checks

__all__ = [
    "MOST_CHECKS",
    "answer_check",
    "answer_question",
    "ask_author",
    "ask_kept_checks",
    "close_unanswered",
    "cut",
    "read_second",
    "reword",
    "send_check",
    "send_checks",
]
