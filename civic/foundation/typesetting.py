"""Make the PDF of one document: a program of its own, so that it can be stopped and is bounded.

Reads an order as JSON on its input, writes the PDF on its output. The fonts are those that come with the
typesetter, never those of the machine: the same document gives the same bytes everywhere.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import typst

from civic.foundation import paper

_UNSHOWN = "\U0010fffd"
"""A letter no font has: what stands for it stands for every letter that is missing."""
_PROBE = """
#set page(width: 400pt, height: auto, margin: 0pt)
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#for one in json(bytes(sys.inputs.data)) [#block(text("a" + one + "a"))]
"""
_NOT_SHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_JOINERS = "\u200d\ufe0e\ufe0f"
_MOST_TRIES = 40


def typeset(order: dict[str, Any], template: Path) -> bytes:
    """Make the PDF of an order: `html`, `base`, `title`, `author`, `language`, `day`, `foot`, `at`."""
    blocks = paper.read(order["html"], order["base"])
    words = {name: paper.clean(str(order[name])) for name in ("title", "author", "foot")}
    written = {**words, "blocks": blocks, "language": order["language"], "day": order["day"]}
    unshown = _unshown(paper.characters(blocks) | set("".join(words.values())))
    for _ in range(_MOST_TRIES):
        instead = {ord(one): _named(one) for one in unshown}
        data = {
            **written,
            **{name: text.translate(instead) for name, text in words.items()},
            "blocks": paper.replaced(blocks, instead),
        }
        try:
            return _compiled(template, data, int(order["at"]))
        except typst.TypstError as error:
            found = _NOT_SHOWN.search(str(error))
            more = set(_ESCAPED.sub(lambda one: chr(int(one[1], 16)), found[1])) if found else set()
            if not more - unshown:
                raise
            unshown |= more
    raise ValueError("too many letters cannot be shown")


def _compiled(template: Path, data: dict[str, Any], at: int) -> bytes:
    return typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=at,
    )


def _unshown(characters: set[str]) -> set[str]:
    """Find which letters none of the fonts has: the rows of a drawing that use the sign for a missing one."""
    asked = sorted(one for one in characters if ord(one) > 0x17F and one not in _JOINERS)
    if not asked:
        return set()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.typ"
        source.write_text(_PROBE, encoding="utf-8")
        rows = json.dumps([_UNSHOWN, *asked])
        drawn = typst.compile(
            str(source), root=folder, format="svg", ignore_system_fonts=True, sys_inputs={"data": rows}
        )
    shapes = [_shapes(row) for row in _rows(drawn)]
    missing = _missing(shapes[0])
    unshown = {one for one, row in zip(asked, shapes[1:], strict=True) if missing in row}
    return unshown | (set(_JOINERS) & characters if unshown else set())


def _missing(row: list[str]) -> str:
    """Give the shape in the middle of a row "a", missing, "a"."""
    return next(one for one in row if one != row[0])


def _rows(drawn: bytes) -> list[ET.Element]:
    root = ET.fromstring(drawn)  # noqa: S314  (our own drawing)
    return [one for one in root if one.tag.endswith("}g")]


def _shapes(row: ET.Element) -> list[str]:
    return [
        value
        for one in row.iter()
        if one.tag.endswith("}use")
        for name, value in one.items()
        if "href" in name
    ]


def _named(one: str) -> str:
    """Name a letter that cannot be shown, so that nothing is left out in silence."""
    if one in _JOINERS:
        return ""
    name = unicodedata.name(one, "")
    return f"[U+{ord(one):04X}]" if not name or name.startswith("CJK") else f"[{name.lower()}]"


def _bound(seconds: int, memory: int) -> None:
    """Let the system stop this program when it takes too long or too much; Windows knows no such bounds."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    _bound(int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer), Path(sys.argv[1])))
