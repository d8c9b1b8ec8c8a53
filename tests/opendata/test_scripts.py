"""The scripts for the real data, held against figures counted from the files independently."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from civic.opendata.grid import Grid
from civic.opendata.grid_reading import read_grid
from tests.opendata import independent_counts as counted

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
needs_data = pytest.mark.skipif(not counted.DATA.exists(), reason=counted.ABSENT)


def run(script: str, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(SCRIPTS / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def grid_of(script: str, source: Path, folder: Path) -> Grid:
    target = folder / "grid.csv"
    done = run(script, source, target)
    assert done.returncode == 0, done.stderr
    with target.open("rb") as file:
        return read_grid(file)


def counts_of(grid: Grid) -> counted.Counts:
    claims = [claim for found in grid.contributions for claim in found.claims]
    outcomes = Counter(claim.outcome for claim in claims if claim.outcome)
    return counted.Counts(len(grid.contributions), len(claims), dict(outcomes))


CITIES = pytest.mark.parametrize("city", [counted.MOERS, counted.COLOGNE], ids=["moers", "cologne"])


@needs_data
@CITIES
def test_a_city_comes_to_the_counts_of_its_file(city, tmp_path):
    assert counts_of(grid_of("cimt_to_grid.py", city, tmp_path)) == counted.cimt_counts(city)


@needs_data
@CITIES
def test_every_position_of_a_city_is_a_point_with_its_own_words(city, tmp_path):
    grid = grid_of("cimt_to_grid.py", city, tmp_path)
    points = Counter(
        (found.ref, found.quote(claim))
        for found in grid.contributions
        for claim in found.claims
        if not claim.whole
    )
    assert points == counted.cimt_positions(city)


@needs_data
@CITIES
def test_titles_and_texts_of_a_city_are_its_sentences_in_order(city, tmp_path):
    grid = grid_of("cimt_to_grid.py", city, tmp_path)
    assert {found.ref: (found.title, found.text) for found in grid.contributions} == counted.cimt_texts(city)
    assert {(found.kind, found.language) for found in grid.contributions} == {("proposal", "de")}
    assert all(found.url.startswith("https://") for found in grid.contributions)


@needs_data
def test_the_two_cities_hold_what_their_readers_counted():
    assert counted.cimt_counts(counted.MOERS) == counted.Counts(459, 592, {})
    assert counted.cimt_counts(counted.COLOGNE) == counted.Counts(366, 657, {})


@needs_data
def test_the_enhancement_proposals_come_to_the_counts_of_their_index(tmp_path):
    grid = grid_of("peps_to_grid.py", counted.PEPS, tmp_path)
    assert counts_of(grid) == counted.pep_counts()
    assert counted.pep_counts().outcomes == {
        "adopted": 114,
        "declined": 35,
        "withdrawn": 19,
        "deferred": 7,
        "already": 5,
    }


@needs_data
def test_each_enhancement_proposal_has_the_facts_of_its_index(tmp_path):
    grid = grid_of("peps_to_grid.py", counted.PEPS, tmp_path)
    index = counted.pep_index()
    for found in grid.contributions:
        row = index[int(found.ref.removeprefix("pep-"))]
        (claim,) = found.claims
        assert found.title == row["title"]
        assert found.author == row["authors"].rstrip(", ")
        assert found.text
        assert claim.whole
        assert claim.outcome == counted.STATUS_OUTCOMES.get(row["status"], "")
        expected = f"PEP {row['pep']}" if claim.outcome == "adopted" else ""
        if claim.outcome == "already" and row["superseded_by"]:
            expected = f"PEP {row['superseded_by']}"
        assert claim.provision == expected


@needs_data
@pytest.mark.parametrize(
    ("number", "start"),
    [
        (204, "After careful consideration, and a period of meditation"),  # a notice above the sections
        (231, "There are serious problems"),  # "Rejection"
        (258, "While this may serve as an interesting design document"),  # a title with a line above it
        (288, "This PEP is withdrawn."),  # "Status"
        (315, "Rejected"),  # "Notice"
        (348, "This PEP has been rejected."),  # a note on the line of its directive
        (363, "Initial posting of this PEP"),  # a notice that points to a labelled section
        (354, "Superseded by PEP 435: https://peps.python.org/pep-0435/"),
        (507, "Resolution: https://"),  # no words, only the link
        (8016, "PEP 8016 was accepted by a core developer vote"),
    ],
)
def test_the_reason_is_the_words_that_decided(number, start, tmp_path):
    grid = grid_of("peps_to_grid.py", counted.PEPS, tmp_path)
    (found,) = [found for found in grid.contributions if found.ref == f"pep-{number:04d}"]
    assert found.claims[0].reason.startswith(start)


@needs_data
def test_a_refusal_never_borrows_the_rationale_of_its_author(tmp_path):
    grid = grid_of("peps_to_grid.py", counted.PEPS, tmp_path)
    (foolish,) = [found for found in grid.contributions if found.ref == "pep-0666"]
    assert "Rationale" in counted.pep_index()[666]["decision_sections"]
    assert (foolish.claims[0].outcome, foolish.claims[0].reason) == ("declined", "")


@needs_data
def test_the_day_and_the_delegate_of_a_decision_are_kept_when_known(tmp_path):
    grid = grid_of("peps_to_grid.py", counted.PEPS, tmp_path)
    decided = {found.ref: found.claims[0] for found in grid.contributions}
    assert str(decided["pep-0723"].decided_at) == "2024-01-08"
    assert decided["pep-0204"].decided_at is None
    assert decided["pep-0456"].decided_by == "Alyssa Coghlan"
    assert all("@" not in claim.decided_by for claim in decided.values())


CIMT = ("id", "document_id", "sentence_nr", "content", "code", "title/text", "url")


def a_tsv(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = CIMT) -> Path:
    path = folder / "dataset.tsv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter="\t").writerows([header, *rows])
    return path


def test_only_the_exact_label_is_a_point_and_sentences_stand_by_number(tmp_path):
    source = a_tsv(
        tmp_path,
        ("1", "A", "2", "- Ein Weg fehlt.", "mpos+premise", "text", "https://example.org/a"),
        ("2", "A", "1", "Radweg", "non-arg", "title", "https://example.org/a"),
        ("3", "A", "10", "Baut ihn!\t\t", "mpos", "text", "https://example.org/a"),
    )
    (found,) = grid_of("cimt_to_grid.py", source, tmp_path).contributions
    assert (found.title, found.text) == ("Radweg", "- Ein Weg fehlt. Baut ihn!")
    assert [found.quote(claim) for claim in found.claims] == ["Baut ihn!"]


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised_by_the_script(tmp_path):
    source = a_tsv(tmp_path, ("1", "A", "1", "=1+1", "mpos", "text", "https://example.org/a"))
    assert "'=1+1" in run("cimt_to_grid.py", source).stdout


def test_the_cimt_script_says_what_it_cannot_read(tmp_path):
    done = run("cimt_to_grid.py", a_tsv(tmp_path, ("1",), header=("id",)))
    assert done.returncode == 1
    assert "lacks the columns code, content" in done.stderr


def test_the_cimt_script_names_the_row_it_does_not_understand(tmp_path):
    done = run("cimt_to_grid.py", a_tsv(tmp_path, ("1", "A", "x", "Ja.", "mpos", "text", "")))
    assert done.returncode == 1
    assert "row 2" in done.stderr


PEP = """PEP: 7001
Title: =Gardens
Author: Ada Example <ada@example.org>,
        bo@example.org (Bo Example)
