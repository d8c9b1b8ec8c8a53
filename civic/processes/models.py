"""Tables of processes. Every text a public body writes here holds one text per language."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import link, localized, one_link, public_key


class Category(StrEnum):
    """The seven stakeholder categories of A1; extended by a note, never renamed."""

    USERS = "users"
    NEIGHBOURS = "neighbours"
    FEDERATIONS = "federations"
    SOCIETY = "society"
    AUTHORITIES = "authorities"
    UNIONS = "unions"
    STAFF = "staff"


class ProcessState(StrEnum):
    """Whether the public can see the process, and whether it goes on."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Profile(StrEnum):
    """How many of the rules of 4.5 apply: a small town's set, or all."""

    LIGHT = "light"
    FULL = "full"


class PhaseKind(StrEnum):
    """The six steps of the loop."""

    INFORMATION = "information"
    DELIBERATION = "deliberation"
    SYNTHESIS = "synthesis"
    DECISION = "decision"
    FOLLOW_UP = "follow_up"
    EVALUATION = "evaluation"


class Promise(StrEnum):
    """What the public body promises to do with what people say."""

    INFORM = "inform"
    CONSULT = "consult"
    INVOLVE = "involve"
    COLLABORATE = "collaborate"
    DECIDE = "decide"


class PhaseAct(StrEnum):
    """What was done to a phase."""

    PLANNED = "planned"
    OPENED = "opened"
    EXTENDED = "extended"
    CLOSED = "closed"


class Standing(StrEnum):
    """Whether a subject can still change here."""

    OPEN = "open"
    FIXED = "fixed"
    ELSEWHERE = "elsewhere"


class DateKind(StrEnum):
    """What happens on a dated day of the calendar."""

    MEETING = "meeting"
    VISIT = "visit"
    HEARING = "hearing"
    VOTE = "vote"
    DECISION = "decision"
    OTHER = "other"


class CharterKind(StrEnum):
    """The two charters of the house."""

    RIGHTS = "rights"
    RESPECT = "respect"


class Process(Model):
    """A participatory process; its parts below say what it is about and what can still change."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    slug = fields.CharField(max_length=80, unique=True)
    code = fields.CharField(max_length=12, unique=True)
    title = localized()
    summary = localized()
    state = fields.CharField(max_length=10, default=ProcessState.DRAFT)
    profile = fields.CharField(max_length=6, default=Profile.LIGHT)
    is_example = fields.BooleanField(default=False)
    version = fields.IntField(default=1)
    created_by = link("civic.Participant", "processes_created", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()
    opened_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "process"


class Issue(Model):
    """A question put to people; after ``freeze_at`` its options no longer change."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "issues")
    process_id: int
    number = fields.IntField()
    title = localized()
    description = localized()
    freeze_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "issue"
        unique_together = (("process", "number"),)


class FreezeChange(Model):
    """The freeze date of an issue was moved later, with the public reason; the one before stays readable."""

    id = fields.BigIntField(primary_key=True)
    issue = link("civic.Issue", "freeze_changes")
    issue_id: int
    before = fields.DatetimeField(null=True)
    after = fields.DatetimeField()
    reason = localized()
    changed_by = link("civic.Participant", "freezes_moved", null=True)
    changed_by_id: int | None
    changed_at = fields.DatetimeField()

    class Meta:
        table = "freeze_change"


class Phase(Model):
    """A step of a process: open between its dates once ``opened_at`` is set, unless ``closed_at`` ends it."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "phases")
    process_id: int
    kind = fields.CharField(max_length=16)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    opened_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "phase"
        unique_together = (("process", "kind"),)


class PhaseChange(Model):
    """A phase was opened, extended or closed, with the public reason; dates are never overwritten."""

    id = fields.BigIntField(primary_key=True)
    phase = link("civic.Phase", "changes")
    phase_id: int
    act = fields.CharField(max_length=10)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    reason = localized()
    changed_by = link("civic.Participant", "phase_changes", null=True)
    changed_by_id: int | None
    changed_at = fields.DatetimeField()

    class Meta:
        table = "phase_change"


class ScopeVersion(Model):
    """The room-for-influence statement as it stood from one date; later ones supersede it.

    Public versions count from 1; those written while the process is a draft count down from -1.
    """

    id = fields.BigIntField(primary_key=True)
    process = link("civic.Process", "scope_versions")
    process_id: int
    number = fields.IntField()
    promise = fields.CharField(max_length=12)
    decision_maker = localized()
    decides_on = fields.DateField(null=True)
    reason = localized()
    published_by = link("civic.Participant", "scopes_published", null=True)
    published_by_id: int | None
    published_at = fields.DatetimeField()

    class Meta:
        table = "scope_version"
        unique_together = (("process", "number"),)


class ScopeItem(Model):
    """One line of the scope: open to proposals, already fixed (and why), or decided elsewhere."""

    id = fields.BigIntField(primary_key=True)
    scope = link("civic.ScopeVersion", "items")
    scope_id: int
    position = fields.IntField()
    standing = fields.CharField(max_length=10)
    text = localized()
    why = localized()
    where = fields.CharField(max_length=300, default="")

    class Meta:
        table = "scope_item"
        unique_together = (("scope", "position"),)


class StakeholderEntry(Model):
    """One of the seven categories: expected, with an outreach action, or not concerned and why."""

    id = fields.BigIntField(primary_key=True)
    process = link("civic.Process", "stakeholders")
    process_id: int
    category = fields.CharField(max_length=16)
    is_expected = fields.BooleanField()
    outreach = localized()
    reason = localized()

    class Meta:
        table = "stakeholder_entry"
        unique_together = (("process", "category"),)


class CalendarDate(Model):
    """A dated event of a process: a meeting, a vote, the day a decision is due."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "dates")
    process_id: int
    kind = fields.CharField(max_length=16)
    title = localized()
    place = fields.CharField(max_length=200, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "calendar_date"
        indexes = [Index(fields=["process_id", "at"], name="ix_calendar_date")]


class CharterVersion(Model):
    """A charter (rights, or respect) as published from one date; older versions stay readable."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=12)
    number = fields.IntField()
    source = localized()
    html = localized()
    published_by = link("civic.Participant", "charters_published", null=True)
    published_by_id: int | None
    published_at = fields.DatetimeField()

    class Meta:
        table = "charter_version"
        unique_together = (("kind", "number"),)


class InterestDeclaration(Model):
    """Somebody who works on a process says what interests they have in it, or none; the newest counts."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "interests")
    process_id: int
    participant = link("civic.Participant", "interests")
    participant_id: int
    has_interests = fields.BooleanField()
    text = localized()
    declared_at = fields.DatetimeField()

    class Meta:
        table = "interest_declaration"


class Closure(Model):
    """The end of a process, with its public reason."""

    id = fields.BigIntField(primary_key=True)
    process = one_link("civic.Process", "closure")
    process_id: int
    reason = localized()
    closed_by = link("civic.Participant", "processes_closed", null=True)
    closed_by_id: int | None
    closed_at = fields.DatetimeField()

    class Meta:
        table = "process_closure"
