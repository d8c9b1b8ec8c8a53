"""Points that were put off or passed on come back; what is said of a promise is never overwritten."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("civic", "0002_guards_and_search")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PointReopening",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "answer",
                    fields.ForeignKeyField(
                        "civic.DispositionVersion",
                        source_field="answer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reopenings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cause", fields.CharField(max_length=10)),
                ("due_on", fields.DateField()),
                ("note", fields.JSONField(default=dict)),
                (
                    "reopened_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="reopened_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="points_reopened",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reopened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "point_reopening",
                "app": "civic",
                "unique_together": (("answer", "due_on"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReferralNews",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "answer",
                    fields.ForeignKeyField(
                        "civic.DispositionVersion",
                        source_field="answer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="referral_news",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("acknowledged_on", fields.DateField(null=True)),
                ("follow_up_on", fields.DateField(null=True)),
                ("note", fields.JSONField(default=dict)),
                (
                    "said_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="said_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="referral_news",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "referral_news", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        append_only("milestone_check", "point_reopening", "referral_news"),
    ]
