"""The contact budget, checks whose clock runs once they were asked, and surveys."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("civic", "0009_themes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Contact",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("person", fields.CharField(unique=True, max_length=64)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "contact", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ContactRequest",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "contact",
                    fields.ForeignKeyField(
                        "civic.Contact",
                        source_field="contact_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("recipient", fields.CharField(max_length=60)),
                ("kind", fields.CharField(max_length=12)),
                ("rank", fields.IntField()),
                ("about", fields.CharField(max_length=80)),
                ("thing", fields.CharField(max_length=80)),
                ("state", fields.CharField(default="waiting", max_length=8)),
                ("wanted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ready_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "contact_request",
                "app": "civic",
                "unique_together": (("about", "recipient"),),
                "indexes": [Index(fields=["state", "kind", "ready_at"], name="ix_contact_request_due")],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Survey",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "decision",
                    fields.OneToOneField(
                        "civic.Decision",
                        source_field="decision_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="survey",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "survey", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "civic.Survey",
                        source_field="survey_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("person", fields.CharField(max_length=64)),
                ("answered_on", fields.DateField()),
                ("party", fields.SmallIntField(null=True)),
                ("view", fields.SmallIntField(null=True)),
                ("arguments", fields.SmallIntField(null=True)),
                ("situation", fields.SmallIntField(null=True)),
                ("respect", fields.SmallIntField(null=True)),
                ("rights", fields.SmallIntField(null=True)),
                ("category", fields.CharField(default="", max_length=16)),
                ("language", fields.CharField(max_length=8)),
                ("channel", fields.CharField(max_length=8)),
                ("outcome_group", fields.CharField(default="", max_length=8)),
            ],
            options={
                "table": "survey_answer",
                "app": "civic",
                "unique_together": (("survey", "person"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyInvitation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "civic.Survey",
                        source_field="survey_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "contribution",
                    fields.ForeignKeyField(
                        "civic.Contribution",
                        source_field="contribution_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="survey_invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("recipient", fields.CharField(max_length=60)),
                ("token_hash", fields.CharField(null=True, unique=True, max_length=64)),
            ],
            options={
                "table": "survey_invitation",
                "app": "civic",
                "unique_together": (("survey", "recipient"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SurveyRelease",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "civic.Survey",
                        source_field="survey_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="releases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("invited", fields.IntField()),
                ("answered", fields.IntField()),
                ("cells", fields.JSONField(default=dict)),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_release",
                "app": "civic",
                "unique_together": (("survey", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="UnderstandingCheck",
            name="silent_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        append_only("survey_release"),
    ]
