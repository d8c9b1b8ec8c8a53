"""Who may propose, and who may stand behind a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.processes.policies import OPENS, Act, PhaseCard, phase_opens


def may_submit(phases: Iterable[PhaseCard], now: datetime, *, has_issues: bool = True) -> Verdict:
    """Anybody may propose while a phase is open to proposals."""
    if not has_issues:
        return refused(N_("This process asks no question yet."))
    return phase_opens(Act.PROPOSE, phases, now)


def closes_at(phases: Iterable[PhaseCard], now: datetime) -> datetime | None:
    """Tell until when proposals are received, when they are."""
    return max(
        (one.over_at for one in phases if Act.PROPOSE in OPENS[one.kind] and one.is_open(now)), default=None
    )


def may_endorse(
    viewer: Viewer, phases: Iterable[PhaseCard], now: datetime, *, mine: bool, is_public: bool
) -> Verdict:
    """Participants stand behind a public proposal that is not theirs, while the phase is open."""
    if not viewer.is_signed_in:
        return refused(N_("Sign in to endorse a proposal: one person, one endorsement."))
    if mine:
        return refused(N_("This is your own proposal: you already stand behind it."))
    if not is_public:
        return refused(N_("This proposal is no longer shown."))
    return phase_opens(Act.ENDORSE, phases, now)


def may_unendorse(viewer: Viewer) -> Verdict:
    """An endorsement can be taken back at any time."""
    if not viewer.is_signed_in:
        return refused(N_("Sign in to take an endorsement back."))
    return ALLOWED
