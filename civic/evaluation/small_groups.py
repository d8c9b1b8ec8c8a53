"""Which groups are too small to be shown, and which others must then be hidden with them (SPEC 4.9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

FEWEST = 5
"""Fewer distinct people than this are not shown apart from others."""

People = Mapping[str, AbstractSet[str]]


def hidden(people: People, *, fewest: int = FEWEST) -> frozenset[str]:
    """Name the groups to hide, so that no small group is shown or found by taking the others from the total.

    A group of nobody is not hidden: its absence is said. When a group is too small, the next smallest
    is hidden too, until what is hidden holds at least two groups and enough people together.
    """
    inhabited = sorted((group for group in people if people[group]), key=lambda one: len(people[one]))
    kept = [group for group in inhabited if len(people[group]) >= fewest]
    taken = [group for group in inhabited if len(people[group]) < fewest]
    while taken and kept and (len(taken) < 2 or len(_together(people, taken)) < fewest):
        taken.append(kept.pop(0))
    return frozenset(taken)


def _together(people: People, groups: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(people[group] for group in groups))
