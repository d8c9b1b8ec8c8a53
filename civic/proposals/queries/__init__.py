"""Every read of proposals; ``visible_proposal`` is the way in for whoever looks."""

from civic.proposals.queries.lists import Filters, ProposalList, Sort, listing
from civic.proposals.queries.reading import (
    ProposalCard,
    has_endorsed,
    proposal_of_contribution,
    visible_proposal,
)
from civic.proposals.queries.similar import similar

__all__ = [
    "Filters",
    "ProposalCard",
    "ProposalList",
    "Sort",
    "has_endorsed",
    "listing",
    "proposal_of_contribution",
    "similar",
    "visible_proposal",
]
