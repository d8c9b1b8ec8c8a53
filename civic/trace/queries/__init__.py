"""Every read of the trace: one contribution with all that became of it, and one's own."""

from civic.trace.queries.mine import DraftOf, Mine, MyPage, Show, Waiting, mine
from civic.trace.queries.pages import Event, Passage, Related, Trace, trace
from civic.trace.queries.points import Imported, PointCard, ThemeCard, claims_by_contribution, points_of

__all__ = [
    "DraftOf",
    "Event",
    "Imported",
    "Mine",
    "MyPage",
    "Passage",
    "PointCard",
    "Related",
    "Show",
    "ThemeCard",
    "Trace",
    "Waiting",
    "claims_by_contribution",
    "mine",
    "points_of",
    "trace",
]
