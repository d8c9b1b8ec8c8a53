"""Where a comment stands in its thread, and the counts that follow.

Rows are always locked in the same order (thread, then comments, then contributions), so that people who
write in one thread at the same time wait for each other and never for themselves.
"""

from __future__ import annotations

import secrets
from typing import Any

from civic.contributions.actions import VisibilityEvent
from civic.contributions.models import Contribution, Kind, Visibility
from civic.contributions.queries import contribution_by_id
from civic.debates.actions.telling import tell_answered
from civic.debates.models import MAX_LEVEL, PATH_DIGITS, Comment, Thread
from civic.debates.policies import stance_of
from civic.foundation import clock, database
from civic.foundation.errors import NotFound

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LOTS = 2**31 - 1

_OPEN = """
INSERT INTO thread (public_id, process_id, issue_id, subject, version, root_count, comment_count)
VALUES (?, ?, ?, ?, 1, 0, 0) ON CONFLICT (subject) DO NOTHING
"""
_TOUCH = "UPDATE thread SET version = version + 1 WHERE id = ?"
_TOUCH_SUBJECT = "UPDATE thread SET version = version + 1 WHERE subject = ?"
_ENTER = """
UPDATE thread SET version = version + 1, comment_count = comment_count + 1,
                  root_count = root_count + ?, last_comment_at = ?
WHERE id = ? RETURNING root_count
"""
_COUNT = "UPDATE thread SET version = version + 1, comment_count = comment_count + ? WHERE id = ?"
_UNDER = "UPDATE comment SET children = children + 1 WHERE id = ? RETURNING children, path, depth"
_ABOVE = """
WITH RECURSIVE level(n) AS (
    SELECT CAST(? AS INTEGER) UNION ALL SELECT n - 4 FROM level WHERE n > 4
)
UPDATE comment SET descendants = descendants + ?
WHERE thread_id = ? AND path IN (SELECT substr(CAST(? AS TEXT), 1, n) FROM level)
"""
_RELATIONS = """
INSERT INTO thread_relation (thread_id, relation, count) VALUES (?, ?, ?)
ON CONFLICT (thread_id, relation) DO UPDATE SET count = thread_relation.count + excluded.count
"""
_ANSWERED = "UPDATE contribution SET reply_count = reply_count + ? WHERE id = ?"
_PLACE = "SELECT id, parent_id, path, depth FROM comment WHERE contribution_id = ?"
_PLACE_OF = """
SELECT m.id, m.thread_id, m.path, m.depth, m.relation, c.parent_id AS answers
FROM comment m JOIN contribution c ON c.id = m.contribution_id WHERE m.contribution_id = ?
"""
_RELATE = "UPDATE comment SET relation = ?, stance = ? WHERE id = ?"


async def thread_for(process_id: int, issue_id: int | None, subject: str, public_id: str) -> Thread:
    """Open the thread of a subject, or give the one that is open."""
    await database.execute(_OPEN, public_id, process_id, issue_id, subject)
    return await Thread.get(subject=subject)


async def touch(thread_id: int) -> None:
    """Lock a thread and raise its version."""
    await database.execute(_TOUCH, thread_id)


async def take_place(contribution: Contribution, thread_id: int) -> Comment:
    """Give a comment that became public its place in the thread, for good."""
    answered = await _place_answered(contribution.parent_id)
    (entered,) = await database.rows(_ENTER, 0 if answered else 1, clock.now(), thread_id)
    if answered is None:
        parent_id, path, depth, ordinal = None, "", 0, int(entered["root_count"])
    else:
        parent_id = answered["id"] if answered["depth"] + 1 < MAX_LEVEL else answered["parent_id"]
        (above,) = await database.rows(_UNDER, parent_id)
        path, depth, ordinal = above["path"], above["depth"] + 1, above["children"]
        await _count_above(thread_id, path, +1)
    comment = await Comment.create(
        public_id=contribution.public_id,
        contribution_id=contribution.id,
        thread_id=thread_id,
        parent_id=parent_id,
        path=path + step(ordinal),
        depth=depth,
        ordinal=ordinal,
        relation=contribution.relation,
        stance=stance_of(contribution.relation),
        lot=secrets.randbelow(_LOTS),
        posted_at=contribution.confirmed_at or clock.now(),
    )
    await count_relation(thread_id, contribution.relation, +1)
    if contribution.parent_id is not None:
        await database.execute(_ANSWERED, 1, contribution.parent_id)
    return comment


