"""Whom moderation tells, when, and under which number."""

from collections.abc import Mapping
from datetime import timedelta

from civic import settings
from civic.accounts import queries as accounts
from civic.contributions import queries as register
from civic.foundation.errors import N_, Message
from civic.foundation.text import excerpt
from civic.moderation import policies
from civic.moderation.forms import RulingDraft
from civic.moderation.models import Ground, Measure, ModerationDecision, Report, StatementOfReasons
from civic.moderation.queries import CaseView, Decided, Subject
from civic.moderation.rules import DONE, EFFECTS, GROUNDS, RISK, RULES, URGENT
from civic.notices import actions as notices
from civic.notices.actions import Recipient


def hold() -> timedelta:
    return timedelta(seconds=settings.current().hold_seconds)


async def author_of(contribution: str | None) -> Recipient | None:
    """Tell where to write to the author of a contribution, if anywhere."""
    if contribution is None:
        return None
    return await register.recipient_of(await register.contribution_by_public_id(contribution))


async def author_of_measure(decided: Decided) -> Recipient | None:
    """Tell where to write to whose words a measure is about, officials too."""
    if decided.contribution is None and decided.author_id is not None:
        return await accounts.recipient_of(decided.author_id)
    return await author_of(decided.contribution)


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
        if case.facts.is_hidden:
            await _tell_shown(decision, case.subject.contribution)
        return
    to = await author_of(case.subject.contribution) or await _official(case.subject)
    if to is None:
        return
    data: dict[str, object] = {
        "path": f"/moderation/statements/{statement.public_id}",
        "rule": statement.rule_text,
        "passage": excerpt(statement.passage, 500),
        "facts": statement.facts,
        "effect": statement.effect,
        "duration": statement.duration,
        "number": statement.number,
        "until": decision.decided_at + policies.APPEAL_TIME,
    }
    await _notify_twice(to, _kind_for_author(decision, case), decision, data)


def _kind_for_author(decision: ModerationDecision, case: CaseView) -> str:
    if case.subject.is_official:
        return "moderation.official"
    return "moderation.hidden" if decision.measure == Measure.HIDE else "moderation.rephrase"


async def _tell_shown(decision: ModerationDecision, contribution: str | None) -> None:
    """Tell an author that their text can be read again."""
    if contribution is None:
        return
    card = await register.contribution_by_public_id(contribution)
    if to := await register.recipient_of(card):
        data: dict[str, object] = {"path": f"/contributions/{card.number}", "note": decision.note}
        await _notify_twice(to, "moderation.restored", decision, data)


async def _notify_twice(
    to: Recipient, kind: str, decision: ModerationDecision, data: dict[str, object]
) -> None:
    """Put a notice in the list at once, and its mail in the outbox until the hold is over."""
    about = f"moderation/{decision.public_id}"
    await notices.notify(to, kind, about=about, data=data, mail=False)
    await notices.notify(to, kind, about=about, data=data, hold=hold(), in_app=False)


async def tell_reporters(
    decision: ModerationDecision, case: CaseView, statement: StatementOfReasons | None
) -> None:
    """Tell everybody who reported what was decided, once the hold is over."""
    if statement is not None:
        done = EFFECTS["official"] if case.subject.is_official else DONE[Measure(decision.measure)]
        said = {"done": Message(done), "rule": Message(RULES[statement.rule].text)}
        await _tell_reporters(case.id, "report.restricted", decision, said)
    else:
        kind = "report.restored" if case.facts.is_hidden else "report.kept"
        await _tell_reporters(case.id, kind, decision, {})


async def tell_of_lifting(lifted: ModerationDecision, decided: Decided) -> None:
    """Tell the author, and those who reported, that a measure was lifted."""
    await _tell_shown(lifted, decided.contribution)
    await _tell_reporters(decided.case_id, "report.restored", lifted, {})


async def _tell_reporters(
    case_id: int, kind: str, decision: ModerationDecision, said: Mapping[str, object]
) -> None:
    for row in await Report.filter(case_id=case_id):
        if to := await _reporter(row):
            await notices.notify(
                to,
                kind,
                about=f"moderation/{decision.public_id}",
                data={
                    "path": f"/reports/{row.number}",
                    "number": row.number,
                    "note": decision.note,
                    **said,
                },
                hold=decision.hold_until - decision.decided_at,
            )


async def tell_moderators(subject: Subject, case: str, ground: Ground, *, waits_alone: bool) -> None:
    """Tell each moderator once that a case has opened; further reports on it tell nobody again.

    A mail leaves for what is urgent, and for the first case of an empty queue: never one per report.
    """
    urgent = RISK[ground] >= URGENT
    for person in await accounts.holders("moderator", subject.process or ""):
        if person.id == subject.author_id:
            continue
        await notices.notify(
            Recipient(f"participant/{person.public_id}", person.address, person.language),
            "moderation.case_opened",
            about=f"case/{case}",
            data={"path": f"/moderation/cases/{case}", "ground": Message(GROUNDS[ground][0])},
            once_key=f"case/{case}/{person.public_id}{'/urgent' if urgent else ''}",
            mail=urgent or waits_alone,
        )


async def tell_of_new_words(decided: Decided) -> None:
    """Tell the moderators that an author has written another wording."""
    for person in await accounts.holders("moderator", decided.process or ""):
        await notices.notify(
            Recipient(f"participant/{person.public_id}", person.address, person.language),
            "moderation.rewritten",
            about=f"moderation/{decided.public_id}",
            data={"path": f"/moderation/cases/{decided.case_public_id}"},
        )


async def tell_of_ruling(decided: Decided, draft: RulingDraft) -> None:
    """Tell the author what was found, and those who reported when a measure is reversed."""
    about = f"appeal/{decided.appeal}"
    if to := await author_of_measure(decided):
        data: dict[str, object] = {
            "path": f"/moderation/statements/{decided.statement}",
            "reason": draft.reason,
        }
        if draft.is_upheld:
            data["effect"] = Message(_effect_of_upholding(decided))
        kind = "moderation.appeal_upheld" if draft.is_upheld else "moderation.appeal_dismissed"
        await notices.notify(to, kind, about=about, data=data)
    if draft.is_upheld and decided.is_in_force:
        for row in await Report.filter(case_id=decided.case_id):
            if to := await _reporter(row):
                data = {"path": f"/reports/{row.number}"}
                await notices.notify(to, "report.reversed", about=f"report/{row.public_id}", data=data)


def _effect_of_upholding(decided: Decided) -> str:
    if decided.is_in_force:
        return N_("The text is shown again, with its answers and its counts.")
    if decided.standing.is_official:
        return N_("The measure is lifted. Your text stayed online.")
    return N_("This measure is lifted. What was decided about the text since then still holds.")


async def tell_reporter(row: Report) -> None:
    """Tell who reported that it arrived, and under which number."""
    if to := await _reporter(row):
        await notices.notify(
            to,
            "report.received",
            about=f"report/{row.public_id}",
            data={"path": f"/reports/{row.number}", "number": row.number},
        )
