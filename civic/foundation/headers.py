"""The headers of every answer: what a browser may load, frame, remember and store (TRUST 3, 19 to 29)."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.foundation.viewer import STRANGER

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # "no-referrer" would turn the Origin of every form into "null", which the check of forms refuses.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "x-frame-options": "DENY",
}
_YEAR = "max-age=31536000; includeSubDomains"


def with_safe_headers(app: ASGIApp, *, is_secure: bool) -> ASGIApp:
    """Send the policies with every answer, and never let a page made for one person be stored."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                if is_secure:
                    headers.setdefault("strict-transport-security", _YEAR)
                _say_how_to_store(headers, scope)
            await send(message)

        await app(scope, receive, answer)

    return guarded


def _say_how_to_store(headers: MutableHeaders, scope: Scope) -> None:
    state = scope.get("state", {})
    is_private = (
        state.get("viewer", STRANGER) != STRANGER or state.get("is_private") or "set-cookie" in headers
    )
    if is_private and "immutable" not in headers.get("cache-control", ""):
        headers["cache-control"] = "no-store"
    headers.setdefault("cache-control", "private, no-cache")
    if headers.get("content-type", "").startswith("text/html"):
        for name in ("Cookie", "Accept-Language", "HX-Request"):
            headers.add_vary_header(name)