async def count_relation(thread_id: int, relation: str | None, change: int) -> None:
    """Keep the number of comments of one relation."""
    await database.execute(_RELATIONS, thread_id, relation or "", change)


async def move_relation(contribution_id: int, relation: str | None) -> None:
    """Let a comment stand on another side of the debate. The thread is locked first by the caller."""
    found = await database.rows(_PLACE_OF, contribution_id)
    for place in found:
        await database.execute(_RELATE, relation, stance_of(relation).value, place["id"])
        await count_relation(place["thread_id"], place["relation"], -1)
        await count_relation(place["thread_id"], relation, +1)


async def visibility_changed(event: VisibilityEvent) -> None:
    """Follow the register: a confirmed comment takes its place, a hidden one is no longer counted."""
    if event.kind is Kind.PROPOSAL:
        await database.execute(_TOUCH_SUBJECT, f"proposal/{event.public_id}")
    if event.kind is not Kind.COMMENT:
        return
    if event.before is Visibility.AWAITING:
        if event.after is Visibility.PUBLIC:
            await _enter_late(event.contribution_id)
        return
    change = (event.after is Visibility.PUBLIC) - (event.before is Visibility.PUBLIC)
    if change:
        await _recount(event.contribution_id, change)


async def thread_of(contribution: Contribution) -> int:
    """Find the thread a waiting comment was written for."""
    sql, key = "SELECT id FROM thread WHERE subject = ?", await _subject_of(contribution)
    found = await database.rows(sql, key)
    if not found:
        raise NotFound
    return int(found[0]["id"])


async def _subject_of(contribution: Contribution) -> str:
    parent = contribution
    while parent.parent_id is not None:
        parent = await Contribution.get(id=parent.parent_id)
        if parent.kind != Kind.COMMENT:
            return f"{parent.kind}/{parent.public_id}"
        found = await database.rows(
            "SELECT t.subject FROM comment m JOIN thread t ON t.id = m.thread_id WHERE m.contribution_id = ?",
            parent.id,
        )
        if found:
            return str(found[0]["subject"])
    (issue,) = await database.rows("SELECT public_id FROM issue WHERE id = ?", contribution.issue_id)
    return f"issue/{issue['public_id']}"


async def _enter_late(contribution_id: int) -> None:
    contribution = await Contribution.get(id=contribution_id)
    contribution.confirmed_at = clock.now()
    await take_place(contribution, await thread_of(contribution))
    if contribution.parent_id is not None:
        await tell_answered(contribution, await contribution_by_id(contribution.parent_id))


async def _recount(contribution_id: int, change: int) -> None:
    for place in await database.rows(_PLACE_OF, contribution_id):
        await database.execute(_COUNT, change, place["thread_id"])
        if place["depth"]:
            await _count_above(place["thread_id"], place["path"][:-PATH_DIGITS], change)
        await count_relation(place["thread_id"], place["relation"], change)
        if place["answers"] is not None:
            await database.execute(_ANSWERED, change, place["answers"])


async def _place_answered(contribution_id: int | None) -> dict[str, Any] | None:
    if contribution_id is None:
        return None
    found = await database.rows(_PLACE, contribution_id)
    return found[0] if found else None


async def _count_above(thread_id: int, path: str, change: int) -> None:
    """Count a visible comment in all the places above it, this path and its beginnings."""
    await database.execute(_ABOVE, len(path), change, thread_id, path)


def step(ordinal: int) -> str:
    """Write one level of a path: four digits in base 36."""
    digits = ""
    for _ in range(PATH_DIGITS):
        ordinal, rest = divmod(ordinal, 36)
        digits = _DIGITS[rest] + digits
    return digits
