"""Bring the answers of an exported sheet back: drafts, to be completed, reviewed and signed as usual."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from civic import settings
from civic.accounts import queries as accounts
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.actions import Judged, SheetDraft
from civic.decisions.policies import may_draft
from civic.decisions.queries import ArticleCard, DecisionCard
from civic.foundation import clock, database
from civic.foundation.errors import N_, CivicError, Message, message
from civic.foundation.viewer import Held, Viewer
from civic.opendata import grid, grid_reading, policies
from civic.opendata.actions.composing import (
    Line,
    RowRefused,
    aside,
    column_of,
    compose,
    line_of,
    says_something,
)
from civic.opendata.actions.noting import note_all
from civic.opendata.actions.promises import Promised, promise_all, promises_in
from civic.opendata.grid import GridAnswer, GridRefused, Problem
from civic.opendata.queries import Returned, returned_points, rows_of_claims, sheet_for
from civic.processes import actions as process_acts
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

MOST_ROWS = 5_000
"""Rows that a sheet may bring at once through a page; the command line takes more."""

_UNMAPPED: Mapping[str, str] = MappingProxyType({})
_BREATH = 40

_UNKNOWN = N_("This process has no point with this point_ref.")
_CUT = N_("This point was cut into finer points or taken out since the export.")
_GONE = N_("The text of this point was withdrawn or hidden since the export.")
_MOVED = N_("This point has changed since the export: export it again.")
_NO_DECISION = N_("Begin the decision that settles this question first.")
_ELSEWHERE = N_("This point belongs to another decision: bring it in there.")
_NO_OFFICIAL = N_("Nobody with the address %(address)s writes answers in this process.")
_TOO_MANY = N_("At most %(max)s rows at once: bring the sheet in parts, or by the command line.")


@dataclass(frozen=True)
class Brought:
    """What a returned sheet did, or would do."""

    process: str
    rows: int
    contributions: int
    drafted: int
    unfinished: int
    noted: int
    promised: int
    unchanged: int
    is_signed: bool
    lines: tuple[GridAnswer, ...] = ()
    """The rows that say something new."""


async def is_returning(file: BinaryIO, process: str, mapping: Mapping[str, str] = _UNMAPPED) -> bool:
    """Tell whether a file is a sheet of this process on its way back; puts the file back to its start."""
    page = await processes.process_by_slug(process)
    if page is None or not await aside(grid_reading.carries_point_refs, file, mapping=mapping):
        return False
    try:
        read = await aside(grid_reading.read_answers, file, mapping=mapping, zone=clock.zone())
    except GridRefused:
        return True
    finally:
        file.seek(0)
    return bool(await returned_points(page.id, [row.point_ref for row in read]))


async def bring_answers(
    actor: Viewer,
    file: BinaryIO,
    *,
    process: str,
    mapping: Mapping[str, str] = _UNMAPPED,
    by: str | None = None,
) -> Brought:
    """Draft the answers of a returned sheet, all of them or none, for an administrator.

    `by` is the address of the official who wrote them. A row whose point has moved on is refused by its
    number; what an outcome requires beyond what the row says is completed at the desk.
    """
    page = await processes.process_by_slug(process)
    if page is None:
        raise GridRefused([Problem(message(N_("There is no process “%(slug)s”."), slug=process[:80]))])
    policies.may_import(actor, page.state).demand()
    official = await _official(page, by)
    read = await aside(grid_reading.read_answers, file, mapping=mapping, zone=clock.zone())
    return await _write(official, await _planned(page, read))


async def read_sheet(official: Viewer, decision: DecisionCard, file: BinaryIO) -> Plan:
    """Read a sheet that an official brings back to their desk, before anything is held for it."""
    may_draft(official, decision.process.public_id).demand()
    read = await aside(grid_reading.read_answers, file, zone=clock.zone())
    if len(read) > MOST_ROWS:
        raise GridRefused([Problem(message(_TOO_MANY, max=MOST_ROWS))])
    return await _planned(await processes.process_by_id(decision.process.id), read, only=decision)


async def bring_sheet(official: Viewer, decision: DecisionCard, plan: Plan) -> Brought:
    """Draft the answers of a sheet that was read, all of them or none; the rules are asked again."""
    may_draft(official, decision.process.public_id).demand()
    return await _write(official, plan)


async def try_sheet(official: Viewer, decision: DecisionCard, file: BinaryIO) -> Brought:
    """Say what bringing a sheet back would do, by the same rules; nothing is stored."""
    plan = await read_sheet(official, decision, file)
    judged = [await decisions.judge_answers(official, one.decision, one.drafts) for one in plan.batches]
    _demand([problem for one in judged for problem in plan.problems_of(one)])
    return plan.told(official, judged)


async def _official(page: ProcessPage, address: str | None) -> Viewer:
    """Act for the official who wrote the sheet; without one, nobody is named as its drafter."""
    held = frozenset({Held("official", page.public_id)})
    if address is None:
        return Viewer(roles=held)
    person = await accounts.person_at(address)
    known = {one.id for role in ("official", "decision_maker") for one in await _holders(role, page)}
    if person is None or person.id not in known:
        raise GridRefused([Problem(message(_NO_OFFICIAL, address=address[:100]))])
    return Viewer(
        participant=person.id,
        public_id=person.public_id,
        name=person.name,
        language=person.language,
        roles=held,
    )


async def _holders(role: str, page: ProcessPage) -> Sequence[accounts.PersonCard]:
    return await accounts.holders(role, page.public_id)


@dataclass(frozen=True)
class _Batch:
    """The answers that go to one decision."""

    decision: DecisionCard
    drafts: tuple[SheetDraft, ...]


@dataclass(frozen=True)
class Plan:
    """What a sheet says that is new, row by row, and nothing of it is wrong by itself."""

    page: ProcessPage
    read: tuple[GridAnswer, ...]
    contributions: int
    lines: tuple[Line, ...]
    batches: tuple[_Batch, ...]
    promises: tuple[Promised, ...]

    def problems_of(self, judged: Judged) -> Iterable[Problem]:
        """Say in which rows and columns the rules refuse something."""
        rows = {line.point.public_id: line.said.row for line in self.lines}
        for claim, wrong in judged.wrong.items():
            for name, what in wrong.items():
                yield Problem(what, rows[claim], column_of(name) if name else None)

    def told(self, official: Viewer, judged: Sequence[Judged]) -> Brought:
        """Count what was done."""
        fits = [fit for one in judged for fit in one.fits]
        same = sum(one.unchanged for one in judged)
        return Brought(
            process=self.page.slug,
            rows=len(self.read),
            contributions=self.contributions,
            drafted=len(fits),
            unfinished=sum(fit.is_unfinished for fit in fits),
            noted=sum(line.has_note for line in self.lines),
            promised=len(self.promises),
            unchanged=len(self.read) - len(self.lines) + same,
            is_signed=official.participant is not None,
            lines=tuple(line.said for line in self.lines),
        )


async def _planned(
    page: ProcessPage, read: tuple[GridAnswer, ...], *, only: DecisionCard | None = None
) -> Plan:
    """Read a sheet against what stands now. Raises GridRefused with every row that cannot be taken."""
    points = await returned_points(page.id, [row.point_ref for row in read])
    lines = await _new(page, read, points)
    desks = await _desks({line.point.issue_id for line in lines if line.point.issue_id is not None})
    kept, problems = _placed(lines, desks, only)
    drafts: dict[int, list[SheetDraft]] = {}
    for start in range(0, len(kept), _BREATH):
        composed, wrong = await aside(_compose_all, kept[start : start + _BREATH])
        problems += wrong
        for key, draft in composed:
            drafts.setdefault(key, []).append(draft)
    found = {decision.id: decision for _, decision, _ in kept}
    promises: list[Promised] = []
    for decision in found.values():
        own = [(line, articles) for line, card, articles in kept if card.id == decision.id]
        promised, wrong = await promises_in(decision, own)
        promises += promised
        problems += wrong
    _demand(problems)
    batches = tuple(_Batch(found[key], tuple(made)) for key, made in drafts.items())
    owners = len({one.contribution_id for one in points.values()})
    return Plan(page, read, owners, tuple(lines), batches, tuple(promises))


_Placed = tuple[Line, DecisionCard, list[ArticleCard]]


def _placed(
    lines: Sequence[Line],
    desks: Mapping[int, tuple[DecisionCard, list[ArticleCard]]],
    only: DecisionCard | None,
) -> tuple[list[_Placed], list[Problem]]:
    """Find the decision of each row, and the rows that have none here."""
    kept: list[_Placed] = []
    problems: list[Problem] = []
    for line in lines:
        desk = desks.get(line.point.issue_id or 0)
        if only is not None and (desk is None or desk[0].id != only.id):
            problems.append(Problem(Message(_ELSEWHERE), line.said.row, "point_ref"))
        elif desk is not None:
            kept.append((line, *desk))
        elif line.has_answer or line.has_promise:
            problems.append(Problem(Message(_NO_DECISION), line.said.row))
    return kept, problems


def _compose_all(
    kept: Sequence[_Placed],
) -> tuple[list[tuple[int, SheetDraft]], list[Problem]]:
    composed: list[tuple[int, SheetDraft]] = []
    problems: list[Problem] = []
    for line, decision, articles in kept:
        if not line.has_answer:
            continue
        try:
            composed.append((decision.id, compose(line, articles)))
        except RowRefused as refusal:
            problems.append(refusal.problem)
        except CivicError as error:
            problems.append(Problem(error.message, line.said.row, "provision"))
    return composed, problems


async def _new(page: ProcessPage, read: Sequence[GridAnswer], points: Mapping[str, Returned]) -> list[Line]:
    """Keep the rows that say something new. Raises GridRefused with every row that cannot be taken."""
    ids = [point.id for point in points.values()]
    shown = {}
    for code in settings.current().languages:
        sheet = await sheet_for(page.id, code, is_for_desk=True, has_details=True)
        shown[code] = await rows_of_claims(sheet, ids)
    problems: list[Problem] = []
    lines: list[Line] = []
    for number, said in enumerate(read):
        if number % _BREATH == 0:
            await asyncio.sleep(0)
        point = points.get(said.point_ref)
        now = {code: rows[point.id] for code, rows in shown.items() if point and point.id in rows}
        line = line_of(said, point, now) if point and now else None
        if not says_something(said) or (line and not line.changed):
            continue
        wrong = _wrong(said, point)
        if wrong is not None:
            problems.append(Problem(wrong, said.row, "point_ref"))
        elif line is not None:
            lines.append(line)
    _demand(problems)
    return lines


def _wrong(said: GridAnswer, point: Returned | None) -> Message | None:
    if point is None:
        return Message(_UNKNOWN)
    if point.is_retired:
        return Message(_CUT)
    if not point.is_public or point.claim is None:
        return Message(_GONE)
    return Message(_MOVED) if said.version != point.version else None


def _demand(problems: Sequence[Problem]) -> None:
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.row or 0)
        raise GridRefused(ordered[: grid.MAX_PROBLEMS], len(ordered))


async def _write(official: Viewer, plan: Plan) -> Brought:
    """Write all that a sheet says that is new, or nothing."""
    judged: list[Judged] = []
    if plan.lines:
        async with database.transaction():
            await process_acts.touch(plan.page.id)
            await note_all(plan.page, [line for line in plan.lines if line.has_note])
            for batch in plan.batches:
                judged.append(await decisions.draft_answers(official, batch.decision, batch.drafts))
            _demand([problem for one in judged for problem in plan.problems_of(one)])
            await promise_all(official, plan.promises)
    return plan.told(official, judged)


async def _desks(issue_ids: set[int]) -> dict[int, tuple[DecisionCard, list[ArticleCard]]]:
    """Find the decision of each question, with its articles."""
    found = {}
    for issue_id in sorted(issue_ids):
        decision = await decided.decision_of_issue(issue_id)
        if decision is not None:
            found[issue_id] = (decision, await decided.articles_now(decision.id))
    return found
