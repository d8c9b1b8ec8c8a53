"""The follow-up board for everybody, one promise with its whole history, and what people found of it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import may_check, works_on
from civic.decisions.promise_forms import parse_check
from civic.decisions.queries import Board, PromisePage, Standing
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

LONGEST = 60


@open_to("everyone")
async def town(request: Request) -> Response:
    """Show every promise of the town, the late ones first."""
    only, after = _asked(request)
    return await _board(request, await queries.board(only=only, after=after), {"with_process": True})


@open_to("everyone")
async def of_process(request: Request) -> Response:
    """Show the promises of one process, or say when there will be some."""
    process = await processes.visible_process(viewer_of(request), request.path_params["slug"])
    only, after = _asked(request)
    found = await queries.board(process_id=process.id, only=only, after=after)
    return await _board(request, found, {"process": process})


@open_to("everyone")
async def of_decision(request: Request) -> Response:
    """Show the promises of one decision."""
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    only, after = _asked(request)
    found = await queries.board(decision_id=decision.id, only=only, after=after)
    process = await processes.process_by_id(decision.process.id)
    return await _board(request, found, {"process": process, "decision": decision})


def _asked(request: Request) -> tuple[str, str | None]:
    asked = forms.query(request)
    only = asked.value("standing")[:LONGEST]
    return only if only in set(Standing) else "", asked.value("after")[:LONGEST] or None


async def _board(request: Request, found: Board, more: dict[str, Any]) -> Response:
    only, after = _asked(request)
    context = {
        **WORDS,
        "board": found,
        "only": only,
        "after": after,
        "today": clock.local_day(clock.now()),
        "nav": "decisions",
        "process": None,
        "decision": None,
        "with_process": False,
        **more,
    }
    return await page(request, "decisions/followup.html", context)


@open_to("everyone")
async def milestone(request: Request) -> Response:
    """Show a promise with every date given, every step, its proof and what people found."""
    found = await queries.visible_promise(viewer_of(request), request.path_params["id"])
    return await _milestone(request, found, forms.blank())


@open_to("everyone")
async def check(request: Request) -> Response:
    """Receive what somebody whose point led to a promise found of it."""
    viewer = viewer_of(request)
    found = await queries.visible_promise(viewer, request.path_params["id"])
    form = await forms.read(request, only=("contribution", "answer"))
    mine = await queries.my_points_behind(viewer, found.card.id)

    async def act() -> str:
        may_check(is_concerned=bool(mine), is_done=True, has_checked=False).demand()
        contribution, answer = parse_check(form, tuple(one.public_id for one in mine))
        await actions.check_promise(viewer, found.card.public_id, contribution, answer)
        return url(request, "decisions:milestone", id=found.card.public_id) + "#check"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _milestone(request, found, form.with_errors(wrong), status=422)


async def _milestone(request: Request, found: PromisePage, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    context = {
        **WORDS,
        "process": await processes.process_by_id(found.decision.process.id),
        "decision": found.decision,
        "card": found.card,
        "article": found.article,
        "points": await queries.points_behind(found.card.id),
        "mine": await queries.my_points_behind(viewer, found.card.id),
        "is_worker": works_on(viewer, found.decision.process.public_id),
        "form": form,
        "nav": "decisions",
    }
    return await page(request, "decisions/milestone.html", context, status=status)


routes = [
    Route("/promises", town, name="decisions:followup"),
    Route("/processes/{slug}/promises", of_process, name="decisions:followup_of_process"),
    Route("/decisions/{id}/promises", of_decision, name="decisions:followup_of_decision"),
    Route("/promises/{id}", milestone, name="decisions:milestone"),
    Route("/promises/{id}/check", check, methods=["POST"], name="decisions:check_promise"),
]
