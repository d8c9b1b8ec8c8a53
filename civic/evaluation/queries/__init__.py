"""What the figures are counted from, and what is still owed: for everybody, in aggregate."""

from civic.evaluation.equality import Compared, Equality
from civic.evaluation.figures import Board
from civic.evaluation.intervals import Interval, Share
from civic.evaluation.queries.board import BoardPage, board_of_decision, board_of_process
from civic.evaluation.queries.debt import Debt, DebtItem, Due, debt_of_the_body
from civic.evaluation.queries.presence import Presence, Quarter, presence_of
from civic.evaluation.queries.surveys import (
    InvitationCard,
    ResultsPage,
    SurveyCard,
    decision_of,
    has_answered,
    invitation_of,
    invited_to,
    opens_at,
    results_of,
    survey_of,
    survey_of_link,
)
from civic.evaluation.waiting import Waiting

__all__ = [
    "Board",
    "BoardPage",
    "Compared",
    "Debt",
    "DebtItem",
    "Due",
    "Equality",
    "Interval",
    "InvitationCard",
    "Presence",
    "Quarter",
    "ResultsPage",
    "Share",
    "SurveyCard",
    "Waiting",
    "board_of_decision",
    "board_of_process",
    "debt_of_the_body",
    "decision_of",
    "has_answered",
    "invitation_of",
    "invited_to",
    "opens_at",
    "presence_of",
    "results_of",
    "survey_of",
    "survey_of_link",
]
