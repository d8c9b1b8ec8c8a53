"""The three numbers shown wherever points are counted (R7): one definition for every room.

*Received*: every live point, those hidden since included. *Distinct*: the same words sent by many people, a
campaign, count once. *Published*: what everybody can read. Suggestions nobody accepted and particular
situations are no points of these numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from civic.contributions.queries import VOICES
from civic.foundation import database
from civic.processes.models import Category

COUNTED = """k.retired_at IS NULL AND c.visibility NOT IN ('awaiting', 'private')
  AND k.kind <> 'situation' AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)"""
"""Which claims ``k`` of contributions ``c`` are points that count."""
NUMBERS = f"""count(*) AS received,
       count(DISTINCT v.digest || '/' || CAST(k.number AS TEXT)) AS distinct_points,
       coalesce(sum(CASE WHEN c.visibility = 'public' THEN 1 ELSE 0 END), 0) AS published,
       {VOICES} AS people"""
"""The numbers of claims ``k`` of contributions ``c`` in their current version ``v``."""
STANCE = """CASE WHEN l.stance <> '' THEN l.stance WHEN k.kind = 'objection' THEN 'against'
       WHEN k.kind IN ('request', 'support', 'need') THEN 'for' ELSE 'other' END"""
"""On which side of a concern a point stands: what a person said of it, or else its kind."""
LIVE = "l.unlinked_at IS NULL"

_FROM = """
FROM theme_link l
JOIN theme t ON t.id = l.theme_id
JOIN claim k ON k.id = l.claim_id
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
"""
_COUNTS = f"""
SELECT l.theme_id, {NUMBERS},
       sum(CASE WHEN {STANCE} = 'for' THEN 1 ELSE 0 END) AS supporting,
       sum(CASE WHEN {STANCE} = 'against' THEN 1 ELSE 0 END) AS against,
       sum(CASE WHEN {STANCE} = 'other' THEN 1 ELSE 0 END) AS other
{_FROM} WHERE {COUNTED} AND {LIVE} AND {{scope}} GROUP BY l.theme_id
"""
_CATEGORIES = f"""
SELECT DISTINCT l.theme_id, c.capacity {_FROM}
WHERE {COUNTED} AND {LIVE} AND c.visibility = 'public' AND c.capacity IS NOT NULL AND {{scope}}
"""
_OF_PROCESS = "t.process_id = ?"
_OF_THEME = "t.id = ?"
_OF_SYNTHESIS = "c.issue_id IN (SELECT x.issue_id FROM synthesis_issue x WHERE x.synthesis_id = ?)"


@dataclass(frozen=True)
class Numbers:
    """The three numbers always shown together (R7), and how many people they come from."""

    received: int = 0
    distinct: int = 0
    published: int = 0
    people: int = 0


@dataclass(frozen=True)
class ThemeNumbers(Numbers):
    """The numbers of a theme: also on which side its points stand, and who is heard among them.

    Of the seven categories only that one is present is kept, never how many people of it: small numbers
    crossed with themes would point at somebody.
    """

    supporting: int = 0
    against: int = 0
    other: int = 0
    categories: tuple[Category, ...] = field(default=())

    @property
    def packed(self) -> dict[str, Any]:
        """Write them as they are frozen in an edition."""
        return {**asdict(self), "categories": [str(one) for one in self.categories]}


NONE = ThemeNumbers()


def unpacked(counts: Mapping[str, Any]) -> ThemeNumbers:
    """Read numbers that were frozen."""
    return ThemeNumbers(**{**counts, "categories": tuple(Category(one) for one in counts["categories"])})


def numbers_from(row: Mapping[str, Any]) -> Numbers:
    """Read the columns of ``NUMBERS``."""
    return Numbers(
        received=int(row["received"]),
        distinct=int(row["distinct_points"]),
        published=int(row["published"]),
        people=int(row["people"]),
    )


async def numbers_of_process(process_id: int) -> dict[int, ThemeNumbers]:
    """Count the points of every theme of a process; two queries."""
    return await _counted(_OF_PROCESS, process_id)


async def numbers_of_theme(theme_id: int) -> ThemeNumbers:
    """Count the points of one theme."""
    return (await _counted(_OF_THEME, theme_id)).get(theme_id, NONE)


async def numbers_in_synthesis(synthesis_id: int) -> dict[int, ThemeNumbers]:
    """Count, theme by theme, the points on the questions of a synthesis; two queries."""
    return await _counted(_OF_SYNTHESIS, synthesis_id)


async def _counted(scope: str, key: int) -> dict[int, ThemeNumbers]:
    heard: dict[int, set[str]] = defaultdict(set)
    for row in await database.rows(_CATEGORIES.format(scope=scope), key):
        heard[row["theme_id"]].add(row["capacity"])
    found = await database.rows(_COUNTS.format(scope=scope), key)
    return {row["theme_id"]: _theme(row, heard[row["theme_id"]]) for row in found}


def _theme(row: Mapping[str, Any], heard: Iterable[str]) -> ThemeNumbers:
    present = set(heard)
    return ThemeNumbers(
        **asdict(numbers_from(row)),
        supporting=int(row["supporting"]),
        against=int(row["against"]),
        other=int(row["other"]),
        categories=tuple(one for one in Category if one in present),
    )
