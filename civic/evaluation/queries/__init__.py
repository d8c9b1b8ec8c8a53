"""What the figures are counted from, and what is still owed: for everybody, in aggregate."""

from civic.evaluation.equality import Compared, Equality
from civic.evaluation.figures import Board
from civic.evaluation.intervals import Interval, Share
from civic.evaluation.queries.board import BoardPage, board_of_decision, board_of_process
from civic.evaluation.queries.debt import Debt, DebtItem, Due, debt_of_the_body
from civic.evaluation.queries.presence import Presence, Quarter, presence_of
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
    "Presence",
    "Quarter",
    "Share",
    "Waiting",
    "board_of_decision",
    "board_of_process",
    "debt_of_the_body",
    "presence_of",
]
