"""Follow something with an account, or ask for it by mail and confirm the address."""

from __future__ import annotations

from civic.accounts import actions as accounts
from civic.accounts import queries as people
from civic.accounts.queries import LinkPurpose
from civic.following import queries
from civic.following.forms import PACES, Wish
from civic.following.queries import Subject
from civic.foundation import database, limits
from civic.foundation.errors import Message, NotFound
from civic.foundation.viewer import Viewer
from civic.notices import actions as notices
from civic.notices.actions import Recipient
from civic.notices.models import Pace


async def follow_with_account(viewer: Viewer, subject: Subject, pace: Pace) -> None:
    """Follow a thing with one's account."""
    if viewer.participant is None:
        raise NotFound
    async with database.transaction():
        await limits.spend("follow_person", str(viewer.participant))
        await notices.follow(await people.recipient_of(viewer.participant), subject.key, pace)


async def allow_mail(wish: Wish, network: str) -> None:
    """Count a request to follow by mail, known address or not. Raises TooMany."""
    await limits.spend("follow_network", network)
    await limits.spend("follow_address", people.address_key(wish.address))


async def ask_by_mail(subject: Subject, wish: Wish, language: str) -> None:
    """Mail the link that confirms the address: the same message, whoever has the address."""
    await accounts.send_link(
        LinkPurpose.FOLLOW,
        wish.address,
        language,
        notice_kind="follow.confirm",
        path_template="/following/links/{token}",
        subject=subject.key,
        data={"pace": wish.pace.value, "language": language},
        notice_data={"name": subject.name, "pace": Message(PACES[wish.pace])},
    )


async def confirm_by_mail(token: str) -> Subject:
    """Use a mailed link: follow what it names from now on. Raises NotFound when it is good for nothing.

    Who has an account with the address follows with it.
    """
    async with database.transaction():
        link = await accounts.follow_link(token, LinkPurpose.FOLLOW)
        found = await queries.subject(link.subject)
        if found is None:
            raise NotFound
        known = await people.person_at(link.address)
        to = known.recipient if known else Recipient("", link.address, str(link.data.get("language") or "fr"))
        await notices.follow(to, found.key, Pace(str(link.data["pace"])))
    return found


async def adopt_follows(participant_id: int, address: str) -> None:
    """Give an account what its address followed before it was theirs."""
    to = await people.recipient_of(participant_id)
    await notices.adopt(to.key, people.address_key(address), to.language)
