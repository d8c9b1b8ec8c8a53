"""The first wall: what a route's mark says, checked before its endpoint runs."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from civic.foundation import bodies, csrf
from civic.foundation.errors import N_, NotFound, Refused
from civic.foundation.web import Mark, is_htmx, mark_of, viewer_of

SIGN_IN = "/sign-in"
_SIGN_IN_FIRST = N_("Please sign in first.")
_NOT_YOURS = N_("This page is for people who hold a role that you do not have here.")


def guarded(routes: Iterable[Route]) -> list[Route]:
    """Put the guard before every route. A route without a mark is an error of ours, found at start."""
    kept = []
    for route in routes:
        mark = mark_of(route.endpoint)
        if mark is None:
            raise RuntimeError(f"{route.name} at {route.path} does not say whom it is open to")
        guard = Middleware(_guard, mark=mark, pattern=route.path)
        kept.append(
            Route(route.path, route.endpoint, methods=route.methods, name=route.name, middleware=[guard])
        )
    return kept


def _guard(app: ASGIApp, mark: Mark, pattern: str) -> ASGIApp:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request.state.route = pattern
        try:
            refusal = await _refusal(request, mark)
            await (refusal or app)(scope, receive, send)
        finally:
            await _let_go(request)

    return inner


async def _let_go(request: Request) -> None:
    """Close the files that came with the form; who wants them has read them."""
    form = getattr(request.state, "form", None)
    for given in form.files.values() if form else ():
        for one in given:
            await one.close()


async def _refusal(request: Request, mark: Mark) -> Response | None:
    """Read and check the form of a change, then the mark; answer where to sign in, or None to go on."""
    if "\x00" in request.scope["path"]:
        raise NotFound
    changes = request.method not in csrf.SAFE_METHODS
    if changes:
        request.state.form = await bodies.receive(request, files=mark.files)
        if not mark.from_mail:
            csrf.demand(request, request.state.form)
    if mark.admits(viewer_of(request)):
        return None
    if viewer_of(request).is_signed_in:
        raise Refused(_NOT_YOURS)
    if changes:
        raise Refused(_SIGN_IN_FIRST)
    return _to_sign_in(request)


def _to_sign_in(request: Request) -> Response:
    query = bytes(request.scope.get("query_string", b"")).decode("latin-1")
    wanted = request.scope["path"] + (f"?{query}" if query else "")
    location = f"{SIGN_IN}?next={quote(wanted, safe='/')}"
    if is_htmx(request):
        return Response(headers={"HX-Redirect": location})
    return RedirectResponse(location, status_code=303)
