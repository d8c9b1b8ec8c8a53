"""What people and administrators do with accounts; each file holds one subject."""

from civic.accounts.actions.account import (
    ask_new_address,
    change_language,
    change_name,
    change_password,
    confirm_new_address,
    demand_fresh,
    end_absence,
    name_substitute,
)
from civic.accounts.actions.administering import (
    accept_invitation,
    change_settings,
    give_role,
    invite,
)
from civic.accounts.actions.links import Link, end_links, follow_link, look_at_link, send_link
from civic.accounts.actions.registering import (
    LISTENERS,
    ask_registration,
    confirm_registration,
    make_account,
    prepare_registration,
)
from civic.accounts.actions.roles import disable, grant_role, revoke_role
from civic.accounts.actions.sessions import (
    end_other_sessions,
    end_session,
    end_sessions,
    open_pass,
    open_session,
    recognise,
    sign_out,
)
from civic.accounts.actions.signing_in import (
    follow_sign_in,
    request_link,
    request_reset,
    reset_password,
    sign_in,
)

__all__ = [
    "LISTENERS",
    "Link",
    "accept_invitation",
    "ask_new_address",
    "ask_registration",
    "change_language",
    "change_name",
    "change_password",
    "change_settings",
    "confirm_new_address",
    "confirm_registration",
    "demand_fresh",
    "disable",
    "end_absence",
    "end_links",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "follow_link",
    "follow_sign_in",
    "give_role",
    "grant_role",
    "invite",
    "look_at_link",
    "make_account",
    "name_substitute",
    "open_pass",
    "open_session",
    "prepare_registration",
    "recognise",
    "request_link",
    "request_reset",
    "reset_password",
    "revoke_role",
    "send_link",
    "sign_in",
    "sign_out",
]
