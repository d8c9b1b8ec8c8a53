"""Drafts open for reactions: their editions, what each proposes, and what it has become since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.policies import is_author
from civic.contributions.queries import ClaimCard
from civic.decisions.models import Outcome
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.outcomes import PAGE, OutcomeFilter, Speaker, filtered, speakers_of
from civic.decisions.queries.reactions import tallies_of_reactions
from civic.decisions.queries.reading import (
    ArticleCard,
    DecisionCard,
    VersionCard,
    article_of_row,
    decision_by_public_id,
    marks,
    maybe_moment,
    read_json,
)
from civic.decisions.rules import FAMILY_OF, Family
from civic.foundation import database, ids
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer

MOST_MINE = 200


@dataclass(frozen=True)
class EditionCard:
    """A draft of a decision as it was opened for reactions."""

    id: int
    public_id: str
    decision_id: int
    decision: str
    number: int
    title: Localized
    summary: Localized
    opened_by: str
    opened_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        return now < self.closes_at


@dataclass(frozen=True)
class ProposedCard:
    """The outcome that an edition proposes for one point; withdrawn or hidden, the point has none."""

    id: int
    edition_id: int
    claim: ClaimCard
    speaker: Speaker
    answer: AnswerCard

    @property
    def public_id(self) -> str:
        return self.claim.public_id

    @property
    def is_withdrawn(self) -> bool:
        return self.claim.reads_as_withdrawn

    @property
    def outcome(self) -> Outcome:
        return Outcome.WITHDRAWN if self.is_withdrawn else self.answer.outcome

    @property
    def family(self) -> Family:
        return FAMILY_OF.get(self.outcome, Family.NOTE)

    def is_mine(self, viewer: Viewer) -> bool:
        return is_author(viewer, public_id=self.speaker.contribution, author_id=self.speaker.author_id)


@dataclass(frozen=True)
class ProposedPoint:
    """What the newest edition proposes for one point, wherever the point is shown alone."""

    draft_id: int
    claim_id: int
    decision: str
    number: int
    outcome: Outcome
    sentence: Localized
    opened_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        return now < self.closes_at


@dataclass(frozen=True)
class DraftsBefore:
    """What was proposed before a decision, how often it was reacted to, and how much changed afterwards."""

    editions: tuple[EditionCard, ...]
    reactions: int
    changed: int


@dataclass(frozen=True)
class WindowFacts:
    """What the gate asks of the windows of a decision."""

    until: datetime | None
    unread: int


_EDITIONS = """
SELECT e.id, e.public_id, e.decision_id, d.public_id AS decision, e.number, e.title, e.summary,
       p.name AS opened_by, e.opened_at, e.closes_at
FROM draft_edition e
JOIN decision d ON d.id = e.decision_id
LEFT JOIN participant p ON p.id = e.opened_by_id
"""
_OF_DECISIONS = _EDITIONS + "WHERE e.decision_id IN ({marks}) ORDER BY e.number DESC"
_BY_PUBLIC_ID = _EDITIONS + "WHERE e.public_id = ?"
_NEWEST = " AND e.number = (SELECT max(f.number) FROM draft_edition f WHERE f.decision_id = e.decision_id)"
_OF_PROCESS = _EDITIONS + "WHERE d.process_id = ?" + _NEWEST + " ORDER BY e.closes_at DESC, e.id"
_OF_ISSUE = (
    _EDITIONS
    + "JOIN decision_issue i ON i.decision_id = d.id WHERE i.issue_id = ?"
    + _NEWEST
    + " ORDER BY e.id"
)
_OF_LINK = """
SELECT i.contribution_id, e.public_id AS edition FROM draft_invitation i
JOIN draft_edition e ON e.id = i.edition_id WHERE i.token_hash = ?
"""
_ANSWERED_IN = """
SELECT max(e.number) AS number, e.decision_id FROM draft_edition e
JOIN draft_outcome o ON o.edition_id = e.id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
WHERE k.contribution_id = ? GROUP BY e.decision_id
"""
_RANK = """
CASE WHEN c.visibility <> 'public' THEN 9
     ELSE CASE a.outcome WHEN 'declined' THEN 0 WHEN 'out_of_scope' THEN 0 WHEN 'partly' THEN 1
                         WHEN 'deferred' THEN 2 WHEN 'referred' THEN 2 WHEN 'noted' THEN 4 ELSE 3 END END
