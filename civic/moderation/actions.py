"""The acts of moderation. A restriction and its statement of reasons are one transaction, or nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic import settings
from civic.accounts import queries as accounts
from civic.contributions import actions as contributions
from civic.contributions import queries as register
from civic.contributions.forms import Words
from civic.decisions import actions as decisions
from civic.foundation import clock, database, ids, limits
from civic.foundation.database import transaction
from civic.foundation.errors import N_, Conflict, Invalid
from civic.foundation.languages import gettext
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.moderation import policies, queries
from civic.moderation.forms import MeasureDraft, ReportDraft, RulingDraft, StatementDraft
from civic.moderation.models import (
    Appeal,
    Measure,
    MeasureUndo,
    ModerationDecision,
    RephraseRequest,
    Report,
    Ruling,
    StatementOfReasons,
)
from civic.moderation.queries import CaseView, Decided, Subject
from civic.moderation.rules import DURATIONS, EFFECTS, REDRESS, RISK, RULES, TERRITORY
from civic.notices import actions as notices
from civic.notices.actions import Recipient

_OPEN_CASE = """
INSERT INTO moderation_case (public_id, subject, contribution_id, process_id, risk, report_count, version,
                             opened_at)
VALUES (?, ?, ?, ?, 0, 0, 1, ?)
ON CONFLICT (subject) WHERE closed_at IS NULL DO NOTHING
"""
_ADD_REPORT = """
UPDATE moderation_case SET report_count = report_count + 1,
       risk = CASE WHEN risk > ? THEN risk ELSE ? END, version = version + 1
