"""Write the public record: every act stages its leaf here, in its own transaction."""

from collections.abc import Mapping

from civic.foundation import clock, database
from civic.ledger.leaf import make_leaf
from civic.ledger.models import Opening, StagedLeaf

_LAST = """
INSERT INTO ledger_object (object, rev, last_hash) VALUES (?, 0, '')
ON CONFLICT (object) DO UPDATE SET rev = ledger_object.rev
RETURNING last_hash
"""
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
