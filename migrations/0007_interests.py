"""Interests declared by those who answer; a declaration is never overwritten."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("civic", "0006_second_reading")]

    initial = False

    operations = [
        ops.CreateModel(
            name="InterestDeclaration",
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
                        related_name="interests",
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
                        related_name="interests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("has_interests", fields.BooleanField()),
                ("text", fields.JSONField(default=dict)),
                ("declared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "interest_declaration", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        append_only("interest_declaration"),
    ]
