"""Compare two versions of a text, word by word where that helps a reader, whole where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

REWRITTEN = 0.4
"""Share of changed words above which a mixed text is harder to read than the two side by side."""
_MOST_PAIRS = 200_000
_WORD = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True)
class DiffPart:
    """A run of words: kind "same", "added" or "removed"; "before" and "after" when little is left."""

    kind: str
    text: str


def diff(old: str, new: str) -> list[DiffPart]:
    """Compare two texts; when more than 40 % changed, give the one and then the other."""
    if old == new:
        return [DiffPart("same", new)] if new else []
    parts = _joined(_by_line(old, new))
    if not old or not new or _share_changed(parts) <= REWRITTEN:
        return parts
    return [DiffPart("before", old), DiffPart("after", new)]


def _share_changed(parts: Sequence[DiffPart]) -> float:
    size = {"same": 0, "added": 0, "removed": 0}
    for part in parts:
        size[part.kind] += len(part.text.split())
    changed = max(size["added"], size["removed"])
    return changed / max(1, changed + size["same"])


def _by_line(old: str, new: str) -> Iterator[DiffPart]:
    olds, news = _LINE.findall(old), _LINE.findall(new)
    for what, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if what == "equal":
            yield DiffPart("same", "".join(news[c:d]))
        else:
            yield from _by_word("".join(olds[a:b]), "".join(news[c:d]))


def _by_word(old: str, new: str) -> Iterator[DiffPart]:
    olds, news = _WORD.findall(old), _WORD.findall(new)
    ahead = _common(olds, news)
    behind = _common(olds[ahead:][::-1], news[ahead:][::-1])
    yield DiffPart("same", "".join(news[:ahead]))
    olds, tail = olds[ahead : len(olds) - behind], news[len(news) - behind :]
    news = news[ahead : len(news) - behind]
    if len(olds) * len(news) > _MOST_PAIRS:
        yield from (DiffPart("removed", "".join(olds)), DiffPart("added", "".join(news)))
    else:
        for what, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
            if what == "equal":
                yield DiffPart("same", "".join(news[c:d]))
            else:
                yield from (DiffPart("removed", "".join(olds[a:b])), DiffPart("added", "".join(news[c:d])))
    yield DiffPart("same", "".join(tail))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _joined(parts: Iterable[DiffPart]) -> list[DiffPart]:
    """Join runs of one kind; a lone blank between two changes is part of the change."""
    kept = [part for part in parts if part.text]
    flowing: list[DiffPart] = []
    for index, part in enumerate(kept):
        is_gap = part.kind == "same" and not part.text.strip(" ") and 0 < index < len(kept) - 1
        if is_gap:
            flowing += [DiffPart("removed", part.text), DiffPart("added", part.text)]
        else:
            flowing.append(part)
    return [part for run in _runs(flowing) for part in run]


def _runs(parts: Sequence[DiffPart]) -> Iterator[list[DiffPart]]:
    for is_same, run in groupby(parts, key=lambda part: part.kind == "same"):
        members = list(run)
        if is_same:
            yield [DiffPart("same", "".join(part.text for part in members))]
            continue
        texts = [(kind, "".join(p.text for p in members if p.kind == kind)) for kind in ("removed", "added")]
        yield [DiffPart(kind, text) for kind, text in texts if text]
