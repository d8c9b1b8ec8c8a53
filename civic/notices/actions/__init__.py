"""Tell people, ask them within their budget, take it back, let them follow and stop, carry the mail out."""

from civic.notices.actions.announcing import News, Touch, announce, spread
from civic.notices.actions.asking import Kept, Wish, ask, ask_along, ask_waiting, forget_contact, move_contact
from civic.notices.actions.delivering import deliver_due
from civic.notices.actions.following import (
    ADDRESS_BOOKS,
    adopt,
    change_pace,
    follow,
    forget_follower,
    stop_following,
    write_due,
)
from civic.notices.actions.reading import mark_all_read, mark_read
from civic.notices.actions.stopping import Stop, choose, find_stop, follow_address, stop, stop_token
from civic.notices.actions.telling import Recipient, forget_recipient, is_one_address, notify, retract

__all__ = [
    "ADDRESS_BOOKS",
    "Kept",
    "News",
    "Recipient",
    "Stop",
    "Touch",
    "Wish",
    "adopt",
    "announce",
    "ask",
    "ask_along",
    "ask_waiting",
    "change_pace",
    "choose",
    "deliver_due",
    "find_stop",
    "follow",
    "follow_address",
    "forget_contact",
    "forget_follower",
    "forget_recipient",
    "is_one_address",
    "mark_all_read",
    "mark_read",
    "move_contact",
    "notify",
    "retract",
    "spread",
    "stop",
    "stop_following",
    "stop_token",
    "write_due",
]
