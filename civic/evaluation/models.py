"""Tables of evaluation: surveys, who is invited, what was answered without the person, what was published."""

from tortoise import fields
from tortoise.models import Model

from civic.foundation.tables import json_dict, link, one_link, public_key


class Survey(Model):
    """The six questions about one decision, for a time."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = one_link("civic.Decision", "survey")
    decision_id: int
    opened_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "survey"


class SurveyInvitation(Model):
    """Somebody who took part may answer, by the link whose digest is kept, or by their account."""

    id = fields.BigIntField(primary_key=True)
    survey = link("civic.Survey", "invitations")
    survey_id: int
    contribution = link("civic.Contribution", "survey_invitations")
    contribution_id: int
    recipient = fields.CharField(max_length=60)
    token_hash = fields.CharField(max_length=64, unique=True, null=True)

    class Meta:
        table = "survey_invitation"
        unique_together = (("survey", "recipient"),)


class SurveyAnswer(Model):
    """What one person answered: 1 to 5, 0 for "don't know", null for left blank.

    ``person`` is a keyed digest of the survey and the person: it makes a second answer impossible and erasure
    possible, and says nothing without the key. There is no hour, and no link to the invitation.
    """

    id = fields.BigIntField(primary_key=True)
    survey = link("civic.Survey", "answers")
    survey_id: int
    person = fields.CharField(max_length=64)
    answered_on = fields.DateField()
    party = fields.SmallIntField(null=True)
    view = fields.SmallIntField(null=True)
    arguments = fields.SmallIntField(null=True)
    situation = fields.SmallIntField(null=True)
    respect = fields.SmallIntField(null=True)
    rights = fields.SmallIntField(null=True)
    category = fields.CharField(max_length=16, default="")
    language = fields.CharField(max_length=8)
    channel = fields.CharField(max_length=8)
    outcome_group = fields.CharField(max_length=8, default="")

    class Meta:
        table = "survey_answer"
        unique_together = (("survey", "person"),)


class SurveyRelease(Model):
    """The results of a survey as they were published: never overwritten, refreshed by a newer one."""

    id = fields.BigIntField(primary_key=True)
    survey = link("civic.Survey", "releases")
    survey_id: int
    number = fields.IntField()
    invited = fields.IntField()
    answered = fields.IntField()
    cells = json_dict()
    published_at = fields.DatetimeField()

    class Meta:
        table = "survey_release"
        unique_together = (("survey", "number"),)
