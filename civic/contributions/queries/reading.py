"""How contributions are read: the words somebody may see, their versions, and who wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.contributions import policies
from civic.contributions.models import Kind, Relation, Visibility, WrittenAs
from civic.foundation import clock, database
from civic.foundation.errors import NotFound
from civic.foundation.text import DiffPart, compare
from civic.foundation.viewer import Viewer
from civic.notices.actions import Recipient
from civic.processes.models import Category, ProcessState
from civic.processes.policies import may_see_draft


@dataclass(frozen=True)
class ContributionCard:
    """A contribution with its current words; who may read it was asked before it was handed out."""

    id: int
    public_id: str
    number: str
    kind: Kind
    process_id: int | None
    process: str | None
    in_draft: bool
    issue_id: int | None
    parent_id: int | None
    relation: Relation | None
    author_id: int | None
    author: str | None
    author_name: str
    guest_address: str | None
    capacity: Category | None
    capacity_note: str
    written_as: WrittenAs
    channel: str
    language: str
    visibility: Visibility
    after_freeze: bool
    version: int
    title: str
    body: str
    html: str
    excerpt: str
    submitted_at: datetime
    confirmed_at: datetime | None
    written_at: datetime
    source: str | None
    source_url: str
    code_hash: str

    @property
    def is_public(self) -> bool:
        return self.visibility is Visibility.PUBLIC

    @property
    def is_awaiting(self) -> bool:
        return self.visibility is Visibility.AWAITING

    @property
    def is_official(self) -> bool:
        return self.written_as is not WrittenAs.PARTICIPANT

    @property
    def subject(self) -> str:
        """The stable key under which this text is reported, told of and found."""
        return f"contribution/{self.public_id}"


@dataclass(frozen=True)
class VersionCard:
    """The words at one moment."""

    id: int
    number: int
    title: str
    body: str
    html: str
    note: str
    written_at: datetime


@dataclass(frozen=True)
class History:
    """The versions of a text, newest first (without their words), and what changed to ``chosen``."""

    versions: list[VersionCard]
    chosen: VersionCard
    before: VersionCard | None
    title: list[DiffPart]
    body: list[DiffPart]


@dataclass(frozen=True)
class WithdrawalCard:
    """An author took their words back, and why."""

    reason: str
    withdrawn_at: datetime


_CARD = """
SELECT c.id, c.public_id, c.number, c.kind, c.process_id, p.public_id AS process,
       coalesce(p.state, '') AS in_draft, c.issue_id, c.parent_id,
       c.relation, c.author_id, a.public_id AS author, c.author_name, c.guest_address, c.capacity,
       c.capacity_note, c.written_as, c.channel, c.language, c.visibility, c.after_freeze, c.version,
       v.title, v.body, v.html, v.excerpt, c.submitted_at, c.confirmed_at, v.written_at, c.source,
       c.source_url, c.code_hash
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN process p ON p.id = c.process_id
LEFT JOIN participant a ON a.id = c.author_id
"""
_BY_PUBLIC_ID = _CARD + "WHERE c.public_id = ?"
_BY_NUMBER = _CARD + "WHERE c.number = ?"
_BY_ID = _CARD + "WHERE c.id = ?"
_BY_AUTHOR = _CARD + "WHERE c.author_id = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?"
_VERSIONS = """
SELECT id, number, title, body, html, note, written_at FROM contribution_version
WHERE contribution_id = ? ORDER BY number DESC
"""
_LINES = """
SELECT id, number, '' AS title, '' AS body, '' AS html, note, written_at FROM contribution_version
WHERE contribution_id = ? AND number >= ? ORDER BY number DESC
"""
_TWO = """
SELECT id, number, title, body, html, note, written_at FROM contribution_version WHERE id IN (?, ?)
"""
_REWRITTEN = """
SELECT coalesce(max(v.number), 1) AS first
FROM contribution_version v
JOIN visibility_change h ON h.contribution_id = v.contribution_id
WHERE v.contribution_id = ? AND h.after = 'restricted' AND h.changed_at <= v.written_at AND NOT EXISTS (
    SELECT 1 FROM visibility_change s
    WHERE s.contribution_id = h.contribution_id AND s.id > h.id AND s.changed_at <= v.written_at)
