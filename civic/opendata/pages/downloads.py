"""What can be downloaded: the public grid of a process, and every answer of a decision."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from civic import settings
from civic.foundation import ids, limits
from civic.foundation.errors import NotFound
from civic.foundation.rendering import page
from civic.foundation.web import open_to, viewer_of
from civic.ledger import queries as record
from civic.opendata import queries
from civic.opendata.exports import csv_of, outcomes_csv
from civic.opendata.openapi import read_query
from civic.opendata.operations import FILTERS, OPERATIONS, chosen
from civic.opendata.pages.api import is_kept
from civic.opendata.queries import Sheet
from civic.processes import queries as processes

_COST = 5
_BOM = "\ufeff"
_OUTCOMES = replace(next(one for one in OPERATIONS if one.name == "opendata:api_outcomes"), asked=FILTERS)
"""The file takes the filters of the list, and is not read page by page."""


@open_to("everyone")
async def home(request: Request) -> Response:
    """List what can be downloaded, under which licence, and what the columns mean."""
    after = request.query_params.get("after")
    offers, more = await queries.offers(after=after)
    return await page(request, "opendata/home.html", {"offers": offers, "more": more, "paged": bool(after)})


@open_to("everyone")
async def grid(request: Request) -> Response:
    """Send every public contribution of a process, with what was published about each point."""
    process = await processes.visible_process(viewer_of(request), request.path_params["slug"])
    if process.is_draft:
        raise NotFound
    sheet = await queries.sheet_for(process.id, _language(request), is_for_desk=False)
    headers = {
        "cache-control": "public, no-cache",
        "content-disposition": f'attachment; filename="{process.slug}.csv"',
        "etag": f'"{ids.hash_token(f"{await queries.state_of(process.id)}/{sheet.language}")[:32]}"',
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    kind = "text/csv; charset=utf-8; header=present"
    if request.method == "HEAD":
        return Response(headers=headers, media_type=kind)
    await limits.spend("search_network", _network(request), _COST)
    return StreamingResponse(_lines(sheet), headers=headers, media_type=kind)


def _language(request: Request) -> str:
    """Take the language that was asked for by address, so that one address always gives one file."""
    asked = request.query_params.get("language", "")
    spoken = settings.current().languages
    return asked if asked in spoken else spoken[0]


def _network(request: Request) -> str:
    return limits.network_of(request.client.host if request.client else "")


async def _lines(sheet: Sheet) -> AsyncIterator[bytes]:
    yield _BOM.encode()
    async for lines, _ in csv_of(sheet):
        yield lines.encode()


@open_to("everyone")
async def outcomes(request: Request) -> Response:
    """Send the answers of a decision that a filter keeps, one per row, with stable ids."""
    given = [pair for pair in request.query_params.multi_items() if pair[0] not in ("language", "lang")]
    only = chosen(read_query(_OUTCOMES, given))
    decision, version = await queries.decision_in_force(request.path_params["id"])
    language = _language(request)
    known = await record.newest_leaf(), await queries.state_of(decision.process.id)
    state = f"{version.public_id}/{version.signed_by}/{language}/{only}/{known}"
    headers = {
        "cache-control": "public, no-cache",
        "content-disposition": f'attachment; filename="outcomes-{decision.public_id}-v{version.number}.csv"',
        "etag": f'W/"{ids.hash_token(state)[:32]}"',
    }
    if is_kept(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    kind = "text/csv; charset=utf-8; header=present"
    if request.method == "HEAD":
        return Response(headers=headers, media_type=kind)
    await limits.spend("search_network", _network(request), _COST)
    found = queries.every_public_outcome(version.id, only)
    return StreamingResponse(_rows(outcomes_csv(found, language)), headers=headers, media_type=kind)


async def _rows(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    yield _BOM.encode()
    async for line in lines:
        yield line.encode()


routes = [
    Route("/decisions/{id}/outcomes.csv", outcomes, name="opendata:outcomes"),
    Route("/opendata", home, name="opendata:home"),
    Route("/processes/{slug}/grid.csv", grid, name="opendata:grid"),
]
