"""Sign a decision, let it become public, stop it in time, correct it later. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from civic import settings
from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.decisions.actions.keeping import opening
from civic.decisions.forms import PublicationDraft
from civic.decisions.gates import Desk
from civic.decisions.models import (
    DecisionVersion,
    DelegatedSignature,
    PublicationStop,
    PublishedOutcome,
    PublishedProvision,
    Release,
)
from civic.decisions.policies import may_publish, may_stop
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.delegations import DelegationCard, delegated_to
from civic.decisions.queries.desk import desk_of, gate_of, numbers_of, points_of
from civic.decisions.queries.likeness import generic_answers
from civic.decisions.queries.reading import (
    ArticleCard,
    DecisionCard,
    VersionCard,
    articles_now,
    articles_of,
    decision_by_id,
    versions_of,
)
from civic.decisions.queries.situations import situation_claims, situations_considered
from civic.decisions.queries.tallies import tally
from civic.foundation import clock, database, ids, queue, search
from civic.foundation.aside import aside
from civic.foundation.errors import N_, Conflict, Invalid
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.ledger.actions import Entry
from civic.notices import actions as notices
from civic.processes import actions as processes

LONGEST_WAIT = timedelta(days=180)

_PAST = N_("Choose a moment that is still to come.")
_TOO_FAR = N_("Choose a moment within six months.")
_WHY = N_("Please fill this in.")
_NOTHING_WAITS = N_("No publication is waiting: it has left already, or it was stopped.")
_CHANGED = "a point came back without an answer while the publication waited"

_AT_ONCE = 100
"""How many answers are handled in one turn of the event loop."""
_STATED = """
SELECT claim_id, disposition_version_id AS answer_id FROM published_outcome
WHERE decision_version_id = ? ORDER BY id
"""
_HOLD = "UPDATE decision SET version = version WHERE id = ?"


async def publish(signer: Viewer, decision: DecisionCard, draft: PublicationDraft) -> VersionCard:
    """Sign a decision. It becomes public when the hold is over, or at the time that was chosen.

    With the banner, the points that cannot be published are counted on it for good; without it, every
    point has an answer. What is signed is written here once, and released or stopped as it is.
    """
    await generic_answers(decision)  # Long where nobody has looked yet: not while the record is held.
    async with database.transaction():
        await processes.lock(decision.process.id)
        await database.execute(_HOLD, decision.id)
        current = await decision_by_id(decision.id)
        desk = await desk_of(current)
        items = await gate_of(current, desk)
        delegation, delegate = await delegated_to(signer, current)
        may_publish(
            signer, current.process.public_id, items, with_banner=draft.with_banner, delegate=delegate
        ).demand()
        if current.in_force is not None and not any(said.strip() for said in draft.correction.values()):
            raise Invalid({"correction": _WHY})
        version = await _sign(signer, current, desk, draft, delegation)
        if version.release_at <= clock.now():
            await _release(current, version)
        else:
            await queue.later("decisions.release", {"version": version.public_id}, at=version.release_at)
        return await _version(version.id, current.id)


async def _sign(
    signer: Viewer,
    decision: DecisionCard,
    desk: Desk,
    draft: PublicationDraft,
    delegation: DelegationCard | None,
) -> DecisionVersion:
    now = clock.now()
    absent = await _signs_for(signer, decision)
    signed_for = delegation.given_by_id if delegation else absent.id if absent else None
    release_at = now + timedelta(seconds=settings.current().hold_seconds)
    if draft.at is not None:
        if draft.at <= now or draft.at > now + LONGEST_WAIT:
            raise Invalid({"at": _PAST if draft.at <= now else _TOO_FAR})
        release_at = max(release_at, draft.at)
    stated = await aside(partial(desk.stated, with_late=decision.in_force is not None))
    version = await DecisionVersion.create(
        public_id=ids.public_id(),
        decision_id=decision.id,
        number=max((one.number for one in decision.versions), default=0) + 1,
        title=decision.title,
        summary=decision.summary,
        signed_by_id=signer.participant,
        signed_role=draft.role,
        signed_for_id=signed_for,
        unanswered=sum(not one.is_situation for one in desk.unanswered),
        counts=await _counts(decision, desk, stated),
        correction=draft.correction if decision.in_force is not None else {},
        release_at=release_at,
        signed_at=now,
    )
    if delegation is not None:
        await DelegatedSignature.create(version_id=version.id, delegation_id=delegation.id)
    await _state(version.id, stated)
    await PublishedProvision.bulk_create(
        [
            PublishedProvision(decision_version_id=version.id, provision_version_id=article.version_id)
            for article in await articles_now(decision.id)
            if not article.is_repealed
        ]
    )
    return version


async def _state(version_id: int, stated: Mapping[int, int]) -> None:
    """Write which answer a version gives to each point; some at a time, so that others are served between."""
    pairs = list(stated.items())
    for start in range(0, len(pairs), _AT_ONCE):
        await PublishedOutcome.bulk_create(
            [
                PublishedOutcome(
                    decision_version_id=version_id, claim_id=claim, disposition_version_id=answer
                )
                for claim, answer in pairs[start : start + _AT_ONCE]
            ]
        )


async def _signs_for(signer: Viewer, decision: DecisionCard) -> PersonCard | None:
    """Name the absent person in whose place this one signs, unless they decide in their own name."""
    process = decision.process.public_id
    holders = await accounts.holders("decision_maker", process)
    if any(one.id == signer.participant and one.stands_in_for is None for one in holders):
        return None
    absent = await accounts.stands_in_for(signer.participant or 0, "decision_maker", process)
    named = [one for one in absent if decision.maker is not None and one.id == decision.maker.id]
    return next(iter([*named, *absent]), None)


async def _counts(decision: DecisionCard, desk: Desk, stated: Mapping[int, int]) -> dict[str, int]:
    """Count what a version says. Situation statements are counted apart, and only in round fives."""
    numbers = await numbers_of(decision.id)
    public = [one for one in desk.points if not one.is_situation]
    return {
        "received": numbers.received,
        "distinct": numbers.distinct,
        "published": numbers.published,
        "people": numbers.people,
        "owed": sum(not one.is_situation for one in desk.owed),
        "answered": sum(one.claim_id in stated for one in public),
        "unanswered": sum(not one.is_situation for one in desk.unanswered),
        "withdrawn": sum(one.is_withdrawn for one in public),
        "late": sum(one.is_late and not one.is_withdrawn for one in public),
        **await situations_considered(decision, stated),
    }


async def release_due(public_id: str) -> bool:
    """Let a signed version become public when its time has come, after asking the gate once more.

    A version that was stopped or has left already is let be. One that would leave a point silently
    without an answer is stopped, and its signer is told.
    """
    found = await DecisionVersion.get_or_none(public_id=public_id)
    if found is None:
        return False
    async with database.transaction():
        known = await decision_by_id(found.decision_id)
        await processes.lock(known.process.id)
        await database.execute(_HOLD, known.id)
        decision = await decision_by_id(known.id)
        card = await _version(found.id, decision.id)
        if not card.is_pending or card.release_at > clock.now():
            return False
        if await _lacks_answers(decision, found):
            await _stop(None, decision, card, _CHANGED)
            await _tell_signer(decision, card)
            return False
        await _release(decision, found)
        return True


async def _lacks_answers(decision: DecisionCard, version: DecisionVersion) -> bool:
    """Whether more points are without an answer than the signed version says."""
    desk = Desk((await points_of([decision.id]))[decision.id])
    stated = {row["claim_id"] for row in await database.rows(_STATED, version.id)}
    return sum(one.claim_id not in stated for one in desk.owed) > version.unanswered


async def _release(decision: DecisionCard, version: DecisionVersion) -> None:
    """Make a signed version public: the record, the search, the people to tell."""
    await Release.create(version_id=version.id, released_at=clock.now())
    articles = await articles_of(version.id)
    await _record(decision, version, articles)
    await _index(decision, version, articles)
    await queue.later("decisions.tell", {"version": version.public_id})


async def _record(decision: DecisionCard, version: DecisionVersion, articles: Sequence[ArticleCard]) -> None:
    """Record a publication. Answers to situations keep the leaves of their writing, which name no decision:
    a leaf each, at this moment, would let everybody count them.
    """
    signer = await accounts.person(version.signed_by_id) if version.signed_by_id else None
    by = await DelegatedSignature.get_or_none(version_id=version.id).select_related("delegation")
    await ledger.record(
        "decision.corrected" if decision.in_force else "decision.published",
        decision.public_id,
        rev=version.number,
        parent=decision.process.public_id,
        content={
            "version": version.public_id,
            "title": version.title,
            "summary": version.summary,
            "signed_role": version.signed_role,
            **({"delegation": by.delegation.public_id} if by else {}),
            "unanswered": version.unanswered,
            "outcomes": await tally(version.id),
            "correction": version.correction,
            "articles": [{"id": one.public_id, "heading": one.heading, "text": one.text} for one in articles],
        },
        author=signer.public_id if signer else None,
        ref=f"decision/{version.public_id}",
    )
    private = await situation_claims(version.id)
    answers = [card for card in await new_answers(decision, version) if card.claim_id not in private]
    await ledger.record_many(await aside(lambda: [_entry(decision, card) for card in answers]))


async def new_answers(decision: DecisionCard, version: DecisionVersion) -> list[AnswerCard]:
    """Give the answers that this version states and the one in force before it did not."""
    before: set[int] = set()
    if decision.in_force is not None:
        before = {row["answer_id"] for row in await database.rows(_STATED, decision.in_force.id)}
    rows = await database.rows(_STATED, version.id)
    fresh = [row["answer_id"] for row in rows if row["answer_id"] not in before]
    cards: dict[int, AnswerCard] = {}
    for start in range(0, len(fresh), _AT_ONCE):
        cards |= await answers_by_id(fresh[start : start + _AT_ONCE], at_version=version.id)
    return [cards[one] for one in fresh]


def _entry(decision: DecisionCard, card: AnswerCard) -> Entry:
    return Entry(
        "disposition.published",
        card.public_id,
        rev=card.number,
        parent=decision.public_id,
        content=opening(card.answer),
        ref=f"answer/{card.public_id}/{card.number}",
    )


async def _index(decision: DecisionCard, version: DecisionVersion, articles: Sequence[ArticleCard]) -> None:
    """Make the decision findable in every language it is written in."""
    language = settings.current().languages[0]
    spoken = language if version.title.get(language) else next(iter(version.title), language)
    said = [*version.title.values(), *version.summary.values()]
    for article in articles:
        said += [*article.heading.values(), *article.text.values(), *article.plain.values()]
    await search.index(
        f"decision/{decision.public_id}",
        kind="decision",
        process=decision.process.public_id,
        language=spoken,
        title=version.title.get(spoken, ""),
        body="\n".join(said),
    )


async def stop_publication(official: Viewer, decision: DecisionCard, reason: str = "") -> VersionCard:
    """Stop a signed version before it becomes public. Raises Conflict once it has left."""
    may_stop(official, decision.process.public_id).demand()
    async with database.transaction():
        await database.execute(_HOLD, decision.id)
        current = await decision_by_id(decision.id)
        if current.pending is None:
            raise Conflict(_NOTHING_WAITS)
        await _stop(official, current, current.pending, reason)
        return await _version(current.pending.id, current.id)


async def _stop(official: Viewer | None, decision: DecisionCard, card: VersionCard, reason: str) -> None:
    await PublicationStop.create(
        version_id=card.id,
        stopped_by_id=official.participant if official else None,
        reason=reason,
        stopped_at=clock.now(),
    )
    await ledger.record(
        "decision.stopped",
        decision.public_id,
        rev=card.number,
        content={"version": card.public_id, "reason": reason},
        author=official.public_id if official else None,
    )


async def _tell_signer(decision: DecisionCard, card: VersionCard) -> None:
    await notices.notify(
        await accounts.recipient_of(card.signer_id or 0),
        "decision.stopped",
        about=f"decision/{decision.public_id}",
        data={"path": f"/desk/decisions/{decision.public_id}", "decision": decision.title},
        once_key=f"decision.stopped/{card.public_id}",
    )


async def _version(version_id: int, decision_id: int) -> VersionCard:
    return next(card for card in await versions_of([decision_id]) if card.id == version_id)
