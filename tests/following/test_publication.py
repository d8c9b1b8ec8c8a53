"""A correction reaches those who follow its article; whoever was written to as a guest is not told twice."""

from __future__ import annotations

import pytest

from civic.app import handlers, subscribe
from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.decisions import actions as deciding
from civic.decisions.forms import ProvisionDraft, PublicationDraft
from civic.decisions.queries import decision_by_id
from civic.foundation import database, queue
from civic.notices import actions as notices
from civic.notices.actions import Recipient
from civic.notices.models import Notice, Pace
from civic.proposals import actions as proposals
from civic.proposals.forms import ProposalDraft
from civic.proposals.queries import visible_proposal
from tests import cast
from tests.following.test_following import follow, news_of, publish

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _house():
    subscribe()


async def work():
    await queue.work_off(handlers())
    await notices.write_due()


async def test_a_new_version_of_an_article_is_told_when_it_is_published():
    process, zoe, bo = await cast.a_process(), await cast.a_person("Zoe"), await cast.a_person("Bo")
    decision, article = await publish(process)
    with cast.after_the_freeze(process, days=2):
        await work()
        await follow(zoe, f"provision/{article.public_id}")
        await follow(bo, f"process/{process.public_id}")
        otto = await cast.a_person("Otto", "official", process=process.public_id)
        draft = ProvisionDraft(article.heading, {"fr": "Fermée à midi.", "en": "Closed at noon."}, {}, {})
        await deciding.write_provision(
            otto, decision, draft, provision=article.public_id, expected_version=article.version
        )
        await work()
        assert await news_of(zoe) == [], "a draft is told to nobody"
        maker = await cast.a_person("Dora", "decision_maker", process=process.public_id)
        why = PublicationDraft(
            role="Mayor", at=None, with_banner=False, correction={"en": "The hour was wrong."}
        )
        await deciding.publish(maker, await decision_by_id(decision.id), why)
        await work()
    (told,) = await news_of(zoe)
    assert "A new version of this article is published." in str(told.data)
    (told,) = await news_of(bo)
    assert "A correction of the decision" in str(told.data)


async def test_a_guest_who_was_told_personally_is_not_told_twice():
    process = await cast.a_process()
    author = cast.a_guest()
    draft = ProposalDraft("A bench at the quay", "To sit down and look.", process.issues[0].public_id)
    receipt = await proposals.submit_proposal(author, process, draft)
    key = receipt.contribution.public_id
    await register.confirm((await said.contribution_by_public_id(key)).id)
    proposal = await visible_proposal(cast.SYSTEM, key)
    async with database.transaction():
        for address in (author.guest_address, "other@town.example"):
            await notices.follow(Recipient("", address, "en"), f"proposal/{key}", Pace.ONCE)
    await publish(process, proposal)
    with cast.after_the_freeze(process):
        await work()
    told = await Notice.filter(kind__in=("decision.published", "follow.news")).order_by("address")
    assert [(one.address, one.kind) for one in told] == [
        ("other@town.example", "follow.news"),
        ("zoe@town.example", "decision.published"),
    ]
