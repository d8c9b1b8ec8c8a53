"""Open a draft for reactions, take them in until it closes, consider them. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

from civic.contributions.queries import ContributionCard
from civic.decisions.deadlines import last_day
from civic.decisions.gates import Desk
from civic.decisions.models import (
    DraftEdition,
    DraftOutcome,
    DraftProvision,
    Reaction,
    ReactionReading,
)
from civic.decisions.policies import may_consider, may_open_draft, may_react
from civic.decisions.queries.desk import desk_of, opening_of
from civic.decisions.queries.likeness import generic_answers
from civic.decisions.queries.reactions import reactions_to, tallies_of_reactions, unread_reactions
from civic.decisions.queries.reading import DecisionCard, articles_now, decision_by_id
from civic.decisions.queries.windows import (
    EditionCard,
    edition_by_public_id,
    editions_of,
    proposed_for,
    tally_of_draft,
)
from civic.decisions.window_forms import ReactionDraft, ReadingDraft
from civic.foundation import clock, database, ids, queue, text
from civic.foundation.aside import aside
from civic.foundation.errors import N_, Conflict, Invalid, NotFound, message
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes import actions as processes

_NEWER = N_("A newer draft was opened meanwhile: your words are below, send them again.")
_EARLIER = N_("A draft is open until %(date)s: this one closes then, or later.")
_READ = N_("Somebody considered these reactions meanwhile, or their authors changed them.")

_AT_ONCE = 100
"""How many answers are written in one turn of the event loop."""
_HOLD = "UPDATE decision SET version = version WHERE id = ?"
_HOLD_WORDS = "UPDATE contribution SET version = version WHERE id = ? AND visibility = 'public'"
_FORGET = """
UPDATE reaction SET text = '' WHERE text <> '' AND draft_id IN (
    SELECT o.id FROM draft_outcome o JOIN claim k ON k.id = o.claim_id WHERE k.contribution_id = ?)
