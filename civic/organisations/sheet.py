"""A sheet of comments as standards bodies exchange it, read into rows: everything wrong is said by its row.

Rows are numbered as a spreadsheet shows them. Columns are known by what their header begins with, in
English or French; the others (who comments, observations of a secretariat) are left out.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civic.foundation.errors import N_, CivicError, Message, message

MAX_ROWS = 200
MAX_REFERENCE = 120
MAX_COMMENT = 4_000
MAX_SHEET = 2_000_000
"""Bytes of a sheet as sent; unpacked, ten times as many."""
MOST_PROBLEMS = 50
_MAX_COLUMNS = 60
_MAX_READ = 5_000

_HEADERS = {
    "reference": ("clause", "subclause", "article", "disposition", "reference", "passage"),
    "place": ("paragraph", "figure", "table", "alinea"),
    "type": ("type", "te/ge/ed", "ge/te/ed"),
    "comment": ("comment", "commentaire", "remarque", "point"),
    "change": ("proposed change", "proposition", "modification", "change", "redaction proposee"),
}
"""What the header of a column begins with, without accents. "Type of comment" is asked before "comment"."""
_TYPES = {"g": "ge", "ge": "ge", "t": "te", "te": "te", "e": "ed", "ed": "ed", "r": "ed"}

_UNREADABLE = N_("This is neither a spreadsheet (.xlsx) nor a CSV file in UTF-8.")
_TOO_LARGE = N_("This file is too large for a sheet of comments.")
_NO_COLUMN = N_("No column is named “Comment”: the first row should hold the names of the columns.")
_TWICE = N_("Two columns are named “%(name)s”.")
_EMPTY = N_("There is no comment in this row.")
_TOO_LONG = N_("“%(column)s” has %(count)s characters; at most %(max)s are possible.")
_WHICH_TYPE = N_("“%(said)s” is no type of comment: write ge, te or ed.")
_NO_ROWS = N_("There is no row with a comment.")
_TOO_MANY = N_("There are more than %(max)s rows with a comment. Please file the most important ones.")


@dataclass(frozen=True)
class Row:
    """A comment on one passage, and the change it asks for."""

    reference: str
    type: str
    comment: str
    change: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row; 0 is the whole file."""

    row: int
    what: Message


