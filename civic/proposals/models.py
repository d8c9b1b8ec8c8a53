"""Tables of proposals; the words and who may read them are the contribution's."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import link, one_link, public_key


class Proposal(Model):
    """What somebody asks of the public body, with its debate.

    It has the public id of its contribution; ``lot`` was drawn once, for the order that favours nobody.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = one_link("civic.Contribution", "proposal")
    contribution_id: int
    thread = one_link("civic.Thread", "proposal")
    thread_id: int
    process = link("civic.Process", "proposals")
    process_id: int
    issue = link("civic.Issue", "proposals")
    issue_id: int
    lot = fields.IntField(default=0)
    endorsement_count = fields.IntField(default=0)
    submitted_at = fields.DatetimeField()

    class Meta:
        table = "proposal"
        indexes = [
            Index(fields=["process_id", "submitted_at"], name="ix_proposal_process"),
            Index(fields=["process_id", "lot"], name="ix_proposal_lot"),
        ]


class Endorsement(Model):
    """A participant stands behind a proposal; taking it back sets ``withdrawn_at``."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    proposal = link("civic.Proposal", "endorsements")
    proposal_id: int
    participant = link("civic.Participant", "endorsements")
    participant_id: int
    given_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "endorsement"
        unique_together = (("proposal", "participant"),)
