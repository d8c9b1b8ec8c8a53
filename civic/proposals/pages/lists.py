"""The proposals of a process: searched, filtered, in an order that says what it is."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as register
from civic.decisions import queries as decisions
from civic.foundation import clock, forms, limits
from civic.foundation.formdata import FormData
from civic.foundation.limits import network_of
from civic.foundation.rendering import page
from civic.foundation.web import open_to, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import Category, ProcessPage
from civic.proposals import policies, queries
from civic.proposals.queries import Filters, Sort

_LONGEST = 200


@open_to("everyone")
async def show(request: Request) -> Response:
    """List the proposals of a process."""
    viewer = viewer_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    asked = forms.query(request)
    outcomes = await decisions.outcomes_of_proposals(process.id)
    filters = _filters(asked, process, outcomes)
    if filters.q:
        await limits.spend("search_network", network_of(request.client.host if request.client else ""))
    cursor = asked.value("after")[:80]
    found = await queries.listing(viewer, process, filters, cursor)
    context = {
        "nav": "processes",
        "process": process,
        "found": found,
        "filters": filters,
        "asked_issue": asked.value("issue"),
        "outcomes": outcomes,
        "answer": asked.value("answer") if filters.only is not None or filters.but else "",
        "is_filtered": any(
            (filters.q, filters.issue_id, filters.capacity, filters.only is not None, filters.but)
        ),
        "is_later_page": bool(cursor),
        "counts": await register.counts_by_issue(process.id),
        "categories": tuple(Category),
        "sorts": tuple(Sort),
        "may_submit": policies.may_submit(process.phases, clock.now(), has_issues=bool(process.issues)),
        "now": clock.now(),
    }
    return await page(request, "proposals/list.html", context, block="results")


def _filters(asked: FormData, process: ProcessPage, outcomes: Mapping[int, list[str]]) -> Filters:
    """Read what a reader asked for; what is unknown asks for nothing."""
    issue = process.issue(asked.value("issue"))
    capacity, sort, answer = asked.value("capacity"), asked.value("sort"), asked.value("answer")
    return Filters(
        q=" ".join(asked.value("q").split())[:_LONGEST],
        issue_id=issue.id if issue else None,
        only=tuple(outcomes) if outcomes and answer == "given" else None,
        but=tuple(outcomes) if answer == "waited" else (),
        capacity=capacity if capacity in set(Category) else "",
        sort=Sort(sort) if sort in set(Sort) else Sort.DRAWN,
    )


routes = [Route("/processes/{slug}/proposals", show, name="proposals:list")]
