"""Act once per form, however often it is sent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict

KEPT = timedelta(days=30)
"""How long a form that was sent is remembered."""

_CLAIM = """
INSERT INTO form_key (key, digest, created_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING
"""
_SETTLE = "UPDATE form_key SET location = ? WHERE key = ?"
_FIND = "SELECT digest, location FROM form_key WHERE key = ?"
_FORGET = "DELETE FROM form_key WHERE created_at < ?"


async def once(form_key: str, digest: str, act: Callable[[], Awaitable[str]]) -> str:
    """Run the act in one transaction, once per key; answer the place it gave, now and to every repetition.

    Repetitions that arrive while it runs wait for it. Raises Conflict when the key comes back with
    another digest: another text must not vanish silently.
    """
    key = ids.hash_token(form_key)
    # Under the form's own key, which is kept nowhere: the digest tells nothing of short private words.
    digest = ids.hash_token(f"{form_key} {digest}")
    async with database.transaction():
        if await database.execute(_CLAIM, key, digest, clock.now()):
            location = await act()
            await database.execute(_SETTLE, location, key)
            return location
        (first,) = await database.rows(_FIND, key)
    if first["digest"] != digest:
        raise Conflict(N_("This form was already sent with other words. Open it again to send these."))
    return str(first["location"])


async def forget() -> None:
    """Let go of forms sent long ago."""
    await database.execute(_FORGET, clock.now() - KEPT)
