"""Pages of open data: what can be downloaded, and the public grid of a process."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from civic import settings
from civic.foundation import ids, limits
from civic.foundation.errors import NotFound
from civic.foundation.rendering import page
from civic.foundation.web import open_to, viewer_of
from civic.opendata import queries
from civic.opendata.exports import csv_of
from civic.opendata.queries import Sheet
from civic.processes import queries as processes

_COST = 5
_BOM = "\ufeff"


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
    await limits.spend(
        "search_network", limits.network_of(request.client.host if request.client else ""), _COST
    )
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


routes = [
    Route("/opendata", home, name="opendata:home"),
    Route("/processes/{slug}/grid.csv", grid, name="opendata:grid"),
]
