"""Sign in, sign out, ask for an account or for a new password."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions, forms, queries
from civic.accounts.pages.browser import (
    label_of,
    mark_of_browser,
    network_of,
    password_context,
    signed_in,
    wanted,
)
from civic.foundation import forms as reading
from civic.foundation.errors import Invalid
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, safe_next, see_other, sign_out_cookie, url, viewer_of


@open_to("everyone")
async def sign_in(request: Request) -> Response:
    """Show both ways to sign in."""
    after = safe_next(request.query_params.get("next"))
    if viewer_of(request).is_signed_in:
        return see_other(after)
    return await page(request, "accounts/sign_in.html", {"form": reading.blank(next=after), "after": after})


@open_to("everyone")
async def try_password(request: Request) -> Response:
    """Sign in by password."""
    form = await reading.read(request, only=forms.SIGN_IN)
    try:
        given = forms.parse_sign_in(form)
        token = await actions.sign_in(
            given, viewer_of(request), network=network_of(request), label=label_of(request)
        )
    except Invalid as wrong:
        context = {"form": form.with_errors(wrong), "after": wanted(form)}
        return await page(request, "accounts/sign_in.html", context, status=422)
    return await signed_in(request, token, wanted(form))


@open_to("everyone")
async def ask_link(request: Request) -> Response:
    """Mail a link to sign in."""
    form = await reading.read(request, only=forms.LINK)
    try:
        address = forms.parse_address(form)
        await actions.allow_link(address, network_of(request))
    except Invalid as wrong:
        context = {"form": form.with_errors(wrong), "after": wanted(form), "by_link": True}
        return await page(request, "accounts/sign_in.html", context, status=422)

    async def act() -> str:
        await actions.request_link(address, request.state.language, after=wanted(form))
        return url(request, "accounts:link_sent")

    return see_other(await once(form.key, form.digest, act))


@open_to("everyone")
async def link_sent(request: Request) -> Response:
    """Say that a message is on its way, whoever asked."""
    return await page(request, "accounts/sent.html")


@open_to("participants")
async def again(request: Request) -> Response:
    """Ask who is there once more, before what guards an account."""
    after = safe_next(request.query_params.get("next"), url(request, "accounts:home"))
    context = {"form": reading.blank(next=after), "account": await queries.account_of(viewer_of(request))}
    return await page(request, "accounts/again.html", context)


@open_to("participants")
async def try_again(request: Request) -> Response:
    """Open a new session for who shows once more who they are."""
    form = await reading.read(request, only=("password", "next"))
    viewer = viewer_of(request)
    account = await queries.account_of(viewer)
    form.values["address"] = (account.address or "",)
    try:
        given = forms.parse_sign_in(form)
        token = await actions.sign_in(given, viewer, network=network_of(request), label=label_of(request))
    except Invalid as wrong:
        context = {"form": form.with_errors(wrong), "account": account}
        return await page(request, "accounts/again.html", context, status=422)
    return await signed_in(request, token, wanted(form))


@open_to("everyone")
async def sign_out(request: Request) -> Response:
    """End the session of this browser, and have it forget what it kept."""
    await reading.read(request, only=())
    await actions.sign_out(viewer_of(request))
    response = see_other("/")
    sign_out_cookie(response)
    return response


@open_to("everyone")
async def register(request: Request) -> Response:
    """Show the form for an account."""
    after = safe_next(request.query_params.get("next"))
    if viewer_of(request).is_signed_in:
        return see_other(after)
    form = reading.blank(next=after, address=request.query_params.get("address"))
    return await page(request, "accounts/register.html", {"form": form, "after": after})


@open_to("everyone")
async def ask_account(request: Request) -> Response:
    """Mail the link that makes the account."""
    form = await reading.read(request, only=forms.REGISTER)
    try:
        asked = forms.parse_registration(form, await password_context())
        prepared = await actions.prepare_registration(asked, network_of(request))
    except Invalid as wrong:
        context = {"form": form.with_errors(wrong), "after": wanted(form)}
        return await page(request, "accounts/register.html", context, block="form", status=422)

    async def act() -> str:
        await actions.ask_registration(
            prepared, request.state.language, after=wanted(form), browser=mark_of_browser(request)
        )
        return url(request, "accounts:register_sent")

    return see_other(await once(form.key, form.digest, act))


@open_to("everyone")
async def register_sent(request: Request) -> Response:
    """Say that a message is on its way, whether or not the address was known."""
    return await page(request, "accounts/register_sent.html")


@open_to("everyone")
async def forgotten(request: Request) -> Response:
    """Show the form for a new password."""
    return await page(request, "accounts/forgotten.html", {"form": reading.blank()})


@open_to("everyone")
async def ask_reset(request: Request) -> Response:
    """Mail the link to choose a new password."""
    form = await reading.read(request, only=forms.ADDRESS)
    try:
        address = forms.parse_address(form)
        await actions.allow_reset(address, network_of(request))
    except Invalid as wrong:
        return await page(request, "accounts/forgotten.html", {"form": form.with_errors(wrong)}, status=422)

    async def act() -> str:
        await actions.request_reset(address, request.state.language)
        return url(request, "accounts:link_sent")

    return see_other(await once(form.key, form.digest, act))


routes = [
    Route("/sign-in", sign_in, name="accounts:sign_in"),
    Route("/sign-in", try_password, methods=["POST"], name="accounts:session"),
    Route("/sign-in/link", ask_link, methods=["POST"], name="accounts:link"),
    Route("/sign-in/sent", link_sent, name="accounts:link_sent"),
    Route("/sign-in/again", again, name="accounts:again"),
    Route("/sign-in/again", try_again, methods=["POST"], name="accounts:fresh_session"),
    Route("/sign-out", sign_out, methods=["POST"], name="accounts:sign_out"),
    Route("/register", register, name="accounts:register"),
    Route("/register", ask_account, methods=["POST"], name="accounts:registration"),
    Route("/register/sent", register_sent, name="accounts:register_sent"),
    Route("/password/forgotten", forgotten, name="accounts:forgotten"),
    Route("/password/forgotten", ask_reset, methods=["POST"], name="accounts:reset"),
]
