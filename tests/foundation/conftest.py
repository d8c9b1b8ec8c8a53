"""The small house, on SQLite: what is tested here does not depend on the database."""

import shutil

import pytest

from civic import settings as configuration
from tests.conftest import settings_for
from tests.foundation.house import open_house


@pytest.fixture
def on_sqlite(sqlite_template, tmp_path):
    """Give the address of an empty, migrated file."""
    path = tmp_path / "small.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def kept_settings():
    """Put the settings of the process back after the test."""
    before = configuration._current
    yield
    configuration._current = before


@pytest.fixture
async def house(on_sqlite, kept_settings, monkeypatch):
    """Look at the small house, served on this machine over plain HTTP."""
    async with open_house(settings_for(on_sqlite), monkeypatch) as client, client:
        yield client


@pytest.fixture
async def public_house(on_sqlite, kept_settings, monkeypatch):
    """Look at the small house as the public does: over TLS, behind a proxy."""
    settings = settings_for(
        on_sqlite,
        public_url="https://town.example",
        proxies=("10.0.0.0/8",),
        secret_keys=("k" * 40, "older" * 10),
    )
    async with open_house(settings, monkeypatch) as client, client:
        yield client
