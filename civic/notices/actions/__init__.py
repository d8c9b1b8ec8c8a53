"""Tell people, take it back, let them stop it, and carry the mail out."""

from civic.notices.actions.delivering import deliver_due
from civic.notices.actions.reading import mark_all_read, mark_read
from civic.notices.actions.stopping import choose, find_stop, follow_address, stop, stop_token
from civic.notices.actions.telling import Recipient, is_one_address, notify, retract

__all__ = [
    "Recipient",
    "choose",
    "deliver_due",
    "find_stop",
    "follow_address",
    "is_one_address",
    "mark_all_read",
    "mark_read",
    "notify",
    "retract",
    "stop",
    "stop_token",
]
