"""Second doors of decisions: groups across decisions, the absent signer as reader, silent corrections."""

from __future__ import annotations

import pytest

from civic.accounts import actions as accounts
from civic.accounts.forms import AbsenceDraft
from civic.contributions import actions as register
from civic.decisions import actions, queries
from civic.decisions.forms import AppealDraft, PublicationDraft, ReviewDraft, RulingDraft
from civic.decisions.models import AppealGround, Finding
from civic.foundation import clock
from civic.foundation.errors import Invalid, NotFound, Refused
from tests.cast import (
    a_note,
    a_person,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
    as_viewer,
    in_days,
)
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, read

SIGNED = PublicationDraft(role="Deputy mayor", at=None, with_banner=False, correction={})


async def answered(town: Town) -> None:
    """Answer both points of a town."""
    article = await an_article(town.otto, town.decision)
    await actions.draft_answer(town.otto, town.first.public_id, an_adoption(article), expected_version=0)
    await actions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    await actions.review(town.olga, town.second.public_id, ReviewDraft(True, ""), expected_version=1)


async def test_a_group_holds_points_of_its_own_decision_only(database):
    here, there = await a_town(), await a_town()
    both = await a_person("Ottilie", "official")
    group = actions.GroupDraft({"en": "All"}, {here.first.public_id: 0, there.first.public_id: 0})
    with pytest.raises(NotFound):
        await actions.answer_together(both, here.decision, a_refusal(), group)
    for town in (here, there):
        await actions.draft_answer(both, town.first.public_id, a_refusal(), expected_version=0)
    written = actions.GroupDraft({"en": "All"}, dict.fromkeys(group.points, 1))
    with pytest.raises(NotFound):
        await actions.declare_group(both, here.decision, written)


async def test_an_appeal_is_not_read_by_who_the_answer_was_signed_for(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        today = clock.local_day(clock.now())
        away = AbsenceDraft(town.otto.public_id or "", today, in_days(7))
        await accounts.name_substitute(town.dora, away)
        otto = await as_viewer(town.otto.participant or 0)
        await actions.publish(otto, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        draft = AppealDraft(AppealGround.UNANSWERED, "You speak of the bus.")
        appeal = await actions.file_appeal(town.bo, outcome.public_id, draft)
        place = await queries.appeal_place(appeal.public_id, town.dora.participant)
        assert town.dora.participant in place.chain
        with pytest.raises(Refused, match="took part"):
            ruling = RulingDraft(Finding.DISMISSED, {"en": "The answer stands."}, "")
            await actions.rule_on_appeal(town.dora, appeal.public_id, ruling)
        assert not await queries.waiting_appeals(town.dora.participant, [town.process.id])
        assert await queries.waiting_appeals(town.olga_as_official.participant, [town.process.id])


async def test_a_correction_says_what_it_corrects_whichever_way_it_comes(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        await actions.draft_answer(town.otto, town.second.public_id, a_note(), expected_version=1)
        with pytest.raises(Invalid) as wrong:
            await actions.publish(town.dora, await queries.decision_by_id(town.decision.id), SIGNED)
        assert "correction" in wrong.value.errors


async def test_a_text_shown_again_after_the_publication_is_counted_on_its_banner(app):
    town = await a_town()
    article = await an_article(town.otto, town.decision)
    await actions.draft_answer(town.otto, town.first.public_id, an_adoption(article), expected_version=0)
    await register.hide(town.second.contribution_id, "test")
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, SIGNED)
        page = f"/decisions/{town.decision.public_id}"
        assert "point without an answer" not in await read(visitor(app), page)
        await register.restore(town.second.contribution_id, "test")
        assert "1 point without an answer" in await read(visitor(app), page)
