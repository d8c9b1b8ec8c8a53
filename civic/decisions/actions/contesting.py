"""Reply to an answer, contest how a point was treated, reread it with other eyes."""

from __future__ import annotations

from collections.abc import Iterable

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind
from civic.decisions.actions.keeping import ON_THE_PAGE, rendered
from civic.decisions.deadlines import last_day, new_answer_due, ruling_due
from civic.decisions.forms import AppealDraft, RulingDraft
from civic.decisions.models import AppealRuling, Finding, ProceduralAppeal, Reply, ReplyChange
from civic.decisions.policies import READERS, may_appeal, may_jump, may_reply, may_rule
from civic.decisions.queries.contests import AppealPlace, appeal_place, reply_by_public_id
from civic.decisions.queries.outcomes import OutcomeCard, published_outcome
from civic.foundation import clock, database, ids, text
from civic.foundation.errors import N_, Conflict, Message, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes import actions as processes

_RULED = N_("This appeal was decided already.")
_HOLD_WORDS = "UPDATE contribution SET version = version WHERE public_id = ? AND visibility = 'public'"


async def reply(viewer: Viewer, outcome_public_id: str, said: str) -> Reply:
    """Put the contributor's one reply beside the answer to their point (R9)."""
    html = await text.render(said)
    async with database.transaction():
        outcome = await _mine(viewer, outcome_public_id)
        may_reply(
            is_author=True,
            has_replied=outcome.reply is not None,
            until=outcome.reply_until,
            now=clock.now(),
        ).demand()
        row = await Reply.create(
            public_id=ids.public_id(),
            outcome_id=outcome.id,
            text=said,
            html=html,
            language=text.detect_language(said) or outcome.speaker.language,
            written_at=clock.now(),
        )
        await ledger.record(
            "reply.published",
            row.public_id,
            **ledger.under(outcome.public_id, {"text": said}, is_private=_is_private(outcome)),
            author=viewer.public_id,
            ref=f"reply/{row.public_id}",
        )
        await _tell_drafter(outcome)
    return row


async def file_appeal(viewer: Viewer, outcome_public_id: str, draft: AppealDraft) -> ProceduralAppeal:
    """Contest how a point was treated (R10); another person reads it."""
    now = clock.now()
    async with database.transaction():
        outcome = await _mine(viewer, outcome_public_id)
        may_appeal(
            is_author=True, has_appealed=bool(outcome.appeals), until=outcome.appeal_until, now=now
        ).demand()
        row = await ProceduralAppeal.create(
            public_id=ids.public_id(),
            outcome_id=outcome.id,
            ground=draft.ground,
            text=draft.text,
            language=text.detect_language(draft.text) or outcome.speaker.language,
            filed_at=now,
            due_at=ruling_due(now),
        )
        await ledger.record(
            "appeal.filed",
            row.public_id,
            **ledger.under(
                outcome.public_id,
                {"ground": str(draft.ground), "text": draft.text},
                is_private=_is_private(outcome),
            ),
            author=viewer.public_id,
            ref=f"appeal/{row.public_id}",
        )
        await _tell_of_appeal(outcome, row)
    return row


async def rule_on_appeal(reader: Viewer, appeal_public_id: str, draft: RulingDraft) -> AppealPlace:
    """Say, with the reason, whether the point was treated wrongly. Upheld, it must be answered again.

    Refused to whoever drafted, reviewed or signed the answer, and out of turn without a reason (R12).
    """
    html = await rendered(draft.reason)
    async with database.transaction():
        await processes.touch((await appeal_place(appeal_public_id, None)).process_id)
        place = await appeal_place(appeal_public_id, reader.participant)
        may_rule(reader, place.process, chain=place.chain, is_ruled=not place.appeal.is_open).demand()
        may_jump(waiting_before=place.waiting_before, reason=draft.jumped_because).demand()
        await _keep_ruling(reader, place, draft, html)
        await ledger.record(
            "appeal.decided",
            place.appeal.public_id,
            rev=2,
            **ledger.under(
                place.disposition,
                {"finding": str(draft.finding), "reason": draft.reason},
                is_private=_is_private(await published_outcome(place.disposition)),
            ),
            author=reader.public_id,
            ref=f"appeal/{place.appeal.public_id}",
        )
        ruled = await appeal_place(appeal_public_id, reader.participant)
        await _tell_of_ruling(ruled)
    return ruled


async def _keep_ruling(reader: Viewer, place: AppealPlace, draft: RulingDraft, html: Localized) -> None:
    await AppealRuling.create(
        appeal_id=place.appeal.id,
        reader_id=reader.participant,
        finding=draft.finding,
        reason=draft.reason,
        reason_html=html,
        jumped_because=draft.jumped_because if place.waiting_before else "",
        ruled_at=clock.now(),
    )


