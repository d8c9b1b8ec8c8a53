"""Make an answer of a row of a sheet: from the draft it changes, or from its first words. No database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from civic import settings
from civic.decisions.actions import SheetDraft
from civic.decisions.forms import MAX_REASON, MAX_SENTENCE
from civic.decisions.models import Outcome, ReasonCode
from civic.decisions.queries import ArticleCard
from civic.decisions.rules import ANCHORED, FIELDS, LOCALIZED, Answer, Details, Part
from civic.decisions.words import REMEDIES
from civic.foundation import text
from civic.foundation.errors import N_, CivicError, Message, message
from civic.foundation.languages import gettext
from civic.opendata import grid
from civic.opendata.grid import GridAnswer, GridClaim, Problem
from civic.opendata.queries import Returned
from civic.opendata.queries.saying import two_parts

Made = TypeVar("Made")

_ANCHOR = 400
_PLAIN = ("outcome", "reason", "provision")
_NOTES = ("restatement", "theme")
_PARTS = ("yes_part", "no_part", "reason_codes")
_FIELD_COLUMNS = {
    "rationale": "reason",
    "provisions": "provision",
    "is_value_choice": "value_choice",
    "parts": "yes_part",
    "part1_text": "yes_part",
    "part2_text": "no_part",
    "part2_reasons": "reason_codes",
    "part2_rationale": "reason",
}
_FILLS = {"reason": ("rationale", "part2_rationale"), "yes_part": ("part1_text",), "no_part": ("part2_text",)}

_NOBODY = N_("Nobody writes “withdrawn”: a point reads so when its text is.")
_NO_OUTCOME = N_("A reason needs its outcome.")
_NO_ARTICLE = N_("The decision has no article “%(name)s”.")
_NOT_USED = N_("An answer “%(outcome)s” does not use this column: empty it.")
_TOO_LONG = N_("This cell is longer than %(max)s characters.")

_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-sheet")
"""Sheets are read one at a time, beside the event loop."""


async def aside(act: Callable[..., Made], *args: Any, **named: Any) -> Made:
    """Do the long work on a sheet off the event loop, one sheet at a time."""
    return await asyncio.get_running_loop().run_in_executor(
        _reader, partial(copy_context().run, act, *args, **named)
    )


@dataclass(frozen=True)
class Line:
    """A row of the sheet, its point, and what the sheet would show of it now, in the row's language."""

    said: GridAnswer
    point: Returned
    shown: GridClaim
    language: str
    changed: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_answer(self) -> bool:
        """Whether it says something new of the answer."""
        return bool(self.changed - {*_NOTES, "milestone"})

    @property
    def has_note(self) -> bool:
        """Whether its restatement or theme differs."""
        return bool(self.changed & set(_NOTES))

    @property
    def has_promise(self) -> bool:
        """Whether it promises something else."""
        return "milestone" in self.changed


def line_of(said: GridAnswer, point: Returned, shown: Mapping[str, GridClaim]) -> Line:
    """Compare a row with what the sheet shows now, in the language in which it differs least."""
    found = {code: frozenset(_changed(said, claim)) for code, claim in shown.items()}
    language = min(found, key=lambda code: len(found[code]))
    return Line(said, point, shown[language], language, found[language])


def says_something(said: GridAnswer) -> bool:
    """Tell whether a row holds anything to bring."""
    return bool(said.details) or any(getattr(said, name) for name in grid.ANSWER_COLUMNS)


def _changed(said: GridAnswer, shown: GridClaim) -> Iterator[str]:
    for name in (*_PLAIN, *_NOTES, "milestone"):
        if getattr(said, name) and getattr(said, name) != _read_back(getattr(shown, name)):
            yield name
    promises = said.milestone and said.outcome != Outcome.DEFERRED
    for name, value in said.details.items():
        if name == "owner" and promises:
            continue  # who does what is promised, and no part of the answer
        now = shown.details.get(name)
        if value != (_read_back(now) if isinstance(now, str) else now):
            yield name


