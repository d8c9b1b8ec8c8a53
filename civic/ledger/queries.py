"""Read the public record."""

import json
from dataclasses import dataclass
from datetime import datetime

from civic.ledger.leaf import KEYS, leaf_hash
from civic.ledger.models import LedgerObject, StagedLeaf

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


async def newest_leaf() -> int:
    """Name the newest leaf: while it stays the same, no act has changed anything that is public."""
    last = await StagedLeaf.all().order_by("-id").first()
    return last.id if last else 0


async def what_is_wrong() -> str:
    """Read the whole record again; say the first thing that does not hold, or nothing."""
    newest: dict[str, str] = {}
    last_id = 0
    while batch := await StagedLeaf.filter(id__gt=last_id).order_by("id").limit(BATCH):
        for row in batch:
            wrong = _fault(row, newest.get(row.object))
            if wrong:
                return f"leaf {row.id} {wrong}"
            newest[row.object] = row.hash
        last_id = batch[-1].id
    kept = {one.object: one.last_hash for one in await LedgerObject.all()}
    astray = [object for object, last in kept.items() if newest.get(object) != last]
    return f"object {min(astray)} does not end at its newest leaf" if astray else ""


def _fault(row: StagedLeaf, before: str | None) -> str:
    data = bytes(row.leaf)
    if leaf_hash(data) != row.hash:
        return "does not have its hash"
    read = json.loads(data)
    if (read.get("type"), read.get("object")) != (row.type, row.object):
        return "is filed as something else"
    if not set(read) <= KEYS:
        return "holds a key that a leaf has not"
    return "" if read.get("prev") == before else "does not follow the leaf before it"
