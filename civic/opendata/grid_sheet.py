"""A grid file as rows of checked values: bytes, separators, header and cells.

Rows are numbered as a spreadsheet shows them: the header is row 1, empty rows count, and a cell with
line ends in it stays one row. What a row means is for ``grid_reading``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from civic.foundation import text as texts
from civic.foundation.errors import N_, Message, message
from civic.opendata import grid
from civic.opendata.grid import GridRefused, Problem, When

Progress = Callable[[int], None]
Values = dict[str, Any]  # column -> its value, for the columns of a row that hold something

_DELIMITERS = ",;\t"
_STEP = 1_000  # rows between two calls of progress
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)


@dataclass
class Sheet:
    """A file as rows of checked values, with the problems met so far."""

    source: BinaryIO
    mapping: Mapping[str, str]
    zone: dt.tzinfo
    needed: tuple[str, ...]
    progress: Progress | None
    known: tuple[str, ...] = grid.COLUMNS
    problems: list[Problem] = field(default_factory=list)
    total: int = 0
    filled: int = 0
    ignored: tuple[str, ...] = ()
    _unreadable: set[int] = field(default_factory=set)

    def note(self, problem: Problem) -> None:
        """Keep a problem, or only count it once there are many."""
        self.total += 1
        if len(self.problems) < 10 * grid.MAX_PROBLEMS:
            self.problems.append(problem)

    def note_missing(self, row: int, values: Values, needed: tuple[str, ...]) -> None:
        """Say which needed cells of a row are empty, unless something else is wrong with the row."""
        if row in self._unreadable:
            return
        for name in needed:
            if name not in values:
                self.note(Problem(message(N_("“%(column)s” is empty."), column=name), row, name))

    def demand(self) -> None:
        """Go on when nothing is wrong; otherwise raise GridRefused."""
        if self.problems:
            raise GridRefused(self._first(grid.MAX_PROBLEMS), self.total)

    def stop(self, what: Message, row: int | None = None) -> GridRefused:
        """Make the refusal for a file that cannot be read any further: what stopped us stands last."""
        known = self._first(grid.MAX_PROBLEMS - 1)
        return GridRefused([*known, Problem(what, row)], self.total + 1)

    def _first(self, most: int) -> list[Problem]:
        return sorted(self.problems, key=lambda problem: problem.row or 0)[:most]

    def rows(self) -> Generator[tuple[int, Values], None, None]:
        """Give each row that holds something: its number and its checked values."""
        lines = io.TextIOWrapper(self.source, "utf-8-sig", errors="surrogateescape", newline="")
        try:
            yield from self._rows(self._measured(lines))
        finally:
            lines.detach()

    def _rows(self, lines: Iterator[str]) -> Iterator[tuple[int, Values]]:
        head, delimiter = self._head(lines)
        header = next(csv.reader(iter(head), delimiter=delimiter), [])
        columns = self._columns(header)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        row = 1
        while True:
            row += 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise self._torn(error, row) from None
            if cells is None:
                return
            if row > grid.MAX_ROWS:
                raise self.stop(message(N_("The file has more than %(max)s rows."), max=grid.MAX_ROWS), row)
            values = self._values(row, cells, columns, len(header))
            if values or row in self._unreadable:
                self.filled += 1
                yield row, values
            if self.progress and row % _STEP == 0:
                self.progress(row)

    def _measured(self, lines: io.TextIOWrapper) -> Iterator[str]:
        read = 0
        while line := lines.readline(grid.MAX_LINE + 1):
            read += len(line)
            if len(line) > grid.MAX_LINE or read > grid.MAX_CHARACTERS:
                raise self.stop(message(N_("The file is too large, or is not a sheet of rows.")))
            yield line

    def _head(self, lines: Iterator[str]) -> tuple[list[str], str]:
        """Take the lines of the header, and find what parts its cells."""
        first = next(lines, "")
        declared = _SEPARATOR_LINE.fullmatch(first)
        if declared:
            first = next(lines, "")
        if not first.strip():
            raise self.stop(message(N_("The first row should hold the names of the columns.")))
        if _SURROGATE.search(first) or "\0" in first:
            raise self._not_utf8(1)
        head = [first]
        while sum(line.count('"') for line in head) % 2 and len(head) < 50:
            head.append(next(lines, '"'))
        return head, declared[1] if declared else max(_DELIMITERS, key=lambda sign: self._fit(head, sign))

    def _fit(self, head: list[str], delimiter: str) -> tuple[int, int]:
        names = next(csv.reader(iter(head), delimiter=delimiter), [])
        return sum(self._ours(name) in self.known for name in names), len(names)

    def _ours(self, header: str) -> str:
        name = grid.header_name(grid.restore(header))
        return self.mapping.get(name, name)

    def _columns(self, header: list[str]) -> list[str]:
        """Name each column of the file in our words, "" for those we leave out."""
        if len(header) > grid.MAX_COLUMNS:
            raise self.stop(message(N_("The file has more than %(max)s columns."), max=grid.MAX_COLUMNS), 1)
        names = [self._ours(cell) for cell in header]
        known = [name if name in self.known else "" for name in names]
        self.ignored = tuple(
            cell.strip()
            for cell, name, ours in zip(header, names, known, strict=True)
            if cell.strip() and name and not ours
        )
        for name in self.known:
            if known.count(name) > 1:
                self.note(Problem(message(N_("The column “%(column)s” stands twice."), column=name), 1, name))
            if name in self.needed and name not in known:
                what = message(
                    N_("The column “%(column)s” is missing; --map theirs=ours renames one."), column=name
                )
                self.note(Problem(what, 1, name))
        theirs = {grid.header_name(grid.restore(cell)) for cell in header}
        for missing in sorted(set(self.mapping) - theirs):
            what = message(N_("The file has no column “%(column)s” to rename."), column=missing)
            self.note(Problem(what, 1))
        self.demand()
        return known

    def _values(self, row: int, cells: list[str], columns: list[str], width: int) -> Values:
        """Check the cells of a row that hold something."""
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            what = message(
                N_("This row has %(cells)s cells, the header %(columns)s: one cell lacks its quotes."),
                cells=len(cells),
                columns=width,
            )
            self._wrong(row, what, None)
        values: Values = {}
        for name, cell in zip(columns, cells, strict=False):
            if not name or not cell or cell.isspace():
                continue
            if "\0" in cell:
                self._wrong(row, message(N_("This cell holds a NUL character.")), name)
            elif not cell.isascii() and _SURROGATE.search(cell):
                raise self._not_utf8(row)
            else:
                self._check(row, name, texts.normalise(grid.restore(cell.strip())).strip(), values)
        return values

    def _check(self, row: int, name: str, cell: str, values: Values) -> None:
        if not cell:
            return
        most = grid.MAX_CELL.get(name, grid.MAX_CONTRIBUTION)
        if len(cell) > most:
            self._wrong(row, message(N_("This cell is longer than %(max)s characters."), max=most), name)
            return
        check = _CHECKS.get(name)
        value = check(cell, self.zone) if check else cell
        if isinstance(value, Message):
            self._wrong(row, value, name)
        else:
            values[name] = value

    def _wrong(self, row: int, what: Message, column: str | None) -> None:
        self._unreadable.add(row)
        self.note(Problem(what, row, column))

    def _torn(self, error: csv.Error, row: int) -> GridRefused:
        if "field larger" in str(error) or "unexpected end" in str(error):
            return self.stop(
                message(N_("A cell of this row is too long, or its quotation mark is never closed.")), row
            )
        return self.stop(message(N_("A cell in quotes goes on after its closing quotation mark.")), row)

    def _not_utf8(self, row: int) -> GridRefused:
        return self.stop(message(N_("The file is not written in UTF-8. Save it again as “CSV UTF-8”.")), row)


def _code(codes: tuple[str, ...]) -> Callable[[str, dt.tzinfo], str | Message]:
    def check(cell: str, zone: dt.tzinfo) -> str | Message:
        if cell in codes:
            return cell
        known = ", ".join(codes)
        return message(
            N_("“%(code)s” is none of the codes of this column: %(codes)s."), code=_short(cell), codes=known
        )

    return check


def _when(cell: str, zone: dt.tzinfo) -> When | Message:
    try:
        if _DAY.fullmatch(cell):
            found: When = dt.date.fromisoformat(cell)
        elif _MOMENT.fullmatch(cell):
            moment = dt.datetime.fromisoformat(cell)
            found = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
        else:
            raise ValueError
        if not 1000 <= found.year <= 2999:
            raise ValueError
    except (ValueError, OverflowError):
        return message(
            N_("“%(date)s” is not a date. Write year-month-day, as in 2026-11-22."), date=_short(cell)
        )
    return found


def _language(cell: str, zone: dt.tzinfo) -> str | Message:
    if not _LANGUAGE.fullmatch(cell):
        return message(N_("“%(code)s” is not a language code. Write de, fr, en, pt-BR…"), code=_short(cell))
    first, *others = cell.replace("_", "-").split("-")
    shapes = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(shapes.get(len(tag), str.lower)(tag) for tag in others)])


def _url(cell: str, zone: dt.tzinfo) -> str | Message:
    wrong = message(N_("This is not a web address: it should start with https:// and hold no white space."))
    if not re.match(r"https?://", cell, re.IGNORECASE) or re.search(r'[\s<>"\\\x00-\x20\x7f]', cell):
        return wrong
    try:
        return cell if urlsplit(cell).hostname else wrong
    except ValueError:
        return wrong


def _point(cell: str, zone: dt.tzinfo) -> bool | Message:
    if cell in ("0", "1"):
        return cell == "1"
    return message(
        N_("“point” is 1 for a point and empty for any other row, not “%(value)s”."), value=_short(cell)
    )


def _codes(cell: str, zone: dt.tzinfo) -> tuple[str, ...] | Message:
    """Read several codes of reasons, parted by "|" or a comma, each once."""
    found = tuple(dict.fromkeys(code for code in re.split(r"[|,;\s]+", cell) if code))
    check = _code(grid.REASON_CODES)
    wrong = next((said for said in (check(code, zone) for code in found) if isinstance(said, Message)), None)
    return wrong or found


def _yes(cell: str, zone: dt.tzinfo) -> bool | Message:
    if cell in ("0", "1"):
        return cell == "1"
    return message(N_("Write 1 for yes, 0 for no, not “%(value)s”."), value=_short(cell))


def _day(cell: str, zone: dt.tzinfo) -> dt.date | Message:
    found = _when(cell, zone)
    return found.astimezone(zone).date() if isinstance(found, dt.datetime) else found


def _line_of_scope(cell: str, zone: dt.tzinfo) -> int | Message:
    if _WHOLE_NUMBER.fullmatch(cell) and int(cell) <= 1_000:
        return int(cell)
    return message(N_("Write the number of a line of the scope, not “%(value)s”."), value=_short(cell))


def _version(cell: str, zone: dt.tzinfo) -> int | Message:
    if _WHOLE_NUMBER.fullmatch(cell):
        return int(cell)
    return message(N_("“%(value)s” is not the version the export wrote."), value=_short(cell))


def _one_line(cell: str, zone: dt.tzinfo) -> str:
    return " ".join(cell.split())


def _short(cell: str) -> str:
    return texts.excerpt(cell, 60)


_CHECKS: Mapping[str, Callable[[str, dt.tzinfo], Any]] = {
    "ref": _one_line,
    "part": _code(grid.PARTS),
    "point": _point,
    "kind": _code(grid.KINDS),
    "author": _one_line,
    "category": _code(grid.CATEGORIES),
    "date": _when,
    "language": _language,
    "url": _url,
    "parent": _one_line,
    "relation": _code(grid.RELATIONS),
    "outcome": _code(grid.OUTCOMES),
    "decided_at": _when,
    "decided_by": _one_line,
    "point_ref": _one_line,
    "version": _version,
    "sentence": _one_line,
    "reason_codes": _codes,
    "value_choice": _yes,
    "cost": _one_line,
    "yes_part": _one_line,
    "no_part": _one_line,
    "quoted_from": _one_line,
    "in_force_on": _day,
    "reopens_on": _day,
    "event": _one_line,
    "owner": _one_line,
    "body": _one_line,
    "sent_on": _day,
    "follow_up_on": _day,
    "scope_line": _line_of_scope,
}
