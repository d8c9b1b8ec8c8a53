"""What the tests of accounts do again and again: accounts with passwords, and the links of mails."""

from __future__ import annotations

import json

from civic.accounts import actions as accounts
from civic.accounts import passwords
from civic.accounts.models import Participant
from civic.foundation import cookies
from civic.foundation import database as db
from civic.foundation.viewer import Viewer
from tests.cast import PASSWORD, as_viewer

OTHER_PASSWORD = "the tram goes under my window"


MAILED = """
SELECT n.kind, n.data FROM mail m JOIN notice n ON n.id = m.notice_id WHERE n.address = ? ORDER BY m.id
"""


async def an_account(
    address: str, *, name: str = "Ada Belin", password: str | None = PASSWORD
) -> Participant:
    """Make a confirmed account."""
    kept = await passwords.hash_password(password) if password else None
    async with db.transaction():
        return await accounts.make_account(name, address, "en", password_hash=kept)


async def viewer_at(address: str) -> Viewer:
    """Look with the eyes of whoever has an address."""
    return await as_viewer((await Participant.get(address=address)).id)


async def mailed(address: str) -> list[tuple[str, str]]:
    """Give (kind, path of the button) of every mail owed to an address, oldest first."""
    found = await db.rows(MAILED, address)
    read = [(row["kind"], row["data"]) for row in found]
    return [(kind, (json.loads(data) if isinstance(data, str) else data)["path"]) for kind, data in read]


async def last_link(address: str) -> str:
    """Give the path of the newest mail's button."""
    return (await mailed(address))[-1][1]


def token_of(client) -> str | None:
    """Give the session token a browser holds."""
    return client.cookies.get(cookies.SESSION)
