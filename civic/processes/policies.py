"""What each phase opens, and who may set a process up. Every no comes with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civic.foundation import clock
from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.processes.models import PhaseKind, ProcessState


class Act(StrEnum):
    """What a person may want to do in a process."""

    PROPOSE = "propose"
    COMMENT = "comment"
    ENDORSE = "endorse"
    MARK = "mark"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    REPLY = "reply"
    APPEAL = "appeal"
    ANSWER = "answer"
    PUBLISH = "publish"


OPENS: dict[PhaseKind, frozenset[Act]] = {
    PhaseKind.INFORMATION: frozenset(),
    PhaseKind.DELIBERATION: frozenset({Act.PROPOSE, Act.COMMENT, Act.ENDORSE, Act.MARK}),
    PhaseKind.SYNTHESIS: frozenset(),
    PhaseKind.DECISION: frozenset(),
    PhaseKind.FOLLOW_UP: frozenset(),
    PhaseKind.EVALUATION: frozenset(),
}
"""The one table of which acts a phase opens."""

ALWAYS = frozenset({Act.REVISE, Act.WITHDRAW, Act.REPLY, Act.APPEAL, Act.ANSWER, Act.PUBLISH})
"""Rights and duties that no phase opens or closes; their own rules say until when."""

DECLARING = ("official", "reviewer", "decision_maker")
"""Roles whose holders declare their interests in a process."""
STAFF = ("official", "reviewer", "decision_maker", "moderator", "appeal_reader")


@dataclass(frozen=True)
class PhaseCard:
    """A step with its dates, in the order of the loop."""

    id: int
    public_id: str
    kind: PhaseKind
    starts_at: datetime
    ends_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def over_at(self) -> datetime:
        """The moment it is over: its last midnight, or earlier when it was closed."""
        return min(self.ends_at, self.closed_at) if self.closed_at else self.ends_at

    @property
    def first_day(self) -> date:
        return clock.local_day(self.starts_at)

    @property
    def last_day(self) -> date:
        """The last calendar day on which it is open."""
        return last_day(self.over_at)

    def is_open(self, now: datetime) -> bool:
        """Tell whether it is open at a moment; a draft's phases never are."""
        return self.opened_at is not None and self.starts_at <= now < self.over_at

    def has_ended(self, now: datetime) -> bool:
        return self.over_at <= now


def last_day(moment: datetime) -> date:
    """Name the last day of a period that ends at this moment (at midnight, the day before)."""
    return clock.local_day(moment - timedelta(microseconds=1))


def phase_opens(act: Act, phases: Iterable[PhaseCard], now: datetime) -> Verdict:
    """Answer whether one of the phases opens an act now, or why not."""
    if act in ALWAYS:
        return ALLOWED
    opening = sorted((one for one in phases if act in OPENS[one.kind]), key=lambda one: one.starts_at)
    if any(one.is_open(now) for one in opening):
        return ALLOWED
    if not opening:
        return refused(N_("This process has no step for that."))
    if any(one.opened_at is None for one in opening):
        return refused(N_("This process is not open yet."))
    coming = [one for one in opening if now < one.starts_at and not one.has_ended(now)]
    if coming:
        return refused(N_("The debate opens on %(date)s."), date=coming[0].first_day)
    return refused(N_("The debate ended on %(date)s."), date=opening[-1].last_day)


def may_see_draft(viewer: Viewer, process: str) -> bool:
    """Tell whether a process that is not open yet may be read: by those who work on it."""
    return viewer.holds("administrator") or any(viewer.holds(role, process) for role in STAFF)


def may_create_process(viewer: Viewer) -> Verdict:
    """Any official, or an administrator, may begin a draft."""
    if viewer.holds("administrator") or viewer.holds_somewhere("official"):
        return ALLOWED
    return refused(N_("Only officials and administrators can prepare a process."))


def may_work_on(viewer: Viewer, process: str) -> Verdict:
    """Only the officials of this process and the administrators set it up and move its phases."""
    if viewer.holds("administrator") or viewer.holds("official", process):
        return ALLOWED
    return refused(N_("Only the officials of this process and the administrators can do that."))


def may_prepare(viewer: Viewer, process: str, state: ProcessState) -> Verdict:
    """Drafts are written freely; what is open is changed by acts that leave the former text readable."""
    if state is ProcessState.DRAFT:
        return may_work_on(viewer, process)
    return refused(N_("This process is public: what was announced is no longer rewritten, only added to."))


def may_add(viewer: Viewer, process: str, state: ProcessState) -> Verdict:
    """Questions and dates are added until the process is closed."""
    if state is ProcessState.CLOSED:
        return refused(N_("This process is closed."))
    return may_work_on(viewer, process)


def may_move_phases(viewer: Viewer, process: str, state: ProcessState) -> Verdict:
    """Phases are opened, extended and closed while the process is open."""
    if state is ProcessState.DRAFT:
        return refused(N_("This process is not open yet."))
    return may_add(viewer, process, state)


def may_open_phase(phase: PhaseCard, now: datetime) -> Verdict:
    """A phase is opened before its date, or again after its end."""
    if phase.is_open(now):
        return refused(N_("This step is already open."))
    return ALLOWED


def may_extend_phase(phase: PhaseCard, now: datetime) -> Verdict:
    """Only a phase that is not over can be extended; an ended one is opened again."""
    if phase.has_ended(now):
        return refused(N_("This step is over. Open it again instead."))
    return ALLOWED


def may_close_phase(phase: PhaseCard, now: datetime) -> Verdict:
    """Only an open phase can be closed."""
    if not phase.is_open(now):
        return refused(N_("This step is not open."))
    return ALLOWED


def may_declare(viewer: Viewer, process: str) -> Verdict:
    """Whoever writes, reads or signs answers here says what interests they have in it (SPEC A6)."""
    if any(viewer.holds(role, process) for role in DECLARING):
        return ALLOWED
    return refused(N_("Only people who write, read or sign the answers of this process declare interests."))


def may_publish_charter(viewer: Viewer) -> Verdict:
    """The charters belong to the whole instance: administrators publish them."""
    if viewer.holds("administrator"):
        return ALLOWED
    return refused(N_("Only administrators can change the charters."))
