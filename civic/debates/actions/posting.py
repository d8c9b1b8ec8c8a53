"""Post a comment, correct it, say what it does, mark what enlightens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from civic.accounts import queries as accounts
from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.actions import Author, Place, Receipt, Words
from civic.contributions.models import Kind, Relation, WrittenAs
from civic.debates import policies
from civic.debates.actions.places import move_relation, take_place, thread_for, touch
from civic.debates.actions.telling import tell_answered
from civic.debates.forms import CommentDraft, CommentEdit
from civic.debates.models import Thread
from civic.debates.queries import CommentPlace, place_of
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes import queries as processes

_MARK = """
INSERT INTO insight (comment_id, participant_id, marked_at) VALUES (?, ?, ?)
ON CONFLICT (comment_id, participant_id) DO NOTHING
"""
_UNMARK = "DELETE FROM insight WHERE comment_id = ? AND participant_id = ?"
_COUNT_MARKS = "UPDATE comment SET insight_count = insight_count + ? WHERE id = ?"


class ThreadLike(Protocol):
    """What posting needs to know of a thread: its row, or its card."""

    @property
    def id(self) -> int: ...
    @property
    def process_id(self) -> int: ...
    @property
    def issue_id(self) -> int | None: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True)
class _Answered:
    """The text a comment answers: another comment, or the subject of the thread."""

    contribution: said.ContributionCard | None
    is_comment: bool


async def open_thread(process_id: int, issue_id: int | None, subject: str) -> Thread:
    """Open the thread of a subject ("proposal/<id>", "issue/<id>"), once; in the caller's transaction."""
    return await thread_for(process_id, issue_id, subject, ids.public_id())


async def post_comment(
    author: Author,
    thread: ThreadLike,
    draft: CommentDraft,
    *,
    code: str | None = None,
    rendered: str | None = None,
) -> Receipt:
    """Post a comment. A guest's waits for the link in the mail before it takes its place."""
    words = Words("", draft.body)
    rendered = await register.render_words(words) if rendered is None else rendered
    async with database.transaction():
        row = await Thread.get(id=thread.id)
        now = clock.now()
        policies.may_comment(
            await processes.phases_of(thread.process_id), now, closed_at=row.closed_at
        ).demand()
        answered = await _answered(thread, draft.parent_public_id)
        if answered.contribution is not None:
            policies.may_answer(is_public=answered.contribution.is_public).demand()
        await _demand_role(author, thread.process_id)
        await register.spend_posting(author)
        scope = await processes.scope_in_force(thread.process_id, now)
        receipt = await register.submit(
            author,
            Place(
                process_id=thread.process_id,
                issue_id=thread.issue_id,
                kind=Kind.COMMENT,
                parent_id=answered.contribution.id if answered.contribution else None,
                relation=draft.relation or _set_by_place(answered),
                scope_id=scope.id if scope else None,
            ),
            words,
            rendered=rendered,
            capacity=draft.capacity,
            code=code,
            situation=draft.situation,
        )
        if not receipt.is_awaiting:
            await take_place(receipt.contribution, thread.id)
            await tell_answered(receipt.contribution, answered.contribution)
    return receipt


async def edit_comment(viewer: Viewer, public_id: str, edit: CommentEdit) -> None:
    """Add a version to one's own comment."""
    contribution = await said.visible_contribution(viewer, public_id)
    (await register.may_revise(viewer, contribution)).demand()
    words = Words("", edit.body)
    rendered = await register.render_words(words)
    async with database.transaction():
        place = await place_of(contribution.id)
        if place is not None:
            await touch(place.thread_id)
        await register.revise(
            viewer,
            contribution,
            words,
            expected_version=edit.expected_version,
            note=edit.note,
            rendered=rendered,
        )


async def relate_comment(viewer: Viewer, public_id: str, relation: Relation | None) -> None:
    """Say what one's own comment does, or change it, until the question is frozen."""
    contribution = await said.visible_contribution(viewer, public_id)
    async with database.transaction():
        place = await place_of(contribution.id)
        if place is not None:
            await touch(place.thread_id)
        if await register.relate(viewer, contribution, relation):
            await move_relation(contribution.id, relation.value if relation else None)


async def withdraw_comment(viewer: Viewer, public_id: str, reason: str) -> None:
    """Take one's own comment back: its place stays, with the reason."""
    await register.withdraw(viewer, await said.visible_contribution(viewer, public_id), reason)


async def mark_insight(viewer: Viewer, place: CommentPlace) -> None:
    """Mark a comment as insightful, once per person."""
    await _demand_may_mark(viewer, place)
    async with database.transaction():
        await touch(place.thread_id)
        if await database.execute(_MARK, place.id, viewer.participant, clock.now()):
            await database.execute(_COUNT_MARKS, 1, place.id)
            await ledger.record("insight.marked", place.public_id, author=viewer.public_id)


async def unmark_insight(viewer: Viewer, place: CommentPlace) -> None:
    """Take the mark back."""
    await _demand_may_mark(viewer, place)
    async with database.transaction():
        await touch(place.thread_id)
        if await database.execute(_UNMARK, place.id, viewer.participant):
            await database.execute(_COUNT_MARKS, -1, place.id)
            await ledger.record("insight.unmarked", place.public_id, author=viewer.public_id)


async def _answered(thread: ThreadLike, parent_public_id: str | None) -> _Answered:
    """Find what is answered: a comment of this thread, or the proposal the thread is about."""
    if parent_public_id is not None:
        found = await database.rows(
            "SELECT contribution_id FROM comment WHERE public_id = ? AND thread_id = ?",
            parent_public_id,
            thread.id,
        )
        if not found:
            raise NotFound
        return _Answered(await said.contribution_by_id(found[0]["contribution_id"]), True)
    kind, _, key = thread.subject.partition("/")
    if kind == "issue":
        return _Answered(None, False)
    return _Answered(await said.contribution_by_public_id(key), False)


def _set_by_place(answered: _Answered) -> Relation | None:
    """Tell what a reply does when its author does not: to answer a question is to answer."""
    question = answered.contribution if answered.is_comment else None
    return Relation.ANSWERS if question and question.relation is Relation.ASKS else None


async def _demand_role(author: Author, process_id: int) -> None:
    """Refuse words signed for the public body by somebody who holds no such role here."""
    if author.written_as is WrittenAs.PARTICIPANT:
        return
    process = await processes.process_by_id(process_id)
    held = [await accounts.holders(role, process.public_id) for role in policies.SPEAKS_FOR_THE_BODY]
    speaks = any(one.id == author.participant_id for people in held for one in people)
    policies.may_sign_officially(speaks=speaks).demand()


async def _demand_may_mark(viewer: Viewer, place: CommentPlace) -> None:
    policies.may_mark(
        viewer,
        await processes.phases_of(place.process_id),
        clock.now(),
        mine=place.author_id is not None and place.author_id == viewer.participant,
    ).demand()
