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
from civic.contributions.actions.claims import follow_newest, open_claim, retire_whole, span_whole
from civic.contributions.actions.doors import LISTENERS, VisibilityEvent
from civic.contributions.actions.drafting import drop_draft, keep_draft
from civic.contributions.actions.rates import spend_posting
from civic.contributions.actions.submitting import (
    Receipt,
    Source,
    next_number,
    render_words,
    send_confirmation_again,
    submit,
)
from civic.contributions.forms import Author, Capacity, Place, Words, author_from

__all__ = [
    "LISTENERS",
    "Author",
    "Capacity",
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
    "follow_newest",
    "hide",
    "keep_draft",
    "may_revise",
    "next_number",
    "open_claim",
    "relate",
    "render_words",
    "restore",
    "retire_whole",
    "revise",
    "send_confirmation_again",
    "span_whole",
    "spend_posting",
    "submit",
    "withdraw",
]
