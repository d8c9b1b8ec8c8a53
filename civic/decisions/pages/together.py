"""Work on several points at once: one answer for a group, second readings in a batch, cutting a text."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions.queries import ClaimKind
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
from civic.decisions.pages.showing import MOST_TOGETHER, WORDS, kept_filter, spoken_filter
from civic.decisions.policies import may_answer, may_draft, may_review
from civic.decisions.queries import DecisionCard, PointState
from civic.foundation import forms
from civic.foundation.errors import N_, Conflict, Invalid, Message, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.synthesis import queries as synthesis
from civic.synthesis.forms import CUT_FIELDS, KINDS, parse_point, parse_points

GROUP_FIELDS = (*ANSWER_FIELDS, "point", "label_*", "more", "what", "back")


@open_to("officials")
async def group(request: Request) -> Response:
    """Show the form of one answer for the points that are ticked, or for all that a filter asks for."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    asked = forms.query(request)
    back = spoken_filter(kept_filter(asked))
    ticked = asked.all("point")[:MOST_TOGETHER]
    if asked.value("which") == "all":
        found = await queries.matching(decision, await queries.desk_of(decision), kept_filter(asked))
        found = [one for one in found if not one.is_situation]
        ticked = tuple(f"{one.public_id}:{one.answer_version}" for one in found[:MOST_TOGETHER])
    form = forms.blank(point=ticked, back=back, **first_values())
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
        back = spoken_filter(kept_filter(form))
        desk = url(request, "decisions:workspace", id=decision.public_id)
        return f"{desk}?{back}" if back else desk

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        if "point" in wrong.errors:
            raise  # without its points the form has no place; the page of the error gives the words back
        return await _group(request, decision, form.with_errors(wrong), status=422)
    except Conflict as conflict:
        return await _group(request, decision, form, conflict=conflict.message, status=409)


def _expected(form: FormData) -> dict[str, int]:
    """Read the ticked points with the version of the answer each had on the page ("id:version")."""
    points = {}
    for one in form.all("point")[:MOST_TOGETHER]:
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
    conflict: Message | None = None,
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
        "unfit": _unfit(form),
        "conflict": conflict,
        "chosen": parse_outcome(form),
        "parts": part_count(form),
        "are_written": len(points) > 1 and all(one.answer_id is not None for one in points),
    }
    return await page(request, "decisions/group.html", context, block=block, status=status)


def _unfit(form: FormData) -> dict[str, Message]:
    """Take the points that cannot have the answer out of the errors: each is said beside its point."""
    names = [name for name in form.errors if name.startswith("point-")]
    return {name.removeprefix("point-"): form.errors.pop(name) for name in names}


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
    readings = (await queries.readings_of(desk, others, MOST_TOGETHER))[:20]
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


@open_to("officials")
async def cut(request: Request) -> Response:
    """Show the sentences of a text, to tick those of each point."""
    return await _cut(request, forms.blank())


@open_to("officials")
async def cutting(request: Request) -> Response:
    """Add a point to the cut, take one back, or open the points that were made."""
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    words = await synthesis.sentences_of(desk.contribution.id)
    form = await forms.read(request, only=CUT_FIELDS)
    points = parse_points(form)
    try:
        if form.value("step") == "add":
            points.append(parse_point(form, len(words.sentences)))
        elif form.value("remove").isdecimal():
            points = [one for at, one in enumerate(points) if at != int(form.value("remove")[:3])]
        else:
            if form.all("sentence") or form.value("restatement").strip() or not points:
                points.append(parse_point(form, len(words.sentences)))
            version = forms.whole(form, "version", min=1, max=10**9)
            form.demand()

            async def act() -> str:
                opened = await actions.cut_into_points(viewer, desk.claim.public_id, points, version=version)
                return url(request, "decisions:claim", id=opened[0].public_id)

            return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        form = form.with_errors(wrong)
    form.values["point"] = tuple(one.packed for one in points)
    if not form.errors:
        form.values.pop("sentence", None)
        form.values.pop("restatement", None)
    return await _cut(request, form, status=422 if form.errors else 200)


async def _cut(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    if desk.claim.kind is ClaimKind.SITUATION:
        raise NotFound
    may_answer(viewer, desk.process.public_id, is_withdrawn=desk.claim.reads_as_withdrawn).demand()
    words = await synthesis.sentences_of(desk.contribution.id)
    points = parse_points(form)
    used = {number for point in points for number in point.sentences}
    context = {
        **WORDS,
        "process": desk.process,
        "desk": desk,
        "words": words,
        "points": points,
        "left": [one for one in words.sentences if one.number not in used],
        "ticked": set(form.all("sentence")),
        "claim_kinds": KINDS,
        "form": form,
    }
    return await page(request, "decisions/cut.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}/group", group, name="decisions:group"),
    Route("/desk/decisions/{id}/group", save_group, methods=["POST"], name="decisions:save_group"),
    Route(
        "/desk/decisions/{id}/group/outcome", choose_group, methods=["POST"], name="decisions:choose_group"
    ),
    Route("/desk/decisions/{id}/reviews", reviews, name="decisions:reviews"),
    Route("/desk/decisions/{id}/reviews", review_several, methods=["POST"], name="decisions:review_several"),
    Route("/desk/claims/{id}/points", cut, name="decisions:cut"),
    Route("/desk/claims/{id}/points", cutting, methods=["POST"], name="decisions:cutting"),
]
