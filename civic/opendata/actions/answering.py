"""Bring the answers of an exported sheet back: drafts, to be completed, reviewed and signed as usual."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import BinaryIO

from civic import settings
from civic.accounts import queries as accounts
from civic.contributions.models import Restatement
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.models import Outcome
from civic.decisions.queries import ArticleCard, DecisionCard
from civic.decisions.rules import ANCHORED, Answer, Details
from civic.foundation import clock, database, text
from civic.foundation.errors import N_, CivicError, Message, message
from civic.foundation.viewer import Held, Viewer
from civic.opendata import grid, grid_reading, policies
from civic.opendata.actions.rows import Rows, write
from civic.opendata.actions.themes import themes_for, unlink
from civic.opendata.grid import GridAnswer, GridClaim, GridRefused, Problem
from civic.opendata.queries import Returned, returned_points, rows_of_claims, sheet_for
from civic.processes import actions as process_acts
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

_UNMAPPED: Mapping[str, str] = MappingProxyType({})
_RESTATE = "UPDATE claim SET restatement = ?, restatement_number = ? WHERE id = ?"
_SENTENCE = 300
_ANCHOR = 400

_UNKNOWN = N_("This process has no point with this point_ref.")
_CUT = N_("This point was cut into finer points or taken out since the export.")
_GONE = N_("The text of this point was withdrawn or hidden since the export.")
_MOVED = N_("This point has changed since the export: export it again.")
_NO_DECISION = N_("Begin the decision that settles this question first.")
_NO_OUTCOME = N_("A reason needs its outcome.")
_NOBODY = N_("Nobody writes “withdrawn”: a point reads so when its text is.")
_NO_ARTICLE = N_("The decision has no article “%(name)s”.")
_NO_OFFICIAL = N_("Nobody with the address %(address)s writes answers in this process.")


@dataclass(frozen=True)
class Brought:
    """What a returned sheet did."""

    process: str
    rows: int
    contributions: int
    drafted: int
    unfinished: int
    noted: int
    unchanged: int
    is_signed: bool


@dataclass(frozen=True)
class _Row:
    """A row that says something new about its point."""

    said: GridAnswer
    point: Returned
    shown: GridClaim

    @property
    def has_answer(self) -> bool:
        """Whether its outcome, reason or article differs from what the sheet would show now."""
        return any(
            getattr(self.said, name) and getattr(self.said, name) != getattr(self.shown, name)
            for name in ("outcome", "reason", "provision")
        )

    @property
    def has_note(self) -> bool:
        """Whether its restatement or theme differs."""
        return any(
            getattr(self.said, name) and getattr(self.said, name) != getattr(self.shown, name)
            for name in ("restatement", "theme")
        )


async def is_returning(file: BinaryIO, process: str, mapping: Mapping[str, str] = _UNMAPPED) -> bool:
    """Tell whether a file is a sheet of this process on its way back; puts the file back to its start."""
    page = await processes.process_by_slug(process)
    if page is None or not await asyncio.to_thread(grid_reading.carries_point_refs, file, mapping=mapping):
        return False
    try:
        read = await asyncio.to_thread(grid_reading.read_answers, file, mapping=mapping, zone=clock.zone())
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
    """Draft the answers of a returned sheet, all of them or none.

    `by` is the address of the official who wrote them. A row whose point has moved on is refused by its
    number; what an outcome requires beyond the columns of a sheet is completed at the desk.
    """
    page = await processes.process_by_slug(process)
    if page is None:
        raise GridRefused([Problem(message(N_("There is no process “%(slug)s”."), slug=process[:80]))])
    policies.may_import(actor, page.state).demand()
    official = await _official(page, by)
    read = await asyncio.to_thread(grid_reading.read_answers, file, mapping=mapping, zone=clock.zone())
    points = await returned_points(page.id, [row.point_ref for row in read])
    rows = await _new(page, read, points)
    written: list[bool] = []
    if rows:
        async with database.transaction():
            await process_acts.touch(page.id)
            written = await _write_all(official, page, rows)
    return Brought(
        process=process,
        rows=len(read),
        contributions=len({one.contribution_id for one in points.values()}),
        drafted=len(written),
        unfinished=sum(written),
        noted=sum(row.has_note for row in rows),
        unchanged=len(read) - len(rows),
        is_signed=official.participant is not None,
    )


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


async def _new(page: ProcessPage, read: Sequence[GridAnswer], points: Mapping[str, Returned]) -> list[_Row]:
    """Keep the rows that say something new. Raises GridRefused with every row that cannot be taken."""
    sheet = await sheet_for(page.id, settings.current().languages[0], is_for_desk=True)
    shown = await rows_of_claims(sheet, [point.id for point in points.values()])
    problems: list[Problem] = []
    rows: list[_Row] = []
    for said in read:
        point = points.get(said.point_ref)
        row = _Row(said, point, shown[point.id]) if point and point.id in shown else None
        if not _says_something(said) or (row and not (row.has_answer or row.has_note)):
            continue
        wrong = _wrong(said, point)
        if wrong is not None:
            problems.append(Problem(wrong, said.row, "point_ref"))
        elif row is not None:
            rows.append(row)
    problems += [problem for row in rows for problem in _unwritable(row)]
    _demand(problems)
    return rows


def _says_something(said: GridAnswer) -> bool:
    return any(getattr(said, name) for name in grid.ANSWER_COLUMNS)


def _wrong(said: GridAnswer, point: Returned | None) -> Message | None:
    if point is None:
        return Message(_UNKNOWN)
    if point.is_retired:
        return Message(_CUT)
    if not point.is_public or point.claim is None:
        return Message(_GONE)
    return Message(_MOVED) if said.version != point.version else None


def _unwritable(row: _Row) -> Iterator[Problem]:
    if row.said.outcome == Outcome.WITHDRAWN:
        yield Problem(Message(_NOBODY), row.said.row, "outcome")
    elif row.has_answer and not (row.said.outcome or row.point.answer):
        yield Problem(Message(_NO_OUTCOME), row.said.row, "outcome")


def _demand(problems: Sequence[Problem]) -> None:
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.row or 0)
        raise GridRefused(ordered[: grid.MAX_PROBLEMS], len(ordered))


async def _write_all(official: Viewer, page: ProcessPage, rows: Sequence[_Row]) -> list[bool]:
    """Write every draft; tell of each whether it still lacks something."""
    await _note_all(page, [row for row in rows if row.has_note])
    answering = [row for row in rows if row.has_answer]
    desks = await _desks({row.point.issue_id for row in answering if row.point.issue_id is not None})
    problems: list[Problem] = []
    written: list[bool] = []
    for row in answering:
        desk = desks.get(row.point.issue_id or 0)
        if desk is None:
            problems.append(Problem(Message(_NO_DECISION), row.said.row))
            continue
        try:
            answer = _answer(row, _articles(row.said.provision, desk[1]))
            kept = await decisions.draft_answer(
                official,
                row.point.public_id,
                answer,
                expected_version=row.point.answer_version,
                may_lack=True,
            )
            written.append("lacks" in kept.details)
        except CivicError as error:
            problems.append(Problem(error.message, row.said.row))
    _demand(problems)
    return written


async def _desks(issue_ids: set[int]) -> dict[int, tuple[DecisionCard, list[ArticleCard]]]:
    """Find the decision of each question, with its articles."""
    found = {}
    for issue_id in sorted(issue_ids):
        decision = await decided.decision_of_issue(issue_id)
        if decision is not None:
            found[issue_id] = (decision, await decided.articles_now(decision.id))
    return found


def _articles(cell: str, articles: Sequence[ArticleCard]) -> tuple[str, ...]:
    """Find the articles a cell names: by their address (a6), their number or their heading."""
    found = []
    for name in grid.listed(cell):
        wanted = text.fold(name).strip()
        match = next((one for one in articles if wanted in _names(one)), None)
        if match is None:
            raise CivicError(_NO_ARTICLE, name=name)
        found.append(match.public_id)
    return tuple(found)


def _names(article: ArticleCard) -> set[str]:
    headings = {text.fold(heading).strip() for heading in article.heading.values()}
    return headings | {article.eid, article.number, f"article {article.number}"}


def _answer(row: _Row, provisions: tuple[str, ...]) -> Answer:
    """Make the answer of a row: from the draft it changes, or from its first words."""
    before = row.point.answer.answer if row.point.answer else None
    outcome = Outcome(row.said.outcome) if row.said.outcome else before.outcome if before else Outcome.NOTED
    answer = before if before is not None and before.outcome == outcome else _begun(row, outcome)
    if row.said.provision:
        answer = replace(answer, provisions=provisions)
    return _with_reason(answer, row.said.reason) if row.said.reason else answer


def _begun(row: _Row, outcome: Outcome) -> Answer:
    words = text.plain(row.point.claim.words) if row.point.claim else ""
    return Answer(outcome=outcome, sentence={}, details=Details(anchor=text.excerpt(words, _ANCHOR)))


def _with_reason(answer: Answer, reason: str) -> Answer:
    """Put a reason where the desk looks for it: its first sentence is the answer, all of it the reason."""
    spoken = settings.current().languages
    detected = text.detect_language(reason)
    language = detected if detected in spoken else spoken[0]
    spans = text.sentences(reason)
    first = reason[spans[0].start : spans[0].end] if spans else reason
    is_short = len(spans) <= 1 and len(reason) <= _SENTENCE and answer.outcome not in ANCHORED
    sentence = {**answer.sentence, language: text.excerpt(first, _SENTENCE)}
    return replace(answer, sentence=sentence, rationale={} if is_short else {language: reason})


async def _note_all(page: ProcessPage, rows: Sequence[_Row]) -> None:
    """Write how points were understood, and the themes they belong to."""
    if not rows:
        return
    now = clock.now()
    titles = {title: row.point.language for row in rows for title in grid.listed(row.said.theme)}
    themes = await themes_for(page.id, now, titles)
    made = Rows()
    for row in rows:
        point, said = row.point, row.said
        if said.restatement and said.restatement != row.shown.restatement:
            number = point.restatement_number + 1
            await database.execute(_RESTATE, said.restatement, number, point.id)
            made.restatements.append(
                Restatement(
                    claim_id=point.id,
                    number=number,
                    text=said.restatement,
                    language=point.language,
                    written_at=now,
                )
            )
        if said.theme and said.theme != row.shown.theme:
            await unlink(point.id)
            themes.link(made, point.id, said.theme)
    await write(made)
