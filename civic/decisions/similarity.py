"""Find answers that could be addressed to anybody (SPEC 4.7). Pure: words in, twins out.

Two reasons are compared by their runs of three words. Where they are nearly the same and little is left
that belongs to one of them alone, that one is flagged: somebody adds a sentence for the point, or says
openly that it is one answer to several points.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor

from civic.foundation import text

RUN = 3
JACCARD = 0.60
CONTAINMENT = 0.80
RESIDUE = 12
"""Words that belong to one answer alone, below which it says nothing of its own."""
LEAST_SHARED = 0.75
"""Part of the shorter text's runs that two flagged texts share at least (0.6 of the union implies it)."""

Run = tuple[str, ...]

_WORD = re.compile(r"\w+")


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
    mine = runs_of(words_of(written, hidden))
    return _likeness(mine, frozenset(mine), frozenset(runs_of(words_of(other, hidden))))


def _likeness(ordered: list[Run], mine: frozenset[Run], theirs: frozenset[Run]) -> Likeness:
    if not mine or not theirs:
        return Likeness(0.0, 0.0, len(ordered))
    shared = mine & theirs
    return Likeness(
        jaccard=len(shared) / len(mine | theirs),
        containment=len(shared) / min(len(mine), len(theirs)),
        residue=_residue(ordered, shared),
    )


def _residue(ordered: list[Run], shared: frozenset[Run]) -> int:
    """Count the words that stand in no shared run."""
    total = len(ordered) + RUN - 1 if len(ordered[0]) == RUN else len(ordered[0])
    covered = {at + step for at, run in enumerate(ordered) if run in shared for step in range(len(run))}
    return total - len(covered)


def twins(wordings: Iterable[Wording]) -> dict[int, int]:
    """Name, for each flagged answer, one answer to another group that it repeats.

    A pair that is flagged shares three quarters of the shorter text's runs, so one of the shorter text's
    rarest quarter is among them: only those are looked up, and a thousand answers cost little.
    """
    given = [one for one in wordings if one.text.strip()]
    ordered = [runs_of(words_of(one.text, one.masked)) for one in given]
    runs = [frozenset(one) for one in ordered]
    holders = _holders(runs)
    found: dict[int, int] = {}
    clean = set(range(len(given)))
    for at in range(len(given)):
        near: set[int] = set().union(*(holders[run] for run in _rarest(runs[at], holders)))
        for other in sorted(near if at in clean else near & clean):
            shorter = (len(runs[at]), at) < (len(runs[other]), other)
            if not shorter or given[at].group == given[other].group:
                continue
            for mine, theirs in ((at, other), (other, at)):
                if mine in clean and _likeness(ordered[mine], runs[mine], runs[theirs]).is_generic:
                    found[given[mine].key] = given[theirs].key
                    clean.discard(mine)
    return found


def _holders(runs: list[frozenset[Run]]) -> Mapping[Run, set[int]]:
    holders: dict[Run, set[int]] = defaultdict(set)
    for at, mine in enumerate(runs):
        for run in mine:
            holders[run].add(at)
    return holders


def _rarest(mine: frozenset[Run], holders: Mapping[Run, set[int]]) -> list[Run]:
    kept = floor(len(mine) - ceil(len(mine) * LEAST_SHARED)) + 1
    return sorted(mine, key=lambda run: (len(holders[run]), run))[:kept] if mine else []
