"""Feeds of what is public: a process, a decision and its corrections, a proposal and its debate.

Dates are absolute and ids are made of the key of what happened: neither moves when the page does.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from civic.debates import queries as debates
from civic.decisions import queries as decisions
from civic.decisions.queries import DecisionCard
from civic.foundation import database, text
from civic.foundation.errors import N_, Message
from civic.foundation.tables import Localized
from civic.foundation.viewer import STRANGER
from civic.processes import queries as processes
from civic.processes.policies import last_day
from civic.processes.queries import ProcessPage, name_of
from civic.proposals import queries as proposals
from civic.synthesis import queries as synthesis
from civic.synthesis.queries import SynthesisCard

NEWEST = 50
_EXCERPT = 400
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed of things that never happened yet began: an address gives the same file until one does."""
_NAMESPACE = uuid.UUID("5a1d7a9e-6a1b-4f60-9b58-2f6d2f1f5c11")

_PROPOSALS = """
SELECT o.public_id, v.title, v.body, c.language, c.author_name, o.submitted_at, v.written_at
FROM proposal o
JOIN contribution c ON c.id = o.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE o.process_id = ? AND c.visibility = 'public'
ORDER BY o.submitted_at DESC, o.id DESC LIMIT ?
"""
_COMMENTS = """
SELECT c.public_id, v.body, c.language, c.author_name, c.submitted_at, v.written_at
FROM comment m
JOIN contribution c ON c.id = m.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE m.thread_id = ? AND c.visibility = 'public'
ORDER BY c.submitted_at DESC, c.id DESC LIMIT ?
"""


@dataclass(frozen=True)
class Entry:
    """One thing that happened; ``title`` and ``words`` are texts of ours, of the body, or of a person."""

    key: str
    title: Message | Localized | str
    words: Message | Localized | str
    path: str
    published_at: datetime
    updated_at: datetime
    author: str = ""
    language: str = ""

    @property
    def id(self) -> str:
        return urn(self.key)


@dataclass(frozen=True)
class Feed:
    """A feed: what it is about, and what happened, the newest first."""

    key: str
    title: Message | Localized | str
    path: str
    address: str
    began_at: datetime
    entries: tuple[Entry, ...]

    @property
    def id(self) -> str:
        return urn(self.key)

    @property
    def updated_at(self) -> datetime:
        return max((one.updated_at for one in self.entries), default=self.began_at)


def urn(key: str) -> str:
    """Make the id of a thing in feeds from its key: it survives a new name of the site."""
    return uuid.uuid5(_NAMESPACE, key).urn


async def feed_of_process(process: ProcessPage) -> Feed:
    """Give the steps of a process, its decisions, its end, and its newest proposals."""
    home = f"/processes/{process.slug}"
    entries = await _steps(process, home)
    for decision in await decisions.published_decisions(process.id):
        entries += _versions(decision)
    for told in await synthesis.published_syntheses(process.id):
        entries += _editions(told)
    for row in await database.rows(_PROPOSALS, process.id, NEWEST):
        key = f"proposal/{row['public_id']}"
        entries.append(_said(key, f"/proposals/{row['public_id']}", row["title"], row))
    closure = await processes.closure_of(process.id)
    if closure is not None:
        title = Message(N_("The process is closed"))
        entries.append(
            Entry(
                f"closure/{process.public_id}",
                title,
                closure.reason,
                home,
                closure.closed_at,
                closure.closed_at,
            )
        )
    return _feed(f"process/{process.public_id}", process.title, home, process.created_at, entries)


async def _steps(process: ProcessPage, home: str) -> list[Entry]:
    found: list[Entry] = []
    for one in await processes.phase_changes_of(process.id):
        said = {
            "what": Message(name_of(one.act)),
            "step": Message(name_of(one.kind)),
            "last": last_day(one.ends_at),
        }
        title = Message(N_("%(what)s: %(step)s. Last day: %(last)s."), said)
        key = f"step/{process.public_id}/{one.kind}/{one.act}/{one.changed_at.isoformat()}"
        found.append(Entry(key, title, one.reason, home, one.changed_at, one.changed_at))
    return found


async def feed_of_decision(decision: DecisionCard) -> Feed:
    """Give the publication of a decision and its corrections."""
    began = decision.first_released_at or decision.created_at
    page = f"/decisions/{decision.public_id}"
    title = decision.in_force.title if decision.in_force else decision.title
    return _feed(f"decision/{decision.public_id}", title, page, began, _versions(decision))


