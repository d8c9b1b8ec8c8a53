"""Sessions: a new token at each sign-in, ended one by one or all at once."""

from datetime import timedelta

from civic.accounts.models import Participant, Session
from civic.accounts.queries import SESSION_KEY, visit_of
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer

LIFE = timedelta(days=30)
_SEEN_EVERY = timedelta(minutes=5)
_SEEN = "UPDATE session SET seen_at = ? WHERE id = ? AND seen_at <= ?"
_OPEN = """
INSERT INTO session_pass (session_id, contribution, opened_at) VALUES (?, ?, ?)
ON CONFLICT (session_id, contribution) DO NOTHING
"""


async def recognise(token: str) -> Viewer | None:
    """Tell who holds a session's token, and note now and then that they were seen."""
    visit = await visit_of(token)
    if visit is None:
        return None
    now = clock.now()
    if visit.seen_at <= now - _SEEN_EVERY:
        await database.execute(_SEEN, now, visit.viewer.session, now - _SEEN_EVERY)
    return visit.viewer


async def open_session(participant: Participant, label: str, *, instead_of: int | None = None) -> str:
    """Open a session for a person who has shown who they are; what a guest had opened by code stays open."""
    token, now = ids.token(), clock.now()
    session = await Session.create(
        token_hash=ids.hash_token(token),
        participant_id=participant.id,
        created_at=now,
        seen_at=now,
        expires_at=now + LIFE,
        label=label[:120],
    )
    if instead_of is not None:
        await _hand_over(instead_of, session.id, participant.id)
    return token


async def _hand_over(old: int, new: int, participant_id: int) -> None:
    """End the session a sign-in replaces; its opened contributions follow, unless it was somebody else's."""
    replaced = await Session.get_or_none(id=old, ended_at=None)
    if replaced is None:
        return
    if replaced.participant_id in (None, participant_id):
        for opened in await database.rows("SELECT contribution FROM session_pass WHERE session_id = ?", old):
            await database.execute(_OPEN, new, opened["contribution"], clock.now())
    await Session.filter(id=old).update(ended_at=clock.now())


async def open_pass(viewer: Viewer, contribution: str, *, label: str = "") -> str | None:
    """Open a contribution to this browser by its secret code (already checked by the caller).

    Give the token of a new guest session to be set as cookie, or None when the session at hand serves.
    """
    token = None
    async with database.transaction():
        session = viewer.session
        if session is None:
            token, now = ids.token(), clock.now()
            opened = await Session.create(
                token_hash=ids.hash_token(token),
                participant_id=None,
                created_at=now,
                seen_at=now,
                expires_at=now + timedelta(days=1),
                label=label[:120],
            )
            session = opened.id
        await database.execute(_OPEN, session, contribution, clock.now())
    return token


async def sign_out(viewer: Viewer) -> None:
    """End the session of this browser."""
    async with database.transaction():
        await Session.filter(id=viewer.session, ended_at=None).update(ended_at=clock.now())


async def end_session(viewer: Viewer, key: str) -> None:
    """End one of one's own sessions, named by the key of its list. Raises NotFound for anybody else's."""
    if viewer.participant is None or len(key) < SESSION_KEY:
        raise NotFound
    async with database.transaction():
        theirs = Session.filter(token_hash__startswith=key, participant_id=viewer.participant, ended_at=None)
        if not await theirs.update(ended_at=clock.now()):
            raise NotFound


async def end_other_sessions(viewer: Viewer) -> int:
    """End all one's sessions but the one of this browser; tell how many there were."""
    async with database.transaction():
        return await end_sessions(viewer.participant, but=viewer.session)


async def end_sessions(participant_id: int | None, *, but: int | None = None) -> int:
    """End the sessions of a person, whoever asks: the caller has checked."""
    if participant_id is None:
        return 0
    theirs = Session.filter(participant_id=participant_id, ended_at=None)
    if but is not None:
        theirs = theirs.exclude(id=but)
    return await theirs.update(ended_at=clock.now())
