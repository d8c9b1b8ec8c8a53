"""`civic import grid` and `civic export grid`, as an operator types them."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from click.testing import CliRunner

from civic.cli import civic as command_line
from tests.commands.test_running import civic

IDEAS = "ref,verbatim,colour\n1,A bench under the lime tree.,red\n2,The crossing is too dark.,blue\n"


@pytest.fixture
def town(tmp_path, sqlite_template):
    """Give a folder with a migrated database."""
    shutil.copyfile(sqlite_template, tmp_path / "civic.db")
    (tmp_path / "ideas.csv").write_text(IDEAS, encoding="utf-8")
    return tmp_path


def test_the_last_line_counts_what_the_database_holds(town):
    for added in (2, 0):
        done = civic(town, "import", "grid", "ideas.csv", "--process", "benches", "--json")
        assert done.returncode == 0, done.stderr
        facts = json.loads(done.stdout.strip().splitlines()[-1])
        assert (facts["contributions"], facts["claims"], facts["outcomes"]) == (2, 2, 0)
        assert (facts["added"], facts["source"], facts["ignored_columns"]) == (added, "ideas", ["colour"])


def test_problems_are_listed_with_their_rows_and_the_status_says_so(town):
    (town / "bad.csv").write_text("ref,verbatim,kind\n1,A bench.,idea\n2,,\n", encoding="utf-8")
    done = civic(town, "import", "grid", "bad.csv", "--process", "benches")
    assert done.returncode == 1
    assert "Row 2:" in done.stderr
    assert "Row 3:" in done.stderr
    assert "2 problems; nothing was imported" in done.stderr
    machine = civic(town, "import", "grid", "bad.csv", "--process", "benches", "--json")
    assert machine.returncode == 1
    told = json.loads(machine.stdout.strip().splitlines()[-1])
    assert [problem["row"] for problem in told["problems"]] == [2, 3]


def test_a_sheet_goes_out_with_what_brings_it_back(town):
    civic(town, "import", "grid", "ideas.csv", "--process", "benches")
    done = civic(town, "export", "grid", "out.csv", "--process", "benches", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 2
    with (town / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ref"] for row in rows] == ["1", "2"]
    assert all(len(row["point_ref"]) == 26 and row["version"] == "1" for row in rows)


def test_a_process_that_is_not_there_leaves_no_file(town):
    done = civic(town, "export", "grid", "out.csv", "--process", "nothing")
    assert done.returncode == 1
    assert not list(town.glob("*out.csv*"))


def test_a_folder_that_is_not_there_is_named_and_not_traced(town):
    civic(town, "import", "grid", "ideas.csv", "--process", "benches")
    done = civic(town, "export", "grid", "nowhere/out.csv", "--process", "benches", "--json")
    assert done.returncode == 1
    assert "nowhere" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["import", "grid"], ["export", "grid"], ["import"], ["export"]])
def test_each_command_explains_itself(words):
    shown = CliRunner().invoke(command_line, [*words, "--help"])
    assert shown.exit_code == 0
    assert "Usage:" in shown.output


def test_columns_are_renamed_and_the_source_named(town):
    (town / "theirs.csv").write_text("Nr;Text\n1;A bench.\n", encoding="utf-8")
    words = ["--map", "Nr=ref", "--map", "Text=verbatim", "--source", "counter-2026", "--json"]
    done = civic(town, "import", "grid", "theirs.csv", "--process", "benches", *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["source"] == "counter-2026"
    wrong = civic(town, "import", "grid", "theirs.csv", "--process", "benches", "--map", "nonsense")
    assert wrong.returncode == 1
