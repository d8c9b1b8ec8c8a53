"""Announce to those who follow a process what its officials did to it."""

from __future__ import annotations

from civic.foundation import clock
from civic.foundation.errors import N_, Message
from civic.foundation.tables import Localized
from civic.notices import actions as notices
from civic.notices.actions import News, Touch
from civic.processes.forms import DateDraft
from civic.processes.policies import PhaseCard, last_day
from civic.processes.queries import ProcessPage, ScopeCard, name_of


async def announce_step(process: ProcessPage, phase: PhaseCard, reason: Localized) -> None:
    """Announce a step that is added."""
    said = {
        "step": Message(name_of(phase.kind)),
        "last": last_day(phase.over_at),
        "reason": reason,
    }
    words = Message(N_("A step is added: %(step)s, until %(last)s. Reason: %(reason)s"), said)
    await _announce(process, words, f"phase/{phase.public_id}", f"phase/{phase.public_id}/planned")


async def announce_date(process: ProcessPage, public_id: str, draft: DateDraft) -> None:
    """Announce an event of the calendar."""
    words = Message(N_("New date: %(title)s, %(at)s."), {"title": draft.title, "at": draft.at})
    await _announce(process, words, f"date/{public_id}", f"date/{public_id}")


async def announce_new_scope(process: ProcessPage, scope: ScopeCard) -> None:
    """Announce that what can change is no longer the same."""
    words = Message(N_("What you can change has changed. Reason: %(reason)s"), {"reason": scope.reason})
    await _announce(process, words, f"process/{process.public_id}", f"scope/{scope.id}")


async def announce_closed(process: ProcessPage, reason: Localized) -> None:
    """Announce the end of a process."""
    words = Message(N_("The process is closed. Reason: %(reason)s"), {"reason": reason})
    await _announce(process, words, f"process/{process.public_id}", f"closed/{process.public_id}")


async def _announce(process: ProcessPage, words: Message, about: str, once: str) -> None:
    if process.is_draft:
        return
    touch = Touch(f"process/{process.public_id}", process.title, words, f"/processes/{process.slug}")
    await notices.announce(News(about, f"news/{once}", process.title, (touch,)), hold=clock.hold())
