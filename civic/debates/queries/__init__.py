"""Every read of debates; what may be read of a comment is asked of the register."""

from civic.debates.queries.reading import (
    CommentPlace,
    ThreadCard,
    demand_subject,
    place_of,
    thread_by_id,
    thread_on,
    visible_place,
    visible_thread,
)

__all__ = [
    "CommentPlace",
    "ThreadCard",
    "demand_subject",
    "place_of",
    "thread_by_id",
    "thread_on",
    "visible_place",
    "visible_thread",
]
