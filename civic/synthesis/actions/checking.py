"""Ask authors whether their points were understood, take in what they say, and note silence as silence."""

from __future__ import annotations

from collections.abc import Sequence

from civic.accounts import queries as accounts
from civic.contributions import queries as contributions
from civic.contributions.actions.claims import kind_of, span_whole
from civic.contributions.models import (
    CheckState,
    Claim,
    ClaimOrigin,
    ContributionVersion,
    Restatement,
)
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, NotFound
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import Recipient, Wish
from civic.notices.models import Request
from civic.processes import queries as processes
from civic.processes.models import Profile
from civic.synthesis.actions.cutting import rest_on
from civic.synthesis.actions.telling import silent_from, tell_checks
from civic.synthesis.forms import CheckDraft, PointReply
from civic.synthesis.models import CheckAnswer, UnderstandingCheck
from civic.synthesis.policies import may_answer_check, may_send_check, works_here
from civic.synthesis.queries.checks import CheckCard, check_by_public_id
from civic.synthesis.queries.questions import sentences_of
from civic.synthesis.queries.texts import desk_of_text
from civic.synthesis.rules import Stretch

MOST_CHECKS = 100
GONE = N_("This text was withdrawn or hidden meanwhile.")
OVER = N_("This link has been used, or its time is over.")

_HOLD = "UPDATE contribution SET version = version WHERE id = ? AND visibility = 'public'"
_MOVE = "UPDATE claim SET check_state = ? WHERE id = ? AND check_state = ? AND retired_at IS NULL"
_USE = """
UPDATE understanding_check SET answered_at = ?, entered_by_id = ?
WHERE id = ? AND answered_at IS NULL AND (silent_at IS NULL OR silent_at > ?)
"""
_CORRECT = """
UPDATE claim SET restatement = ?, restatement_number = restatement_number + 1, check_state = 'corrected'
WHERE id = ? AND check_state = 'sent' AND retired_at IS NULL RETURNING restatement_number
"""
_LAST_NUMBER = "SELECT coalesce(max(number), 0) AS last FROM claim WHERE contribution_id = ?"
_OVERDUE = """
SELECT u.public_id, u.contribution_id FROM understanding_check u
WHERE u.silent_at <= ? AND EXISTS (
    SELECT 1 FROM claim k WHERE k.contribution_id = u.contribution_id AND k.check_state = 'sent'
      AND k.kind <> 'situation' AND k.retired_at IS NULL)
  AND u.id = (SELECT max(w.id) FROM understanding_check w WHERE w.contribution_id = u.contribution_id)
ORDER BY u.id LIMIT 500
"""
_SILENT = """
UPDATE claim SET check_state = 'silent'
WHERE contribution_id = ? AND check_state = 'sent' AND kind <> 'situation' AND retired_at IS NULL
"""


async def send_check(official: Viewer, contribution: ContributionCard) -> UnderstandingCheck:
    """Send an author the points that were taken from their text, in one message with one link (4.6).

    Where nobody can be reached the check waits as a slip to print, and its silence counts as silence.
    Where the author was asked for something else lately, the message waits for their contact budget, and
    their days to answer begin with it.
    """
    async with database.transaction():
        row, wishes = await _prepare(official, contribution)
        await notices.ask(Request.CHECK, wishes, tell_checks)
        return await UnderstandingCheck.get(id=row.id)


async def send_checks(official: Viewer, texts: Sequence[ContributionCard]) -> int:
    """Ask several authors at once, each in one message: all of them or none."""
    wishes: list[Wish] = []
    async with database.transaction():
        for contribution in texts[:MOST_CHECKS]:
            wishes += (await _prepare(official, contribution))[1]
        await notices.ask(Request.CHECK, wishes, tell_checks)
    return len(texts[:MOST_CHECKS])


async def _prepare(
    official: Viewer, contribution: ContributionCard
) -> tuple[UnderstandingCheck, tuple[Wish, ...]]:
    to = await contributions.recipient_of(contribution)
    now = clock.now()
    async with database.transaction():
        if not await database.execute(_HOLD, contribution.id):
            raise Conflict(GONE)
        desk = await desk_of_text(contribution)
        may_send_check(
            official,
            contribution.process or "",
            is_withdrawn=not contribution.is_public,
            is_waiting=desk.is_waiting,
            unread=len(desk.unread) if await _is_full(contribution) else 0,
            to_ask=len(desk.to_ask),
        ).demand()
        row = await UnderstandingCheck.create(
            public_id=ids.public_id(),
            contribution_id=contribution.id,
            token_hash=ids.hash_token(ids.token()),
            sent_by_id=official.participant,
            sent_at=now,
            silent_at=None if to else silent_from(now),
        )
        for claim in desk.to_ask:
            await database.execute(_MOVE, CheckState.SENT, claim.id, CheckState.FOUND)
        await ledger.record(
            "check.sent",
            row.public_id,
            parent=contribution.public_id,
            content={"points": {one.public_id: one.restatement for one in desk.to_ask}},
            author=official.public_id,
        )
    return row, (_wish(to, row, contribution),) if to else ()


async def _is_full(contribution: ContributionCard) -> bool:
    if contribution.process_id is None:
        return False
    return (await processes.process_by_id(contribution.process_id)).profile is Profile.FULL


