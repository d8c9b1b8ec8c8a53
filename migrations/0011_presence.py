"""Meetings with their minutes, and delegated signatures; none of it is overwritten."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("civic", "0010_survey")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Meeting",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "process",
                    fields.ForeignKeyField(
                        "civic.Process",
                        source_field="process_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meetings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=12)),
                ("version", fields.IntField(default=1)),
                (
                    "created_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="created_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meetings_announced",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "meeting", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MeetingCancellation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "meeting",
                    fields.OneToOneField(
                        "civic.Meeting",
                        source_field="meeting_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cancellation",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.JSONField(default=dict)),
                (
                    "cancelled_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="cancelled_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meetings_cancelled",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cancelled_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "meeting_cancellation", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MeetingIssue",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "meeting",
                    fields.ForeignKeyField(
                        "civic.Meeting",
                        source_field="meeting_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "issue",
                    fields.ForeignKeyField(
                        "civic.Issue",
                        source_field="issue_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meetings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "meeting_issue",
                "app": "civic",
                "unique_together": (("meeting", "issue"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MeetingVersion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "meeting",
                    fields.ForeignKeyField(
                        "civic.Meeting",
                        source_field="meeting_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("title", fields.JSONField(default=dict)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("place", fields.CharField(max_length=200)),
                ("access", fields.JSONField(default=dict)),
                ("taking_part", fields.JSONField(default=dict)),
                ("reason", fields.JSONField(default=dict)),
                (
                    "written_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="written_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="meeting_versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "meeting_version",
                "app": "civic",
                "unique_together": (("meeting", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MinutesVersion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "meeting",
                    fields.ForeignKeyField(
                        "civic.Meeting",
                        source_field="meeting_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="minutes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("present", fields.IntField()),
                ("points", fields.IntField()),
                ("text", fields.JSONField(default=dict)),
                ("change", fields.JSONField(default=dict)),
                (
                    "written_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="written_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="minutes_written",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("published_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "minutes_version",
                "app": "civic",
                "unique_together": (("meeting", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SpokenPoint",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "meeting",
                    fields.ForeignKeyField(
                        "civic.Meeting",
                        source_field="meeting_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="points",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "contribution",
                    fields.OneToOneField(
                        "civic.Contribution",
                        source_field="contribution_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="spoken_at",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "spoken_point",
                "app": "civic",
                "unique_together": (("meeting", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignatureDelegation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "process",
                    fields.ForeignKeyField(
                        "civic.Process",
                        source_field="process_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signature_delegations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "given_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="given_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures_delegated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "given_to",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="given_to_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures_held",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField()),
                ("reason", fields.JSONField(default=dict)),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "signature_delegation", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DelegatedSignature",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "version",
                    fields.OneToOneField(
                        "civic.DecisionVersion",
                        source_field="version_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="delegated_signature",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "delegation",
                    fields.ForeignKeyField(
                        "civic.SignatureDelegation",
                        source_field="delegation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "delegated_signature", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignatureRevocation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "delegation",
                    fields.OneToOneField(
                        "civic.SignatureDelegation",
                        source_field="delegation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="revocation",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.JSONField(default=dict)),
                (
                    "revoked_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="revoked_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures_revoked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revoked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "signature_revocation", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        append_only(
            "meeting_issue",
            "meeting_version",
            "meeting_cancellation",
            "spoken_point",
            "minutes_version",
            "signature_delegation",
            "signature_revocation",
            "delegated_signature",
        ),
    ]
