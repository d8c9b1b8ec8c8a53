"""Tables of the register. Versions are immutable; a claim points into them by code-point spans."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import json_dict, link, localized, one_link, public_key


class Kind(StrEnum):
    """What a contribution is; a kind never changes, a conversion is a new contribution."""

    PROPOSAL = "proposal"
    COMMENT = "comment"
    STATEMENT = "statement"
    TICKET = "ticket"
    CHAT = "chat"
    FAQ_FEEDBACK = "faq-feedback"
    SURVEY_COMMENT = "survey-comment"
    TOP = "top"
    FLOP = "flop"


class Relation(StrEnum):
    """What a reply does to the text it answers."""

    SUPPORTS = "supports"
    OBJECTS = "objects"
    NUANCES = "nuances"
    ASKS = "asks"
    EVIDENCE = "evidence"
    ALTERNATIVE = "alternative"
    EXPERIENCE = "experience"
    ANSWERS = "answers"


class Visibility(StrEnum):
    """Who may read a contribution; changed in one place, checked by every door."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    AWAITING = "awaiting"
    PRIVATE = "private"


class Channel(StrEnum):
    """How the words arrived."""

    WEB = "web"
    MAIL = "mail"
    PAPER = "paper"
    COUNTER = "counter"
    PHONE = "phone"
    IMPORT = "import"
    HEARING = "hearing"


class WrittenAs(StrEnum):
    """The part the author played when writing; official and moderating words owe no answer."""

    PARTICIPANT = "participant"
    OFFICIAL = "official"
    MODERATOR = "moderator"


class ClaimKind(StrEnum):
    """What a point asks of the public body."""

    REQUEST = "request"
    OBJECTION = "objection"
    SUPPORT = "support"
    FACT = "fact"
    QUESTION = "question"
    NEED = "need"
    VALUE = "value"
    REMARK = "remark"
    SITUATION = "situation"


class ClaimOrigin(StrEnum):
    """Who found the point in the text."""

    WHOLE = "whole"
    OFFICIAL = "official"
    CONTRIBUTOR = "contributor"
    IMPORTED = "imported"
    SUGGESTED = "suggested"


class CheckState(StrEnum):
    """Where the understanding check of a point stands (4.6)."""

    FOUND = "found"
    SENT = "sent"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    SILENT = "silent"


class Audience(StrEnum):
    """Who may read a situation statement, narrowest first."""

    HANDLING = "handling"
    DECIDERS = "deciders"
    ANONYMOUS = "anonymous"
    EVERYONE = "everyone"


class ContactWay(StrEnum):
    """How the author of a situation statement was called before a refusal; or that they were not (R13)."""

    PHONE = "phone"
    MEETING = "meeting"
    MAIL = "mail"
    LETTER = "letter"
    NONE = "none"


class Campaign(Model):
    """Identical texts sent by many people: grouped and counted openly, never dropped."""

    id = fields.BigIntField(primary_key=True)
    process = link("civic.Process", "campaigns")
    process_id: int
    digest = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)
    found_at = fields.DatetimeField()

    class Meta:
        table = "campaign"
        unique_together = (("process", "digest"),)


class ReceiptCounter(Model):
    """The last receipt number given out per process code and year."""

    id = fields.BigIntField(primary_key=True)
    scope = fields.CharField(max_length=12)
    year = fields.IntField()
    last_number = fields.IntField(default=0)

    class Meta:
        table = "receipt_counter"
        unique_together = (("scope", "year"),)


