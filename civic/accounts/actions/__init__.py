"""What people and administrators do with accounts; each file holds one subject."""

from civic.accounts.actions.links import Link, end_links, follow_link, look_at_link, send_link
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

__all__ = [
    "Link",
    "disable",
    "end_links",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "follow_link",
    "grant_role",
    "look_at_link",
    "open_pass",
    "open_session",
    "recognise",
    "revoke_role",
    "send_link",
    "sign_out",
]
