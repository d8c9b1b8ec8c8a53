"""Draft many answers at once, those of a sheet: the rules of one answer, in a few statements.

What a row says wrong is refused by its field; what it leaves empty is completed at the desk, as an
unfinished answer that holds the publication back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic import settings
from civic.contributions.models import ClaimKind
from civic.decisions.actions.keeping import (
    QUICKER,
    article_facts,
    digest_of,
    lacking,
    opening,
    parts_of,
    quoting,
    rendered,
    version_of,
    wrong_here,
)
from civic.decisions.models import Disposition, DispositionVersion, ProvisionLink
from civic.decisions.policies import may_answer, may_answer_now, may_draft
from civic.decisions.queries import ArticleCard, DecisionCard
from civic.decisions.queries.points import rule_point, scope_of
from civic.decisions.queries.reading import articles_now, marks
from civic.decisions.queries.sheets import PointFacts, facts_of_points
from civic.decisions.rules import Answer, Article, kept
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, CivicError, Conflict, Message, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.models import Profile
from civic.processes.queries import ScopeCard

AT_ONCE = 50
"""Rows written between two breaths of the event loop."""

_GONE = N_("This text was withdrawn or hidden meanwhile.")
_CUT = N_("This point was cut into finer points: answer those.")
_ONE_BY_ONE = N_("A particular situation gets an answer of its own.")
_ELSEWHERE = N_("This point belongs to another decision: bring it in there.")

_HOLD = "UPDATE contribution SET version = version WHERE visibility = 'public' AND id IN ({marks})"
_PLACE = """
INSERT INTO disposition (public_id, decision_id, claim_id, version, created_at) VALUES {rows}
ON CONFLICT (claim_id) DO NOTHING
"""
_NEXT = """
UPDATE disposition SET version = version + 1
WHERE (claim_id, version) IN (VALUES {rows})
"""
_NEWEST = """
SELECT a.id, a.disposition_id FROM disposition_version a
JOIN disposition d ON d.id = a.disposition_id AND d.version = a.number
WHERE d.id IN ({marks})
"""


@dataclass(frozen=True)
class SheetDraft:
    """The answer a row gives to a point, the version it was written for, and the fields the row fills in."""

    claim: str
    answer: Answer
    expected_version: int
    filled: frozenset[str]


@dataclass(frozen=True)
class Fit:
    """An answer that can be kept, and its point."""

    point: PointFacts
    answer: Answer

    @property
    def is_unfinished(self) -> bool:
        return bool(self.answer.details.lacks)


@dataclass(frozen=True)
class Judged:
    """What becomes of the answers of a sheet: kept, said already, or refused field by field."""

    fits: tuple[Fit, ...]
    unchanged: int
    wrong: Mapping[str, Mapping[str, Message]]
    """By point, then by field ("" for the whole row)."""


async def judge_answers(official: Viewer, decision: DecisionCard, drafts: Sequence[SheetDraft]) -> Judged:
    """Say what would become of the answers of a sheet; nothing is stored."""
    may_draft(official, decision.process.public_id).demand()
    points = await facts_of_points([one.claim for one in drafts])
    articles = article_facts(await articles_now(decision.id))
    scopes = await _scopes(decision, drafts, points)
    fits: list[Fit] = []
    unchanged = 0
    wrong: dict[str, Mapping[str, Message]] = {}
    for number, draft in enumerate(drafts):
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
        point = points.get(draft.claim)
        try:
            if point is None:
                raise NotFound
            _demand(official, decision, point, draft)
        except CivicError as refusal:
            wrong[draft.claim] = {"": refusal.message}
            continue
        answer, lacks = _fitted(decision, point, quoting(draft.answer, scopes.get(draft.claim)), articles)
        refused = {name: said for name, said in lacks.items() if _is_said(name, draft.filled)}
        if refused:
            wrong[draft.claim] = refused
        elif digest_of(answer) == point.digest:
            unchanged += 1
        else:
            fits.append(Fit(point, answer))
    return Judged(tuple(fits), unchanged, wrong)


async def draft_answers(official: Viewer, decision: DecisionCard, drafts: Sequence[SheetDraft]) -> Judged:
    """Keep the answers of a sheet as drafts: all of them, or none when one is refused.

    Raises Conflict when somebody answered one of the points while they were written.
    """
    async with database.transaction():
        await _hold(drafts)
        judged = await judge_answers(official, decision, drafts)
        if not judged.wrong:
            articles = {one.public_id: one for one in await articles_now(decision.id)}
            for start in range(0, len(judged.fits), AT_ONCE):
                await _keep(official, decision, judged.fits[start : start + AT_ONCE], articles)
    return judged


def _demand(official: Viewer, decision: DecisionCard, point: PointFacts, draft: SheetDraft) -> None:
    """Ask everything that is asked of a single answer before its words are looked at."""
    if point.decision_id != decision.id:
        raise Refused(_ELSEWHERE)
    if point.is_retired:
        raise Refused(_CUT)
    if point.kind is ClaimKind.SITUATION:
        raise Refused(_ONE_BY_ONE)
    may_answer(official, decision.process.public_id, is_withdrawn=not point.is_public).demand()
    may_answer_now(full=decision.process.profile is Profile.FULL, state=point.check_state).demand()
    if point.version != draft.expected_version:
        raise Conflict(QUICKER)


def _fitted(
    decision: DecisionCard, point: PointFacts, answer: Answer, articles: Mapping[str, Article]
) -> tuple[Answer, dict[str, Message]]:
    """Keep of an answer what its outcome asks for, and say what the rules find wrong with it."""
    answer = kept(answer)
    must_call = _must_call(decision, point)
    about = rule_point(point.kind, point.submitted_at, point.questions, must_call=must_call)
    wrong = wrong_here(answer, about, articles)
    return lacking(answer, wrong), wrong


def _must_call(decision: DecisionCard, point: PointFacts) -> bool:
    return decision.process.profile is Profile.FULL and point.is_uncalled


def _is_said(name: str, filled: frozenset[str]) -> bool:
    """Tell whether a row said what is wrong, or only left it out. An outcome is always said."""
    field = name.removesuffix(f"_{settings.current().languages[0]}")
    return field in filled or field == "outcome"


async def _scopes(
    decision: DecisionCard, drafts: Sequence[SheetDraft], points: Mapping[str, PointFacts]
) -> dict[str, ScopeCard | None]:
    """Find the scope in force when each point was made that an answer declares out of scope."""
    found: dict[object, ScopeCard | None] = {}
    scopes: dict[str, ScopeCard | None] = {}
    for draft in drafts:
        point = points.get(draft.claim)
        if point is None or draft.answer.details.scope_line is None:
            continue
        if point.submitted_at not in found:
            found[point.submitted_at] = await scope_of(point.submitted_at, decision.process)
        scopes[draft.claim] = found[point.submitted_at]
    return scopes


async def _hold(drafts: Sequence[SheetDraft]) -> None:
    """Hold the words of every point against a withdrawal or a cut, until all is written."""
    points = await facts_of_points([one.claim for one in drafts])
    held = sorted({one.contribution_id for one in points.values() if one.is_public})
    for start in range(0, len(held), AT_ONCE):
        keys = held[start : start + AT_ONCE]
        if await database.execute(_HOLD.format(marks=marks(keys)), *keys) != len(keys):
            raise Conflict(_GONE)


async def _keep(
    official: Viewer, decision: DecisionCard, fits: Sequence[Fit], articles: Mapping[str, ArticleCard]
) -> None:
    """Write one more version of some answers, in the transaction of the act."""
    now = clock.now()
    new = [value for one in fits for value in (ids.public_id(), decision.id, one.point.id, 0, now)]
    await database.execute(_PLACE.format(rows=", ".join(["(?, ?, ?, ?, ?)"] * len(fits))), *new)
    pairs = ", ".join(["(CAST(? AS bigint), CAST(? AS bigint))"] * len(fits))
    expected = [value for one in fits for value in (one.point.id, one.point.version)]
    if await database.execute(_NEXT.format(rows=pairs), *expected) != len(fits):
        raise Conflict(QUICKER)
    claims = {one.point.id: one for one in fits}
    places = {one.claim_id: one for one in await Disposition.filter(claim_id__in=list(claims))}
    await DispositionVersion.bulk_create(
        [await _version(official, places[key], claims[key]) for key in claims]
    )
    keys = [one.id for one in places.values()]
    rows = await database.rows(_NEWEST.format(marks=marks(keys)), *keys)
    newest = {row["disposition_id"]: row["id"] for row in rows}
    parts = [part for key, one in claims.items() for part in parts_of(newest[places[key].id], one.answer)]
    links = [
        ProvisionLink(version_id=newest[places[key].id], provision_id=articles[article].provision_id)
        for key, one in claims.items()
        for article in one.answer.provisions
    ]
    for row in parts:
        await row.save(force_create=True)
    await ProvisionLink.bulk_create(links)
    await ledger.record_many([_entry(official, places[key], claims[key]) for key in claims])


async def _version(official: Viewer, place: Disposition, fit: Fit) -> DispositionVersion:
    html = await rendered(fit.answer.rationale)
    row = version_of(official, place, fit.point.due_id, fit.answer, html)
    row.group_id = fit.point.group_id
    return row


def _entry(official: Viewer, place: Disposition, fit: Fit) -> ledger.Entry:
    return ledger.Entry(
        "disposition.drafted",
        place.public_id,
        rev=place.version,
        parent=fit.point.public_id,
        content=opening(fit.answer),
        author=official.public_id,
        ref=f"answer/{place.public_id}/{place.version}",
    )
