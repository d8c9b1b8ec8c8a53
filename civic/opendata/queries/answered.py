"""What was decided, for everybody alike: decisions with their coverage, answers, whole traces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from civic import settings
from civic.contributions.models import Visibility
from civic.decisions import queries as decisions
from civic.decisions.models import Outcome
from civic.decisions.queries import (
    AppealCard,
    ArticleCard,
    DecisionCard,
    Early,
    MilestoneCard,
    OutcomeCard,
    OutcomeFilter,
    VersionCard,
)
from civic.foundation import languages
from civic.foundation.errors import N_, Message, NotFound
from civic.foundation.viewer import STRANGER
from civic.moderation import queries as moderation
from civic.opendata import addresses
from civic.opendata.queries.public import issue_shape
from civic.opendata.shapes import (
    PublicAppeal,
    PublicArticle,
    PublicContribution,
    PublicCoverage,
    PublicDate,
    PublicDecision,
    PublicEvent,
    PublicImport,
    PublicMilestone,
    PublicOutcome,
    PublicOutcomes,
    PublicPart,
    PublicPoint,
    PublicReader,
    PublicReply,
    PublicTheme,
    PublicVersion,
    PublicWholeDecision,
)
from civic.processes import queries as processes
from civic.trace import queries as traces
from civic.trace.queries import PointCard, Trace

_NO_CURSOR = N_("No list has this cursor: begin again without it.")
_ADOPTED = (Outcome.ADOPTED, Outcome.ADAPTED, Outcome.PARTLY)


async def public_decisions(
    slug: str | None, after: str | None
) -> tuple[tuple[PublicDecision, ...], str | None]:
    """List the decisions that were published, the newest on top."""
    if after is not None:
        await _known_decision(after)
    process = await processes.visible_process(STRANGER, slug) if slug is not None else None
    found, following = await decisions.recent_decisions(
        process_id=process.id if process else None, after=after
    )
    return tuple(_short(one, one.in_force) for one in found if one.in_force), following


async def public_decision(public_id: str) -> PublicWholeDecision:
    """Give a decision as its version in force states it."""
    card, version = await decision_in_force(public_id)
    outcomes, following = await decisions.outcomes_of(version.id, OutcomeFilter())
    early = {one.version.id: one for one in await decisions.seen_before(card, version)}
    return PublicWholeDecision(
        id=card.public_id,
        process=card.process.slug,
        issues=tuple(issue_shape(one, card.process.slug) for one in card.issues),
        title=version.title,
        summary=version.summary,
        version=version.number,
        released_at=_released(version),
        signed_by=version.signed_by,
        signed_role=version.signed_role,
        versions=tuple(_version(one, card.public_id, early.get(one.id)) for one in card.released),
        articles=tuple(_article(one) for one in await decisions.articles_of(version.id)),
        milestones=tuple(_milestone(one) for one in await decisions.milestones_of(card.id)),
        coverage=await _coverage(card, version),
        outcomes=PublicOutcomes(tuple(outcome_shape(one) for one in outcomes), following),
        url=addresses.decision(card.public_id),
        csv_url=addresses.decision(card.public_id) + "/outcomes.csv",
    )


async def public_outcomes(
    public_id: str, only: OutcomeFilter, after: str | None, limit: int
) -> tuple[tuple[PublicOutcome, ...], str | None]:
    """List the answers of the version in force that a filter keeps, refusals first."""
    _, version = await decision_in_force(public_id)
    if after is not None and not await decisions.states_claim(version.id, after):
        raise NotFound(_NO_CURSOR)
    found, following = await decisions.outcomes_of(version.id, only, after=after, limit=limit)
    return tuple(outcome_shape(one) for one in found), following


async def every_public_outcome(
    version_id: int, only: OutcomeFilter
) -> AsyncIterator[tuple[PublicOutcome, ...]]:
    """Give every answer of a version that a filter keeps, a piece at a time."""
    async for cards in decisions.every_outcome(version_id, only):
        yield tuple(outcome_shape(one) for one in cards)


async def public_outcome(public_id: str, number: int | None) -> PublicOutcome:
    """Give the answer to one point as the newest version states it, or another one."""
    return outcome_shape((await decisions.permalink(public_id, number)).card)


async def public_contribution(number: str) -> PublicContribution:
    """Give a contribution with all that became of it, as a stranger may read it."""
    found = await traces.trace(STRANGER, number.upper())
    tomb = (await moderation.statement_of([found.card.id])).get(found.card.id)
    card = found.card
    return PublicContribution(
        number=card.number,
        id=card.public_id,
        kind=card.kind,
        process=found.process.slug if found.process else None,
        issue=found.issue.public_id if found.issue else None,
        title=card.title,
        text=card.body,
        language=card.language,
        category=card.capacity if found.may_be_read else None,
        written_as=card.written_as,
        visibility=card.visibility,
        version=card.version,
        after_freeze=card.after_freeze,
        submitted_at=card.submitted_at,
        promised_on=found.promised_on,
        answers=found.answers.number if found.answers else None,
        came_from=found.came_from.number if found.came_from else None,
        led_to=tuple(one.number for one in found.led_to),
        statement_url=_statement(found, tomb),
        points=tuple(_point(one, card.number) for one in found.points),
        events=tuple(PublicEvent(one.at, said(one.what), one.points) for one in found.events),
        url=addresses.contribution(card.number),
        provenance_url=addresses.provenance(card.number),
    )


async def decision_in_force(public_id: str) -> tuple[DecisionCard, VersionCard]:
    """Give a published decision and its version in force."""
    card = await decisions.visible_decision(STRANGER, public_id)
    if card.in_force is None:
        raise NotFound
    return card, card.in_force


async def _known_decision(public_id: str) -> None:
    try:
        await decisions.visible_decision(STRANGER, public_id)
    except NotFound:
        raise NotFound(_NO_CURSOR) from None


def _statement(found: Trace, tomb: dict[str, Any] | None) -> str | None:
    if tomb is None or found.card.visibility is not Visibility.RESTRICTED:
        return None
    return addresses.statement(tomb["statement"])


def said(what: Message) -> dict[str, str]:
    """Say a sentence in every language of this installation."""
    return {one: languages.translate(one, what) for one in settings.current().languages}


def _released(version: VersionCard) -> Any:
    return version.released_at or version.signed_at


def _short(card: DecisionCard, version: VersionCard) -> PublicDecision:
    return PublicDecision(
        id=card.public_id,
        process=card.process.slug,
        title=version.title,
        summary=version.summary,
        version=version.number,
        released_at=_released(version),
        signed_by=version.signed_by,
        signed_role=version.signed_role,
        unanswered=version.unanswered,
        url=addresses.decision(card.public_id),
    )


def _version(one: VersionCard, decision: str, early: Early | None) -> PublicVersion:
    return PublicVersion(
        number=one.number,
        released_at=_released(one),
        signed_by=one.signed_by,
        signed_role=one.signed_role,
        signed_for=one.signed_for,
        correction=one.correction,
        told_first=early.advance.people if early else None,
        told_first_at=early.advance.given_at if early else None,
        read_early=tuple(
            PublicReader(each.organisation, each.reason, each.given_at, each.first_opened_at, each.ended_at)
            for each in (early.views if early else ())
        ),
        url=addresses.decision(decision, one.number),
    )


async def _coverage(card: DecisionCard, version: VersionCard) -> PublicCoverage:
    tally = await decisions.tally(version.id)
    numbers = await decisions.numbers_of(card.id)
    reasons = await decisions.tally_of_reasons(version.id)
    missing = await decisions.count_not_stated(card.id, version.id)
    return PublicCoverage(
        received=numbers.received,
        distinct=numbers.distinct,
        published=numbers.published,
        people=numbers.people,
        points=sum(n for code, n in tally.items() if code != Outcome.WITHDRAWN),
        unanswered=max(version.unanswered, missing),
        traced_into_text=await decisions.count_linked(version.id),
        adopted=sum(tally.get(code, 0) for code in _ADOPTED),
        outcomes=dict(sorted(tally.items())),
        reasons={str(code): reasons[code] for code in sorted(reasons)},
    )


def _article(one: ArticleCard) -> PublicArticle:
    return PublicArticle(one.eid, one.number, one.heading, one.text, one.plain, one.before, one.is_repealed)


def _milestone(one: MilestoneCard) -> PublicMilestone:
    return PublicMilestone(
        id=one.public_id,
        promise=one.promise,
        owner=one.owner,
        state=one.progress,
        is_late=one.is_late,
        due_on=one.due_on,
        dates=tuple(PublicDate(given.due_on, given.reason, given.given_at) for given in one.dates),
        proof=one.proof,
        moved_at=one.moved_at,
    )


def outcome_shape(card: OutcomeCard) -> PublicOutcome:
    """Make the public shape of an answer; one whose text is not shown says only that it is withdrawn."""
    answer, speaker = card.answer.answer, card.speaker
    is_shown = not card.is_withdrawn
    return PublicOutcome(
        id=card.public_id,
        version=card.stated.number,
        is_in_force=card.is_in_force,
        decision=card.stated.decision,
        contribution=speaker.receipt,
        point=card.claim.number,
        words=card.claim.words,
        language=speaker.language,
        restatement=card.claim.restatement,
        kind=card.claim.kind,
        category=speaker.capacity if is_shown else None,
        after_freeze=speaker.is_late,
        outcome=card.outcome,
        family=card.family,
        sentence=answer.sentence if is_shown else {},
        reason_codes=answer.reason_codes if is_shown else (),
        reason=answer.rationale if is_shown else {},
        is_value_choice=is_shown and answer.is_value_choice,
        evidence=answer.evidence if is_shown else "",
        effects=answer.effects if is_shown else (),
        parts=tuple(
            PublicPart(part.text, part.is_adopted, part.reason_codes, part.rationale)
            for part in (answer.parts if is_shown else ())
        ),
        articles=tuple(one.eid for one in card.answer.articles) if is_shown else (),
        group_size=card.answer.group.size if is_shown and card.answer.group else 1,
        submitted_at=speaker.submitted_at,
        published_at=card.published_at,
        signed_by=card.stated.signed_by,
        signed_role=card.stated.signed_role,
        reply=_reply(card),
        appeals=tuple(_appeal(one) for one in card.appeals) if is_shown else (),
        url=addresses.outcome(card.public_id, card.stated.number),
    )


def _reply(card: OutcomeCard) -> PublicReply | None:
    reply = card.reply
    if reply is None or card.is_withdrawn:
        return None
    return PublicReply(
        "" if reply.is_hidden else reply.text, reply.language, reply.is_hidden, reply.written_at
    )


def _appeal(one: AppealCard) -> PublicAppeal:
    return PublicAppeal(one.ground, one.filed_at, one.due_at, one.finding, one.reason, one.ruled_at)


def _point(point: PointCard, number: str) -> PublicPoint:
    return PublicPoint(
        number=point.number,
        kind=point.claim.kind,
        words=point.claim.words,
        restatement=point.claim.restatement,
        standing=point.code,
        themes=tuple(
            PublicTheme(one.public_id, one.title, one.concern, one.points, one.objections)
            for one in point.themes
        ),
        outcome=outcome_shape(point.outcome) if point.outcome else None,
        imported=_imported(point),
        milestones=tuple(_milestone(one) for one in _once(point.promises)),
        url=f"{addresses.contribution(number)}#{point.anchor}",
    )


def _once(promises: Iterable[MilestoneCard]) -> Iterable[MilestoneCard]:
    return {one.id: one for one in promises}.values()


def _imported(point: PointCard) -> PublicImport | None:
    one = point.imported
    if one is None:
        return None
    return PublicImport(one.outcome, one.reason, one.provision, one.milestone, one.source)
