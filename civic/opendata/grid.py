"""The grid: one row per sentence or point, as any city's spreadsheet holds it (docs/grid.md).

This module holds the words of the format: its columns, its codes, its limits, and what a file becomes
once read. ``grid_reading`` reads a file into these dataclasses, ``grid_writing`` writes them back.

Text columns that are absent are "", everything else that is absent is None. All texts are NFC with
line feeds only, without white space at either end; spans count code points.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from civic.foundation.errors import N_, CivicError, Message, counted, message

Part = Literal["title", "text"]
When = dt.date | dt.datetime

REQUIRED = ("ref", "verbatim")
CONTRIBUTION_COLUMNS = ("kind", "author", "category", "date", "language", "url", "parent", "relation")
ANSWER_COLUMNS = (
    "restatement",
    "theme",
    "outcome",
    "reason",
    "provision",
    "decided_at",
    "decided_by",
    "milestone",
)
POINT_COLUMNS = (*ANSWER_COLUMNS, "point_ref", "version")
DETAIL_COLUMNS = (
    "sentence",
    "anchor",
    "reason_codes",
    "evidence",
    "value_choice",
    "cost",
    "weighed",
    "trigger",
    "remedies",
    "differs",
    "yes_part",
    "no_part",
    "quotation",
    "quoted_from",
    "in_force_on",
    "reopens_on",
    "event",
    "owner",
    "body",
    "sent_on",
    "follow_up_on",
    "scope_line",
    "where",
)
"""What an outcome may ask for beyond its reason: columns of a sheet that goes out to be answered."""
COLUMNS = ("ref", "part", "point", *CONTRIBUTION_COLUMNS, "verbatim", *POINT_COLUMNS)
DESK_COLUMNS = (*COLUMNS, *DETAIL_COLUMNS)

PARTS = ("title", "text")
KINDS = (
    "proposal",
    "comment",
    "statement",
    "ticket",
    "chat",
    "faq-feedback",
    "survey-comment",
    "top",
    "flop",
)
RELATIONS = (
    "supports",
    "objects",
    "nuances",
    "asks",
    "evidence",
    "alternative",
    "experience",
    "answers",
)
UNANSWERED_RELATIONS = frozenset({"supports", "answers"})
CATEGORIES = ("users", "neighbours", "federations", "society", "authorities", "unions", "staff")
OUTCOMES = (
    "adopted",
    "adapted",
    "partly",
    "already",
    "declined",
    "deferred",
    "referred",
    "noted",
    "out_of_scope",
    "withdrawn",
)
REASON_CODES = (
    "law",
    "competence",
    "cost",
    "feasibility",
    "evidence",
    "rights",
    "equality",
    "environment",
    "timing",
    "vagueness",
    "political",
)

MAX_CONTRIBUTION = 100_000  # characters of title and text together
MAX_TITLE = 300
MAX_POINTS = 1_000  # points of one contribution
MAX_ROWS = 500_000
MAX_CHARACTERS = 300_000_000  # of a whole file
MAX_LINE = 1_000_000
MAX_COLUMNS = 200
MAX_PROBLEMS = 100  # reported; the rest are counted
MAX_CELL = {
    "ref": 160,
    "author": 300,
    "language": 8,
    "url": 500,
    "parent": 160,
    "restatement": 5_000,
    "theme": 300,
    "reason": 20_000,
    "provision": 300,
    "decided_by": 200,
    "milestone": 300,
    "point_ref": 80,
    "sentence": 300,
    "anchor": 5_000,
    "reason_codes": 200,
    "evidence": 5_000,
    "cost": 300,
    "weighed": 10_000,
    "trigger": 10_000,
    "remedies": 10_000,
    "differs": 10_000,
    "yes_part": 300,
    "no_part": 300,
    "quotation": 5_000,
    "quoted_from": 300,
    "event": 300,
    "owner": 160,
    "body": 200,
    "where": 10_000,
}

_ACTIVE = "=+\\-@\t\r\n＝＋－＠"
_TO_NEUTRALISE = re.compile(f"'*[{_ACTIVE}]")
_TO_RESTORE = re.compile(f"'+[{_ACTIVE}]")
_DUE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*[:–—-])?\s+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GridClaim:
    """A point: `start` and `end` are code points in the title or the text, as `part` says.

    `whole` marks the claim of a contribution none of whose rows says `point`: it covers the whole text,
    or the whole title where there is no text. `row` is the row of the sheet (its header is row 1); for a
    whole claim it is the row its answer columns stand on, or else the first row of the part. Rows are
    left out of comparisons.
    """

    part: Part
    start: int
    end: int
    whole: bool = False
    restatement: str = ""
    theme: str = ""
    outcome: str = ""
    reason: str = ""
    provision: str = ""
    decided_at: When | None = None
    decided_by: str = ""
    milestone: str = ""
    point_ref: str = ""
    version: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class GridContribution:
    """The rows of one `ref`, joined. Its claims stand in reading order: the title's, then the text's.

    A comment that only supports or answers, and whose rows say neither `point` nor any answer column, has
    no claim (SPEC 0.7). A `date` without an hour is a dt.date; with one, an aware dt.datetime in UTC.
    """

    ref: str
    kind: str
    title: str = ""
    text: str = ""
    author: str = ""
    category: str = ""
    date: When | None = None
    language: str = ""
    url: str = ""
    parent: str = ""
    relation: str = ""
    claims: tuple[GridClaim, ...] = ()
    row_numbers: tuple[int, ...] = field(default=(), compare=False)

    def words(self, part: Part) -> str:
        """Give the title or the text."""
        return self.title if part == "title" else self.text

    def quote(self, claim: GridClaim) -> str:
        """Give the words of a claim."""
        return self.words(claim.part)[claim.start : claim.end]


@dataclass(frozen=True, slots=True)
class GridAnswer:
    """A row of an exported sheet on its way back: what to write under which point.

    An empty column brings nothing. `verbatim` lets the importer see that the row still shows the words
    of its point; it is never written.
    """

    row: int
    point_ref: str
    version: int
    ref: str = ""
    verbatim: str = ""
    restatement: str = ""
    theme: str = ""
    outcome: str = ""
    reason: str = ""
    provision: str = ""
    decided_at: When | None = None
    decided_by: str = ""
    milestone: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    """By the names of DETAIL_COLUMNS, those that hold something."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A file that was read without a single problem.

    `rows` counts the rows that hold something, the header left out; `ignored` names the columns of the
    file that the format does not know, to be told to whoever imports it.
    """

    contributions: tuple[GridContribution, ...]
    rows: int
    ignored: tuple[str, ...] = ()

    @property
    def carries_point_refs(self) -> bool:
        """Tell whether this is a sheet exported from a workspace: read it with `read_answers`."""
        return any(claim.point_ref for found in self.contributions for claim in found.claims)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct in the file. `row` is None where the whole file is meant."""

    what: Message
    row: int | None = None
    column: str | None = None

    @property
    def sentence(self) -> Message:
        """Say where and what."""
        if self.row is None:
            return self.what
        return message(N_("Row %(row)s: %(what)s"), row=str(self.row), what=self.what)


