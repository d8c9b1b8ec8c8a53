"""The acts of the register: submit, correct, relate, withdraw, confirm, hide, restore, keep a draft."""

from civic.contributions.actions.changing import (
    claim_guest_contributions,
    confirm,
    confirm_own,
    hide,
    may_revise,
    relate,
    restore,
    revise,
    withdraw,
)
from civic.contributions.actions.claims import (
    follow_newest,
    open_claim,
    open_own_points,
    retire_whole,
    span_whole,
)
from civic.contributions.actions.doors import LISTENERS, VisibilityEvent
from civic.contributions.actions.drafting import drop_draft, keep_draft
from civic.contributions.actions.rates import spend_posting
from civic.contributions.actions.situations import (
    erase_situation,
    log_contact,
    may_tell_situation,
    open_situation,
    seal_under_newest_key,
    tell_situation,
)
from civic.contributions.actions.submitting import (
    Receipt,
    Source,
    next_number,
    render_words,
    send_confirmation_again,
    submit,
)
from civic.contributions.forms import Author, Capacity, Entry, OwnPoint, Place, Words, author_from

__all__ = [
    "LISTENERS",
    "Author",
    "Capacity",
    "Entry",
    "OwnPoint",
    "Place",
    "Receipt",
    "Source",
    "VisibilityEvent",
    "Words",
    "author_from",
    "claim_guest_contributions",
    "confirm",
    "confirm_own",
    "drop_draft",
    "erase_situation",
    "follow_newest",
    "hide",
    "keep_draft",
    "log_contact",
    "may_revise",
    "may_tell_situation",
    "next_number",
    "open_claim",
    "open_own_points",
    "open_situation",
    "relate",
    "render_words",
    "restore",
    "retire_whole",
    "revise",
    "seal_under_newest_key",
    "send_confirmation_again",
    "span_whole",
    "spend_posting",
    "submit",
    "tell_situation",
    "withdraw",
]
