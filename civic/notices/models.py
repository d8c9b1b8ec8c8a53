"""Tables of notices: what is owed to a person, and the mail that carries it."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import json_dict, link, one_link, public_key


class MailState(StrEnum):
    """Where a mail stands; only ``waiting`` ones are worked off."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    RETRACTED = "retracted"


class Notice(Model):
    """One message to one recipient; ``recipient`` is a stable key such as ``participant/<id>``."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    recipient = fields.CharField(max_length=60)
    address = fields.CharField(max_length=254, null=True)
    language = fields.CharField(max_length=8)
    kind = fields.CharField(max_length=60)
    about = fields.CharField(max_length=80, db_index=True)
    once_key = fields.CharField(max_length=160, unique=True, null=True)
    data = json_dict()
    in_app = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()
    release_at = fields.DatetimeField()
    retracted_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        indexes = [Index(fields=["recipient", "release_at"], name="ix_notice_recipient")]


class Mail(Model):
    """The outbox row of a notice that also leaves by e-mail; its Message-ID never changes."""

    id = fields.BigIntField(primary_key=True)
    notice = one_link("civic.Notice", "mail")
    notice_id: int
    message_id = fields.CharField(max_length=120, unique=True)
    state = fields.CharField(max_length=12, default=MailState.WAITING)
    not_before = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    last_error = fields.CharField(max_length=300, null=True)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mail"
        indexes = [Index(fields=["state", "not_before"], name="ix_mail_due")]


class MailStop(Model):
    """An address asked for no more mail of one group; notices in the list go on."""

    id = fields.BigIntField(primary_key=True)
    address = fields.CharField(max_length=254)
    group = fields.CharField(max_length=40)
    stopped_at = fields.DatetimeField()
    notice = link("civic.Notice", "stops", null=True)
    notice_id: int | None

    class Meta:
        table = "mail_stop"
        unique_together = (("address", "group"),)
