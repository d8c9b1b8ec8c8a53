from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("civic", "0007_interests")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SituationContact",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "statement",
                    fields.ForeignKeyField(
                        "civic.SituationStatement",
                        source_field="statement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="contacts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "made_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="made_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="situations_called",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("way", fields.CharField(max_length=8)),
                ("note", fields.CharField(max_length=600)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "situation_contact", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="SituationStatement",
            name="kept_longer",
            field=fields.BooleanField(default=False),
        ),
    ]
