"""Every read of debates; what may be read of a comment is asked of the register."""

from civic.debates.queries.debate import (
    Asked,
    Chip,
    Debate,
    Speaker,
    asked,
    begun,
    debate_on,
    draft_place,
    speaker,
)
from civic.debates.queries.orders import Order
from civic.debates.queries.permalinks import Permalink, permalink
from civic.debates.queries.reading import (
    CommentPlace,
    ThreadCard,
    demand_subject,
    may_relate,
    place_of,
    thread_by_id,
    thread_on,
    visible_place,
    visible_thread,
)
from civic.debates.queries.window import (
    FIRST,
    OTHERS,
    CommentView,
    ThreadWindow,
    comment_in,
    relation_counts,
    walk,
    window,
)

__all__ = [
    "FIRST",
    "OTHERS",
    "Asked",
    "Chip",
    "CommentPlace",
    "CommentView",
    "Debate",
    "Order",
    "Permalink",
    "Speaker",
    "ThreadCard",
    "ThreadWindow",
    "asked",
    "begun",
    "comment_in",
    "debate_on",
    "demand_subject",
    "draft_place",
    "may_relate",
    "permalink",
    "place_of",
    "relation_counts",
    "speaker",
    "thread_by_id",
    "thread_on",
    "visible_place",
    "visible_thread",
    "walk",
    "window",
]
