"""Themes have versions, a point that leaves one stays written, a synthesis is its own document."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only, changed_only_to, unique_where
from civic.foundation.schema import DialectSQL

_FIRST = """
INSERT INTO theme_version (theme_id, number, title, concern, minority, written_by_id, written_at)
SELECT id, 1, title, concern, minority, created_by_id, created_at FROM theme
"""
FIRST_VERSIONS = DialectSQL(
    "Keep the words themes have as their first version", sqlite=[_FIRST], postgres=[_FIRST]
)


class Migration(migrations.Migration):
    dependencies = [("civic", "0008_situations")]

    initial = False

    operations = [
        # No act ever wrote to it: `synthesis_edition` takes its place.
        ops.DeleteModel(name="SynthesisVersion"),
        ops.CreateModel(
            name="Synthesis",
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
                        related_name="syntheses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.JSONField(default=dict)),
                ("introduction", fields.JSONField(default=dict)),
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
                        related_name="syntheses_created",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "synthesis", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SynthesisEdition",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "synthesis",
                    fields.ForeignKeyField(
                        "civic.Synthesis",
                        source_field="synthesis_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="editions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("title", fields.JSONField(default=dict)),
                ("introduction", fields.JSONField(default=dict)),
                ("changes", fields.JSONField(default=dict)),
                ("counts", fields.JSONField(default=dict)),
                (
                    "signed_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="signed_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="syntheses_signed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("signed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("release_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "synthesis_edition",
                "app": "civic",
                "unique_together": (("synthesis", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SynthesisIssue",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "synthesis",
                    fields.ForeignKeyField(
                        "civic.Synthesis",
                        source_field="synthesis_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="issues",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "issue",
                    fields.OneToOneField(
                        "civic.Issue",
                        source_field="issue_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="synthesis",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={"table": "synthesis_issue", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SynthesisRelease",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.OneToOneField(
                        "civic.SynthesisEdition",
                        source_field="edition_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="release",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("released_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "synthesis_release", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SynthesisStop",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.OneToOneField(
                        "civic.SynthesisEdition",
                        source_field="edition_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stop",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "stopped_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="stopped_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="syntheses_stopped",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("stopped_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "synthesis_stop", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ThemeVersion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "theme",
                    fields.ForeignKeyField(
                        "civic.Theme",
                        source_field="theme_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("title", fields.JSONField(default=dict)),
                ("concern", fields.JSONField(default=dict)),
                ("minority", fields.JSONField(default=dict)),
                (
                    "written_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="written_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="theme_versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "theme_version",
                "app": "civic",
                "unique_together": (("theme", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SynthesisTheme",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "edition",
                    fields.ForeignKeyField(
                        "civic.SynthesisEdition",
                        source_field="edition_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="themes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "theme_version",
                    fields.ForeignKeyField(
                        "civic.ThemeVersion",
                        source_field="theme_version_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="shown_in",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("counts", fields.JSONField(default=dict)),
            ],
            options={
                "table": "synthesis_theme",
                "app": "civic",
                "unique_together": (("edition", "theme_version"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Theme",
            name="version",
            field=fields.IntField(default=1),
        ),
        ops.RemoveField(model_name="Theme", name="issue"),
        ops.RemoveConstraint(
            model_name="ThemeLink",
            name=None,
            fields=["theme", "claim"],
        ),
        ops.AddField(
            model_name="ThemeLink",
            name="unlinked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="ThemeLink",
            name="unlinked_by",
            field=fields.ForeignKeyField(
                "civic.Participant",
                source_field="unlinked_by_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="themes_unlinked",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        FIRST_VERSIONS,
        unique_where("theme_link", "one_place_in_a_theme", ["theme_id", "claim_id"], "unlinked_at IS NULL"),
        changed_only_to(
            "theme_link",
            "OLD.unlinked_at IS NULL AND NEW.unlinked_at IS NOT NULL AND NEW.theme_id = OLD.theme_id "
            "AND NEW.claim_id = OLD.claim_id AND NEW.linked_at = OLD.linked_at AND NEW.stance = OLD.stance",
        ),
        append_only(
            "synthesis_release", "synthesis_stop", "synthesis_theme", "synthesis_edition", "theme_version"
        ),
    ]
