"""The acts of a debate: open a thread, post, correct, relate, withdraw, mark; and follow visibility."""

from civic.debates.actions.places import take_place, visibility_changed
from civic.debates.actions.posting import (
    edit_comment,
    mark_insight,
    open_thread,
    post_comment,
    relate_comment,
    unmark_insight,
    withdraw_comment,
)
from civic.debates.actions.telling import tell_answered
from civic.debates.forms import CommentDraft, CommentEdit

__all__ = [
    "CommentDraft",
    "CommentEdit",
    "edit_comment",
    "mark_insight",
    "open_thread",
    "post_comment",
    "relate_comment",
    "take_place",
    "tell_answered",
    "unmark_insight",
    "visibility_changed",
    "withdraw_comment",
]
