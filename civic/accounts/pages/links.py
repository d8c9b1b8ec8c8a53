"""Links that came by mail: a GET shows what they do, only a POST uses them."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions, forms, queries
from civic.accounts.actions import Link
from civic.accounts.pages.browser import label_of, mark_of_browser, password_context, signed_in
from civic.accounts.queries import LinkPurpose
from civic.accounts.words import ROLE_NAMES
from civic.foundation import forms as reading
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.rendering import page
from civic.foundation.web import open_to, safe_next, see_other, url, viewer_of

Follow = Callable[[Request, str, Link, FormData], Awaitable[Response]]


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show what a link is for, and the button that uses it."""
    link = await actions.find_link(request.path_params["token"])
    if link is None or link.purpose not in _FOLLOW:
        return await page(request, "accounts/link_gone.html", status=404)
    return await page(request, "accounts/link.html", await _context(link, reading.blank()))


@open_to("everyone")
async def follow(request: Request) -> Response:
    """Use a link."""
    token = request.path_params["token"]
    form = await reading.read(request, only=("name", "password"))
    link = await actions.find_link(token)
    if link is None or link.purpose not in _FOLLOW:
        return await page(request, "accounts/link_gone.html", status=404)
    try:
        return await _FOLLOW[link.purpose](request, token, link, form)
    except Invalid as wrong:
        context = await _context(link, form.with_errors(wrong))
        return await page(request, "accounts/link.html", context, status=422)


async def _context(link: Link, form: FormData) -> dict[str, object]:
    known = await queries.person_at(link.address) if link.purpose is LinkPurpose.INVITE else None
    role = ROLE_NAMES[queries.Role(str(link.data["role"]))] if link.purpose is LinkPurpose.INVITE else None
    return {"link": link, "form": form, "known": known, "role": role}


async def _sign_in(request: Request, token: str, link: Link, form: FormData) -> Response:
    session, after = await actions.follow_sign_in(token, viewer_of(request), label_of(request))
    return await signed_in(request, session, safe_next(after))


async def _register(request: Request, token: str, link: Link, form: FormData) -> Response:
    session, after = await actions.confirm_registration(
        token, viewer_of(request), label_of(request), browser=mark_of_browser(request)
    )
    return await signed_in(request, session, safe_next(after, url(request, "accounts:home")))


async def _reset(request: Request, token: str, link: Link, form: FormData) -> Response:
    password = forms.read_password(form, (*await password_context(), link.address))
    form.demand()
    session = await actions.reset_password(token, password, viewer_of(request), label_of(request))
    return await signed_in(request, session, url(request, "accounts:home"))


async def _change_address(request: Request, token: str, link: Link, form: FormData) -> Response:
    await actions.confirm_new_address(token)
    return see_other(url(request, "accounts:home"))


async def _accept(request: Request, token: str, link: Link, form: FormData) -> Response:
    name = password = ""
    if await queries.person_at(link.address) is None:
        name = forms.read_name(form)
        context = (*await password_context(), name, link.address)
        password = forms.read_password(form, context, required=False)
        form.demand()
    session = await actions.accept_invitation(
        token, viewer_of(request), label_of(request), name=name, password=password
    )
    return await signed_in(request, session, url(request, "accounts:home"))


_FOLLOW: dict[LinkPurpose, Follow] = {
    LinkPurpose.SIGN_IN: _sign_in,
    LinkPurpose.REGISTER: _register,
    LinkPurpose.RESET: _reset,
    LinkPurpose.CHANGE_ADDRESS: _change_address,
    LinkPurpose.INVITE: _accept,
}

routes = [
    Route("/links/{token}", show, name="accounts:follow"),
    Route("/links/{token}", follow, methods=["POST"], name="accounts:following"),
]
