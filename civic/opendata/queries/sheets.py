"""What goes out as a grid: the contributions of a process with their points, a page at a time.

Only what everybody may read goes out. A sheet for the desk carries each point's `point_ref` and `version`
and the draft answers; the public one carries what was published, and no names.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from civic.contributions.models import ClaimOrigin, Kind
from civic.decisions import queries as decisions
from civic.decisions.queries import MilestoneCard, OutcomeCard
from civic.foundation import clock, database
from civic.opendata import grid
from civic.opendata.grid import GridClaim, GridContribution, Part, When
from civic.opendata.queries.known import QUESTION, any_text
from civic.opendata.queries.saying import details_of, drafted, imported, listed, promised, published

Key = TypeVar("Key")

PAGE = 100
MOST_KEYS = 5_000


@dataclass(frozen=True)
class Sheet:
    """Which grid goes out: of which process, in which language, for the desk or for everybody."""

    process_id: int
    language: str
    is_for_desk: bool
    has_one_source: bool
    points: tuple[int, ...] | None = None
    """Only these points, in this order; their contributions come with them."""
    has_details: bool = False
    """Whether the columns come along that an answer may need beyond its reason, and what is promised."""
    promises: tuple[MilestoneCard, ...] = ()


_CONTRIBUTIONS = """
SELECT c.id, c.public_id, c.number, c.source, c.source_ref, c.kind, c.parent_id, c.relation, c.author_name,
       c.capacity, c.submitted_at, c.confirmed_at, c.channel, c.language, c.source_url, c.version,
       i.number AS issue, v.title, v.body
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN issue i ON i.id = c.issue_id
WHERE c.process_id = ? AND c.visibility = 'public' AND c.id > ?
ORDER BY c.id LIMIT ?
"""
_CHOSEN = (
    _CONTRIBUTIONS.partition("WHERE c.process_id")[0] + "WHERE c.visibility = 'public' AND c.id IN ({marks})"
)
_CLAIMS = """
SELECT k.id, k.public_id, k.contribution_id, k.origin, k.restatement, k.source_row,
       coalesce(d.version, 0) AS answer, a.id AS answer_id,
       o.outcome, o.reason, o.provision, o.milestone, o.decided_on, o.decided_by
FROM claim k
LEFT JOIN disposition d ON d.claim_id = k.id
LEFT JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
LEFT JOIN imported_outcome o ON o.claim_id = k.id
WHERE k.contribution_id IN ({marks}) AND k.retired_at IS NULL AND k.kind <> 'situation'
  AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)
ORDER BY k.contribution_id, k.number
"""
_SPANS = """
SELECT s.claim_id, s.part, s.start, s."end", v.number AS version, v.title, v.body
FROM claim_span s
JOIN contribution_version v ON v.id = s.version_id
WHERE s.claim_id IN ({marks}) AND v.number = (
    SELECT max(w.number) FROM claim_span t JOIN contribution_version w ON w.id = t.version_id
    WHERE t.claim_id = s.claim_id)
ORDER BY s.claim_id, s.id
"""
_THEMES = """
SELECT l.claim_id, t.title FROM theme_link l JOIN theme t ON t.id = l.theme_id
WHERE l.claim_id IN ({marks}) AND l.unlinked_at IS NULL ORDER BY l.claim_id, l.id
"""
_OWNERS = "SELECT id, contribution_id FROM claim WHERE id IN ({marks})"
_BY_ID = """
SELECT c.id, c.version, v.title, v.body FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE c.id IN ({marks})
"""
_ABOVE = """
SELECT id, parent_id, visibility, number, source, source_ref FROM contribution WHERE id IN ({marks})
"""
_SOURCES = """
SELECT count(DISTINCT coalesce(source, '')) AS n FROM contribution
WHERE process_id = ? AND visibility = 'public'
"""
_COUNT = "SELECT count(*) AS n FROM contribution WHERE process_id = ? AND visibility = 'public'"
_STATE = """
SELECT
  (SELECT count(*) FROM contribution c WHERE c.process_id = ? AND c.visibility = 'public') AS contributions,
  (SELECT coalesce(max(v.id), 0) FROM contribution_version v JOIN contribution c ON c.id = v.contribution_id
   WHERE c.process_id = ?) AS versions,
  (SELECT coalesce(max(x.id), 0) FROM visibility_change x JOIN contribution c ON c.id = x.contribution_id
   WHERE c.process_id = ?) AS changes,
  (SELECT count(*) FROM claim k JOIN contribution c ON c.id = k.contribution_id
   WHERE c.process_id = ? AND k.retired_at IS NULL AND k.kind <> 'situation') AS claims,
  (SELECT coalesce(max(r.id), 0) FROM decision_release r JOIN decision_version v ON v.id = r.version_id
   JOIN decision d ON d.id = v.decision_id WHERE d.process_id = ?) AS releases,
  (SELECT version FROM process WHERE id = ?) AS version
