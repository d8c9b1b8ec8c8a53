"""Tables of the ledger: leaves waiting for their place, and the erasable openings beside them."""

from tortoise import fields
from tortoise.models import Model


class StagedLeaf(Model):
    """A leaf written by an act and not yet given its place in the tree; bytes are RFC 8785 JSON."""

    id = fields.BigIntField(primary_key=True)
    leaf = fields.BinaryField()
    hash = fields.CharField(max_length=64, unique=True)
    type = fields.CharField(max_length=40, db_index=True)
    object = fields.CharField(max_length=26, db_index=True)
    staged_at = fields.DatetimeField()

    class Meta:
        table = "ledger_staged"


class LedgerObject(Model):
    """The newest leaf of each object, so that a leaf can name the one before it."""

    object = fields.CharField(max_length=26, primary_key=True)
    rev = fields.IntField()
    last_hash = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_object"


class Opening(Model):
    """Salts that open a leaf's commitments; destroying the row makes them unlinkable for good."""

    id = fields.BigIntField(primary_key=True)
    hash = fields.CharField(max_length=64, unique=True)
    content_salt = fields.BinaryField(null=True)
    author_salt = fields.BinaryField(null=True)
    content_ref = fields.CharField(max_length=120)

    class Meta:
        table = "ledger_opening"
