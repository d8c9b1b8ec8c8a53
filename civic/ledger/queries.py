"""Read the public record."""

import json
from dataclasses import dataclass
from datetime import datetime

from civic.ledger.models import StagedLeaf


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
