"""Whom moderation tells, when, and under which number."""

from datetime import timedelta

from civic import settings
from civic.accounts import queries as accounts
from civic.contributions import queries as register
from civic.moderation import policies, queries
from civic.moderation.forms import RulingDraft
from civic.moderation.models import Measure, ModerationDecision, Report, StatementOfReasons
from civic.moderation.queries import CaseView, Decided, Subject
from civic.notices import actions as notices
from civic.notices.actions import Recipient


def hold() -> timedelta:
    return timedelta(seconds=settings.current().hold_seconds)


async def author_of(contribution: str | None) -> Recipient | None:
    """Tell where to write to the author of a contribution, if anywhere."""
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


async def language_of_author(subject: Subject) -> str:
    """Choose the language a statement of reasons is written in: its reader's."""
    to = await author_of(subject.contribution) or await _official(subject)
    known = settings.current().languages
    return to.language if to is not None and to.language in known else known[0]


async def tell_author(
    decision: ModerationDecision, case: CaseView, statement: StatementOfReasons | None
) -> None:
    """Tell the author as the measure takes effect; the mail leaves when the hold is over."""
    if statement is None:
        if decision.measure == Measure.RESTORE and (to := await author_of(case.subject.contribution)):
            await _notify_twice(
                to, "moderation.restored", decision, {"path": "/notices", "note": decision.note}
            )
        return
    to = await author_of(case.subject.contribution) or await _official(case.subject)
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
    await notices.notify(to, kind, about=about, data=data, hold=hold(), in_app=False)


async def tell_reporters(decision: ModerationDecision, case: CaseView) -> None:
    """Tell everybody who reported what was decided, once the hold is over."""
    for row in await Report.filter(case_id=case.id):
        if to := await _reporter(row):
            await notices.notify(
                to,
                "report.restricted" if queries.restricts(decision.measure) else "report.kept",
                about=f"moderation/{decision.public_id}",
                data={"path": f"/reports/{row.number}", "number": row.number, "note": decision.note},
                hold=hold(),
            )


async def tell_moderators(subject: Subject, case: str) -> None:
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


async def tell_of_ruling(decided: Decided, draft: RulingDraft) -> None:
    """Tell the author what was found, and those who reported when a measure is reversed."""
    kind = "moderation.appeal_upheld" if draft.is_upheld else "moderation.appeal_dismissed"
    about = f"appeal/{decided.appeal}"
    if to := await author_of(decided.contribution):
        path = f"/moderation/statements/{decided.statement}"
        await notices.notify(to, kind, about=about, data={"path": path, "reason": draft.reason})
    if draft.is_upheld:
        for row in await Report.filter(case_id=decided.case_id):
            if to := await _reporter(row):
                data = {"path": f"/reports/{row.number}"}
                await notices.notify(to, "report.reversed", about=f"report/{row.public_id}", data=data)


async def tell_reporter(row: Report) -> None:
    """Tell who reported that it arrived, and under which number."""
    if to := await _reporter(row):
        await notices.notify(
            to,
            "report.received",
            about=f"report/{row.public_id}",
            data={"path": f"/reports/{row.number}", "number": row.number},
        )
