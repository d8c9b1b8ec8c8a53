"""Lists of what is public, for everybody alike: processes, proposals, comments, what moderators decided.

A cursor is the public id of the last thing given, so that a list read while it grows neither skips nor
repeats what was there. A list of more than a page costs the same at any place in it.
"""

from __future__ import annotations

from typing import Any

from civic.contributions.models import Kind, Relation, Visibility, WrittenAs
from civic.debates import queries as debates
from civic.foundation import clock, database
from civic.foundation.errors import N_, NotFound
from civic.foundation.ids import is_key
from civic.foundation.viewer import STRANGER
from civic.moderation import queries as moderation
from civic.moderation.models import Measure
from civic.opendata import addresses
from civic.opendata.shapes import PublicComment, PublicIssue, PublicMeasure, PublicPhase, PublicProcess
from civic.opendata.shapes import PublicProposal as Proposal
from civic.processes import queries as processes
from civic.processes.models import Category
from civic.processes.queries import IssueCard, ListStanding, ProcessPage

PAGE = 20
MOST = 100
_LAST = 2**62
_NO_CURSOR = N_("No list has this cursor: begin again without it.")
_PROPOSALS = """
SELECT o.id AS place, o.public_id AS id, c.number, p.slug AS process, i.public_id AS issue,
       t.public_id AS debate, v.title, v.body AS text, c.language, c.capacity AS category,
       b.public_id AS organisation, c.written_as, c.visibility, c.version, c.after_freeze,
       o.endorsement_count AS endorsements,
       t.comment_count AS comments, o.submitted_at, v.written_at, c.source_url
FROM proposal o
JOIN contribution c ON c.id = o.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
JOIN thread t ON t.id = o.thread_id
JOIN process p ON p.id = o.process_id
JOIN issue i ON i.id = o.issue_id
LEFT JOIN organisation b ON b.id = c.organisation_id
WHERE p.state <> 'draft'
"""
_ONE = _PROPOSALS + " AND o.public_id = ? AND c.visibility IN ('public', 'restricted', 'withdrawn')"
_ALL = _PROPOSALS + " AND c.visibility = 'public' AND o.id < ? ORDER BY o.id DESC LIMIT ?"
_OF_PROCESS = (
    _PROPOSALS + " AND o.process_id = ? AND c.visibility = 'public' AND o.id < ? ORDER BY o.id DESC LIMIT ?"
)
_PLACE = "SELECT id FROM proposal WHERE public_id = ?"
_COMMENTS = """
SELECT m.public_id AS id, c.number, a.public_id AS parent, m.depth, m.relation, v.body AS text, c.language,
       c.capacity AS category, c.written_as, c.visibility, c.version, c.after_freeze,
       m.insight_count AS insights, c.submitted_at, v.written_at
FROM comment m
JOIN contribution c ON c.id = m.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN comment a ON a.id = m.parent_id
WHERE m.thread_id = ? AND m.path > ? AND c.visibility IN ('public', 'restricted', 'withdrawn')
ORDER BY m.path LIMIT ?
"""
_PATH = "SELECT path FROM comment WHERE thread_id = ? AND public_id = ?"

Row = dict[str, Any]


async def public_processes(
    standing: ListStanding | None, after: str | None
) -> tuple[tuple[PublicProcess, ...], str | None]:
    """List the processes that are not drafts, newest first."""
    if after is not None and (await _public_process(after)).opened_at is None:
        raise NotFound(_NO_CURSOR)
    found = await processes.listing(standing, after=after)
    return tuple(process_shape(one) for one in found.processes), found.after


async def public_process(slug: str) -> PublicProcess:
    """Give one process, unless it is a draft."""
    return process_shape(await processes.visible_process(STRANGER, slug))


async def public_proposals(
    slug: str | None, after: str | None, limit: int
) -> tuple[tuple[Proposal, ...], str | None]:
    """List the proposals that can be read, the newest first; of one process if it is named."""
    place = await _cursor(_PLACE, after, by=after) if after else _LAST
    if slug is None:
        found = await database.rows(_ALL, place, limit + 1)
    else:
        process = await processes.visible_process(STRANGER, slug)
        found = await database.rows(_OF_PROCESS, process.id, place, limit + 1)
    return tuple(_proposal(row) for row in found[:limit]), _next(found, limit)


