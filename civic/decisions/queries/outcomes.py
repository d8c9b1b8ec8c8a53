"""What was published: the answer to each point, its reply, and how it was contested."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind, Kind, Relation
from civic.contributions.policies import is_author
from civic.contributions.queries import ClaimCard
from civic.decisions.deadlines import appeal_until, reply_until
from civic.decisions.models import Outcome
from civic.decisions.policies import READERS
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.by_theme import IN_THEME
from civic.decisions.queries.comebacks import Later, later_of
from civic.decisions.queries.contests import AppealCard, ReplyCard, appeals_of, replies_of
from civic.decisions.queries.reading import ArticleCard, articles_stated, marks, read_json
from civic.decisions.rules import FAMILY_OF, Family
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.processes.models import Category

PAGE = 20
MOST_MINE = 200
_PUT_OFF = (Outcome.DEFERRED, Outcome.REFERRED)


@dataclass(frozen=True)
class Stated:
    """Which decision states an answer, who signed it and when it became public."""

    decision: str
    decision_id: int
    process_id: int
    process: str
    process_slug: str
    process_title: Localized
    title: Localized
    version_id: int
    number: int
    signed_by: str
    signed_role: str
    signed_for: str | None
    signer_id: int | None
    released_at: datetime


@dataclass(frozen=True)
class Speaker:
    """Whose point it is, as readers may see it."""

    contribution: str
    receipt: str
    kind: Kind
    relation: Relation | None
    author_id: int | None
    author_name: str
    capacity: Category | None
    capacity_note: str
    language: str
    submitted_at: datetime
    is_late: bool


@dataclass(frozen=True)
class OutcomeCard:
    """The published answer to one point; it reads as withdrawn when its text is withdrawn or hidden."""

    id: int
    public_id: str
    claim: ClaimCard
    speaker: Speaker
    answer: AnswerCard
    stated: Stated
    published_at: datetime
    is_in_force: bool
    reply: ReplyCard | None
    appeals: tuple[AppealCard, ...]
    later: Later = Later()

    @property
    def is_withdrawn(self) -> bool:
        return self.claim.reads_as_withdrawn

    @property
    def outcome(self) -> Outcome:
        return Outcome.WITHDRAWN if self.is_withdrawn else self.answer.outcome

    @property
    def family(self) -> Family:
        return FAMILY_OF.get(self.outcome, Family.NOTE)

    @property
    def reply_until(self) -> datetime:
        return reply_until(self.published_at)

    @property
    def appeal_until(self) -> datetime:
        return appeal_until(self.published_at)

    @property
    def must_be_answered_again(self) -> bool:
        """An appeal was upheld: a new answer is due."""
        return any(one.is_upheld for one in self.appeals)

    def is_mine(self, viewer: Viewer) -> bool:
        return is_author(viewer, public_id=self.speaker.contribution, author_id=self.speaker.author_id)


@dataclass(frozen=True)
class OutcomeFilter:
    """What a list of outcomes shows; kept in the address."""

    family: str = ""
    outcome: str = ""
    article: str = ""
    reason: str = ""
    theme: str = ""


FIRST_STATED = """
SELECT o.claim_id, o.disposition_version_id AS answer_id, min(o.id) AS id, min(r.released_at) AS released_at
FROM published_outcome o
JOIN decision_release r ON r.version_id = o.decision_version_id
WHERE o.claim_id IN ({marks})
GROUP BY o.claim_id, o.disposition_version_id
"""
_DECISIONS = """
SELECT o.id, o.claim_id, o.disposition_version_id AS answer_id, d.public_id AS decision,
       d.id AS decision_id, p.id AS process_id, p.public_id AS process, p.slug AS process_slug,
       p.title AS process_title,
       v.title, v.id AS version_id, v.number, s.name AS signed_by, v.signed_role, f.name AS signed_for,
       v.signed_by_id AS signer_id, r.released_at
FROM published_outcome o
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision_release r ON r.version_id = v.id
JOIN decision d ON d.id = v.decision_id
JOIN process p ON p.id = d.process_id
LEFT JOIN participant s ON s.id = v.signed_by_id
LEFT JOIN participant f ON f.id = v.signed_for_id
WHERE o.claim_id IN ({marks})
ORDER BY v.number DESC, o.id DESC
"""
_NEWEST = """
SELECT v.decision_id, max(v.number) AS number FROM decision_version v
JOIN decision_release r ON r.version_id = v.id
WHERE v.decision_id IN ({marks}) GROUP BY v.decision_id
"""
SPEAKERS = """
SELECT k.id, c.public_id AS contribution, c.number AS receipt, c.kind, c.relation, c.author_id,
       c.author_name, c.capacity, c.capacity_note, c.language, c.submitted_at, c.after_freeze AS is_late
FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE k.id IN ({marks})
"""
_RANK = """
CASE WHEN c.visibility <> 'public' THEN 9
     ELSE CASE a.outcome WHEN 'declined' THEN 0 WHEN 'out_of_scope' THEN 0 WHEN 'partly' THEN 1
                         WHEN 'deferred' THEN 2 WHEN 'referred' THEN 2 WHEN 'noted' THEN 4 ELSE 3 END END
