"""The texts of a process as who cuts and reads them sees them: what is left to do with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import CheckState, ClaimOrigin
from civic.contributions.queries import ClaimCard, ContributionCard, Visibility
from civic.foundation import database
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.synthesis.policies import works_here

PAGE = 30
NEVER = "(1 = 0)"
CUT_BY_HAND = (ClaimOrigin.OFFICIAL, ClaimOrigin.SUGGESTED)
"""Points that somebody found in a text, and that somebody else reads."""


class TextState(StrEnum):
    """What is left to do with a text; one may be in several."""

    RETURNED = "returned"
    UNCUT = "uncut"
    UNREAD = "unread"
    IMPORTED = "imported"
    TO_CHECK = "to_check"
    ASKED = "asked"


@dataclass(frozen=True)
class TextRow:
    """A line of the list of texts."""

    id: int
    public_id: str
    number: str
    author_name: str
    language: str
    title: str
    excerpt: str
    submitted_at: datetime
    points: int
    first_point: str
    cut_by: str | None
    cut_by_id: int | None


@dataclass(frozen=True)
class ReadingCard:
    """What a second reader said of the points of a text."""

    read_by: str
    is_confirmed: bool
    note: str
    read_at: datetime


@dataclass(frozen=True)
class TextDesk:
    """One text with its points, who cut it, and what its readers said."""

    contribution: ContributionCard
    claims: tuple[ClaimCard, ...]
    cut_by: str | None
    cut_by_id: int | None
    cut_at: datetime | None
    readings: tuple[ReadingCard, ...]
    read: frozenset[int]
    """The points a second person has read."""

    @property
    def unread(self) -> tuple[ClaimCard, ...]:
        """The points somebody cut and nobody else has read."""
        return tuple(one for one in self.to_read if one.origin in CUT_BY_HAND)

    @property
    def to_read(self) -> tuple[ClaimCard, ...]:
        """The points a second reader may confirm: those that were cut, and those that were imported."""
        origins = (*CUT_BY_HAND, ClaimOrigin.IMPORTED)
        return tuple(one for one in self.claims if one.origin in origins and one.id not in self.read)

    @property
    def to_ask(self) -> tuple[ClaimCard, ...]:
        """The points whose author was not asked yet."""
        return tuple(one for one in self.claims if one.check_state is CheckState.FOUND)

    @property
    def is_waiting(self) -> bool:
        """Whether the author is being asked."""
        return any(one.check_state is CheckState.SENT for one in self.claims)

    @property
    def seen(self) -> str:
        """Name the points that are shown, so that nobody confirms others than they read."""
        return ".".join(one.public_id for one in self.claims)


_LIVE = """EXISTS (SELECT 1 FROM claim k WHERE k.contribution_id = c.id AND k.retired_at IS NULL
  AND k.kind <> 'situation' AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL) AND {0})"""
_RETURNED = """EXISTS (SELECT 1 FROM second_reading r WHERE r.contribution_id = c.id AND NOT r.is_confirmed
  AND r.id = (SELECT max(q.id) FROM second_reading q WHERE q.contribution_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM segmentation s WHERE s.contribution_id = c.id AND s.cut_at > r.read_at))"""
_UNREAD = _LIVE.format("k.origin IN ('official', 'suggested') AND k.second_reader_id IS NULL")
_CONDITIONS: Mapping[TextState, str] = {
    TextState.RETURNED: _RETURNED,
    TextState.UNCUT: _LIVE.format("k.origin = 'whole' AND k.check_state = 'found'"),
    TextState.UNREAD: f"{_UNREAD} AND NOT {_RETURNED}",
    TextState.IMPORTED: _LIVE.format("k.origin = 'imported' AND k.second_reader_id IS NULL"),
    TextState.TO_CHECK: _LIVE.format("k.origin <> 'whole' AND k.check_state = 'found'")
    + f" AND NOT {_UNREAD} AND NOT "
    + _LIVE.format("k.check_state = 'sent'"),
    TextState.ASKED: _LIVE.format("k.check_state = 'sent'"),
}
_FROM = " FROM contribution c WHERE c.process_id = ? AND c.visibility = 'public'"
_ROWS = """
SELECT c.id, c.public_id, c.number, c.author_name, c.language, v.title, v.excerpt, c.submitted_at,
       (SELECT count(*) FROM claim k WHERE k.contribution_id = c.id AND k.retired_at IS NULL
        AND k.kind <> 'situation') AS points,
       coalesce((SELECT min(k.public_id) FROM claim k
                 WHERE k.contribution_id = c.id AND k.retired_at IS NULL
                   AND k.kind <> 'situation'), '') AS first_point,
       p.name AS cut_by, s.cut_by_id
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN segmentation s ON s.id = (SELECT max(t.id) FROM segmentation t WHERE t.contribution_id = c.id)
LEFT JOIN participant p ON p.id = s.cut_by_id
WHERE c.process_id = ? AND c.visibility = 'public' AND c.id > ? AND
"""
_CUT = """
SELECT p.name AS cut_by, s.cut_by_id, s.cut_at FROM segmentation s JOIN participant p ON p.id = s.cut_by_id
WHERE s.contribution_id = ? ORDER BY s.id DESC LIMIT 1
"""
_READINGS = """
SELECT p.name AS read_by, r.is_confirmed, r.note, r.read_at FROM second_reading r
JOIN participant p ON p.id = r.read_by_id WHERE r.contribution_id = ? ORDER BY r.id DESC
"""
_READ = """
SELECT id FROM claim WHERE contribution_id = ? AND retired_at IS NULL AND second_reader_id IS NOT NULL
"""


async def counts_of_texts(process_id: int, settled: str = NEVER) -> dict[TextState, int]:
    """Count what is left to do, state by state, in one query.

    ``settled`` is the condition under which a text ``c`` has its published answer and is left alone: it comes
    from the room that publishes answers.
    """
    sums = ", ".join(
        f"coalesce(sum(CASE WHEN {_condition(state, settled)} THEN 1 ELSE 0 END), 0) AS {state}"
        for state in TextState
    )
    (row,) = await database.rows(f"SELECT {sums}{_FROM}", process_id)
    return {state: int(row[state]) for state in TextState}


async def texts_of(
    process_id: int, state: TextState, *, settled: str = NEVER, after: int = 0, limit: int = PAGE
) -> tuple[list[TextRow], int | None]:
    """List the texts in a state, oldest first; with the last one shown when more follow."""
    sql = _ROWS + _condition(state, settled) + " ORDER BY c.id LIMIT ?"
    rows = [_row(row) for row in await database.rows(sql, process_id, after, limit + 1)]
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


async def next_text(process_id: int, state: TextState, *, after: int, settled: str = NEVER) -> TextRow | None:
    """Give the next text in a state, or else the oldest."""
    for start in (after, 0):
        found, _ = await texts_of(process_id, state, settled=settled, after=start, limit=1)
        if found and found[0].id != after:
            return found[0]
    return None


def _condition(state: TextState, settled: str) -> str:
    """Say when a text is in a state; what was answered in public owes nothing more, but what was asked."""
    if state is TextState.ASKED:
        return _CONDITIONS[state]
    return f"({_CONDITIONS[state]} AND NOT {settled})"


async def text_desk(viewer: Viewer, public_id: str) -> TextDesk:
    """Give a text with its points to those who work on the answers of its process."""
    contribution = await contributions.contribution_by_public_id(public_id)
    hidden = (Visibility.AWAITING, Visibility.PRIVATE)
    if not works_here(viewer, contribution.process or "") or contribution.visibility in hidden:
        raise NotFound
    return await desk_of_text(contribution)


async def desk_of_text(contribution: ContributionCard) -> TextDesk:
    """Give a text with its points whoever asks: for acts, which ask their policy."""
    cut = next(iter(await database.rows(_CUT, contribution.id)), None)
    return TextDesk(
        contribution=contribution,
        claims=tuple(await contributions.claims_of(contribution.id)),
        cut_by=cut["cut_by"] if cut else None,
        cut_by_id=cut["cut_by_id"] if cut else None,
        cut_at=database.moment(cut["cut_at"]) if cut else None,
        readings=tuple(_reading(row) for row in await database.rows(_READINGS, contribution.id)),
        read=frozenset(row["id"] for row in await database.rows(_READ, contribution.id)),
    )


def _row(row: dict[str, Any]) -> TextRow:
    return TextRow(**{**row, "submitted_at": database.moment(row["submitted_at"])})


def _reading(row: dict[str, Any]) -> ReadingCard:
    return ReadingCard(
        **{**row, "is_confirmed": bool(row["is_confirmed"]), "read_at": database.moment(row["read_at"])}
    )
