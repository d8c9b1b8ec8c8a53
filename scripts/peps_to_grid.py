#!/usr/bin/env python3
"""Turn a folder of Python Enhancement Proposals into a grid that `civic import grid` reads.

    python scripts/peps_to_grid.py ../shared/data/peps peps.csv
    civic import grid peps.csv --process peps --source peps

The folder holds `peps/pep-NNNN.rst` and, if there is one, `index.csv`, whose column `decision_sections`
names the sections that carry a rationale. Each proposal becomes one contribution of kind `proposal`:

ref, url      pep-NNNN and its page on peps.python.org
title         the header `Title`
text          the section `Abstract`; without one, the first section; without any section, the whole body
author, date  the headers `Author` (names only) and `Created`
theme         the header `Topic`, where there is one
outcome       by `Status`, as in OUTCOMES below; Draft and any other status have none
provision     adopted: the proposal itself, as "PEP N"; superseded: its successor (`Superseded-By`)
decided_by    the header `PEP-Delegate` or `BDFL-Delegate`
decided_at    the day the header `Resolution` states; a link without a day gives none
reason        adopted: the section of acceptance, pronouncement or resolution, or else the rationale;
              declined, withdrawn, deferred: the section or notice that says so, never the author's own
              rationale, which argues for the opposite; superseded: the successor with its address, then
              the notice; where no words were found, the link of `Resolution`

No row is a point, so the whole text of a proposal is one claim. Which status counts as which outcome is a
convention of this import; Civic stores such outcomes as "imported, not decided here".

Of the markup, roles, links, footnotes and directives become plain words and the lines of a paragraph are
joined; the words stay as they are.
A reason longer than 20,000 characters ends at a paragraph, with "[…]". Standard library only.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

OUTCOMES = {
    "Final": "adopted",
    "Accepted": "adopted",
    "Active": "adopted",
    "Rejected": "declined",
    "Withdrawn": "withdrawn",
    "Deferred": "deferred",
    "Superseded": "already",
}
HEADER = (
    "ref,part,kind,author,date,language,url,verbatim,theme,outcome,reason,provision,decided_at,decided_by"
)
COLUMNS = tuple(HEADER.split(","))
PAGE = "https://peps.python.org/pep-{number:04d}/"
MOST = 20_000  # characters of a reason
ACTIVE = "=+-@\t\r\n＝＋－＠"

# What a title says about the words below it. "Rejected Ideas" are ideas the author set aside, not a reason.
SAID = {
    "adopted": re.compile(r"(pep |bdfl )?(acceptance|pronouncements?|resolution)$", re.I),
    "declined": re.compile(r"((pep |bdfl )?(rejection|pronouncements?|resolution)( notice)?)$", re.I),
    "withdrawn": re.compile(r"(pep )?(withdrawal|rejection)( notice)?$", re.I),
    "deferred": re.compile(r"(pep )?deferral( notice)?$", re.I),
    "already": re.compile(r"(pep )?(superseded|supersession|rejection)( notice)?$", re.I),
}
ARGUED = re.compile(r"\brationale\b", re.I)
NOTICE = re.compile(r"(rejected|withdrawn|superseded|deferred|accepted|note|warning)$")
STATED = re.compile(r"(status|note|notice)$", re.I)
DECIDED = re.compile(r"reject|withdr|supersede|obsolete|deprecat|replac|defer|accept|moved", re.I)

UNDERLINE = re.compile(r"""([=\-~^"'`*+#:._<>])\1{2,}$""")
DIRECTIVE = re.compile(r"( *)\.\. ([\w-]+)::\s*(.*)$")

Row = dict[str, str]


@dataclass(frozen=True)
class Section:
    """A title and the lines below it, down to the next section of any depth; depth 0 comes before all."""

    title: str
    depth: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Pep:
    """A proposal as its file holds it."""

    headers: dict[str, str]
    sections: tuple[Section, ...]

    @property
    def number(self) -> int:
        """The number of the proposal."""
        return int(self.headers["pep"])

    def below(self, wanted: Section) -> str:
        """Give the words of a section with those of its subsections."""
        at = self.sections.index(wanted)
        lines = list(wanted.lines)
        for section in self.sections[at + 1 :]:
            if section.depth <= wanted.depth:
                break
            lines += ["", section.title, "", *section.lines]
        return plain(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, write the grid, say what was written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("folder", type=Path, help="the folder that holds peps/ and index.csv")
    parser.add_argument("grid", nargs="?", default="-", help="the CSV to write (default: standard output)")
    wanted = parser.parse_args(arguments)
    try:
        rows = list(grid_rows(wanted.folder))
        if wanted.grid == "-":
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            write(rows, sys.stdout)
        else:
            with open(wanted.grid, "w", encoding="utf-8", newline="") as out:
                write(rows, out)
    except (OSError, ValueError) as error:
        print(f"peps_to_grid: {error}", file=sys.stderr)
        return 1
    texts = [row for row in rows if row["part"] == "text"]
    answered, reasons = (sum(bool(row[name]) for row in texts) for name in ("outcome", "reason"))
    print(f"{len(texts)} contributions, {answered} outcomes, {reasons} reasons", file=sys.stderr)
    return 0


def grid_rows(folder: Path) -> Iterator[Row]:
    """Give a title row and a text row for each proposal, in the order of their numbers."""
    files = sorted((folder / "peps").glob("pep-*.rst"))
    if not files:
        raise ValueError(f"{folder} holds no peps/pep-NNNN.rst")
    named = decision_sections(folder / "index.csv")
    for path in files:
        pep = parse(path.read_text(encoding="utf-8-sig"), path.name)
        row = dict.fromkeys(COLUMNS, "") | {
            "ref": f"pep-{pep.number:04d}",
            "kind": "proposal",
            "author": people(pep.headers.get("author", "")),
            "date": day(pep.headers.get("created", "")),
            "language": "en",
            "url": PAGE.format(number=pep.number),
        }
        yield row | {"part": "title", "verbatim": pep.headers["title"]}
        yield row | {"part": "text", "verbatim": abstract(pep), **answer(pep, named.get(pep.number, ()))}


def decision_sections(index: Path) -> dict[int, tuple[str, ...]]:
    """Read which sections the index names as carrying a rationale; none without an index."""
    if not index.exists():
        return {}
    with index.open(encoding="utf-8-sig", newline="") as source:
        return {
            int(row["pep"]): tuple(
                name.strip() for name in row["decision_sections"].split(";") if name.strip()
            )
            for row in csv.DictReader(source)
        }


def parse(source: str, name: str) -> Pep:
    """Part a file into its headers and sections. Raises ValueError for what is not a proposal."""
    head, _, body = source.replace("\r\n", "\n").lstrip("\n").partition("\n\n")
    headers: dict[str, str] = {}
    last = ""
    for line in head.split("\n"):
        if line[:1].isspace():
            headers[last] = f"{headers.get(last, '')} {line.strip()}".strip()
        else:
            key, _, value = line.partition(":")
            last = key.strip().lower()
            headers[last] = value.strip()
    if not headers.get("pep", "").isdecimal() or not headers.get("title") or not headers.get("status"):
        raise ValueError(f"{name} does not start with the headers of a proposal")
    return Pep(headers, tuple(sections(body.split("\n"))))


def sections(lines: list[str]) -> Iterator[Section]:
    """Find the titles: a line of text over a line of one sign as long as the text, perhaps under one too.

    The depth of a title follows from its signs, in the order in which they first appear (docutils).
    """
    styles: list[tuple[str, bool]] = []
    title, depth, kept = "", 0, [""]
    at = 0
    while at < len(lines):
        found = _title(lines, at)
        if found is None:
            kept.append(lines[at])
            at += 1
            continue
        yield Section(title, depth, tuple(kept))
        title, style, after = found
        if style not in styles:
            styles.append(style)
        depth, kept, at = styles.index(style) + 1, [], after
    yield Section(title, depth, tuple(kept))


def _title(lines: list[str], at: int) -> tuple[str, tuple[str, bool], int] | None:
    """Tell whether a title starts at a line: its words, its style and the line after it."""
    here, one, two = (lines[at + step].rstrip() if at + step < len(lines) else "" for step in range(3))
    if UNDERLINE.match(here) and here == two and one.strip():
        return one.strip(), (here[0], True), at + 3
    starts = bool(here) and not here[0].isspace() and not UNDERLINE.match(here)
    after_blank = at == 0 or not lines[at - 1].strip()
    if starts and after_blank and UNDERLINE.match(one) and len(one) >= len(here) - 1:
        return here, (one[0], False), at + 2
    return None


def abstract(pep: Pep) -> str:
    """Give the words that stand for the proposal."""
    named = [section for section in pep.sections if section.title.lower() == "abstract"]
    titled = [section for section in pep.sections if section.depth]
    for section in named[:1] + titled:
        words = pep.below(section)
        if words:
            return words
    return textwrap.dedent(plain(line for section in pep.sections for line in section.lines))


def answer(pep: Pep, named: tuple[str, ...]) -> Row:
    """Give the outcome with its reason, place and date; nothing for a status without an outcome."""
    outcome = OUTCOMES.get(pep.headers["status"], "")
    theme = {"theme": pep.headers.get("topic", "")}
    if not outcome:
        return theme
    successors = re.findall(r"\d+", pep.headers.get("superseded-by", "")) if outcome == "already" else []
    placed = [str(pep.number)] if outcome == "adopted" else successors
    return theme | {
        "outcome": outcome,
        "reason": shortened(reason(pep, outcome, named, successors)),
        "provision": " | ".join(f"PEP {number}" for number in placed),
        "decided_at": day(pep.headers.get("resolution", "")),
        "decided_by": delegate(pep.headers),
    }


def reason(pep: Pep, outcome: str, named: tuple[str, ...], successors: Sequence[str]) -> str:
    """Find the words that say why, as the head of this file explains."""
    said = [f"Superseded by PEP {number}: {PAGE.format(number=int(number))}" for number in successors]
    said += notices(pep)
    said += [pep.below(section) for section in pep.sections if _says(pep, outcome, section)]
    if outcome == "adopted" and not any(said):
        argued = [section for section in pep.sections if ARGUED.search(section.title)]
        said += [pep.below(section) for section in argued if not named or section.title in named][:1]
    link = re.search(r"https?://[^\s>]+", pep.headers.get("resolution", ""))
    if not any(said) and link:
        said = [f"Resolution: {link[0]}"]
    return "\n\n".join(words for words in said if words)


def _says(pep: Pep, outcome: str, section: Section) -> bool:
    """Tell whether a section says what became of the proposal, by its title or, for a note, by its words."""
    if SAID[outcome].match(section.title):
        return True
    return outcome != "adopted" and bool(STATED.match(section.title) and DECIDED.search(pep.below(section)))


def notices(pep: Pep) -> list[str]:
    """Give the notices above the first section that speak of a decision."""
    found: list[str] = []
    lines = list(pep.sections[0].lines)
    for at, line in enumerate(lines):
        opened = DIRECTIVE.match(line)
        if opened and NOTICE.match(opened[2]):
            inside = _indented(lines[at + 1 :])
            if opened[2] == "superseded" and opened[3].isdecimal():
                number = int(opened[3])
                inside = [f"Superseded by PEP {number}: {PAGE.format(number=number)}", "", *inside]
            elif opened[3]:
                inside = [opened[3], *inside]
            pointed = re.match(r"See :ref:`([\w-]+)`", "\n".join(inside).strip())
            words = _labelled(pep, pointed[1]) if pointed else plain(inside)
            if DECIDED.search(f"{opened[2]} {words}"):
                found.append(words)
    return found


def _labelled(pep: Pep, label: str) -> str:
    """Give the words of the section that stands below a label."""
    for before, section in zip(pep.sections, pep.sections[1:], strict=False):
        if f".. _{label}:" in before.lines:
            return pep.below(section)
    return ""


def _indented(lines: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line.strip() and not line[0].isspace():
            break
        kept.append(line)
    return textwrap.dedent("\n".join(kept)).split("\n")


def plain(lines: Iterable[str]) -> str:
    """Write lines of reStructuredText as words, with code as Markdown has it."""
    blocks = re.split(r"\n(?:[ \t]*\n)+", "\n".join(_without_markup(list(lines))).strip("\n"))
    text = "\n\n".join(_unwrapped(block) for block in blocks)
    for pattern, plainly in INLINE:
        text = pattern.sub(plainly, text)
    return text.strip("\n").rstrip()


def _unwrapped(block: str) -> str:
    """Join the lines of a paragraph; lists, code and tables keep theirs."""
    if re.search(r"^(\s|[*+-] |\(?(\d+|#)[.)] |\||[=+]{2,})", block, re.MULTILINE):
        return block
    return " ".join(line.strip() for line in block.split("\n"))


INLINE = (
    (re.compile(r":pep:`(\d+)(?:#[^`]*)?`", re.I), r"PEP \1"),
    (re.compile(r":(?:pep|rfc):`([^`<]+?)\s*<[^`]*>`", re.I), r"\1"),
    (re.compile(r":[a-zA-Z][\w:+.-]*:`([^`<]+?)\s*<[^`>]*>`"), r"\1"),
    (re.compile(r":[a-zA-Z][\w:+.-]*:`[~!]?([^`]+)`"), r"`\1`"),
    (re.compile(r"`([^`<]+?)\s*<(https?://[^`>]+)>`__?"), r"\1 (\2)"),
    (re.compile(r"(?<!`)`([^`]+?)(?:\s*<[^`>]*>)?`__?"), r"\1"),
    (re.compile(r"``(.+?)``", re.S), r"`\1`"),
    (re.compile(r"\s*\[(?:\d+|#[\w-]*|\*)\]_"), ""),
    (re.compile(r"\b([A-Za-z][\w-]*\w)_(?=[\s.,;:)]|$)"), r"\1"),
    (re.compile(r"\\([*`\\])|(?<=`)\\(?=\w)"), r"\1"),
    (re.compile(r"::[ \t]*$", re.M), ":"),
)


def _without_markup(lines: list[str]) -> list[str]:
    """Leave out directive lines with their options, targets, footnotes and comments; keep what they hold."""
    kept: list[str] = []
    in_options = in_comment = False
    for line in lines:
        if in_comment and (not line.strip() or line[0].isspace()):
            continue
        in_comment = False
        directive = DIRECTIVE.match(line)
        if directive:
            in_options, in_comment = True, directive[2] in _STATUS
            kept.append(directive[1] + directive[3] if directive[2] in _SPOKEN else "")
        elif re.match(r"\.\.(\s|$)", line):
            in_comment = True
        elif not (in_options and re.match(r"\s+:[\w-]+:", line)) and line.strip() != "::":
            in_options = False
            kept.append(line.rstrip())
    return kept


_STATUS = frozenset({"rejected", "withdrawn", "superseded"})
_SPOKEN = frozenset({"note", "warning", "caution", "important", "admonition", "topic"})


def shortened(words: str) -> str:
    """End a reason that is too long for the grid at a paragraph."""
    if len(words) <= MOST:
        return words
    return words[: MOST - 10].rpartition("\n\n")[0] + "\n\n[…]"


def people(header: str) -> str:
    """Keep the names of a header, without addresses."""
    named = re.sub(r"\s*<[^>]*>", "", header)
    named = re.sub(r"\S+@\S+\s+\(([^)]+)\)", r"\1", named)
    return ", ".join(name for name in (part.strip() for part in named.split(",")) if name)


def delegate(headers: dict[str, str]) -> str:
    """Name who was asked to decide, where the headers say so."""
    name = people(headers.get("pep-delegate", "") or headers.get("bdfl-delegate", ""))
    return "" if name.upper() in {"", "TBD", "TODO", "NONE"} else name


def day(header: str) -> str:
    """Write the first day a header states, as 2026-11-22."""
    found = re.search(r"\b\d{1,2}-[A-Za-z]{3}-\d{4}\b", header)
    return datetime.strptime(found[0], "%d-%b-%Y").date().isoformat() if found else ""  # noqa: DTZ007


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
