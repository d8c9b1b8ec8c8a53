"""Give points to colleagues, many at once; keep the filter one works under."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.pages.showing import MOST_LISTED, MOST_TOGETHER, WORDS, kept_filter, spoken_filter
from civic.decisions.policies import may_draft
from civic.decisions.queries import DecisionCard
from civic.foundation import forms
from civic.foundation.errors import N_, Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes


@open_to("officials")
async def assignment(request: Request) -> Response:
    """Ask who answers the points that are ticked, or all that a filter asks for."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    asked = forms.query(request)
    ticked = [one.partition(":")[0] for one in asked.all("point")]
    if asked.value("which") == "all":
        found = await queries.matching(decision, await queries.desk_of(decision), kept_filter(asked))
        ticked = [one.public_id for one in found]
    back = spoken_filter(kept_filter(asked))
    return await _assignment(
        request, decision, forms.blank(points=" ".join(ticked[:MOST_TOGETHER]), back=back)
    )


@open_to("officials")
async def assign(request: Request) -> Response:
    """Give them to a colleague, or to nobody."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("points", "to", "back"))

    async def act() -> str:
        known = [one.public_id for one in await queries.colleagues_on(decision)]
        to = forms.choice(form, "to", [queries.NOBODY, *known], label=N_("Who answers them?"))
        form.demand()
        points = form.value("points").split()[:MOST_TOGETHER]
        await actions.assign(viewer, decision, points, "" if to == queries.NOBODY else to)
        return _desk(request, decision, form)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _assignment(request, decision, form.with_errors(wrong), status=422)


async def _assignment(
    request: Request, decision: DecisionCard, form: FormData, *, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    may_draft(viewer, decision.process.public_id).demand()
    desk = await queries.desk_of(decision)
    wanted = set(form.value("points").split())
    points = [one for one in desk.points if one.public_id in wanted and not one.is_withdrawn]
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "rows": await queries.rows_of(desk, points[:MOST_LISTED]),
        "count": len(points),
        "points": " ".join(one.public_id for one in points),
        "people": await queries.colleagues_on(decision),
        "form": form,
    }
    return await page(request, "decisions/assignment.html", context, status=status)


@open_to("officials")
async def keep_filter(request: Request) -> Response:
    """Keep the filter of the desk under a name, or take one off the list."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=("name", "back", "drop"))

    async def act() -> str:
        if form.value("drop"):
            await actions.drop_filter(viewer, decision, form.value("drop")[:26])
            return _desk(request, decision, form)
        name = forms.text(form, "name", max=60, label=N_("Name of the filter"))
        form.demand()
        await actions.keep_filter(viewer, decision, name, spoken_filter(kept_filter(form)))
        return _desk(request, decision, form)

    return see_other(await once(form.key, form.digest, act))


def _desk(request: Request, decision: DecisionCard, form: FormData) -> str:
    back, desk = spoken_filter(kept_filter(form)), url(request, "decisions:workspace", id=decision.public_id)
    return f"{desk}?{back}" if back else desk


routes = [
    Route("/desk/decisions/{id}/assignment", assignment, name="decisions:assignment"),
    Route("/desk/decisions/{id}/assignment", assign, methods=["POST"], name="decisions:assign"),
    Route("/desk/decisions/{id}/filters", keep_filter, methods=["POST"], name="decisions:keep_filter"),
]
