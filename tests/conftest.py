"""What every test can ask for: a migrated database of each kind, the house open on it, a browser's client.

`database` runs a test twice, on SQLite and on PostgreSQL. The chain of migrations is run once per
session and kind; each test gets a copy of the file, or the same server database emptied again.
"""

import asyncio
import contextvars
import getpass
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import hypothesis
import pytest

from civic import settings as configuration
from civic.foundation import asyncpg_client, schema, sqlite_client
from civic.foundation import database as db
from civic.settings import Settings

hypothesis.settings.register_profile("civic", deadline=None)
hypothesis.settings.load_profile("civic")
"""Examples may take their time on a busy machine; what must be quick has a test that measures it."""

POSTGRES = os.environ.get("CIVIC_TEST_POSTGRES") or f"postgres://{getpass.getuser()}@127.0.0.1:5432/postgres"
pytest_plugins = ["tests.journeys.plugin"]

KINDS = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


def settings_for(url: str, **changed) -> Settings:
    """Give the settings of a test: nothing waits, nothing is sent."""
    return Settings(database_url=url, hold_seconds=0, **changed)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "civic.db"
    asyncio.run(schema.migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Give the address of a server where databases may be made; without one, skip (fail in CI)."""

    async def reach() -> None:
        connection = await asyncpg.connect(POSTGRES, timeout=5)
        await connection.close()

    try:
        asyncio.run(reach())
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        reason = f"no PostgreSQL server at {urlsplit(POSTGRES).hostname} ({type(error).__name__})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return POSTGRES


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """Migrate a database, to be copied: nobody stays connected to it."""
    with postgres_database(postgres_server) as url:
        asyncio.run(schema.migrate(url))
        yield url


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server: str, postgres_template: str) -> Iterator["Emptier"]:
    """Copy the template for the tests of this session, one after the other."""
    copied = f"TEMPLATE {urlsplit(postgres_template).path.strip('/')}"
    with postgres_database(postgres_server, copied) as url, Emptier(url) as emptier:
        yield emptier


class postgres_database:
    """Make a database with a name nobody else has, and drop it in the end."""

    def __init__(self, server: str, options: str = "") -> None:
        self.server, self.options = server, options
        self.name = f"civic_test_{secrets.token_hex(6)}"

    def __enter__(self) -> str:
        asyncio.run(self._say(f"CREATE DATABASE {self.name} {self.options}"))
        return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *error: object) -> None:
        asyncio.run(self._say(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))

    async def _say(self, statement: str) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty, migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "civic.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        emptied = request.getfixturevalue("emptied_postgres")
        yield emptied.url
        emptied.empty()


TABLES = "SELECT relname FROM pg_stat_user_tables WHERE relname <> 'tortoise_migrations'"


class Emptier:
    """Empties every table, past the guards that refuse it to everybody else.

    On one connection for the whole session: a new one would first read what each table is.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> "Emptier":
        self._loop = asyncio.new_event_loop()
        self._connect()
        names = [row["relname"] for row in self._run(self._connection.fetch(TABLES))]
        deletes = "; ".join(f'DELETE FROM "{name}"' for name in names)
        self._statement = f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}; COMMIT"
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._connection.close())
        self._loop.close()

    def _run(self, work: Awaitable[Any]) -> Any:
        return self._loop.run_until_complete(work)

    def _connect(self) -> None:
        self._connection = self._run(asyncpg.connect(self.url))

    def empty(self) -> None:
        """Let no row remain. A test may have closed every connection, this one too."""
        try:
            self._run(self._connection.execute(self._statement))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connect()
            self._run(self._connection.execute(self._statement))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Use the settings of a test in this process."""
    before = configuration._current
    yield configuration.use(settings_for(database_url, files=tmp_path / "files"))
    configuration._current = before


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Settings]:
    """Open a fresh database; the test runs on SQLite and on PostgreSQL."""
    async with db.connect(settings.database_url):
        yield settings


@pytest.fixture
async def app(database: Settings):
    """Open the house on a fresh database, its lifespan entered."""
    from civic.app import create_app

    house = create_app(database)
    async with house.router.lifespan_context(house):
        yield house


@pytest.fixture
async def client(app) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser without JavaScript: it keeps cookies and does not follow redirects by itself."""
    async with visitor(app) as one:
        yield one


def visitor(app, **headers: str) -> httpx.AsyncClient:
    """Make one more browser, with cookies of its own."""
    address = configuration.current().public_url
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=address,
        headers={"Origin": address, "Accept-Language": "en", **headers},
    )


class Counted:
    """How many statements went to the database inside a `with`."""

    count = 0


@pytest.fixture
def count_queries(monkeypatch: pytest.MonkeyPatch):
    """Count statements: `with count_queries() as seen: …`, then `seen.count`."""
    inside = contextvars.ContextVar("inside", default=False)
    current: list[Counted] = []

    def counting(method):
        async def call(self, *args, **kwargs):
            if inside.get():
                return await method(self, *args, **kwargs)
            token = inside.set(True)
            for one in current:
                one.count += 1
            try:
                return await method(self, *args, **kwargs)
            finally:
                inside.reset(token)

        return call

    ways = ("execute_query", "execute_query_dict", "execute_insert", "execute_many")
    for module in (sqlite_client, asyncpg_client):
        for name in ways:
            monkeypatch.setattr(module._Statements, name, counting(getattr(module._Statements, name)))
        for client in (module.Client, module.Transaction):
            for name in set(ways) & set(vars(client)):
                monkeypatch.setattr(client, name, counting(vars(client)[name]))

    @contextmanager
    def watch():
        counted = Counted()
        current.append(counted)
        try:
            yield counted
        finally:
            current.remove(counted)

    return watch
