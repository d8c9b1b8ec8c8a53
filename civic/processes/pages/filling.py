"""Fill the forms of the desk with what is already written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from civic.foundation import forms
from civic.foundation.forms import FormData
from civic.processes.forms import SCOPE_LINES
from civic.processes.policies import last_day
from civic.processes.queries import IssueCard, ProcessPage, ScopeCard, StakeholderCard, Standing

EMPTY_LINES = 2
"""How many empty lines the scope form shows under those that are written."""


def said(name: str, text: Mapping[str, str]) -> dict[str, str]:
    """Spread an official text over its fields, one per language."""
    return {f"{name}_{language}": words for language, words in text.items()}


def blank_process(process: ProcessPage) -> FormData:
    """Fill the form of the texts of a process."""
    return forms.blank(
        slug=process.slug,
        code=process.code,
        profile=process.profile,
        **said("title", process.title),
        **said("summary", process.summary),
    )


def blank_issue(issue: IssueCard) -> FormData:
    """Fill the form of a question."""
    return forms.blank(
        **said("title", issue.title),
        **said("description", issue.description),
        freeze_on=last_day(issue.freeze_at).isoformat() if issue.freeze_at else None,
    )


def blank_phases(process: ProcessPage) -> FormData:
    """Fill the form of the steps."""
    values = {}
    for phase in process.phases:
        values[f"starts_on_{phase.kind}"] = phase.first_day.isoformat()
        values[f"ends_on_{phase.kind}"] = phase.last_day.isoformat()
    return forms.blank(**values)


def blank_scope(scope: ScopeCard | None) -> FormData:
    """Fill the form of the room for influence."""
    if scope is None:
        return forms.blank()
    values: dict[str, object] = {
        "promise": scope.promise,
        "decides_on": scope.decides_on.isoformat() if scope.decides_on else None,
        **said("decision_maker", scope.decision_maker),
    }
    for standing in Standing:
        for number, line in enumerate(scope.standing(standing)):
            name = f"{standing}_{number}"
            values |= {**said(f"{name}_text", line.text), **said(f"{name}_why", line.why)}
            values[f"{name}_where"] = line.where
    return forms.blank(**values)


def lines_shown(form: FormData, standing: Standing) -> range:
    """Number the lines of the scope form: those that are written, and some empty ones."""
    starts = [f"{standing}_{number}_" for number in range(SCOPE_LINES)]
    written = [
        number
        for number, start in enumerate(starts)
        if any(name.startswith(start) and value[-1].strip() for name, value in form.values.items())
    ]
    return range(min(SCOPE_LINES, max(written, default=-1) + 1 + EMPTY_LINES))


def blank_stakeholders(entries: Iterable[StakeholderCard]) -> FormData:
    """Fill the form of the stakeholder map."""
    values: dict[str, object] = {}
    for entry in entries:
        values[f"expected_{entry.category}"] = "yes" if entry.is_expected else "no"
        values |= said(f"words_{entry.category}", entry.outreach if entry.is_expected else entry.reason)
    return forms.blank(**values)
