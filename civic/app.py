"""The front door: rooms, middleware, error pages, the life of the process. It alone knows every room."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from tortoise.exceptions import IntegrityError

from civic import settings as configuration
from civic.accounts import jobs as accounts_jobs
from civic.accounts import pages as accounts_pages
from civic.accounts.actions import LISTENERS as WHEN_CONFIRMED
from civic.accounts.actions import recognise
from civic.accounts.queries import recipient_of_key
from civic.contributions import jobs as contributions_jobs
from civic.contributions import pages as contributions_pages
from civic.contributions.actions import LISTENERS as WHEN_SEEN_BY_OTHERS
from civic.contributions.actions import claim_guest_contributions
from civic.contributions.actions.telling import phase_changed
from civic.debates import pages as debates_pages
from civic.debates.actions import visibility_changed
from civic.decisions import jobs as decisions_jobs
from civic.decisions import pages as decisions_pages
from civic.evaluation import jobs as evaluation_jobs
from civic.evaluation import pages as evaluation_pages
from civic.following import pages as following_pages
from civic.following.actions import adopt_follows
from civic.foundation import (
    assets,
    database,
    failures,
    forms,
    housekeeping,
    instance,
    preferences,
    queue,
    rendering,
    text,
)
from civic.foundation.access import guarded
from civic.foundation.errors import CivicError
from civic.foundation.headers import with_safe_headers
from civic.foundation.preferences import with_preferences
from civic.foundation.proxies import behind_proxies, for_hosts, with_request_id
from civic.foundation.rendering import page
from civic.foundation.sessions import with_viewer
from civic.foundation.viewer import Viewer
from civic.foundation.web import RoleLink, open_to, safe_next, see_other, viewer_of
from civic.meetings import pages as meetings_pages
from civic.moderation import jobs as moderation_jobs
from civic.moderation import pages as moderation_pages
from civic.notices import jobs as notices_jobs
from civic.notices import pages as notices_pages
from civic.notices.actions import ADDRESS_BOOKS
from civic.notices.queries import unread_count
from civic.opendata import pages as opendata_pages
from civic.organisations import pages as organisations_pages
from civic.processes import pages as processes_pages
from civic.processes.actions import LISTENERS as WHEN_A_STEP_CHANGES
from civic.proposals import pages as proposals_pages
from civic.search import pages as search_pages
from civic.settings import Settings
from civic.synthesis import jobs as synthesis_jobs
from civic.synthesis import pages as synthesis_pages
from civic.trace import pages as trace_pages

PAGES = (
    processes_pages,
    proposals_pages,
    debates_pages,
    meetings_pages,
    organisations_pages,
    contributions_pages,
    trace_pages,
    decisions_pages,
    evaluation_pages,
    synthesis_pages,
    moderation_pages,
    search_pages,
    opendata_pages,
    notices_pages,
    following_pages,
    accounts_pages,
)
JOBS = (
    contributions_jobs,
    decisions_jobs,
    evaluation_jobs,
    moderation_jobs,
    synthesis_jobs,
    notices_jobs,
    accounts_jobs,
)
COMPRESSION = 4
_UNSEEN = ("/static/", "/healthz", "/readyz", "/api/")


def create_app(settings: Settings | None = None, *, works: bool = False) -> Starlette:
    """Open the house. With `works`, this process also does the work that is owed (mail, notices)."""
    current = configuration.use(settings) if settings else configuration.current()
    subscribe()
    app = Starlette(
        routes=guarded(all_routes()),
        middleware=[
            Middleware(with_request_id),
            Middleware(with_safe_headers, is_secure=current.is_secure),
            Middleware(behind_proxies, trusted=current.proxies),
            Middleware(for_hosts, public_host=current.public_host, is_local=current.is_local),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=COMPRESSION),
            Middleware(failures.catching),
            Middleware(with_preferences, languages=current.languages),
            Middleware(with_viewer, load=_viewer_of, skip=_UNSEEN),
        ],
        exception_handlers={
            CivicError: failures.show,
            HTTPException: failures.show,
            IntegrityError: failures.show_quicker,
        },
        lifespan=_life_with_work if works else _life,
    )
    app.state.routes = {route.name: route for route in app.routes if isinstance(route, Route)}
    app.state.providers = (_role_links, _subnav, _unread)
    return app


def subscribe() -> None:
    """Let the rooms that keep counts follow who may read what (commands that act call this too)."""
    if visibility_changed not in WHEN_SEEN_BY_OTHERS:
        WHEN_SEEN_BY_OTHERS.append(visibility_changed)
    if claim_guest_contributions not in WHEN_CONFIRMED:
        WHEN_CONFIRMED.append(claim_guest_contributions)
    if adopt_follows not in WHEN_CONFIRMED:
        WHEN_CONFIRMED.append(adopt_follows)
    if recipient_of_key not in ADDRESS_BOOKS:
        ADDRESS_BOOKS.append(recipient_of_key)
    if phase_changed not in WHEN_A_STEP_CHANGES:
        WHEN_A_STEP_CHANGES.append(phase_changed)


def serving() -> Starlette:
    """Open the house for a server process, its share of the work included."""
    return create_app(works=True)


def all_routes() -> list[Route]:
    """List the routes of the front door and of every room."""
    return [*_routes, *(route for pages in PAGES for route in getattr(pages, "routes", ()))]


def handlers() -> dict[str, Any]:
    """Gather what each room does later, by kind of job."""
    return {kind: run for jobs in JOBS for kind, run in getattr(jobs, "HANDLERS", {}).items()}


def regular() -> tuple[queue.Regular, ...]:
    """Gather what each room does again and again."""
    rooms = (task for jobs in JOBS for task in getattr(jobs, "REGULAR", ()))
    return (*housekeeping.REGULAR, *rooms)


@asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    async with database.connect():
        yield


@asynccontextmanager
async def _life_with_work(app: Starlette) -> AsyncIterator[None]:
    stop = asyncio.Event()
    rendering.warm()
    await text.warm()
    # What is loaded by now stays: the collector need not look at it again, so its pauses are short.
    gc.freeze()
    async with database.connect():
        worker = asyncio.create_task(queue.work(handlers(), regular(), stop=stop))
        try:
            yield
        finally:
            stop.set()
            await worker


async def _viewer_of(token: str) -> Viewer | None:
    return await recognise(token)


async def _role_links(request: Request, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Gather the bar of people who hold a role: what each room asks of them."""
    if not viewer_of(request).roles:
        return {}
    links: list[RoleLink] = []
    for pages in PAGES:
        if hasattr(pages, "role_links"):
            links.extend(await pages.role_links(request))
    return {"role_links": links}


