"""What a browser remembers for its reader: language, theme, and when a page was last seen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.foundation import clock, cookies

THEMES = ("light", "dark")
_VISIT = 30 * 60
_KEPT = 40
_PLAIN = re.compile(r"[A-Za-z0-9-]{1,60}")


def with_preferences(app: ASGIApp, languages: Sequence[str]) -> ASGIApp:
    """Choose the language: `?lang=` (remembered), else the cookie, else the browser's, else our first."""

    async def choosing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope)
        state = scope.setdefault("state", {})
        asked = _asked(bytes(scope.get("query_string", b"")))
        chosen = asked if asked in languages else None
        remembered = cookies.read(request, cookies.LANGUAGE)
        state["language"] = chosen or (
            remembered if remembered in languages else accepted(request.headers, languages)
        )
        theme = cookies.read(request, cookies.THEME)
        state["theme"] = theme if theme in THEMES else None

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and chosen and chosen != remembered:
                response = Response()
                response.raw_headers = list(message["headers"])
                remember_language(response, chosen)
                message["headers"] = response.raw_headers
            await send(message)

        await app(scope, receive, answer)

    return choosing


def _asked(query: bytes) -> str:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True) if b"lang=" in query else []
    return next((value for name, value in reversed(pairs) if name == "lang"), "")


def accepted(headers: Headers, languages: Sequence[str]) -> str:
    """Give the language the browser likes best among ours, or the first of ours."""
    liked: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "")[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            liked.append((float(weight or 1), name.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    best = max(
        (one for one in liked if one[1] in languages and one[0] > 0), default=None, key=lambda one: one[0]
    )
    return best[1] if best else languages[0]


def remember_language(response: Response, language: str) -> None:
    """Keep the language a reader chose."""
    cookies.write(response, cookies.LANGUAGE, language, max_age=cookies.YEAR)


def remember_theme(response: Response, theme: str) -> None:
    """Keep the theme a reader chose; anything but light or dark follows the system again."""
    if theme in THEMES:
        cookies.write(response, cookies.THEME, theme, max_age=cookies.YEAR)
    else:
        cookies.drop(response, cookies.THEME)


def last_visit(request: Request, key: str) -> dt.datetime | None:
    """Tell when this browser was here before the present visit; None the first time."""
    previous = _visits(request).get(key, (0, 0))[0]
    return dt.datetime.fromtimestamp(previous, dt.UTC) if previous else None


def remember_visit(request: Request, response: Response, key: str) -> None:
    """Note that this browser is here now; pages seen within half an hour are one visit."""
    if not _PLAIN.fullmatch(key):
        raise ValueError(f"the key of a visit is plain, unlike {key!r}")
    visits = _visits(request)
    now = int(clock.now().timestamp())
    before, latest = visits.pop(key, (0, 0))
    if not latest or now - latest > _VISIT:
        before = latest
    visits[key] = (before, now)
    kept = list(visits.items())[-_KEPT:]
    value = ".".join(f"{name}~{before}~{latest}" for name, (before, latest) in kept)
    cookies.write(response, cookies.SEEN, value, max_age=cookies.YEAR)


def _visits(request: Request) -> dict[str, tuple[int, int]]:
    visits = {}
    for part in cookies.read(request, cookies.SEEN)[:4_000].split("."):
        name, _, times = part.partition("~")
        before, _, latest = times.partition("~")
        if before.isdecimal() and latest.isdecimal() and len(before) < 12 and len(latest) < 12:
            visits[name] = (int(before), int(latest))
    return visits
