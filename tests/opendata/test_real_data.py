"""Real proposals from two cities, and real decisions with their reasons, brought into both databases."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest

from civic.decisions.models import ImportedOutcome
from civic.foundation import database as db
from civic.opendata import queries
from civic.opendata.actions import Imported, import_grid
from civic.opendata.exports import csv_of
from civic.processes.queries import process_by_slug
from tests.cast import SYSTEM
from tests.opendata import independent_counts as counted
from tests.opendata.test_import import exact
from tests.opendata.test_scripts import run

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not counted.DATA.exists(), reason=counted.ABSENT),
]


def grid(script: str, source: Path, folder: Path) -> bytes:
    target = folder / "grid.csv"
    done = run(script, source, target)
    assert done.returncode == 0, done.stderr
    return target.read_bytes()


async def bring(content: bytes, process: str, source: str) -> Imported:
    return await import_grid(SYSTEM, io.BytesIO(content), process=process, source=source)


async def exported(slug: str) -> str:
    process = await process_by_slug(slug)
    assert process is not None
    sheet = await queries.sheet_for(process.id, "fr", is_for_desk=True)
    return "".join([lines async for lines, _ in csv_of(sheet)])


CITIES = pytest.mark.parametrize("city", [counted.MOERS, counted.COLOGNE], ids=["moers", "cologne"])


@CITIES
async def test_a_city_in_the_database_comes_to_the_counts_of_its_file(database, city, tmp_path):
    expected = counted.cimt_counts(city)
    content = grid("cimt_to_grid.py", city, tmp_path)
    done = await bring(content, "raddialog", "cimt")
    assert (done.held.contributions, done.held.claims) == (expected.contributions, expected.claims)
    again = await bring(content, "raddialog", "cimt")
    assert (again.added, again.changed, again.held) == (0, 0, done.held)
    spans = await db.rows(
        """
        SELECT c.source_ref AS ref, substr(v.body, s.start + 1, s."end" - s.start) AS body,
               substr(v.title, s.start + 1, s."end" - s.start) AS title, s.part
        FROM claim k JOIN claim_span s ON s.claim_id = k.id
        JOIN contribution_version v ON v.id = s.version_id
        JOIN contribution c ON c.id = k.contribution_id
        WHERE k.origin = 'imported'
        """
    )
    quoted = Counter((row["ref"], row["title" if row["part"] == "title" else "body"]) for row in spans)
    assert quoted == counted.cimt_positions(city)
    languages = await db.rows("SELECT DISTINCT language FROM contribution")
    assert [row["language"] for row in languages] == ["de"]


async def test_decisions_made_elsewhere_are_kept_as_not_decided_here(database, tmp_path):
    expected = counted.pep_counts()
    done = await bring(grid("peps_to_grid.py", counted.PEPS, tmp_path), "peps", "peps")
    assert (done.held.contributions, done.held.claims) == (expected.contributions, expected.claims)
    assert done.held.outcomes == sum(expected.outcomes.values())
    kept = Counter(await ImportedOutcome.all().values_list("outcome", flat=True))
    assert kept == Counter(expected.outcomes)
    (decided,) = await db.rows("SELECT count(*) AS n FROM disposition")
    assert decided["n"] == 0
    await exact()


async def test_what_goes_out_comes_in_again_the_same(database, tmp_path):
    for script, source in (("peps_to_grid.py", counted.PEPS), ("cimt_to_grid.py", counted.COLOGNE)):
        slug = script.partition("_")[0]
        done = await bring(grid(script, source, tmp_path), slug, slug)
        first = await exported(slug)
        again = await bring(first.encode(), f"{slug}-again", "export")
        assert again.held == done.held
        assert without_keys(await exported(f"{slug}-again")) == without_keys(first)


def without_keys(sheet: str) -> list[list[str]]:
    """Read a sheet, its last two columns (point_ref and version) left out."""
    import csv

    return [row[:-2] for row in csv.reader(io.StringIO(sheet, newline=""))]
