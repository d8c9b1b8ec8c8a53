"""Read the HTML of one of our documents as blocks that can be printed. Pure.

The page people read is the only source of a printed document: what a screen needs and paper does not
(menus, buttons, drawings) is left out here, the words and their structure stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

Node = dict[str, Any]
"""A block or a piece of a line: ``t`` what it is, ``c`` what it holds, and what only some kinds have."""
Inline = str | Node

DEEPEST = 24
"""Blocks inside blocks; deeper ones are read as if they stood at this depth."""
_MOST_OPEN = 80
LONGEST_WORD = 40
"""Letters after which a word without a break may be broken: paper has an edge."""
_LEFT_OUT = frozenset(
    {"svg", "nav", "form", "button", "script", "style", "template", "input", "select", "option", "head"}
)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "use", "path", "rect"})
_HIDDEN = frozenset({"noprint"})
_STRONG = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "code": "code", "mark": "mark"}
_INLINE = {**_STRONG, "ins": "ins", "del": "del", "a": "link", "small": "small"}
_PLAIN = frozenset({"span", "time", "kbd", "sub", "sup", "abbr", "cite", "q", "bdi", "label"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BARRED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")
_LONG = re.compile(rf"[^\s/?&=-]{{{LONGEST_WORD}}}(?=[^\s/?&=-])")
_BREAK: Mapping[str, Any] = {"t": "break", "c": []}
"""Where a line may end without a sign: a sign of no width would come along when words are copied."""


@dataclass
class _Element:
    tag: str
    marks: Mapping[str, str]
    inside: list[_Element | str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.marks.get("class", "").split()

    @property
    def is_left_out(self) -> bool:
        return (
            self.tag in _LEFT_OUT
            or "hidden" in self.marks
            or any(self.has(name) for name in _HIDDEN)
            or (self.tag == "summary" and not any(self.find(name) for name in (*_HEADINGS, "strong")))
        )

    def find(self, tag: str) -> _Element | None:
        for one in self.inside:
            if isinstance(one, _Element):
                found = one if one.tag == tag else one.find(tag)
                if found is not None:
                    return found
        return None


class _Reader(HTMLParser):
    """Builds the tree; ends what was left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("div", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = _Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in _VOID and len(self.open) < _MOST_OPEN:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(_Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str, base: str = "") -> list[Node]:
    """Give the blocks of a document; links are made whole with the address of the site."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _levelled(_Writer(base).blocks(reader.root, 0))


def characters(blocks: list[Node]) -> set[str]:
    """Give every character a document uses, to find out which cannot be printed."""
    return set().union(*(set(one) for one in _texts(blocks)))


def replaced(value: Any, instead: Mapping[int, str]) -> Any:
    """Put other characters instead of those that cannot be printed, wherever words stand."""
    if isinstance(value, dict):
        return {name: replaced(one, instead) if name == "c" else one for name, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, instead) for one in value]
    return value.translate(instead) if isinstance(value, str) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value.get("c", []))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def clean(text: str) -> str:
    """Leave out what no paper shows."""
    return _BARRED.sub("", text)


def _breakable(text: str) -> Iterator[Inline]:
    """Let a word of thousands of letters be broken."""
    done = 0
    for found in _LONG.finditer(text):
        yield text[done : found.end()]
        yield dict(_BREAK)
        done = found.end()
    if done < len(text):
        yield text[done:]


@dataclass(frozen=True)
class _Writer:
    base: str

    def blocks(self, element: _Element, depth: int) -> list[Node]:
        """Read what an element holds; words that stand beside blocks make a paragraph of their own."""
        made: list[Node] = []
        line: list[_Element | str] = []
        for one in element.inside:
            if isinstance(one, _Element) and one.is_left_out:
                continue
            if isinstance(one, str) or not _is_block(one):
                line.append(one)
                continue
            self._paragraph(element, line, made)
            line = []
            made += self._block(one, min(depth + 1, DEEPEST))
        self._paragraph(element, line, made)
        return made

    def _paragraph(self, element: _Element, line: list[_Element | str], made: list[Node]) -> None:
        words = _trimmed(self.inlines(line, spaced=element.has("row") or element.has("cap")))
        if words:
            made.append(_with_language(element, {"t": "p", "c": words}))

    def _block(self, one: _Element, depth: int) -> list[Node]:
        if one.tag in _HEADINGS:
            words = _trimmed(self.inlines(one.inside))
            return [_with_language(one, {"t": "h", "n": _HEADINGS[one.tag], "c": words})] if words else []
        if one.tag == "hr":
            return [{"t": "rule", "c": []}]
        if depth >= DEEPEST and one.tag != "pre":
            return self._flat(one, depth)
        if one.tag in ("ul", "ol"):
            return self._list(one, depth)
        if one.tag == "dl":
            return self._facts(one, depth)
        if one.tag == "table":
            return self._table(one)
        if one.tag == "pre":
            lines = [list(_breakable(clean(line))) for line in "".join(_text_of(one)).strip("\n").split("\n")]
            return [{"t": "pre", "c": [piece for line in lines for piece in (*line, {"t": "br", "c": []})]}]
        inside = self._flat(one, depth)
        if one.tag == "blockquote" and inside:
            return [_with_language(one, {"t": "quote", "c": inside})]
        if (one.has("note") or one.has("answer")) and inside:
            return [{"t": "box", "k": "strong" if one.has("banner") or one.has("neg") else "", "c": inside}]
        return inside

    def _flat(self, one: _Element, depth: int) -> list[Node]:
        found = self.blocks(one, depth)
        if not (one.marks.get("lang") or one.marks.get("dir")) or one.tag == "p":
            return [_styled(one, node) for node in found]
        return [_with_language(one, node) for node in found]

    def _list(self, one: _Element, depth: int) -> list[Node]:
        """Read a list; one that is a list of sections on the screen is a row of sections on paper."""
        items = [
            self.blocks(item, depth)
            for item in one.inside
            if isinstance(item, _Element) and item.tag == "li" and not item.is_left_out
        ]
        items = [item for item in items if item]
        if any(node["t"] in ("h", "box") for item in items for node in item):
            return [node for item in items for node in item]
        start = one.marks.get("start", "1")
        kind = {"t": "ol", "n": int(start) if start.isdecimal() and len(start) < 7 else 1}
        return [{**(kind if one.tag == "ol" else {"t": "ul"}), "c": items}] if items else []

    def _facts(self, one: _Element, depth: int) -> list[Node]:
        pairs: list[list[list[Node]]] = []
        for part in _parts(one, ("dt", "dd")):
            words = self.blocks(part, depth)
            if part.tag == "dt":
                pairs.append([words, []])
            elif pairs:
                pairs[-1][1] += words
        return [{"t": "facts", "c": [pair for pair in pairs if pair[0] or pair[1]]}] if pairs else []

    def _table(self, one: _Element) -> list[Node]:
        rows = [
            [self.blocks(cell, DEEPEST) for cell in row.inside if isinstance(cell, _Element)]
            for row in _parts(one, ("tr",))
        ]
        rows = [row for row in rows if row]
        wide = max(map(len, rows), default=0)
        caption = one.find("caption")
        said = (
            [{"t": "p", "c": [{"t": "strong", "c": words}]}]
            if (words := _trimmed(self.inlines(caption.inside)) if caption else [])
            else []
        )
        if not wide:
            return list(said)
        filled = [row + [[] for _ in range(wide - len(row))] for row in rows]
        return [*said, {"t": "table", "n": wide, "c": filled}]

    def inlines(self, line: list[_Element | str], *, spaced: bool = False) -> list[Inline]:
        """Read a line; what a screen sets apart by a gap is set apart by a space."""
        made: list[Inline] = []
        for one in line:
            if isinstance(one, str):
                made.append(_BLANKS.sub(" ", one))
            elif not one.is_left_out:
                if spaced and made:
                    made.append(" ")
                made += self._inline(one)
        return [
            piece
            for one in made
            for piece in (_breakable(clean(one)) if isinstance(one, str) else [one])
            if piece
        ]

    def _inline(self, one: _Element) -> list[Inline]:
        if one.tag == "br":
            return [{"t": "br", "c": []}]
        inside = self.inlines(one.inside)
        node: Node = {"t": _INLINE.get(one.tag, "span"), "c": inside}
        if one.tag == "a" and one.marks.get("href"):
            node["u"] = urljoin(self.base, one.marks["href"])
            if not node["u"].startswith(("http://", "https://", "mailto:")):
                node["t"] = "span"
        elif one.tag == "a":
            node["t"] = "span"
        node = _with_language(one, node)
        return [node] if len(node) > 2 or node["t"] != "span" else inside


def _is_block(one: _Element) -> bool:
    return one.tag not in _INLINE and one.tag not in _PLAIN and one.tag not in ("br", "wbr", "img")


def _parts(one: _Element, tags: tuple[str, ...]) -> Iterator[_Element]:
    for part in one.inside:
        if isinstance(part, _Element) and not part.is_left_out:
            if part.tag in tags:
                yield part
            elif part.tag in ("div", "thead", "tbody", "tfoot"):
                yield from _parts(part, tags)


def _text_of(one: _Element) -> Iterator[str]:
    for part in one.inside:
        yield from [part] if isinstance(part, str) else _text_of(part)


def _styled(one: _Element, node: Node) -> Node:
    if one.tag == "p" and node["t"] == "p":
        node = _with_language(one, node)
        if one.has("k"):
            return {**node, "c": [{"t": "strong", "c": node["c"]}]}
        if any(one.has(name) for name in ("sm", "xs", "muted")):
            return {**node, "k": "small"}
        if one.has("lead"):
            return {**node, "k": "lead"}
    return node


def _with_language(one: _Element, node: Node) -> Node:
    """Keep in which language and which direction words are written."""
    language = one.marks.get("lang", "")
    if language and re.fullmatch("[a-z]{2,3}", language):
        node = {**node, "l": language}
    if one.marks.get("dir") == "rtl" or (one.marks.get("dir") == "auto" and _is_right_to_left(node)):
        node = {**node, "r": True}
    return node


def _is_right_to_left(node: Node) -> bool:
    """Tell whether the first letter that has a direction runs from the right."""
    for text in _texts(node):
        for letter in text[:200]:
            kind = unicodedata.bidirectional(letter)
            if kind in ("L", "R", "AL"):
                return kind != "L"
    return False


def _trimmed(line: list[Inline]) -> list[Inline]:
    """Leave out blanks at both ends, and double ones between two pieces."""
    made: list[Inline] = []
    for one in line:
        if isinstance(one, str):
            if not made or _ends_blank(made[-1]):
                one = one.lstrip(" ")
            if one:
                made.append(one)
        else:
            made.append(one)
    while made and isinstance(made[-1], str) and not made[-1].strip(" "):
        made.pop()
    if made and isinstance(made[-1], str):
        made[-1] = made[-1].rstrip(" ")
    return made if any(text.strip() for text in _texts(made)) else []


def _ends_blank(one: Inline) -> bool:
    return one.endswith(" ") if isinstance(one, str) else one["t"] == "br"


def _levelled(blocks: list[Node]) -> list[Node]:
    """Let no heading stand more than one level below the one before it: a reader walks them one by one."""
    level = 0

    def walk(nodes: list[Any]) -> None:
        nonlocal level
        for node in nodes:
            if isinstance(node, list):
                walk(node)
            elif isinstance(node, dict):
                if node["t"] == "h":
                    level = node["n"] = min(node["n"], level + 1)
                elif node["t"] in ("box", "quote", "ul", "ol", "facts", "table"):
                    walk(node["c"])

    walk(blocks)
    return blocks