async def _subnav(request: Request, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the navigation inside the process a page is about."""
    process = context.get("process")
    if process is None:
        return {}
    return {"subnav": await processes_pages.subnav(request, process)}


async def _unread(request: Request, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Count the notices that wait for the viewer."""
    return {"unread_notices": await unread_count(viewer_of(request))}


@open_to("everyone")
async def healthz(request: Request) -> Response:
    """Say that the process is alive."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


@open_to("everyone")
async def readyz(request: Request) -> Response:
    """Say whether people can be served: the database answers, and holds the tables this version needs."""
    try:
        wrong = await database.what_is_missing()
    except Exception as error:
        wrong = type(error).__name__
    status, said = (503, f"not ready: {wrong}\n") if wrong else (200, "ready\n")
    return PlainTextResponse(said, status, headers={"cache-control": "no-store"})


@open_to("everyone")
async def show_display(request: Request) -> Response:
    """Offer the looks of the pages."""
    return await page(request, "foundation/display.html")


@open_to("everyone")
async def change_preferences(request: Request) -> Response:
    """Keep the language and the theme a reader chose, without an account."""
    form = await forms.read(request, only=("language", "theme", "next"))
    response = see_other(safe_next(form.value("next")))
    if form.value("language") in configuration.current().languages:
        preferences.remember_language(response, form.value("language"))
    if "theme" in form.values:
        preferences.remember_theme(response, form.value("theme"))
    return response


@open_to("everyone")
async def show_colours(request: Request) -> Response:
    """Send the colours of this installation."""
    sheet = instance.sheet(await instance.current())
    return Response(sheet, media_type="text/css", headers={"cache-control": "public, max-age=300"})


_routes = [
    Route("/healthz", healthz, name="healthz"),
    Route("/readyz", readyz, name="readyz"),
    Route("/static/{name:path}", assets.show, name="static"),
    Route("/colours.css", show_colours, name="foundation:colours"),
    Route("/display", show_display, name="foundation:display"),
    Route("/preferences", change_preferences, methods=["POST"], name="foundation:theme"),
]
