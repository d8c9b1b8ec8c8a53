"""Who speaks for an organisation, its interests and its statements; none of it is overwritten."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("civic", "0013_draft_windows")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DelegateEnd",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "delegate",
                    fields.OneToOneField(
                        "civic.Delegate",
                        source_field="delegate_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="end",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=600)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="ended_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegates_ended",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ended_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "delegate_end", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DelegateRequest",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "civic.Organisation",
                        source_field="organisation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegate_requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "participant",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="participant_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegate_requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("function", fields.CharField(max_length=120)),
                ("proof", fields.CharField(max_length=600)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "delegate_request", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DelegateRuling",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "request",
                    fields.OneToOneField(
                        "civic.DelegateRequest",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ruling",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "delegate",
                    fields.OneToOneField(
                        "civic.Delegate",
                        source_field="delegate_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ruling",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=600)),
                (
                    "ruled_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="ruled_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegates_ruled",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ruled_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "delegate_ruling", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrganisationInterests",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "civic.Organisation",
                        source_field="organisation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="interests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("text", fields.TextField(unique=False)),
                ("funding", fields.TextField(default="", unique=False)),
                (
                    "declared_by",
                    fields.ForeignKeyField(
                        "civic.Delegate",
                        source_field="declared_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="declarations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("declared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "organisation_interests",
                "app": "civic",
                "unique_together": (("organisation", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PositionStatement",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "contribution",
                    fields.OneToOneField(
                        "civic.Contribution",
                        source_field="contribution_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="position_statement",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "civic.Organisation",
                        source_field="organisation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="statements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "delegate",
                    fields.ForeignKeyField(
                        "civic.Delegate",
                        source_field="delegate_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="statements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "interests",
                    fields.ForeignKeyField(
                        "civic.OrganisationInterests",
                        source_field="interests_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="statements",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("approved_by", fields.CharField(max_length=200)),
                ("approved_on", fields.DateField()),
                ("filed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "position_statement", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StatementPoint",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "statement",
                    fields.ForeignKeyField(
                        "civic.PositionStatement",
                        source_field="statement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="points",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "claim",
                    fields.OneToOneField(
                        "civic.Claim",
                        source_field="claim_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="statement_point",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("reference", fields.CharField(default="", max_length=120)),
                ("comment_type", fields.CharField(default="ge", max_length=2)),
                ("comment", fields.TextField(unique=False)),
                ("change", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "statement_point",
                "app": "civic",
                "unique_together": (("statement", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Organisation",
            name="register_number",
            field=fields.CharField(default="", max_length=60),
        ),
        ops.AddField(
            model_name="Organisation",
            name="website",
            field=fields.CharField(default="", max_length=300),
        ),
        append_only(
            "delegate_request",
            "delegate_ruling",
            "delegate_end",
            "organisation_interests",
            "position_statement",
            "statement_point",
        ),
    ]
