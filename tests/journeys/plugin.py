"""Fixtures for whoever needs a browser, a running house or the town: made once, when first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from civic import settings as configuration
from civic.foundation import database as db
from civic.foundation import schema
from tests.journeys import browsers, live
from tests.journeys.browsers import LOOKS, Look
from tests.journeys.inside import Opened, Towns
from tests.journeys.live import House

EVERYWHERE = pytest.mark.parametrize(
    ("house", "look"),
    [
        *(pytest.param("sqlite", look, id=f"{look}-sqlite") for look in LOOKS),
        *(
            pytest.param("postgres", look, id=f"{look}-postgres", marks=pytest.mark.postgres)
            for look in (LOOKS[0], LOOKS[-1])
        ),
    ],
    indirect=["house"],
)
"""Mark of the journeys that run on both databases: with and without scripts, in French and in English."""
TOWN_ON_BOTH = pytest.mark.parametrize(
    "town_kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""Mark of the proofs in the town that run on both databases."""
LOOKING = pytest.mark.parametrize("look", LOOKS, ids=str)
"""Mark of the journeys that run on SQLite alone: with and without scripts, in French and in English."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Any]:
    """Give the one Chromium of this session."""
    async with browsers.chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open a running house on each kind of database when one is first asked for."""
    folder = tmp_path_factory.mktemp("houses")
    opened: dict[str, House] = {}
    with ExitStack() as stack:

        def open_one(kind: str) -> House:
            if kind not in opened:
                url = stack.enter_context(_fresh(kind, folder, request))
                opened[kind] = stack.enter_context(
                    live.serving(url, folder / f"{kind}-files", folder / f"{kind}.log")
                )
            return opened[kind]

        yield open_one


@contextmanager
def _fresh(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Migrate an empty database."""
    from tests.conftest import postgres_database

    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'house.db'}"
        if kind == "postgres":
            url = stack.enter_context(postgres_database(request.getfixturevalue("postgres_server")))
        asyncio.run(schema.migrate(url))
        yield url


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Towns]:
    """Give the town of the proofs; it is built when it is first opened."""
    with ExitStack() as stack:
        yield Towns(
            tmp_path_factory.mktemp("town"), lambda: request.getfixturevalue("postgres_server"), stack
        )


@pytest.fixture
def town_kind(towns: Towns, request: pytest.FixtureRequest) -> str:
    """Name the kind of database the town stands on: SQLite unless the test says otherwise."""
    kind = getattr(request, "param", "sqlite")
    towns.template(kind)
    return kind


@pytest.fixture
async def opened_town(towns: Towns, town_kind: str) -> AsyncIterator[Opened]:
    """Open a fresh copy of the town."""
    async with towns.open(town_kind) as opened:
        yield opened


@pytest.fixture
def house(request: pytest.FixtureRequest, houses: Any) -> House:
    """Give a running house; on SQLite unless the test says otherwise."""
    return houses(getattr(request, "param", "sqlite"))


@pytest_asyncio.fixture(loop_scope="session")
async def acting(house: House) -> AsyncIterator[House]:
    """Let this process act beside the house, on its database: the people of the cast."""
    async with beside(house):
        yield house


@asynccontextmanager
async def beside(house: House) -> AsyncIterator[None]:
    """Open the database of a house in this process too."""
    from civic.app import subscribe

    subscribe()
    before = configuration._current
    configuration.use(house.settings)
    try:
        async with db.connect(house.settings.database_url):
            yield
    finally:
        configuration._current = before


@pytest.fixture
def windows(browser: Any, house: House) -> Any:
    """Open windows on the house: `async with windows(look, cookie=…) as ada`."""

    def opened(look: Look, cookie: str = "") -> Any:
        return browsers.window(browser, house.origin, look, cookie)

    return opened
