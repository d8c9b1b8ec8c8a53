"""A shelf of reasons on which answers that could be addressed to anybody find each other (SPEC 4.7). Pure.

Exact, and without comparing every pair. A text is flagged only by one that covers all but eleven of its
words: of any twelve of its words one is covered, so the other text holds one of the runs of three words
around them. Only texts that hold such a run for each twelve words are compared, the twelve with the rarest
runs first: a sentence of its own clears a text at once. Of two near texts, the shorter shares three quarters
of its runs, so one of its rarest quarter.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from math import ceil
from operator import itemgetter

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

AT_ONCE = 16
"""Texts that are compared before a closer look at the others: most copies find their twin among them."""
WORTH = 100
"""Texts that can be looked up for the price of comparing one."""

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
    rarest: Runs = ()
    """The rarest quarter of its runs, when it came."""
    watched: Runs = ()
    """While it is not flagged: runs of which each text that flags it holds one."""
    twin: int | None = None
    repeated_by: set[int] = field(default_factory=set)

    @property
    def said(self) -> bytes:
        return self.runs.tobytes() if isinstance(self.runs, array) else repr(self.runs).encode()

    @property
    def is_short(self) -> bool:
        return self.words < RESIDUE


@dataclass(frozen=True, slots=True)
class _Rarity:
    """Which runs of a text to look up."""

    held: dict[int, int]
    """How many texts hold each run, the rarest first."""
    rarest: list[int]
    """The rarest quarter: a text at least as long that flags this one holds one of them."""
    words: list[int]
    """The words by how rare the runs are that they stand in."""
    around: list[int]
    """The runs of the twelve rarest words: a text that flags this one holds one, unless this one is short."""


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
        self._rarest: Holders = {}
        self._watchers: Holders = {}
        self._next = 0
        self._found: dict[int, int] | None = None
        fresh = [text for one in wordings if (text := self._placed(one)) is not None]
        for text in fresh:
            self._mark(text)
        for text in fresh:
            self._look(text)

    def __len__(self) -> int:
        return len(self._of_key)

    def add(self, wording: Wording) -> None:
        """Put one more reason on the shelf: it may repeat another, and another may repeat it."""
        text = self._placed(wording)
        if text is None:
            return
        self._mark(text)
        watching = self._once(self._at(self._watchers, frozenset(text.runs)), text.place)
        for other in [self._texts[place] for place in watching]:
            if other.group != text.group and _likeness(other, text, frozenset(other.runs)).is_generic:
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
        """Find the answer that a text being written repeats, leaving some answers out."""
        text = self._read(wording, learns=False)
        if text is None:
            return None
        mine = frozenset(text.runs)
        flagged = (
            other
            for other in self._candidates(text, _rarity(text, self._holders))
            if other.group != text.group
            and not without.issuperset(other.keys)
            and _likeness(text, other, mine).is_generic
        )
        matches = [_match(text, other, mine, without) for other in islice(flagged, LOOKED_AT)]
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
        place = self._same.setdefault((text.group, text.said), text.place)
        known = self._texts.setdefault(place, text)
        if known is text:
            self._next += 1
            _hold(self._holders, text.runs, place)
        elif wording.key not in known.keys:
            known.keys.append(wording.key)
        places = self._of_key.setdefault(wording.key, [])
        if place not in places:
            places.append(place)
        return text if known is text else None

    def _mark(self, text: _Text) -> None:
        """Note the rarest runs of a text, by which longer ones find it."""
        text.rarest = _row(_rarity(text, self._holders).rarest)
        _hold(self._rarest, text.rarest, text.place)

    def _look(self, text: _Text) -> None:
        """Look for an answer that a text repeats; without one, watch for those that come."""
        mine, rarity = frozenset(text.runs), _rarity(text, self._holders)
        for other in self._candidates(text, rarity):
            if other.group != text.group and _likeness(text, other, mine).is_generic:
                self._pair(text, other)
                return
        text.watched = text.runs if text.is_short else _row(rarity.around)
        _hold(self._watchers, text.watched, text.place)

    def _pair(self, text: _Text, twin: _Text) -> None:
        self._found = None
        _let_go(self._watchers, text.watched, text.place)
        text.watched, text.twin = (), twin.place
        twin.repeated_by.add(text.place)

    def _candidates(self, text: _Text, rarity: _Rarity) -> Iterator[_Text]:
        """Give the texts that may flag this one, each once: a few at once, the others after a closer look."""
        near = chain(self._at(self._holders, rarity.rarest), self._at(self._rarest, rarity.held))
        around = self._at(self._holders, rarity.around)
        places = self._once(near if text.is_short else around, text.place)
        looked = list(islice(places, AT_ONCE))
        yield from map(self._texts.__getitem__, looked)
        if len(looked) == AT_ONCE:
            others = self._closer(text, rarity).difference(looked, (text.place,))
            yield from map(self._texts.__getitem__, others)

    def _closer(self, text: _Text, rarity: _Rarity) -> set[int]:
        """Name the texts that hold a run for each twelve words and are near, looking up the rarest first."""
        starts = range(0, text.words - RESIDUE + 1, RESIDUE)
        blocks = [_around(text, rarity.words[start : start + RESIDUE]) for start in starts]
        asked = [
            (sum(rarity.held[run] for run in runs), partial(self._all_at, self._holders, runs))
            for runs in blocks
        ]
        costs = sum(rarity.held[run] for run in rarity.rarest)
        costs += sum(_count(self._rarest.get(run)) for run in rarity.held)
        asked.append((costs, partial(self._near, text, rarity)))
        asked.sort(key=itemgetter(0))
        others = asked.pop(0)[1]()
        for cost, places in asked:
            if len(others) * WORTH > cost:
                others &= places()
        return others

    def _near(self, text: _Text, rarity: _Rarity) -> set[int]:
        """Name the texts that share one of the rarest runs of the shorter of the two."""
        shorter = self._all_at(self._rarest, rarity.held)
        longer = self._all_at(self._holders, rarity.rarest)
        return longer.union(one for one in shorter if self._texts[one].size < text.size)

    def _at(self, holders: Holders, runs: Iterable[int]) -> Iterator[int]:
        for run in runs:
            held = holders.get(run, ())
            yield from (held,) if isinstance(held, int) else held

    def _all_at(self, holders: Holders, runs: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for run in runs:
            held = holders.get(run, ())
            found.update((held,) if isinstance(held, int) else held)
        return found

    def _once(self, places: Iterable[int], but: int) -> Iterator[int]:
        seen = {but}
        for place in places:
            if place not in seen:
                yield place
            seen.add(place)

    def _take_off(self, text: _Text) -> None:
        del self._texts[text.place], self._same[text.group, text.said]
        _let_go(self._holders, text.runs, text.place)
        _let_go(self._watchers, text.watched, text.place)
        _let_go(self._rarest, text.rarest, text.place)
        if text.twin is not None:
            self._texts[text.twin].repeated_by.discard(text.place)
        widowed = [self._texts[place] for place in text.repeated_by]
        for other in widowed:
            other.twin = None
        for other in widowed:
            self._look(other)


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


def _rarity(text: _Text, holders: Holders) -> _Rarity:
    """Order the runs and the words of a text by how many texts hold them."""
    held = [_count(holders.get(run)) for run in text.runs]
    different = dict(sorted(zip(text.runs, held, strict=True), key=itemgetter(1)))
    padded = [0] * (RUN - 1) + held + [0] * (RUN - 1)
    beside = list(map(sum, zip(*(padded[step:] for step in range(RUN)), strict=False)))
    words = sorted(range(text.words), key=beside.__getitem__)
    return _Rarity(
        held=different,
        rarest=list(islice(different, text.size - ceil(text.size * LEAST_SHARED) + 1)),
        words=words,
        around=_around(text, words[:RESIDUE]),
    )


def _around(text: _Text, words: Sequence[int]) -> list[int]:
    """Give the runs that some words stand in."""
    last = len(text.runs) - 1
    places = {place for word in words for place in (word - 2, word - 1, word) if 0 <= place <= last}
    return list({text.runs[place] for place in places})


def _likeness(text: _Text, other: _Text, mine: frozenset[int]) -> Likeness:
    shared = mine.intersection(other.runs)
    count = len(shared)
    jaccard = count / (text.size + other.size - count)
    containment = count / min(text.size, other.size)
    is_near = jaccard >= JACCARD or containment >= CONTAINMENT
    own = residue(text.words, text.runs, shared) if is_near else text.words
    return Likeness(jaccard, containment, own)


def _match(text: _Text, other: _Text, mine: frozenset[int], without: frozenset[int]) -> Match:
    key = next(one for one in other.keys if one not in without)
    shared = mine.intersection(other.runs)
    return Match(key, _likeness(text, other, mine), len(shared), text.size, other.size)


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
