"""Who may sign for whom in a process, who could, and who has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.decisions.policies import may_sign_for
from civic.decisions.queries.reading import DecisionCard, maybe_moment, read_json
from civic.foundation import clock, database
from civic.foundation.errors import NotFound, Verdict
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer

_DELEGATIONS = """
SELECT d.id, d.public_id, d.process_id, d.given_by_id, g.name AS giver, g.title AS giver_title,
       d.given_to_id, t.name AS delegate, t.title AS delegate_title, d.starts_on, d.ends_on, d.reason,
       d.given_at, r.revoked_at, r.reason AS revoked_because
FROM signature_delegation d
JOIN participant g ON g.id = d.given_by_id
JOIN participant t ON t.id = d.given_to_id
LEFT JOIN signature_revocation r ON r.delegation_id = d.id
"""
_OF_PROCESS = _DELEGATIONS + "WHERE d.process_id = ? ORDER BY d.id DESC"
_ONE = _DELEGATIONS + "WHERE d.public_id = ?"
_TOOK_PART = """
SELECT 1 AS found FROM disposition d
JOIN disposition_version v ON v.disposition_id = d.id
LEFT JOIN review r ON r.version_id = v.id
WHERE d.decision_id = ? AND ? IN (v.drafted_by_id, r.reviewer_id) LIMIT 1
"""


@dataclass(frozen=True)
class DelegationCard:
    """Somebody may sign for somebody else in a process, on these days, unless it was taken back."""

    id: int
    public_id: str
    process_id: int
    given_by_id: int
    giver: str
    giver_title: str
    given_to_id: int
    delegate: str
    delegate_title: str
    starts_on: date
    ends_on: date
    reason: Localized
    given_at: datetime
    revoked_at: datetime | None
    revoked_because: Localized

    def is_in_force(self, day: date) -> bool:
        return self.revoked_at is None and self.starts_on <= day <= self.ends_on

    def is_over(self, day: date) -> bool:
        return self.revoked_at is not None or self.ends_on < day


async def delegations_of(process_id: int) -> tuple[DelegationCard, ...]:
    """List every delegated signature of a process, newest first; those that are over stay."""
    return tuple(map(_card, await database.rows(_OF_PROCESS, process_id)))


async def delegation_by_public_id(public_id: str) -> DelegationCard:
    """Give one delegated signature, whoever asks."""
    found = await database.rows(_ONE, public_id)
    if not found:
        raise NotFound
    return _card(found[0])


async def decision_makers(process: str) -> list[PersonCard]:
    """Name those who decide in their own name, whoever stands in for them today."""
    return [one for one in await accounts.holders("decision_maker", process) if one.stands_in_for is None]


async def possible_delegates(viewer: Viewer, process: str) -> list[PersonCard]:
    """Name the officials who could sign for somebody: in their own role, and somebody else."""
    held = await accounts.holders("official", process)
    return [one for one in held if one.stands_in_for is None and one.id != viewer.participant]


async def delegation_for(viewer: Viewer, decision: DecisionCard) -> DelegationCard | None:
    """Give the delegation by which somebody may sign a decision today; its giver must still decide."""
    today = clock.local_day(clock.now())
    held = [
        one
        for one in await delegations_of(decision.process.id)
        if one.given_to_id == viewer.participant and one.is_in_force(today)
    ]
    if not held:
        return None
    makers = {one.id for one in await decision_makers(decision.process.public_id)}
    standing = [one for one in held if one.given_by_id in makers]
    named = [one for one in standing if decision.maker is not None and one.given_by_id == decision.maker.id]
    return next(iter([*named, *standing]), None)


async def delegated_to(
    viewer: Viewer, decision: DecisionCard
) -> tuple[DelegationCard | None, Verdict | None]:
    """Give the delegation somebody who does not decide could sign by, and whether they may use it here."""
    if viewer.holds("decision_maker", decision.process.public_id):
        return None, None
    found = await delegation_for(viewer, decision)
    if found is None:
        return None, None
    took_part = bool(await database.rows(_TOOK_PART, decision.id, viewer.participant))
    return found, may_sign_for(took_part=took_part)


def _card(row: dict[str, Any]) -> DelegationCard:
    return DelegationCard(
        **{
            **row,
            "starts_on": _day(row["starts_on"]),
            "ends_on": _day(row["ends_on"]),
            "reason": read_json(row["reason"]),
            "given_at": database.moment(row["given_at"]),
            "revoked_at": maybe_moment(row["revoked_at"]),
            "revoked_because": read_json(row["revoked_because"]) if row["revoked_because"] else {},
        }
    )


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
