"""Whether the seven categories were treated alike (SPEC 4.8). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from civic.evaluation.intervals import Interval, Share, chance, corrected, newcombe
from civic.evaluation.small_groups import FEWEST, hidden
from civic.processes.models import Category

UNSAID = ""
"""The group of those who did not say for whom they speak."""
WIDE = 0.10
"""A gap of ten points is worth looking at."""
RARE = 0.05
"""How rarely a gap so wide would come by chance, once corrected for looking at several."""
FEW = 30
"""Below so many a share is shown without colour."""


@dataclass(frozen=True)
class Tested:
    """One measure, with its count in each group."""

    key: str
    groups: Mapping[str, Share]

    @property
    def whole(self) -> Share:
        found = self.groups.values()
        return Share(sum(one.number for one in found), sum(one.total for one in found))


@dataclass(frozen=True)
class Compared:
    """A group beside the rest: both shares, the gap with its interval, and whether it is worth a look."""

    group: str
    share: Share
    rest: Share
    gap: float | None = None
    interval: Interval | None = None
    chance: float | None = None
    """Corrected for the number of comparisons on the page."""

    @property
    def ratio(self) -> float | None:
        """How many times the share of the rest this group has."""
        mine, others = self.share.value, self.rest.value
        return None if mine is None or not others else mine / others

    @property
    def is_flagged(self) -> bool:
        return (
            self.gap is not None
            and self.interval is not None
            and self.chance is not None
            and self.interval.excludes_zero
            and round(abs(self.gap), 9) >= WIDE
            and self.chance < RARE
        )

    @property
    def is_few(self) -> bool:
        return min(self.share.total, self.rest.total) < FEW


@dataclass(frozen=True)
class Equality:
    """The comparison of the groups that can be shown; `few` are too small, `beside` are hidden with them."""

    measures: Mapping[str, tuple[Compared, ...]]
    people: Mapping[str, int]
    few: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def hidden(self) -> tuple[str, ...]:
        return self.few + self.beside

    @property
    def flagged(self) -> tuple[tuple[str, Compared], ...]:
        return tuple((key, one) for key, rows in self.measures.items() for one in rows if one.is_flagged)


def compared(people: Mapping[str, AbstractSet[str]], measures: Sequence[Tested]) -> Equality:
    """Compare each group that can be shown with all the others, and correct for looking at many (Holm)."""
    away = hidden(people)
    order = [str(one) for one in Category] + [UNSAID]
    shown = [group for group in order if people.get(group) and group not in away]
    rows = [(one.key, _beside_the_rest(group, one)) for one in measures for group in shown]
    chances = iter(corrected([one.chance for _, one in rows if one.chance is not None]))
    final = [(key, one if one.chance is None else replace(one, chance=next(chances))) for key, one in rows]
    return Equality(
        measures={
            measure.key: tuple(one for key, one in final if key == measure.key) for measure in measures
        },
        people={group: len(people[group]) for group in shown},
        few=tuple(one for one in order if one in away and len(people[one]) < FEWEST),
        beside=tuple(one for one in order if one in away and len(people[one]) >= FEWEST),
    )


def _beside_the_rest(group: str, measure: Tested) -> Compared:
    """Those who did not say are shown, but are no category to be compared."""
    share = measure.groups.get(group, Share(0, 0))
    rest = measure.whole.without(share)
    if group == UNSAID or not share.total or not rest.total:
        return Compared(group, share, rest)
    gap = share.number / share.total - rest.number / rest.total
    return Compared(group, share, rest, gap, newcombe(share, rest), chance(share, rest))