Status: {status}
Created: 01-Feb-2003
Topic: Green
PEP-Delegate: Otto Example <otto@example.org>
Resolution: `05-Mar-2004 <https://example.org/said>`__

.. Not shown.

{body}"""


def a_pep(folder: Path, body: str, status: str = "Final") -> Path:
    (folder / "peps").mkdir()
    (folder / "peps" / "pep-7001.rst").write_text(PEP.format(status=status, body=body), encoding="utf-8")
    return folder


def test_markup_becomes_words_and_sections_are_found_at_their_depth(tmp_path):
    body = (
        "=====\nFirst\n=====\n\nNot this.\n\n========\nAbstract\n========\n\n"
        "See :pep:`8` and\n`the page <https://example.org>`__ [1]_.\n\nInside\n------\n\n``x`` stays.\n\n"
        "=========\nRationale\n=========\n\nBecause.\n"
    )
    (found,) = grid_of("peps_to_grid.py", a_pep(tmp_path, body), tmp_path).contributions
    assert found.text == "See PEP 8 and the page (https://example.org).\n\nInside\n\n`x` stays."
    assert found.title == "=Gardens"
    assert found.author == "Ada Example, Bo Example"
    (claim,) = found.claims
    assert (claim.outcome, claim.reason, claim.provision) == ("adopted", "Because.", "PEP 7001")
    assert (str(claim.decided_at), claim.decided_by, claim.theme) == ("2004-03-05", "Otto Example", "Green")


def test_a_status_without_an_outcome_brings_none(tmp_path):
    body = "Intro\n=====\n\nWords.\n\nAcceptance\n==========\n\nNot yet.\n"
    (found,) = grid_of("peps_to_grid.py", a_pep(tmp_path, body, "Draft"), tmp_path).contributions
    assert found.text == "Words."
    assert (found.claims[0].outcome, found.claims[0].reason) == ("", "")


def test_a_folder_without_proposals_is_refused(tmp_path):
    done = run("peps_to_grid.py", tmp_path)
    assert done.returncode == 1
    assert "pep-NNNN.rst" in done.stderr