class SheetRefused(CivicError):
    """A sheet from which nothing is taken, with all that is wrong in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].what)
        self.problems = tuple(problems[:MOST_PROBLEMS])
        self.total = len(problems)


def read_sheet(data: bytes) -> tuple[Row, ...]:
    """Read the rows of a CSV file or a spreadsheet. Raises SheetRefused with every problem at once."""
    if len(data) > MAX_SHEET:
        raise SheetRefused([Problem(0, Message(_TOO_LARGE))])
    table = _spreadsheet(data) if data[:2] == b"PK" else _csv(data)
    head, columns = _header(table)
    problems: list[Problem] = []
    rows: list[Row] = []
    for number, cells in enumerate(table[head + 1 :], head + 2):
        said = {name: _joined(cells, places) for name, places in columns.items()}
        if not any(said.values()):
            continue
        row = _row(number, said, problems)
        if row is not None:
            rows.append(row)
    if not rows and not problems:
        problems.append(Problem(0, Message(_NO_ROWS)))
    if len(rows) > MAX_ROWS:
        problems.append(Problem(0, message(_TOO_MANY, max=MAX_ROWS)))
    if problems:
        raise SheetRefused(problems)
    return tuple(rows)


def type_of(said: str) -> str | None:
    """Read a type of comment in letters or in words; "" is general, None is no type."""
    folded = _folded(said).rstrip(".")
    if not folded:
        return "ge"
    return _TYPES.get(folded) or (_TYPES.get(folded[:2]) if len(folded) > 4 else None)


def _row(number: int, said: dict[str, str], problems: list[Problem]) -> Row | None:
    kind = type_of(said.get("type", ""))
    reference = " ".join(" · ".join(filter(None, (said.get("reference"), said.get("place")))).split())
    row = Row(reference, kind or "", said["comment"], said.get("change", ""))
    before = len(problems)
    if kind is None:
        problems.append(Problem(number, message(_WHICH_TYPE, said=said["type"][:40])))
    if not row.comment:
        problems.append(Problem(number, Message(_EMPTY)))
    for column, words, most in (
        (N_("Clause"), row.reference, MAX_REFERENCE),
        (N_("Comment"), row.comment, MAX_COMMENT),
        (N_("Proposed change"), row.change, MAX_COMMENT),
    ):
        if len(words) > most:
            what = message(_TOO_LONG, column=Message(column), count=len(words), max=most)
            problems.append(Problem(number, what))
    return row if len(problems) == before else None


def _header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, list[int]]]:
    """Find the row of headers among the first ones, and which columns say what."""
    for number, cells in enumerate(table[:10]):
        found: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            name = _name_of(cell)
            if name:
                found.setdefault(name, []).append(place)
        if "comment" not in found:
            continue
        for name in ("type", "comment", "change"):
            if len(found.get(name, ())) > 1:
                raise SheetRefused([Problem(number + 1, message(_TWICE, name=cells[found[name][1]][:40]))])
        return number, found
    raise SheetRefused([Problem(1, Message(_NO_COLUMN))])


def _name_of(header: str) -> str:
    folded = _folded(header)
    order = ("type", "change", "reference", "place", "comment")
    return next((name for name in order if folded.startswith(_HEADERS[name])), "")


def _joined(cells: Sequence[str], places: Iterable[int]) -> str:
    return " · ".join(filter(None, (_said(cells[place]) for place in places if place < len(cells))))


def _said(cell: str) -> str:
    """Take a cell as written; the sign that keeps a spreadsheet from running it is taken off."""
    lines = "\n".join(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    kept = "".join(one for one in lines if one == "\n" or unicodedata.category(one) != "Cc")
    return kept[1:] if kept[:1] == "'" and kept[1:2] in ("=", "+", "-", "@") else kept


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words)
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).lower().split())


def _csv(data: bytes) -> list[list[str]]:
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused([Problem(0, Message(_UNREADABLE))]) from None
    if "\0" in words:
        raise SheetRefused([Problem(0, Message(_UNREADABLE))])
    first = words[:4_000]
    delimiter = max(";\t,", key=lambda sign: _fit(first, sign))
    try:
        return [
            cells[:_MAX_COLUMNS] for cells in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        raise SheetRefused([Problem(0, Message(_UNREADABLE))]) from None


def _fit(first: str, delimiter: str) -> tuple[int, int]:
    """Say how well a sign parts the headers: how many columns we know, then how many there are."""
    try:
        rows = list(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter))[:10]
    except csv.Error:
        return 0, 0
    return max(((sum(map(bool, map(_name_of, row))), len(row)) for row in rows), default=(0, 0))


def _spreadsheet(data: bytes) -> list[list[str]]:
    """Read the first sheet of a workbook; formulas give what they last said, macros are never looked at."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > 10 * MAX_SHEET:
                raise SheetRefused([Problem(0, Message(_TOO_LARGE))])
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=_MAX_READ, max_col=_MAX_COLUMNS, values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except SheetRefused:
        raise
    except Exception:
        # A damaged workbook fails in as many ways as it has parts; to its sender they are all one.
        raise SheetRefused([Problem(0, Message(_UNREADABLE))]) from None


def protected(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; reading a sheet takes the sign off again."""
    kept = "".join(one for one in cell if one in "\n\t" or unicodedata.category(one) != "Cc")
    return f"'{kept}" if kept[:1] in ("=", "+", "-", "@", "\t") else kept


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a grid as CSV that spreadsheets open with their accents."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([protected(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Write a grid as a workbook: its header stays in view, long cells turn their lines."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append([protected(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in sheet.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest + 2, 10), 60)
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
