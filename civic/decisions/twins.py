"""A shelf of reasons on which answers that could be addressed to anybody find each other (SPEC 4.7). Pure.

Exact, and without comparing every pair. A text of twelve words or more is flagged only by one that covers
all but eleven of its words. Of any twelve of its words one is then covered, so one of the runs of three
words around them is shared: taking the twelve words whose runs are rarest, only the few texts that hold
one of those runs are compared. A shorter text is flagged by a longer one only if it shares three quarters
of its own runs, so one of its rarest quarter; two short texts are compared when they share a run.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import chain, islice
from math import ceil

from civic.decisions.similarity import (
    CONTAINMENT,
    JACCARD,
    RESIDUE,
    RUN,
    Likeness,
    Wording,
    residue,
    words_of,
)

LEAST_SHARED = 0.75
"""Part of the shorter text's runs that two flagged texts share at least (0.6 of the union implies it)."""
LOOKED_AT = 20
"""Twins of a text being written among which the nearest is shown."""

_BITS = 21
_WIDE, _APART = 64, 1 << 192

Runs = Sequence[int]
Holders = dict[int, int | list[int]]
"""Texts by the runs they hold; most runs are held by one text alone, and need no list."""


@dataclass(slots=True)
class _Text:
    place: int
    group: str
    runs: Runs
    size: int
    """Different runs."""
    words: int
    keys: list[int]
    """The answers that say it, all of one group."""
    watched: Runs = ()
    twin: int | None = None
    repeated_by: set[int] = field(default_factory=set)

    @property
    def is_short(self) -> bool:
        return self.words < RESIDUE


@dataclass(frozen=True)
class Match:
    """An answer that a text repeats, and how closely."""

    key: int
    likeness: Likeness
    shared: int
    mine: int
    theirs: int
    """Different runs that both have, that the text has, that the answer has."""


def twins(wordings: Iterable[Wording]) -> dict[int, int]:
    """Name, for each flagged answer, one answer to another group that it repeats."""
    return dict(Shelf(wordings).found())


