"""The first things a request meets: its id and its log line, who really calls, and for which host."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.foundation import ids
from civic.settings import is_loopback

PROBES = frozenset({"/healthz", "/readyz"})
_FORWARDED = (b"forwarded", b"x-forwarded-")
_requests = logging.getLogger("civic.requests")

Network = IPv4Network | IPv6Network


def with_request_id(app: ASGIApp) -> ASGIApp:
    """Give each request an id, sent back in `X-Request-ID`, and write one line about it."""

    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = ids.public_id()[:12]
        began = time.monotonic()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", state["request_id"].encode())]
            await send(message)

        try:
            await app(scope, receive, answer)
        finally:
            fields = {
                "request": state["request_id"],
                "method": scope["method"],
                "route": state.get("route", "-"),
                "status": status,
                "milliseconds": round((time.monotonic() - began) * 1000, 1),
            }
            _requests.info("request", extra={"fields": fields})

    return identified


def behind_proxies(app: ASGIApp, trusted: Iterable[str]) -> ASGIApp:
    """Believe `X-Forwarded-*` from the proxies of the configuration, and drop it from everybody else."""
    networks = tuple(ip_network(one) for one in trusted)

    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            said = Headers(scope=scope)
            scope = {
                **scope,
                "headers": [pair for pair in scope["headers"] if not pair[0].startswith(_FORWARDED)],
            }
            if _is_from(networks, (scope.get("client") or ("", 0))[0]):
                _believe(scope, said, networks)
        await app(scope, receive, send)

    return seen


def _is_from(networks: tuple[Network, ...], address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _believe(scope: Scope, said: Headers, networks: tuple[Network, ...]) -> None:
    """Take the nearest address that is no proxy of ours, and the scheme and host of the nearest proxy."""
    chain = [part.strip() for value in said.getlist("x-forwarded-for") for part in value.split(",")]
    for address in reversed(chain):
        try:
            ip_address(address)
        except ValueError:
            break
        scope["client"] = (address, 0)
        if not _is_from(networks, address):
            break
    scheme = said.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    if scheme in ("http", "https"):
        scope["scheme"] = scheme
    host = said.get("x-forwarded-host", "").rpartition(",")[2].strip()
    if host:
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]


def for_hosts(app: ASGIApp, public_host: str, *, is_local: bool) -> ASGIApp:
    """Answer for the public host only (and, on one machine, for loopback names); 400 or 421 otherwise."""
    ours = _name_of(public_host)

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        host = _name_of(hosts[0].decode("latin-1")) if len(hosts) == 1 else ""
        if not host:
            await PlainTextResponse("Bad host.\n", 400)(scope, receive, send)
        elif host == ours or (is_local and is_loopback(host)):
            await app(scope, receive, send)
        else:
            await PlainTextResponse("This host is not served here.\n", 421)(scope, receive, send)

    return asked


def _name_of(host: str) -> str:
    """Give the name in a Host header without its port, or "" when it is none."""
    name, bracket, rest = host.lower().partition("]")
    if bracket:
        name, rest = name.removeprefix("["), rest.removeprefix(":")
    else:
        name, _, rest = host.lower().partition(":")
    allowed = set(
        "abcdefghijklmnopqrstuvwxyz0123456789.-_:%" if bracket else "abcdefghijklmnopqrstuvwxyz0123456789.-_"
    )
    return name.removesuffix(".") if name and set(name) <= allowed and (not rest or rest.isdecimal()) else ""
