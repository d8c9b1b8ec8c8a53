"""`civic demo`: the first thing anybody runs."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import httpx
import pytest

from civic.commands.demo import ROLES
from civic.contributions.models import Audience, ClaimKind, ClaimOrigin
from civic.decisions.models import Finding, Outcome, Progress, UserCheck
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

VOCABULARIES: dict[str, tuple[type[StrEnum], set[str]]] = {
    """SELECT v.outcome FROM published_outcome o
       JOIN disposition_version v ON v.id = o.disposition_version_id""": (Outcome, {"withdrawn"}),
    "SELECT state FROM milestone_state": (Progress, {"planned"}),
    "SELECT answer FROM milestone_check": (UserCheck, set()),
    "SELECT finding FROM appeal_ruling": (Finding, set()),
    "SELECT kind FROM claim": (ClaimKind, set()),
    "SELECT origin FROM claim": (ClaimOrigin, {"imported"}),
    "SELECT audience FROM situation_statement": (Audience, set()),
}
"""Where the words of a vocabulary are kept; without those nobody writes down, and what only a file brings."""
MOMENTS = {
    "a point withdrawn": "SELECT 1 FROM withdrawal",
    "a check confirmed, corrected, added to": """SELECT count(*) FROM check_answer
        HAVING count(DISTINCT verdict) >= 3""",
    "a check nobody answered": """SELECT 1 FROM understanding_check WHERE answered_at IS NULL
        AND silent_at < '2026-11-20'""",
    "a suggestion somebody accepted": "SELECT 1 FROM claim WHERE origin = 'suggested' AND found_by_id > 0",
    "a text read by a second person": "SELECT 1 FROM second_reading",
    "an answer for several points": "SELECT 1 FROM shared_group",
    "a point that came back": "SELECT 1 FROM point_reopening",
    "a point acknowledged elsewhere": "SELECT 1 FROM referral_news WHERE acknowledged_on IS NOT NULL",
    "a promise not begun": """SELECT 1 FROM milestone m
        WHERE NOT EXISTS (SELECT 1 FROM milestone_state s WHERE s.milestone_id = m.id)""",
    "a promise whose date moved": "SELECT 1 FROM milestone_date GROUP BY milestone_id HAVING count(*) > 1",
    "a decision that was corrected": "SELECT 1 FROM decision_version WHERE number > 1",
    "a reply": "SELECT 1 FROM reply",
    "a synthesis": "SELECT 1 FROM synthesis_release",
    "a situation told and opened": "SELECT 1 FROM situation_opening",
    "a survey that closed": "SELECT 1 FROM survey_release",
    "a hearing with its minutes": "SELECT 1 FROM minutes_version",
    "a draft open for reactions": """SELECT 1 FROM draft_edition e WHERE e.closes_at > '2027-03'
        AND NOT EXISTS (SELECT 1 FROM decision_version v WHERE v.decision_id = e.decision_id)""",
    "a reaction that was considered": "SELECT 1 FROM reaction_reading",
    "a reaction that waits": """SELECT 1 FROM reaction r
        WHERE NOT EXISTS (SELECT 1 FROM reaction_reading x WHERE x.reaction_id = r.id)""",
    "a decision read under embargo": "SELECT 1 FROM embargo_opening",
    "a position statement": "SELECT 1 FROM position_statement",
    "both sets of rules": "SELECT count(*) FROM process HAVING count(DISTINCT profile) > 1",
}
"""What a visitor of the town must be able to see once."""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Build the town once, in a folder of its own."""
    folder = tmp_path_factory.mktemp("town")
    first = civic(folder, "demo", "--prepare-only")
    assert first.returncode == 0, first.stderr
    return folder / "civic-demo.db"


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    """Give a copy of the town that may be changed, in the folder of the test."""
    return Path(shutil.copy(built, tmp_path))


def test_the_town_shows_every_state_once(built):
    with closing(sqlite3.connect(built)) as read:
        for asked, (words, left_out) in VOCABULARIES.items():
            told = {row[0] for row in read.execute(asked)}
            assert {str(word) for word in words} - left_out <= told, asked
        missing = [name for name, asked in MOMENTS.items() if read.execute(asked).fetchone() is None]
    assert not missing


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


def test_the_town_is_kept_between_runs_and_started_over_when_asked(town, tmp_path):
    told = holds(town)
    assert min(told.values()) > 0, told
    rename_ada(town)
    assert civic(tmp_path, "demo", "--prepare-only").returncode == 0
    assert holds(town) == told
    assert knows(town, "Ada of yesterday")
    assert civic(tmp_path, "demo", "--prepare-only", "--reset").returncode == 0
    assert holds(town) == told
    assert not knows(town, "Ada of yesterday")


def test_starting_over_never_removes_somebodys_own_database(tmp_path):
    mine = {"CIVIC_DATABASE_URL": "sqlite:///mine.db"}
    assert civic(tmp_path, "migrate", **mine).returncode == 0
    refused = civic(tmp_path, "demo", "--prepare-only", "--reset", **mine)
    assert refused.returncode == 1
    assert "only removes civic-demo.db" in refused.stderr
    assert (tmp_path / "mine.db").stat().st_size > 0


@pytest.mark.usefixtures("town")
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
def test_real_data_is_brought_in_once_however_often_it_is_asked_for(town, tmp_path):
    words = ("demo", "--prepare-only", "--data", str(counted.DATA))
    first = civic(tmp_path, *words)
    assert first.returncode == 0, first.stderr
    for line in (
        "459 contributions, 592 points",
        "366 contributions, 657 points",
        "192 contributions, 192 p",
    ):
        assert line in first.stdout
    told = holds(town)
    assert civic(tmp_path, *words).returncode == 0
    assert holds(town) == told
