"""What a process still lacks before it can open, and where to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from civic import settings
from civic.foundation import clock
from civic.foundation.errors import N_, Message, counted, message
from civic.foundation.languages import NAMES
from civic.foundation.tables import Localized
from civic.processes.models import Category, PhaseKind, Promise
from civic.processes.queries.announced import (
    DateCard,
    ScopeCard,
    StakeholderCard,
    dates_of,
    scope_in_force,
    stakeholders_of,
)
from civic.processes.queries.reading import ProcessPage, process_by_id

_MISSING = N_("Missing: %(languages)s. The other language will be shown, with a note.")


class Part(StrEnum):
    """The parts of the set-up desk, each one page."""

    TEXTS = "texts"
    ISSUES = "issues"
    PHASES = "phases"
    SCOPE = "scope"
    STAKEHOLDERS = "stakeholders"
    DATES = "dates"


@dataclass(frozen=True)
class GateItem:
    """One condition for opening; one that does not block is a warning."""

    met: bool
    text: Message
    part: Part
    blocks: bool = True
    detail: Message | None = None


@dataclass(frozen=True)
class Prepared:
    """All that the gates look at."""

    process: ProcessPage
    scope: ScopeCard | None
    stakeholders: tuple[StakeholderCard, ...]
    dates: tuple[DateCard, ...]


async def preflight(process_id: int) -> list[GateItem]:
    """List every condition for opening a process, unmet ones first."""
    prepared = Prepared(
        process=await process_by_id(process_id),
        scope=await scope_in_force(process_id),
        stakeholders=await stakeholders_of(process_id),
        dates=await dates_of(process_id),
    )
    return sorted(gates(prepared), key=lambda item: (item.met, not item.blocks))


def gates(prepared: Prepared) -> Iterator[GateItem]:
    """Check one condition after the other."""
    yield _has_summary(prepared.process)
    yield _has_issues(prepared.process)
    yield _has_freezes(prepared.process)
    yield _has_debate(prepared.process)
    yield from _scope(prepared.scope)
    yield _has_map(prepared.stakeholders)
    yield _has_decision_day(prepared)
    yield _is_translated(prepared)


def _has_summary(process: ProcessPage) -> GateItem:
    written = bool(process.title and process.summary)
    return GateItem(written, Message(N_("The process has a title and a summary.")), Part.TEXTS)


def _has_issues(process: ProcessPage) -> GateItem:
    return GateItem(bool(process.issues), Message(N_("At least one question is put to people.")), Part.ISSUES)


def _has_freezes(process: ProcessPage) -> GateItem:
    """A freeze before the debate begins would make it a debate about nothing."""
    debate = process.phase(PhaseKind.DELIBERATION)
    lacking = [issue for issue in process.issues if issue.freeze_at is None]
    now = clock.now()
    begins = max(debate.starts_at, now) if debate else now
    early = [issue for issue in process.issues if issue.freeze_at and issue.freeze_at <= begins]
    detail = None
    if lacking:
        detail = counted(
            "%(count)s question has no date yet.", "%(count)s questions have no date yet.", len(lacking)
        )
    elif early:
        detail = counted(
            "%(count)s question freezes before the debate begins.",
            "%(count)s questions freeze before the debate begins.",
            len(early),
        )
    return GateItem(
        bool(process.issues) and detail is None,
        Message(N_("Every question has a freeze date, after the start of the debate.")),
        Part.ISSUES,
        detail=detail,
    )


def _undated(count: int) -> Message:
    return counted("%(count)s question has no date yet.", "%(count)s questions have no date yet.", count)


def _early(count: int) -> Message:
    return counted(
        "%(count)s question freezes before the debate begins.",
        "%(count)s questions freeze before the debate begins.",
        count,
    )


def _unanswered(count: int) -> Message:
    return counted("%(count)s category is not answered.", "%(count)s categories are not answered.", count)


def _has_debate(process: ProcessPage) -> GateItem:
    debate = process.phase(PhaseKind.DELIBERATION)
    is_over = debate is not None and debate.ends_at <= clock.now()
    return GateItem(
        debate is not None and not is_over,
        Message(N_("The calendar has a debate, with its dates.")),
        Part.PHASES,
        detail=Message(N_("Its last day is over.")) if is_over else None,
    )


def _scope(scope: ScopeCard | None) -> Iterator[GateItem]:
    opens = scope is not None and (bool(scope.open) or scope.promise is Promise.INFORM)
    yield GateItem(opens, Message(N_("The scope says what is open to proposals.")), Part.SCOPE)
    explained = scope is not None and all(line.why for line in scope.fixed)
    yield GateItem(explained, Message(N_("Whatever is already fixed says why.")), Part.SCOPE)
    named = scope is not None and bool(scope.decision_maker)
    yield GateItem(named, Message(N_("The scope names who decides.")), Part.SCOPE)


def _has_map(stakeholders: tuple[StakeholderCard, ...]) -> GateItem:
    filled = [one for one in stakeholders if (one.outreach if one.is_expected else one.reason)]
    missing = len(Category) - len(filled)
    return GateItem(
        not missing,
        Message(N_("The stakeholder map answers for each of the seven categories.")),
        Part.STAKEHOLDERS,
        detail=_unanswered(missing) if missing else None,
    )


def _has_decision_day(prepared: Prepared) -> GateItem:
    known = prepared.scope is not None and prepared.scope.decides_on is not None
    return GateItem(known, Message(N_("The calendar says when the decision is due.")), Part.SCOPE)


def _is_translated(prepared: Prepared) -> GateItem:
    """Missing languages never block; they are listed."""
    missing = missing_languages(prepared)
    names = ", ".join(NAMES.get(language, language) for language in missing)
    return GateItem(
        not missing,
        Message(N_("Every text is written in every language of this instance.")),
        missing[min(missing)] if missing else Part.TEXTS,
        blocks=False,
        detail=message(
            N_("Missing: %(languages)s. The other language will be shown, with a note."), languages=names
        )
        if missing
        else None,
    )


def missing_languages(prepared: Prepared) -> dict[str, Part]:
    """Name the languages in which some text is missing, and the first part where it is."""
    missing: dict[str, Part] = {}
    for part, text in _texts(prepared):
        for language in settings.current().languages:
            if text and not text.get(language):
                missing.setdefault(language, part)
    return missing


def _texts(prepared: Prepared) -> Iterator[tuple[Part, Localized]]:
    yield Part.TEXTS, prepared.process.title
    yield Part.TEXTS, prepared.process.summary
    for issue in prepared.process.issues:
        yield Part.ISSUES, issue.title
        yield Part.ISSUES, issue.description
    if prepared.scope is not None:
        yield Part.SCOPE, prepared.scope.decision_maker
        for line in prepared.scope.lines:
            yield Part.SCOPE, line.text
            yield Part.SCOPE, line.why
    for entry in prepared.stakeholders:
        yield Part.STAKEHOLDERS, entry.outreach if entry.is_expected else entry.reason
    for one in prepared.dates:
        yield Part.DATES, one.title
