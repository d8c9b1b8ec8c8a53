"""The coverage board of a process and of a decision, and what the body owes. Open to everybody."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions.queries import visible_decision
from civic.evaluation import queries
from civic.evaluation.queries import BoardPage, DebtItem, Due
from civic.evaluation.words import DUE, FIGURES, WAITS
from civic.foundation import clock
from civic.foundation.rendering import page
from civic.foundation.web import open_to, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import Category, name_of

_WORDS = {
    "figures": FIGURES,
    "waits": WAITS,
    "due_words": DUE,
    "group_name": lambda key: name_of(Category(key)),
}


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show the figures of a process, or when they begin."""
    process = await processes.visible_process(viewer_of(request), request.path_params["slug"])
    found = await queries.board_of_process(process)
    presence = await queries.presence_of(process) if found.board else None
    context = {"process": process, "decision": None, "presence": presence, **_shown(found)}
    return await page(request, "evaluation/board.html", context)


@open_to("everyone")
async def of_decision(request: Request) -> Response:
    """Show the figures of one published decision."""
    decision = await visible_decision(viewer_of(request), request.path_params["id"])
    context = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        **_shown(await queries.board_of_decision(decision)),
        "presence": None,
        "nav": "decisions",
    }
    return await page(request, "evaluation/board.html", context)


@open_to("everyone")
async def debt(request: Request) -> Response:
    """Show what is owed to people, oldest first: how much and since when, never by whom."""
    owed, now = await queries.debt_of_the_body(), clock.now()
    context = {
        **_WORDS,
        "debt": owed,
        "items": [(one, _href(request, one)) for one in owed.items],
        "late": owed.late(now),
        "at": now,
        "today": clock.local_day(now),
    }
    return await page(request, "evaluation/debt.html", context)


def _shown(found: BoardPage) -> dict[str, Any]:
    return {**_WORDS, "board": found.board, "decisions": found.decisions, "freeze_at": found.freeze_at}


def _href(request: Request, item: DebtItem) -> str | None:
    """Give the place where everybody can read what a debt is about."""
    if item.kind is Due.ANSWERS:
        return url(request, "processes:issue", slug=item.slug, id=item.key)
    if not item.key:
        return None
    anchor = "#promises" if item.kind in (Due.SILENT, Due.LATE) else ""
    return url(request, "decisions:show", id=item.key) + anchor


routes = [
    Route("/processes/{slug}/evaluation", show, name="evaluation:board"),
    Route("/decisions/{id}/evaluation", of_decision, name="evaluation:of_decision"),
    Route("/debt", debt, name="evaluation:debt"),
]
