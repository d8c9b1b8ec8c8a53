"""Who may write in a debate, and in what role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from civic.contributions.models import Relation
from civic.debates.models import Stance
from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.processes.policies import Act, PhaseCard, phase_opens

SPEAKS_FOR_THE_BODY = ("official", "reviewer", "decision_maker")

_STANCES = {Relation.SUPPORTS: Stance.FOR, Relation.OBJECTS: Stance.AGAINST}


def may_comment(phases: Iterable[PhaseCard], now: datetime, *, closed_at: datetime | None = None) -> Verdict:
    """Anybody may write while the phase is open and the thread is not closed."""
    if closed_at is not None:
        return refused(N_("This debate was closed on %(date)s."), date=closed_at)
    return phase_opens(Act.COMMENT, phases, now)


def may_answer(*, is_public: bool) -> Verdict:
    """Only a text that can be read can be answered."""
    if not is_public:
        return refused(N_("The message you answer is no longer shown."))
    return ALLOWED


def may_argue(*, is_shown: bool) -> Verdict:
    """Only a text that everybody can read is argued; the messages under it can still be answered."""
    if not is_shown:
        return refused(N_("This text is not shown: it receives no new argument."))
    return ALLOWED


def may_mark(viewer: Viewer, phases: Iterable[PhaseCard], now: datetime, *, mine: bool) -> Verdict:
    """Participants mark what enlightens them, not their own words."""
    if not viewer.is_signed_in:
        return refused(N_("Sign in to mark a message as insightful."))
    if mine:
        return refused(N_("You cannot mark your own message."))
    return phase_opens(Act.MARK, phases, now)


def may_speak_officially(viewer: Viewer, process: str) -> bool:
    """Tell whether a viewer may write in the name of the public body in this process."""
    return any(viewer.holds(role, process) for role in SPEAKS_FOR_THE_BODY)


def may_sign_officially(*, speaks: bool) -> Verdict:
    """Only those who hold the role sign for the public body."""
    return ALLOWED if speaks else refused(N_("Only officials of this process write in its name."))


def stance_of(relation: str | None) -> Stance:
    """Tell on which side a relation stands."""
    return _STANCES.get(Relation(relation), Stance.OTHER) if relation else Stance.OTHER
