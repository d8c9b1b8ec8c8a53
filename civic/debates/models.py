"""Tables of debates. ``path`` holds four base-36 digits a level, so that text order is tree order."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from civic.foundation.tables import link, one_link, public_key

PATH_DIGITS = 4
MAX_LEVEL = 600


class Stance(StrEnum):
    """On which side of a debate a comment stands, so that the balanced order can alternate."""

    FOR = "for"
    AGAINST = "against"
    OTHER = "other"


class Thread(Model):
    """The debate on one thing; ``version`` rises with every visible change.

    ``root_count`` counts places at the top ever taken (gives the next ordinal); ``comment_count`` counts
    visible comments.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    process = link("civic.Process", "threads")
    process_id: int
    issue = link("civic.Issue", "threads", null=True)
    issue_id: int | None
    subject = fields.CharField(max_length=60, unique=True)
    version = fields.IntField(default=1)
    root_count = fields.IntField(default=0)
    comment_count = fields.IntField(default=0)
    last_comment_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "thread"


class Comment(Model):
    """A place in a thread; the words are its contribution's.

    ``parent`` is the place above it; what it answers is its contribution's parent (the two differ only
    below the deepest level). ``children`` counts places below it ever taken (gives the next ordinal);
    ``descendants`` counts visible comments below it. ``relation`` is its contribution's, kept here with
    the stance it means and a drawn ``lot``, so that a page of any order reads one index.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = public_key()
    contribution = one_link("civic.Contribution", "comment")
    contribution_id: int
    thread = link("civic.Thread", "comments")
    thread_id: int
    parent = link("civic.Comment", "replies", null=True)
    parent_id: int | None
    path = fields.TextField()
    depth = fields.IntField()
    ordinal = fields.IntField()
    relation = fields.CharField(max_length=12, null=True)
    stance = fields.CharField(max_length=8, default=Stance.OTHER)
    lot = fields.IntField(default=0)
    children = fields.IntField(default=0)
    descendants = fields.IntField(default=0)
    insight_count = fields.IntField(default=0)
    highlighted_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    posted_at = fields.DatetimeField()

    class Meta:
        table = "comment"
        unique_together = (("thread", "path"),)
        indexes = [
            Index(fields=["thread_id", "depth", "ordinal"], name="ix_comment_window"),
            Index(fields=["thread_id", "depth", "stance", "lot"], name="ix_comment_lot"),
            Index(fields=["thread_id", "relation", "id"], name="ix_comment_relation"),
            Index(fields=["parent_id", "ordinal"], name="ix_comment_kids"),
        ]


class RelationCount(Model):
    """How many visible comments of a thread have one relation ("" for none)."""

    id = fields.BigIntField(primary_key=True)
    thread = link("civic.Thread", "relation_counts")
    thread_id: int
    relation = fields.CharField(max_length=12)
    count = fields.IntField(default=0)

    class Meta:
        table = "thread_relation"
        unique_together = (("thread", "relation"),)


class Insight(Model):
    """A participant found a comment enlightening; it orders nothing by default."""

    id = fields.BigIntField(primary_key=True)
    comment = link("civic.Comment", "insights")
    comment_id: int
    participant = link("civic.Participant", "insights")
    participant_id: int
    marked_at = fields.DatetimeField()

    class Meta:
        table = "insight"
        unique_together = (("comment", "participant"),)


class ReadMark(Model):
    """Up to when a participant has read a branch."""

    id = fields.BigIntField(primary_key=True)
    thread = link("civic.Thread", "read_marks")
    thread_id: int
    participant = link("civic.Participant", "read_marks")
    participant_id: int
    branch = fields.TextField(default="")
    read_at = fields.DatetimeField()

    class Meta:
        table = "read_mark"
        indexes = [Index(fields=["participant_id", "thread_id"], name="ix_read_mark_reader")]