def _wish(to: Recipient, row: UnderstandingCheck, contribution: ContributionCard) -> Wish:
    """A check of points that were cut again, or added, goes on about the same text."""
    return Wish(to, f"check/{row.public_id}", thing=f"contribution/{contribution.public_id}")


async def answer_check(
    viewer: Viewer, check: CheckCard, draft: CheckDraft, *, has_link: bool = False
) -> CheckCard:
    """Take in what an author says of their points; the link is good for nothing afterwards.

    A point put another way gets a new restatement in the author's words; one that was missed becomes a new
    point, which alone is checked again. What was left blank on a slip falls silent in its time (R5).
    """
    now = clock.now()
    async with database.transaction():
        contribution = await contributions.contribution_by_id(check.contribution_id)
        if not await database.execute(_HOLD, contribution.id):
            raise NotFound
        check, contribution, claims = await check_by_public_id(check.public_id)
        is_author = contributions.is_author(viewer, contribution)
        process = contribution.process or ""
        may_answer_check(viewer, process, is_author=is_author, has_link=has_link).demand()
        by_staff = not (is_author or has_link) and works_here(viewer, process)
        entered_by = viewer.participant if by_staff else None
        if not await database.execute(_USE, now, entered_by, check.id, now):
            raise NotFound(OVER)
        by_id = {one.public_id: one for one in claims}
        for reply in draft.replies:
            if reply.claim not in by_id:
                raise NotFound(OVER)
            await _take_in(viewer, check, contribution, by_id[reply.claim], reply)
        if draft.missed:
            await _open_missed(viewer, check, contribution, draft.missed)
        await ledger.record(
            "check.answered",
            check.public_id,
            rev=2,
            parent=contribution.public_id,
            content={
                "replies": {one.claim: one.words or "yes" for one in draft.replies},
                "missed": draft.missed,
                "on_behalf": by_staff,
            },
            author=viewer.public_id,
        )
        await _tell_sender(check, contribution)
    return check


async def _take_in(
    viewer: Viewer, check: CheckCard, contribution: ContributionCard, claim: ClaimCard, reply: PointReply
) -> None:
    """Confirm one point, or put it in the author's words as a new version."""
    if reply.is_right:
        await database.execute(_MOVE, CheckState.CONFIRMED, claim.id, CheckState.SENT)
    else:
        (row,) = await database.rows(_CORRECT, reply.words, claim.id)
        await _restate(claim.id, row["restatement_number"], reply.words, contribution.language)
    verdict = CheckState.CONFIRMED if reply.is_right else CheckState.CORRECTED
    await CheckAnswer.create(
        sent_check_id=check.id,
        claim_id=claim.id,
        verdict=verdict,
        words=reply.words,
        answered_at=clock.now(),
    )
    await ledger.record(
        f"claim.{verdict}",
        claim.public_id,
        parent=contribution.public_id,
        content={"words": reply.words},
        author=viewer.public_id,
    )


async def _restate(claim_id: int, number: int, words: str, language: str) -> None:
    await Restatement.create(
        claim_id=claim_id,
        number=number,
        text=words,
        language=language,
        by_contributor=True,
        written_at=clock.now(),
    )


async def _open_missed(viewer: Viewer, check: CheckCard, contribution: ContributionCard, words: str) -> None:
    """Open the point an author says was missed: on their words where they quote them, on the whole else."""
    (last,) = await database.rows(_LAST_NUMBER, contribution.id)
    claim = await Claim.create(
        public_id=ids.public_id(),
        contribution_id=contribution.id,
        number=last["last"] + 1,
        kind=kind_of(contribution.kind, contribution.relation),
        restatement=words,
        restatement_number=1,
        origin=ClaimOrigin.CONTRIBUTOR,
        found_at=clock.now(),
    )
    await _restate(claim.id, 1, words, contribution.language)
    held = await sentences_of(contribution.id)
    place = next((part for part in ("text", "title") if words in held.words(part)), None)
    if place is not None:
        start = held.words(place).index(words)
        digests = [await rest_on(claim.id, held.version_id, Stretch(place, start, start + len(words), ""))]
    else:
        digests = await span_whole(claim.id, await ContributionVersion.get(id=held.version_id))
    await CheckAnswer.create(
        sent_check_id=check.id,
        claim_id=claim.id,
        verdict="missed",
        words=words,
        answered_at=clock.now(),
    )
    await ledger.record(
        "claim.opened",
        claim.public_id,
        parent=contribution.public_id,
        content={"kind": str(claim.kind), "restatement": words, "quotes": digests},
        author=viewer.public_id,
    )


async def _tell_sender(check: CheckCard, contribution: ContributionCard) -> None:
    if check.sent_by_id is None:
        return
    await notices.notify(
        await accounts.recipient_of(check.sent_by_id),
        "check.answered",
        about=f"check/{check.public_id}",
        data={
            "path": f"/desk/texts/{contribution.public_id}",
            "number": contribution.number,
        },
        once_key=f"check.answered/{check.public_id}",
    )


async def close_unanswered() -> int:
    """Note as silent the points whose author said nothing in time; silence is never a yes (R5)."""
    found = await database.rows(_OVERDUE, clock.now())
    for row in found:
        async with database.transaction():
            if await database.execute(_SILENT, row["contribution_id"]):
                await ledger.record("check.silent", row["public_id"], rev=3)
    return len(found)
