"""Who may do what with accounts and roles, and why not."""

from datetime import datetime, timedelta

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer

FRESH = timedelta(minutes=30)
"""How long after signing in the acts that guard an account are open."""

STAFF = frozenset({"moderator", "official", "reviewer", "decision_maker", "appeal_reader"})
"""Roles a substitute can hold in somebody's place; an administrator names another administrator instead."""


def may_administer(viewer: Viewer) -> Verdict:
    """Only administrators of the whole installation give and take roles and change its settings."""
    if viewer.holds("administrator"):
        return ALLOWED
    return refused(N_("Only an administrator can do this."))


def may_grant(viewer: Viewer, role: str, scope: str) -> Verdict:
    """An administrator gives any role; the administrator's own role is held everywhere or not at all."""
    if role == "administrator" and scope:
        return refused(N_("An administrator is one for the whole site, not for one process."))
    return may_administer(viewer)


def may_revoke(viewer: Viewer, role: str, others: int) -> Verdict:
    """The last administrator stays: somebody must be able to open the door again."""
    if role == "administrator" and others == 0:
        return refused(N_("This is the last administrator. Name another one first."))
    return may_administer(viewer)


def may_act_afresh(signed_in_at: datetime, now: datetime) -> Verdict:
    """What guards an account asks who you are again when you signed in some time ago."""
    if now - signed_in_at <= FRESH:
        return ALLOWED
    return refused(N_("You signed in some time ago. Please confirm that it is you, then try again."))


def may_name_substitute(viewer: Viewer) -> Verdict:
    """Only people who hold a role have somebody to stand in for them."""
    if viewer.holds_somewhere(*STAFF):
        return ALLOWED
    return refused(N_("Only people who hold a role here name a substitute."))
