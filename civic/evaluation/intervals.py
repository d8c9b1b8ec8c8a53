"""Intervals of shares and of their differences (SPEC 4.9), by statsmodels and scipy. Pure, loaded late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """Between which values a share, or a difference of shares, very probably lies (95%)."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Share:
    """So many out of so many."""

    number: int
    total: int

    @property
    def value(self) -> float | None:
        return self.number / self.total if self.total else None

    def without(self, other: Share) -> Share:
        """Give the rest, once a part is taken away."""
        return Share(self.number - other.number, self.total - other.total)


def wilson(share: Share) -> Interval | None:
    """Give Wilson's interval of a share; nothing when nothing was counted."""
    from statsmodels.stats.proportion import proportion_confint

    if not share.total:
        return None
    low, high = proportion_confint(share.number, share.total, alpha=0.05, method="wilson")
    return Interval(max(0.0, float(low)), min(1.0, float(high)))


def newcombe(one: Share, other: Share) -> Interval | None:
    """Give Newcombe's hybrid score interval of `one - other` (Newcombe 1998, method 10)."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    if not one.total or not other.total:
        return None
    low, high = confint_proportions_2indep(
        one.number, one.total, other.number, other.total, compare="diff", method="newcomb", alpha=0.05
    )
    return Interval(float(low), float(high))


def chance(one: Share, other: Share) -> float:
    """Give Fisher's exact probability of a gap this wide, if both were treated alike."""
    from scipy.stats import fisher_exact

    table = [[one.number, one.total - one.number], [other.number, other.total - other.number]]
    return float(fisher_exact(table).pvalue)


def corrected(chances: Sequence[float]) -> list[float]:
    """Correct several probabilities for having been looked at together (Holm 1979)."""
    from statsmodels.stats.multitest import multipletests

    if not chances:
        return []
    return [float(one) for one in multipletests(list(chances), method="holm")[1]]