def _versions(decision: DecisionCard) -> list[Entry]:
    first = decision.released[-1] if decision.released else None
    return [
        Entry(
            f"decision/{version.public_id}",
            version.title
            if version is first
            else Message(N_("Correction: %(title)s"), {"title": version.title}),
            version.summary if version is first else version.correction,
            f"/decisions/{decision.public_id}/versions/{version.number}"
            + ("" if version is first else "/changes"),
            version.released_at,
            version.released_at,
            author=version.signed_by,
        )
        for version in decision.released
        if version.released_at is not None
    ]


async def feed_of_corrections() -> Feed:
    """Give every version that took the place of another: what it corrects, when, and who signed it."""
    found, _ = await decisions.recent_corrections(limit=NEWEST)
    entries = [
        Entry(
            f"correction/{one.public_id}",
            Message(N_("Correction: %(title)s"), {"title": one.title}),
            Message(
                N_("%(words)s Articles changed: %(articles)s."),
                {"words": one.words, "articles": ", ".join(one.articles)},
            )
            if one.articles
            else one.words,
            f"/decisions/{one.decision}/versions/{one.number}/changes",
            one.released_at,
            one.released_at,
            author=f"{one.signed_by}, {one.signed_role}",
        )
        for one in found
    ]
    began = entries[-1].published_at if entries else _BEGAN
    return _feed("corrections", Message(N_("Corrections of decisions")), "/corrections", began, entries)


async def feed_of_proposal(public_id: str) -> Feed:
    """Give a proposal and the newest texts of its debate. Raises NotFound for what is not public."""
    proposal = await proposals.visible_proposal(STRANGER, public_id)
    page = f"/proposals/{public_id}"
    entries = []
    if proposal.is_public:
        row = {"body": proposal.body, "language": proposal.language, "author_name": proposal.author_name}
        when = {"submitted_at": proposal.submitted_at, "written_at": proposal.written_at}
        entries.append(_said(f"proposal/{public_id}", page, proposal.title, {**row, **when}))
        thread = await debates.thread_on(f"proposal/{public_id}")
        for said in await database.rows(_COMMENTS, thread.id, NEWEST) if thread else ():
            key = said["public_id"]
            entries.append(_said(f"comment/{key}", f"/comments/{key}", "", said))
    return _feed(f"proposal/{public_id}", proposal.title, page, proposal.submitted_at, entries)


async def feed_of_theme(public_id: str) -> Feed:
    """Give the editions that tell a theme, the decisions on its questions. NotFound until one tells it."""
    found = await synthesis.public_theme(public_id)
    entries = _editions(found.synthesis)
    questions = {issue.id for issue in found.synthesis.issues}
    for decision in await decisions.published_decisions(found.synthesis.process.id):
        if questions & {issue.id for issue in decision.issues}:
            entries += _versions(decision)
    began = found.synthesis.released[-1].released_at or found.edition.signed_at
    return _feed(f"theme/{public_id}", found.theme.title, f"/themes/{public_id}", began, entries)


def _editions(found: SynthesisCard) -> list[Entry]:
    return [
        Entry(
            f"synthesis/{one.public_id}",
            Message(N_("Synthesis: %(title)s"), {"title": one.title}),
            one.changes or one.introduction,
            f"/syntheses/{found.public_id}/editions/{one.number}",
            one.released_at,
            one.released_at,
            author=one.signed_by,
        )
        for one in found.released
        if one.released_at is not None
    ]


def _said(key: str, path: str, title: str, row: dict[str, object]) -> Entry:
    """Make an entry of somebody's words; without a title, their beginning is it."""
    plain = text.plain(str(row["body"]))
    return Entry(
        key=key,
        title=title or text.excerpt(plain, 90),
        words=text.excerpt(plain, _EXCERPT),
        path=path,
        published_at=database.moment(row["submitted_at"]),
        updated_at=max(database.moment(row["submitted_at"]), database.moment(row["written_at"])),
        author=str(row["author_name"]),
        language=str(row["language"]),
    )


def _feed(
    key: str, title: Message | Localized | str, path: str, began: datetime, entries: list[Entry]
) -> Feed:
    newest = sorted(entries, key=lambda one: (one.updated_at, one.key), reverse=True)[:NEWEST]
    return Feed(f"feed/{key}", title, path, f"{path}/feed.atom", began, tuple(newest))
