"""The people of the town: their accounts and the roles they hold."""

from typing import Any

from civic.accounts import actions as accounts
from civic.accounts import passwords
from civic.accounts.models import Participant, Role
from civic.accounts.queries import people_of
from civic.commands.town.reading import on, told
from civic.foundation import database, instance
from civic.foundation.viewer import Held, Viewer

PASSWORD = "saturday market 1887"  # noqa: S105 - printed for everybody who tries the example town
SETTLED = "2025-12-01 09:00"
REASON = "Équipe de la ville d’exemple"


async def settle() -> dict[str, Viewer]:
    """Make the accounts and give the roles; gives each person's card by the key of the files."""
    said = told("people")
    kept = await passwords.hash_password(PASSWORD)
    with on(SETTLED):
        async with database.transaction():
            await instance.change({"name": said["town"]["name"], "body": said["town"]["body"]["fr"]})
            await instance.change({"example": True})
        return {one["key"]: await _settle_one(one, kept) for one in said["people"]}


async def _settle_one(one: dict[str, Any], kept: str) -> Viewer:
    roles = [role["role"] for role in one.get("roles", ())]
    language = one.get("language", "fr")
    async with database.transaction():
        person = await accounts.make_account(one["name"], one["address"], language, password_hash=kept)
        await Participant.filter(id=person.id).update(title=one.get("title", ""))
        for role in roles:
            await accounts.grant_role(None, person.id, Role(role), "", REASON)
    card = (await people_of([person.id]))[person.id]
    return Viewer(
        participant=person.id,
        public_id=card.public_id,
        name=card.name,
        language=language,
        roles=frozenset(Held(role) for role in roles),
    )
