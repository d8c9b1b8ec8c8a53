"""Who may announce, change and cancel a meeting, and write its minutes."""

from __future__ import annotations

from datetime import datetime

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.processes.models import ProcessState


def may_prepare_meetings(viewer: Viewer, process: str) -> Verdict:
    """Only the officials of a process announce its meetings and write their minutes."""
    if viewer.holds("official", process):
        return ALLOWED
    return refused(N_("Only the officials of this process announce its meetings and write their minutes."))


def may_announce_meeting(viewer: Viewer, process: str, state: ProcessState) -> Verdict:
    """A meeting belongs to a process that everybody can read and that goes on."""
    if state is not ProcessState.OPEN:
        return refused(N_("Meetings are announced in an open process."))
    return may_prepare_meetings(viewer, process)


def may_change_meeting(*, is_cancelled: bool, starts_at: datetime, now: datetime) -> Verdict:
    """What was announced changes, with a reason, until the meeting begins."""
    if is_cancelled:
        return refused(N_("This meeting was cancelled."))
    if starts_at <= now:
        return refused(N_("This meeting has begun: what was announced no longer changes."))
    return ALLOWED


def may_minute(*, is_cancelled: bool, starts_at: datetime, now: datetime) -> Verdict:
    """Minutes are written once the meeting has begun."""
    if is_cancelled:
        return refused(N_("This meeting was cancelled."))
    if now < starts_at:
        return refused(N_("Minutes are written once the meeting has begun."))
    return ALLOWED
