"""Store what an import brings: contributions with their words, points, places and search entries."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from civic.contributions.actions.claims import kind_of
from civic.contributions.models import (
    Channel,
    Claim,
    ClaimOrigin,
    ClaimSpan,
    Contribution,
    ContributionVersion,
    Restatement,
    Visibility,
)
from civic.decisions.models import ImportedOutcome
from civic.foundation import clock, database, ids
from civic.opendata.actions.planning import Plan, Prepared, moment_of, outcome_of
from civic.opendata.actions.rows import Rows, reserve
from civic.opendata.actions.themes import Themes
from civic.opendata.grid import GridClaim, GridContribution
from civic.opendata.queries import QUESTION, Known
from civic.processes.queries import IssueCard, ProcessPage

_NUMBERS = """
INSERT INTO receipt_counter (scope, year, last_number) VALUES (?, ?, ?)
ON CONFLICT (scope, year) DO UPDATE SET last_number = receipt_counter.last_number + excluded.last_number
RETURNING last_number
"""


@dataclass
class Import:
    """One import while it is being stored; the transaction is open and the process is held."""

    process: ProcessPage
    issue: IssueCard
    source: str
    scope_id: int | None
    now: datetime
    known: dict[str, Known]
    themes: Themes
    rows: Rows = field(default_factory=Rows)
    versions: Iterator[int] = iter(())
    claims: Iterator[int] = iter(())

    def issue_for(self, parent: str) -> IssueCard:
        """Give the question that `question:2` names, when the process has it."""
        number = parent.removeprefix(QUESTION)
        found = (one for one in self.process.issues if str(one.number) == number)
        return next(found, self.issue) if parent.startswith(QUESTION) else self.issue

    def issue_by_id(self, issue_id: int | None) -> IssueCard:
        """Give a question of the process."""
        return next((one for one in self.process.issues if one.id == issue_id), self.issue)


async def reserve_ids(work: Import, plan: Plan) -> None:
    """Reserve what the points and versions of an import need at most."""
    points = sum(len(one.found.claims) for one in plan.new) + sum(len(one.matches) for one in plan.changed)
    versions = len(plan.new) + sum(one.has_new_words for one in plan.changed)
    work.versions = await reserve("contribution_version", versions)
    work.claims = await reserve("claim", points)


async def add_new(work: Import, new: Iterable[Prepared]) -> list[tuple[Contribution, Prepared]]:
    """Make the rows of every contribution that was not there; parents come before what answers them."""
    listed = list(new)
    numbers = await _numbers(work, listed)
    contribution_ids = await reserve("contribution", len(listed))
    made: dict[str, Contribution] = {}
    added = []
    for prepared in listed:
        row = _contribution(
            work, prepared, next(contribution_ids), next(numbers[_year(work, prepared)]), made
        )
        made[prepared.found.ref] = row
        work.rows.contributions.append(row)
        version = add_version(work, row.id, 1, prepared)
        for number, claim in enumerate(prepared.found.claims, 1):
            add_claim(work, row, prepared.found, claim, number, version)
        added.append((row, prepared))
    return added


def add_version(work: Import, contribution_id: int, number: int, prepared: Prepared) -> int:
    """Make the row of a version, and give its id."""
    version_id = next(work.versions)
    work.rows.versions.append(
        ContributionVersion(
            id=version_id,
            contribution_id=contribution_id,
            number=number,
            title=prepared.found.title,
            body=prepared.found.text,
            html=prepared.html,
            excerpt=prepared.excerpt,
            digest=prepared.digest,
            written_at=work.now if number > 1 else submitted_at(work, prepared.found),
        )
    )
    return version_id


def add_claim(
    work: Import,
    contribution: Contribution,
    found: GridContribution,
    claim: GridClaim,
    number: int,
    version_id: int,
) -> None:
    """Make the rows of a point: where it stands, how it was understood, what became of it elsewhere."""
    claim_id = next(work.claims)
    work.rows.claims.append(
        Claim(
            id=claim_id,
            public_id=ids.public_id(),
            contribution_id=contribution.id,
            number=number,
            kind=kind_of(contribution.kind, contribution.relation),
            restatement=claim.restatement,
            restatement_number=1 if claim.restatement else 0,
            origin=ClaimOrigin.WHOLE if claim.whole else ClaimOrigin.IMPORTED,
            source_row=claim.row,
            found_at=work.now,
        )
    )
    add_spans(work, claim_id, version_id, found, claim)
    if claim.restatement:
        add_restatement(work, claim_id, 1, claim.restatement, contribution.language)
    add_outcome(work, claim_id, claim)
    work.themes.link(work.rows, claim_id, claim.theme)


def add_spans(
    work: Import, claim_id: int, version_id: int, found: GridContribution, claim: GridClaim
) -> None:
    """Rest a point on its words; what a whole text says is its title and its text."""
    spans: list[tuple[str, int, int, str]]
    if claim.whole:
        parts = (("title", found.title), ("text", found.text))
        spans = [(part, 0, len(words), words) for part, words in parts if words]
    else:
        spans = [(claim.part, claim.start, claim.end, found.quote(claim))]
    for part, start, end, words in spans:
        salt = secrets.token_hex(32)
        digest = hashlib.sha256(f"{salt}\0{words}".encode()).hexdigest()
        work.rows.spans.append(
            ClaimSpan(
                claim_id=claim_id,
                version_id=version_id,
                part=part,
                start=start,
                end=end,
                salt=salt,
                digest=digest,
            )
        )


def add_restatement(work: Import, claim_id: int, number: int, words: str, language: str) -> None:
    """Make the row of how a point was understood."""
    work.rows.restatements.append(
        Restatement(claim_id=claim_id, number=number, text=words, language=language, written_at=work.now)
    )


def add_outcome(work: Import, claim_id: int, claim: GridClaim) -> None:
    """Make the row of an outcome that came with the file: imported, not decided here."""
    said = outcome_of(claim)
    if said is None:
        return
    work.rows.outcomes.append(
        ImportedOutcome(
            claim_id=claim_id,
            outcome=said.outcome,
            reason=said.reason,
            provision=said.provision,
            milestone=said.milestone,
            decided_on=said.decided_on,
            decided_by=said.decided_by,
            source=work.source,
            imported_at=work.now,
        )
    )


def submitted_at(work: Import, found: GridContribution) -> datetime:
    """Tell when something was said; when the file does not know, when it came in."""
    return work.now if found.date is None else moment_of(found.date)


def _contribution(
    work: Import, prepared: Prepared, contribution_id: int, number: str, made: dict[str, Contribution]
) -> Contribution:
    found = prepared.found
    parent_id, issue = _parent(work, found, made)
    at = submitted_at(work, found)
    return Contribution(
        id=contribution_id,
        public_id=ids.public_id(),
        number=number,
        code_hash=ids.hash_code(ids.secret_code()),
        process_id=work.process.id,
        issue_id=issue.id,
        scope_id=work.scope_id,
        kind=found.kind,
        parent_id=parent_id,
        relation=found.relation or None,
        author_name=found.author,
        capacity=found.category or None,
        channel=Channel.IMPORT,
        language=prepared.language,
        visibility=Visibility.PUBLIC,
        after_freeze=issue.is_frozen(at),
        source=work.source,
        source_ref=found.ref,
        source_url=found.url,
        submitted_at=at,
        confirmed_at=work.now,
    )


def _parent(
    work: Import, found: GridContribution, made: dict[str, Contribution]
) -> tuple[int | None, IssueCard]:
    if found.parent in made:
        above = made[found.parent]
        return above.id, work.issue_by_id(above.issue_id)
    if found.parent in work.known:
        return work.known[found.parent].id, work.issue_by_id(work.known[found.parent].issue_id)
    return None, work.issue_for(found.parent)


def _year(work: Import, prepared: Prepared) -> int:
    return clock.local_day(submitted_at(work, prepared.found)).year


async def _numbers(work: Import, listed: list[Prepared]) -> dict[int, Iterator[str]]:
    """Give out receipt numbers, year by year."""
    given = {}
    for year, count in sorted(Counter(_year(work, one) for one in listed).items()):
        (counter,) = await database.rows(_NUMBERS, work.process.code, year, count)
        last = int(counter["last_number"])
        given[year] = _written(work.process.code, year, range(last - count + 1, last + 1))
    return given


def _written(code: str, year: int, numbers: Iterable[int]) -> Iterator[str]:
    for number in numbers:
        body = f"{code}-{year}-{number:06d}"
        yield f"{body}-{ids.check_letter(body)}"
