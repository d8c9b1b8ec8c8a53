"""Turn Markdown into tokens that are safe to write out: shallow, without images, with links we can stand for.

What is too deep to be read (and costs too much to clean) is refused here by saying so; the caller then
shows the words as they were typed, so that nothing a person wrote disappears.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_NESTING = 20
MOST_BARE_LINKS = 200
_BARE_LINK = re.compile(r"https?://[^\s<>\"'`|\\^{}\x00-\x20]+", re.IGNORECASE)
_TRAILING = re.compile(r"[.,;:!?…»”’\])]+\Z")
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


class TooDeep(Exception):
    """The marks of this text are nested deeper than anybody can read."""


def blocks(source: str, headings: int | None = None) -> Iterator[str]:
    """Write a text as HTML, one top block at a time; not yet cleaned. Raises TooDeep before the first.

    Headings start at the level given, and skip none; without a level they become strong paragraphs.
    """
    markdown = _markdown()
    environment: dict[str, object] = {}
    tokens = markdown.parse(source, environment)
    _demand_shallow(tokens)
    _level_headings(tokens, headings)
    left = MOST_BARE_LINKS
    for token in tokens:
        if token.type == "inline":
            token.children = _links(token.children or [], bare=left > 0)
            left -= token.content.count("://")
    start, depth = 0, 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield markdown.renderer.render(tokens[start : index + 1], markdown.options, environment)
            start = index + 1


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table")
    made.disable("reference")  # "[Source]: https://…" is a line people write, and would vanish
    made.validateLink = may_link  # type: ignore[assignment, method-assign]
    return made


def may_link(target: str) -> bool:
    """Tell whether a link may lead there: the web, a mail address, or a page of this site."""
    if _CONTROL.search(target):
        return False
    if target.startswith("/"):
        return not target.startswith("//")
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return bool(parts.path)
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.username is None


def _demand_shallow(tokens: Sequence[Token]) -> None:
    """Refuse what nests to the limit: at the limit the parser starts to leave words out."""
    for token in tokens:
        if token.level >= MAX_NESTING - 2:
            raise TooDeep
        depth = 0
        for child in token.children or ():
            depth += child.nesting
            if depth > MAX_NESTING:
                raise TooDeep


def _level_headings(tokens: Sequence[Token], first: int | None) -> None:
    open_levels: list[int] = []
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        if first is None:
            token.tag = "p"
            if token.type == "heading_open":
                inline = tokens[index + 1]
                inline.children = [_mark("strong", 1), *(inline.children or []), _mark("strong", -1)]
            continue
        if token.type == "heading_open":
            level = int(token.tag[1])
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        token.tag = f"h{min(6, first + len(open_levels) - 1)}"


def _mark(tag: str, nesting: int) -> Token:
    return Token(f"{tag}_{'open' if nesting > 0 else 'close'}", tag, nesting)  # type: ignore[arg-type]


def _links(children: list[Token], *, bare: bool) -> list[Token]:
    """Make links of bare addresses and of images, say of each that we do not vouch for it."""
    made: list[Token] = []
    inside = 0
    for child in children:
        if child.type == "link_open":
            inside += 1
            made.append(_outward(child))
        elif child.type == "image":
            made.extend(_image_as_link(child) if not inside else [_words(child.content)])
        elif child.type == "text" and not inside and bare:
            made.extend(_linked(child))
        elif child.type == "text":
            made.append(_words(_BARE_LINK.sub(lambda found: shown(found[0]), child.content)))
        else:
            inside -= child.type == "link_close"
            made.append(child)
    return made


def _outward(link: Token) -> Token:
    if not str(link.attrs.get("href", "")).startswith("/"):
        link.attrs["rel"] = "nofollow ugc noopener"
    link.attrs.pop("title", None)
    return link


def _link(target: str, words: str) -> list[Token]:
    opening = _mark("a", 1)
    opening.type, opening.attrs = "link_open", {"href": target}
    closing = _mark("a", -1)
    closing.type = "link_close"
    return [_outward(opening), _words(words), closing]


def _words(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _image_as_link(image: Token) -> list[Token]:
    target = str(image.attrs.get("src", ""))
    return _link(target, image.content or target)


def _linked(token: Token) -> list[Token]:
    made: list[Token] = []
    end = 0
    for found in islice(_BARE_LINK.finditer(token.content), MOST_BARE_LINKS):
        address = _TRAILING.sub("", found[0])
        if not may_link(address):
            continue
        made.append(_words(token.content[end : found.start()]))
        made.extend(_link(_markdown().normalizeLink(address), shown(address)))
        end = found.start() + len(address)
    return [*made, _words(token.content[end:])] if made else [token]


def shown(address: str) -> str:
    """Write an address as people may read it: a host that mixes scripts is written in punycode."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return address
    if host.isascii() or len({_script(letter) for letter in host if letter.isalpha()}) < 2:
        return address
    return _markdown().normalizeLink(address)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