class Shelf:
    """Reasons by the runs of words they hold, each with its twin; kept up to date one reason at a time."""

    def __init__(self, wordings: Iterable[Wording] = ()) -> None:
        """Put many reasons on the shelf at once: how rare a run is, is known before the first is compared."""
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, _Text] = {}
        self._of_key: dict[int, list[int]] = {}
        self._same: dict[tuple[str, bytes], int] = {}
        self._holders: Holders = {}
        self._shorts: Holders = {}
        self._watchers: Holders = {}
        self._next = 0
        self._found: dict[int, int] | None = None
        fresh = [text for one in wordings if (text := self._placed(one)) is not None]
        for text in fresh:
            self._look(text)

    def __len__(self) -> int:
        return len(self._of_key)

    def __contains__(self, key: int) -> bool:
        return key in self._of_key

    def add(self, wording: Wording) -> None:
        """Put one more reason on the shelf: it may repeat another, and another may repeat it."""
        text = self._placed(wording)
        if text is None:
            return
        mine = frozenset(text.runs)
        for other in list(self._that_watch(text, mine)):
            if other.twin is None and other.group != text.group and _is_flagged(other, text):
                self._pair(other, text)
        self._look(text)

    def remove(self, key: int) -> None:
        """Take a reason off the shelf; those that repeated it are compared again."""
        self._found = None
        for place in self._of_key.pop(key, ()):
            text = self._texts[place]
            text.keys.remove(key)
            if not text.keys:
                self._take_off(text)

    def found(self) -> Mapping[int, int]:
        """Name, for each flagged answer, one answer to another group that it repeats."""
        if self._found is None:
            self._found = {}
            for text in self._texts.values():
                if text.twin is not None:
                    twin = self._texts[text.twin].keys[0]
                    for key in text.keys:
                        self._found.setdefault(key, twin)
        return self._found

    def nearest(self, wording: Wording, without: frozenset[int] = frozenset()) -> Match | None:
        """Find the answer that a text being written repeats, leaving some answers out; None keeps it."""
        text = self._read(wording, learns=False)
        if text is None:
            return None
        flagged = (
            other
            for other in self._candidates(text, _watched(text, self._holders))
            if other.group != text.group and not without.issuperset(other.keys) and _is_flagged(text, other)
        )
        matches = [_match(text, other, without) for other in islice(flagged, LOOKED_AT)]
        return max(matches, key=lambda one: (one.likeness.jaccard, one.likeness.containment), default=None)

    def _read(self, wording: Wording, *, learns: bool) -> _Text | None:
        words = words_of(wording.text, wording.masked)
        if not words:
            return None
        numbers = self._numbers if learns else _Reading(self._numbers)
        packed = _runs([numbers.setdefault(word, len(numbers) + 1) for word in words])
        return _Text(
            place=self._next,
            group=wording.group,
            runs=packed,
            size=len(frozenset(packed)),
            words=len(words),
            keys=[wording.key],
        )

    def _placed(self, wording: Wording) -> _Text | None:
        """Give a text its place; None when it says nothing, or what its group says already."""
        text = self._read(wording, learns=True)
        if text is None:
            return None
        self._found = None
        place = self._same.setdefault((text.group, _spelled(text.runs)), text.place)
        known = self._texts.setdefault(place, text)
        if known is text:
            self._next += 1
            _hold(self._holders, text.runs, place)
            if text.is_short:
                _hold(self._shorts, text.runs, place)
        elif wording.key not in known.keys:
            known.keys.append(wording.key)
        places = self._of_key.setdefault(wording.key, [])
        if place not in places:
            places.append(place)
        return text if known is text else None

    def _look(self, text: _Text) -> None:
        """Look for an answer that a text repeats; without one, watch for those that come."""
        watched = _watched(text, self._holders)
        for other in self._candidates(text, watched):
            if other.group != text.group and _is_flagged(text, other):
                self._pair(text, other)
                return
        text.watched = watched
        _hold(self._watchers, watched, text.place)

    def _pair(self, text: _Text, twin: _Text) -> None:
        self._found = None
        _let_go(self._watchers, text.watched, text.place)
        text.watched, text.twin = (), twin.place
        twin.repeated_by.add(text.place)

    def _candidates(self, text: _Text, watched: Runs) -> Iterator[_Text]:
        """Give the texts that may flag this one, each once."""
        shorts = self._at(self._shorts, text.runs) if text.is_short else ()
        return self._once(chain(self._at(self._holders, watched), shorts), text.place)

    def _that_watch(self, text: _Text, mine: frozenset[int]) -> Iterator[_Text]:
        """Give the texts that this one may flag, each once."""
        shorts = self._at(self._shorts, mine) if text.is_short else ()
        return self._once(chain(self._at(self._watchers, mine), shorts), text.place)

    def _at(self, holders: Holders, runs: Iterable[int]) -> Iterator[int]:
        for run in runs:
            held = holders.get(run)
            if isinstance(held, int):
                yield held
            elif held is not None:
                yield from held

    def _once(self, places: Iterable[int], but: int) -> Iterator[_Text]:
        seen = {but}
        for place in places:
            if place not in seen:
                seen.add(place)
                yield self._texts[place]

    def _take_off(self, text: _Text) -> None:
        del self._texts[text.place], self._same[text.group, _spelled(text.runs)]
        _let_go(self._holders, text.runs, text.place)
        _let_go(self._watchers, text.watched, text.place)
        if text.is_short:
            _let_go(self._shorts, text.runs, text.place)
        if text.twin is not None:
            self._texts[text.twin].repeated_by.discard(text.place)
        for place in text.repeated_by:
            self._texts[place].twin = None
        for place in text.repeated_by:
            self._look(self._texts[place])


