"""Import a grid: all of it or nothing, and the same file twice changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

import rfc8785

from civic import settings
from civic.contributions.models import Contribution, ImportBatch
from civic.foundation import clock, database, ids, languages, search
from civic.foundation.errors import N_, Conflict, message
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.opendata import grid_reading, policies
from civic.opendata.actions import placing, storing, threads
from civic.opendata.actions.changing import change_all
from civic.opendata.actions.planning import Plan, Prepared, plan
from civic.opendata.actions.rows import write
from civic.opendata.actions.storing import Import
from civic.opendata.actions.themes import themes_for
from civic.opendata.grid import Grid, GridRefused, Problem, listed
from civic.opendata.queries import QUESTION, Known, Tally, fingerprint, known_contributions, tally_of
from civic.processes import actions as process_acts
from civic.processes import queries as processes
from civic.processes.forms import CODE, SLUG, TAKEN_SLUGS, IssueDraft, ProcessDraft
from civic.processes.models import Process, ProcessState
from civic.processes.queries import IssueCard, ProcessPage

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0: not known)."""

MAX_SOURCE = 80
_UNMAPPED: Mapping[str, str] = MappingProxyType({})
_QUESTION = N_("What do you propose?")
_MEANWHILE = N_("Another import from this source ran meanwhile. Nothing was imported: please run it again.")
_TITLE_OF_COMMENT = 90


@dataclass(frozen=True)
class Imported:
    """What an import did, and how much of its file the database holds now."""

    process: str
    source: str
    added: int
    changed: int
    unchanged: int
    rows: int
    ignored: tuple[str, ...]
    is_new_process: bool
    held: Tally


