"""Work on several points at once: one answer for a group, second readings in a batch."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.forms import (
    ANSWER_FIELDS,
    parse_answer,
    parse_new_article,
    parse_outcome,
    parse_review,
    part_count,
)
from civic.decisions.pages.editor import first_values
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import may_draft, may_review
from civic.decisions.queries import DecisionCard, PointRow, PointState
from civic.foundation import forms
from civic.foundation.errors import N_, Invalid, Message
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

MOST = 200
GROUP_FIELDS = (*ANSWER_FIELDS, "point", "label_*", "more", "what")


@open_to("officials")
async def group(request: Request) -> Response:
    """Show the form of one answer for the points that are ticked."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    ticked = forms.query(request).all("point")[:MOST]
    form = forms.blank(point=ticked, **first_values())
    return await _group(request, decision, form)


@open_to("officials")
async def choose_group(request: Request) -> Response:
    """Show the fields of the outcome that was chosen for the group; nothing is stored."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=GROUP_FIELDS)
    for name, value in first_values().items():
        form.values.setdefault(name, (str(value),))
    if form.value("more") == "part":
        form.values["parts"] = (str(part_count(form) + 1),)
    return await _group(request, decision, form, block="needs")


@open_to("officials")
async def save_group(request: Request) -> Response:
    """Give several points one labelled answer, or declare that answers already written are one."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=GROUP_FIELDS)

    async def act() -> str:
        label = forms.localized(form, "label", max=200, label=N_("Name of the group"))
        draft = actions.GroupDraft(label, _expected(form))
        if form.value("what") == "declare":
            form.demand()
            await actions.declare_group(viewer, decision, draft)
        else:
            article = parse_new_article(form)
            await actions.answer_together(viewer, decision, parse_answer(form), draft, new_article=article)
        return url(request, "decisions:workspace", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        if "point" in wrong.errors:
            raise  # without its points the form has no place; the page of the error gives the words back
        return await _group(request, decision, form.with_errors(wrong), status=422)


def _expected(form: FormData) -> dict[str, int]:
    """Read the ticked points with the version of the answer each had on the page ("id:version")."""
    points = {}
    for one in form.all("point")[:MOST]:
        public_id, _, version = one.partition(":")
        points[public_id] = int(version) if version.isdecimal() and len(version) < 9 else 0
    if len(points) < 2:
        form.errors.note("point", Message(N_("Choose at least two points for one answer.")))
    return points


async def _group(
    request: Request,
    decision: DecisionCard,
    form: FormData,
    *,
    block: str | None = None,
    status: int = 200,
) -> Response:
    viewer = viewer_of(request)
    may_draft(viewer, decision.process.public_id).demand()
    desk = await queries.desk_of(decision)
    wanted = set(_expected(form))
    if status == 200:
        form.errors.clear()
    points = [one for one in desk.points if one.public_id in wanted and not one.is_withdrawn]
    scope = await processes.scope_in_force(decision.process.id)
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "rows": await queries.rows_of(desk, points),
        "articles": await queries.articles_now(decision.id),
        "scope": scope,
        "form": form,
        "chosen": parse_outcome(form),
        "parts": part_count(form),
        "are_written": len(points) > 1 and all(one.answer_id is not None for one in points),
    }
    return await page(request, "decisions/group.html", context, block=block, status=status)


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
            for public_id, _, version in (one.partition(":") for one in form.all("point")[:MOST])
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


async def _reviews(
    request: Request, decision: DecisionCard, form: FormData, *, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    desk = await queries.desk_of(decision)
    states = (PointState.REVIEW, PointState.SIGNATURE)
    waiting = [one for one in desk.points if desk.state(one) in states]
    mine = [one for one in waiting if one.drafted_by == viewer.participant]
    others = [one for one in waiting if one.drafted_by != viewer.participant][:20]
    rows: list[PointRow] = await queries.rows_of(desk, others)
    answers = await queries.answers_by_id([one.answer_id for one in others if one.answer_id is not None])
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "rows": rows,
        "written": answers,
        "mine": len(mine),
        "left": len(waiting) - len(mine) - len(others),
        "form": form,
        "may_review": may_review(viewer, decision.process.public_id, drafted_by=None),
    }
    return await page(request, "decisions/reviews.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/group", group, name="decisions:group"),
    Route("/desk/decisions/{id}/group", save_group, methods=["POST"], name="decisions:save_group"),
    Route(
        "/desk/decisions/{id}/group/outcome", choose_group, methods=["POST"], name="decisions:choose_group"
    ),
    Route("/desk/decisions/{id}/reviews", reviews, name="decisions:reviews"),
    Route("/desk/decisions/{id}/reviews", review_several, methods=["POST"], name="decisions:review_several"),
]
