"""Figures taken straight from the files of the real data with csv, knowing nothing of scripts or grids."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MOERS = DATA / "cimt" / "Cycling-Dialogue-Moers" / "dataset_CDM.tsv"
COLOGNE = DATA / "cimt" / "Cycling-Dialogue-Cologne" / "dataset_CDC.tsv"
PEPS = DATA / "peps"
ABSENT = "the real data is not beside the project (../shared/data)"

STATUS_OUTCOMES = {
    "Final": "adopted",
    "Accepted": "adopted",
    "Active": "adopted",
    "Rejected": "declined",
    "Withdrawn": "withdrawn",
    "Deferred": "deferred",
    "Superseded": "already",
}


@dataclass(frozen=True)
class Counts:
    """What an import of a file has to come to."""

    contributions: int
    claims: int
    outcomes: dict[str, int]


def cimt_counts(tsv: Path) -> Counts:
    """Count documents; a document without a sentence labelled exactly `mpos` is one claim."""
    positions: Counter[str] = Counter()
    documents: set[str] = set()
    for row in _rows(tsv, "\t"):
        documents.add(row["document_id"])
        positions[row["document_id"]] += row["code"] == "mpos"
    return Counts(len(documents), sum(max(1, positions[name]) for name in documents), {})


def cimt_texts(tsv: Path) -> dict[str, tuple[str, str]]:
    """Join the title and the text of every document."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for row in _rows(tsv, "\t"):
        title, text = found.setdefault(row["document_id"], ([], []))
        (title if row["title/text"] == "title" else text).append(row["content"].strip())
    return {name: (" ".join(title), " ".join(text)) for name, (title, text) in found.items()}


def cimt_positions(tsv: Path) -> Counter[tuple[str, str]]:
    """Give the document and the words of every sentence labelled exactly `mpos`."""
    rows = _rows(tsv, "\t")
    return Counter((row["document_id"], row["content"].strip()) for row in rows if row["code"] == "mpos")


def pep_counts() -> Counts:
    """Count proposals and their outcomes by status, from the index."""
    rows = _rows(PEPS / "index.csv", ",")
    outcomes = Counter(STATUS_OUTCOMES[row["status"]] for row in rows if row["status"] in STATUS_OUTCOMES)
    return Counts(len(rows), len(rows), dict(outcomes))


def pep_index() -> dict[int, dict[str, str]]:
    """Give the rows of the index by number."""
    return {int(row["pep"]): row for row in _rows(PEPS / "index.csv", ",")}


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter=delimiter))