class Contribution(Model):
    """One thing a person said; ``number`` identifies it, the secret code's hash opens what is private."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    number = fields.CharField(max_length=40, unique=True)
    code_hash = fields.CharField(max_length=64)
    process = link("civic.Process", "contributions", null=True)
    process_id: int | None
    issue = link("civic.Issue", "contributions", null=True)
    issue_id: int | None
    scope = link("civic.ScopeVersion", "contributions", null=True)
    scope_id: int | None
    kind = fields.CharField(max_length=16)
    parent = link("civic.Contribution", "answers", null=True)
    parent_id: int | None
    derived_from = link("civic.Contribution", "conversions", null=True)
    derived_from_id: int | None
    relation = fields.CharField(max_length=12, null=True)
    author = link("civic.Participant", "contributions", null=True)
    author_id: int | None
    author_name = fields.CharField(max_length=300)
    guest_address = fields.CharField(max_length=254, null=True, db_index=True)
    organisation = link("civic.Organisation", "contributions", null=True)
    organisation_id: int | None
    on_behalf_of = fields.CharField(max_length=160, default="")
    entered_by = link("civic.Participant", "entered", null=True)
    entered_by_id: int | None
    read_back = fields.BooleanField(null=True)
    capacity = fields.CharField(max_length=16, null=True)
    capacity_note = fields.CharField(max_length=80, default="")
    written_as = fields.CharField(max_length=12, default=WrittenAs.PARTICIPANT)
    channel = fields.CharField(max_length=8, default=Channel.WEB)
    language = fields.CharField(max_length=8)
    visibility = fields.CharField(max_length=12)
    after_freeze = fields.BooleanField(default=False)
    campaign = link("civic.Campaign", "contributions", null=True)
    campaign_id: int | None
    consent = json_dict()
    version = fields.IntField(default=1)
    reply_count = fields.IntField(default=0)
    source = fields.CharField(max_length=80, null=True)
    source_ref = fields.CharField(max_length=160, null=True)
    source_url = fields.CharField(max_length=500, default="")
    submitted_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "contribution"
        unique_together = (("process", "source", "source_ref"),)
        indexes = [
            Index(fields=["process_id", "visibility", "submitted_at"], name="ix_contribution_process"),
            Index(fields=["issue_id", "visibility"], name="ix_contribution_issue_vis"),
        ]


class ContributionVersion(Model):
    """The words as written at one moment; ``html`` is sanitised once, here."""

    id = fields.BigIntField(primary_key=True)
    contribution = link("civic.Contribution", "versions")
    contribution_id: int
    number = fields.IntField()
    title = fields.CharField(max_length=300, default="")
    body = fields.TextField()
    html = fields.TextField()
    excerpt = fields.CharField(max_length=400, default="")
    digest = fields.CharField(max_length=64)
    written_by = link("civic.Participant", "versions", null=True)
    written_by_id: int | None
    note = fields.CharField(max_length=300, default="")
    written_at = fields.DatetimeField()

    class Meta:
        table = "contribution_version"
        unique_together = (("contribution", "number"),)


class Claim(Model):
    """One point of a contribution: it owes an outcome until it is retired by a finer cut."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = link("civic.Contribution", "claims")
    contribution_id: int
    number = fields.IntField()
    kind = fields.CharField(max_length=12)
    restatement = fields.TextField(default="")
    restatement_number = fields.IntField(default=0)
    origin = fields.CharField(max_length=12)
    check_state = fields.CharField(max_length=12, default=CheckState.FOUND)
    found_by = link("civic.Participant", "claims_found", null=True)
    found_by_id: int | None
    second_reader = link("civic.Participant", "claims_reread", null=True)
    second_reader_id: int | None
    source_row = fields.IntField(null=True)
    found_at = fields.DatetimeField()
    retired_at = fields.DatetimeField(null=True)

    class Meta:
        table = "claim"
        unique_together = (("contribution", "number"),)


class ClaimSpan(Model):
    """Where a point stands in one version: code points ``[start, end)`` of its title or text."""

    id = fields.BigIntField(primary_key=True)
    claim = link("civic.Claim", "spans")
    claim_id: int
    version = link("civic.ContributionVersion", "spans")
    version_id: int
    part = fields.CharField(max_length=5)
    start = fields.IntField()
    end = fields.IntField()
    salt = fields.CharField(max_length=64)
    digest = fields.CharField(max_length=64)

    class Meta:
        table = "claim_span"