class GridRefused(CivicError):
    """The file has problems, and nothing of it may be stored.

    `problems` holds the first MAX_PROBLEMS in row order, `total` how many there are.
    """

    status = 422

    def __init__(self, problems: Iterable[Problem], total: int | None = None) -> None:
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__(
            counted(
                "The file has %(count)s problem; nothing was imported.",
                "The file has %(count)s problems; nothing was imported.",
                self.total,
            )
        )


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read `theirs=ours` pairs, as `--map` takes them; `theirs=` leaves that column out.

    The last "=" parts the two, so a foreign header may hold one. Raises GridRefused.
    """
    mapping: dict[str, str] = {}
    problems: list[Problem] = []
    for pair in pairs:
        theirs, equals, ours = pair.rpartition("=")
        name = header_name(ours)
        if not equals or not header_name(theirs):
            problems.append(Problem(message(N_("“%(pair)s” should read theirs=ours."), pair=pair)))
        elif name and name not in DESK_COLUMNS:
            problems.append(Problem(message(N_("The grid has no column “%(column)s”."), column=ours.strip())))
        else:
            mapping[header_name(theirs)] = name
    if problems:
        raise GridRefused(problems)
    return mapping


def header_name(cell: str) -> str:
    """Write a header one way: small letters, "_" for white space and hyphens."""
    return re.sub(r"[\s\-]+", "_", cell.strip().casefold())


def neutralise(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula; `restore` gives the cell back unchanged.

    Cells that start with = + - @, a tab or a line end get an apostrophe, and so do cells that already
    have one in front of such a sign (OWASP, CSV injection).
    """
    return f"'{cell}" if _TO_NEUTRALISE.match(cell) else cell


def restore(cell: str) -> str:
    """Take back what `neutralise` added."""
    return cell[1:] if _TO_RESTORE.match(cell) else cell


def listed(cell: str) -> tuple[str, ...]:
    """Part the several themes or provisions of one cell at "|"."""
    return tuple(name for name in (piece.strip() for piece in cell.split("|")) if name)


def promise(milestone: str) -> tuple[dt.date | None, str]:
    """Part a milestone into the day it starts with, if it does, and its words."""
    found = _DUE.fullmatch(milestone)
    if found is None:
        return None, milestone
    try:
        return dt.date.fromisoformat(found[1]), found[2]
    except ValueError:
        return None, milestone


def parents_first(contributions: Iterable[GridContribution]) -> Iterator[GridContribution]:
    """Put every contribution after the one it answers, and otherwise leave the order as it is.

    Parents that are not among the contributions are left to the caller.
    """
    waiting: Mapping[str, GridContribution] = {found.ref: found for found in contributions}
    given: set[str] = set()
    for found in waiting.values():
        chain = []
        step: GridContribution | None = found
        while step is not None and step.ref not in given:
            given.add(step.ref)
            chain.append(step)
            step = waiting.get(step.parent)
        yield from reversed(chain)
