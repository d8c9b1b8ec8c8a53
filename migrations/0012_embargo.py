"""Who hears of a signed decision before it is public; none of it is overwritten, names and addresses go."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.foundation.guards import append_only, changed_only_to


class Migration(migrations.Migration):
    dependencies = [("civic", "0011_presence")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AdvanceNotice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "version",
                    fields.ForeignKeyField(
                        "civic.DecisionVersion",
                        source_field="version_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="advance_notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "set_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="set_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="advance_notices_set",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "set_for",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="set_for_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="advance_notices_delegated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "advance_notice", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AdvanceGiving",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "advance",
                    fields.OneToOneField(
                        "civic.AdvanceNotice",
                        source_field="advance_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="giving",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("people", fields.IntField()),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "advance_giving", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AdvanceLink",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "advance",
                    fields.ForeignKeyField(
                        "civic.AdvanceNotice",
                        source_field="advance_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
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
                        related_name="advance_links",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "advance_link",
                "app": "civic",
                "unique_together": (("advance", "contribution"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AdvanceStop",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "advance",
                    fields.OneToOneField(
                        "civic.AdvanceNotice",
                        source_field="advance_id",
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
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="advance_notices_stopped",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("stopped_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "advance_stop", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EmbargoedView",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("public_id", fields.CharField(unique=True, max_length=26)),
                (
                    "advance",
                    fields.ForeignKeyField(
                        "civic.AdvanceNotice",
                        source_field="advance_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="views",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=160)),
                ("organisation", fields.CharField(max_length=160)),
                ("address", fields.CharField(max_length=254)),
                ("reason", fields.JSONField(default=dict)),
                ("language", fields.CharField(max_length=8)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "given_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="given_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="embargoed_views_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "given_for",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="given_for_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="embargoed_views_delegated",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("given_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "embargoed_view", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EmbargoEnd",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "view",
                    fields.OneToOneField(
                        "civic.EmbargoedView",
                        source_field="view_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="end",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=300)),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "civic.Participant",
                        source_field="ended_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="embargoed_views_ended",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ended_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "embargo_end", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EmbargoOpening",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "view",
                    fields.ForeignKeyField(
                        "civic.EmbargoedView",
                        source_field="view_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="openings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("part", fields.IntField()),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "embargo_opening", "app": "civic", "pk_attr": "id"},
            bases=["Model"],
        ),
        append_only(
            "advance_notice",
            "advance_stop",
            "advance_giving",
            "advance_link",
            "embargo_end",
            "embargo_opening",
        ),
        # What was given stays as it was given; in time the name and the address are emptied, nothing else.
        changed_only_to(
            "embargoed_view",
            "NEW.name = '' AND NEW.address = '' AND NEW.advance_id = OLD.advance_id "
            "AND NEW.organisation = OLD.organisation AND NEW.token_hash = OLD.token_hash "
            "AND NEW.expires_at = OLD.expires_at AND NEW.given_at = OLD.given_at",
        ),
    ]
