"""Open the survey of a decision, invite, take an answer in, publish results, forget."""

from civic.evaluation.actions.answering import answer_survey, forget_answers
from civic.evaluation.actions.inviting import INVITE, ask_kept_surveys, invite_some, open_surveys
from civic.evaluation.actions.publishing import publish_results

__all__ = [
    "INVITE",
    "answer_survey",
    "ask_kept_surveys",
    "forget_answers",
    "invite_some",
    "open_surveys",
    "publish_results",
]
