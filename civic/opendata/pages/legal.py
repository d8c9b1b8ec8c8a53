"""A published decision as a legal text for programs."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.foundation import ids
from civic.foundation.web import open_to
from civic.opendata import queries
from civic.opendata.akoma import akoma_ntoso
from civic.opendata.pages.api import is_kept, spend


@open_to("everyone")
async def akoma(request: Request) -> Response:
    """Send one version of a decision as Akoma Ntoso, in the language the address asks for."""
    await spend(request)
    asked, spoken = request.query_params.get("language", ""), settings.current().languages
    language = asked if asked in spoken else spoken[0]
    found = await queries.legal_text(request.path_params["id"], request.path_params["number"], language)
    body = akoma_ntoso(found)
    headers = {
        "cache-control": "public, no-cache",
        "content-language": language,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "etag": f'W/"{ids.hash_token(body.decode())[:32]}"',
    }
    if is_kept(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/akn+xml", headers=headers)


routes = [
    Route("/decisions/{id}/versions/{number:int}/akn.xml", akoma, name="opendata:akoma"),
]
