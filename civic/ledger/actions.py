"""Write the public record: every act stages its leaf here, in its own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from civic.foundation import clock, database
from civic.ledger.leaf import make_leaf
from civic.ledger.models import Opening, StagedLeaf

_LAST = """
INSERT INTO ledger_object (object, rev, last_hash) VALUES (?, 0, '')
ON CONFLICT (object) DO UPDATE SET rev = ledger_object.rev
RETURNING last_hash
"""
_HOLD_MANY = """
INSERT INTO ledger_object (object, rev, last_hash) VALUES {rows}
ON CONFLICT (object) DO UPDATE SET rev = ledger_object.rev
RETURNING object, last_hash
"""
_MOVE_MANY = """
INSERT INTO ledger_object (object, rev, last_hash) VALUES {rows}
ON CONFLICT (object) DO UPDATE SET rev = excluded.rev, last_hash = excluded.last_hash
"""
_AT_ONCE = 100
_MOVE = "UPDATE ledger_object SET rev = ?, last_hash = ? WHERE object = ?"


async def record(
    type: str,
    object: str,
    *,
    rev: int = 1,
    parent: str | None = None,
    content: Mapping[str, object] | None = None,
    author: str | None = None,
    ref: str = "",
) -> str:
    """Stage the leaf of an act and give its hash; `content` is committed to, never kept here.

    `ref` says where the opening of the content can be read again ("version/<public id>/2"). The row of
    the object is locked until the act commits, so that its leaves form one chain by hash.
    """
    if not database.in_transaction():
        raise RuntimeError("The record is written in the transaction of the act.")
    now = clock.now()
    last = (await database.rows(_LAST, object))[0]["last_hash"]
    leaf = make_leaf(
        type, object, at=now, rev=rev, parent=parent, content=content, author=author, prev=last or None
    )
    await StagedLeaf.create(leaf=leaf.data, hash=leaf.hash, type=type, object=object, staged_at=now)
    if leaf.content_salt is not None or leaf.author_salt is not None:
        await Opening.create(
            hash=leaf.hash,
            content_salt=leaf.content_salt,
            author_salt=leaf.author_salt,
            content_ref=ref,
        )
    await database.execute(_MOVE, rev, leaf.hash, object)
    return leaf.hash


Content = Mapping[str, object]


class Under(TypedDict):
    """The parent and the content of a leaf, as `record` takes them."""

    parent: str | None
    content: Content


def under(parent: str, content: Content, *, is_private: bool) -> Under:
    """Name the parent of a leaf; in private it is committed to with the content, and not told (TRUST 1.3)."""
    if is_private:
        return {"parent": None, "content": {**content, "parent": parent}}
    return {"parent": parent, "content": content}


@dataclass(frozen=True)
class Entry:
    """One leaf of many that an act stages together."""

    type: str
    object: str
    rev: int = 1
    parent: str | None = None
    content: Content | None = None
    author: str | None = None
    ref: str = ""


async def record_many(entries: Sequence[Entry]) -> None:
    """Stage the leaves of an act that touches many objects, each object once, in a few statements."""
    if not database.in_transaction():
        raise RuntimeError("The record is written in the transaction of the act.")
    ordered = sorted(entries, key=lambda entry: entry.object)
    for start in range(0, len(ordered), _AT_ONCE):
        await _record_chunk(ordered[start : start + _AT_ONCE])


async def _record_chunk(entries: Sequence[Entry]) -> None:
    now = clock.now()
    held = await database.rows(
        _HOLD_MANY.format(rows=", ".join(["(?, 0, '')"] * len(entries))), *(one.object for one in entries)
    )
    last = {row["object"]: row["last_hash"] or None for row in held}
    leaves = [
        make_leaf(
            one.type,
            one.object,
            at=now,
            rev=one.rev,
            parent=one.parent,
            content=one.content,
            author=one.author,
            prev=last[one.object],
        )
        for one in entries
    ]
    await StagedLeaf.bulk_create(
        [
            StagedLeaf(leaf=leaf.data, hash=leaf.hash, type=one.type, object=one.object, staged_at=now)
            for one, leaf in zip(entries, leaves, strict=True)
        ]
    )
    await Opening.bulk_create(
        [
            Opening(
                hash=leaf.hash,
                content_salt=leaf.content_salt,
                author_salt=leaf.author_salt,
                content_ref=one.ref,
            )
            for one, leaf in zip(entries, leaves, strict=True)
            if leaf.content_salt is not None or leaf.author_salt is not None
        ]
    )
    moved = [
        value for one, leaf in zip(entries, leaves, strict=True) for value in (one.object, one.rev, leaf.hash)
    ]
    await database.execute(_MOVE_MANY.format(rows=", ".join(["(?, ?, ?)"] * len(entries))), *moved)
