"""Compare two answers, of which one could be addressed to anybody (SPEC 4.7). Pure.

Two reasons are compared by their runs of three words. Where they are nearly the same and little is left
that belongs to one of them alone, that one is flagged: somebody adds a sentence for the point, or says
openly that it is one answer to several points.
"""

import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from civic.foundation import text

RUN = 3
JACCARD = 0.60
CONTAINMENT = 0.80
RESIDUE = 12
"""Words that belong to one answer alone, below which it says nothing of its own."""

Run = tuple[str, ...]

_WORD = re.compile(r"\w+")
_CHUNK = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Wording:
    """What an answer says, and the group of points it openly serves."""

    key: int
    group: str
    text: str
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """How close one text is to another; `residue` counts the words of the first that are its own."""

    jaccard: float
    containment: float
    residue: int

    @property
    def is_generic(self) -> bool:
        near = self.jaccard >= JACCARD or self.containment >= CONTAINMENT
        return near and self.residue < RESIDUE


@dataclass(frozen=True)
class Piece:
    """Words in a row that two texts share, or that belong to one alone."""

    text: str
    is_shared: bool


def words_of(written: str, masked: Iterable[str] = ()) -> list[str]:
    """Cut a text into words without accents or case; numbers and the words to mask read alike."""
    hidden = {word for name in masked for word in _WORD.findall(text.fold(name))}
    return [_mask(word, hidden) for word in _WORD.findall(text.fold(written))]


def _mask(word: str, hidden: set[str]) -> str:
    if word in hidden:
        return "_"
    return "0" if word[0].isdigit() else word


def runs_of(words: list[str]) -> list[Run]:
    """List the runs of three words in order; a shorter text is one run."""
    if len(words) < RUN:
        return [tuple(words)] if words else []
    return [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def compare(written: str, other: str, masked: Iterable[str] = ()) -> Likeness:
    """Compare one text with another."""
    hidden = tuple(masked)
    words = words_of(written, hidden)
    ordered, theirs = runs_of(words), frozenset(runs_of(words_of(other, hidden)))
    mine = frozenset(ordered)
    if not mine or not theirs:
        return Likeness(0.0, 0.0, len(words))
    shared = mine & theirs
    return Likeness(
        jaccard=len(shared) / len(mine | theirs),
        containment=len(shared) / min(len(mine), len(theirs)),
        residue=residue(len(words), ordered, shared),
    )


def residue(words: int, runs: Sequence[Hashable], shared: Collection[Hashable]) -> int:
    """Count the words of a text that stand in no shared run; its runs are given in their order."""
    return words - len(_covered(words, runs, shared))


def _covered(words: int, runs: Sequence[Hashable], shared: Collection[Hashable]) -> set[int]:
    return {
        at + step for at, run in enumerate(runs) if run in shared for step in range(RUN) if at + step < words
    }


def pieces(written: str, other: str, masked: Iterable[str] = ()) -> list[Piece]:
    """Cut a text, as it is written, into what stands in another one too and what is its own."""
    hidden = {word for name in masked for word in _WORD.findall(text.fold(name))}
    chunks = _CHUNK.findall(written)
    words = [[_mask(word, hidden) for word in _WORD.findall(text.fold(chunk))] for chunk in chunks]
    said = [word for some in words for word in some]
    ordered, theirs = runs_of(said), frozenset(runs_of(words_of(other, hidden)))
    covered = _covered(len(said), ordered, theirs)
    found: list[Piece] = []
    at = 0
    for chunk, some in zip(chunks, words, strict=True):
        before = found[-1].is_shared if found else False
        is_shared = all(place in covered for place in range(at, at + len(some))) if some else before
        at += len(some)
        if found and found[-1].is_shared == is_shared:
            found[-1] = Piece(found[-1].text + chunk, is_shared)
        else:
            found.append(Piece(chunk, is_shared))
    return found
