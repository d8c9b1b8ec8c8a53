"""Compare a file with what its source brought earlier, and prepare what has to be stored. No writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from civic import settings
from civic.contributions.actions.submitting import digest_of
from civic.contributions.forms import Words
from civic.contributions.models import ClaimOrigin, Visibility
from civic.foundation import clock, text
from civic.foundation.errors import N_, message
from civic.opendata import grid
from civic.opendata.grid import Grid, GridClaim, GridContribution, GridRefused, Problem, When
from civic.opendata.queries import QUESTION, Known, KnownClaim, KnownOutcome

Progress = Callable[[int], None]

_EXCERPT = 300
_SURE_TO_KEEP = frozenset({ClaimOrigin.WHOLE, ClaimOrigin.IMPORTED})


@dataclass(frozen=True)
class Prepared:
    """A contribution of the file ready to be stored: its HTML, its digest, its language."""

    found: GridContribution
    language: str
    plain: str
    html: str
    excerpt: str
    digest: str

    @property
    def words(self) -> Words:
        return Words(self.found.title, self.found.text, self.language)


@dataclass(frozen=True)
class Match:
    """A point of the file and the one in the database that it is, if there is one."""

    claim: GridClaim
    known: KnownClaim | None


@dataclass(frozen=True)
class Change:
    """A contribution that an earlier import brought and that reads otherwise in the file."""

    known: Known
    prepared: Prepared
    has_new_words: bool
    matches: tuple[Match, ...]
    gone: tuple[KnownClaim, ...]


@dataclass(frozen=True)
class Plan:
    """What an import has to do."""

    new: tuple[Prepared, ...]
    changed: tuple[Change, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed)

    @property
    def steps(self) -> int:
        return len(self.new) + len(self.changed)


def plan(read: Grid, known: Mapping[str, Known], *, progress: Progress | None = None) -> Plan:
    """Say what is new, what changed and what stays as it is. Raises GridRefused for what cannot be."""
    problems = [problem for found in read.contributions for problem in _wrongs(found, known.get(found.ref))]
    if problems:
        raise GridRefused(problems[: grid.MAX_PROBLEMS], len(problems))
    new: list[Prepared] = []
    changed: list[Change] = []
    for count, found in enumerate(grid.parents_first(read.contributions), 1):
        before = known.get(found.ref)
        if before is None:
            new.append(prepare(found))
        elif before.visibility is Visibility.PUBLIC:
            changed.extend(_change(found, before))
        if progress and count % 100 == 0:
            progress(100)
    return Plan(tuple(new), tuple(changed), len(read.contributions) - len(new) - len(changed))


def prepare(found: GridContribution, language: str = "") -> Prepared:
    """Make the clean HTML, the short form and the digest of a text."""
    guessed = found.language or language or text.detect_language(f"{found.title}\n{found.text}")
    spoken = guessed or settings.current().languages[0]
    plain = text.plain(found.text)
    return Prepared(
        found=found,
        language=spoken,
        plain=plain,
        html=text.render_markdown(found.text),
        excerpt=text.excerpt(plain, _EXCERPT)[:400],
        digest=digest_of(Words(found.title, found.text)),
    )


def moment_of(when: When) -> dt.datetime:
    """Give a date as a moment: a day begins at the local midnight."""
    if isinstance(when, dt.datetime):
        return when
    return dt.datetime.combine(when, dt.time.min, clock.zone()).astimezone(dt.UTC)


def written_when(when: When | None) -> str:
    """Write a date as the grid does."""
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return "" if when is None else when.isoformat()


def outcome_of(claim: GridClaim) -> KnownOutcome | None:
    """Give what the file says became of a point, if it says anything."""
    said = KnownOutcome(
        outcome=claim.outcome,
        reason=claim.reason,
        provision=claim.provision,
        milestone=claim.milestone,
        decided_on=written_when(claim.decided_at),
        decided_by=claim.decided_by,
    )
    return None if said == KnownOutcome("", "", "", "", "", "") else said


def _wrongs(found: GridContribution, known: Known | None) -> Iterator[Problem]:
    row = found.row_numbers[0] if found.row_numbers else None
    if found.date is not None and moment_of(found.date) > clock.now():
        yield Problem(message(N_("This date is still to come.")), row, "date")
    if known is None:
        return
    if found.kind != known.kind:
        what = message(
            N_("This ref was imported before as “%(kind)s”; a kind never changes."), kind=str(known.kind)
        )
        yield Problem(what, row, "kind")
    elif _place(found.parent) != _place(known.parent):
        what = message(N_("This ref was imported before under another parent; it cannot be moved."))
        yield Problem(what, row, "parent")


def _place(parent: str) -> str:
    return QUESTION if parent.startswith(QUESTION) else parent


def _change(found: GridContribution, known: Known) -> Iterator[Change]:
    has_new_words = (found.title, found.text) != (known.title, known.text)
    matches, gone = _matched(found, known, has_new_words=has_new_words)
    if has_new_words or gone or _says_more(found, known) or any(map(_is_news, matches)):
        yield Change(known, prepare(found, known.language), has_new_words, matches, gone)


def _says_more(found: GridContribution, known: Known) -> bool:
    """Tell whether the file says something else than the database; what it leaves empty, it leaves alone."""
    facts = (
        (found.author, known.author),
        (found.category, known.category),
        (found.language, known.language),
        (found.url, known.url),
        (found.relation, known.relation),
    )
    if any(said and said != kept for said, kept in facts):
        return True
    return found.date is not None and moment_of(found.date) != known.submitted_at


def _matched(
    found: GridContribution, known: Known, *, has_new_words: bool
) -> tuple[tuple[Match, ...], tuple[KnownClaim, ...]]:
    """Recognise the points of the file among the live ones, by their words.

    Points that a person has cut are theirs: the file then moves none.
    """
    if any(claim.origin not in _SURE_TO_KEEP for claim in known.claims):
        return (), ()
    left = list(known.claims)
    matches = []
    for claim in found.claims:
        same = next((one for one in left if _is_same(found, claim, one)), None)
        if same is not None:
            left.remove(same)
        matches.append(Match(claim, same))
    if has_new_words and len(left) == len(matches) == 1 and _is_reworded(matches[0], left[0]):
        matches, left = [Match(matches[0].claim, left[0])], []
    return tuple(matches), tuple(one for one in left if not one.is_published)


def _is_reworded(match: Match, known: KnownClaim) -> bool:
    """The only point of a text is the same point when its words change."""
    return match.known is None and not match.claim.whole and known.origin is ClaimOrigin.IMPORTED


def _is_same(found: GridContribution, claim: GridClaim, known: KnownClaim) -> bool:
    if claim.whole or known.origin is ClaimOrigin.WHOLE:
        return claim.whole and known.origin is ClaimOrigin.WHOLE
    return (claim.part, found.quote(claim)) == (known.part, known.words)


def _is_news(match: Match) -> bool:
    """Tell whether the file says more of a point than the database."""
    claim, known = match.claim, match.known
    if known is None:
        return True
    outcome = outcome_of(claim)
    themes = grid.listed(claim.theme)
    return (
        (outcome is not None and outcome != known.outcome)
        or bool(claim.restatement and claim.restatement != known.restatement)
        or bool(themes and themes != known.themes)
    )
