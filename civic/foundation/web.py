"""What pages need of the web: the mark of a route, addresses, redirects, and the sign-in cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import NoMatchFound, Route

from civic.foundation import cookies
from civic.foundation.viewer import STRANGER, Viewer

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Response]])

AUDIENCES: dict[str, frozenset[str]] = {
    "moderators": frozenset({"moderator"}),
    "officials": frozenset({"official", "reviewer", "decision_maker"}),
    "appeal_readers": frozenset({"appeal_reader"}),
    "administrators": frozenset({"administrator"}),
}
AUDIENCES["staff"] = frozenset().union(*AUDIENCES.values())
OPEN_AUDIENCES = frozenset({"everyone", "participants"})


class RoleLink(NamedTuple):
    """A link of the bar that people with a role see, with the number of things that wait there."""

    label: str
    href: str
    waiting: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Mark:
    """Whom a route is open to, whether its form may carry files, and whether a mail program may send it.

    What is `from_mail` needs no page of ours first: its address holds a secret that opens that one act.
    """

    audience: frozenset[str]
    files: bool = False
    from_mail: bool = False

    def admits(self, viewer: Viewer) -> bool:
        """Tell whether the viewer passes this first wall; the policy of the act comes after it."""
        if "everyone" in self.audience:
            return True
        if not viewer.is_signed_in:
            return False
        if "participants" in self.audience:
            return True
        return any(viewer.holds_somewhere(*AUDIENCES[name]) for name in self.audience)


def open_to(*audience: str, files: bool = False, from_mail: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint: "everyone", "participants", "moderators", "officials", "administrators"…"""
    unknown = set(audience) - OPEN_AUDIENCES - set(AUDIENCES)
    if unknown or not audience:
        raise ValueError(f"no such audience: {sorted(unknown)}")

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.mark = Mark(frozenset(audience), files, from_mail)  # type: ignore[attr-defined]
        return endpoint

    return mark


def mark_of(endpoint: object) -> Mark | None:
    """Read the mark of an endpoint, if it wears one."""
    found = getattr(endpoint, "mark", None)
    return found if isinstance(found, Mark) else None


def viewer_of(request: Request) -> Viewer:
    """Tell who is looking."""
    viewer = getattr(request.state, "viewer", STRANGER)
    return viewer if isinstance(viewer, Viewer) else STRANGER


def address(app: Starlette, name: str, **params: object) -> str:
    """Give the path of a route of the app."""
    routes: Mapping[str, Route] = app.state.routes
    if name not in routes:
        raise NoMatchFound(name, params)
    return str(routes[name].url_path_for(name, **params))


def url(request: Request, name: str, **params: object) -> str:
    """Give the path of a route by its name."""
    return address(request.app, name, **params)


def sign_in_cookie(response: Response, token: str, *, max_age: int | None = None) -> None:
    """Give the browser its session token; without an age it ends with the browser."""
    cookies.write(response, cookies.SESSION, token, max_age=max_age)


def sign_out_cookie(response: Response) -> None:
    """Take the session token and the receipt back, and ask the browser to forget the pages it kept."""
    cookies.drop(response, cookies.SESSION)
    cookies.drop(response, cookies.RECEIPT)
    response.headers["clear-site-data"] = '"cache", "storage"'


def see_other(location: str) -> Response:
    """Go and read the result: what every accepted form answers (303)."""
    return RedirectResponse(safe_next(location), status_code=303)


def safe_next(location: str | None, otherwise: str = "/") -> str:
    """Keep a redirect inside this site: one leading slash, no host, no backslash, no control character."""
    if not location or not location.startswith("/") or len(location) > 2_000:
        return otherwise
    if any(character in "\\@" or ord(character) < 0x21 or ord(character) == 0x7F for character in location):
        return otherwise
    if location.startswith("//") or "%0d" in location.lower() or "%0a" in location.lower():
        return otherwise
    parts = urlsplit(location)
    return otherwise if parts.scheme or parts.netloc else quote(location, safe="/?#[]!$&'()*+,;=:%-._~")


def is_htmx(request: Request) -> bool:
    """Tell whether htmx asked for a part of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"
