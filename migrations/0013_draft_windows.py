"""Drafts with proposed outcomes, open for reactions before the decision; none of it is overwritten."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only, changed_only_to


class Migration(migrations.Migration):
    dependencies = [("civic", "0012_embargo")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DraftEdition",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "decision",
                    fields.ForeignKeyField(
                        "civic.Decision",
                        source_field="decision_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="draft_editions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("title", fields.JSONField(default=dict)),
                ("summary", fields.JSONField(default=dict)),
                (
                    "opened_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="opened_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts_opened",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "draft_edition",
                "app": "civic",
                "unique_together": (("decision", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DraftInvitation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "civic.DraftEdition",
                        source_field="edition_id",
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
                        related_name="draft_invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("invited_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "draft_invitation",
                "app": "civic",
                "unique_together": (("edition", "contribution"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DraftOutcome",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "civic.DraftEdition",
                        source_field="edition_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="outcomes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "claim",
                    fields.ForeignKeyField(
                        "civic.Claim",
                        source_field="claim_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="draft_outcomes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "disposition_version",
                    fields.ForeignKeyField(
                        "civic.DispositionVersion",
                        source_field="disposition_version_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "draft_outcome",
                "app": "civic",
                "unique_together": (("edition", "claim"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DraftProvision",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "civic.DraftEdition",
                        source_field="edition_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="articles",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "provision_version",
                    fields.ForeignKeyField(
                        "civic.ProvisionVersion",
                        source_field="provision_version_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "draft_provision",
                "app": "civic",
                "unique_together": (("edition", "provision_version"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reaction",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "draft",
                    fields.ForeignKeyField(
                        "civic.DraftOutcome",
                        source_field="draft_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reactions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("stance", fields.CharField(max_length=10)),
                ("text", fields.TextField(default="", unique=False)),
                ("language", fields.CharField(max_length=8)),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reaction",
                "app": "civic",
                "unique_together": (("draft", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReactionReading",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "reaction",
                    fields.OneToOneField(
                        "civic.Reaction",
                        source_field="reaction_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reading",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("answer", fields.TextField(default="", unique=False)),
                (
                    "read_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="read_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reactions_read",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("read_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "reaction_reading", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        append_only("draft_edition", "draft_outcome", "draft_provision", "reaction_reading"),
        # Words as written stay; erasing a person may only empty them.
        changed_only_to("reaction", "NEW.text = ''"),
    ]
