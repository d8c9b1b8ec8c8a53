"""Tables of moderation. ``subject`` is a stable key such as ``contribution/<id>`` or ``outcome/<id>``."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import link, one_link, public_key


class Ground(StrEnum):
    """Why somebody reports a text: an article of the respect charter, or the law."""

    INSULT = "insult"
    THREAT = "threat"
    DISCRIMINATION = "discrimination"
    PRIVACY = "privacy"
    SPAM = "spam"
    BAD_FAITH = "bad_faith"
    OFFICIAL_BREACH = "official_breach"
    ILLEGAL = "illegal"
    DANGER = "danger"


class Measure(StrEnum):
    """What a moderator decided."""

    KEEP = "keep"
    HIDE = "hide"
    RESTORE = "restore"
    REPHRASE = "rephrase"


RESTRICTIONS = frozenset({Measure.HIDE, Measure.REPHRASE})
"""Measures that take a text out of sight, and so need a statement of reasons."""


class Case(Model):
    """One text waiting for a moderator, with every report on it; ``closed_at`` once decided."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    subject = fields.CharField(max_length=60, db_index=True)
    contribution = link("civic.Contribution", "cases", null=True)
    contribution_id: int | None
    process = link("civic.Process", "cases", null=True)
    process_id: int | None
    risk = fields.IntField(default=0)
    report_count = fields.IntField(default=0)
    version = fields.IntField(default=1)
    claimed_by = link("civic.Participant", "cases_claimed", null=True)
    claimed_by_id: int | None
    claimed_until = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "moderation_case"
        indexes = [Index(fields=["closed_at", "risk", "opened_at"], name="ix_case_queue")]


class Report(Model):
    """Somebody, with or without an account, says a text breaks a rule; they hear the result."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    case = link("civic.Case", "reports")
    case_id: int
    number = fields.CharField(max_length=40, unique=True)
    code_hash = fields.CharField(max_length=64)
    ground = fields.CharField(max_length=20)
    explanation = fields.TextField()
    reporter = link("civic.Participant", "reports", null=True)
    reporter_id: int | None
    reporter_name = fields.CharField(max_length=80, default="")
    reporter_address = fields.CharField(max_length=254, null=True)
    language = fields.CharField(max_length=8)
    reported_at = fields.DatetimeField()

    class Meta:
        table = "report"


class ModerationDecision(Model):
    """What a moderator decided on a case; a restriction always has its statement of reasons."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    case = link("civic.Case", "decisions")
    case_id: int
    contribution = link("civic.Contribution", "moderation_decisions", null=True)
    contribution_id: int | None
    measure = fields.CharField(max_length=12)
    note = fields.TextField(default="")
    decided_by = link("civic.Participant", "moderation_decisions")
    decided_by_id: int
    acted_for = link("civic.Participant", "moderation_delegated", null=True)
    acted_for_id: int | None
    decided_at = fields.DatetimeField()
    hold_until = fields.DatetimeField()

    class Meta:
        table = "moderation_decision"


class MeasureUndo(Model):
    """A moderator took a measure back during its hold; nothing of it has left."""

    id = fields.BigIntField(primary_key=True)
    decision = one_link("civic.ModerationDecision", "undo")
    decision_id: int
    undone_by = link("civic.Participant", "measures_undone")
    undone_by_id: int
    undone_at = fields.DatetimeField()

    class Meta:
        table = "measure_undo"


class StatementOfReasons(Model):
    """Why and how a text was restricted, complete or refused by the table itself."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    number = fields.CharField(max_length=40, unique=True)
    decision = one_link("civic.ModerationDecision", "statement")
    decision_id: int
    ground = fields.CharField(max_length=20)
    rule = fields.CharField(max_length=20)
    rule_text = fields.TextField()
    passage = fields.TextField()
    facts = fields.TextField()
    effect = fields.CharField(max_length=200)
    territory = fields.CharField(max_length=200)
    duration = fields.CharField(max_length=200)
    ends_at = fields.DatetimeField(null=True)
    source_type = fields.CharField(max_length=24)
    automated_detection = fields.BooleanField()
    automated_decision = fields.BooleanField()
    redress = fields.TextField()
    language = fields.CharField(max_length=8)
    written_at = fields.DatetimeField()

    class Meta:
        table = "statement_of_reasons"


class Appeal(Model):
    """An author contests a measure; only another moderator may hear it."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    decision = one_link("civic.ModerationDecision", "appeal")
    decision_id: int
    text = fields.TextField()
    language = fields.CharField(max_length=8)
    filed_at = fields.DatetimeField()
    due_at = fields.DatetimeField()

    class Meta:
        table = "moderation_appeal"


class Ruling(Model):
    """What another moderator found on an appeal, with the reason."""

    id = fields.BigIntField(primary_key=True)
    appeal = one_link("civic.Appeal", "ruling")
    appeal_id: int
    heard_by = link("civic.Participant", "rulings")
    heard_by_id: int
    is_upheld = fields.BooleanField()
    reason = fields.TextField()
    ruled_at = fields.DatetimeField()

    class Meta:
        table = "moderation_ruling"


class RephraseRequest(Model):
    """A moderator asked the author to write it another way; the author keeps their text."""

    id = fields.BigIntField(primary_key=True)
    decision = one_link("civic.ModerationDecision", "rephrase")
    decision_id: int
    suggestion = fields.TextField(default="")
    answered_version = fields.IntField(null=True)
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rephrase_request"