def _read_back(shown: str) -> str:
    """Give the words of a cell as they read once the sheet was written and read."""
    return text.normalise(shown.strip()).strip()


def compose(line: Line, articles: Sequence[ArticleCard]) -> SheetDraft:
    """Make the answer of a row. Raises GridRefused's problems one by one, as `RowRefused`."""
    before = line.point.answer.answer if line.point.answer else None
    outcome = _outcome(line, before)
    is_begun = before is None or before.outcome != outcome
    answer = _begun(line, outcome) if before is None or is_begun else before
    new = _filled_columns(line.said) if is_begun else line.changed
    _demand_used(line, outcome, new)
    language = _language(line, before)
    if "provision" in new and "provisions" in FIELDS[outcome]:
        answer = replace(answer, provisions=articles_named(line.said, articles))
    if new & {"reason", "sentence"}:
        answer = _with_reason(answer, line, language)
    answer = _with_details(answer, line.said.details, new, language)
    return SheetDraft(line.point.public_id, answer, line.point.answer_version, _filled(line.said))


class RowRefused(CivicError):
    """What is wrong with one cell of a row."""

    def __init__(self, line: Line, column: str, what: Message) -> None:
        super().__init__(what)
        self.problem = Problem(what, line.said.row, column)


def column_of(name: str) -> str:
    """Name the column that holds a field of an answer, as the rules name it."""
    bare = next(
        (name.removesuffix(f"_{code}") for code in settings.LANGUAGES if name.endswith(f"_{code}")), name
    )
    return _FIELD_COLUMNS.get(bare, bare)


def _outcome(line: Line, before: Answer | None) -> Outcome:
    if line.said.outcome == Outcome.WITHDRAWN:
        raise RowRefused(line, "outcome", Message(_NOBODY))
    if line.said.outcome:
        return Outcome(line.said.outcome)
    if before is None:
        raise RowRefused(line, "outcome", Message(_NO_OUTCOME))
    return before.outcome


def _begun(line: Line, outcome: Outcome) -> Answer:
    """Begin an answer as the editor does: the point quoted, and what a person can do."""
    words = text.plain(line.point.claim.words) if line.point.claim else ""
    remedies = {code: gettext(code, REMEDIES) for code in settings.current().languages}
    details = Details(anchor=text.excerpt(words, _ANCHOR), remedies=remedies)
    return Answer(outcome=outcome, sentence={}, details=details)


def _filled_columns(said: GridAnswer) -> frozenset[str]:
    return frozenset(name for name in (*_PLAIN, *grid.DETAIL_COLUMNS) if _cell(said, name))


def _cell(said: GridAnswer, name: str) -> object:
    return getattr(said, name) if name in _PLAIN else said.details.get(name)


def _demand_used(line: Line, outcome: Outcome, new: frozenset[str]) -> None:
    """Refuse what would be lost: a cell that this outcome has no room for."""
    used = {"outcome", "reason", "sentence", *FIELDS[outcome]} | set(line.shown.details)
    used |= {"cost", "weighed"} if {"reason_codes", "parts"} & used else set()
    used |= {"value_choice"} if "evidence" in used else set()
    used |= set(_PARTS) if "parts" in used else set()
    used |= {"provision"} if "provisions" in used or line.said.provision == line.shown.provision else set()
    used |= {"owner"} if line.said.milestone else set()
    for name in sorted(new - used - {*_NOTES, "milestone"}):
        raise RowRefused(line, name, message(_NOT_USED, outcome=str(outcome)))
    if len(line.said.reason) > MAX_REASON and "reason" in new:
        raise RowRefused(line, "reason", message(_TOO_LONG, max=MAX_REASON))


def _language(line: Line, before: Answer | None) -> str:
    """Say in which language a row is written: that of the draft it changes, or the one its words speak."""
    spoken = settings.current().languages
    if before is not None and line.language in before.sentence:
        return line.language
    words = line.said.reason or str(line.said.details.get("sentence", ""))
    detected = text.detect_language(words)
    return detected if detected in spoken else spoken[0]


