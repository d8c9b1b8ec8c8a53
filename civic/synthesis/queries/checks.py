"""What authors were asked about their points, what they said, and how often they were understood."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.models import CheckState
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.synthesis.policies import works_here

LEAST_TEAM = 5
"""A team of fewer people is not counted together: its figures would be those of one colleague."""


@dataclass(frozen=True)
class CheckCard:
    """The restated points of a text, as they were sent to its author."""

    id: int
    public_id: str
    contribution_id: int
    sent_by: str | None
    sent_by_id: int | None
    second_reader: str | None
    sent_at: datetime
    silent_at: datetime | None
    """When silence begins to count; None while the author was not really asked yet."""
    answered_at: datetime | None


@dataclass(frozen=True)
class Understanding:
    """What an author said of a point, or that they said nothing; without a date they are not asked yet."""

    state: CheckState
    at: datetime | None
    is_missed: bool = False


@dataclass(frozen=True)
class Rates:
    """How often points were right, put right, missed, or met with silence: counts, never one figure."""

    confirmed: int = 0
    corrected: int = 0
    missed: int = 0
    silent: int = 0

    @property
    def total(self) -> int:
        return self.confirmed + self.corrected + self.missed + self.silent


_CHECK = """
SELECT u.id, u.public_id, u.contribution_id, p.name AS sent_by, u.sent_by_id, u.sent_at, u.silent_at,
       u.answered_at,
       (SELECT max(q.name) FROM claim k JOIN participant q ON q.id = k.second_reader_id
        WHERE k.contribution_id = u.contribution_id AND k.retired_at IS NULL) AS second_reader
FROM understanding_check u
LEFT JOIN participant p ON p.id = u.sent_by_id
"""
_NEWEST = (
    " AND u.id = (SELECT max(w.id) FROM understanding_check w WHERE w.contribution_id = u.contribution_id)"
)
_BY_TOKEN = _CHECK + "WHERE u.token_hash = ?" + _NEWEST
_BY_PUBLIC_ID = _CHECK + "WHERE u.public_id = ?"
_OF_CONTRIBUTION = _CHECK + "WHERE u.contribution_id = ?" + _NEWEST
_SAID = """
SELECT a.claim_id, a.verdict, a.answered_at FROM check_answer a
WHERE a.claim_id IN ({marks}) ORDER BY a.id
"""
_STATES = """
SELECT k.id, k.check_state, u.sent_at, u.silent_at
FROM claim k
LEFT JOIN understanding_check u ON u.id = (
    SELECT max(w.id) FROM understanding_check w WHERE w.contribution_id = k.contribution_id)
WHERE k.id IN ({marks})
"""
_COUNTS = """
SELECT k.check_state AS state, k.found_by_id AS reader, count(*) AS n
FROM claim k JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND k.retired_at IS NULL AND k.kind <> 'situation'
  AND k.check_state IN ('confirmed', 'corrected', 'silent')
GROUP BY k.check_state, k.found_by_id
UNION ALL
SELECT 'missed' AS state, (SELECT s.cut_by_id FROM segmentation s WHERE s.id = (
         SELECT max(t.id) FROM segmentation t WHERE t.contribution_id = c.id)) AS reader, count(*) AS n
FROM check_answer a
JOIN claim k ON k.id = a.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
WHERE c.process_id = ? AND a.verdict = 'missed'
GROUP BY c.id
"""
_OPEN_OF_AUTHOR = """
SELECT c.number FROM understanding_check u JOIN contribution c ON c.id = u.contribution_id
WHERE c.author_id = ? AND c.visibility = 'public' AND u.answered_at IS NULL
  AND (u.silent_at IS NULL OR u.silent_at > ?)
  AND u.id = (SELECT max(w.id) FROM understanding_check w WHERE w.contribution_id = c.id)
  AND EXISTS (SELECT 1 FROM claim k WHERE k.contribution_id = c.id AND k.check_state = 'sent'
              AND k.kind <> 'situation' AND k.retired_at IS NULL)
