"""Who is looking: the session, the roles of today, and what its codes opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Held, Viewer

IDLE = timedelta(days=14)
STAFF_IDLE = timedelta(hours=1)
STAFF_LIFE = timedelta(hours=12)
"""After this long unused, or alive for people who hold a role, a session is over."""

_SESSION = """
SELECT s.id, s.participant_id, s.created_at, s.seen_at, p.public_id, p.name, p.language
FROM session s LEFT JOIN participant p ON p.id = s.participant_id
WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ? AND s.seen_at > ?
  AND (s.participant_id IS NULL OR (p.disabled_at IS NULL AND p.erased_at IS NULL))
"""
_RIGHTS = """
SELECT 'role' AS what, g.role AS name, g.scope AS place
FROM role_grant g LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE r.id IS NULL AND g.participant_id = ?
UNION
SELECT 'role', g.role, g.scope
FROM absence a
JOIN participant p ON p.id = a.participant_id
JOIN role_grant g ON g.participant_id = a.participant_id
LEFT JOIN role_revocation r ON r.grant_id = g.id
WHERE a.substitute_id = ? AND a.ended_at IS NULL AND a.starts_on <= ? AND a.ends_on >= ?
  AND r.id IS NULL AND g.role <> 'administrator' AND p.disabled_at IS NULL
UNION
SELECT 'pass', contribution, '' FROM session_pass WHERE session_id = ?
"""
_BEGAN = "SELECT created_at FROM session WHERE id = ? AND ended_at IS NULL"
_THEIRS = """
SELECT id, token_hash, created_at, seen_at, label FROM session
WHERE participant_id = ? AND ended_at IS NULL AND expires_at > ? AND seen_at > ?
ORDER BY seen_at DESC, id DESC LIMIT 100
"""
SESSION_KEY = 16
"""How much of a token's digest names a session to its owner."""


@dataclass(frozen=True)
class Visit:
    """A viewer, and whether the time they were last seen should be written down."""

    viewer: Viewer
    seen_at: datetime


async def viewer_of(token: str) -> Viewer | None:
    """Tell who holds a session's token, with the roles of today; None when the session is over."""
    visit = await visit_of(token)
    return visit.viewer if visit else None


async def visit_of(token: str) -> Visit | None:
    """Tell who holds a session's token and when they were last seen."""
    now = clock.now()
    found = await database.rows(_SESSION, ids.hash_token(token), now, now - IDLE)
    if not found:
        return None
    session = found[0]
    today = clock.local_day(now)
    person = session["participant_id"]
    held = await database.rows(_RIGHTS, person, person, today, today, session["id"])
    roles = frozenset(Held(row["name"], row["place"] or None) for row in held if row["what"] == "role")
    seen_at = database.moment(session["seen_at"])
    if roles and _is_over_for_staff(database.moment(session["created_at"]), seen_at, now):
        return None
    viewer = Viewer(
        participant=person,
        public_id=session["public_id"],
        name=session["name"] or "",
        language=session["language"],
        roles=roles,
        passes=frozenset(row["name"] for row in held if row["what"] == "pass"),
        session=session["id"],
    )
    return Visit(viewer, seen_at)


def _is_over_for_staff(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return created_at <= now - STAFF_LIFE or seen_at <= now - STAFF_IDLE


@dataclass(frozen=True)
class OpenSession:
    """One of a person's signed-in browsers, named by the start of a digest."""

    key: str
    label: str
    began_at: datetime
    seen_at: datetime
    is_this_one: bool


async def session_began(viewer: Viewer) -> datetime:
    """Tell when the person showed who they are. Raises NotFound without a session."""
    found = await database.rows(_BEGAN, viewer.session)
    if not found:
        raise NotFound
    return database.moment(found[0]["created_at"])


async def sessions_of(viewer: Viewer) -> list[OpenSession]:
    """List one's own open sessions, the most recently used first."""
    now = clock.now()
    found = await database.rows(_THEIRS, viewer.participant, now, now - IDLE)
    return [
        OpenSession(
            key=row["token_hash"][:SESSION_KEY],
            label=row["label"],
            began_at=database.moment(row["created_at"]),
            seen_at=database.moment(row["seen_at"]),
            is_this_one=row["id"] == viewer.session,
        )
        for row in found
    ]
