"""Read and show what people write: clean HTML from Markdown, plain words, sentences, differences.

The only place that cleans HTML and the only one that marks it as safe. What a person wrote is kept
as written; the HTML made from it is made once, when it is stored.
"""

from __future__ import annotations

import asyncio
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from html import escape
from typing import Any

from bleach.sanitizer import Cleaner
from markupsafe import Markup

from civic.foundation.differences import DiffPart, diff
from civic.foundation.errors import N_, Invalid
from civic.foundation.marks import TooDeep, blocks
from civic.foundation.sentences import Span, sentences

__all__ = ["DiffPart", "Span", "diff", "sentences"]

TAGS = frozenset(
    {"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "a"}
    | {"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}
SCHEMES = frozenset({"http", "https", "mailto"})
# fmt: off
LANGUAGES = (
    "ar", "ca", "cs", "da", "de", "el", "en", "es", "eu", "fa", "fi", "fr", "he", "hr", "hu", "it",
    "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk", "vi",
    "zh",
)
# fmt: on
NEW_LINE, BREAK = "\n", "<br>\n"
_PIECE = 4_000
_MOST_LINES = 5_000
_MOST_MARKS = 10_000
_MARKS = re.compile(r"[*_\[\]<>`|&\\!]")
_ENOUGH = 2_000
_SURE = 0.5
_SHORT = 40

_renderer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-text")
_of_thread = threading.local()

_UNREADABLE = N_("This contains a character that cannot be shown.")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CJK = re.compile(
    "([\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'"})
_LINKED = re.compile(r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}\)")
_LINE_MARKS = re.compile(r"^[ \t]{0,12}(?:(?:>|#{1,6}|[-*+]|[0-9]{1,9}[.)])[ \t]+){1,20}", re.MULTILINE)
_RULES = re.compile(r"^[ \t]*(?:[-*_=`~|:][ \t]*){3,200}$", re.MULTILINE)
_INLINE_MARKS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)|\\(?=[!-/:-@\[-`{-~])")


def safe(html: str) -> Markup:
    """Mark HTML that this file has cleaned as safe to show."""
    return Markup(html)  # noqa: S704


async def render(source: str, headings: int | None = None) -> str:
    """Make clean HTML of a person's Markdown, off the event loop, one text at a time."""
    return await asyncio.get_running_loop().run_in_executor(_renderer, render_markdown, source, headings)


async def warm() -> None:
    """Load what the first text would wait for."""
    await asyncio.get_running_loop().run_in_executor(_renderer, _identifier)
    await render("*")


async def compare(old: str, new: str) -> list[DiffPart]:
    """Compare two long texts off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_renderer, diff, old, new)


def render_markdown(source: str, headings: int | None = None) -> str:
    """Make clean HTML of a person's Markdown; what nobody could mean as marks is shown as it was typed."""
    if source.count("\n") > _MOST_LINES or len(_MARKS.findall(source)) > _MOST_MARKS:
        return _as_typed(source)
    try:
        made = list(blocks(source, headings))
    except TooDeep:
        return _as_typed(source)
    cleaner = _cleaner()
    return "".join(str(cleaner.clean(piece)) for piece in _pieces(made))


def _as_typed(source: str) -> str:
    paragraphs = [one.strip() for one in re.split(r"\n[ \t]*\n", source)]
    return "".join(f"<p>{escape(one).replace(NEW_LINE, BREAK)}</p>\n" for one in paragraphs if one)


def _pieces(made: Iterable[str]) -> Iterator[str]:
    """Join short blocks: cleaning costs more than in proportion for a long text, and something for each."""
    piece = ""
    for block in made:
        piece += block
        if len(piece) > _PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _cleaner() -> Cleaner:
    """Give the cleaner of this thread: it holds a parser, which two threads must not share."""
    if not hasattr(_of_thread, "cleaner"):
        _of_thread.cleaner = Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=SCHEMES, strip=True)
    cleaner: Cleaner = _of_thread.cleaner
    return cleaner


def plain(source: str) -> str:
    """Give the words of a Markdown text without its marks, in one line."""
    unruled = _LINE_MARKS.sub("", _RULES.sub("", source))
    return " ".join(_INLINE_MARKS.sub("", _LINKED.sub(r"\1", unruled)).split())


def normalise(text: str) -> str:
    """Write a text one way: NFC, and one kind of line end. Raises Invalid for what cannot be stored."""
    if _UNSTORABLE.search(text):
        raise Invalid({"text": _UNREADABLE})
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Fold a text for finding: no accents, no case; letters of scripts without spaces stand apart."""
    if text.isascii():
        return text.casefold()
    bare = [letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)]
    folded = unicodedata.normalize("NFC", "".join(bare)).casefold().translate(_LETTERS)
    return _CJK.sub(r" \1 ", folded)


def excerpt(text: str, length: int = 200) -> str:
    """Shorten a text at a word."""
    words = " ".join(str(text)[: 8 * length].split())
    if len(words) <= length and len(text) <= 8 * length:
        return words
    kept = words[: length - 1]
    shorter = kept.rsplit(" ", 1)[0] if " " in kept[length // 2 :] else kept
    return shorter.rstrip(" ,;:–—-") + "…"


def detect_language(text: str) -> str:
    """Guess the language of a text (ISO 639-1); "" when too little tells."""
    sample = text[:_ENOUGH]
    letters = sum(letter.isalpha() for letter in sample)
    if letters < 3:
        return ""
    language, sure = _identifier().classify(sample)
    return str(language) if sure >= _SURE or letters >= _SHORT else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second, and only writers need it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
