"""R1 and what surrounds it: the gate, the hold, the banner, the correction."""

from __future__ import annotations

import pytest

from civic.decisions import actions, queries
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.models import Release
from civic.foundation import queue
from civic.foundation.errors import Refused
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.cast import (
    a_comment,
    a_decision,
    a_note,
    a_person,
    a_process,
    a_proposal,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
    claim_of,
)

SIGNED = PublicationDraft(role="Deputy mayor", at=None, with_banner=False, correction={})
BANNER = PublicationDraft(role="Deputy mayor", at=None, with_banner=True, correction={})


async def test_a_decision_answers_every_point_and_tells_each_person_once(database):
    process = await a_process()
    here = process.public_id
    otto = await a_person("Otto Ohm", "official", process=here)
    olga = await a_person("Olga Orr", "reviewer", process=here)
    dora = await a_person("Dora Diaz", "decision_maker", process=here)
    ada, bo = await a_person("Ada Alm"), await a_person("Bo Birk")
    proposal = await a_proposal(ada, process)
    comment = await a_comment(bo, proposal)
    decision = await a_decision(otto, process, maker=dora)
    article = await an_article(otto, decision)
    first, second = await claim_of(proposal.public_id), await claim_of(comment.contribution.public_id)
    with after_the_freeze(process):
        await actions.draft_answer(otto, first.public_id, an_adoption(article), expected_version=0)
        await actions.draft_answer(otto, second.public_id, a_refusal(), expected_version=0)
        with pytest.raises(Refused, match="second person"):
            await actions.publish(dora, decision, SIGNED)
        await actions.review(olga, second.public_id, ReviewDraft(True, ""), expected_version=1)
        version = await actions.publish(dora, decision, SIGNED)
        assert version.released_at is not None
        assert version.unanswered == 0
        from civic.app import handlers

        await queue.work_off(handlers())
        outcome = await queries.outcome_of_claim(second.id)
        assert outcome is not None
        assert outcome.outcome == "declined"
        assert outcome.stated.signed_role == "Deputy mayor"
        rows, _ = await queries.outcomes_of(version.id, queries.OutcomeFilter())
        assert [one.outcome for one in rows] == ["declined", "adopted"]
    told = await Notice.filter(kind="decision.published")
    assert sorted(one.recipient for one in told) == sorted(
        f"participant/{one.public_id}" for one in (ada, bo)
    )
    types = [entry.type for entry in await leaves_of(decision.public_id)]
    assert types == ["decision.drafted", "decision.published"]
    assert [entry.type for entry in await leaves_of(outcome.public_id)] == [
        "disposition.drafted",
        "disposition.reviewed",
        "disposition.published",
    ]
    assert await Release.all().count() == 1


async def test_the_banner_counts_what_is_missing_for_good(database):
    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    proposal = await a_proposal(await a_person("Ada Alm"), process)
    comment = await a_comment(await a_person("Bo Birk"), proposal)
    decision = await a_decision(otto, process, maker=dora)
    claim = await claim_of(comment.contribution.public_id)
    with after_the_freeze(process):
        await actions.draft_answer(otto, claim.public_id, a_note(), expected_version=0)
        with pytest.raises(Refused):
            await actions.publish(dora, decision, SIGNED)
        version = await actions.publish(dora, decision, BANNER)
        assert version.unanswered == 1
        page, _ = await queries.recent_decisions()
        assert [one.public_id for one in page] == [decision.public_id]
