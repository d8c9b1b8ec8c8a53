"""`civic demo`: the first thing anybody runs."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from contextlib import closing

import httpx
import pytest

from civic.commands.demo import ROLES
from tests.commands.test_running import CIVIC, civic, environment, free_port
from tests.opendata import independent_counts as counted

pytestmark = pytest.mark.slow
COUNTED = (
    "participant",
    "contribution",
    "contribution_version",
    "claim",
    "published_outcome",
    "ledger_staged",
)
PASSWORD = re.compile(r'the password "([^"]+)"')
ADDRESS = re.compile(r"^  (\S+@\S+) ", re.M)


def holds(file) -> dict[str, int]:
    """Count the rows of the tables that would tell of a loss or a repetition."""
    with closing(sqlite3.connect(file)) as read:
        return {table: read.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}


def rename_ada(file) -> None:
    with closing(sqlite3.connect(file)) as changing, changing:
        changing.execute("UPDATE participant SET name = 'Ada of yesterday' WHERE name = 'Ada Nourry'")


def knows(file, name: str) -> bool:
    with closing(sqlite3.connect(file)) as read:
        return bool(read.execute("SELECT 1 FROM participant WHERE name = ?", (name,)).fetchone())


def test_the_town_is_kept_between_runs_and_started_over_when_asked(tmp_path):
    file = tmp_path / "civic-demo.db"
    first = civic(tmp_path, "demo", "--prepare-only")
    assert first.returncode == 0, first.stderr
    told = holds(file)
    assert min(told.values()) > 0, told
    rename_ada(file)
    assert civic(tmp_path, "demo", "--prepare-only").returncode == 0
    assert holds(file) == told
    assert knows(file, "Ada of yesterday")
    assert civic(tmp_path, "demo", "--prepare-only", "--reset").returncode == 0
    assert holds(file) == told
    assert not knows(file, "Ada of yesterday")


def test_starting_over_never_removes_somebodys_own_database(tmp_path):
    mine = {"CIVIC_DATABASE_URL": "sqlite:///mine.db"}
    assert civic(tmp_path, "migrate", **mine).returncode == 0
    refused = civic(tmp_path, "demo", "--prepare-only", "--reset", **mine)
    assert refused.returncode == 1
    assert "only removes civic-demo.db" in refused.stderr
    assert (tmp_path / "mine.db").stat().st_size > 0


def test_everybody_it_names_can_sign_in(tmp_path):
    port = free_port()
    command = [*CIVIC, "demo", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as town:
        try:
            assert town.stdout is not None
            assert town.stderr is not None
            said = ""
            while "Stop with" not in said:
                line = town.stdout.readline()
                assert line, town.stderr.read()
                said += line
            while "running on" not in town.stderr.readline():
                assert town.poll() is None
            password, addresses = PASSWORD.findall(said)[0], ADDRESS.findall(said)
            assert len(addresses) == len(ROLES)
            for address in addresses:
                assert signs_in(f"http://127.0.0.1:{port}", address, password), address
        finally:
            town.terminate()
            town.communicate(timeout=30)


def signs_in(base: str, address: str, password: str) -> bool:
    with httpx.Client(base_url=base, trust_env=False) as browser:
        token = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/sign-in").text)[0]
        browser.post("/sign-in", data={"csrf": token, "next": "/", "address": address, "password": password})
        return browser.get("/account").status_code == 200


@pytest.mark.data
@pytest.mark.skipif(not counted.DATA.exists(), reason=counted.ABSENT)
def test_real_data_is_brought_in_once_however_often_it_is_asked_for(tmp_path):
    file = tmp_path / "civic-demo.db"
    words = ("demo", "--prepare-only", "--data", str(counted.DATA))
    first = civic(tmp_path, *words)
    assert first.returncode == 0, first.stderr
    for line in (
        "459 contributions, 592 points",
        "366 contributions, 657 points",
        "192 contributions, 192 p",
    ):
        assert line in first.stdout
    told = holds(file)
    assert civic(tmp_path, *words).returncode == 0
    assert holds(file) == told
