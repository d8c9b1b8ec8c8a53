from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("civic", "0005_saved_filter")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SecondReading",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "contribution",
                    fields.ForeignKeyField(
                        "civic.Contribution",
                        source_field="contribution_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="second_readings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "read_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="read_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="second_readings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("is_confirmed", fields.BooleanField()),
                ("note", fields.CharField(default="", max_length=1000)),
                ("read_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "second_reading", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="UnderstandingCheck",
            name="entered_by",
            field=fields.ForeignKeyField(
                "civic.Participant",
                source_field="entered_by_id",
                null=True,
                db_index=True,
                db_constraint=True,
                to_field="id",
                related_name="checks_entered",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