"""
_FROM = """
FROM published_outcome o
JOIN disposition_version a ON a.id = o.disposition_version_id
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE o.decision_version_id = ?
"""
_LIST = f"SELECT o.claim_id, o.disposition_version_id AS answer_id, k.public_id {_FROM}"
_AFTER = f"""
AND ({_RANK}, c.submitted_at, k.id) > (SELECT {_RANK}, c.submitted_at, k.id {_FROM} AND k.public_id = ?)
"""
_REFUSALS_FIRST = f" ORDER BY {_RANK}, c.submitted_at, k.id LIMIT ?"
_PART_SAYS = """
SELECT 1 FROM disposition_part x WHERE x.version_id = a.id AND CAST(x.reason_codes AS TEXT) LIKE ?
"""
_OF_DISPOSITION = "SELECT claim_id FROM disposition WHERE public_id = ?"


async def outcome_of_claim(claim_id: int) -> OutcomeCard | None:
    """Give the published answer in force to one point, or None while it has none."""
    return (await outcomes_of_claims([claim_id])).get(claim_id)


async def outcomes_of_claims(
    claim_ids: Collection[int], *, with_situations: bool = False
) -> dict[int, OutcomeCard]:
    """Give the published answers in force to several points; a dozen queries, whatever their number."""
    cards = await cards_of(claim_ids, with_situations=with_situations)
    return {card.claim.id: card for card in cards if card.is_in_force}


async def history_of_claim(claim_id: int, *, with_situations: bool = False) -> list[OutcomeCard]:
    """Give every answer that was published for one point, newest first."""
    return await cards_of([claim_id], with_situations=with_situations)


async def visible_outcome(viewer: Viewer, public_id: str) -> OutcomeCard:
    """Give a published answer to whoever may read it: one to a situation, to its author and the desk."""
    card = await published_outcome(public_id)
    if not may_be_read(viewer, card):
        raise NotFound
    return card


def may_be_read(viewer: Viewer, card: OutcomeCard) -> bool:
    """Tell whether somebody may read an answer: one to a situation is for its author and the desk."""
    is_for_everyone = card.claim.kind is not ClaimKind.SITUATION
    return (
        is_for_everyone
        or card.is_mine(viewer)
        or any(viewer.holds(role, card.stated.process) for role in READERS)
    )


async def published_outcome(public_id: str) -> OutcomeCard:
    """Give the newest published answer under its public id, in force or not. Raises NotFound."""
    found = await database.rows(_OF_DISPOSITION, public_id)
    cards = await cards_of([found[0]["claim_id"]], with_situations=True) if found else []
    if not cards:
        raise NotFound
    return cards[0]


async def outcomes_of(
    version_id: int, only: OutcomeFilter, *, after: str | None = None, limit: int = PAGE
) -> tuple[list[OutcomeCard], str | None]:
    """List the answers of one decision version, refusals first; and where the next page begins."""
    where, params = filtered(only)
    sql, values = _LIST + where, [version_id, *params]
    if after:
        sql += _AFTER
        values += [version_id, after]
    found = await database.rows(sql + _REFUSALS_FIRST, *values, limit + 1)
    shown = await _in_order(version_id, found[:limit])
    return shown, found[limit - 1]["public_id"] if len(found) > limit else None


async def _in_order(version_id: int, found: Sequence[dict[str, Any]]) -> list[OutcomeCard]:
    wanted = [(row["claim_id"], row["answer_id"]) for row in found]
    cards = await cards_of([claim for claim, _ in wanted], at_version=version_id)
    by_key = {(card.claim.id, card.answer.id): card for card in cards}
    return [by_key[key] for key in wanted if key in by_key]


async def count_outcomes(version_id: int, only: OutcomeFilter) -> int:
    """Count what a filter keeps of the answers of a version."""
    where, params = filtered(only)
    (row,) = await database.rows(f"SELECT count(*) AS n {_FROM}" + where, version_id, *params)
    return int(row["n"])


async def outcomes_of_author(version_id: int, viewer: Viewer) -> list[OutcomeCard]:
    """List the answers a version gives to the viewer's own points, refusals first."""
    passes = sorted(viewer.passes)[:50]
    sql = f"{_LIST} AND (c.author_id = ? OR c.public_id IN ({marks(passes)})) {_REFUSALS_FIRST}"
    found = await database.rows(sql, version_id, viewer.participant or 0, *passes, MOST_MINE)
    return await _in_order(version_id, found)


def answers_stated_by() -> str:
    """Give the tables that hold what a version states, the version left open."""
    return _FROM


