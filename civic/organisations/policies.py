"""Who may register, verify and speak for an organisation, and why not."""

from __future__ import annotations

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer


def may_verify(viewer: Viewer) -> Verdict:
    """An organisation speaks in every process, so whoever answers for the whole site checks its papers."""
    if viewer.holds("administrator"):
        return ALLOWED
    return refused(N_("Only an administrator checks organisations and who speaks for them."))


def may_ask(viewer: Viewer, *, is_delegate: bool = False, is_waiting: bool = False) -> Verdict:
    """Whoever has an account may ask to speak for an organisation, once at a time."""
    if not viewer.is_signed_in:
        return refused(N_("Sign in to ask to speak for an organisation."))
    if is_delegate:
        return refused(N_("You already speak for this organisation."))
    if is_waiting:
        return refused(N_("Your request is being checked."))
    return ALLOWED


def may_rule(viewer: Viewer, *, asked_by: int, is_ruled: bool) -> Verdict:
    """A request is answered once, and by somebody else than whoever made it."""
    if is_ruled:
        return refused(N_("This request was already answered."))
    if viewer.participant == asked_by:
        return refused(N_("Another administrator must check your own request."))
    return may_verify(viewer)


def may_speak(*, is_delegate: bool) -> Verdict:
    """Only delegates who were checked speak for an organisation."""
    if is_delegate:
        return ALLOWED
    return refused(N_("Only its verified delegates speak for this organisation."))


def may_end(viewer: Viewer, *, is_own: bool) -> Verdict:
    """A delegate steps down, or an administrator ends the mandate."""
    return ALLOWED if is_own else may_verify(viewer)


def may_file(*, is_delegate: bool, has_declared: bool) -> Verdict:
    """A statement is filed by a delegate whose organisation has declared its interests."""
    if not is_delegate:
        return may_speak(is_delegate=is_delegate)
    if not has_declared:
        return refused(N_("Declare the interests of your organisation first: they are shown beside it."))
    return ALLOWED
