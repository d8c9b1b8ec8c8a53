"""Reading a reason that is being written: what it says so far, whatever else the form still lacks."""

from __future__ import annotations

from collections.abc import Sequence

from civic import settings
from civic.decisions import queries
from civic.decisions.forms import ANSWER_FIELDS, parse_outcome
from civic.decisions.queries import Checked, DecisionCard
from civic.decisions.rules import FIELDS
from civic.foundation import forms
from civic.foundation.formdata import FormData

CHECK_FIELDS = (*ANSWER_FIELDS, "in_group", "back", "more", "next")
_MOST = 20_000


async def checked(
    form: FormData, decision: DecisionCard | None, claims: Sequence[str], names: Sequence[str] = ()
) -> Checked | None:
    """Say whether the reason in a form could be addressed to anybody; None when it says nothing yet."""
    outcome = parse_outcome(form)
    if decision is None or outcome is None:
        return None
    rationale = _said(form, "rationale") if "rationale" in FIELDS.get(outcome, ()) else {}
    said = queries.reason_of(outcome, rationale, _said(form, "sentence"), _said(form, "own_sentence"))
    draft = queries.Draft(said, tuple(claims), tuple(names), keeps_group=forms.ticked(form, "in_group"))
    return await queries.check_draft(decision, draft)


def _said(form: FormData, name: str) -> dict[str, str]:
    found = {code: form.value(f"{name}_{code}")[:_MOST].strip() for code in settings.current().languages}
    return {code: words for code, words in found.items() if words}
