"""Every read of open data: what an import brought earlier, and what goes out as a grid."""

from civic.opendata.queries.known import (
    QUESTION,
    Known,
    KnownClaim,
    KnownOutcome,
    Tally,
    any_text,
    fingerprint,
    known_contributions,
    known_refs,
    tally_of,
)
from civic.opendata.queries.offers import Offer, offers
from civic.opendata.queries.returned import Returned, returned_points
from civic.opendata.queries.sheets import Sheet, count_of, pages_of, rows_of_claims, sheet_for, state_of

__all__ = [
    "QUESTION",
    "Offer",
    "Returned",
    "Sheet",
    "Known",
    "KnownClaim",
    "KnownOutcome",
    "Tally",
    "any_text",
    "count_of",
    "fingerprint",
    "known_contributions",
    "known_refs",
    "offers",
    "pages_of",
    "returned_points",
    "rows_of_claims",
    "sheet_for",
    "state_of",
    "tally_of",
]