WHERE subject = ? AND closed_at IS NULL RETURNING id, public_id
"""
_CLOSE = """
UPDATE moderation_case SET closed_at = ?, version = version + 1
WHERE id = ? AND version = ? AND closed_at IS NULL
"""
_REOPEN = "UPDATE moderation_case SET closed_at = NULL, version = version + 1 WHERE id = ?"
_NEXT_NUMBER = """
INSERT INTO receipt_counter (scope, year, last_number) VALUES (?, ?, 1)
ON CONFLICT (scope, year) DO UPDATE SET last_number = receipt_counter.last_number + 1
RETURNING last_number
"""
_QUICKER = N_("Another moderator was quicker: this has changed. Please read it again.")
_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class ReportReceipt:
    """What somebody gets for a report: its number, and the secret code that opens its result."""

    public_id: str
    number: str
    code: str


async def report(
    viewer: Viewer, subject: Subject, draft: ReportDraft, *, network: str, code: str, language: str
) -> ReportReceipt:
    """Report a text, with or without an account; the reporter hears the result."""
    await limits.spend("report_network", network)
    if viewer.participant is not None:
        await limits.spend("report_person", str(viewer.participant))
    async with transaction():
        now = clock.now()
        case_id, case = await _join_case(subject, RISK[draft.ground], now)
        number = await _next_number("R", now)
        row = await Report.create(
            public_id=ids.public_id(),
            case_id=case_id,
            number=number,
            code_hash=ids.hash_code(code),
            ground=draft.ground,
            explanation=draft.explanation,
            reporter_id=viewer.participant,
            reporter_name=draft.name or viewer.name,
            reporter_address=draft.email or None,
            language=language,
            reported_at=now,
        )
        await ledger.record(
            "report.received",
            row.public_id,
            parent=subject.public_id,
            content={"ground": str(draft.ground), "explanation": draft.explanation},
            author=viewer.public_id,
            ref=f"report/{row.public_id}",
        )
        await _tell_moderators(subject, case)
        if to := await _reporter(row):
            await notices.notify(
                to,
                "report.received",
                about=f"report/{row.public_id}",
                data={"path": f"/reports/{number}", "number": number},
            )
    return ReportReceipt(row.public_id, number, code)


async def _join_case(subject: Subject, risk: int, now: datetime) -> tuple[int, str]:
    """Find or open the one open case of a text, and count the report on it."""
    await database.execute(
        _OPEN_CASE, ids.public_id(), subject.key, subject.contribution_id, subject.process_id, now
    )
    (case,) = await database.rows(_ADD_REPORT, risk, risk, subject.key)
    return case["id"], case["public_id"]


async def decide(moderator: Viewer, case: CaseView, draft: MeasureDraft) -> ModerationDecision:
    """Decide on a case. Raises Conflict when another moderator was quicker, Invalid without full reasons."""
    policies.may_take(moderator, case.facts, draft.measure).demand()
    if queries.restricts(draft.measure) and not _is_complete(draft.statement):
        raise Invalid({"facts": N_("A restriction needs a complete statement of reasons.")})
    async with transaction():
        now = clock.now()
        if not await database.execute(_CLOSE, now, case.id, draft.version):
            raise Conflict(_QUICKER)
        decision = await ModerationDecision.create(
            public_id=ids.public_id(),
            case_id=case.id,
            contribution_id=case.subject.contribution_id,
            measure=draft.measure,
            note=draft.note,
            decided_by_id=moderator.participant,
            acted_for_id=await _stands_in_for(moderator, case.process),
            decided_at=now,
            hold_until=now + _hold(),
        )
        statement = None
        if draft.statement is not None and queries.restricts(draft.measure):
            statement = await _state_reasons(decision, case, draft.statement)
        await _take_effect(decision, case, draft)
        await _tell_author(decision, case, statement)
        await _tell_reporters(decision, case)
        await _record(decision, case, statement, moderator)
    return decision


def _is_complete(statement: StatementDraft | None) -> bool:
    parts = (statement.rule, statement.passage, statement.facts, statement.duration) if statement else ()
    return bool(parts) and all(part.strip() for part in parts)


async def _state_reasons(
    decision: ModerationDecision, case: CaseView, draft: StatementDraft
) -> StatementOfReasons:
    """Write the statement of reasons in the language of the author's text."""
    language = await _language_of_author(case.subject)
    ends = clock.now() + _MONTH if draft.duration == "one_month" else None
    return await StatementOfReasons.create(
        public_id=ids.public_id(),
        number=await _next_number("M", clock.now()),
        decision_id=decision.id,
        ground="illegal" if draft.rule == "law" else "incompatible",
        rule=draft.rule,
        rule_text=gettext(language, RULES[draft.rule].text),
        passage=draft.passage,
        facts=draft.facts,
        effect=gettext(language, EFFECTS[decision.measure]),
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
    if draft.measure == Measure.REPHRASE:
        await RephraseRequest.create(decision_id=decision.id, suggestion=draft.suggestion)


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


async def undo(moderator: Viewer, decided: Decided) -> None:
    """Take a decision back during its hold: the text is as before, nothing has left, the case is open."""
    policies.may_undo(moderator, decided.standing, clock.now()).demand()
    async with transaction():
        await MeasureUndo.create(
            decision_id=decided.id, undone_by_id=moderator.participant, undone_at=clock.now()
        )
        because = f"moderation/{decided.public_id}"
        if queries.restricts(decided.measure) and decided.visibility == "restricted":
            await _show(decided.subject, decided.contribution_id, because)
        elif decided.measure == Measure.RESTORE and decided.visibility == "public":
            await _hide(decided.subject, decided.contribution_id, because)
        await notices.retract(because)
        await database.execute(_REOPEN, decided.case_id)
        await ledger.record(
            "moderation.undone",
            decided.public_id,
            rev=2,
            parent=decided.contribution or decided.case_public_id,
            author=moderator.public_id,
        )


async def restore(moderator: Viewer, decided: Decided, note: str) -> ModerationDecision:
    """Lift a measure with a reason; a record of its own, which the author and the public log show."""
    policies.may_restore(moderator, decided.standing).demand()
    async with transaction():
        return await _lift(moderator, decided, note)


async def _lift(moderator: Viewer, decided: Decided, note: str) -> ModerationDecision:
    now = clock.now()
    lifted = await ModerationDecision.create(
        public_id=ids.public_id(),
        case_id=decided.case_id,
        contribution_id=decided.contribution_id,
        measure=Measure.RESTORE,
        note=note,
        decided_by_id=moderator.participant,
        decided_at=now,
        hold_until=now,
    )
    if decided.visibility == "restricted":
        await _show(decided.subject, decided.contribution_id, f"moderation/{lifted.public_id}")
    await ledger.record(
        "moderation.restored",
        lifted.public_id,
        parent=decided.contribution or decided.case_public_id,
        content={"note": note},
        author=moderator.public_id,
    )
    if to := await _author(decided.contribution):
        await notices.notify(
            to,
            "moderation.restored",
            about=f"moderation/{lifted.public_id}",
            data={"path": f"/contributions/{decided.number}", "note": note},
        )
    return lifted


async def appeal(viewer: Viewer, decided: Decided, text: str) -> Appeal:
    """Contest a measure: somebody else than the first moderator hears it."""
    mine = queries.is_author_of(viewer, decided)
    policies.may_appeal(mine=mine, decision=decided.standing, now=clock.now()).demand()
    async with transaction():
        now = clock.now()
        filed = await Appeal.create(
            public_id=ids.public_id(),
            decision_id=decided.id,
            text=text,
            language=decided.text_language or viewer.language or "fr",
            filed_at=now,
            due_at=now + policies.RULING_TIME,
        )
        await ledger.record(
            "appeal.filed",
            filed.public_id,
            parent=decided.public_id,
            content={"text": text},
            author=viewer.public_id,
            ref=f"moderation_appeal/{filed.public_id}",
        )
        data = {"path": f"/moderation/appeals/{filed.public_id}", "due": filed.due_at}
        for person in await accounts.holders("moderator", decided.process or ""):
            if person.id not in (decided.standing.decided_by, decided.standing.acted_for):
                to = Recipient(f"participant/{person.public_id}", person.address, person.language)
                await notices.notify(
                    to, "moderation.appeal_waiting", about=f"appeal/{filed.public_id}", data=data
                )
        if to_author := await _author(decided.contribution):
            path = f"/moderation/statements/{decided.statement}"
            await notices.notify(
                to_author,
                "moderation.appeal_received",
                about=f"appeal/{filed.public_id}",
                data={"path": path, "due": filed.due_at},
            )
    return filed


async def rule(moderator: Viewer, decided: Decided, draft: RulingDraft) -> Ruling:
    """Hear an appeal: uphold it (the text comes back, with its counts) or dismiss it, with the reason."""
    policies.may_rule(moderator, decided.standing).demand()
    async with transaction():
        ruling = await Ruling.create(
            appeal_id=decided.appeal_id,
            heard_by_id=moderator.participant,
            is_upheld=draft.is_upheld,
            reason=draft.reason,
            ruled_at=clock.now(),
        )
        await ledger.record(
            "appeal.decided",
            decided.appeal,
            rev=2,
            parent=decided.public_id,
            content={"upheld": draft.is_upheld, "reason": draft.reason},
            author=moderator.public_id,
        )
        if draft.is_upheld:
            await _lift(moderator, decided, draft.reason)
        await _tell_of_ruling(decided, draft)
    return ruling


async def _tell_of_ruling(decided: Decided, draft: RulingDraft) -> None:
    kind = "moderation.appeal_upheld" if draft.is_upheld else "moderation.appeal_dismissed"
    about = f"appeal/{decided.appeal}"
    if to := await _author(decided.contribution):
        path = f"/moderation/statements/{decided.statement}"
        await notices.notify(to, kind, about=about, data={"path": path, "reason": draft.reason})
    if draft.is_upheld:
        for row in await Report.filter(case_id=decided.case_id):
            if to := await _reporter(row):
                data = {"path": f"/reports/{row.number}"}
                await notices.notify(to, "report.reversed", about=f"report/{row.public_id}", data=data)


async def rewrite(viewer: Viewer, decided: Decided, words: Words, *, expected_version: int) -> None:
    """Send another wording of a text that was set aside; a moderator reads it before it is shown."""
    mine = queries.is_author_of(viewer, decided)
    answered = decided.answered_at is not None
    policies.may_rewrite(mine=mine, decision=decided.standing, answered=answered).demand()
    async with transaction():
        card = await register.visible_contribution(viewer, decided.contribution)
        version = await contributions.revise(viewer, card, words, expected_version=expected_version)
        await RephraseRequest.filter(decision_id=decided.id).update(
            answered_version=version.number, answered_at=clock.now()
        )
        await database.execute(_REOPEN, decided.case_id)
        await ledger.record(
            "moderation.rephrased",
            decided.public_id,
            rev=2,
            parent=decided.contribution,
            author=viewer.public_id,
        )


async def _tell_author(
    decision: ModerationDecision, case: CaseView, statement: StatementOfReasons | None
) -> None:
    """Tell the author as the measure takes effect; the mail leaves when the hold is over."""
    if statement is None:
        if decision.measure == Measure.RESTORE and (to := await _author(case.subject.contribution)):
            await _notify_twice(
                to, "moderation.restored", decision, {"path": "/notices", "note": decision.note}
            )
        return
    to = await _author(case.subject.contribution) or await _official(case.subject)
    if to is None:
        return
    data: dict[str, object] = {
        "path": f"/moderation/statements/{statement.public_id}",
        "rule": statement.rule_text,
        "facts": statement.facts,
        "number": statement.number,
        "until": decision.decided_at + policies.APPEAL_TIME,
    }
    kind = "moderation.hidden" if decision.measure == Measure.HIDE else "moderation.rephrase"
    await _notify_twice(to, kind, decision, data)


async def _notify_twice(
    to: Recipient, kind: str, decision: ModerationDecision, data: dict[str, object]
) -> None:
    """Put a notice in the list at once, and its mail in the outbox until the hold is over."""
    about = f"moderation/{decision.public_id}"
    await notices.notify(to, kind, about=about, data=data, mail=False)
    await notices.notify(to, kind, about=about, data=data, hold=_hold(), in_app=False)


async def _tell_reporters(decision: ModerationDecision, case: CaseView) -> None:
    for row in await Report.filter(case_id=case.id):
        if to := await _reporter(row):
            await notices.notify(
                to,
                "report.restricted" if queries.restricts(decision.measure) else "report.kept",
                about=f"moderation/{decision.public_id}",
                data={"path": f"/reports/{row.number}", "number": row.number, "note": decision.note},
                hold=_hold(),
            )


async def _tell_moderators(subject: Subject, case: str) -> None:
    """Tell each moderator once that a case has opened; further reports on it tell nobody again."""
    for person in await accounts.holders("moderator", subject.process or ""):
        to = Recipient(f"participant/{person.public_id}", person.address, person.language)
        await notices.notify(
            to,
            "moderation.case_opened",
            about=f"case/{case}",
            data={"path": f"/moderation/cases/{case}"},
            once_key=f"case/{case}/{person.public_id}",
            mail=False,
        )


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


async def _author(contribution: str | None) -> Recipient | None:
    if contribution is None:
        return None
    return await register.recipient_of(await register.contribution_by_public_id(contribution))


async def _official(subject: Subject) -> Recipient | None:
    return await accounts.recipient_of(subject.author_id) if subject.author_id is not None else None


async def _reporter(row: Report) -> Recipient | None:
    if row.reporter_id is not None:
        return await accounts.recipient_of(row.reporter_id)
    if row.reporter_address:
        return Recipient(f"report/{row.public_id}", row.reporter_address, row.language)
    return None


async def _language_of_author(subject: Subject) -> str:
    to = await _author(subject.contribution) or await _official(subject)
    known = settings.current().languages
    return to.language if to is not None and to.language in known else known[0]


async def _stands_in_for(moderator: Viewer, process: str | None) -> int | None:
    """Name the absent moderator this person stands in for today, when that alone gives them the right."""
    if moderator.participant is None:
        return None
    absent = await accounts.stands_in_for(moderator.participant, "moderator", process or "")
    return absent[0].id if absent else None


async def _next_number(scope: str, at: datetime) -> str:
    year = clock.local_day(at).year
    (counter,) = await database.rows(_NEXT_NUMBER, scope, year)
    body = f"{scope}-{year}-{counter['last_number']:06d}"
    return f"{body}-{ids.check_letter(body)}"


def _hold() -> timedelta:
    return timedelta(seconds=settings.current().hold_seconds)
