"""The survey of a decision: six questions by mailed link or by account, and the results for everybody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.decisions.queries import DecisionCard, visible_decision
from civic.evaluation import actions, queries
from civic.evaluation.forms import ANSWER_FIELDS, parse_answers
from civic.evaluation.items import AGREES, DONT_KNOW, DONT_KNOW_WORDS, ITEMS
from civic.evaluation.policies import may_answer
from civic.evaluation.queries import InvitationCard, ResultsPage, SurveyCard
from civic.evaluation.results import Result, Showing
from civic.foundation import forms, languages
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

_BOM = "\ufeff"
_COLUMNS = (
    "question", "words", "shown", "answered", "strongly_disagree", "rather_disagree", "neither",
    "rather_agree", "strongly_agree", "dont_know", "agreeing", "share", "low", "high", "mean",
)  # fmt: skip


@dataclass(frozen=True)
class Door:
    """How somebody came to the questions, and where the form goes."""

    address: str
    has_link: bool = False


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show the results of a survey as they were last published, or when it opens."""
    decision = await visible_decision(viewer_of(request), request.path_params["id"])
    survey = await queries.survey_of(decision.id)
    mine = await queries.invitation_of(viewer_of(request), survey) if survey else None
    done = bool(survey and mine and await queries.has_answered(survey, mine))
    context = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "survey": survey,
        "opens_at": None if survey else queries.opens_at(decision),
        "invited": await queries.invited_to(survey) if survey else 0,
        "found": await queries.results_of(survey) if survey else None,
        "mine": mine,
        "may_answer": may_answer(
            is_invited=mine is not None, is_open=survey is not None and survey.is_open, has_answered=done
        ),
        "items": ITEMS,
        "agrees": AGREES,
        "nav": "decisions",
    }
    return await page(request, "evaluation/survey.html", context)


@open_to("everyone")
async def show_link(request: Request) -> Response:
    """Show the questions to who has the mailed link; looking uses nothing up."""
    try:
        survey, _ = await queries.survey_of_link(request.path_params["token"])
    except NotFound:
        return await page(request, "evaluation/survey_over.html", {}, status=404)
    return await _ask(request, survey, await _decision(request, survey), _by_link(request), forms.blank())


@open_to("everyone")
async def answer_link(request: Request) -> Response:
    """Take in the answers of who has the link, once."""
    try:
        survey, invitation = await queries.survey_of_link(request.path_params["token"])
    except NotFound:
        return await page(request, "evaluation/survey_over.html", {}, status=404)
    decision = await _decision(request, survey)
    return await _answer(request, survey, invitation, decision, _by_link(request))


def _by_link(request: Request) -> Door:
    token = request.path_params["token"]
    return Door(url(request, "evaluation:answer_link", token=token), has_link=True)


@open_to("everyone")
async def own(request: Request) -> Response:
    """Show the questions to who took part and is known here."""
    try:
        decision, survey, _ = await _own(request)
    except NotFound:
        return await page(request, "evaluation/survey_over.html", {}, status=404)
    return await _ask(request, survey, decision, _by_account(request), forms.blank())


@open_to("everyone")
async def answer_own(request: Request) -> Response:
    """Take in the answers of who took part and is known here, once."""
    decision, survey, invitation = await _own(request)
    return await _answer(request, survey, invitation, decision, _by_account(request))


def _by_account(request: Request) -> Door:
    return Door(url(request, "evaluation:answer_own", id=request.path_params["id"]))


async def _own(request: Request) -> tuple[DecisionCard, SurveyCard, InvitationCard]:
    decision = await visible_decision(viewer_of(request), request.path_params["id"])
    survey = await queries.survey_of(decision.id)
    mine = await queries.invitation_of(viewer_of(request), survey) if survey else None
    if survey is None or mine is None or not survey.is_open or await queries.has_answered(survey, mine):
        raise NotFound
    return decision, survey, mine


async def _decision(request: Request, survey: SurveyCard) -> DecisionCard:
    return await visible_decision(viewer_of(request), await queries.decision_of(survey))


async def _ask(
    request: Request,
    survey: SurveyCard,
    decision: DecisionCard,
    door: Door,
    form: FormData,
    *,
    status: int = 200,
) -> Response:
    context = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "survey": survey,
        "items": ITEMS,
        "agrees": AGREES,
        "dont_know": (DONT_KNOW, DONT_KNOW_WORDS),
        "door": door,
        "form": form,
        "nav": "decisions",
    }
    return await page(request, "evaluation/survey_form.html", context, status=status)


async def _answer(
    request: Request, survey: SurveyCard, invitation: InvitationCard, decision: DecisionCard, door: Door
) -> Response:
    form = await forms.read(request, only=ANSWER_FIELDS)

    async def act() -> str:
        draft = parse_answers(form)
        await actions.answer_survey(viewer_of(request), survey, invitation, draft, has_link=door.has_link)
        return url(request, "evaluation:thanks")

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _ask(request, survey, decision, door, form.with_errors(wrong), status=422)


@open_to("everyone")
async def thanks(request: Request) -> Response:
    """Say that the answers arrived; the page says nothing about who sent what."""
    return await page(request, "evaluation/survey_thanks.html", {"nav": "decisions"})


@open_to("everyone")
async def download(request: Request) -> Response:
    """Send the published results as a spreadsheet: what a page withholds is not in it either."""
    decision = await visible_decision(viewer_of(request), request.path_params["id"])
    survey = await queries.survey_of(decision.id)
    found = await queries.results_of(survey) if survey else None
    if found is None:
        raise NotFound
    asked = request.query_params.get("language", "")
    spoken = settings.current().languages
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(_lines(found, asked if asked in spoken else spoken[0]))
    headers = {
        "cache-control": "public, no-cache",
        "content-disposition": f'attachment; filename="survey-{decision.public_id}-{found.number}.csv"',
    }
    return Response(
        _BOM + out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8; header=present"
    )


def _lines(found: ResultsPage, language: str) -> Iterator[tuple[object, ...]]:
    yield _COLUMNS
    for one in found.results:
        yield (one.key, languages.gettext(language, ITEMS[one.key]), str(one.showing), *_figures(one))


def _figures(one: Result) -> tuple[object, ...]:
    if one.showing is Showing.WITHHELD:
        return ("",) * (len(_COLUMNS) - 3)
    if one.agreeing is None or one.interval is None or one.mean is None:
        return (one.total, *[""] * len(AGREES), one.dont_know, "", "", "", "", "")
    low, high = one.interval.low, one.interval.high
    share = one.agreeing.number / one.agreeing.total
    figures = (f"{value:.4f}" for value in (share, low, high, one.mean))
    return (one.total, *one.counts, one.dont_know, one.agreeing.number, *figures)


routes = [
    Route("/decisions/{id}/survey", show, name="evaluation:survey"),
    Route("/decisions/{id}/survey.csv", download, name="evaluation:survey_csv"),
    Route("/decisions/{id}/survey/answer", own, name="evaluation:own_survey"),
    Route("/decisions/{id}/survey/answer", answer_own, methods=["POST"], name="evaluation:answer_own"),
    Route("/surveys/thanks", thanks, name="evaluation:thanks"),
    Route("/surveys/{token}", show_link, name="evaluation:survey_link"),
    Route("/surveys/{token}", answer_link, methods=["POST"], name="evaluation:answer_link"),
]