async def hide_reply(reply_public_id: str, because: str) -> None:
    """Hide a reply, because of the moderation record of this key; its reasons are moderation's."""
    await _change_reply(reply_public_id, is_hidden=True, because=because)


async def restore_reply(reply_public_id: str, because: str) -> None:
    """Show a hidden reply again, because of the moderation record of this key."""
    await _change_reply(reply_public_id, is_hidden=False, because=because)


async def _change_reply(public_id: str, *, is_hidden: bool, because: str) -> None:
    async with database.transaction():
        card = await reply_by_public_id(public_id)
        if card.is_hidden == is_hidden:
            raise Conflict(N_("This reply was changed meanwhile."))
        await ReplyChange.create(
            reply_id=card.id, is_hidden=is_hidden, because=because[:80], changed_at=clock.now()
        )


async def _mine(viewer: Viewer, outcome_public_id: str) -> OutcomeCard:
    """Give the answer in force to one's own point, held against a second reply; others find nothing."""
    found = await published_outcome(outcome_public_id)
    await processes.touch(found.stated.process_id)
    if not await database.execute(_HOLD_WORDS, found.speaker.contribution):
        raise NotFound
    outcome = await published_outcome(outcome_public_id)
    may_reply(
        is_author=outcome.is_mine(viewer),
        has_replied=False,
        until=outcome.appeal_until,
        now=outcome.published_at,
    ).demand()
    if not outcome.is_in_force:
        raise Conflict(N_("This answer was replaced by a newer one."))
    return outcome


def _is_private(outcome: OutcomeCard) -> bool:
    return outcome.claim.kind is ClaimKind.SITUATION


async def _tell_drafter(outcome: OutcomeCard) -> None:
    """Tell who wrote the answer that its contributor replied."""
    drafter = outcome.answer.drafted_by
    if drafter is None:
        return
    await notices.notify(
        drafter.recipient,
        "reply.private" if _is_private(outcome) else "reply.published",
        about=f"outcome/{outcome.public_id}",
        data={"path": f"/outcomes/{outcome.public_id}", "name": outcome.speaker.author_name},
        once_key=f"reply.published/{outcome.id}",
    )


async def _tell_of_appeal(outcome: OutcomeCard, row: ProceduralAppeal) -> None:
    """Tell the author when they hear of it, and those who may read it that it waits."""
    author = await contributions.contribution_by_public_id(outcome.speaker.contribution)
    to = await contributions.recipient_of(author)
    if to is not None:
        await notices.notify(
            to,
            "outcome_appeal.received",
            about=f"outcome/{outcome.public_id}",
            data={"path": f"/outcomes/{outcome.public_id}", "due": last_day(row.due_at)},
            once_key=f"outcome_appeal.received/{row.public_id}",
        )
    place = await appeal_place(row.public_id, None)
    for person in await _readers(place):
        await notices.notify(
            person.recipient,
            "outcome_appeal.waiting",
            about=f"outcome/{outcome.public_id}",
            data={"path": f"/desk/appeals/{row.public_id}", "due": last_day(row.due_at)},
            once_key=f"outcome_appeal.waiting/{row.public_id}/{person.public_id}",
        )


async def _readers(place: AppealPlace) -> Iterable[PersonCard]:
    """Name those who may read an appeal: they hold a role here and had no part in the answer."""
    people: dict[int, PersonCard] = {}
    for role in READERS:
        for person in await accounts.holders(role, place.process):
            if person.id not in place.chain:
                people[person.id] = person
    return people.values()


async def _tell_of_ruling(place: AppealPlace) -> None:
    appeal, outcome = place.appeal, await published_outcome(place.disposition)
    author = await contributions.contribution_by_public_id(outcome.speaker.contribution)
    to = await contributions.recipient_of(author)
    due = new_answer_due(appeal.ruled_at or clock.now())
    is_upheld = appeal.finding is Finding.UPHELD
    reason = Message(ON_THE_PAGE) if _is_private(outcome) else appeal.reason
    if to is not None:
        await notices.notify(
            to,
            "outcome_appeal.upheld" if is_upheld else "outcome_appeal.dismissed",
            about=f"outcome/{outcome.public_id}",
            data={
                "path": f"/outcomes/{outcome.public_id}",
                "reason": reason,
                "due": last_day(due),
            },
            once_key=f"outcome_appeal.decided/{appeal.public_id}",
        )
    drafter = outcome.answer.drafted_by
    if is_upheld and drafter is not None:
        await notices.notify(
            drafter.recipient,
            "outcome_appeal.again",
            about=f"outcome/{outcome.public_id}",
            data={
                "path": f"/desk/claims/{place.claim}",
                "reason": reason,
                "due": last_day(due),
            },
            once_key=f"outcome_appeal.again/{appeal.public_id}",
        )