"""
_WITHDRAWAL = "SELECT reason, withdrawn_at FROM withdrawal WHERE contribution_id = ?"
_LINK = """
SELECT max(expires_at) AS until FROM mail_link
WHERE purpose = 'confirm_contribution' AND subject = ? AND used_at IS NULL AND expires_at > ?
"""
_LAST_ID = 2**62


async def visible_contribution(viewer: Viewer, public_id: str) -> ContributionCard:
    """Give a contribution the viewer may read: public, or their own."""
    return _seen(viewer, await _one(_BY_PUBLIC_ID, public_id))


async def contribution_by_number(viewer: Viewer, number: str) -> ContributionCard:
    """Give the contribution of a receipt number, if the viewer may read it: a number opens nothing more."""
    return _seen(viewer, await _one(_BY_NUMBER, number.strip().upper()))


async def moderated_contribution(viewer: Viewer, public_id: str) -> ContributionCard:
    """Give a contribution to who moderates its process, hidden or not; what waits is not published yet."""
    card = await _one(_BY_PUBLIC_ID, public_id)
    if card.is_awaiting or not policies.may_moderate(viewer, card.process):
        return _seen(viewer, card)
    return card


async def contribution_by_id(contribution_id: int) -> ContributionCard:
    """Give a contribution whoever asks: for acts and jobs, which have asked their policy."""
    return await _one(_BY_ID, contribution_id)


async def contribution_by_public_id(public_id: str) -> ContributionCard:
    """Give a contribution whoever asks: for acts and jobs, which have asked their policy."""
    return await _one(_BY_PUBLIC_ID, public_id)


async def contribution_behind_code(number: str) -> ContributionCard | None:
    """Give what a receipt number names, to compare its secret code with; never to show."""
    found = await database.rows(_BY_NUMBER, number.strip().upper())
    return _card(found[0]) if found else None


async def mine(viewer: Viewer, *, before: int | None = None, limit: int = 20) -> list[ContributionCard]:
    """Give what the viewer wrote, newest first, whoever else may read it."""
    if viewer.participant is None:
        return await _opened(viewer.passes)
    found = await database.rows(_BY_AUTHOR, viewer.participant, before or _LAST_ID, limit)
    return [_card(row) for row in found]


async def _opened(passes: Iterable[str]) -> list[ContributionCard]:
    keys = sorted(passes)[:50]
    if not keys:
        return []
    marks = ", ".join("?" * len(keys))
    found = await database.rows(_CARD + f"WHERE c.public_id IN ({marks}) ORDER BY c.id DESC", *keys)
    return [_card(row) for row in found]


def may_see(viewer: Viewer, card: ContributionCard) -> bool:
    """Tell whether the words may be read: the public ones by all, the others by their author."""
    if card.in_draft and not may_see_draft(viewer, card.process or ""):
        return False
    return policies.may_see(
        viewer, public_id=card.public_id, author_id=card.author_id, visibility=card.visibility
    )


def number_opens(viewer: Viewer, card: ContributionCard) -> bool:
    """Tell whether a receipt number alone leads somewhere: also to why a text is no longer shown."""
    if card.in_draft and not may_see_draft(viewer, card.process or ""):
        return False
    if card.visibility in (Visibility.AWAITING, Visibility.PRIVATE):
        return is_author(viewer, card)
    return True


def is_author(viewer: Viewer, card: ContributionCard) -> bool:
    """Tell whether these are the viewer's words: by their account, or by the secret code."""
    return policies.is_author(viewer, public_id=card.public_id, author_id=card.author_id)


async def versions_of(contribution_id: int) -> list[VersionCard]:
    """Give every version with its words, newest first, whoever asks."""
    return _versions(await database.rows(_VERSIONS, contribution_id))


def _versions(rows: Iterable[dict[str, Any]]) -> list[VersionCard]:
    return [VersionCard(**{**row, "written_at": database.moment(row["written_at"])}) for row in rows]


async def history(contribution_id: int, wanted: str = "", *, is_author: bool = False) -> History:
    """Give the versions, and what changed in the one asked for, the newest unless another is named.

    Words that were hidden and then written another way stay hidden to everybody but their author.
    """
    first = 1 if is_author else await _first_shown(contribution_id)
    lines = _versions(await database.rows(_LINES, contribution_id, first))
    numbers = {str(one.number): place for place, one in enumerate(lines)}
    place = numbers.get(wanted, 0)
    earlier = lines[place + 1] if place + 1 < len(lines) else lines[place]
    words = {one.id: one for one in _versions(await database.rows(_TWO, lines[place].id, earlier.id))}
    chosen, before = words[lines[place].id], words[earlier.id]
    if before.id == chosen.id:
        return History(lines, chosen, None, [], [])
    title = await compare(before.title, chosen.title) if before.title != chosen.title else []
    return History(lines, chosen, before, title, await compare(before.body, chosen.body))


async def _first_shown(contribution_id: int) -> int:
    """Name the first version everybody may read: the last one written while the text was hidden."""
    (row,) = await database.rows(_REWRITTEN, contribution_id)
    return int(row["first"])


async def withdrawal_of(contribution_id: int) -> WithdrawalCard | None:
    """Tell why and when an author took their words back."""
    found = await database.rows(_WITHDRAWAL, contribution_id)
    if not found:
        return None
    return WithdrawalCard(found[0]["reason"], database.moment(found[0]["withdrawn_at"]))


async def link_until(public_id: str) -> datetime | None:
    """Tell until when the newest mailed link can still publish a waiting text."""
    (found,) = await database.rows(_LINK, public_id, clock.now())
    return database.moment(found["until"]) if found["until"] else None


async def recipient_of(card: ContributionCard) -> Recipient | None:
    """Tell whom to write to about a contribution: its participant, or the guest's address."""
    if card.author_id is not None:
        return await accounts.recipient_of(card.author_id)
    if card.guest_address:
        return Recipient(f"guest/{card.public_id}", card.guest_address, card.language)
    return None


async def _one(sql: str, key: object) -> ContributionCard:
    found = await database.rows(sql, key)
    if not found:
        raise NotFound
    return _card(found[0])


def _seen(viewer: Viewer, card: ContributionCard) -> ContributionCard:
    if not may_see(viewer, card):
        raise NotFound
    return card


def _card(row: dict[str, Any]) -> ContributionCard:
    return ContributionCard(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "relation": Relation(row["relation"]) if row["relation"] else None,
            "capacity": Category(row["capacity"]) if row["capacity"] else None,
            "written_as": WrittenAs(row["written_as"]),
            "visibility": Visibility(row["visibility"]),
            "in_draft": row["in_draft"] == ProcessState.DRAFT,
            "after_freeze": bool(row["after_freeze"]),
            "submitted_at": database.moment(row["submitted_at"]),
            "confirmed_at": database.moment(row["confirmed_at"]) if row["confirmed_at"] else None,
            "written_at": database.moment(row["written_at"]),
        }
    )
