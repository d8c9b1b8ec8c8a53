"""Cut a text into sentences, as spans of code points, so that a person can point at one.

Good for French, English and German prose, lists and hard-wrapped paragraphs, and for scripts whose full
stop needs no space after it. A wrong cut costs a tick, not a word: every word lies in one span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK_END = re.compile(r"\n[ \t]*(?:\n\s*|(?=[ \t]*(?:[-*+•–—·>]|#{1,6}|\(?[0-9a-zA-Z]{1,3}[.)])[ \t]))")
_BULLET = re.compile(r"[ \t]*(?:(?:[-*+•–—·>]|#{1,6}|\(?[0-9]{1,3}[.)]|\(?[a-zA-Z][)])[ \t]+)+")
_STOP = re.compile(r"(?:[.!?…؟۔।]+|[。！？｡]+)(?:[ \u00a0\u202f]?[»\"”’')\]])*")
# fmt: off
_ABBREVIATIONS = frozenset({
    "m", "mm", "mme", "mmes", "mlle", "mlles", "me", "mgr", "dr", "pr", "st", "ste", "art", "al", "cf",
    "p", "pp", "ex", "env", "av", "bd", "bld", "boul", "rte", "fg", "n", "nº", "tél", "vol", "fig",
    "chap", "sect", "mr", "mrs", "ms", "prof", "jr", "sr", "vs", "approx", "dept", "inc", "ltd", "co",
    "eg", "ie", "e.g", "i.e", "nos", "rd", "ave", "z.b", "d.h", "u.a", "u.ä", "o.ä", "z.t", "v.a",
    "i.d.r", "z", "d", "u", "o", "v", "i", "bzw", "ca", "nr", "str", "inkl", "exkl", "ggf", "evtl",
    "vgl", "abs", "hr", "sog",
})
_MONTHS = frozenset({
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "dezember",
})
# fmt: on
_WORD_BEFORE = re.compile(r"[^\W_](?:[\w.’']*[^\W_])?\Z")
_WORD_AFTER = re.compile(r"\w+")


@dataclass(frozen=True)
class Span:
    """Where a passage stands in a text, counted in code points; `end` is not part of it."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the passage."""
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences, list marks and the blank between them left out."""
    return [span for start, end in _paragraphs(text) for span in _in_paragraph(text, start, end)]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BLOCK_END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _in_paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    bullet = _BULLET.match(text, start, end)
    start = bullet.end() if bullet else start
    for found in _STOP.finditer(text, start, end):
        if _ends_sentence(text, start, found, end):
            yield from _trimmed(text, start, found.end())
            start = found.end()
    yield from _trimmed(text, start, end)


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    if stop[0][0] in "。！？｡" or stop.end() >= end:
        return True
    if not text[stop.end()].isspace():
        return False
    rest = _next_letter(text, stop.end(), end)
    if rest is None:
        return True
    if stop[0][0] != ".":
        return not (rest.islower() and stop[0][0] == "…")
    if rest.islower():
        return False
    return len(stop[0].rstrip("\"'”’»)] \u00a0\u202f")) > 1 or not _is_abbreviated(
        text, start, stop.start(), stop.end(), end
    )


def _next_letter(text: str, position: int, end: int) -> str | None:
    while position < end and not text[position].isalnum():
        position += 1
    return text[position] if position < end else None


def _is_abbreviated(text: str, start: int, dot: int, after: int, end: int) -> bool:
    """Tell whether the full stop belongs to the word before it: "M.", "z. B.", an initial, "3. Mai"."""
    found = _WORD_BEFORE.search(text[max(start, dot - 24) : dot])
    if not found:
        return False
    word = re.split("[’']", found[0])[-1].lower()
    if word.isdecimal():
        following = _WORD_AFTER.search(text[after : min(end, after + 24)])
        return len(word) <= 2 and following is not None and following[0].lower() in _MONTHS
    return word in _ABBREVIATIONS or (len(word) == 1 and found[0][-1].isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(letter.isalnum() for letter in text[start:end]):
        yield Span(start, end)
