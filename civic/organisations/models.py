"""Tables of organisations. Who speaks for one, its interests and its statements are rows that only add up."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from civic.foundation.tables import link, one_link, public_key


class CommentType(StrEnum):
    """What a row of a statement comments on, in the letters that standards bodies use."""

    GENERAL = "ge"
    TECHNICAL = "te"
    EDITORIAL = "ed"


class DelegateRequest(Model):
    """Somebody asks to speak for an organisation; ``proof`` says how to check it, to the checker alone."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    organisation = link("civic.Organisation", "delegate_requests")
    organisation_id: int
    participant = link("civic.Participant", "delegate_requests")
    participant_id: int
    function = fields.CharField(max_length=120)
    proof = fields.CharField(max_length=600)
    asked_at = fields.DatetimeField()

    class Meta:
        table = "delegate_request"


class DelegateRuling(Model):
    """A request was checked: with a delegate, confirmed; without one, refused for the reason given."""

    id = fields.BigIntField(primary_key=True)
    request = one_link("civic.DelegateRequest", "ruling")
    request_id: int
    delegate = one_link("civic.Delegate", "ruling", null=True)
    delegate_id: int | None
    reason = fields.CharField(max_length=600)
    ruled_by = link("civic.Participant", "delegates_ruled", null=True)
    ruled_by_id: int | None
    ruled_at = fields.DatetimeField()

    class Meta:
        table = "delegate_ruling"


class DelegateEnd(Model):
    """Somebody no longer speaks for an organisation: who said so, when and why."""

    id = fields.BigIntField(primary_key=True)
    delegate = one_link("civic.Delegate", "end")
    delegate_id: int
    reason = fields.CharField(max_length=600)
    ended_by = link("civic.Participant", "delegates_ended", null=True)
    ended_by_id: int | None
    ended_at = fields.DatetimeField()

    class Meta:
        table = "delegate_end"


class OrganisationInterests(Model):
    """What an organisation stands to gain or lose, as a delegate of it declared at one moment."""

    id = fields.BigIntField(primary_key=True)
    organisation = link("civic.Organisation", "interests")
    organisation_id: int
    number = fields.IntField()
    text = fields.TextField()
    funding = fields.TextField(default="")
    declared_by = link("civic.Delegate", "declarations")
    declared_by_id: int
    declared_at = fields.DatetimeField()

    class Meta:
        table = "organisation_interests"
        unique_together = (("organisation", "number"),)


class PositionStatement(Model):
    """What an organisation says in a process: a proposal of the register, with who approved it and when."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = one_link("civic.Contribution", "position_statement")
    contribution_id: int
    organisation = link("civic.Organisation", "statements")
    organisation_id: int
    delegate = link("civic.Delegate", "statements")
    delegate_id: int
    interests = link("civic.OrganisationInterests", "statements")
    interests_id: int
    approved_by = fields.CharField(max_length=200)
    approved_on = fields.DateField()
    filed_at = fields.DatetimeField()

    class Meta:
        table = "position_statement"


class StatementPoint(Model):
    """A row of a statement: the point it opened, and the passage of the text under discussion it is about."""

    id = fields.BigIntField(primary_key=True)
    statement = link("civic.PositionStatement", "points")
    statement_id: int
    claim = one_link("civic.Claim", "statement_point")
    claim_id: int
    number = fields.IntField()
    reference = fields.CharField(max_length=120, default="")
    comment_type = fields.CharField(max_length=2, default=CommentType.GENERAL)
    comment = fields.TextField()
    change = fields.TextField(default="")

    class Meta:
        table = "statement_point"
        unique_together = (("statement", "number"),)
