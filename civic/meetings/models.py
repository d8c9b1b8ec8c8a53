"""Tables of meetings. Nothing announced and no minutes are overwritten: every change is one more row."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from civic.foundation.tables import link, localized, one_link, public_key


class MeetingKind(StrEnum):
    """Whether everybody listens to everybody, or people come one by one."""

    HEARING = "hearing"
    OFFICE_HOUR = "office_hour"


class Meeting(Model):
    """A hearing or an office hour of a process; what was announced of it is in its versions."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "meetings")
    process_id: int
    kind = fields.CharField(max_length=12)
    version = fields.IntField(default=1)
    created_by = link("civic.Participant", "meetings_announced", null=True)
    created_by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "meeting"


class MeetingIssue(Model):
    """A question that a meeting is about."""

    id = fields.BigIntField(primary_key=True)
    meeting = link("civic.Meeting", "issues")
    meeting_id: int
    issue = link("civic.Issue", "meetings")
    issue_id: int

    class Meta:
        table = "meeting_issue"
        unique_together = (("meeting", "issue"),)


class MeetingVersion(Model):
    """A meeting as announced from one moment: when, where, how one gets in, how one takes part."""

    id = fields.BigIntField(primary_key=True)
    meeting = link("civic.Meeting", "versions")
    meeting_id: int
    number = fields.IntField()
    title = localized()
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    place = fields.CharField(max_length=200)
    access = localized()
    taking_part = localized()
    reason = localized()
    written_by = link("civic.Participant", "meeting_versions", null=True)
    written_by_id: int | None
    written_at = fields.DatetimeField()

    class Meta:
        table = "meeting_version"
        unique_together = (("meeting", "number"),)


class MeetingCancellation(Model):
    """A meeting does not take place, and why; it stays in every calendar, marked as cancelled."""

    id = fields.BigIntField(primary_key=True)
    meeting = one_link("civic.Meeting", "cancellation")
    meeting_id: int
    reason = localized()
    cancelled_by = link("civic.Participant", "meetings_cancelled", null=True)
    cancelled_by_id: int | None
    cancelled_at = fields.DatetimeField()

    class Meta:
        table = "meeting_cancellation"


class SpokenPoint(Model):
    """Something said at a meeting: a contribution of the register, in the order it was noted."""

    id = fields.BigIntField(primary_key=True)
    meeting = link("civic.Meeting", "points")
    meeting_id: int
    contribution = one_link("civic.Contribution", "spoken_at")
    contribution_id: int
    number = fields.IntField()
    entered_at = fields.DatetimeField()

    class Meta:
        table = "spoken_point"
        unique_together = (("meeting", "number"),)


class MinutesVersion(Model):
    """The minutes as published at one moment: how many were there, what happened, how many points by then."""

    id = fields.BigIntField(primary_key=True)
    meeting = link("civic.Meeting", "minutes")
    meeting_id: int
    number = fields.IntField()
    present = fields.IntField()
    points = fields.IntField()
    text = localized()
    change = localized()
    written_by = link("civic.Participant", "minutes_written", null=True)
    written_by_id: int | None
    published_at = fields.DatetimeField()

    class Meta:
        table = "minutes_version"
        unique_together = (("meeting", "number"),)
