"""A decision read by theme: what was asked, what people said, what the decision does with it.

Words and numbers are those of the published synthesis, its points those it held when it was signed; what
became of them is what the version of the decision states.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic.decisions.queries.reading import ArticleCard, DecisionCard, read_json
from civic.foundation import database
from civic.foundation.tables import Localized
from civic.processes.queries import IssueCard
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import AS_SIGNED, NEWEST, SynthesisCard, ThemeShown

THEMES = 20
"""Themes a page shows."""

_FROM = """
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
"""
_THEMED = f"""
JOIN synthesis_issue i ON i.issue_id = c.issue_id
JOIN synthesis_edition e ON e.synthesis_id = i.synthesis_id AND {NEWEST}
JOIN synthesis_theme y ON y.edition_id = e.id
JOIN theme_version v ON v.id = y.theme_version_id
JOIN theme_link l ON l.theme_id = v.theme_id AND l.claim_id = k.id AND {AS_SIGNED}
"""
_OUTCOME = "CASE WHEN c.visibility = 'public' THEN a.outcome ELSE 'withdrawn' END"
_TALLIES = f"""
SELECT v.theme_id, c.issue_id, {_OUTCOME} AS outcome, count(*) AS n
{_FROM} {_THEMED} WHERE o.decision_version_id = ? GROUP BY 1, 2, 3
"""
_ARTICLES = f"""
SELECT DISTINCT v.theme_id, p.eid, p.position
{_FROM} {_THEMED}
JOIN provision_link q ON q.version_id = a.id
JOIN provision p ON p.id = q.provision_id
WHERE o.decision_version_id = ? AND c.visibility = 'public' ORDER BY v.theme_id, p.position
"""
_OTHERS = f"""
SELECT {_OUTCOME} AS outcome, count(*) AS n
{_FROM} WHERE o.decision_version_id = ? AND NOT EXISTS (
  SELECT 1 FROM synthesis_issue i
  JOIN synthesis_edition e ON e.synthesis_id = i.synthesis_id AND {NEWEST}
  JOIN synthesis_theme y ON y.edition_id = e.id
  JOIN theme_version v ON v.id = y.theme_version_id
  JOIN theme_link l ON l.theme_id = v.theme_id AND l.claim_id = k.id AND {AS_SIGNED}
  WHERE i.issue_id = c.issue_id)
GROUP BY 1
"""  # noqa: S608 - constants only
_NAMES = f"""
SELECT DISTINCT t.public_id, y.position, y.id, CAST(v.title AS TEXT) AS title
{_FROM} {_THEMED} JOIN theme t ON t.id = v.theme_id
WHERE o.decision_version_id = ? AND c.visibility = 'public' ORDER BY y.id
"""
IN_THEME = f"""EXISTS (
  SELECT 1 FROM synthesis_issue i
  JOIN synthesis_edition e ON e.synthesis_id = i.synthesis_id AND {NEWEST}
  JOIN synthesis_theme y ON y.edition_id = e.id
  JOIN theme_version v ON v.id = y.theme_version_id
  JOIN theme t ON t.id = v.theme_id
  JOIN theme_link l ON l.theme_id = v.theme_id AND l.claim_id = k.id AND {AS_SIGNED}
  WHERE i.issue_id = c.issue_id AND t.public_id = ?)"""  # noqa: S608 - constants only
"""Which claims ``k`` of contributions ``c`` stand under a theme in public."""


@dataclass(frozen=True)
class ThemeAnswered:
    """We asked, you said, we did: one theme of a decision."""

    theme: ThemeShown
    issues: tuple[IssueCard, ...]
    tally: Mapping[str, int]
    articles: tuple[ArticleCard, ...]


@dataclass(frozen=True)
class ByTheme:
    """A page of the themes of a decision, the points of no theme, and where the words come from."""

    themes: tuple[ThemeAnswered, ...]
    others: Mapping[str, int]
    syntheses: tuple[SynthesisCard, ...]
    total: int
    after: int | None


async def themes_answered(version_id: int) -> dict[str, Localized]:
    """Name the public themes that a version of a decision answers points of."""
    return {row["public_id"]: read_json(row["title"]) for row in await database.rows(_NAMES, version_id)}


async def by_theme(
    decision: DecisionCard, version_id: int, articles: Sequence[ArticleCard], *, start: int = 0
) -> ByTheme:
    """Read a version of a decision theme by theme; always the same number of queries."""
    syntheses = await synthesis.syntheses_on([one.id for one in decision.issues])
    shown = await synthesis.themes_of_editions([one.in_force.id for one in syntheses if one.in_force])
    tallies: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asked: dict[int, set[int]] = defaultdict(set)
    for row in await database.rows(_TALLIES, version_id):
        tallies[row["theme_id"]][row["outcome"]] += int(row["n"])
        asked[row["theme_id"]].add(row["issue_id"])
    changed: dict[int, list[str]] = defaultdict(list)
    for row in await database.rows(_ARTICLES, version_id):
        changed[row["theme_id"]].append(row["eid"])
    by_eid = {one.eid: one for one in articles}
    others = {row["outcome"]: int(row["n"]) for row in await database.rows(_OTHERS, version_id)}
    page = [one for one in shown if one.theme_id in tallies]
    return ByTheme(
        themes=tuple(
            ThemeAnswered(
                theme=one,
                issues=tuple(issue for issue in decision.issues if issue.id in asked[one.theme_id]),
                tally=dict(tallies[one.theme_id]),
                articles=tuple(by_eid[eid] for eid in changed[one.theme_id] if eid in by_eid),
            )
            for one in page[start : start + THEMES]
        ),
        others=others,
        syntheses=tuple(syntheses),
        total=len(page),
        after=start + THEMES if len(page) > start + THEMES else None,
    )