class _Reading(dict[str, int]):
    """Numbers for the words of a text that is only looked at: those not known yet are forgotten with it."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self._known = known

    def __len__(self) -> int:
        return len(self._known) + super().__len__()

    def setdefault(self, word: str, number: int = 0, /) -> int:
        known = self._known.get(word)
        return super().setdefault(word, number) if known is None else known


def _runs(numbers: list[int]) -> Runs:
    """Write each run of three words as one number; a shorter text is one run."""
    numbers += [0] * (RUN - len(numbers))
    pack = _packed if max(numbers) < 1 << _BITS else _wide
    return _row(list(map(pack, numbers, numbers[1:], numbers[2:])))


def _packed(first: int, second: int, third: int) -> int:
    return first << 2 * _BITS | second << _BITS | third


def _wide(first: int, second: int, third: int) -> int:
    """Write a run that may hold words beyond the first two million, never as another run is written."""
    if max(first, second, third) < 1 << _BITS:
        return _packed(first, second, third)
    return _APART | first << 2 * _WIDE | second << _WIDE | third


def _row(runs: list[int]) -> Runs:
    """Keep runs in eight bytes each where they fit."""
    try:
        return array("q", runs)
    except OverflowError:
        return tuple(runs)


def _spelled(runs: Runs) -> bytes:
    return runs.tobytes() if isinstance(runs, array) else repr(runs).encode()


def _watched(text: _Text, holders: Holders) -> Runs:
    """Choose runs of a text, the rarest it has, of which every text that flags it holds at least one.

    For a short text: every text at least as long.
    """
    held = [_count(holders.get(run)) for run in text.runs]
    if text.is_short:
        ordered = sorted(range(len(held)), key=held.__getitem__)
        different = list(dict.fromkeys(text.runs[at] for at in ordered))
        return _row(different[: text.size - ceil(text.size * LEAST_SHARED) + 1])
    costs = [sum(held[max(0, at - RUN + 1) : at + 1]) for at in range(text.words)]
    rarest = nsmallest(RESIDUE, range(text.words), key=costs.__getitem__)
    around = {at for word in rarest for at in range(max(0, word - RUN + 1), min(word + 1, len(held)))}
    return _row(list(dict.fromkeys(text.runs[at] for at in sorted(around, key=held.__getitem__))))


def _is_flagged(text: _Text, other: _Text) -> bool:
    """Whether a text repeats another, and says too little of its own (SPEC 4.7)."""
    shared = frozenset(text.runs).intersection(other.runs)
    return _likeness(text, other, shared).is_generic


def _likeness(text: _Text, other: _Text, shared: frozenset[int]) -> Likeness:
    count = len(shared)
    jaccard = count / (text.size + other.size - count)
    containment = count / min(text.size, other.size)
    if jaccard < JACCARD and containment < CONTAINMENT:
        return Likeness(jaccard, containment, text.words)
    return Likeness(jaccard, containment, residue(text.words, text.runs, shared))


def _match(text: _Text, other: _Text, without: frozenset[int]) -> Match:
    shared = frozenset(text.runs).intersection(other.runs)
    key = next(one for one in other.keys if one not in without)
    return Match(key, _likeness(text, other, shared), len(shared), text.size, other.size)


def _hold(holders: Holders, runs: Iterable[int], place: int) -> None:
    for run in frozenset(runs):
        held = holders.setdefault(run, place)
        if isinstance(held, list):
            held.append(place)
        elif held != place:
            holders[run] = [held, place]


def _let_go(holders: Holders, runs: Iterable[int], place: int) -> None:
    for run in frozenset(runs):
        held = holders[run]
        if isinstance(held, int):
            del holders[run]
        else:
            held.remove(place)
            if len(held) == 1:
                holders[run] = held[0]


def _count(held: int | list[int] | None) -> int:
    return 0 if held is None else 1 if isinstance(held, int) else len(held)
