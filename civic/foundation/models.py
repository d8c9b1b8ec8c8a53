"""Tables of the house itself: forms sent once, rates, jobs, leases, the search index, instance settings."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class FormKey(Model):
    """A form that was acted upon: sending it again answers the same place and does nothing."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=64, unique=True)
    digest = fields.CharField(max_length=64)
    location = fields.TextField(null=True)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "form_key"


class RateBucket(Model):
    """An allowance partly used, as the moment when it will be whole again (seconds since 1970)."""

    id = fields.BigIntField(primary_key=True)
    bucket = fields.CharField(max_length=40)
    key = fields.CharField(max_length=64)
    full_at = fields.FloatField(db_index=True)

    class Meta:
        table = "rate_bucket"
        unique_together = (("bucket", "key"),)


class Job(Model):
    """Work owed, written in the transaction that owes it. A row is gone once the work is done."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=60)
    payload: fields.JSONField[dict[str, object]] = fields.JSONField(default=dict)
    due_at = fields.DatetimeField()
    attempts = fields.SmallIntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    holder = fields.CharField(max_length=40, null=True)
    failed_at = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "job"
        indexes = [Index(fields=["failed_at", "due_at"], name="ix_job_due")]


class Lease(Model):
    """Who may do a thing that one process at a time does, and until when."""

    name = fields.CharField(max_length=60, primary_key=True)
    holder = fields.CharField(max_length=40)
    until = fields.DatetimeField()

    class Meta:
        table = "lease"


class SearchEntry(Model):
    """One thing that can be found. Its words as written are here, to quote; the index is beside it."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=80, unique=True)
    kind = fields.CharField(max_length=32)
    process = fields.CharField(max_length=80, null=True)
    language = fields.CharField(max_length=8)
    audience = fields.CharField(max_length=40)
    title = fields.TextField()
    body = fields.TextField()

    class Meta:
        table = "search_entry"
        indexes = [Index(fields=["process", "kind"], name="ix_search_entry_process_kind")]


class InstanceSetting(Model):
    """What an administrator chose for this instance: its name, colours, texts."""

    name = fields.CharField(max_length=60, primary_key=True)
    value: fields.JSONField[object] = fields.JSONField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "instance_setting"