"""
_FROM = """
FROM draft_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation' AND k.retired_at IS NULL
JOIN contribution c ON c.id = k.contribution_id
WHERE o.edition_id = ?
"""
_LIST = f"SELECT o.id, o.edition_id, o.claim_id, o.disposition_version_id AS answer_id, k.public_id {_FROM}"
_AFTER = f"""
AND ({_RANK}, c.submitted_at, k.id) > (SELECT {_RANK}, c.submitted_at, k.id {_FROM} AND k.public_id = ?)
"""
_REFUSALS_FIRST = f" ORDER BY {_RANK}, c.submitted_at, k.id LIMIT ?"
_TALLY = f"""
SELECT CASE WHEN c.visibility = 'public' THEN a.outcome ELSE 'withdrawn' END AS outcome, count(*) AS n
{_FROM} GROUP BY 1
"""
_ARTICLES = """
SELECT p.id AS provision_id, p.public_id, p.eid, p.position, v.id AS version_id, v.number AS version,
       v.heading, v.text, v.plain, v.before, v.standing, v.note, w.name AS written_by, v.written_at
FROM draft_provision x
JOIN provision_version v ON v.id = x.provision_version_id
JOIN provision p ON p.id = v.provision_id
LEFT JOIN participant w ON w.id = v.written_by_id
WHERE x.edition_id = ? ORDER BY p.position, p.id
"""
_FACTS = """
SELECT max(e.closes_at) AS until, (
    SELECT count(*) FROM reaction r
    JOIN draft_outcome o ON o.id = r.draft_id
    JOIN draft_edition x ON x.id = o.edition_id
    JOIN claim k ON k.id = o.claim_id
    JOIN contribution c ON c.id = k.contribution_id
    WHERE x.decision_id = ? AND c.visibility = 'public'
      AND r.number = (SELECT max(s.number) FROM reaction s WHERE s.draft_id = r.draft_id)
      AND NOT EXISTS (SELECT 1 FROM reaction_reading y WHERE y.reaction_id = r.id)) AS unread
FROM draft_edition e WHERE e.decision_id = ?
"""
_CHANGED = """
SELECT count(*) AS n
FROM published_outcome o
JOIN disposition_version b ON b.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN draft_outcome d ON d.claim_id = o.claim_id AND d.edition_id = ?
LEFT JOIN disposition_version a ON a.id = d.disposition_version_id
WHERE o.decision_version_id = ? AND c.visibility = 'public'
  AND (a.id IS NULL OR a.outcome <> b.outcome OR a.digest <> b.digest)
"""


_OF_CLAIMS = """
SELECT o.id AS draft_id, o.claim_id, d.public_id AS decision, e.number, a.outcome, a.sentence, e.opened_at,
       e.closes_at
FROM draft_outcome o
JOIN draft_edition e ON e.id = o.edition_id
JOIN decision d ON d.id = e.decision_id
JOIN disposition_version a ON a.id = o.disposition_version_id
WHERE o.claim_id IN ({marks}) ORDER BY e.number
"""


async def editions_of(decision_ids: Sequence[int]) -> list[EditionCard]:
    """Give the drafts of some decisions that were opened for reactions, newest first."""
    found = await database.rows(_OF_DECISIONS.format(marks=marks(decision_ids)), *decision_ids)
    return [_edition(row) for row in found]


async def edition_by_public_id(public_id: str) -> EditionCard:
    """Give an edition whoever asks: for acts and jobs."""
    found = await database.rows(_BY_PUBLIC_ID, public_id)
    if not found:
        raise NotFound
    return _edition(found[0])


async def visible_edition(viewer: Viewer, decision: str, number: int) -> tuple[DecisionCard, EditionCard]:
    """Give an edition with its decision, to whoever looks: what was opened for reactions is public."""
    card = await decision_by_public_id(decision)
    found = next((one for one in await editions_of([card.id]) if one.number == number), None)
    if found is None:
        raise NotFound
    return card, found


async def drafts_of_process(process_id: int) -> list[EditionCard]:
    """Give the newest edition of each decision of a process, whether it is still open or not."""
    return [_edition(row) for row in await database.rows(_OF_PROCESS, process_id)]


async def draft_of_issue(issue_id: int) -> EditionCard | None:
    """Give the newest edition of the decision that settles a question."""
    return next((_edition(row) for row in await database.rows(_OF_ISSUE, issue_id)), None)


async def draft_of_contribution(contribution_id: int) -> EditionCard | None:
    """Give the newest edition that proposes something for a text."""
    for row in await database.rows(_ANSWERED_IN, contribution_id):
        editions = await editions_of([row["decision_id"]])
        return next(one for one in editions if one.number == row["number"])
    return None


async def invited_by_link(token: str) -> tuple[int, EditionCard]:
    """Give the text whose author a mailed link lets react, and the edition it was sent for."""
    found = await database.rows(_OF_LINK, ids.hash_token(token))
    if not found:
        raise NotFound
    return found[0]["contribution_id"], await edition_by_public_id(found[0]["edition"])


async def articles_of_draft(edition_id: int) -> list[ArticleCard]:
    """Give the articles as an edition proposes them."""
    return [article_of_row(row) for row in await database.rows(_ARTICLES, edition_id)]


async def proposed(
    edition_id: int, only: OutcomeFilter, *, after: str | None = None, limit: int = PAGE
) -> tuple[list[ProposedCard], str | None]:
    """List the outcomes an edition proposes, refusals first; and where the next page begins."""
    where, params = filtered(only)
    sql, values = _LIST + where, [edition_id, *params]
    if after:
        sql += _AFTER
        values += [edition_id, after]
    found = await database.rows(sql + _REFUSALS_FIRST, *values, limit + 1)
    return await _cards(found[:limit]), found[limit - 1]["public_id"] if len(found) > limit else None


async def count_proposed(edition_id: int, only: OutcomeFilter) -> int:
    """Count what a filter keeps of the outcomes an edition proposes."""
    where, params = filtered(only)
    (row,) = await database.rows(f"SELECT count(*) AS n {_FROM}" + where, edition_id, *params)
    return int(row["n"])


async def proposed_to_author(edition_id: int, viewer: Viewer) -> list[ProposedCard]:
    """List the outcomes an edition proposes for the viewer's own points."""
    passes = sorted(viewer.passes)[:50]
    sql = f"{_LIST} AND (c.author_id = ? OR c.public_id IN ({marks(passes)})) {_REFUSALS_FIRST}"
    found = await database.rows(sql, edition_id, viewer.participant or 0, *passes, MOST_MINE)
    return await _cards(found)