"""


async def open_draft(official: Viewer, decision: DecisionCard, closes_on: date) -> EditionCard:
    """Freeze what is proposed by now as a public edition, and open it for reactions until the end of a day.

    Later drafting does not change it. Opened again, it is another edition, which closes no sooner than
    the first: nobody loses a day.
    The people it answers are told once the hold is over.
    """
    await generic_answers(decision)  # Long where nobody has looked yet: not while the record is held.
    async with database.transaction():
        await processes.lock(decision.process.id)
        await database.execute(_HOLD, decision.id)
        current = await decision_by_id(decision.id)
        desk = await desk_of(current)
        may_open_draft(
            official,
            current.process.public_id,
            await opening_of(current, desk),
            is_published=current.in_force is not None,
        ).demand()
        edition = await _freeze(official, current, desk, closes_on)
        await _record(official, current, edition)
        await queue.later(
            "decisions.tell_draft", {"edition": edition.public_id}, at=clock.now() + clock.hold()
        )
        await queue.later("decisions.close_draft", {"edition": edition.public_id}, at=edition.closes_at)
    return edition


async def _freeze(official: Viewer, decision: DecisionCard, desk: Desk, closes_on: date) -> EditionCard:
    """Keep which answer is proposed to each point, and the words of each article, as they are now."""
    before = await editions_of([decision.id])
    latest = max((one.closes_at for one in before), default=None)
    if latest is not None and clock.end_of_day(closes_on) < latest:
        raise Invalid({"closes_on": message(_EARLIER, date=last_day(latest))})
    row = await DraftEdition.create(
        public_id=ids.public_id(),
        decision_id=decision.id,
        number=max((one.number for one in before), default=0) + 1,
        title=decision.title,
        summary=decision.summary,
        opened_by_id=official.participant,
        opened_at=clock.now(),
        closes_at=clock.end_of_day(closes_on),
    )
    points = await aside(partial(_proposed, desk))
    for start in range(0, len(points), _AT_ONCE):
        await DraftOutcome.bulk_create(
            [
                DraftOutcome(edition_id=row.id, claim_id=claim, disposition_version_id=answer)
                for claim, answer in points[start : start + _AT_ONCE]
            ]
        )
    await DraftProvision.bulk_create(
        [
            DraftProvision(edition_id=row.id, provision_version_id=article.version_id)
            for article in await articles_now(decision.id)
            if not article.is_repealed
        ]
    )
    return await edition_by_public_id(row.public_id)


def _proposed(desk: Desk) -> list[tuple[int, int]]:
    """Name the answer of each public point; an answer to a situation is for its author alone."""
    return [(one.claim_id, one.answer_id) for one in desk.owed if one.answer_id and not one.is_situation]


async def _record(official: Viewer, decision: DecisionCard, edition: EditionCard) -> None:
    articles = [one for one in await articles_now(decision.id) if not one.is_repealed]
    await ledger.record(
        "draft.opened",
        edition.public_id,
        rev=edition.number,
        parent=decision.public_id,
        content={
            "title": edition.title,
            "summary": edition.summary,
            "outcomes": await tally_of_draft(edition.id),
            "articles": [{"id": one.public_id, "heading": one.heading, "text": one.text} for one in articles],
            "closes_at": edition.closes_at.isoformat(),
        },
        author=official.public_id,
        ref=f"draft/{edition.public_id}",
    )


async def close_draft(public_id: str) -> bool:
    """Record how many reactions an edition had once its window is over."""
    edition = await edition_by_public_id(public_id)
    if edition.is_open(clock.now()):
        return False
    async with database.transaction():
        counts = (await tallies_of_reactions([edition.id])).get(edition.id, {})
        await ledger.record(
            "draft.closed",
            edition.public_id,
            rev=edition.number,
            parent=edition.decision,
            content={"reactions": counts},
            ref=f"draft/{edition.public_id}",
        )
    return True


async def react(
    contribution: ContributionCard,
    edition: EditionCard,
    said: Sequence[ReactionDraft],
    *,
    is_author: bool,
) -> int:
    """Take in what an author says of the outcomes proposed for their points; give how many rows it added.

    Until the window closes it can be changed: a row is added, and the newest counts. What says the same as
    before adds nothing. `is_author` is what the door found out: an account, a receipt, or the mailed link.
    """
    added = 0
    async with database.transaction():
        if not await database.execute(_HOLD_WORDS, contribution.id):
            raise NotFound
        newest = (await editions_of([edition.decision_id]))[0]
        may_react(is_author=is_author, until=edition.closes_at, now=clock.now()).demand()
        points = {one.public_id: one for one in await proposed_for(edition.id, contribution.id)}
        if newest.id != edition.id and await proposed_for(newest.id, contribution.id):
            raise Conflict(_NEWER)
        before = await reactions_to([one.id for one in points.values()])
        for one in said:
            point = points.get(one.claim)
            if point is None:
                raise NotFound
            last = before.get(point.id)
            if last is not None and (last.stance, last.text) == (one.stance, one.text):
                continue
            await Reaction.create(
                public_id=ids.public_id(),
                draft_id=point.id,
                number=last.number + 1 if last else 1,
                stance=one.stance,
                text=one.text,
                language=text.detect_language(one.text) or contribution.language,
                written_at=clock.now(),
            )
            added += 1
    return added


async def consider(official: Viewer, decision: DecisionCard, draft: ReadingDraft) -> int:
    """Mark reactions as considered, each with the same short answer or with none; all of them or none."""
    may_consider(official, decision.process.public_id).demand()
    async with database.transaction():
        await database.execute(_HOLD, decision.id)
        waiting = {one.public_id: one for one in await unread_reactions(decision.id)}
        if not set(draft.reactions) <= set(waiting):
            raise Conflict(_READ)
        for key in draft.reactions:
            await ReactionReading.create(
                reaction_id=waiting[key].id,
                answer=draft.answer,
                read_by_id=official.participant,
                read_at=clock.now(),
            )
    return len(draft.reactions)


async def forget_reactions(contribution_ids: Collection[int]) -> int:
    """Empty the words of somebody's reactions, when a person is erased; what they chose stays counted."""
    emptied = 0
    async with database.transaction():
        for one in contribution_ids:
            emptied += await database.execute(_FORGET, one)
    return emptied