def articles_named(said: GridAnswer, articles: Sequence[ArticleCard]) -> tuple[str, ...]:
    """Find the articles a cell names: by their address (a6), their number or their heading."""
    found = []
    for name in grid.listed(said.provision):
        wanted = text.fold(name).strip()
        match = next((one for one in articles if wanted in _names(one)), None)
        if match is None:
            raise CivicError(_NO_ARTICLE, name=name)
        found.append(match.public_id)
    return tuple(dict.fromkeys(found))


def _names(article: ArticleCard) -> set[str]:
    headings = {text.fold(heading).strip() for heading in article.heading.values()}
    return headings | {article.eid, article.number, f"article {article.number}"}


def _with_reason(answer: Answer, line: Line, language: str) -> Answer:
    """Put a reason where the desk looks for it: its first sentence is the answer, if the row says no other.

    Words that change take the place of their translations too, which would say something else.
    """
    reason, own = line.said.reason, str(line.said.details.get("sentence", ""))
    if not reason:
        return replace(answer, sentence={language: own})
    spans = text.sentences(reason)
    first = own or (reason[spans[0].start : spans[0].end] if spans else reason)
    is_short = len(spans) <= 1 and len(reason) <= MAX_SENTENCE and answer.outcome not in ANCHORED and not own
    sentence = {language: text.excerpt(first, MAX_SENTENCE)}
    return replace(answer, sentence=sentence, rationale={} if is_short else {language: reason})


def _with_details(answer: Answer, said: Mapping[str, object], new: frozenset[str], language: str) -> Answer:
    """Put what a row says beyond its reason into the answer, cell by cell."""
    given = {name: value for name, value in said.items() if name in new}
    codes = tuple(ReasonCode(code) for code in _listed(given.get("reason_codes")))
    details = {
        name: {language: value} if name in LOCALIZED else value
        for name, value in given.items()
        if name in Details.__dataclass_fields__
    }
    answer = replace(answer, details=replace(answer.details, **details))  # type: ignore[arg-type]
    if answer.outcome is Outcome.PARTLY:
        if new & {*_PARTS, "reason"}:
            answer = _with_parts(answer, given, codes, language)
    elif codes:
        answer = replace(answer, reason_codes=codes)
    if "evidence" in given:
        answer = replace(answer, evidence=str(given["evidence"]))
    if "reopens_on" in given:
        answer = replace(answer, reopens_on=given["reopens_on"])  # type: ignore[arg-type]
    if "value_choice" in given or ReasonCode.POLITICAL in codes:
        answer = replace(
            answer, is_value_choice=bool(given.get("value_choice")) or ReasonCode.POLITICAL in codes
        )
    return answer


def _with_parts(
    answer: Answer, given: Mapping[str, object], codes: tuple[ReasonCode, ...], language: str
) -> Answer:
    """Make of two cells the part that is adopted and the one that is not, which carries the reason."""
    yes, no = two_parts(answer)
    if answer.parts and (yes is None or no is None):
        return answer
    yes, no = yes or Part({}, True), no or Part({}, False)
    if "yes_part" in given:
        yes = replace(yes, text={language: str(given["yes_part"])})
    if "no_part" in given:
        no = replace(no, text={language: str(given["no_part"])})
    no = replace(no, reason_codes=codes or no.reason_codes, rationale=answer.rationale or no.rationale)
    is_told = bool(yes.text or no.text)
    return replace(answer, parts=(yes, no) if is_told else ())


def _listed(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _filled(said: GridAnswer) -> frozenset[str]:
    """Name the fields of an answer that a row fills in: what is wrong with those is refused."""
    cells = _filled_columns(said)
    fields = {field for name in cells for field in _FILLS.get(name, (name,))}
    renamed = {"provision": "provisions", "value_choice": "is_value_choice", "reason_codes": "part2_reasons"}
    return frozenset(fields | {new for old, new in renamed.items() if old in cells})
