"""What pages of processes say of steps and dates, ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.foundation import clock
from civic.foundation.errors import N_, Message, Verdict, message
from civic.processes.policies import Act, last_day, phase_opens
from civic.processes.queries import (
    PhaseCard,
    PhaseKind,
    ProcessPage,
    ProcessState,
    meaning_of,
    name_of,
)

OPEN_NAMES = {
    PhaseKind.INFORMATION: N_("Information open"),
    PhaseKind.DELIBERATION: N_("Debate open"),
    PhaseKind.SYNTHESIS: N_("Synthesis under way"),
    PhaseKind.DECISION: N_("Decision being prepared"),
    PhaseKind.FOLLOW_UP: N_("Follow-up under way"),
    PhaseKind.EVALUATION: N_("Evaluation open"),
}
ICONS = {
    PhaseKind.INFORMATION: "info",
    PhaseKind.DELIBERATION: "messages-square",
    PhaseKind.SYNTHESIS: "list-filter",
    PhaseKind.DECISION: "gavel",
    PhaseKind.FOLLOW_UP: "route",
    PhaseKind.EVALUATION: "scale",
}


@dataclass(frozen=True)
class Pill:
    """Where a process stands now, in two words, with the moment until which it lasts."""

    text: str
    kind: str
    icon: str
    until: datetime | None = None
    starts: datetime | None = None


def pill(process: ProcessPage) -> Pill:
    """Say where a process stands now."""
    now = clock.now()
    if process.state is ProcessState.DRAFT:
        return Pill(N_("Draft, not public"), "soon", "lock")
    if process.state is ProcessState.CLOSED:
        return Pill(N_("Process closed"), "done", "check")
    current = process.current_phase(now)
    if current is not None:
        kind = "open" if current.kind is PhaseKind.DELIBERATION else "soon"
        return Pill(OPEN_NAMES[current.kind], kind, ICONS[current.kind], until=current.over_at)
    coming = [phase for phase in process.phases if now < phase.starts_at]
    if coming:
        first = min(coming, key=lambda phase: phase.starts_at)
        return Pill(
            N_("Between two steps") if _begun(process, now) else N_("Opens soon"),
            "soon",
            "calendar-clock",
            starts=first.starts_at,
        )
    return Pill(N_("Every step is over"), "done", "check")


def _begun(process: ProcessPage, now: datetime) -> bool:
    return any(phase.starts_at <= now for phase in process.phases)


@dataclass(frozen=True)
class Station:
    """One step on the line: done, now, next or to come."""

    phase: PhaseCard
    state: str
    words: Message


def stations(process: ProcessPage) -> list[Station]:
    """Put the steps of a process on their line, with the state of each in words."""
    now = clock.now()
    found: list[Station] = []
    is_next_free = True
    for phase in process.phases:
        if phase.is_open(now):
            found.append(Station(phase, "now", _open_words(phase)))
        elif phase.has_ended(now):
            found.append(Station(phase, "done", message(N_("Finished"))))
        elif is_next_free:
            found.append(Station(phase, "next", message(N_("Next step"))))
            is_next_free = False
        else:
            found.append(Station(phase, "ahead", message(N_("Later step"))))
    return found


def _open_words(phase: PhaseCard) -> Message:
    if phase.kind is PhaseKind.DELIBERATION:
        return message(N_("Under way: you can act"))
    return message(N_("Under way"))


def may_propose(process: ProcessPage) -> Verdict:
    """Answer whether proposals are received now, for a button or the reason it is closed."""
    return phase_opens(Act.PROPOSE, process.phases, clock.now())


def may_write(process: ProcessPage) -> bool:
    """Tell whether anything can still be sent: a proposal or an argument."""
    now = clock.now()
    return any(phase_opens(act, process.phases, now).allowed for act in (Act.PROPOSE, Act.COMMENT))


WORDS: dict[str, Any] = {
    "name_of": name_of,
    "meaning_of": meaning_of,
    "pill": pill,
    "stations": stations,
    "may_propose": may_propose,
    "may_write": may_write,
    "last_day": last_day,
}
"""What every template of this room may ask."""
