"""Who may answer a survey. Every no comes with its reason."""

from __future__ import annotations

from civic.foundation.errors import ALLOWED, N_, Verdict, refused


def may_answer(*, is_invited: bool, is_open: bool, has_answered: bool) -> Verdict:
    """Who took part before the decision answers, once, while the survey is open."""
    if not is_invited:
        return refused(N_("Only people who took part before the decision can answer."))
    if has_answered:
        return refused(N_("You have answered already. Each person answers once."))
    if not is_open:
        return refused(N_("This survey is closed."))
    return ALLOWED
