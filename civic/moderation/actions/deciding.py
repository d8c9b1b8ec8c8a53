"""Decide, undo, lift. A restriction and its statement of reasons are one transaction, or nothing."""

from dataclasses import replace
from datetime import timedelta

from civic.contributions import actions as contributions
from civic.decisions import actions as decisions
from civic.foundation import clock, database, ids
from civic.foundation.database import transaction
from civic.foundation.errors import N_, Conflict, Invalid
from civic.foundation.languages import gettext
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.moderation import policies, queries
from civic.moderation.actions.telling import (
    hold,
    language_of_author,
    tell_author,
    tell_of_lifting,
    tell_reporters,
)
from civic.moderation.forms import MeasureDraft, StatementDraft
from civic.moderation.models import (
    Measure,
    MeasureUndo,
    ModerationDecision,
    RephraseRequest,
    StatementOfReasons,
)
from civic.moderation.queries import CaseView, Decided
from civic.moderation.rules import DURATIONS, EFFECTS, LENGTH_OVER, REDRESS, RULES, TERRITORY, UNTIL_REWRITTEN
from civic.notices import actions as notices

_CLOSE = """
UPDATE moderation_case SET closed_at = ?, version = version + 1
WHERE id = ? AND version = ? AND closed_at IS NULL
"""


REOPEN = """
UPDATE moderation_case SET closed_at = NULL, version = version + 1
WHERE id = ? AND NOT EXISTS (
    SELECT 1 FROM moderation_case o WHERE o.subject = moderation_case.subject AND o.closed_at IS NULL)
"""
"""Open a case again, unless the text was reported meanwhile: then the newer case is the one to decide."""


_SAME_WORDS = "UPDATE contribution SET version = version WHERE id = ? AND version = ?"
_QUICKER = N_("Another moderator was quicker: this has changed. Please read it again.")


_MONTH = timedelta(days=30)


async def decide(moderator: Viewer, case: CaseView, draft: MeasureDraft) -> ModerationDecision:
    """Decide on a case. Raises Conflict when another moderator was quicker, Invalid without full reasons."""
    policies.may_take(moderator, case.facts, draft.measure).demand()
    if queries.restricts(draft.measure) and not _is_complete(draft.statement):
        raise Invalid({"facts": N_("A restriction needs a complete statement of reasons.")})
    if draft.statement and draft.statement.duration == UNTIL_REWRITTEN and not case.facts.can_be_rewritten:
        raise Invalid({"duration": N_("A reply cannot be written again. Choose another length.")})
    async with transaction():
        now = clock.now()
        if not await database.execute(_CLOSE, now, case.id, draft.version):
            raise Conflict(_QUICKER)
        await _demand_same_words(case, draft.text_version)
        decision = await ModerationDecision.create(
            public_id=ids.public_id(),
            case_id=case.id,
            contribution_id=case.subject.contribution_id,
            measure=draft.measure,
            note=draft.note,
            decided_by_id=moderator.participant,
            acted_for_id=min(await queries.in_whose_place(moderator, case.process), default=None),
            decided_at=now,
            hold_until=now + hold(),
        )
        statement = None
        if draft.statement is not None and queries.restricts(draft.measure):
            statement = await _state_reasons(
                decision, case, replace(draft.statement, duration=_length(draft, draft.statement))
            )
        await _take_effect(decision, case, draft)
        await tell_author(decision, case, statement)
        await tell_reporters(decision, case, statement)
        await _record(decision, case, statement, moderator)
    return decision


def _length(draft: MeasureDraft, statement: StatementDraft) -> str:
    """Tell how long a measure lasts: one that asks for other words ends with them."""
    return UNTIL_REWRITTEN if draft.measure == Measure.REPHRASE else statement.duration


async def _demand_same_words(case: CaseView, read: int) -> None:
    """Refuse to decide on words that their author changed after the moderator opened the page."""
    contribution_id = case.subject.contribution_id
    if read and not await database.execute(_SAME_WORDS, contribution_id, read):
        raise Conflict(N_("The author changed this text after you opened it. Please read it again."))


def _is_complete(statement: StatementDraft | None) -> bool:
    parts = (statement.rule, statement.passage, statement.facts, statement.duration) if statement else ()
    return bool(parts) and all(part.strip() for part in parts)


async def _state_reasons(
    decision: ModerationDecision, case: CaseView, draft: StatementDraft
) -> StatementOfReasons:
    """Write the statement of reasons in the language of the author's text."""
    language = await language_of_author(case.subject)
    effect = "official" if case.subject.is_official else decision.measure
    ends = clock.now() + _MONTH if draft.duration == "one_month" else None
    return await StatementOfReasons.create(
        public_id=ids.public_id(),
        number=await contributions.next_number("M", clock.now()),
        decision_id=decision.id,
        ground="illegal" if draft.rule == "law" else "incompatible",
        rule=draft.rule,
        rule_text=gettext(language, RULES[draft.rule].text),
        passage=draft.passage,
        facts=draft.facts,
        effect=gettext(language, EFFECTS[effect]),
        territory=gettext(language, TERRITORY),
        duration=gettext(language, DURATIONS[draft.duration]),
        ends_at=ends,
        source_type="notice" if case.reports else "own_initiative",
        automated_detection=False,
        automated_decision=False,
        redress=gettext(language, REDRESS),
        language=language,
        written_at=clock.now(),
    )


