"""Cut a text into points, read and check them, gather them by theme, publish the synthesis."""

from civic.synthesis.actions.checking import (
    MOST_CHECKS,
    answer_check,
    close_unanswered,
    send_check,
    send_checks,
)
from civic.synthesis.actions.cutting import answer_question, ask_author, cut
from civic.synthesis.actions.publishing import (
    begin_synthesis,
    publish_synthesis,
    release_synthesis_due,
    rewrite_synthesis,
    stop_synthesis,
)
from civic.synthesis.actions.reading import read_second, reword
from civic.synthesis.actions.telling import ask_kept_checks
from civic.synthesis.actions.theming import (
    Moved,
    begin_theme,
    put_in,
    rewrite_theme,
    sort_point,
    take_out,
)

__all__ = [
    "MOST_CHECKS",
    "Moved",
    "answer_check",
    "answer_question",
    "ask_author",
    "ask_kept_checks",
    "begin_synthesis",
    "begin_theme",
    "close_unanswered",
    "cut",
    "publish_synthesis",
    "put_in",
    "read_second",
    "release_synthesis_due",
    "reword",
    "rewrite_synthesis",
    "rewrite_theme",
    "send_check",
    "send_checks",
    "sort_point",
    "stop_synthesis",
    "take_out",
]
