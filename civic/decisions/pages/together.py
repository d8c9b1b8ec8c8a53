"""Read the answers of others in a batch."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.forms import parse_review
from civic.decisions.pages.showing import MOST_LISTED, MOST_TOGETHER, WORDS
from civic.decisions.policies import may_review
from civic.decisions.queries import DecisionCard, PointState
from civic.foundation import forms
from civic.foundation.errors import N_, Invalid, Message
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes


@open_to("officials")
async def reviews(request: Request) -> Response:
    """Show the answers that wait for a second reader, to read them in a row."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    return await _reviews(request, decision, forms.blank())


@open_to("officials")
async def review_several(request: Request) -> Response:
    """Approve, or send back, the answers that are ticked."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("point", "verdict", "note"))

    async def act() -> str:
        points = {
            public_id: int(version)
            for public_id, _, version in (one.partition(":") for one in _ticked(form))
            if version.isdecimal() and len(version) < 9
        }
        if not points:
            form.errors.note("point", Message(N_("Tick the answers you have read.")))
        await actions.review_several(viewer, points, parse_review(form))
        return url(request, "decisions:reviews", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _reviews(request, decision, form.with_errors(wrong), status=422)


def _ticked(form: FormData) -> list[str]:
    """Read what was ticked; an answer to several points names them all, parted by spaces."""
    return [one for together in form.all("point") for one in together.split()][: 2 * MOST_TOGETHER]


async def _reviews(
    request: Request, decision: DecisionCard, form: FormData, *, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    desk = await queries.desk_of(decision)
    states = (PointState.REVIEW, PointState.SIGNATURE)
    waiting = [one for one in desk.points if desk.state(one) in states]
    mine = [one for one in waiting if one.drafted_by == viewer.participant]
    others = [one for one in waiting if one.drafted_by != viewer.participant]
    readings = (await queries.readings_of(desk, others, MOST_LISTED))[:20]
    shown = [rows[0].point.answer_id for rows in readings]
    answers = await queries.answers_by_id([one for one in shown if one is not None])
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "readings": readings,
        "written": answers,
        "mine": len(mine),
        "left": len(others) - sum(map(len, readings)),
        "form": form,
        "may_review": may_review(viewer, decision.process.public_id, drafted_by=None),
    }
    return await page(request, "decisions/reviews.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/reviews", reviews, name="decisions:reviews"),
    Route("/desk/decisions/{id}/reviews", review_several, methods=["POST"], name="decisions:review_several"),
]
