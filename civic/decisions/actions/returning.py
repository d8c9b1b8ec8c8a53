"""Points that were put off or passed on come back: on their day by themselves, or after their event."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from civic.accounts import queries as accounts
from civic.decisions.models import Comeback, PointReopening, ReferralNews
from civic.decisions.policies import may_follow, may_reopen
from civic.decisions.promise_forms import NewsDraft
from civic.decisions.queries.comebacks import PutOff, put_off_everywhere, put_off_point
from civic.decisions.queries.points import desk_claim
from civic.decisions.queries.reading import DecisionCard, decision_by_id
from civic.foundation import clock, database
from civic.foundation.errors import N_, Invalid, counted
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes import actions as processes

AT_ONCE = 200


async def reopen_due() -> int:
    """Reopen the points whose day has come, and tell the officials, once for each decision."""
    today = clock.local_day(clock.now())
    due = [one for one in await put_off_everywhere() if one.is_due(today)][:AT_ONCE]
    by_decision: dict[int, list[str]] = defaultdict(list)
    for one in due:
        by_decision[one.decision_id].append(one.claim)
    for decision_id, claims in by_decision.items():
        await _reopen_some(await decision_by_id(decision_id), claims, today)
    return len(due)


async def _reopen_some(decision: DecisionCard, claims: list[str], today: date) -> None:
    async with database.transaction():
        await processes.touch(decision.process.id)
        back = []
        for claim in claims:
            found = await put_off_point(claim)
            if found is not None and found.is_due(today) and found.comes_back_on is not None:
                cause = Comeback.FOLLOW_UP if found.is_referred else Comeback.DAY
                await _reopen(None, found, cause, found.comes_back_on, {})
                back.append(found)
        if back:
            await _tell_officials(decision, back, today)


async def reopen(official: Viewer, claim_public_id: str, happened_on: date, note: Localized) -> None:
    """Take a postponed point up again: the event it waited for has happened, or there is no more reason."""
    claim, _, process = await desk_claim(official, claim_public_id)
    async with database.transaction():
        await processes.touch(process.id)
        found = await put_off_point(claim.public_id)
        may_reopen(
            official,
            process.public_id,
            is_put_off=found is not None and not found.is_referred,
            is_back=found is not None and found.is_back,
        ).demand()
        if happened_on > clock.local_day(clock.now()):
            raise Invalid({"happened_on": N_("Choose a day that is not in the future.")})
        if found is not None:
            await _reopen(official, found, Comeback.EVENT, happened_on, note)


async def note_news(official: Viewer, claim_public_id: str, draft: NewsDraft) -> None:
    """Note what the other body said of a point passed on to it, and when it is asked again.

    The point stays open until its receipt is acknowledged; until then the next date is required.
    """
    claim, _, process = await desk_claim(official, claim_public_id)
    today = clock.local_day(clock.now())
    async with database.transaction():
        await processes.touch(process.id)
        found = await put_off_point(claim.public_id)
        is_referred = found is not None and found.is_referred
        may_follow(official, process.public_id, is_referred=is_referred).demand()
        if found is None:
            return
        _demand_dates(found, draft, today)
        await ReferralNews.create(
            answer_id=found.answer_id,
            acknowledged_on=draft.acknowledged_on,
            follow_up_on=draft.follow_up_on,
            note=draft.note,
            said_by_id=official.participant,
            said_at=clock.now(),
        )
        await ledger.record(
            "disposition.followed",
            found.disposition,
            rev=found.number,
            **ledger.under(
                found.claim,
                {
                    "acknowledged_on": _written(draft.acknowledged_on),
                    "follow_up_on": _written(draft.follow_up_on),
                    "note": draft.note,
                },
                is_private=found.is_situation,
            ),
            author=official.public_id,
        )


def _demand_dates(found: PutOff, draft: NewsDraft, today: date) -> None:
    if draft.acknowledged_on is not None and draft.acknowledged_on > today:
        raise Invalid({"acknowledged_on": N_("Choose a day that is not in the future.")})
    if draft.follow_up_on is not None and draft.follow_up_on <= today:
        raise Invalid({"follow_up_on": N_("Choose a day to come.")})
    if draft.follow_up_on is None and not (draft.acknowledged_on or found.later.acknowledged_on):
        raise Invalid({"follow_up_on": N_("Not acknowledged yet: say when you ask again.")})


async def _reopen(
    official: Viewer | None, found: PutOff, cause: Comeback, due_on: date, note: Localized
) -> None:
    await PointReopening.create(
        answer_id=found.answer_id,
        cause=cause,
        due_on=due_on,
        note=note,
        reopened_by_id=official.participant if official else None,
        reopened_at=clock.now(),
    )
    await ledger.record(
        "disposition.reopened",
        found.disposition,
        rev=found.number,
        **ledger.under(
            found.claim,
            {"cause": str(cause), "due_on": due_on.isoformat(), "note": note},
            is_private=found.is_situation,
        ),
        author=official.public_id if official else None,
    )


async def _tell_officials(decision: DecisionCard, back: list[PutOff], today: date) -> None:
    """Tell who writes the answers how many points came back today; one message for a decision and a day."""
    for person in await accounts.holders("official", decision.process.public_id):
        await notices.notify(
            person.recipient,
            "point.reopened",
            about=f"decision/{decision.public_id}",
            data={
                "path": f"/desk/decisions/{decision.public_id}?state=reopened",
                "points": counted("%(count)s point", "%(count)s points", len(back)),
                "decision": decision.title,
            },
            once_key=f"point.reopened/{back[0].disposition}/{back[0].number}/{today}/{person.public_id}",
        )


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""
