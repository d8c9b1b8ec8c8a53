"""The pages of administrators: people and their roles, invitations, the face of the installation."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions, forms, queries
from civic.accounts.actions.roles import Where
from civic.accounts.pages.scopes import Titles, scopes_for, titles_of_grants, titles_of_scopes
from civic.accounts.policies import may_act_afresh
from civic.accounts.words import EVERYWHERE, ROLE_NAMES
from civic.foundation import clock, instance, languages
from civic.foundation import forms as reading
from civic.foundation.errors import N_, Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.viewer import Viewer
from civic.foundation.web import RoleLink, open_to, see_other, url, viewer_of


async def role_links(request: Request) -> list[RoleLink]:
    """Give administrators the way to their pages."""
    if not viewer_of(request).holds("administrator"):
        return []
    label = languages.gettext(request.state.language, N_("Administration"))
    return [RoleLink(label, url(request, "accounts:administration"))]


@open_to("administrators")
async def home(request: Request) -> Response:
    """Show what an administrator looks after."""
    context = {"administrators": await queries.administrators_count()}
    return await page(request, "accounts/administration.html", context)


@open_to("administrators")
async def people(request: Request) -> Response:
    """List people, or look them up."""
    asked = reading.query(request)
    words = reading.text(asked, "q", max=100, required=False)
    after = reading.whole(asked, "after", min=1, max=2**53, required=False)
    staff_only = reading.ticked(asked, "staff")
    found = await queries.people(viewer_of(request), words, after=after, staff_only=staff_only)
    context = {
        "people": found,
        "q": words,
        "staff_only": staff_only,
        "after": after,
        "role_names": ROLE_NAMES,
        "titles": await titles_of_grants(grant for one in found.rows for grant in one.grants),
    }
    return await page(request, "accounts/people.html", context)


@open_to("administrators")
async def person(request: Request) -> Response:
    """Show one person with their roles."""
    return await _person_page(request, reading.blank())


@open_to("administrators")
async def grant(request: Request) -> Response:
    """Give a role."""
    form = await reading.read(request, only=forms.GRANT)
    viewer, public_id = viewer_of(request), request.path_params["id"]
    here = url(request, "accounts:person", id=public_id)
    scopes = await scopes_for(viewer)
    try:
        draft = forms.parse_grant(form, scopes)

        async def act() -> str:
            await actions.give_role(viewer, public_id, draft, where=_where(scopes, draft.scope))
            return here

        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _person_page(request, form.with_errors(wrong), status=422)


@open_to("administrators")
async def revoke(request: Request) -> Response:
    """Take a role back."""
    form = await reading.read(request, only=forms.REVOKE)
    viewer, public_id = viewer_of(request), request.path_params["id"]
    scope, holder = await queries.visible_grant(viewer, public_id)
    try:
        reason = forms.parse_reason(form)
    except Invalid as wrong:
        return await _person_page(request, form.with_errors(wrong), holder, status=422)
    await actions.take_role(viewer, public_id, reason, where=_where(await titles_of_scopes([scope]), scope))
    return see_other(url(request, "accounts:person", id=holder))


@open_to("administrators")
async def invitations(request: Request) -> Response:
    """Show the invitations under way and the form for another."""
    return await _invitations_page(request, reading.blank())


@open_to("administrators")
async def invite(request: Request) -> Response:
    """Mail an invitation."""
    form = await reading.read(request, only=forms.INVITE)
    viewer = viewer_of(request)
    scopes = await scopes_for(viewer)
    try:
        address = reading.email(form, "address")
        draft = forms.parse_grant(form, scopes)

        async def act() -> str:
            where = _where(scopes, draft.scope)
            await actions.invite(viewer, address, draft, request.state.language, where=where)
            return url(request, "accounts:invitations")

        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _invitations_page(request, form.with_errors(wrong), status=422)


@open_to("administrators")
async def settings(request: Request) -> Response:
    """Show the face of the installation."""
    ours = await instance.current()
    first = {"name": ours.name, "body": ours.body, "languages": ours.offered, **ours.colours}
    first |= {f"contact_{language}": text for language, text in ours.contact.items()}
    first |= {} if ours.colours else {"plain_colours": "1"}
    return await page(request, "accounts/settings.html", {"form": reading.blank(**first)})


@open_to("administrators")
async def change_settings(request: Request) -> Response:
    """Change the face of the installation."""
    form = await reading.read(request, only=forms.SETTINGS)
    try:
        await actions.change_settings(viewer_of(request), forms.parse_settings(form))
    except Invalid as wrong:
        return await page(request, "accounts/settings.html", {"form": form.with_errors(wrong)}, status=422)
    return see_other(url(request, "accounts:settings"))


async def _person_page(
    request: Request, form: FormData, public_id: str | None = None, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    found = await queries.visible_person(viewer, public_id or request.path_params["id"])
    context = {
        "form": form,
        "person": found,
        "role_names": ROLE_NAMES,
        "scopes": await scopes_for(viewer),
        "titles": await titles_of_grants(found.grants),
        "fresh": await _is_fresh(viewer),
    }
    return await page(request, "accounts/person.html", context, status=status)


async def _invitations_page(request: Request, form: FormData, status: int = 200) -> Response:
    viewer = viewer_of(request)
    context = {
        "form": form,
        "invitations": await queries.invitations(viewer),
        "role_names": ROLE_NAMES,
        "scopes": await scopes_for(viewer),
        "fresh": await _is_fresh(viewer),
    }
    return await page(request, "accounts/invitations.html", context, status=status)


async def _is_fresh(viewer: Viewer) -> bool:
    return may_act_afresh(await queries.session_began(viewer), clock.now()).allowed


def _where(scopes: Titles, scope: str) -> Where:
    return scopes.get(scope, EVERYWHERE) if scope else EVERYWHERE


routes = [
    Route("/administration", home, name="accounts:administration"),
    Route("/administration/people", people, name="accounts:people"),
    Route("/administration/people/{id}", person, name="accounts:person"),
    Route("/administration/people/{id}/roles", grant, methods=["POST"], name="accounts:grant"),
    Route("/administration/roles/{id}/revocation", revoke, methods=["POST"], name="accounts:revocation"),
    Route("/administration/invitations", invitations, name="accounts:invitations"),
    Route("/administration/invitations", invite, methods=["POST"], name="accounts:invitation"),
    Route("/administration/settings", settings, name="accounts:settings"),
    Route("/administration/settings", change_settings, methods=["POST"], name="accounts:setting"),
]
