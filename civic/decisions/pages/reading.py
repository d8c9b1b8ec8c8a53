"""Decisions as everybody reads them: the list, one decision, its versions, one answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import may_appeal, may_reply
from civic.decisions.queries import (
    ArticleCard,
    ByTheme,
    DecisionCard,
    OutcomeCard,
    OutcomeFilter,
    Permalink,
    VersionCard,
)
from civic.foundation import clock, forms
from civic.foundation.errors import NotFound
from civic.foundation.formdata import FormData
from civic.foundation.rendering import page
from civic.foundation.viewer import Viewer
from civic.foundation.web import open_to, viewer_of
from civic.processes import queries as processes

MANY = 60
"""Longest word of a filter that is looked at; longer ones find nothing."""


@open_to("everyone")
async def index(request: Request) -> Response:
    """List the published decisions, newest first."""
    after = forms.query(request).value("after")[:MANY] or None
    decisions, following = await queries.recent_decisions(after=after)
    context = {**WORDS, "decisions": decisions, "tallies": await _tallies(decisions), "following": following}
    return await page(request, "decisions/list.html", context)


@open_to("everyone")
async def of_process(request: Request) -> Response:
    """Show the decisions of one process, or say when there will be one."""
    process = await processes.visible_process(viewer_of(request), request.path_params["slug"])
    decisions = await queries.published_decisions(process.id)
    context = {
        **WORDS,
        "process": process,
        "decisions": decisions,
        "tallies": await _tallies(decisions),
        "scope": await processes.scope_in_force(process.id),
        "drafts": await queries.drafts_of_process(process.id),
        "now": clock.now(),
        "nav": "decisions",
    }
    return await page(request, "decisions/of_process.html", context)


async def _tallies(decisions: list[DecisionCard]) -> dict[int, dict[str, int]]:
    return await queries.tallies([one.in_force.id for one in decisions if one.in_force])


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show a decision: the answers first, then the articles, then the proof."""
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    if decision.in_force is None:
        raise NotFound
    return await _decision(request, decision, await _as_of_today(decision, decision.in_force))


async def _as_of_today(decision: DecisionCard, version: VersionCard) -> VersionCard:
    """Give the version in force; its banner also counts points shown again since, and never fewer (R1)."""
    missing = await queries.count_not_stated(decision.id, version.id)
    return replace(version, unanswered=max(version.unanswered, missing))


@open_to("everyone")
async def version(request: Request) -> Response:
    """Show a decision as one of its versions stated it."""
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    number = request.path_params["number"]
    found = next((one for one in decision.released if one.number == number), None)
    if found is None:
        raise NotFound
    return await _decision(request, decision, found)


async def _decision(request: Request, decision: DecisionCard, shown: VersionCard) -> Response:
    asked = forms.query(request)
    only, after = asked_filter(asked), asked.value("after")[:MANY] or None
    viewer = viewer_of(request)
    mine = await queries.outcomes_of_author(shown.id, viewer) if _has_points(viewer) else []
    if asked.value("mine") == "1":
        cards, following = mine, None
    else:
        cards, following = await queries.outcomes_of(shown.id, only, after=after)
    tally = await queries.tally(shown.id)
    articles = await queries.articles_of(shown.id)
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "version": shown,
        "articles": articles,
        "themed": await _by_theme(decision, shown, articles, asked),
        "tally": tally,
        "linked": await queries.count_linked(shown.id),
        "by_article": await queries.tally_of_articles(shown.id),
        "by_issue": await queries.tally_of_issues(shown.id),
        "by_reason": await queries.tally_of_reasons(shown.id),
        "numbers": await queries.numbers_of(decision.id),
        "cards": cards,
        "following": following,
        "found": len(mine) if asked.value("mine") == "1" else await queries.count_outcomes(shown.id, only),
        "only": only,
        "after": after,
        "mine": mine,
        "show_mine": asked.value("mine") == "1",
        "rights": {card.public_id: rights(viewer, card) for card in cards},
        "drafts": await queries.drafts_before(shown),
        "milestones": await queries.milestones_of(decision.id),
        "situation_effects": queries.effects_considered(shown.counts),
        "situations_told": await queries.told_without_names(shown.id),
        "seen": await queries.seen_before(decision, shown),
        "nav": "decisions",
    }
    return await page(request, "decisions/show.html", context, block="outcomes")


