"""The home page, and the list of processes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries as decisions
from civic.foundation import forms
from civic.foundation.rendering import page
from civic.foundation.web import open_to
from civic.processes import queries
from civic.processes.pages.stations import WORDS
from civic.processes.queries import ListStanding

ON_HOME = 6
DECISIONS_ON_HOME = 3


@open_to("everyone")
async def home(request: Request) -> Response:
    """Show what is going on, and what can still change."""
    processes = await queries.open_processes(ON_HOME)
    decided, more = await decisions.recent_decisions(limit=DECISIONS_ON_HOME)
    context = {
        **WORDS,
        "nav": "home",
        "processes": processes,
        "scopes": await queries.scopes_in_force(process.id for process in processes),
        "total": sum((await queries.counts_by_standing()).values()),
        "decisions": decided,
        "more_decisions": more is not None,
        "tallies": await decisions.tallies([one.in_force.id for one in decided if one.in_force]),
    }
    return await page(request, "processes/home.html", context)


@open_to("everyone")
async def index(request: Request) -> Response:
    """List public processes: those going on, those to come, those that are over."""
    asked = forms.query(request)
    standing = next((one for one in ListStanding if one == asked.value("show")), None)
    listing = await queries.listing(standing, after=asked.value("after") or None)
    context = {
        **WORDS,
        "nav": "processes",
        "listing": listing,
        "standing": standing,
        "standings": tuple(ListStanding),
        "counts": await queries.counts_by_standing(),
        "scopes": await queries.scopes_in_force(process.id for process in listing.processes),
        "paged": bool(asked.value("after")),
    }
    return await page(request, "processes/list.html", context, block="listing")


routes = [
    Route("/", home, name="processes:home"),
    Route("/processes", index, name="processes:list"),
]