"""

Row = dict[str, Any]


async def sheet_for(
    process_id: int,
    language: str,
    *,
    is_for_desk: bool,
    points: Sequence[int] | None = None,
    has_details: bool = False,
) -> Sheet:
    """Say which grid of a process is meant."""
    (row,) = await database.rows(_SOURCES, process_id)
    promises: list[MilestoneCard] = []
    if has_details:
        for decision in await decisions.decisions_of(process_id):
            promises += await decisions.milestones_of(decision.id)
    return Sheet(
        process_id,
        language,
        is_for_desk,
        int(row["n"]) == 1,
        None if points is None else tuple(points),
        has_details,
        tuple(promises),
    )


async def count_of(sheet: Sheet) -> int:
    """Count the contributions of a sheet."""
    (row,) = await database.rows(_COUNT, sheet.process_id)
    return int(row["n"])


async def state_of(process_id: int) -> str:
    """Name the state of all that a public grid shows, to tell whether a kept copy is still true."""
    (row,) = await database.rows(_STATE, *[process_id] * 6)
    return ".".join(str(row[name]) for name in sorted(row))


async def pages_of(sheet: Sheet) -> AsyncIterator[list[GridContribution]]:
    """Give the contributions of a sheet in the order they came, a page of them at a time."""
    if sheet.points is not None:
        async for page in _chosen(sheet, sheet.points):
            yield page
        return
    last = 0
    while rows := await database.rows(_CONTRIBUTIONS, sheet.process_id, last, PAGE):
        last = rows[-1]["id"]
        yield await _page(sheet, rows)


async def _chosen(sheet: Sheet, points: Sequence[int]) -> AsyncIterator[list[GridContribution]]:
    """Give the contributions of some points, without the answers of their other points."""
    owners = {row["id"]: row["contribution_id"] for row in await _fetch(_OWNERS, points)}
    ordered = list(dict.fromkeys(owners[point] for point in points if point in owners))
    for start in range(0, len(ordered), PAGE):
        part = ordered[start : start + PAGE]
        found = {row["id"]: row for row in await _fetch(_CHOSEN, part)}
        yield await _page(sheet, [found[key] for key in part if key in found])


async def rows_of_claims(sheet: Sheet, claim_ids: Collection[int]) -> dict[int, GridClaim]:
    """Give some points as the sheet shows them now, to tell what a returned row changes."""
    found: dict[int, GridClaim] = {}
    ordered = sorted(set(claim_ids))
    for start in range(0, len(ordered), PAGE):
        part = ordered[start : start + PAGE]
        owners = [row["contribution_id"] for row in await _fetch(_OWNERS, part)]
        contributions = await _fetch(_BY_ID, sorted(set(owners)))
        for made in await _claims(sheet, contributions):
            found[made.id] = made.claim
    return found


@dataclass(frozen=True)
class _Made:
    """A point of the sheet: whose it is, and the words it stands in."""

    id: int
    contribution_id: int
    number: int
    title: str
    text: str
    claim: GridClaim


async def _page(sheet: Sheet, rows: Sequence[Row]) -> list[GridContribution]:
    made: dict[int, list[_Made]] = {row["id"]: [] for row in rows}
    for one in await _claims(sheet, rows):
        made[one.contribution_id].append(one)
    parents = await _parents(sheet, rows)
    return [
        contribution
        for row in rows
        for contribution in _contributions(_facts(sheet, row, parents), row, made[row["id"]])
    ]


def _contributions(facts: GridContribution, row: Row, made: Sequence[_Made]) -> list[GridContribution]:
    """Make a contribution of each version in which its points stand; almost always there is one."""
    versions = sorted({one.number for one in made}, reverse=True) or [row["version"]]
    found = []
    for number in versions:
        points = [one for one in made if one.number == number]
        words = (points[0].title, points[0].text) if points else (row["title"], row["body"])
        found.append(
            replace(
                facts,
                ref=facts.ref if number == versions[0] else f"{facts.ref}/v{number}"[: grid.MAX_CELL["ref"]],
                title=words[0],
                text=words[1],
                claims=tuple(_in_order(one.claim for one in points)),
            )
        )
    return found


def _in_order(claims: Iterable[GridClaim]) -> list[GridClaim]:
    return sorted(claims, key=lambda claim: (claim.part == "text", claim.start, claim.end))


def _facts(sheet: Sheet, row: Row, parents: Mapping[int, str]) -> GridContribution:
    at, received = database.moment(row["submitted_at"]), database.moment(row["confirmed_at"])
    is_dated = row["channel"] != "import" or at != received
    return GridContribution(
        ref=_ref(sheet, row),
        kind=row["kind"],
        author=row["author_name"] if sheet.is_for_desk else "",
        category=row["capacity"] or "",
        date=_day_or_moment(at) if is_dated else None,
        language=row["language"],
        url=row["source_url"],
        parent=parents.get(row["id"], ""),
        relation=(row["relation"] or "") if parents.get(row["id"]) else "",
    )


def _day_or_moment(at: dt.datetime) -> When:
    """Write a local midnight as the day that begins there."""
    here = at.astimezone(clock.zone())
    return here.date() if (here.hour, here.minute, here.second, here.microsecond) == (0, 0, 0, 0) else at


def _ref(sheet: Sheet, row: Row) -> str:
    """Name a contribution as its source does where that is clear, or else by its receipt number."""
    if row["source"] is None:
        return str(row["number"])
    if sheet.has_one_source:
        return str(row["source_ref"])
    named = f"{row['source']}/{row['source_ref']}"
    return named if len(named) <= grid.MAX_CELL["ref"] else str(row["number"])


async def _parents(sheet: Sheet, rows: Sequence[Row]) -> dict[int, str]:
    """Name what each comment answers: the nearest text above it that may be read, or the question."""
    comments = [row for row in rows if row["kind"] == Kind.COMMENT]
    above: dict[int, Row] = {}
    wanted = {row["parent_id"] for row in comments if row["parent_id"]}
    while wanted:
        found = await _fetch(_ABOVE, sorted(wanted))
        above |= {row["id"]: row for row in found}
        hidden = (row for row in found if row["visibility"] != "public" and row["parent_id"])
        wanted = {row["parent_id"] for row in hidden} - set(above)
    named = {}
    for row in comments:
        parent = above.get(row["parent_id"] or 0)
        while parent is not None and parent["visibility"] != "public":
            parent = above.get(parent["parent_id"] or 0)
        named[row["id"]] = _ref(sheet, parent) if parent else f"{QUESTION}{row['issue'] or 1}"
    return named


async def _claims(sheet: Sheet, rows: Sequence[Row]) -> list[_Made]:
    by_id = {row["id"]: row for row in rows}
    claims = await _fetch(_CLAIMS, list(by_id))
    counts = Counter(claim["contribution_id"] for claim in claims)
    if sheet.points is not None:
        asked = frozenset(sheet.points)
        claims = [claim for claim in claims if claim["id"] in asked]
    ids = [claim["id"] for claim in claims]
    spans, themes = await _fetch(_SPANS, ids), await _fetch(_THEMES, ids)
    answers = await _answers(sheet, claims)
    spans_of, themes_of = _by_claim(spans), _by_claim(themes)
    made = []
    for claim in claims:
        own = spans_of.get(claim["id"])
        if not own:
            continue
        is_whole = claim["origin"] == ClaimOrigin.WHOLE and counts[claim["contribution_id"]] == 1
        point = replace(
            _span(own, is_whole=is_whole),
            restatement=claim["restatement"],
            theme=listed(any_text(one["title"]) for one in themes_of.get(claim["id"], ())),
            **answers.get(claim["id"], {}),
        )
        if sheet.is_for_desk:
            version = by_id[claim["contribution_id"]]["version"] + claim["answer"]
            point = replace(point, point_ref=claim["public_id"], version=version)
        made.append(
            _Made(
                claim["id"],
                claim["contribution_id"],
                own[0]["version"],
                own[0]["title"],
                own[0]["body"],
                point,
            )
        )
    return made


def _span(spans: Sequence[Row], *, is_whole: bool) -> GridClaim:
    """Give one stretch of words for a point: from its first passage in the text to its last."""
    part: Part = "text" if any(span["part"] == "text" for span in spans) else "title"
    own = [span for span in spans if span["part"] == part]
    return GridClaim(part, min(one["start"] for one in own), max(one["end"] for one in own), whole=is_whole)


async def _answers(sheet: Sheet, claims: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """Give what the outcome columns say of each point."""
    found: dict[int, dict[str, Any]] = {}
    if not sheet.is_for_desk:
        return await _published_answers(sheet, [claim["id"] for claim in claims])
    found = {claim["id"]: imported(claim) for claim in claims if claim["outcome"] is not None}
    for ids in _parts([claim["answer_id"] for claim in claims if claim["answer_id"]]):
        drafts = await decisions.answers_by_id(ids)
        found |= {draft.claim_id: drafted(draft, sheet.language) for draft in drafts.values()}
        if sheet.has_details:
            for draft in drafts.values():
                found[draft.claim_id] |= {
                    "details": details_of(draft.answer, sheet.language),
                    "milestone": promised(draft, sheet.promises, sheet.language),
                }
    return found


async def _published_answers(sheet: Sheet, claim_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    cards: dict[int, OutcomeCard] = {}
    for ids in _parts(claim_ids):
        cards |= await decisions.outcomes_of_claims(ids)
    promises = [
        promise
        for decision in sorted({card.stated.decision_id for card in cards.values()})
        for promise in await decisions.milestones_of(decision)
    ]
    return {
        key: published(card, promises, sheet.language) for key, card in cards.items() if not card.is_withdrawn
    }


def _by_claim(rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["claim_id"], []).append(row)
    return groups


async def _fetch(sql: str, keys: Collection[object]) -> list[Row]:
    found: list[Row] = []
    for part in _parts(list(keys)):
        found += await database.rows(sql.format(marks=", ".join("?" * len(part))), *part)
    return found


def _parts(keys: Sequence[Key]) -> Iterable[Sequence[Key]]:
    """Ask for as many keys at once as both databases take."""
    return (keys[start : start + MOST_KEYS] for start in range(0, len(keys), MOST_KEYS))
