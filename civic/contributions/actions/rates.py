"""How often one person may send words: less on the first day of an account, less again without one."""

from __future__ import annotations

from datetime import timedelta

from civic.accounts import queries as people
from civic.contributions.forms import Author
from civic.contributions.models import WrittenAs
from civic.foundation import clock, database, limits

FIRST_DAY = timedelta(days=1)
_SINCE = "SELECT created_at FROM participant WHERE id = ?"


async def spend_posting(author: Author) -> None:
    """Use up part of what an author may send; who speaks for the public body is not counted."""
    if author.written_as is not WrittenAs.PARTICIPANT:
        return
    if author.participant_id is not None and author.public_id is not None:
        await limits.spend(await _bucket(author.participant_id), author.public_id)
    elif author.guest_address is not None:
        await limits.spend("post_guest", people.address_key(author.guest_address))


async def _bucket(participant_id: int) -> str:
    found = await database.rows(_SINCE, participant_id)
    is_new = bool(found) and clock.now() - database.moment(found[0]["created_at"]) < FIRST_DAY
    return "post_newcomer" if is_new else "post_participant"
