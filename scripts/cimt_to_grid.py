#!/usr/bin/env python3
"""Turn a file of the CIMT argument-mining data set into a grid that `civic import grid` reads.

    python scripts/cimt_to_grid.py ../shared/data/cimt/Cycling-Dialogue-Moers/dataset_CDM.tsv moers.csv
    civic import grid moers.csv --process raddialog-moers --source cimt-moers

The data set (juliaromberg/cimt-argument-mining-dataset, CC BY-SA 4.0) holds one sentence a row. Here

- every `document_id` is one contribution of kind `proposal`, in the order of the file;
- its sentences stand in the order of `sentence_nr`, those marked `title` in the part `title`;
- a sentence whose `code` is exactly `mpos` is a point; `mpos+premise`, `premise` and `non-arg` are not;
- a document without any `mpos` has no point row, so its whole text is one claim in Civic;
- the language is `de`, the address is the row's `url`; the data set names no author and no date.

Blanks around a sentence are dropped (31 rows of the Cologne file end in tabs). Cells that a spreadsheet
would run as a formula get an apostrophe, which the import takes away again. Standard library only.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

COLUMNS = ("ref", "part", "point", "kind", "language", "url", "verbatim")
NEEDED = frozenset({"document_id", "sentence_nr", "content", "code", "title/text", "url"})
PARTS = {"title": "title", "text": "text"}
ACTIVE = "=+-@\t\r\n＝＋－＠"

Row = dict[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, write the grid, say what was written."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n\n")[0],
        epilog="See docs/real-data.md.",
    )
    parser.add_argument("tsv", type=Path, help="a dataset_*.tsv of the data set")
    parser.add_argument("grid", nargs="?", default="-", help="the CSV to write (default: standard output)")
    wanted = parser.parse_args(arguments)
    try:
        rows = list(grid_rows(wanted.tsv))
        if wanted.grid == "-":
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            write(rows, sys.stdout)
        else:
            with open(wanted.grid, "w", encoding="utf-8", newline="") as out:
                write(rows, out)
    except (OSError, ValueError) as error:
        print(f"cimt_to_grid: {error}", file=sys.stderr)
        return 1
    documents = len({row["ref"] for row in rows})
    points = sum(row["point"] == "1" for row in rows)
    print(f"{documents} contributions, {len(rows)} sentences, {points} point rows", file=sys.stderr)
    return 0


def grid_rows(tsv: Path) -> Iterator[Row]:
    """Give the rows of the grid, document by document."""
    for ref, sentences in documents(tsv).items():
        for sentence in sorted(sentences, key=lambda row: int(row["sentence_nr"])):
            yield {
                "ref": ref,
                "part": PARTS[sentence["title/text"]],
                "point": "1" if sentence["code"] == "mpos" else "",
                "kind": "proposal",
                "language": "de",
                "url": sentence["url"].strip(),
                "verbatim": sentence["content"].strip(),
            }


def documents(tsv: Path) -> dict[str, list[Row]]:
    """Group the sentences by document, both in the order of the file. Raises ValueError with the row."""
    found: dict[str, list[Row]] = {}
    with tsv.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source, delimiter="\t")
        missing = NEEDED.difference(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{tsv.name} lacks the columns {', '.join(sorted(missing))}")
        for number, row in enumerate(reader, start=2):
            if row["title/text"] not in PARTS or not (row["sentence_nr"] or "").isdecimal():
                raise ValueError(f"{tsv.name}, row {number}: part or sentence number not understood")
            found.setdefault(row["document_id"], []).append(row)
    return found


def write(rows: Iterable[Row], out: TextIO) -> None:
    """Write the grid as CSV."""
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    sheet.writerows([neutral(row[name]) for name in COLUMNS] for row in rows)


def neutral(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; the import restores it."""
    return f"'{cell}" if cell.lstrip("'")[:1] and cell.lstrip("'")[0] in ACTIVE else cell


if __name__ == "__main__":
    sys.exit(main())