async def import_grid(
    actor: Viewer,
    file: BinaryIO,
    *,
    process: str,
    source: str,
    mapping: Mapping[str, str] = _UNMAPPED,
    issue: int | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Bring the contributions of a grid into a process; one that does not exist is begun as a draft.

    Raises GridRefused with every problem of the file and its row; nothing is stored then.
    """
    tell = progress or _nobody
    _demand_names(process, source)
    page = await processes.process_by_slug(process)
    policies.may_import(actor, page.state if page else ProcessState.DRAFT).demand()
    found = await _look(page, source)
    read = await asyncio.to_thread(_read, file, mapping, found.known, tell)
    planned = await asyncio.to_thread(_plan, read, found.known, tell)
    if page is None or not planned.is_empty:
        async with database.transaction():
            page = await _hold(actor, process, page)
            if await fingerprint(page.id, source) != found.mark:
                raise Conflict(_MEANWHILE)
            await _store(page, _issue(page, issue), source, found, planned, tell)
        await database.weigh()
    return Imported(
        process=process,
        source=source,
        added=len(planned.new),
        changed=len(planned.changed),
        unchanged=planned.unchanged,
        rows=read.rows,
        ignored=read.ignored,
        is_new_process=found.is_new_process,
        held=await tally_of(page.id, source, (one.ref for one in read.contributions)),
    )


@dataclass(frozen=True)
class _Found:
    """What this source had brought when the import began."""

    known: dict[str, Known]
    mark: tuple[int, int, int]
    is_new_process: bool = False


async def _look(page: ProcessPage | None, source: str) -> _Found:
    if page is None:
        return _Found({}, (0, 0, 0), is_new_process=True)
    mark = await fingerprint(page.id, source)
    return _Found(await known_contributions(page.id, source), mark)


def _nobody(what: str, done: int, total: int) -> None:
    return None


def _demand_names(process: str, source: str) -> None:
    """Refuse an address or a name that could not be stored."""
    if not SLUG.fullmatch(process) or len(process) > 80 or process in TAKEN_SLUGS:
        what = message(
            N_("“%(slug)s” cannot be the address of a process: use small letters, digits and hyphens."),
            slug=process[:80],
        )
        raise GridRefused([Problem(what)])
    if not source.strip() or len(source) > MAX_SOURCE:
        raise GridRefused(
            [Problem(message(N_("Name the source in at most %(max)s characters."), max=MAX_SOURCE))]
        )


@dataclass(frozen=True)
class _KnownRefs:
    """What a `parent` may name beside the rows of the file: earlier refs, and the questions themselves."""

    known: Mapping[str, Known]

    def __contains__(self, ref: object) -> bool:
        return ref in self.known or (
            isinstance(ref, str) and ref.startswith(QUESTION) and ref[len(QUESTION) :].isdecimal()
        )


def _read(file: BinaryIO, mapping: Mapping[str, str], known: Mapping[str, Known], tell: Progress) -> Grid:
    return grid_reading.read_grid(
        file,
        mapping=mapping,
        zone=clock.zone(),
        known_refs=_KnownRefs(known),
        progress=lambda row: tell("reading", row, 0),
    )


def _plan(read: Grid, known: Mapping[str, Known], tell: Progress) -> Plan:
    total = len(read.contributions)
    return plan(read, known, progress=lambda done: tell("preparing", done, total))


async def _hold(actor: Viewer, slug: str, page: ProcessPage | None) -> ProcessPage:
    """Hold the process against others until the import is done; begin it when it does not exist."""
    if page is None:
        begun = await process_acts.create_process(actor, await _draft(slug))
        await process_acts.add_issue(actor, begun, _first_question())
        page = begun
    held = await process_acts.lock(page.id)
    policies.may_import(actor, held.state).demand()
    if not held.issues:
        await process_acts.add_issue(actor, held, _first_question())
        held = await processes.process_by_id(held.id)
    return held


async def _draft(slug: str) -> ProcessDraft:
    spoken = settings.current().languages
    title = slug.replace("-", " ").capitalize()
    taken = frozenset(str(code) for code in await Process.all().values_list("code", flat=True))
    return ProcessDraft(slug, code_for(slug, taken), dict.fromkeys(spoken, title), {})


def code_for(slug: str, taken: Iterable[str]) -> str:
    """Make the code its receipts start with: the first letters of its words, and a number if need be."""
    known = frozenset(taken)
    letters = "".join(word[0] for word in slug.split("-") if word[0].isalpha()).upper()
    whole = "".join(letter for letter in slug if letter.isalpha()).upper()
    base = (letters if len(letters) >= 2 else whole)[:4] or "G"
    for code in (base, *(f"{base}{number}" for number in range(2, 1000))):
        if CODE.fullmatch(code) and code not in known:
            return code
    raise Conflict(N_("Create this process by hand: no code is left for its receipts."))


def _first_question() -> IssueDraft:
    spoken = settings.current().languages
    return IssueDraft({language: languages.gettext(language, _QUESTION) for language in spoken}, {})


def _issue(process: ProcessPage, number: int | None) -> IssueCard:
    if number is None:
        return process.issues[0]
    for one in process.issues:
        if one.number == number:
            return one
    raise GridRefused([Problem(message(N_("This process has no question %(number)s."), number=number))])


async def _store(
    process: ProcessPage, issue: IssueCard, source: str, found: _Found, planned: Plan, tell: Progress
) -> None:
    if planned.is_empty:
        return
    now = clock.now()
    scope = await processes.scope_in_force(process.id, now)
    themes = await themes_for(process.id, now, _themes(planned))
    work = Import(process, issue, source, scope.id if scope else None, now, found.known, themes)
    await storing.reserve_ids(work, planned)
    added = await storing.add_new(work, planned.new)
    forest = await threads.enter(work, [(row, one.found) for row, one in added])
    changed = await change_all(work, planned.changed)
    await write(work.rows)
    await placing.settle_relations(forest)
    stored = [*added, *zip(changed, (one.prepared for one in planned.changed), strict=True)]
    await _record(work, stored)
    await _index(process, stored, tell)


def _themes(planned: Plan) -> dict[str, str]:
    """List the themes a file names, with the language of the first contribution that names each."""
    found: dict[str, str] = {}
    for one in (*planned.new, *(change.prepared for change in planned.changed)):
        for claim in one.found.claims:
            for title in listed(claim.theme):
                found.setdefault(title, one.language)
    return found


async def _record(work: Import, stored: Sequence[tuple[Contribution, Prepared]]) -> None:
    """Keep the batch as a fact, and write one leaf: the digest of the list of all it brought."""
    counts = {
        "contributions": len(stored),
        "claims": len(work.rows.claims),
        "outcomes": len(work.rows.outcomes),
    }
    batch = await ImportBatch.create(
        public_id=ids.public_id(),
        process_id=work.process.id,
        source=work.source,
        digest=manifest_digest((row, one) for row, one in stored),
        counts=counts,
        imported_at=work.now,
    )
    await ledger.record(
        "import.batch",
        batch.public_id,
        parent=work.process.public_id,
        content={"source": work.source, "manifest": batch.digest, **counts},
        ref=f"import/{batch.public_id}",
    )


def manifest_digest(stored: Iterable[tuple[Contribution, Prepared]]) -> str:
    """Digest the list of what was brought: each contribution by id, with its version and its words."""
    lines = sorted((row.public_id, row.number, row.version, _words_digest(row, one)) for row, one in stored)
    return hashlib.sha256(rfc8785.dumps([list(line) for line in lines])).hexdigest()


def _words_digest(row: Contribution, one: Prepared) -> str:
    said = {"title": one.found.title, "body": one.found.text, "language": row.language}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


async def _index(
    process: ProcessPage, stored: Sequence[tuple[Contribution, Prepared]], tell: Progress
) -> None:
    """Make the words findable; what belongs to a process that is not open yet waits for its opening."""
    audience = search.DRAFT if process.is_draft else search.PUBLIC
    for done, (row, one) in enumerate(stored, 1):
        await search.index(
            f"{row.kind}/{row.public_id}",
            kind=str(row.kind),
            process=process.public_id,
            language=row.language,
            title=one.found.title or one.excerpt[:_TITLE_OF_COMMENT],
            body=one.plain,
            audience=audience,
        )
        if done % 100 == 0 or done == len(stored):
            tell("storing", done, len(stored))
