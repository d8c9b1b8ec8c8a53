"""The town opened in this process, through ASGI: one app, a fresh copy of the town's database when wanted."""

from __future__ import annotations

import asyncio
import html
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import asyncpg
import httpx
from starlette.applications import Starlette

from civic import settings as configuration
from civic.foundation import clock, cookies, schema
from civic.foundation import database as db
from civic.settings import Settings
from tests.journeys import markup, town
from tests.journeys.town import Town

ROLES = (
    "stranger", "gus", "ada", "bo", "mira", "max", "otto", "rita", "dora", "hal", "root",
    "gus elsewhere", "ada elsewhere", "mira elsewhere", "otto elsewhere", "rita elsewhere", "dora elsewhere",
    "hal elsewhere",
)  # fmt: skip
"""Everybody of the matrix: a name alone is somebody of the first process, "root" of the whole site."""

_addresses = itertools.count(1)
_copies = itertools.count(1)


def settings_of(url: str) -> Settings:
    """Give the settings of the town: a proxy tells networks apart, so that no allowance is shared."""
    return Settings(database_url=url, hold_seconds=0, proxies=("127.0.0.0/8",), files=Path(os.devnull))


def make_town(url: str) -> Town:
    """Build the town in an empty database."""

    async def work() -> Town:
        from civic.app import subscribe

        subscribe()
        await schema.migrate(url)
        async with db.connect(url):
            return await town.build()

    before = configuration._current
    configuration.use(settings_of(url))
    try:
        return asyncio.run(work())
    finally:
        configuration._current = before


@dataclass
class Visitor:
    """Somebody's browser without scripts."""

    client: httpx.AsyncClient
    role: str
    token: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Open an address."""
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, fields: Mapping[str, Any] | bytes, **headers: str) -> httpx.Response:
        """Send a form, with the token of this browser unless the bytes are given."""
        body = fields if isinstance(fields, bytes) else await self.body(fields)
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return await self.client.post(path, content=body, headers=sent)

    async def body(self, fields: Mapping[str, Any]) -> bytes:
        """Write the fields as a browser does."""
        return urlencode({"csrf": await self.csrf(), **fields}, doseq=True).encode()

    async def csrf(self) -> str:
        """Give the token of this browser, from a page that everybody can open."""
        if not self.token:
            shown = await self.client.get("/display")
            form = next(form for form in markup.forms_of(shown.text) if "csrf" in form.values())
            self.token = form.values()["csrf"][0]
        return self.token

    async def form(self, page: str, action: str) -> markup.Form:
        """Open a page and find the form that goes to an address."""
        shown = await self.client.get(page)
        assert shown.status_code == 200, (self.role, page, shown.status_code)
        form = markup.form_to(shown.text, action)
        assert form is not None, f"no form to {action} on {page} for {self.role}"
        return form


@dataclass
class Opened:
    """The town, open: its ids, its app, and its people's browsers."""

    town: Town
    app: Starlette
    settings: Settings
    visitors: dict[str, Visitor] = field(default_factory=dict)

    async def forgive(self) -> None:
        """Give every allowance back: what is tried next is not how often it may be done."""
        await db.execute("DELETE FROM rate_bucket")

    def visitor(self, role: str, *, fresh: bool = False) -> Visitor:
        """Give somebody's browser; a network of its own for each."""
        if fresh or role not in self.visitors:
            self.visitors[role] = self._visitor(role)
        return self.visitors[role]

    def _visitor(self, role: str) -> Visitor:
        number = next(_addresses)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url=self.settings.public_url,
            headers={
                "Origin": self.settings.public_url,
                "Accept-Language": "en",
                "X-Forwarded-For": f"10.{number // 62_500 % 250}.{number // 250 % 250}.{number % 250}",
            },
        )
        if role in self.town.cookies:
            client.cookies.set(cookies.SESSION, self.town.cookies[role])
        return Visitor(client, role)


@dataclass
class Towns:
    """The town on each kind of database, built once; every opening is a copy of its own."""

    folder: Path
    postgres_server: Any
    stack: ExitStack
    built: dict[str, tuple[str, Town]] = field(default_factory=dict)
    app: Starlette | None = None

    def template(self, kind: str) -> tuple[str, Town]:
        """Give the address of the town's database on a kind, and the town."""
        if kind not in self.built:
            url = f"sqlite:///{self.folder / 'town.db'}"
            if kind == "postgres":
                from tests.conftest import postgres_database

                url = self.stack.enter_context(postgres_database(self.postgres_server()))
            self.built[kind] = (url, make_town(url))
        return self.built[kind]

    @asynccontextmanager
    async def copy(self, kind: str) -> AsyncIterator[str]:
        """Copy the town's database."""
        url, _ = self.built[kind]
        if kind == "sqlite":
            path = self.folder / f"copy-{next(_copies)}.db"
            shutil.copyfile(self.folder / "town.db", path)
            try:
                yield f"sqlite:///{path}"
            finally:
                _forget(path)
            return
        name = f"{urlsplit(url).path[1:]}_{next(_copies)}"
        await _say(self.postgres_server(), f"CREATE DATABASE {name} TEMPLATE {urlsplit(url).path[1:]}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            await _say(self.postgres_server(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @asynccontextmanager
    async def open(self, kind: str = "sqlite") -> AsyncIterator[Opened]:
        """Open a fresh copy of the town, its people just signed in: the template may be an hour old."""
        from civic.app import create_app

        before = configuration._current
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(self.copy(kind))
            settings = settings_of(url)
            configuration.use(settings)
            stack.callback(setattr, configuration, "_current", before)
            if self.app is None:
                self.app = create_app(settings)
            configuration.use(settings)
            await stack.enter_async_context(db.connect(url))
            await db.execute("UPDATE session SET created_at = ?, seen_at = ?", clock.now(), clock.now())
            yield Opened(self.built[kind][1], self.app, settings)


def _forget(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


async def _say(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def shown_as(words: str) -> str:
    """Write words as a page shows them, whatever way the template escapes quotes."""
    return html.escape(words, quote=False)
