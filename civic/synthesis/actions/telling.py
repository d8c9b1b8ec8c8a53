"""Write to an author about their points, once their contact budget allows it: all texts in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.contributions import queries as contributions
from civic.contributions.queries import ContributionCard
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound, counted
from civic.notices import actions as notices
from civic.notices.actions import Kept, Recipient
from civic.notices.models import Request
from civic.synthesis.queries.checks import CheckCard, check_by_public_id
from civic.synthesis.rules import DAYS_TO_CHECK

_BEGIN = "UPDATE understanding_check SET token_hash = ?, silent_at = ? WHERE id = ? AND silent_at IS NULL"


@dataclass(frozen=True)
class Asked:
    """A check whose author is being written to, with the token of its link."""

    check: CheckCard
    contribution: ContributionCard
    token: str
    until: datetime

    @property
    def link(self) -> str:
        return f"/checks/{self.token}"

    @property
    def own(self) -> str:
        return f"/contributions/{self.contribution.number}/check"


def silent_from(asked_at: datetime) -> datetime:
    """Give the end of the days an author has to say something, counted from when they were really asked."""
    return clock.end_of_day(clock.local_day(asked_at) + timedelta(days=DAYS_TO_CHECK))


async def ask_kept_checks() -> int:
    """Ask the authors whose contact budget allows it by now."""
    return await notices.ask_waiting(Request.CHECK, tell_checks)


async def tell_checks(kept: Sequence[Kept]) -> frozenset[str]:
    """Write one message to one author about the checks that wait for them; give what was really said.

    A check that was answered meanwhile, or whose text was withdrawn, hidden or cut again, is left out. The
    days to answer begin now.
    """
    found: list[Asked] = []
    to: Recipient | None = None
    for one in kept:
        if (asked := await _begin(one.about.removeprefix("check/"))) is not None:
            found.append(asked)
            to = to or await contributions.recipient_of(asked.contribution)
    if to is None:
        return frozenset()
    await (_tell_one(to, found[0]) if len(found) == 1 else _tell_several(to, found))
    return frozenset(f"check/{one.check.public_id}" for one in found)


async def _begin(public_id: str) -> Asked | None:
    try:
        check, contribution, _ = await check_by_public_id(public_id)
    except NotFound:
        return None
    token, until = ids.token(), silent_from(clock.now())
    if not contribution.is_public or not await database.execute(
        _BEGIN, ids.hash_token(token), until, check.id
    ):
        return None
    return Asked(check, contribution, token, until - timedelta(minutes=1))


async def _tell_one(to: Recipient, one: Asked) -> None:
    """Mail the link, which alone opens the check; an account also finds it in its list, without the link."""
    about = f"contribution/{one.contribution.public_id}"
    data = {"number": one.contribution.number, "until": one.until}
    key = one.check.public_id
    await notices.notify(
        to,
        "check.link",
        about=about,
        data={**data, "path": one.link},
        once_key=f"check.link/{key}",
        in_app=False,
    )
    if one.contribution.author_id is not None:
        await notices.notify(
            to,
            "check.sent",
            about=about,
            data={**data, "path": one.own},
            once_key=f"check.sent/{key}",
            mail=False,
        )


async def _tell_several(to: Recipient, several: Sequence[Asked]) -> None:
    """Mail one link for each text; what became void meanwhile opens nothing, so the others stay."""
    key = several[0].check.public_id
    data = {
        "texts": counted("%(count)s text", "%(count)s texts", len(several)),
        "until": several[0].until,
    }
    links = [{"text": one.contribution.number, "label": "", "path": one.link} for one in several]
    await notices.notify(
        to,
        "checks.link",
        about=f"check/{key}",
        data={**data, "path": several[0].link, "items": links},
        once_key=f"check.link/{key}",
        in_app=False,
    )
    if several[0].contribution.author_id is not None:
        own = [{"text": one.contribution.number, "label": "", "path": one.own} for one in several]
        await notices.notify(
            to,
            "checks.sent",
            about=f"check/{key}",
            data={**data, "path": several[0].own, "items": own},
            once_key=f"check.sent/{key}",
            mail=False,
        )