async def _take_effect(decision: ModerationDecision, case: CaseView, draft: MeasureDraft) -> None:
    because = f"moderation/{decision.public_id}"
    subject = case.subject
    if queries.restricts(draft.measure) and not case.facts.is_hidden:
        await _hide(subject.key, subject.contribution_id, because)
    elif case.facts.is_hidden and not queries.restricts(draft.measure):
        await _show(subject.key, subject.contribution_id, because)
    if draft.statement is not None and _length(draft, draft.statement) == UNTIL_REWRITTEN:
        await RephraseRequest.create(decision_id=decision.id, suggestion=draft.suggestion)


async def undo(moderator: Viewer, decided: Decided) -> None:
    """Take a decision back during its hold: the text is as before, nothing has left, the case is open."""
    policies.may_undo(moderator, decided.standing, clock.now()).demand()
    async with transaction():
        await MeasureUndo.create(
            decision_id=decided.id, undone_by_id=moderator.participant, undone_at=clock.now()
        )
        because = f"moderation/{decided.public_id}"
        if await queries.took_effect(decided):
            await _turn_back(decided, because)
        await notices.retract(because)
        await database.execute(REOPEN, decided.case_id)
        await ledger.record(
            "moderation.undone",
            decided.public_id,
            rev=2,
            parent=decided.contribution or decided.case_public_id,
            author=moderator.public_id,
        )


async def _turn_back(decided: Decided, because: str) -> None:
    """Show what the decision hid, hide what it showed; what changed since for another reason stays."""
    if queries.restricts(decided.measure) and decided.visibility == "restricted":
        await _show(decided.subject, decided.contribution_id, because)
    elif not queries.restricts(decided.measure) and decided.visibility == "public":
        await _hide(decided.subject, decided.contribution_id, because)


async def restore(moderator: Viewer, decided: Decided, note: str) -> ModerationDecision:
    """Lift a measure with a reason; a record of its own, which the author and the public log show."""
    policies.may_restore(moderator, decided.standing, is_in_force=decided.is_in_force).demand()
    async with transaction():
        lifted = await lift(decided, note, by=moderator.participant, author=moderator.public_id)
        await tell_of_lifting(lifted, decided)
    return lifted


async def end_measures() -> int:
    """Show again the texts whose measure was for a time that is over; tell how many."""
    over = await queries.measures_over(clock.now())
    for public_id in over:
        async with transaction():
            decided = await queries.decision_by_id(public_id)
            if decided.is_in_force:
                note = gettext(decided.language, LENGTH_OVER)
                lifted = await lift(decided, note, by=decided.decided_by_id, author=None)
                await tell_of_lifting(lifted, decided)
    return len(over)


async def lift(decided: Decided, note: str, *, by: int | None, author: str | None) -> ModerationDecision:
    """Show a text again by a record of its own, in the transaction of the act that found so."""
    now = clock.now()
    lifted = await ModerationDecision.create(
        public_id=ids.public_id(),
        case_id=decided.case_id,
        contribution_id=decided.contribution_id,
        measure=Measure.RESTORE,
        note=note,
        decided_by_id=by,
        decided_at=now,
        hold_until=now,
    )
    await _show(decided.subject, decided.contribution_id, f"moderation/{lifted.public_id}")
    await ledger.record(
        "moderation.restored",
        lifted.public_id,
        parent=decided.contribution or decided.case_public_id,
        content={"note": note},
        author=author,
    )
    return lifted


async def _hide(subject: str, contribution_id: int | None, because: str) -> None:
    """Take a text out of sight: a contribution, or a contributor's reply. Official words stay."""
    kind, _, public_id = subject.partition("/")
    if kind == "reply":
        await decisions.hide_reply(public_id, because)
    elif contribution_id is not None:
        await contributions.hide(contribution_id, because)


async def _show(subject: str, contribution_id: int | None, because: str) -> None:
    """Show again what was hidden."""
    kind, _, public_id = subject.partition("/")
    if kind == "reply":
        await decisions.restore_reply(public_id, because)
    elif contribution_id is not None:
        await contributions.restore(contribution_id, because)


async def _record(
    decision: ModerationDecision, case: CaseView, statement: StatementOfReasons | None, moderator: Viewer
) -> None:
    content: dict[str, object] = {"measure": str(decision.measure), "note": decision.note}
    if statement is not None:
        content |= {"rule": statement.rule, "passage": statement.passage, "facts": statement.facts}
    await ledger.record(
        "moderation.restricted" if statement is not None else "report.decided",
        decision.public_id,
        parent=case.subject.contribution or case.subject.public_id,
        content=content,
        author=moderator.public_id,
        ref=f"moderation_decision/{decision.public_id}",
    )
