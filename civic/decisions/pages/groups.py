"""One answer for several points: by hand or by a filter, adjusted one by one, seen before it is kept."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.forms import (
    ANSWER_FIELDS,
    MAX_SENTENCE,
    parse_answer,
    parse_new_article,
    parse_outcome,
    part_count,
)
from civic.decisions.pages import likeness
from civic.decisions.pages.editor import begun_values, proposals
from civic.decisions.pages.showing import MOST_LISTED, MOST_TOGETHER, WORDS, kept_filter, spoken_filter
from civic.decisions.policies import may_draft
from civic.decisions.queries import DecisionCard, Desk, Outcome
from civic.decisions.words import OUTCOMES
from civic.foundation import forms
from civic.foundation.errors import N_, Conflict, Invalid, Message
from civic.foundation.formdata import CSRF, FORM_KEY, FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import is_htmx, open_to, see_other, url, viewer_of
from civic.processes import queries as processes

GROUP_FIELDS = (
    *ANSWER_FIELDS,
    "point",
    "rest",
    "with_rest",
    "as-*",
    "own-*",
    "label_*",
    "more",
    "what",
    "back",
)
_PASSING = frozenset({CSRF, FORM_KEY, "what", "more"})


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
    listed, rest = ticked[:MOST_LISTED], " ".join(ticked[MOST_LISTED:])
    form = forms.blank(point=listed, rest=rest or None, with_rest="1", back=back, **begun_values())
    return await _group(request, decision, form)


@open_to("officials")
async def choose_group(request: Request) -> Response:
    """Show the fields of the outcome that was chosen for the group; nothing is stored."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=GROUP_FIELDS)
    for name, value in begun_values().items():
        form.values.setdefault(name, (str(value),))
    if form.value("more") == "part":
        form.values["parts"] = (str(part_count(form) + 1),)
    return await _group(request, decision, form, block="needs")


@open_to("officials")
async def check_group(request: Request) -> Response:
    """Say whether the reason being written for a group repeats an answer to other points."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=GROUP_FIELDS)
    may_draft(viewer_of(request), decision.process.public_id).demand()
    points = [one.partition(":")[0] for one in _pairs(form)]
    found = await likeness.checked(form, decision, points)
    if is_htmx(request):
        context = {**WORDS, "form": form, "checked": found, "decision": decision, "for_points": points}
        return await page(request, "decisions/group.html", context, block="likeness")
    return await _group(request, decision, form, checked=found)


@open_to("officials")
async def save_group(request: Request) -> Response:
    """Give several points one labelled answer, or show it first, or declare that answers written are one."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    form = await forms.read(request, only=GROUP_FIELDS)

    async def act() -> str:
        draft = _draft(form)
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
        if form.value("what") == "edit":
            return await _group(request, decision, form)
        if form.value("what") == "preview":
            return await _preview(request, decision, form)
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        if "point" in wrong.errors:
            raise  # without its points the form has no place; the page of the error gives the words back
        return await _group(request, decision, form.with_errors(wrong), status=422)
    except Conflict as conflict:
        return await _group(request, decision, form, conflict=conflict.message, status=409)


def _draft(form: FormData) -> actions.GroupDraft:
    label = forms.localized(form, "label", max=200, label=N_("Name of the group"))
    points = _expected(form)
    return actions.GroupDraft(label, points, {one: apart for one in points if (apart := _apart(form, one))})


def _apart(form: FormData, point: str) -> actions.Apart | None:
    """Read how one point of the list differs, when it does."""
    outcome = forms.option(form, f"as-{point}", Outcome, required=False)
    said = forms.localized(
        form, f"own-{point}", max=MAX_SENTENCE, label=N_("A sentence for this point alone"), required=False
    )
    return actions.Apart(outcome, said) if outcome or said else None


def _pairs(form: FormData) -> list[str]:
    rest = form.value("rest").split() if form.value("with_rest") else []
    return [*form.all("point"), *rest][:MOST_TOGETHER]