async def proposed_for(edition_id: int, contribution_id: int) -> list[ProposedCard]:
    """List the outcomes an edition proposes for the points of one text, in the order of the text."""
    found = await database.rows(f"{_LIST} AND c.id = ? ORDER BY k.number, k.id", edition_id, contribution_id)
    return await _cards(found)


async def proposed_for_claims(claim_ids: Sequence[int]) -> dict[int, ProposedPoint]:
    """Tell what the newest edition proposes for some points."""
    found = await database.rows(_OF_CLAIMS.format(marks=marks(claim_ids)), *claim_ids)
    return {
        row["claim_id"]: ProposedPoint(
            **{
                **row,
                "outcome": Outcome(row["outcome"]),
                "sentence": read_json(row["sentence"]),
                "opened_at": database.moment(row["opened_at"]),
                "closes_at": database.moment(row["closes_at"]),
            }
        )
        for row in found
    }


async def tally_of_draft(edition_id: int) -> dict[str, int]:
    """Count the proposed outcomes; points withdrawn or hidden since count as withdrawn."""
    return {row["outcome"]: int(row["n"]) for row in await database.rows(_TALLY, edition_id)}


async def window_facts(decision_id: int) -> WindowFacts:
    """Tell when the last window of a decision closes, and how many reactions nobody considered."""
    (row,) = await database.rows(_FACTS, decision_id, decision_id)
    return WindowFacts(maybe_moment(row["until"]), int(row["unread"]))


async def changed_since(edition_id: int, version_id: int) -> int:
    """Count the public points that a version answers in another way than an edition proposed."""
    return int((await database.rows(_CHANGED, edition_id, version_id))[0]["n"])


async def drafts_before(version: VersionCard) -> DraftsBefore | None:
    """Tell which drafts were open before a version, and how much it changed of the last one."""
    editions = [one for one in await editions_of([version.decision_id]) if one.opened_at <= version.signed_at]
    if not editions:
        return None
    said = await tallies_of_reactions([one.id for one in editions])
    return DraftsBefore(
        editions=tuple(editions),
        reactions=sum(sum(counts.values()) for counts in said.values()),
        changed=await changed_since(editions[0].id, version.id),
    )


async def _cards(found: Collection[dict[str, Any]]) -> list[ProposedCard]:
    """Put the words beside what is proposed, with the articles as the edition froze them."""
    if not found:
        return []
    wanted = [row["claim_id"] for row in found]
    answers = await answers_by_id({row["answer_id"] for row in found})
    claims = await contributions.claims_by_id(wanted)
    speakers = await speakers_of(wanted)
    articles = {one.public_id: one for one in await articles_of_draft(next(iter(found))["edition_id"])}
    cards = []
    for row in found:
        claim, answer = claims.get(row["claim_id"]), answers[row["answer_id"]]
        if claim is None:
            continue
        shown = tuple(articles[key] for key in answer.answer.provisions if key in articles)
        cards.append(
            ProposedCard(
                id=row["id"],
                edition_id=row["edition_id"],
                claim=replace(claim, quotes=(), restatement="") if claim.reads_as_withdrawn else claim,
                speaker=speakers[claim.id],
                answer=replace(answer, articles=shown),
            )
        )
    return cards


def _edition(row: dict[str, Any]) -> EditionCard:
    return EditionCard(
        **{
            **row,
            "title": read_json(row["title"]),
            "summary": read_json(row["summary"]),
            "opened_by": row["opened_by"] or "",
            "opened_at": database.moment(row["opened_at"]),
            "closes_at": database.moment(row["closes_at"]),
        }
    )
