"""Know who is looking: the session cookie and the card of its viewer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.foundation import cookies
from civic.foundation.viewer import STRANGER, Viewer

Loader = Callable[[str], Awaitable[Viewer | None]]
_LONGEST_TOKEN = 128
_FORM_AGE = 30 * 24 * 3600
"""Long enough for a phone that ends its browser and brings the half-written form back."""


def with_viewer(app: ASGIApp, load: Loader, *, skip: tuple[str, ...] = ()) -> ASGIApp:
    """Put the viewer's card into the request; a session that has ended loses its cookie."""

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(skip):
            await app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["viewer"] = STRANGER
        token = cookies.read(Request(scope), cookies.SESSION)
        viewer = await load(token) if 0 < len(token) <= _LONGEST_TOKEN else None
        if viewer is not None:
            state["viewer"], state["session_token"] = viewer, token

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _settle_cookies(message, scope, ended=bool(token) and viewer is None)
            await send(message)

        await app(scope, receive, answer)

    return known


def _settle_cookies(message: Message, scope: Scope, *, ended: bool) -> None:
    response = Response()
    response.raw_headers = list(message["headers"])
    chosen = cookies.SESSION.encode() + b"="
    set_already = any(name == b"set-cookie" and chosen in value for name, value in response.raw_headers)
    if ended and not set_already:
        cookies.drop(response, cookies.SESSION)
    new = scope["state"].get("new_form_cookie")
    if new:
        cookies.write(response, cookies.FORM, new, max_age=_FORM_AGE)
    message["headers"] = response.raw_headers
