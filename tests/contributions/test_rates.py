"""A person may send less on the first day of an account than later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.contributions import actions
from civic.contributions.forms import author_from
from civic.contributions.models import WrittenAs
from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import TooMany
from tests.cast import a_guest, a_person


async def sent_before_refusal(author, tries=120):
    """Count how many texts an author may send in one go."""
    for number in range(tries):
        try:
            async with db.transaction():
                await actions.spend_posting(author)
        except TooMany:
            return number
    return tries


async def test_newcomers_guests_and_regulars_have_their_own_pace(database):
    ada = await a_person("Ada")
    assert await sent_before_refusal(author_from(ada)) == 20
    assert await sent_before_refusal(a_guest()) == 10
    bo = await a_person("Bo")
    with clock.at(clock.now() + timedelta(days=2)):
        assert await sent_before_refusal(author_from(bo)) == 100
        assert await sent_before_refusal(author_from(bo, written_as=WrittenAs.OFFICIAL)) == 120


async def test_what_was_not_kept_was_not_counted(database):
    ada = await a_person("Ada")
    for _ in range(30):
        with pytest.raises(RuntimeError):
            async with db.transaction():
                await actions.spend_posting(author_from(ada))
                raise RuntimeError("the act failed")
    assert await sent_before_refusal(author_from(ada)) == 20
