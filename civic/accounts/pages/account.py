"""One's own account: name, language, address, password, sessions, absence."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions, forms, queries
from civic.accounts.pages.browser import password_context
from civic.accounts.pages.scopes import titles_of
from civic.accounts.policies import may_act_afresh, may_name_substitute
from civic.accounts.words import ROLE_NAMES
from civic.foundation import clock, instance, preferences
from civic.foundation import forms as reading
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of

_GUARDED_BY_ITSELF = "accounts/password.html"


@open_to("participants")
async def home(request: Request) -> Response:
    """Show one's account."""
    viewer = viewer_of(request)
    roles = await queries.roles_of(viewer)
    context = {
        "account": await queries.account_of(viewer),
        "roles": roles,
        "role_names": ROLE_NAMES,
        "titles": await titles_of(viewer) if roles else {},
        "may_be_away": may_name_substitute(viewer),
        "stand_ins": await queries.stand_ins_of(viewer),
    }
    return await page(request, "accounts/account.html", context)


@open_to("participants")
async def name(request: Request) -> Response:
    """Show the form for another name."""
    return await page(request, "accounts/name.html", {"form": reading.blank(name=viewer_of(request).name)})


@open_to("participants")
async def change_name(request: Request) -> Response:
    """Take another name."""
    form = await reading.read(request, only=forms.NAME)
    try:
        chosen = forms.read_name(form)
        form.demand()
        await actions.change_name(viewer_of(request), chosen)
    except Invalid as wrong:
        return await page(request, "accounts/name.html", {"form": form.with_errors(wrong)}, status=422)
    return see_other(url(request, "accounts:home"))


@open_to("participants")
async def change_language(request: Request) -> Response:
    """Take another language, for pages and for messages."""
    form = await reading.read(request, only=forms.LANGUAGE)
    language = forms.parse_language(form, (await instance.current()).offered)
    await actions.change_language(viewer_of(request), language)
    response = see_other(url(request, "accounts:home"))
    preferences.remember_language(response, language)
    return response


@open_to("participants")
async def address(request: Request) -> Response:
    """Show the form for another address, to who signed in a moment ago."""
    return await _guarded(request, "accounts/address.html", reading.blank())


@open_to("participants")
async def change_address(request: Request) -> Response:
    """Mail a link to the new address and tell the old one."""
    form = await reading.read(request, only=forms.ADDRESS)
    try:
        await actions.ask_new_address(viewer_of(request), forms.parse_address(form))
    except Invalid as wrong:
        return await _guarded(request, "accounts/address.html", form.with_errors(wrong), status=422)
    return see_other(url(request, "accounts:address_sent"))


@open_to("participants")
async def address_sent(request: Request) -> Response:
    """Say that the new address must be confirmed."""
    return await page(request, "accounts/address_sent.html")


@open_to("participants")
async def password(request: Request) -> Response:
    """Show the form for a new password."""
    return await _guarded(request, _GUARDED_BY_ITSELF, reading.blank())


@open_to("participants")
async def change_password(request: Request) -> Response:
    """Set a password; the other sessions end."""
    form = await reading.read(request, only=forms.PASSWORD)
    viewer = viewer_of(request)
    account = await queries.account_of(viewer)
    try:
        context = (*await password_context(), account.name, account.address or "")
        chosen = forms.read_password(form, context)
        form.demand()
        await actions.change_password(viewer, form.value("current"), chosen)
    except Invalid as wrong:
        return await _guarded(request, _GUARDED_BY_ITSELF, form.with_errors(wrong), status=422)
    return see_other(url(request, "accounts:home"))


async def _guarded(request: Request, template: str, form: FormData, status: int = 200) -> Response:
    """Show a form that guards the account, or ask who is there first."""
    viewer = viewer_of(request)
    account = await queries.account_of(viewer)
    fresh = may_act_afresh(await queries.session_began(viewer), clock.now())
    if not fresh and not (template == _GUARDED_BY_ITSELF and account.has_password):
        again = url(request, "accounts:again")
        return see_other(f"{again}?next={request.scope['path']}")
    return await page(request, template, {"form": form, "account": account}, status=status)


@open_to("participants")
async def sessions(request: Request) -> Response:
    """List the browsers signed in to one's account."""
    context = {"sessions": await queries.sessions_of(viewer_of(request))}
    return await page(request, "accounts/sessions.html", context)


@open_to("participants")
async def end_session(request: Request) -> Response:
    """End one session."""
    await reading.read(request, only=())
    await actions.end_session(viewer_of(request), request.path_params["key"])
    return see_other(url(request, "accounts:sessions"))


@open_to("participants")
async def end_others(request: Request) -> Response:
    """End every other session."""
    await reading.read(request, only=())
    await actions.end_other_sessions(viewer_of(request))
    return see_other(url(request, "accounts:sessions"))


@open_to("staff")
async def absence(request: Request) -> Response:
    """Show one's absences and the form for another."""
    return await _absence_page(request, reading.blank())


@open_to("staff")
async def name_substitute(request: Request) -> Response:
    """Name who stands in, from one day to another."""
    form = await reading.read(request, only=forms.ABSENCE)
    viewer = viewer_of(request)
    try:
        colleagues = {one.public_id for one in await queries.colleagues_of(viewer)}
        draft = forms.parse_absence(form, colleagues)

        async def act() -> str:
            await actions.name_substitute(viewer, draft)
            return url(request, "accounts:absence")

        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _absence_page(request, form.with_errors(wrong), status=422)


@open_to("staff")
async def end_absence(request: Request) -> Response:
    """Come back early."""
    await reading.read(request, only=())
    await actions.end_absence(viewer_of(request), request.path_params["id"])
    return see_other(url(request, "accounts:absence"))


async def _absence_page(request: Request, form: FormData, status: int = 200) -> Response:
    viewer = viewer_of(request)
    context = {
        "form": form,
        "may": may_name_substitute(viewer),
        "absences": await queries.absences_of(viewer),
        "stand_ins": await queries.stand_ins_of(viewer),
        "colleagues": await queries.colleagues_of(viewer),
    }
    return await page(request, "accounts/absence.html", context, status=status)


routes = [
    Route("/account", home, name="accounts:home"),
    Route("/account/name", name, name="accounts:name"),
    Route("/account/name", change_name, methods=["POST"], name="accounts:naming"),
    Route("/account/language", change_language, methods=["POST"], name="accounts:language"),
    Route("/account/address", address, name="accounts:address"),
    Route("/account/address", change_address, methods=["POST"], name="accounts:addressing"),
    Route("/account/address/sent", address_sent, name="accounts:address_sent"),
    Route("/account/password", password, name="accounts:password"),
    Route("/account/password", change_password, methods=["POST"], name="accounts:new_password"),
    Route("/account/sessions", sessions, name="accounts:sessions"),
    Route("/account/sessions/others", end_others, methods=["POST"], name="accounts:other_sessions"),
    Route("/account/sessions/{key}/end", end_session, methods=["POST"], name="accounts:session_end"),
    Route("/account/absence", absence, name="accounts:absence"),
    Route("/account/absence", name_substitute, methods=["POST"], name="accounts:substitute"),
    Route("/account/absence/{id}/end", end_absence, methods=["POST"], name="accounts:absence_end"),
]
