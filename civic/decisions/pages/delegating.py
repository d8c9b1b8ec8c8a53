"""Who may sign for whom in a process: read by everybody, given and taken back by those who decide."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.policies import may_delegate
from civic.decisions.promise_forms import parse_delegation, parse_revocation
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

DELEGATION_FIELDS = ("delegate", "from", "to", "reason_*")


@open_to("everyone")
async def signatures(request: Request) -> Response:
    """Show every delegated signature of a process, with its reason, those that are over too."""
    process = await _process(request)
    context = {
        "process": process,
        "delegations": await queries.delegations_of(process.id),
        "today": clock.local_day(clock.now()),
        "may_delegate": await _decides(request, process),
    }
    return await page(request, "decisions/signatures.html", context)


@open_to("officials")
async def delegation(request: Request) -> Response:
    """Show a decision maker the signatures they delegated, and the form to delegate."""
    return await _form(request, await _own(request), forms.blank())


@open_to("officials")
async def delegate(request: Request) -> Response:
    """Delegate a signature."""
    process = await _own(request)
    form = await forms.read(request, only=DELEGATION_FIELDS)

    async def act() -> str:
        possible = await queries.possible_delegates(viewer_of(request), process.public_id)
        draft = parse_delegation(form, [one.public_id for one in possible])
        await actions.delegate_signature(viewer_of(request), process, draft)
        return url(request, "decisions:delegation", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _form(request, process, form.with_errors(wrong), status=422)


@open_to("officials")
async def revoke(request: Request) -> Response:
    """Take a delegated signature back."""
    process = await _own(request)
    form = await forms.read(request, only=("because_*",))
    found = await queries.delegation_by_public_id(request.path_params["id"])
    if found.process_id != process.id:
        raise NotFound

    async def act() -> str:
        await actions.revoke_signature(viewer_of(request), process, found, parse_revocation(form))
        return url(request, "decisions:delegation", slug=process.slug)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _form(request, process, form.with_errors(wrong), status=422)


async def _process(request: Request) -> ProcessPage:
    return await processes.visible_process(viewer_of(request), request.path_params["slug"])


async def _own(request: Request) -> ProcessPage:
    process = await _process(request)
    may_delegate(is_maker=await _decides(request, process)).demand()
    return process


async def _decides(request: Request, process: ProcessPage) -> bool:
    me = viewer_of(request).participant
    return me is not None and me in {one.id for one in await queries.decision_makers(process.public_id)}


async def _form(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    viewer, today = viewer_of(request), clock.local_day(clock.now())
    given = [one for one in await queries.delegations_of(process.id) if one.given_by_id == viewer.participant]
    context = {
        "process": process,
        "form": form,
        "given": [one for one in given if not one.is_over(today)],
        "people": await queries.possible_delegates(viewer, process.public_id),
    }
    return await page(request, "decisions/delegation.html", context, status=status)


routes = [
    Route("/processes/{slug}/signatures", signatures, name="decisions:signatures"),
    Route("/desk/processes/{slug}/signatures", delegation, name="decisions:delegation"),
    Route("/desk/processes/{slug}/signatures", delegate, methods=["POST"], name="decisions:delegate"),
    Route(
        "/desk/processes/{slug}/signatures/{id}/end",
        revoke,
        methods=["POST"],
        name="decisions:revoke_delegation",
    ),
]