class Restatement(Model):
    """How a reader understood a point; corrections add a row."""

    id = fields.BigIntField(primary_key=True)
    claim = link("civic.Claim", "restatements")
    claim_id: int
    number = fields.IntField()
    text = fields.TextField()
    language = fields.CharField(max_length=8)
    by_contributor = fields.BooleanField(default=False)
    written_by = link("civic.Participant", "restatements", null=True)
    written_by_id: int | None
    written_at = fields.DatetimeField()

    class Meta:
        table = "restatement"
        unique_together = (("claim", "number"),)


class Withdrawal(Model):
    """An author took their words back, and why."""

    id = fields.BigIntField(primary_key=True)
    contribution = one_link("civic.Contribution", "withdrawal")
    contribution_id: int
    withdrawn_by = link("civic.Participant", "withdrawals", null=True)
    withdrawn_by_id: int | None
    reason = fields.CharField(max_length=1000, default="")
    withdrawn_at = fields.DatetimeField()

    class Meta:
        table = "withdrawal"


class VisibilityChange(Model):
    """Who may read changed: from what, to what, because of which record (``because`` is its key)."""

    id = fields.BigIntField(primary_key=True)
    contribution = link("civic.Contribution", "visibility_changes")
    contribution_id: int
    before = fields.CharField(max_length=12)
    after = fields.CharField(max_length=12)
    because = fields.CharField(max_length=80)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "visibility_change"


class Draft(Model):
    """Words a signed-in person has begun, kept on the server; ``place`` says where they belong."""

    id = fields.BigIntField(primary_key=True)
    participant = link("civic.Participant", "drafts")
    participant_id: int
    place = fields.CharField(max_length=80)
    words = json_dict()
    saved_at = fields.DatetimeField()

    class Meta:
        table = "draft"
        unique_together = (("participant", "place"),)


class Attachment(Model):
    """A file given as evidence, with its title, source and date; served as a download only."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = link("civic.Contribution", "attachments")
    contribution_id: int
    title = fields.CharField(max_length=200)
    source = fields.CharField(max_length=300, default="")
    dated = fields.CharField(max_length=40, default="")
    media_type = fields.CharField(max_length=60)
    size = fields.IntField()
    digest = fields.CharField(max_length=64)
    stored_name = fields.CharField(max_length=80)
    added_at = fields.DatetimeField()

    class Meta:
        table = "attachment"


class SituationStatement(Model):
    """What is particular to the author's situation: encrypted, opened with a reason, never indexed."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = one_link("civic.Contribution", "situation")
    contribution_id: int
    claim = one_link("civic.Claim", "situation", null=True)
    claim_id: int | None
    audience = fields.CharField(max_length=16)
    sealed = fields.BinaryField()
    key_id = fields.CharField(max_length=16)
    kept_longer = fields.BooleanField(default=False)
    written_at = fields.DatetimeField()
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "situation_statement"


class SituationOpening(Model):
    """Somebody on the staff read a situation statement, and the reason they gave."""

    id = fields.BigIntField(primary_key=True)
    statement = link("civic.SituationStatement", "openings")
    statement_id: int
    opened_by = link("civic.Participant", "situations_opened")
    opened_by_id: int
    reason = fields.CharField(max_length=300)
    opened_at = fields.DatetimeField()

    class Meta:
        table = "situation_opening"


class SituationContact(Model):
    """Somebody on the staff called the author before refusing, or said why they could not (R13)."""

    id = fields.BigIntField(primary_key=True)
    statement = link("civic.SituationStatement", "contacts")
    statement_id: int
    made_by = link("civic.Participant", "situations_called")
    made_by_id: int
    way = fields.CharField(max_length=8)
    note = fields.CharField(max_length=600)
    made_at = fields.DatetimeField()

    class Meta:
        table = "situation_contact"


class ImportBatch(Model):
    """One file brought in from elsewhere, kept as a fact: what came, from where, by whom."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "imports")
    process_id: int
    source = fields.CharField(max_length=80)
    digest = fields.CharField(max_length=64)
    counts = json_dict()
    note = localized()
    imported_by = link("civic.Participant", "imports", null=True)
    imported_by_id: int | None
    imported_at = fields.DatetimeField()

    class Meta:
        table = "import_batch"
