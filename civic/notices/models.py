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


class Pace(StrEnum):
    """How often somebody wants the news of what they follow."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Follower(Model):
    """Somebody who follows things: an account by its key, or a confirmed mail address and nothing else."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    key = fields.CharField(max_length=60, unique=True)
    address = fields.CharField(max_length=254, unique=True, null=True)
    language = fields.CharField(max_length=8)
    created_at = fields.DatetimeField()

    class Meta:
        table = "follower"


class Follow(Model):
    """One thing somebody follows, by its stable key ("process/<id>"), and how often they want its news."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    follower = link("civic.Follower", "follows")
    follower_id: int
    subject = fields.CharField(max_length=80, db_index=True)
    pace = fields.CharField(max_length=8)
    since = fields.DatetimeField()

    class Meta:
        table = "follow"
        unique_together = (("follower", "subject"),)


class News(Model):
    """Something that happened, as it is told to those who follow what it touches."""

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    about = fields.CharField(max_length=80, db_index=True)
    once_key = fields.CharField(max_length=160, unique=True)
    told = fields.CharField(max_length=120, default="")
    data = json_dict()
    happened_at = fields.DatetimeField()
    ready_at = fields.DatetimeField()
    retracted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "news"


class NewsTouch(Model):
    """One followed thing a piece of news is about, in words of its own."""

    id = fields.BigIntField(primary_key=True)
    news = link("civic.News", "touches")
    news_id: int
    subject = fields.CharField(max_length=80, db_index=True)
    about = fields.CharField(max_length=80, db_index=True)
    data = json_dict()

    class Meta:
        table = "news_touch"
        unique_together = (("news", "subject"),)


class NewsOwed(Model):
    """A follower is owed a piece of news, from a moment on; the notice that told it."""

    id = fields.BigIntField(primary_key=True)
    touch = link("civic.NewsTouch", "owed")
    touch_id: int
    follow = link("civic.Follow", "owed")
    follow_id: int
    due_at = fields.DatetimeField()
    notice = link("civic.Notice", "news", null=True)
    notice_id: int | None

    class Meta:
        table = "news_owed"
        unique_together = (("touch", "follow"),)
        indexes = [Index(fields=["notice_id", "due_at"], name="ix_news_owed_due")]


class Request(StrEnum):
    """What somebody may be asked for within their contact budget, the most pressing first."""

    CHECK = "check"
    RATING = "rating"
    SURVEY = "survey"


class RequestState(StrEnum):
    """Where a request stands: it waits for the budget, was said, or was dropped without being said."""

    WAITING = "waiting"
    SAID = "said"
    DROPPED = "dropped"


class Contact(Model):
    """Somebody who may be asked for something, by a keyed digest, and when they last were."""

    id = fields.BigIntField(primary_key=True)
    person = fields.CharField(max_length=64, unique=True)
    asked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "contact"


class ContactRequest(Model):
    """One thing somebody is asked for: kept until their contact budget allows it to be said."""

    id = fields.BigIntField(primary_key=True)
    contact = link("civic.Contact", "requests")
    contact_id: int
    recipient = fields.CharField(max_length=60)
    kind = fields.CharField(max_length=12)
    rank = fields.IntField()
    about = fields.CharField(max_length=80)
    thing = fields.CharField(max_length=80)
    state = fields.CharField(max_length=8, default=RequestState.WAITING)
    wanted_at = fields.DatetimeField()
    ready_at = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "contact_request"
        unique_together = (("about", "recipient"),)
        indexes = [Index(fields=["state", "kind", "ready_at"], name="ix_contact_request_due")]
