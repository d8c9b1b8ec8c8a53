from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("civic", "0003_promises_and_comebacks")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Follower",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                ("key", fields.CharField(unique=True, max_length=60)),
                ("address", fields.CharField(null=True, unique=True, max_length=254)),
                ("language", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "follower", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Follow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "follower",
                    fields.ForeignKeyField(
                        "civic.Follower",
                        source_field="follower_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="follows",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("subject", fields.CharField(db_index=True, max_length=80)),
                ("pace", fields.CharField(max_length=8)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "follow",
                "app": "civic",
                "unique_together": (("follower", "subject"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="News",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                ("about", fields.CharField(db_index=True, max_length=80)),
                ("once_key", fields.CharField(unique=True, max_length=160)),
                ("told", fields.CharField(default="", max_length=120)),
                ("data", fields.JSONField(default=dict)),
                ("happened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ready_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("retracted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "news", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NewsTouch",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "news",
                    fields.ForeignKeyField(
                        "civic.News",
                        source_field="news_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="touches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("subject", fields.CharField(db_index=True, max_length=80)),
                ("about", fields.CharField(db_index=True, max_length=80)),
                ("data", fields.JSONField(default=dict)),
            ],
            options={
                "table": "news_touch",
                "app": "civic",
                "unique_together": (("news", "subject"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NewsOwed",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "touch",
                    fields.ForeignKeyField(
                        "civic.NewsTouch",
                        source_field="touch_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="owed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "follow",
                    fields.ForeignKeyField(
                        "civic.Follow",
                        source_field="follow_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="owed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "civic.Notice",
                        source_field="notice_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="news",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "news_owed",
                "app": "civic",
                "unique_together": (("touch", "follow"),),
                "indexes": [Index(fields=["notice_id", "due_at"], name="ix_news_owed_due")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
