"""What later versions of decisions changed, for everybody: the list, and a version beside the one before."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries
from civic.decisions.pages.showing import WORDS
from civic.foundation import forms
from civic.foundation.rendering import page
from civic.foundation.web import open_to, viewer_of
from civic.processes import queries as processes

MANY = 60


@open_to("everyone")
async def index(request: Request) -> Response:
    """List the corrections of every decision, newest first."""
    after = forms.query(request).value("after")[:MANY] or None
    found, following = await queries.recent_corrections(after=after)
    context = {**WORDS, "corrections": found, "following": following, "after": after, "nav": "decisions"}
    return await page(request, "decisions/corrections.html", context)


@open_to("everyone")
async def changes(request: Request) -> Response:
    """Show what a version changed in the one before: the words of its articles and its answers."""
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    before, after = queries.before_of(decision.released, request.path_params["number"])
    start = forms.query(request).value("after")[:MANY] or None
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "changes": await queries.changes_of(before, after, start=start),
        "paged": start is not None,
        "nav": "decisions",
    }
    return await page(request, "decisions/changes.html", context)


routes = [
    Route("/corrections", index, name="decisions:corrections"),
    Route("/decisions/{id}/versions/{number:int}/changes", changes, name="decisions:changes"),
]