def _expected(form: FormData) -> dict[str, int]:
    """Read the ticked points with the version of the answer each had on the page ("id:version")."""
    points = {}
    for one in _pairs(form):
        public_id, _, version = one.partition(":")
        points[public_id] = int(version) if version.isdecimal() and len(version) < 9 else 0
    if len(points) < 2:
        form.errors.note("point", Message(N_("Choose at least two points for one answer.")))
    return points


async def _preview(request: Request, decision: DecisionCard, form: FormData) -> Response:
    """Show each person's answer as it would be kept; the words travel with the page, nothing is stored."""
    draft, article = _draft(form), parse_new_article(form)
    shown = await actions.preview_together(
        viewer_of(request), decision, parse_answer(form), draft, new_article=article
    )
    desk = await queries.desk_of(decision)
    points = {one.public_id: one for one in desk.points}
    listed = [
        await queries.rows_of(desk, [points[key] for key in one.claims[:MOST_LISTED] if key in points])
        for one in shown
    ]
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "shown": list(zip(shown, listed, strict=True)),
        "count": len(draft.points),
        "label": draft.label,
        "kept": [(name, one) for name, all in form.values.items() if name not in _PASSING for one in all],
    }
    return await page(request, "decisions/group_preview.html", context)


async def _group(
    request: Request,
    decision: DecisionCard,
    form: FormData,
    *,
    conflict: Message | None = None,
    block: str | None = None,
    checked: queries.Checked | None = None,
    status: int = 200,
) -> Response:
    viewer = viewer_of(request)
    may_draft(viewer, decision.process.public_id).demand()
    desk = await queries.desk_of(decision)
    wanted, rest = _listed(form, desk)
    if status == 200:
        form.errors.clear()
    points = [one for one in desk.points if one.public_id in wanted and not one.is_withdrawn]
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "rows": await queries.rows_of(desk, points),
        "rest": rest,
        "articles": await queries.articles_now(decision.id),
        "scope": await processes.scope_in_force(decision.process.id),
        "form": form,
        "unfit": _unfit(form),
        "checked": checked,
        "for_points": [one.partition(":")[0] for one in _pairs(form)],
        "conflict": conflict,
        "chosen": parse_outcome(form),
        "parts": part_count(form),
        "proposed": proposals(),
        "are_written": len(points) > 1 and all(one.answer_id is not None for one in points),
        "other_outcomes": [(code.value, said) for code, said in OUTCOMES.items() if code != "withdrawn"],
    }
    return await page(request, "decisions/group.html", context, block=block, status=status)


def _listed(form: FormData, desk: Desk) -> tuple[set[str], list[str]]:
    """Name the points to list, and those that only travel along.

    One of the others that was answered meanwhile, or cannot have this answer, comes into the list.
    """
    now = {f"{one.public_id}:{one.answer_version}" for one in desk.points if not one.is_withdrawn}
    unfit = {name.removeprefix("point-") for name in form.errors if name.startswith("point-")}
    others = form.value("rest").split()[:MOST_TOGETHER]
    stays = [one for one in others if one in now and one.partition(":")[0] not in unfit]
    listed = {one.partition(":")[0] for one in form.all("point")[:MOST_TOGETHER]}
    return listed | {one.partition(":")[0] for one in set(others) - set(stays)}, stays


def _unfit(form: FormData) -> dict[str, Message]:
    """Take the points that cannot have the answer out of the errors: each is said beside its point."""
    names = [name for name in form.errors if name.startswith("point-")]
    return {name.removeprefix("point-"): form.errors.pop(name) for name in names}


routes = [
    Route("/desk/decisions/{id}/group", group, name="decisions:group"),
    Route("/desk/decisions/{id}/group", save_group, methods=["POST"], name="decisions:save_group"),
    Route(
        "/desk/decisions/{id}/group/outcome", choose_group, methods=["POST"], name="decisions:choose_group"
    ),
    Route(
        "/desk/decisions/{id}/group/likeness", check_group, methods=["POST"], name="decisions:group_likeness"
    ),
]