def filtered(only: OutcomeFilter) -> tuple[str, list[object]]:
    """Put a filter in SQL. What is withdrawn or hidden has no answer to be found by."""
    where, params = "", list[object]()
    if only != OutcomeFilter():
        where += " AND c.visibility = 'public'"
    codes = [code for code, family in FAMILY_OF.items() if family == only.family]
    if only.outcome:
        codes = [only.outcome]  # type: ignore[list-item]
    if codes:
        where += f" AND a.outcome IN ({marks(codes)})"
        params += [str(code) for code in codes]
    if only.article:
        where += """ AND EXISTS (SELECT 1 FROM provision_link l JOIN provision p ON p.id = l.provision_id
                     WHERE l.version_id = a.id AND p.eid = ?)"""
        params.append(only.article)
    if only.theme:
        where += f" AND {IN_THEME}"
        params.append(only.theme)
    if only.reason:
        where += f" AND (CAST(a.reason_codes AS TEXT) LIKE ? OR EXISTS ({_PART_SAYS}))"
        params += [f'%"{only.reason}"%'] * 2
    return where, params


async def cards_of(
    claim_ids: Collection[int], *, at_version: int | None = None, with_situations: bool = False
) -> list[OutcomeCard]:
    """Give the published answers to some points, newest first; only those of one version if it is named.

    Each shows its articles as the version that states it does, whatever is drafted since.
    """
    wanted = sorted(set(claim_ids))
    if not wanted:
        return []
    sql_marks = marks(wanted)
    stated = await database.rows(_DECISIONS.format(marks=sql_marks), *wanted)
    first = {
        (row["claim_id"], row["answer_id"]): row
        for row in await database.rows(FIRST_STATED.format(marks=sql_marks), *wanted)
    }
    newest = await _newest({row["decision_id"] for row in stated})
    kept = _kept(stated, at_version)
    answers = await answers_by_id({row["answer_id"] for row in kept}, at_version=at_version)
    articles = await articles_stated({row["version_id"] for row in kept})
    claims = await contributions.claims_by_id(wanted, with_situations=with_situations)
    speakers = await speakers_of(wanted)
    firsts = [row["id"] for row in first.values()]
    replies, appeals = await replies_of(firsts), await appeals_of(firsts)
    later = await later_of([one.id for one in answers.values() if one.outcome in _PUT_OFF])
    cards = []
    for row in kept:
        if row["claim_id"] not in claims:
            continue
        origin = first[row["claim_id"], row["answer_id"]]
        claim = claims[row["claim_id"]]
        answer = as_stated(answers[row["answer_id"]], row["version_id"], articles)
        cards.append(
            OutcomeCard(
                id=origin["id"],
                public_id=answer.public_id,
                claim=replace(claim, quotes=(), restatement="") if claim.reads_as_withdrawn else claim,
                speaker=speakers[claim.id],
                answer=answer,
                stated=stated_of(row),
                published_at=database.moment(origin["released_at"]),
                is_in_force=newest[row["decision_id"]] == row["number"],
                reply=replies.get(origin["id"]),
                appeals=tuple(appeals.get(origin["id"], ())),
                later=later.get(answer.id, Later()),
            )
        )
    return cards


async def speakers_of(claim_ids: Sequence[int]) -> dict[int, Speaker]:
    """Tell whose points these are."""
    found = await database.rows(SPEAKERS.format(marks=marks(claim_ids)), *claim_ids)
    return {row["id"]: speaker_of(row) for row in found}


def as_stated(
    answer: AnswerCard, version_id: int, articles: Mapping[tuple[int, str], ArticleCard]
) -> AnswerCard:
    keys = [(version_id, key) for key in answer.answer.provisions]
    return replace(answer, articles=tuple(articles[key] for key in keys if key in articles))


def _kept(stated: Sequence[dict[str, Any]], at_version: int | None) -> list[dict[str, Any]]:
    """Keep each answer once, at the newest version that states it, or all those of one version."""
    if at_version is not None:
        return [row for row in stated if row["version_id"] == at_version]
    seen: set[tuple[int, int]] = set()
    kept = []
    for row in stated:
        key = row["claim_id"], row["answer_id"]
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


async def _newest(decision_ids: Collection[int]) -> Mapping[int, int]:
    if not decision_ids:
        return {}
    found = await database.rows(_NEWEST.format(marks=marks(list(decision_ids))), *decision_ids)
    return {row["decision_id"]: row["number"] for row in found}


def stated_of(row: dict[str, Any]) -> Stated:
    return Stated(
        **{
            **{name: row[name] for name in Stated.__dataclass_fields__},
            "process_title": read_json(row["process_title"]),
            "title": read_json(row["title"]),
            "signed_by": row["signed_by"] or "",
            "released_at": database.moment(row["released_at"]),
        }
    )


def speaker_of(row: dict[str, Any]) -> Speaker:
    return Speaker(
        **{
            **{name: row[name] for name in Speaker.__dataclass_fields__},
            "kind": Kind(row["kind"]),
            "relation": Relation(row["relation"]) if row["relation"] else None,
            "capacity": Category(row["capacity"]) if row["capacity"] else None,
            "submitted_at": database.moment(row["submitted_at"]),
            "is_late": bool(row["is_late"]),
        }
    )
