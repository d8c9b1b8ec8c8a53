"""Close a process and change what can change in it, knowing what is still owed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions
from civic.decisions.pages.showing import WORDS
from civic.foundation import forms
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.forms import SCOPE_FIELDS, SCOPE_LINES, parse_scope
from civic.processes.policies import may_add, may_work_on
from civic.processes.queries import ProcessPage, Promise, Standing
from civic.processes.queries.words import name_of


@open_to("officials", "administrators")
async def closure(request: Request) -> Response:
    """Show what a process still owes, and the form that ends it."""
    process = await _worked(request)
    return await _closure(request, process, forms.blank())


@open_to("officials", "administrators")
async def close(request: Request) -> Response:
    """End a process with its public reason."""
    process = await _worked(request)
    form = await forms.read(request, only=("reason_*", "unanswered", "understood"))

    async def act() -> str:
        reason = forms.localized(form, "reason", max=2_000, lines=True)
        known = forms.whole(form, "unanswered", min=0, max=10**9) if forms.ticked(form, "understood") else 0
        form.demand()
        await actions.close_process(viewer_of(request), process, reason, knows_unanswered=known)
        return url(request, "processes:show", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _closure(request, process, form.with_errors(wrong), status=422)


async def _closure(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    context = {
        **WORDS,
        "process": process,
        "left": await actions.remaining(process),
        "form": form,
        "may_close": may_add(viewer_of(request), process.public_id, process.state),
    }
    return await page(request, "decisions/closure.html", context, status=status)


@open_to("officials", "administrators")
async def scope(request: Request) -> Response:
    """Show the room for influence of an open process, to publish a new version."""
    process = await _worked(request)
    in_force = await processes.scope_in_force(process.id)
    values: dict[str, object] = {}
    if in_force is not None:
        values = {"promise": in_force.promise, "decides_on": in_force.decides_on}
        values |= {f"decision_maker_{code}": said for code, said in in_force.decision_maker.items()}
        for standing in Standing:
            for number, line in enumerate(in_force.standing(standing)):
                values |= {f"{standing}_{number}_text_{code}": said for code, said in line.text.items()}
                values |= {f"{standing}_{number}_why_{code}": said for code, said in line.why.items()}
                values[f"{standing}_{number}_where"] = line.where
    return await _scope(request, process, forms.blank(**values))


@open_to("officials", "administrators")
async def change_scope(request: Request) -> Response:
    """Publish a new version of the room for influence, with its public reason."""
    process = await _worked(request)
    form = await forms.read(request, only=SCOPE_FIELDS)

    async def act() -> str:
        draft, reason = parse_scope(form, reason=True)
        await actions.change_scope(viewer_of(request), process, draft, reason)
        return url(request, "processes:scope", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _scope(request, process, form.with_errors(wrong), status=422)


async def _scope(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    may_add(viewer_of(request), process.public_id, process.state).demand()
    context = {
        **WORDS,
        "process": process,
        "form": form,
        "promises": tuple(Promise),
        "promise_words": {one: name_of(one) for one in Promise},
        "numbers": {standing: _numbers(form, standing) for standing in Standing},
        "left": await actions.remaining(process),
    }
    return await page(request, "decisions/scope.html", context, status=status)


def _numbers(form: FormData, standing: Standing) -> range:
    """Number the lines shown: those that are written, and two empty ones."""
    written = [
        number
        for number in range(SCOPE_LINES)
        if any(name.startswith(f"{standing}_{number}_") and form.value(name).strip() for name in form.values)
    ]
    return range(min(SCOPE_LINES, max(written, default=-1) + 3))


async def _worked(request: Request) -> ProcessPage:
    viewer = viewer_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    may_work_on(viewer, process.public_id).demand()
    return process


routes = [
    Route("/desk/processes/{slug}/closure", closure, name="decisions:closure"),
    Route("/desk/processes/{slug}/closure", close, methods=["POST"], name="decisions:close"),
    Route("/desk/processes/{slug}/scope/change", scope, name="decisions:scope_change"),
    Route(
        "/desk/processes/{slug}/scope/change", change_scope, methods=["POST"], name="decisions:changing_scope"
    ),
]
