"""Give imported comments their places in the threads: the same places and counts that posting would give."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civic.contributions.models import Contribution
from civic.debates.actions.places import count_relation, step
from civic.debates.models import MAX_LEVEL, Comment, Thread
from civic.debates.policies import stance_of
from civic.foundation import database, ids

_LOTS = 2**31 - 1
_THREADS = "SELECT id, subject, root_count FROM thread WHERE process_id = ? ORDER BY id"
_LOCK = "UPDATE thread SET version = version + 1 WHERE id = ? RETURNING root_count"
_PLACES = "SELECT id, contribution_id, parent_id, path, depth, children FROM comment WHERE thread_id = ?"
_GROW_THREAD = """
UPDATE thread SET root_count = ?, comment_count = comment_count + ?,
       last_comment_at = CASE WHEN last_comment_at > ? THEN last_comment_at ELSE ? END
WHERE id = ?
"""
_GROW_COMMENT = "UPDATE comment SET children = ?, descendants = descendants + ? WHERE id = ?"
_ANSWERED = "UPDATE contribution SET reply_count = reply_count + ? WHERE id = ?"


@dataclass
class _Place:
    """Where a comment stands, and how many stand below it."""

    id: int
    parent_id: int | None
    path: str
    depth: int
    children: int
    gained: int = 0
    row: Comment | None = None


@dataclass
class _Debate:
    """A thread while comments are put into it. `row` is set when this import opens it."""

    id: int
    root_count: int
    row: Thread | None = None
    gained: int = 0
    last_at: datetime | None = None
    relations: Counter[str] = field(default_factory=Counter)
    places: dict[int, _Place] = field(default_factory=dict)
    by_contribution: dict[int, int] = field(default_factory=dict)


@dataclass
class Forest:
    """The threads of a process, as far as an import needs them."""

    process_id: int
    debates: dict[str, _Debate] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    answered: Counter[int] = field(default_factory=Counter)


async def load(process_id: int, subjects: Iterable[str]) -> Forest:
    """Read the threads that get new comments, holding them against others until the import is done."""
    found = {row["subject"]: row["id"] for row in await database.rows(_THREADS, process_id)}
    forest = Forest(process_id, known=found)
    for subject in sorted(set(subjects) & set(found), key=lambda one: found[one]):
        (held,) = await database.rows(_LOCK, found[subject])
        debate = forest.debates[subject] = _Debate(found[subject], held["root_count"])
        for row in await database.rows(_PLACES, debate.id):
            _keep(debate, row)
    return forest


def open_thread(forest: Forest, thread_id: int, subject: str, issue_id: int) -> Thread:
    """Open a thread that is not there yet."""
    row = Thread(
        id=thread_id,
        public_id=ids.public_id(),
        process_id=forest.process_id,
        issue_id=issue_id,
        subject=subject,
    )
    forest.debates[subject] = _Debate(thread_id, 0, row)
    forest.known[subject] = thread_id
    return row


def place(forest: Forest, comment_id: int, contribution: Contribution, subject: str) -> Comment:
    """Give a comment its place: under the comment it answers, or at the top of its thread."""
    debate = forest.debates[subject]
    answered = debate.places.get(debate.by_contribution.get(contribution.parent_id or 0, 0))
    if answered is None:
        debate.root_count += 1
        above, path, depth, ordinal = None, "", 0, debate.root_count
    else:
        is_deep = answered.depth + 1 >= MAX_LEVEL and answered.parent_id is not None
        above = debate.places[answered.parent_id] if is_deep and answered.parent_id else answered
        above.children += 1
        path, depth, ordinal = above.path, above.depth + 1, above.children
    row = _row(comment_id, contribution, debate.id, above, path + step(ordinal), depth, ordinal)
    debate.places[comment_id] = _Place(comment_id, row.parent_id, row.path, depth, 0, row=row)
    debate.by_contribution[contribution.id] = comment_id
    _count(forest, debate, contribution, above)
    return row


async def settle(forest: Forest) -> None:
    """Write the counts of what was there before, and put those of what is new into its rows."""
    for debate in forest.debates.values():
        for kept in debate.places.values():
            if kept.row is not None:
                kept.row.children, kept.row.descendants = kept.children, kept.gained
            elif kept.gained:
                await database.execute(_GROW_COMMENT, kept.children, kept.gained, kept.id)
        if debate.row is not None:
            debate.row.root_count, debate.row.comment_count = debate.root_count, debate.gained
            debate.row.last_comment_at = debate.last_at
        elif debate.gained:
            last = debate.last_at
            await database.execute(_GROW_THREAD, debate.root_count, debate.gained, last, last, debate.id)


async def settle_relations(forest: Forest) -> None:
    """Write how many comments have each relation; after the threads are written."""
    for debate in forest.debates.values():
        for relation, count in sorted(debate.relations.items()):
            await count_relation(debate.id, relation, count)


async def settle_replies(forest: Forest, new: dict[int, Contribution]) -> None:
    """Count the replies of contributions, new and known."""
    for contribution_id, count in forest.answered.items():
        if contribution_id in new:
            new[contribution_id].reply_count = count
        else:
            await database.execute(_ANSWERED, count, contribution_id)


def _keep(debate: _Debate, row: dict[str, Any]) -> None:
    debate.places[row["id"]] = _Place(row["id"], row["parent_id"], row["path"], row["depth"], row["children"])
    debate.by_contribution[row["contribution_id"]] = row["id"]


def _count(forest: Forest, debate: _Debate, contribution: Contribution, above: _Place | None) -> None:
    debate.gained += 1
    debate.relations[contribution.relation or ""] += 1
    if debate.last_at is None or debate.last_at < contribution.submitted_at:
        debate.last_at = contribution.submitted_at
    while above is not None:
        above.gained += 1
        above = debate.places[above.parent_id] if above.parent_id is not None else None
    if contribution.parent_id is not None:
        forest.answered[contribution.parent_id] += 1


def _row(
    comment_id: int,
    contribution: Contribution,
    thread_id: int,
    above: _Place | None,
    path: str,
    depth: int,
    ordinal: int,
) -> Comment:
    return Comment(
        id=comment_id,
        public_id=contribution.public_id,
        contribution_id=contribution.id,
        thread_id=thread_id,
        parent_id=above.id if above else None,
        path=path,
        depth=depth,
        ordinal=ordinal,
        relation=contribution.relation,
        stance=stance_of(contribution.relation),
        lot=secrets.randbelow(_LOTS),
        posted_at=contribution.submitted_at,
    )