ORDER BY u.id LIMIT 20
"""
_TEAM = """
SELECT count(DISTINCT s.cut_by_id) AS n FROM segmentation s
JOIN contribution c ON c.id = s.contribution_id WHERE c.process_id = ?
"""


async def check_of_link(token: str) -> tuple[CheckCard, ContributionCard, list[ClaimCard]]:
    """Give what a mailed link asks about. Raises NotFound once it was used or its time is over.

    Only the digest of a token is kept, and only of the newest check of a text: an older link opens nothing.
    """
    return await _open(await database.rows(_BY_TOKEN, ids.hash_token(token)))


async def open_check_of(contribution_id: int) -> tuple[CheckCard, ContributionCard, list[ClaimCard]]:
    """Give what the author of a text is being asked. Raises NotFound when they are not."""
    return await _open(await database.rows(_OF_CONTRIBUTION, contribution_id))


async def check_by_public_id(public_id: str) -> tuple[CheckCard, ContributionCard, list[ClaimCard]]:
    """Give a check that still waits for its answer, whoever asks: for acts, which ask their policy."""
    return await _open(await database.rows(_BY_PUBLIC_ID, public_id))


async def check_on_desk(
    viewer: Viewer, public_id: str
) -> tuple[CheckCard, ContributionCard, list[ClaimCard]]:
    """Give a check that still waits to who types a slip in for its author."""
    check, contribution, claims = await check_by_public_id(public_id)
    if not works_here(viewer, contribution.process or ""):
        raise NotFound
    return check, contribution, claims


async def _open(found: list[dict[str, Any]]) -> tuple[CheckCard, ContributionCard, list[ClaimCard]]:
    """Raise NotFound unless a check has no answer, has time left, and its points still stand."""
    check = _card(found[0]) if found else None
    if check is None or check.answered_at is not None or _is_over(check):
        raise NotFound
    contribution = await contributions.contribution_by_id(check.contribution_id)
    claims = [
        one
        for one in await contributions.claims_of(contribution.id)
        if one.check_state is CheckState.SENT and not one.reads_as_withdrawn
    ]
    if not claims:
        raise NotFound
    return check, contribution, claims


async def understanding_of(claim_ids: Collection[int]) -> dict[int, Understanding]:
    """Tell, for points whose author was asked, what they said and when."""
    if not claim_ids:
        return {}
    marks = ", ".join("?" * len(claim_ids))
    said = {row["claim_id"]: row for row in await database.rows(_SAID.format(marks=marks), *claim_ids)}
    found = {}
    for row in await database.rows(_STATES.format(marks=marks), *claim_ids):
        state, answer = CheckState(row["check_state"]), said.get(row["id"])
        is_missed = answer is not None and answer["verdict"] == "missed"
        if state is CheckState.FOUND and not is_missed:
            continue
        asked_at = row["sent_at"] if row["silent_at"] else None
        when = {CheckState.SENT: asked_at, CheckState.SILENT: row["silent_at"]}.get(
            state, answer["answered_at"] if answer else None
        )
        found[row["id"]] = Understanding(state, database.moment(when) if when else None, is_missed)
    return found


async def open_checks_of(viewer: Viewer) -> list[str]:
    """Give the numbers of one's texts whose points wait for oneself, asked by message or not yet."""
    if viewer.participant is None:
        return []
    return [row["number"] for row in await database.rows(_OPEN_OF_AUTHOR, viewer.participant, clock.now())]


async def rates_of(process_id: int, reader: int | None) -> tuple[Rates, Rates | None]:
    """Count what authors said of the points of one reader, and of the whole team when it is large enough."""
    mine, team = Rates(), Rates()
    for row in await database.rows(_COUNTS, process_id, process_id):
        count = {row["state"]: getattr(team, row["state"]) + row["n"]}
        team = replace(team, **count)
        if reader is not None and row["reader"] == reader:
            mine = replace(mine, **{row["state"]: getattr(mine, row["state"]) + row["n"]})
    (people,) = await database.rows(_TEAM, process_id)
    return mine, team if int(people["n"]) >= LEAST_TEAM else None


def _is_over(check: CheckCard) -> bool:
    return check.silent_at is not None and check.silent_at <= clock.now()


def _card(row: dict[str, Any]) -> CheckCard:
    return CheckCard(
        **{
            **row,
            "sent_at": database.moment(row["sent_at"]),
            "silent_at": database.moment(row["silent_at"]) if row["silent_at"] else None,
            "answered_at": database.moment(row["answered_at"]) if row["answered_at"] else None,
        }
    )
