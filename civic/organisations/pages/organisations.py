"""An organisation as everybody reads it, and what its delegates do there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries as decisions
from civic.foundation import clock, forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.organisations import actions, policies, queries
from civic.organisations.forms import (
    ASKING_FIELDS,
    END_FIELDS,
    INTERESTS_FIELDS,
    ORGANISATION_FIELDS,
    parse_asking,
    parse_end,
    parse_interests,
    parse_organisation,
)
from civic.organisations.queries import OrganisationCard
from civic.processes import queries as processes
from civic.processes.queries import Category, ProcessPage, StakeholderCard, name_of
from civic.proposals import policies as proposing


@open_to("everyone")
async def index(request: Request) -> Response:
    """List the organisations that were checked."""
    after = forms.whole(forms.query(request), "after", min=1, max=2**53, required=False)
    lines, following = await queries.organisations(after or 0)
    context = {
        "organisations": lines,
        "next_after": following,
        "paged": after is not None,
        "mine": await queries.organisations_of(viewer_of(request)),
        "categories": {one: name_of(one) for one in Category},
    }
    return await page(request, "organisations/list.html", context)


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show an organisation: who speaks for it, its interests, its statements and what became of them."""
    return await _show(request, forms.blank())


@open_to("participants")
async def new(request: Request) -> Response:
    """Show the form that presents an organisation and asks to speak for it."""
    return await _new(request, forms.blank())


@open_to("participants")
async def propose(request: Request) -> Response:
    """Present an organisation, and ask to speak for it."""
    form = await forms.read(request, only=(*ORGANISATION_FIELDS, *ASKING_FIELDS))

    async def act() -> str:
        draft, asking = parse_organisation(form), parse_asking(form)
        form.demand()
        made = await actions.propose_organisation(viewer_of(request), draft, asking)
        return url(request, "organisations:show", id=made.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, form.with_errors(wrong), status=422)


@open_to("participants")
async def asking(request: Request) -> Response:
    """Show the form that asks to speak for an organisation."""
    return await _asking(request, await _found(request), forms.blank())


@open_to("participants")
async def ask(request: Request) -> Response:
    """Ask to speak for an organisation."""
    organisation = await _found(request)
    form = await forms.read(request, only=ASKING_FIELDS)

    async def act() -> str:
        draft = parse_asking(form)
        form.demand()
        await actions.ask_to_speak(viewer_of(request), organisation, draft)
        return url(request, "organisations:show", id=organisation.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _asking(request, organisation, form.with_errors(wrong), status=422)


@open_to("participants")
async def interests(request: Request) -> Response:
    """Show the form that declares interests, with what was declared last."""
    organisation = await _spoken_for(request)
    said = await queries.interests_of(organisation.id)
    first = forms.blank(interests=said[0].text, funding=said[0].funding) if said else forms.blank()
    return await page(
        request,
        "organisations/interests.html",
        {"organisation": organisation, "form": first, "declared": said},
    )


@open_to("participants")
async def declare(request: Request) -> Response:
    """Declare interests; what was declared before stays readable."""
    organisation = await _spoken_for(request)
    form = await forms.read(request, only=INTERESTS_FIELDS)

    async def act() -> str:
        await actions.declare_interests(viewer_of(request), organisation, parse_interests(form))
        return url(request, "organisations:show", id=organisation.public_id) + "#interests"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        context = {
            "organisation": organisation,
            "form": form.with_errors(wrong),
            "declared": await queries.interests_of(organisation.id),
        }
        return await page(request, "organisations/interests.html", context, status=422)


@open_to("participants")
async def end(request: Request) -> Response:
    """End a mandate: one's own, or as an administrator."""
    organisation = await _found(request)
    form = await forms.read(request, only=END_FIELDS)
    asked = request.path_params["delegate"]
    current = [one for one in await queries.delegates_of(organisation.id) if one.public_id == asked]

    async def act() -> str:
        if not current:
            raise NotFound
        await actions.end_mandate(viewer_of(request), organisation, current[0], parse_end(form))
        return url(request, "organisations:show", id=organisation.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _show(request, form.with_errors(wrong), status=422)


async def _show(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer, organisation = viewer_of(request), await _found(request)
    before = forms.whole(forms.query(request), "before", min=1, max=2**53, required=False)
    statements, following = await queries.statements_of(organisation.id, before)
    delegates = await queries.delegates_of(organisation.id)
    is_delegate = await queries.delegate_of(viewer, organisation.id) is not None
    waits = await queries.is_waiting(viewer, organisation.id)
    context = {
        "organisation": organisation,
        "form": form,
        "categories": {one: name_of(one) for one in Category},
        "delegates": [one for one in delegates if one.is_current],
        "former": [one for one in delegates if not one.is_current],
        "declared": await queries.interests_of(organisation.id),
        "statements": statements,
        "before": before,
        "next_before": following,
        "outcomes": await decisions.outcomes_of_claims([key for one in statements for key in one.claims]),
        "is_delegate": is_delegate,
        "is_waiting": waits,
        "may_ask": policies.may_ask(viewer, is_delegate=is_delegate, is_waiting=waits),
        "may_verify": policies.may_verify(viewer),
        "open_processes": await _receiving(organisation) if is_delegate else [],
    }
    return await page(request, "organisations/show.html", context, status=status)


async def _receiving(organisation: OrganisationCard) -> list[tuple[ProcessPage, StakeholderCard | None]]:
    """Give the processes that receive statements today, and how their map invites this category."""
    now, found = clock.now(), []
    for one in await processes.open_processes():
        if proposing.may_submit(one.phases, now):
            entries = await processes.stakeholders_of(one.id)
            mine = (e for e in entries if e.is_expected and e.category is organisation.category)
            found.append((one, next(mine, None)))
    return found


async def _new(request: Request, form: FormData, *, status: int = 200) -> Response:
    context = {"form": form, "categories": {one: name_of(one) for one in Category}}
    return await page(request, "organisations/new.html", context, status=status)


async def _asking(
    request: Request, organisation: OrganisationCard, form: FormData, *, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    may = policies.may_ask(
        viewer,
        is_delegate=await queries.delegate_of(viewer, organisation.id) is not None,
        is_waiting=await queries.is_waiting(viewer, organisation.id),
    )
    context = {"organisation": organisation, "form": form, "may_ask": may}
    return await page(request, "organisations/asking.html", context, status=status)


async def _found(request: Request) -> OrganisationCard:
    return await queries.visible_organisation(viewer_of(request), request.path_params["id"])


async def _spoken_for(request: Request) -> OrganisationCard:
    """Give the organisation of this address to who speaks for it."""
    organisation = await _found(request)
    delegate = await queries.delegate_of(viewer_of(request), organisation.id)
    policies.may_speak(is_delegate=delegate is not None).demand()
    return organisation


routes = [
    Route("/organisations", index, name="organisations:list"),
    Route("/organisations/new", new, name="organisations:new"),
    Route("/organisations/new", propose, methods=["POST"], name="organisations:proposal"),
    Route("/organisations/{id}", show, name="organisations:show"),
    Route("/organisations/{id}/delegates", asking, name="organisations:asking"),
    Route("/organisations/{id}/delegates", ask, methods=["POST"], name="organisations:request"),
    Route("/organisations/{id}/delegates/{delegate}/end", end, methods=["POST"], name="organisations:end"),
    Route("/organisations/{id}/interests", interests, name="organisations:interests"),
    Route("/organisations/{id}/interests", declare, methods=["POST"], name="organisations:declaration"),
]
