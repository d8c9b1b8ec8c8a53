"""Read the public record."""

import json
from dataclasses import dataclass
from datetime import datetime

from civic.ledger.leaf import leaf_hash
from civic.ledger.models import StagedLeaf

BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """A leaf as it stands in the record: its exact bytes, its hash and what they say."""

    data: bytes
    hash: str
    type: str
    staged_at: datetime

    @property
    def fields(self) -> dict[str, object]:
        """What the bytes say."""
        read: dict[str, object] = json.loads(self.data)
        return read


async def leaves_of(object: str) -> list[Entry]:
    """Give the leaves of one object, oldest first."""
    found = await StagedLeaf.filter(object=object).order_by("id")
    return [Entry(bytes(leaf.leaf), leaf.hash, leaf.type, leaf.staged_at) for leaf in found]


async def what_is_wrong() -> str:
    """Read the whole record again: every leaf under its hash, every object's leaves in one chain."""
    last: dict[str, str] = {}
    after = 0
    while batch := await StagedLeaf.filter(id__gt=after).order_by("id").limit(BATCH):
        for leaf in batch:
            entry = Entry(bytes(leaf.leaf), leaf.hash, leaf.type, leaf.staged_at)
            if leaf_hash(entry.data) != entry.hash:
                return f"leaf {leaf.id} is not what was written"
            if entry.fields.get("prev") != last.get(leaf.object):
                return f"leaf {leaf.id} does not follow the one before it"
            last[leaf.object] = entry.hash
        after = batch[-1].id
    return ""
