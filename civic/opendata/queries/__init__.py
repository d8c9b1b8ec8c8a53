"""Every read of open data: what an import brought earlier, and what goes out as a grid."""

from civic.opendata.queries.answered import (
    decision_in_force,
    every_public_outcome,
    public_contribution,
    public_decision,
    public_decisions,
    public_outcome,
    public_outcomes,
)
from civic.opendata.queries.indicators import public_indicators
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
from civic.opendata.queries.legal import legal_text
from civic.opendata.queries.offers import Offer, offers
from civic.opendata.queries.provenance import public_provenance
from civic.opendata.queries.public import (
    MOST,
    PAGE,
    public_comments,
    public_measures,
    public_process,
    public_processes,
    public_proposal,
    public_proposals,
)
from civic.opendata.queries.returned import Returned, returned_points
from civic.opendata.queries.sheets import Sheet, count_of, pages_of, rows_of_claims, sheet_for, state_of

__all__ = [
    "public_provenance",
    "MOST",
    "PAGE",
    "decision_in_force",
    "every_public_outcome",
    "public_comments",
    "public_contribution",
    "public_decision",
    "public_decisions",
    "public_indicators",
    "public_measures",
    "public_outcome",
    "public_outcomes",
    "public_process",
    "public_processes",
    "public_proposal",
    "public_proposals",
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
    "legal_text",
    "offers",
    "pages_of",
    "returned_points",
    "rows_of_claims",
    "sheet_for",
    "state_of",
    "tally_of",
]
