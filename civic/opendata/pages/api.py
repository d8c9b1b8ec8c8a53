"""The read API: JSON for programs, its description, and the page that explains it to people."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.foundation import ids, limits
from civic.foundation.rendering import page
from civic.foundation.web import open_to
from civic.opendata import queries
from civic.opendata.addresses import whole
from civic.opendata.describing import plain
from civic.opendata.openapi import Operation, document, read_query
from civic.opendata.operations import OPERATIONS
from civic.opendata.provenance import as_jsonld, as_prov_json

DESCRIPTION = "/api/openapi.json"
_OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""Any page may read what needs no sign-in; nothing here looks at who asks."""


def endpoint_of(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint of an address of the API."""

    @open_to("everyone")
    async def answer(request: Request) -> Response:
        await spend(request)
        asked = read_query(operation, request.query_params.multi_items())
        found = await operation.answer({**asked, **request.path_params})
        if not operation.is_list:
            return told(request, plain(found))
        data, following = found
        return told(request, {"data": plain(data), "next": following})

    return answer


@open_to("everyone")
async def description(request: Request) -> Response:
    """Send the description of the API in OpenAPI 3.1."""
    await spend(request)
    return told(request, document(OPERATIONS))


@open_to("everyone")
async def show(request: Request) -> Response:
    """Explain the API to people."""
    rate = limits.RATES["api_network"]
    context = {
        "operations": OPERATIONS,
        "description": DESCRIPTION,
        "rate": rate.amount * 60 // rate.seconds,
        "example": f"curl {whole('/api/v1/decisions')}",
        "site": settings.current().public_url,
    }
    return await page(request, "opendata/api.html", context)


@open_to("everyone")
async def provenance(request: Request) -> Response:
    """Send the public trace of a contribution as PROV-O in JSON-LD."""
    await spend(request)
    found = await queries.public_provenance(request.path_params["number"])
    return told(request, as_jsonld(found), kind="application/ld+json")


@open_to("everyone")
async def provenance_json(request: Request) -> Response:
    """Send the same trace as PROV-JSON."""
    await spend(request)
    found = await queries.public_provenance(request.path_params["number"])
    return told(request, as_prov_json(found))


async def spend(request: Request, cost: int = 1) -> None:
    """Use up a little of what a network may ask for."""
    await limits.spend("api_network", limits.network_of(request.client.host if request.client else ""), cost)


def told(request: Request, body: Any, *, kind: str = "application/json") -> Response:
    """Answer in JSON, or say that what the caller kept is still true."""
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    tag = f'W/"{ids.hash_token(written)[:32]}"'
    headers = {"etag": tag, "cache-control": "public, no-cache", **_OPEN}
    if is_kept(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(written, media_type=kind, headers=headers)


def is_kept(given: str, tag: str) -> bool:
    """Tell whether one of the tags somebody kept names this state (RFC 9110, weak comparison)."""
    kept = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in kept or tag.removeprefix("W/") in kept


routes = [
    Route("/opendata/api", show, name="opendata:api"),
    Route(DESCRIPTION, description, name="opendata:api_description"),
    Route("/contributions/{number}/prov.jsonld", provenance, name="opendata:provenance"),
    Route("/contributions/{number}/prov.json", provenance_json, name="opendata:provenance_json"),
    *(Route(one.path, endpoint_of(one), name=one.name) for one in OPERATIONS),
]
