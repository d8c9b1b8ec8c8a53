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

__all__ = [
    "QUESTION",
    "Known",
    "KnownClaim",
    "KnownOutcome",
    "Tally",
    "any_text",
    "fingerprint",
    "known_contributions",
    "known_refs",
    "tally_of",
]
