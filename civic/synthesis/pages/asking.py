"""Ask an author what a point means, and answer as the author: by account or by the receipt's code."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.synthesis import actions, queries
from civic.synthesis.forms import LEAST_DAYS, MOST_DAYS, USUAL_DAYS, parse_clarification, parse_question
from civic.synthesis.policies import may_answer_question, works_here
from civic.synthesis.prompts import KINDS, PROMPTS, prompt_text

LONGEST = 40


@open_to("officials")
async def ask(request: Request) -> Response:
    """Show the form of a question to the author of a point."""
    claim, contribution = await _claim(request)
    words = prompt_text(forms.query(request).value("prompt")[:LONGEST], contribution.language)
    return await _ask(request, claim, contribution, forms.blank(days=USUAL_DAYS, question=words))


@open_to("officials")
async def send(request: Request) -> Response:
    """Ask the author; the clock waits for them from now on."""
    claim, contribution = await _claim(request)
    form = await forms.read(request, only=("question", "days"))

    async def act() -> str:
        await actions.ask_author(viewer_of(request), claim, contribution, parse_question(form))
        return f"/desk/claims/{claim.public_id}"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _ask(request, claim, contribution, form.with_errors(wrong), status=422)


async def _claim(request: Request) -> tuple[ClaimCard, ContributionCard]:
    """Give a live point to those who work on the answers of its process."""
    claim = await contributions.claim_by_public_id(request.path_params["id"])
    if claim is None:
        raise NotFound
    contribution = await contributions.contribution_by_id(claim.contribution_id)
    if not works_here(viewer_of(request), contribution.process or ""):
        raise NotFound
    return claim, contribution


async def _ask(
    request: Request, claim: ClaimCard, contribution: ContributionCard, form: FormData, *, status: int = 200
) -> Response:
    context = {
        "process": await processes.process_by_public_id(contribution.process or ""),
        "claim": claim,
        "contribution": contribution,
        "questions": (await queries.questions_of([claim.id])).get(claim.id, []),
        "form": form,
        "now": clock.now(),
        "least_days": LEAST_DAYS,
        "most_days": MOST_DAYS,
        "prompts": PROMPTS,
        "prompt_kinds": KINDS,
    }
    return await page(request, "synthesis/ask.html", context, status=status)


@open_to("everyone")
async def question(request: Request) -> Response:
    """Show a question to the author it was put to; to others, how to open it."""
    try:
        found, contribution = await queries.visible_question(viewer_of(request), request.path_params["id"])
    except NotFound:
        found = await queries.question_by_public_id(request.path_params["id"])
        return await page(request, "synthesis/closed.html", {}, status=200)
    return await _question(request, found, contribution, forms.blank())


@open_to("everyone")
async def answer(request: Request) -> Response:
    """Take in the author's answer."""
    viewer = viewer_of(request)
    found, contribution = await queries.visible_question(viewer, request.path_params["id"])
    form = await forms.read(request, only=("text",))

    async def act() -> str:
        await actions.answer_question(viewer, found, contribution, parse_clarification(form))
        return url(request, "synthesis:question", id=found.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _question(request, found, contribution, form.with_errors(wrong), status=422)


async def _question(
    request: Request,
    found: queries.QuestionCard,
    contribution: ContributionCard,
    form: FormData,
    *,
    status: int = 200,
) -> Response:
    mine = contributions.is_author(viewer_of(request), contribution)
    claims = await contributions.claims_by_id([found.claim_id])
    context = {
        "process": await processes.process_by_public_id(contribution.process or ""),
        "question": found,
        "contribution": contribution,
        "claim": claims.get(found.claim_id),
        "mine": mine,
        "may_answer": may_answer_question(is_author=mine, is_answered=not found.is_open),
        "form": form,
        "now": clock.now(),
        "nav": "mine",
    }
    return await page(request, "synthesis/question.html", context, status=status)


routes = [
    Route("/desk/claims/{id}/questions", ask, name="synthesis:ask"),
    Route("/desk/claims/{id}/questions", send, methods=["POST"], name="synthesis:send"),
    Route("/questions/{id}", question, name="synthesis:question"),
    Route("/questions/{id}", answer, methods=["POST"], name="synthesis:answer"),
]
