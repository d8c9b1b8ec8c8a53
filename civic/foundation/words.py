"""Cut texts and questions into words, in any script, and show which words of a text were meant.

Both databases receive words that are already cut and folded: no accents, no case; in scripts written
without spaces each character is a word, and a term of several must be found side by side.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from civic.foundation import text

LONGEST_WORD = 64
MOST_WORDS = 120_000
"""More than the longest text we take can hold, unless single characters unfold into whole sentences."""
MOST_TERMS = 12
EXCERPT = 220
LEAD = 60
_LAST_POSITION = 16_383
_MOST_POSITIONS = 255

_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai, kana and Han: written without spaces."""

_SLICE = re.compile(r".{1,3000}(?=\s|\Z)|.{1,3000}", re.DOTALL)

Term = tuple[str, ...]
"""Something looked for: words that stand side by side; the last may go on in a longer word."""


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class _Word:
    folded: str
    start: int
    end: int


def columns(title: str, body: str) -> tuple[str, str]:
    """Give the words of a title and a text, for FTS5."""
    return " ".join(_fold(title)), " ".join(_fold(body))


def tsvector(title: str, body: str) -> tuple[str]:
    """Give the words of a title (weight A) and a text with their places, as a tsvector is written."""
    places: dict[str, list[str]] = {}
    heading = _fold(title)
    for number, word in enumerate(heading, 1):
        places.setdefault(word, []).append(f"{min(number, _LAST_POSITION)}A")
    for number, word in enumerate(_fold(body), len(heading) + 10):
        known = places.setdefault(word, [])
        if len(known) < _MOST_POSITIONS:
            known.append(str(min(number, _LAST_POSITION)))
    return (" ".join(f"'{word}':{','.join(where)}" for word, where in places.items()),)


def terms(query: str, most: int = MOST_TERMS) -> list[Term]:
    """Cut a question into terms. Lone letters are left out unless there is nothing else."""
    found = [tuple(_fold(match[0])) for match in _word().finditer(unicodedata.normalize("NFC", query[:2000]))]
    unique = list(dict.fromkeys(term for term in found if term))
    longer = [term for term in unique if len(term) > 1 or len(term[0]) > 1 or not term[0].isascii()]
    return (longer or unique)[:most]


def telling_terms(written: str) -> list[Term]:
    """Choose the words of a text most likely to say what it is about: the long ones."""
    return sorted(terms(written, most=80), key=lambda term: -sum(map(len, term)))[:MOST_TERMS]


def fts5_query(asked: Sequence[Term], *, every: bool) -> str:
    """Ask FTS5 for every term, or for any."""
    joined = [f'("{" ".join(term)}" OR "{" ".join(_open(term))}" *)' for term in asked]
    return (" AND " if every else " OR ").join(joined)


def tsquery(asked: Sequence[Term], *, every: bool) -> str:
    """Ask PostgreSQL for every term, or for any."""
    return (" & " if every else " | ").join(
        f"({_followed(term)} | {_followed(_open(term))}:*)" for term in asked
    )


def marked(written: str, asked: Sequence[Term]) -> tuple[Part, ...]:
    """Cut a text where it answers the question."""
    return _parts(written, _found(list(_words(written)), asked), 0, len(written))


def excerpt(written: str, asked: Sequence[Term]) -> tuple[Part, ...]:
    """Quote the first passage of a text that answers the question, or its beginning."""
    spans = _found(list(_words(written)), asked)
    first = spans[0][0] if spans else 0
    start = 0 if first <= LEAD else _boundary(written, first - LEAD)
    end = len(written) if start + EXCERPT >= len(written) else _boundary(written, start + EXCERPT)
    parts = _parts(written, spans, start, end)
    before = (Part("… ", False),) if start else ()
    after = (Part(" …", False),) if end < len(written) else ()
    return before + parts + after


def _open(term: Term) -> Term:
    """Leave a term open at its end, and an s or x of the plural out; numbers stay as they are."""
    last = term[-1]
    if len(last) > 3 and last.isascii() and last[-1] in "sx":
        last = last[:-1]
    return (*term[:-1], last)


def _followed(term: Term) -> str:
    return " <-> ".join(f"'{word}'" for word in term)


def _found(written: Sequence[_Word], asked: Sequence[Term]) -> list[tuple[int, int]]:
    """Find where a text answers: spans in order, not overlapping."""
    spans: list[tuple[int, int]] = []
    looked_for = [_open(term) for term in asked]
    for index, word in enumerate(written):
        if spans and word.start < spans[-1][1]:
            continue
        lengths = [len(term) for term in looked_for if _stands_at(written, index, term)]
        if lengths:
            spans.append((word.start, written[index + max(lengths) - 1].end))
    return spans


def _stands_at(written: Sequence[_Word], index: int, term: Term) -> bool:
    here = written[index : index + len(term)]
    if len(here) < len(term) or not here[-1].folded.startswith(term[-1]):
        return False
    return all(word.folded == wanted for word, wanted in zip(here[:-1], term[:-1], strict=True))


def _parts(written: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Part, ...]:
    parts, place = [], start
    for from_, to in spans:
        if from_ < place or to > end:
            continue
        parts += [Part(written[place:from_], False), Part(written[from_:to], True)]
        place = to
    parts.append(Part(written[place:end], False))
    return tuple(part for part in parts if part.text)


def _boundary(written: str, near: int) -> int:
    """Move to the nearest earlier start of a word, if one is close."""
    space = written.rfind(" ", max(0, near - 30), near)
    return near if space < 0 else space + 1


def _fold(written: str) -> list[str]:
    """Fold a text and cut it into words, a slice at a time so that other threads get their turn."""
    found: list[str] = []
    for slice_ in _SLICE.finditer(written):
        found += [word[:LONGEST_WORD] for word in _piece().findall(text.fold(slice_[0]))]
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


def _words(written: str) -> Iterator[_Word]:
    """Cut a text into words that remember where they stand."""
    for match in _piece().finditer(written):
        for folded in _folded_piece(match[0]):
            yield _Word(folded, match.start(), match.end())


@lru_cache(maxsize=20_000)
def _folded_piece(piece: str) -> tuple[str, ...]:
    return tuple(_fold(piece))


@lru_cache(maxsize=1)
def _marks() -> str:
    """List the marks that belong to letters, as ranges of a character class."""
    codes = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    starts = [code for code in codes if unicodedata.category(chr(code - 1))[0] != "M"]
    return "".join(f"{chr(code)}-{chr(_run_end(code))}" for code in starts)


def _run_end(code: int) -> int:
    while unicodedata.category(chr(code + 1))[0] == "M":
        code += 1
    return code


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    """Match a run of letters, digits and their marks."""
    return re.compile(rf"(?:[^\W_]|[{_marks()}])+")


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    """Match a word, or one character (with its marks) of a script written without spaces."""
    letter = rf"(?:(?![{_UNSPACED}])(?:[^\W_]|[{_marks()}]))"
    return re.compile(rf"[{_UNSPACED}][{_marks()}]*|{letter}+")
