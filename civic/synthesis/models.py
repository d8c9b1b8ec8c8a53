"""Tables of synthesis: cuts, questions to authors, checks, themes and the synthesis document."""

from tortoise import fields
from tortoise.models import Model

from civic.foundation.tables import json_dict, link, localized, one_link, public_key


class Segmentation(Model):
    """A person cut one version of a contribution into points."""

    id = fields.BigIntField(primary_key=True)
    contribution = link("civic.Contribution", "segmentations")
    contribution_id: int
    version = link("civic.ContributionVersion", "segmentations")
    version_id: int
    cut_by = link("civic.Participant", "segmentations")
    cut_by_id: int
    cut_at = fields.DatetimeField()

    class Meta:
        table = "segmentation"


class SecondReading(Model):
    """Somebody who did not cut a text read its points: they are right, or they go back with a note."""

    id = fields.BigIntField(primary_key=True)
    contribution = link("civic.Contribution", "second_readings")
    contribution_id: int
    read_by = link("civic.Participant", "second_readings")
    read_by_id: int
    is_confirmed = fields.BooleanField()
    note = fields.CharField(max_length=1000, default="")
    read_at = fields.DatetimeField()

    class Meta:
        table = "second_reading"


class ClarifyingQuestion(Model):
    """An official asked an author what a point means; the clock waits for the author until due."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    claim = link("civic.Claim", "questions")
    claim_id: int
    text = fields.TextField()
    language = fields.CharField(max_length=8)
    asked_by = link("civic.Participant", "questions_asked")
    asked_by_id: int
    asked_at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "clarifying_question"


class Clarification(Model):
    """The author's answer to a clarifying question."""

    id = fields.BigIntField(primary_key=True)
    question = one_link("civic.ClarifyingQuestion", "clarification")
    question_id: int
    text = fields.TextField()
    answered_at = fields.DatetimeField()

    class Meta:
        table = "clarification"


class UnderstandingCheck(Model):
    """The points of a contribution go to its author (4.6); the clock runs once they were really asked."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = link("civic.Contribution", "checks")
    contribution_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    sent_by = link("civic.Participant", "checks_sent", null=True)
    sent_by_id: int | None
    sent_at = fields.DatetimeField()
    silent_at = fields.DatetimeField(null=True)
    answered_at = fields.DatetimeField(null=True)
    entered_by = link("civic.Participant", "checks_entered", null=True)
    entered_by_id: int | None

    class Meta:
        table = "understanding_check"


class CheckAnswer(Model):
    """What the author said of one restated point, or the point they say was missed."""

    id = fields.BigIntField(primary_key=True)
    sent_check = link("civic.UnderstandingCheck", "answers")
    sent_check_id: int
    claim = link("civic.Claim", "check_answers")
    claim_id: int
    verdict = fields.CharField(max_length=12)
    words = fields.TextField(default="")
    answered_at = fields.DatetimeField()

    class Meta:
        table = "check_answer"


class Theme(Model):
    """Points that belong together, with one balanced statement of the concern."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "themes")
    process_id: int
    issue = link("civic.Issue", "themes", null=True)
    issue_id: int | None
    title = localized()
    concern = localized()
    minority = localized()
    created_by = link("civic.Participant", "themes_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "theme"


class ThemeLink(Model):
    """A point belongs to a theme."""

    id = fields.BigIntField(primary_key=True)
    theme = link("civic.Theme", "links")
    theme_id: int
    claim = link("civic.Claim", "themes")
    claim_id: int
    stance = fields.CharField(max_length=8, default="")
    linked_by = link("civic.Participant", "themes_linked", null=True)
    linked_by_id: int | None
    linked_at = fields.DatetimeField()

    class Meta:
        table = "theme_link"
        unique_together = (("theme", "claim"),)


class SynthesisVersion(Model):
    """The synthesis document as published before the decision."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "syntheses")
    process_id: int
    number = fields.IntField()
    text = localized()
    html = localized()
    counts = json_dict()
    published_by = link("civic.Participant", "syntheses_published", null=True)
    published_by_id: int | None
    published_at = fields.DatetimeField()

    class Meta:
        table = "synthesis_version"
        unique_together = (("process", "number"),)
