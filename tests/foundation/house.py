"""A small house for the tests of the door: a few routes, and whoever the test says is looking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from tortoise.exceptions import IntegrityError

from civic import app as front_door
from civic import settings as configuration
from civic.foundation import csrf, forms
from civic.foundation.errors import Busy, Conflict, Invalid, Message, NotFound, Refused, TooMany, message
from civic.foundation.viewer import Held, Viewer
from civic.foundation.web import open_to, sign_in_cookie, sign_out_cookie

PEOPLE = {
    "token-of-ada": Viewer(participant=1, public_id="ada", name="Ada"),
    "token-of-mira": Viewer(participant=2, public_id="mira", roles=frozenset({Held("moderator", "p1")})),
    "token-of-a-guest": Viewer(passes=frozenset({"c1"})),
}
ERRORS = {
    "not-found": NotFound(),
    "refused": Refused("This phase ended on %(date)s.", date=message("yesterday")),
    "invalid": Invalid({"title": Message("Please fill this in.")}),
    "conflict": Conflict("Somebody was quicker."),
    "too-many": TooMany(7.2),
    "busy": Busy(3),
    "quicker": IntegrityError("UNIQUE constraint failed: canary.table"),
    "fault": RuntimeError("canary-in-a-fault"),
}


@open_to("everyone")
async def read(request: Request) -> Response:
    return PlainTextResponse(request.state.language)


@open_to("everyone")
async def token(request: Request) -> Response:
    return PlainTextResponse(csrf.issue(request))


@open_to("everyone")
async def write(request: Request) -> Response:
    form = await forms.read(request, only=("title", "body", "tag"))
    return JSONResponse({"values": form.values, "errors": list(form.errors)})


@open_to("everyone", files=True)
async def send_files(request: Request) -> Response:
    form = await forms.read(request)
    return JSONResponse({name: [one.filename for one in given] for name, given in form.files.items()})


@open_to("participants")
async def mine(request: Request) -> Response:
    return PlainTextResponse(f"of {request.state.viewer.name}")


@open_to("moderators")
async def queue(request: Request) -> Response:
    return PlainTextResponse("queue")


@open_to("everyone")
async def fail(request: Request) -> Response:
    raise ERRORS[request.path_params["kind"]]


@open_to("everyone")
async def enter(request: Request) -> Response:
    response = PlainTextResponse("in")
    sign_in_cookie(response, "token-of-ada", max_age=60)
    return response


@open_to("everyone")
async def leave(request: Request) -> Response:
    response = PlainTextResponse("out")
    sign_out_cookie(response)
    return response


ROUTES = [
    Route("/read", read, name="t:read"),
    Route("/token", token, name="t:token"),
    Route("/write", write, methods=["POST"], name="t:write"),
    Route("/files", send_files, methods=["POST"], name="t:files"),
    Route("/mine", mine, methods=["GET", "POST"], name="t:mine"),
    Route("/queue", queue, methods=["GET", "POST"], name="t:queue"),
    Route("/fail/{kind}", fail, methods=["GET", "POST"], name="t:fail"),
    Route("/api/fail/{kind}", fail, name="t:api"),
    Route("/enter", enter, name="t:enter"),
    Route("/leave", leave, name="t:leave"),
]


@asynccontextmanager
async def open_house(settings: configuration.Settings, monkeypatch) -> AsyncIterator[httpx.AsyncClient]:
    """Open the small house, and give a browser that looks at it."""

    async def viewer_of(token: str) -> Viewer | None:
        return PEOPLE.get(token)

    monkeypatch.setattr(front_door, "all_routes", lambda: [*front_door._routes, *ROUTES])
    monkeypatch.setattr(front_door, "_viewer_of", viewer_of)
    app = front_door.create_app(settings)
    async with app.router.lifespan_context(app):
        yield browser(app, settings)


def browser(app, settings: configuration.Settings, **headers: str) -> httpx.AsyncClient:
    """Give a browser that says where its forms come from, as all do."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=settings.public_url,
        headers={"Origin": settings.public_url, "Accept-Language": "en", **headers},
    )


async def post(client: httpx.AsyncClient, path: str, data: dict | None = None, **more) -> httpx.Response:
    """Send a form as a page of ours would: with its token."""
    given = (await client.get("/token")).text
    return await client.post(path, data={"csrf": given, **(data or {})}, **more)


def sign_in(client: httpx.AsyncClient, who: str) -> None:
    """Give the browser the session of one of the people."""
    name = configuration.current().cookie_prefix + "civic"
    client.cookies.set(name, f"token-of-{who}")
