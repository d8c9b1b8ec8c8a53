"""Read a grid: every problem of the file is found, with its row, before anything is given.

Two readings:

- `read_grid`: rows of one `ref`, in file order, make a contribution (an import);
- `read_answers`: each row with a `point_ref` stands for itself, so that the sheet may have been sorted,
  filtered or cut (an exported sheet on its way back).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, BinaryIO

from civic.foundation.errors import N_, Message, message
from civic.opendata import grid
from civic.opendata.grid import Grid, GridAnswer, GridClaim, GridContribution, GridRefused, Part, Problem
from civic.opendata.grid_sheet import Progress, Sheet, Values

_UNMAPPED: Mapping[str, str] = MappingProxyType({})


def read_grid(
    source: BinaryIO,
    *,
    mapping: Mapping[str, str] = _UNMAPPED,
    zone: dt.tzinfo = dt.UTC,
    known_refs: Container[str] = frozenset(),
    progress: Progress | None = None,
) -> Grid:
    """Read contributions from an open binary file, or raise GridRefused with all problems.

    `mapping` comes from `grid.parse_mapping`. An hour without an offset is taken on the clock of `zone`.
    `known_refs` are the refs this source brought earlier: a `parent` may name one of them. `progress` is
    called now and then with the number of rows read.
    """
    sheet = Sheet(source, mapping, zone, grid.REQUIRED, progress)
    groups: dict[str, _Group] = {}
    for row, values in sheet.rows():
        if "ref" in values and "verbatim" in values:
            group = groups.get(values["ref"])
            if group is None:
                group = groups[values["ref"]] = _Group(values["ref"], row)
            group.add(row, values, sheet.note)
        else:
            sheet.note_missing(row, values, grid.REQUIRED)
    contributions = tuple(group.finish(sheet.note) for group in groups.values())
    _check_parents(groups, known_refs, sheet.note)
    sheet.demand()
    return Grid(contributions, sheet.filled, sheet.ignored)


def read_answers(
    source: BinaryIO,
    *,
    mapping: Mapping[str, str] = _UNMAPPED,
    zone: dt.tzinfo = dt.UTC,
    progress: Progress | None = None,
) -> tuple[GridAnswer, ...]:
    """Read the rows that carry a `point_ref`, in file order, or raise GridRefused with all problems.

    Only `point_ref` and `version` are required, so a sheet may come back sorted, filtered or without its
    other columns. A row without `point_ref` is context and is passed over, unless it holds an answer,
    which would be lost: that is a problem. A `point_ref` may stand only once.
    """
    needed = ("point_ref", "version")
    sheet = Sheet(source, mapping, zone, needed, progress, grid.DESK_COLUMNS)
    first_rows: dict[str, int] = {}
    answers = []
    for row, values in sheet.rows():
        if "point_ref" not in values:
            if any(name in values for name in (*grid.ANSWER_COLUMNS, *grid.DETAIL_COLUMNS)):
                what = message(N_("This row holds an answer but no point_ref, so we cannot tell its point."))
                sheet.note(Problem(what, row, "point_ref"))
        elif "version" not in values:
            sheet.note_missing(row, values, needed)
        else:
            first = first_rows.setdefault(values["point_ref"], row)
            if first != row:
                what = message(N_("This point already stands in row %(row)s."), row=str(first))
                sheet.note(Problem(what, row, "point_ref"))
            columns = ("point_ref", "version", "ref", "verbatim", *grid.ANSWER_COLUMNS)
            details = {name: values[name] for name in grid.DETAIL_COLUMNS if name in values}
            said = {name: values[name] for name in columns if name in values}
            answers.append(GridAnswer(row, details=details, **said))
    sheet.demand()
    return tuple(answers)


def carries_point_refs(source: BinaryIO, *, mapping: Mapping[str, str] = _UNMAPPED) -> bool:
    """Tell whether an open file comes from an export of a workspace, and put it back to its start.

    Looks only for a filled `point_ref`; what is wrong with the file is for the readings to say.
    """
    sheet = Sheet(source, mapping, dt.UTC, (), None, grid.DESK_COLUMNS)
    try:
        with closing(sheet.rows()) as rows:
            return any("point_ref" in values for _, values in rows)
    except GridRefused:
        return False
    finally:
        source.seek(0)


@dataclass
class _Group:
    """The rows of one ref, as they come."""

    ref: str
    first_row: int
    rows: list[int] = field(default_factory=list)
    pieces: dict[str, list[str]] = field(default_factory=lambda: {"title": [], "text": []})
    lengths: dict[str, int] = field(default_factory=lambda: {"title": -1, "text": -1})
    first_rows: dict[str, int] = field(default_factory=dict)
    facts: dict[str, tuple[Any, int]] = field(default_factory=dict)
    points: list[GridClaim] = field(default_factory=list)
    loose: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def add(self, row: int, values: Values, note: Callable[[Problem], None]) -> None:
        """Join one row."""
        self.rows.append(row)
        part: Part = values.get("part", "text")
        words = values["verbatim"] if part == "text" else " ".join(values["verbatim"].split())
        start = self.lengths[part] + 1
        self.lengths[part] = start + len(words)
        self.pieces[part].append(words)
        self.first_rows.setdefault(part, row)
        self._agree(self.facts, grid.CONTRIBUTION_COLUMNS, row, values, note)
        if values.get("point"):
            answer = {name: values[name] for name in grid.POINT_COLUMNS if name in values}
            self.points.append(GridClaim(part, start, start + len(words), row=row, **answer))
        else:
            self._agree(self.loose, grid.POINT_COLUMNS, row, values, note)

    def _agree(
        self,
        kept: dict[str, tuple[Any, int]],
        columns: tuple[str, ...],
        row: int,
        values: Values,
        note: Callable[[Problem], None],
    ) -> None:
        for name in columns:
            if name in values and kept.setdefault(name, (values[name], row))[0] != values[name]:
                what = message(
                    N_("“%(column)s” differs from row %(row)s of the same ref."),
                    column=name,
                    row=str(kept[name][1]),
                )
                note(Problem(what, row, name))

    def finish(self, note: Callable[[Problem], None]) -> GridContribution:
        """Make the contribution, noting what does not hold together."""
        facts = {name: value for name, (value, _) in self.facts.items()}
        facts.setdefault("kind", "comment" if "parent" in facts else "proposal")
        found = GridContribution(
            self.ref,
            title=" ".join(self.pieces["title"]),
            text=" ".join(self.pieces["text"]),
            row_numbers=tuple(self.rows),
            **facts,
        )
        for what, column in self._wrongs(found):
            row = (
                self.facts[column][1] if column in self.facts else self.first_rows.get(column, self.first_row)
            )
            note(Problem(what, row, column))
        if self.points:
            self._note_lost_answers(note)
        return replace(found, claims=self._claims(found))

    def _wrongs(self, found: GridContribution) -> Iterator[tuple[Message, str]]:
        if len(found.title) + len(found.text) > grid.MAX_CONTRIBUTION:
            yield (
                message(
                    N_("The rows of this ref make a text longer than %(max)s characters."),
                    max=grid.MAX_CONTRIBUTION,
                ),
                "text",
            )
        if len(found.title) > grid.MAX_TITLE:
            yield message(N_("The title is longer than %(max)s characters."), max=grid.MAX_TITLE), "title"
        if len(self.points) > grid.MAX_POINTS:
            yield message(N_("This ref has more than %(max)s points."), max=grid.MAX_POINTS), "point"
        if found.kind == "comment":
            if found.title:
                yield message(N_("A comment has no title: put its words in the text part.")), "title"
            if not found.parent:
                yield message(N_("A comment needs a parent: the ref of what it answers.")), "kind"
        elif found.parent:
            yield (
                message(N_("Only a comment answers a parent; this row says “%(kind)s”."), kind=found.kind),
                "parent",
            )
        if found.relation and not found.parent:
            yield message(N_("A relation needs a parent: the ref of what it answers.")), "relation"

    def _note_lost_answers(self, note: Callable[[Problem], None]) -> None:
        for name, (_, row) in self.loose.items():
            what = message(
                N_("“%(column)s” stands on a row that is not a point, so it would be lost."), column=name
            )
            note(Problem(what, row, name))

    def _claims(self, found: GridContribution) -> tuple[GridClaim, ...]:
        if self.points:
            return tuple(sorted(self.points, key=lambda claim: (claim.part == "text", claim.start)))
        if found.relation in grid.UNANSWERED_RELATIONS and not self.loose:
            return ()
        part: Part = "text" if found.text else "title"
        answer = {name: value for name, (value, _) in self.loose.items()}
        row = min((row for _, row in self.loose.values()), default=self.first_rows[part])
        return (GridClaim(part, 0, len(found.words(part)), whole=True, row=row, **answer),)


def _check_parents(
    groups: Mapping[str, _Group], known_refs: Container[str], note: Callable[[Problem], None]
) -> None:
    """Note parents that are nowhere, and refs that answer themselves in a circle."""
    parents: dict[str, str] = {}
    for ref, group in groups.items():
        parent, row = group.facts.get("parent", ("", 0))
        if parent in groups:
            parents[ref] = parent
        elif parent and parent not in known_refs:
            what = message(N_("The parent “%(ref)s” is in no row of this file."), ref=parent)
            note(Problem(what, row, "parent"))
    settled: set[str] = set()
    for ref in parents:
        path: dict[str, None] = {}
        step = ref
        while step in parents and step not in settled and step not in path:
            path[step] = None
            step = parents[step]
        if step in path:
            what = message(N_("“%(ref)s” answers itself, by way of its parents."), ref=step)
            note(Problem(what, groups[step].facts["parent"][1], "parent"))
        settled.update(path)