async def public_proposal(public_id: str) -> Proposal:
    """Give one proposal; a hidden or withdrawn one keeps its place, without its words."""
    found = await database.rows(_ONE, public_id) if is_key(public_id) else []
    if not found:
        raise NotFound
    return _proposal(found[0])


async def public_comments(
    debate: str, after: str | None, limit: int
) -> tuple[tuple[PublicComment, ...], str | None]:
    """List the comments of a debate in its order: each before those that answer it."""
    thread = await debates.visible_thread(STRANGER, debate) if is_key(debate) else None
    if thread is None:
        raise NotFound
    path = await _cursor(_PATH, thread.id, after, by=after) if after else ""
    found = await database.rows(_COMMENTS, thread.id, path, limit + 1)
    return tuple(_comment(row) for row in found[:limit]), _next(found, limit)


async def public_measures(
    measure: Measure | None, after: int | None
) -> tuple[tuple[PublicMeasure, ...], str | None]:
    """List what moderators decided, newest first."""
    found = await moderation.public_log(measure=str(measure or ""), before=after)
    shown = found[: moderation.PAGE]
    return tuple(_measure(row) for row in shown), str(shown[-1]["id"]) if len(found) > len(shown) else None


async def _public_process(public_id: str) -> ProcessPage:
    try:
        return await processes.process_by_public_id(public_id)
    except NotFound:
        raise NotFound(_NO_CURSOR) from None


async def _cursor(sql: str, *params: object, by: str) -> Any:
    found = await database.rows(sql, *params) if is_key(by) else []
    if not found:
        raise NotFound(_NO_CURSOR)
    return next(iter(found[0].values()))


def _next(found: list[Row], limit: int) -> str | None:
    return str(found[limit - 1]["id"]) if len(found) > limit else None


def process_shape(one: ProcessPage) -> PublicProcess:
    """Make the public shape of a process."""
    now = clock.now()
    return PublicProcess(
        id=one.public_id,
        slug=one.slug,
        code=one.code,
        title=one.title,
        summary=one.summary,
        state=one.state,
        profile=one.profile,
        is_example=one.is_example,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        phases=tuple(
            PublicPhase(phase.kind, phase.starts_at, phase.over_at, phase.is_open(now))
            for phase in one.phases
        ),
        issues=tuple(issue_shape(issue, one.slug) for issue in one.issues),
        url=addresses.process(one.slug),
    )


def issue_shape(issue: IssueCard, slug: str) -> PublicIssue:
    """Make the public shape of a question."""
    return PublicIssue(
        id=issue.public_id,
        number=issue.number,
        title=issue.title,
        description=issue.description,
        freeze_at=issue.freeze_at,
        url=addresses.issue(slug, issue.public_id),
    )


def _said(row: Row) -> Row:
    """Read what proposals and comments share; words that may not be read are left out."""
    is_shown = row["visibility"] == Visibility.PUBLIC
    return {
        **row,
        "text": row["text"] if is_shown else "",
        "category": Category(row["category"]) if row["category"] and is_shown else None,
        "written_as": WrittenAs(row["written_as"]),
        "visibility": Visibility(row["visibility"]),
        "after_freeze": bool(row["after_freeze"]),
        "submitted_at": database.moment(row["submitted_at"]),
        "written_at": database.moment(row["written_at"]),
        "trace_url": addresses.contribution(row["number"]),
    }


def _proposal(row: Row) -> Proposal:
    said = _said(row)
    if said["visibility"] is not Visibility.PUBLIC:
        said |= {"title": "", "organisation": None}
    said.pop("place")
    return Proposal(**said, url=addresses.proposal(row["id"]))


def _comment(row: Row) -> PublicComment:
    relation = Relation(row["relation"]) if row["relation"] else None
    return PublicComment(**{**_said(row), "relation": relation}, url=addresses.comment(row["id"]))


def _measure(row: Row) -> PublicMeasure:
    return PublicMeasure(
        measure=Measure(row["measure"]),
        decided_at=row["decided_at"],
        process=row["slug"],
        kind=Kind(row["kind"]) if row["kind"] else None,
        rule=row["rule"],
        effect=row["effect"],
        duration=row["duration"],
        source=row["source_type"],
        statement_url=addresses.statement(row["statement"]) if row["statement"] else None,
        appealed_at=row["filed_at"],
        appeal_is_upheld=None if row["is_upheld"] is None else bool(row["is_upheld"]),
        ruled_at=row["ruled_at"],
    )