async def _by_theme(
    decision: DecisionCard, shown: VersionCard, articles: list[ArticleCard], asked: FormData
) -> ByTheme | None:
    """Read the decision theme by theme, when it is asked for so."""
    if asked.value("by") != "theme":
        return None
    start = forms.whole(asked, "start", min=0, max=10**6, required=False) or 0
    return await queries.by_theme(decision, shown.id, articles, start=start)


def _has_points(viewer: Viewer) -> bool:
    return viewer.is_signed_in or bool(viewer.passes)


@open_to("everyone")
async def outcome(request: Request) -> Response:
    """Show the answer to one point with all that led to it."""
    return await _outcome(request, await _cited(request), is_cited=False)


@open_to("everyone")
async def outcome_version(request: Request) -> Response:
    """Show the answer as one version of the decision states it, whatever was published since."""
    return await _outcome(request, await _cited(request, request.path_params["number"]), is_cited=True)


async def _cited(request: Request, number: int | None = None) -> Permalink:
    return await queries.permalink(request.path_params["id"], number, viewer=viewer_of(request))


async def _outcome(request: Request, link: Permalink, *, is_cited: bool) -> Response:
    card = link.card
    context = {
        **WORDS,
        "process": await processes.process_by_id(card.stated.process_id),
        "card": card,
        "link": link,
        "is_cited": is_cited,
        "history": await queries.former_answers(link),
        "rights": {card.public_id: rights(viewer_of(request), card)},
        "nav": "decisions",
    }
    return await page(request, "decisions/outcome.html", context)


@open_to("everyone")
async def outcomes(request: Request) -> Response:
    """List the answers of a decision that a filter keeps; the address holds the filter."""
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    shown = decision.in_force
    if shown is None:
        raise NotFound
    asked = forms.query(request)
    only, after = asked_filter(asked), asked.value("after")[:MANY] or None
    cards, following = await queries.outcomes_of(shown.id, only, after=after)
    context: dict[str, Any] = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "version": shown,
        "articles": await queries.articles_of(shown.id),
        "tally": await queries.tally(shown.id),
        "by_reason": await queries.tally_of_reasons(shown.id),
        "cards": cards,
        "following": following,
        "found": await queries.count_outcomes(shown.id, only),
        "only": only,
        "after": after,
        "rights": {card.public_id: rights(viewer_of(request), card) for card in cards},
        "kept": {name: value for name, value in vars(only).items() if value},
        "nav": "decisions",
    }
    return await page(request, "decisions/outcomes.html", context, block="outcomes")


def asked_filter(asked: FormData) -> OutcomeFilter:
    """Read which answers are asked for."""
    return OutcomeFilter(
        family=asked.value("family")[:MANY],
        outcome=asked.value("outcome")[:MANY],
        article=asked.value("article")[:MANY],
        reason=asked.value("reason")[:MANY],
        theme=asked.value("theme")[:MANY],
    )


def rights(viewer: Viewer, card: OutcomeCard) -> dict[str, Any]:
    """Say what the reader can do about an answer, and until when; nothing for words of somebody else."""
    mine, now = card.is_mine(viewer) and not card.is_withdrawn and card.is_in_force, clock.now()
    return {
        "mine": mine,
        "reply": may_reply(
            is_author=mine, has_replied=card.reply is not None, until=card.reply_until, now=now
        ),
        "appeal": may_appeal(
            is_author=mine, has_appealed=bool(card.appeals), until=card.appeal_until, now=now
        ),
    }


routes = [
    Route("/decisions", index, name="decisions:list"),
    Route("/processes/{slug}/decisions", of_process, name="decisions:of_process"),
    Route("/decisions/{id}", show, name="decisions:show"),
    Route("/decisions/{id}/versions/{number:int}", version, name="decisions:version"),
    Route("/decisions/{id}/outcomes", outcomes, name="decisions:outcomes"),
    Route("/outcomes/{id}", outcome, name="decisions:outcome"),
    Route("/outcomes/{id}/versions/{number:int}", outcome_version, name="decisions:outcome_version"),
]
