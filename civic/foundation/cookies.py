"""Cookies: one way to write them, and the few this house keeps."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from civic import settings

SESSION = "civic"
FORM = "civic-form"
LANGUAGE = "civic-lang"
THEME = "civic-theme"
SEEN = "civic-seen"
RECEIPT = "civic-receipt"
YEAR = 365 * 24 * 3600


def read(request: Request, name: str) -> str:
    """Give the value of one of our cookies, or ""."""
    return request.cookies.get(settings.current().cookie_prefix + name, "")


def write(response: Response, name: str, value: str, *, max_age: int | None, hidden: bool = True) -> None:
    """Set one of our cookies; without an age it ends with the browser."""
    current = settings.current()
    response.set_cookie(
        current.cookie_prefix + name,
        value,
        max_age=max_age,
        path="/",
        secure=bool(current.cookie_prefix) or current.is_secure,
        httponly=hidden,
        samesite="lax",
    )


def drop(response: Response, name: str) -> None:
    """Take one of our cookies back."""
    write(response, name, "", max_age=0)
