"""The search page: one question over everything that is public, kept in the address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import forms, limits, search
from civic.foundation.rendering import page
from civic.foundation.web import open_to, url
from civic.search import queries
from civic.search.queries import Found, Results, Scope

MAX_QUERY = 200
NOTHING = Results((), 0, None)


@open_to("everyone")
async def find(request: Request) -> Response:
    """Search, or explain how to."""
    form = forms.query(request)
    asked = " ".join(form.value("q").split())[:MAX_QUERY]
    scope = forms.option(form, "kind", Scope, required=False)
    after = forms.whole(form, "after", min=1, max=search.MOST_HITS, required=False) or 0
    offered = await queries.processes_to_search()
    within = next((one for one in offered if one.slug == form.value("process")), None)
    found = NOTHING
    if asked:
        await limits.spend("search_network", _network(request))
        found = await queries.results(
            asked, scope=scope, process=within.public_id if within else None, after=after
        )
    context = {
        "q": asked,
        "scope": scope,
        "scopes": tuple(Scope),
        "within": within,
        "offered": offered,
        "found": found,
        "links": {one.key: _address(request, one) for one in found.items},
        "after": after,
        "nav": "search",
    }
    return await page(request, "search/find.html", context, block="results")


def _network(request: Request) -> str:
    return limits.network_of(request.client.host if request.client else "")


def _address(request: Request, one: Found) -> str:
    """Give the page of a thing found."""
    if one.kind == "process":
        return url(request, "processes:show", slug=one.slug)
    if one.kind == "issue":
        return url(request, "processes:issue", slug=one.slug, id=one.key)
    if one.kind == "decision":
        return url(request, "decisions:show", id=one.key)
    if one.kind == "proposal":
        return url(request, "proposals:show", id=one.key)
    if one.kind == "comment":
        return url(request, "debates:comment", id=one.key)
    return url(request, "trace:show", number=one.key)


routes = [Route("/search", find, name="search:find")]
