"""Every read of organisations; what is public of one is what everybody may read."""

from civic.organisations.models import CommentType
from civic.organisations.queries.people import (
    DelegateCard,
    InterestsCard,
    OrganisationCard,
    OrganisationLine,
    RequestCard,
    delegate_of,
    delegates_of,
    interests_of,
    is_waiting,
    organisations,
    organisations_of,
    request_card,
    visible_organisation,
    waiting_requests,
)
from civic.organisations.queries.statements import (
    Mandate,
    PointRow,
    StatementLine,
    mandate_of,
    points_of,
    statements_of,
    visible_statement,
)

__all__ = [
    "CommentType",
    "DelegateCard",
    "InterestsCard",
    "Mandate",
    "OrganisationCard",
    "OrganisationLine",
    "PointRow",
    "RequestCard",
    "StatementLine",
    "delegate_of",
    "delegates_of",
    "interests_of",
    "is_waiting",
    "mandate_of",
    "organisations",
    "organisations_of",
    "points_of",
    "request_card",
    "statements_of",
    "visible_organisation",
    "visible_statement",
    "waiting_requests",
]
