"""What those who decide do themselves: signed in person, written in the debate."""

from __future__ import annotations

import pytest

from civic.accounts import actions as accounts
from civic.accounts.forms import AbsenceDraft
from civic.app import handlers
from civic.contributions.forms import author_from
from civic.contributions.models import Relation, WrittenAs
from civic.debates import actions as debates
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.decisions import actions
from civic.evaluation import queries
from civic.foundation import clock, queue
from tests.cast import a_person, after_the_freeze, as_viewer, in_days
from tests.conftest import visitor
from tests.decisions.desk import a_town, read
from tests.decisions.test_publication import SIGNED, answered
from tests.evaluation.test_pages import published

pytestmark = pytest.mark.usefixtures("database")


async def test_a_decision_maker_counts_once_they_wrote_in_their_role(database):
    town = await a_town()
    await a_person("Dan Dale", "decision_maker", process=town.process.public_id)
    assert (await queries.presence_of(town.process)).wrote == queries.Share(0, 2)
    thread = await thread_on(f"proposal/{town.proposal}")
    as_anybody = author_from(town.dora)
    await debates.post_comment(as_anybody, thread, CommentDraft("I like it.", Relation.SUPPORTS, None))
    assert (await queries.presence_of(town.process)).wrote == queries.Share(0, 2)
    in_role = author_from(town.dora, written_as=WrittenAs.OFFICIAL)
    for words in ("The budget allows it.", "I will come and look."):
        await debates.post_comment(in_role, thread, CommentDraft(words, Relation.ANSWERS, None))
    assert (await queries.presence_of(town.process)).wrote == queries.Share(1, 2)


async def test_answers_signed_in_person_are_counted_by_quarter(app):
    town = await a_town()
    with after_the_freeze(town.process) as moment:
        await answered(town)
        await published(town)
        found = await queries.presence_of(town.process)
        day = clock.local_day(moment)
        assert found.signed == queries.Share(2, 2)
        assert [(one.year, one.number) for one in found.quarters] == [(day.year, (day.month + 2) // 3)]
        shown = await read(visitor(app), f"/processes/{town.process.slug}/evaluation")
        assert "Answers they signed themselves" in shown
        assert "Decision makers who wrote in the debate" in shown


async def test_what_a_substitute_signs_is_not_signed_in_person(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        away = AbsenceDraft(town.otto.public_id or "", clock.local_day(clock.now()), in_days(7))
        await accounts.name_substitute(town.dora, away)
        otto = await as_viewer(town.otto.participant or 0)
        await actions.publish(otto, town.decision, SIGNED)
        await queue.work_off(handlers())
        assert (await queries.presence_of(town.process)).signed == queries.Share(0, 2)


async def test_presence_costs_the_same_whatever_was_answered(database, count_queries):
    town = await a_town()
    with count_queries() as before:
        await queries.presence_of(town.process)
    with after_the_freeze(town.process):
        await answered(town)
        await published(town)
        with count_queries() as after:
            await queries.presence_of(town.process)
    assert after.count == before.count == 3
