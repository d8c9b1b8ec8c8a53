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
    """Points that belong together; the words are those of its newest version."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "themes")
    process_id: int
    title = localized()
    concern = localized()
    minority = localized()
    version = fields.IntField(default=1)
    created_by = link("civic.Participant", "themes_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "theme"


class ThemeVersion(Model):
    """The words of a theme at one moment: its title, the concern, and what a minority says against it."""

    id = fields.BigIntField(primary_key=True)
    theme = link("civic.Theme", "versions")
    theme_id: int
    number = fields.IntField()
    title = localized()
    concern = localized()
    minority = localized()
    written_by = link("civic.Participant", "theme_versions", null=True)
    written_by_id: int | None
    written_at = fields.DatetimeField()

    class Meta:
        table = "theme_version"
        unique_together = (("theme", "number"),)


class ThemeLink(Model):
    """A point belongs to a theme, from one moment to another; who took it out stays written.

    Without a stance of its own the kind of the point says whether it stands for the concern or against it.
    """

    id = fields.BigIntField(primary_key=True)
    theme = link("civic.Theme", "links")
    theme_id: int
    claim = link("civic.Claim", "themes")
    claim_id: int
    stance = fields.CharField(max_length=8, default="")
    linked_by = link("civic.Participant", "themes_linked", null=True)
    linked_by_id: int | None
    linked_at = fields.DatetimeField()
    unlinked_by = link("civic.Participant", "themes_unlinked", null=True)
    unlinked_by_id: int | None
    unlinked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "theme_link"


class Synthesis(Model):
    """What was said on one or more questions of a process, theme by theme, as it is being written."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "syntheses")
    process_id: int
    title = localized()
    introduction = localized()
    version = fields.IntField(default=1)
    created_by = link("civic.Participant", "syntheses_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "synthesis"


class SynthesisIssue(Model):
    """A question is told in at most one synthesis."""

    id = fields.BigIntField(primary_key=True)
    synthesis = link("civic.Synthesis", "issues")
    synthesis_id: int
    issue = one_link("civic.Issue", "synthesis")
    issue_id: int

    class Meta:
        table = "synthesis_issue"


class SynthesisEdition(Model):
    """A synthesis as it was signed: public once a ``SynthesisRelease`` names it, and never changed.

    ``counts`` freezes the numbers of the whole document; which points a theme held is read from the links
    that stood at ``signed_at``.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    synthesis = link("civic.Synthesis", "editions")
    synthesis_id: int
    number = fields.IntField()
    title = localized()
    introduction = localized()
    changes = localized()
    counts = json_dict()
    signed_by = link("civic.Participant", "syntheses_signed", null=True)
    signed_by_id: int | None
    signed_at = fields.DatetimeField()
    release_at = fields.DatetimeField()

    class Meta:
        table = "synthesis_edition"
        unique_together = (("synthesis", "number"),)


class SynthesisTheme(Model):
    """A theme as one edition of a synthesis shows it: its words, and its numbers at that time."""

    id = fields.BigIntField(primary_key=True)
    edition = link("civic.SynthesisEdition", "themes")
    edition_id: int
    theme_version = link("civic.ThemeVersion", "shown_in")
    theme_version_id: int
    position = fields.IntField()
    counts = json_dict()

    class Meta:
        table = "synthesis_theme"
        unique_together = (("edition", "theme_version"),)


class SynthesisRelease(Model):
    """A signed edition of a synthesis became public."""

    id = fields.BigIntField(primary_key=True)
    edition = one_link("civic.SynthesisEdition", "release")
    edition_id: int
    released_at = fields.DatetimeField()

    class Meta:
        table = "synthesis_release"


class SynthesisStop(Model):
    """A signed edition of a synthesis was stopped before it became public."""

    id = fields.BigIntField(primary_key=True)
    edition = one_link("civic.SynthesisEdition", "stop")
    edition_id: int
    stopped_by = link("civic.Participant", "syntheses_stopped", null=True)
    stopped_by_id: int | None
    stopped_at = fields.DatetimeField()

    class Meta:
        table = "synthesis_stop"
