"""The synthesis: its own document before the decision, frozen as signed, superseded and never overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tortoise.exceptions import IntegrityError

from civic import settings
from civic.app import handlers
from civic.contributions import actions as contributions
from civic.contributions.models import Claim, ClaimKind
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.gates import Condition
from civic.following.actions import follow_with_account
from civic.following.queries import feed_of_theme, subject
from civic.foundation import clock, queue
from civic.foundation.errors import Conflict, Invalid, NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.ledger.queries import leaves_of
from civic.notices import actions as notices
from civic.notices.models import Notice, Pace
from civic.processes.models import Profile
from civic.synthesis import actions, queries
from civic.synthesis.forms import ThemeDraft
from civic.synthesis.models import SynthesisEdition
from civic.synthesis.queries import public_points, public_theme, synthesis_by_public_id, themes_shown
from civic.trace.queries import points_of
from tests.cast import a_person, a_process, after_the_freeze
from tests.decisions.desk import a_town
from tests.decisions.test_publication import SIGNED, answered
from tests.synthesis.theming import (
    WORDS,
    a_campaign,
    a_published_synthesis,
    a_synthesis,
    a_theme,
    both,
)


async def run_queue() -> None:
    while await queue.run_due(handlers()):
        pass


async def shown_of(public_id: str):
    card = await synthesis_by_public_id(public_id)
    assert card.in_force is not None
    return await themes_shown(card.in_force.id)


async def test_an_edition_does_not_change_when_points_and_words_move_later(database):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    (then,) = await shown_of(synthesis.public_id)
    theme = await queries.theme_by_public_id(then.public_id)
    await actions.take_out(town.otto, theme, [town.second.public_id])
    draft = ThemeDraft(both("Other words"), both("Other."), {})
    await actions.rewrite_theme(town.otto, theme, draft, expected_version=1)
    assert await shown_of(synthesis.public_id) == [then]
    found, _ = await public_points(then)
    assert {one.claim.id for one in found} == {town.first.id, town.second.id}
    assert (then.numbers.received, then.title["en"]) == (2, "Quiet streets")
    with pytest.raises(IntegrityError):
        await SynthesisEdition.all().update(title={"en": "Rewritten"})


async def test_a_later_edition_supersedes_and_says_what_changed(database):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    with pytest.raises(Invalid):
        await actions.publish_synthesis(town.otto, synthesis, {})
    await actions.publish_synthesis(town.otto, synthesis, both("One point was added."))
    card = await synthesis_by_public_id(synthesis.public_id)
    assert [one.number for one in card.released] == [2, 1]
    assert card.released[0].changes["en"] == "One point was added."
    types = [one.type for one in await leaves_of(synthesis.public_id)]
    assert types == ["synthesis.drafted", "synthesis.published", "synthesis.published"]


async def test_numbers_group_a_campaign_and_situations_are_no_points(database):
    town = await a_town()
    campaign = await a_campaign(town, 6)
    await Claim.filter(id=campaign[0].id).update(kind=ClaimKind.SITUATION)
    synthesis = await a_published_synthesis(town, town.first, town.second, *campaign)
    (then,) = await shown_of(synthesis.public_id)
    assert (then.numbers.received, then.numbers.distinct) == (7, 3)
    numbers = (await synthesis_by_public_id(synthesis.public_id)).released[0].numbers
    assert (numbers.received, numbers.distinct) == (7, 3)
    found, _ = await public_points(then)
    assert campaign[0].id not in {one.claim.id for one in found}


async def test_hidden_words_leave_the_public_theme_and_the_numbers_stay(database):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    await contributions.hide(town.second.contribution_id, because="case/1")
    (then,) = await shown_of(synthesis.public_id)
    found, _ = await public_points(then)
    assert [one.claim.id for one in found] == [town.first.id]
    assert then.numbers.published == 2


async def test_a_theme_is_for_the_desk_until_a_synthesis_shows_it(database):
    town = await a_town()
    theme = await a_theme(town, town.first)
    with pytest.raises(NotFound):
        await public_theme(theme.public_id)
    assert await subject(f"theme/{theme.public_id}") is None
    (point,) = await points_of([town.first])
    assert point.themes == ()
    begun = await a_synthesis(town)
    with pytest.raises(NotFound):
        await queries.visible_synthesis(STRANGER, begun.public_id)
    with pytest.raises(NotFound):
        await queries.desk_theme(town.ada, theme.public_id)
    await actions.publish_synthesis(town.otto, begun)
    (point,) = await points_of([town.first])
    assert [one.public_id for one in point.themes] == [theme.public_id]
    assert (point.themes[0].points, point.themes[0].people) == (1, 1)


async def test_both_sides_are_told_before_it_is_published(database):
    town = await a_town()
    await Claim.filter(id=town.second.id).update(kind=ClaimKind.OBJECTION)
    await a_theme(town, town.first, town.second, words=replace(WORDS, minority={}))
    synthesis = await a_synthesis(town)
    with pytest.raises(Refused):
        await actions.publish_synthesis(town.otto, synthesis)
    assert not await SynthesisEdition.exists()


async def test_it_waits_ten_minutes_and_can_be_stopped(database):
    town = await a_town()
    await a_theme(town, town.first)
    synthesis = await a_synthesis(town)
    before = settings.current()
    settings.use(replace(before, hold_seconds=600))
    try:
        edition = await actions.publish_synthesis(town.otto, synthesis)
    finally:
        settings.use(before)
    assert edition.released_at is None
    with pytest.raises(NotFound):
        await queries.visible_synthesis(STRANGER, synthesis.public_id)
    await actions.stop_synthesis(town.olga, await synthesis_by_public_id(synthesis.public_id))
    with clock.at(edition.release_at):
        await run_queue()
    assert (await synthesis_by_public_id(synthesis.public_id)).in_force is None
    with pytest.raises(Conflict):
        await actions.stop_synthesis(town.olga, await synthesis_by_public_id(synthesis.public_id))


async def test_a_held_edition_leaves_when_its_time_has_come(database):
    town = await a_town()
    await a_theme(town, town.first)
    synthesis = await a_synthesis(town)
    before = settings.current()
    settings.use(replace(before, hold_seconds=600))
    try:
        edition = await actions.publish_synthesis(town.otto, synthesis)
    finally:
        settings.use(before)
    with clock.at(edition.release_at):
        await run_queue()
    assert (await synthesis_by_public_id(synthesis.public_id)).in_force is not None


async def test_only_officials_of_the_process_write_and_publish_it(database):
    town = await a_town()
    await a_theme(town, town.first)
    synthesis = await a_synthesis(town)
    elsewhere = await a_person("Otis Out", "official", process=(await a_process()).public_id)
    for stranger in (town.ada, town.olga, elsewhere):
        with pytest.raises(Refused):
            await actions.publish_synthesis(stranger, synthesis)
    assert not await SynthesisEdition.exists()


async def test_followers_are_told_once_whatever_they_follow(app):
    town = await a_town()
    first = await a_published_synthesis(town)
    (theme,) = await shown_of(first.public_id)
    for key in (f"process/{town.process.public_id}", f"theme/{theme.public_id}"):
        found = await subject(key)
        assert found is not None
        await follow_with_account(town.bo, found, Pace.ONCE)
    await actions.publish_synthesis(town.otto, first, both("Nothing but a comma."))
    await run_queue()
    await notices.write_due()
    me = f"participant/{town.bo.public_id}"
    (told,) = await Notice.filter(recipient=me, kind__startswith="follow.")
    assert told.about == f"synthesis/{first.public_id}"


async def test_the_feed_of_a_theme_holds_its_editions(database):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    (theme,) = await shown_of(synthesis.public_id)
    feed = await feed_of_theme(theme.public_id)
    assert [one.path for one in feed.entries] == [f"/syntheses/{synthesis.public_id}/editions/1"]


async def test_in_full_a_decision_waits_for_its_synthesis_and_in_light_it_does_not(database):
    for profile, expected in ((Profile.FULL, [False, True]), (Profile.LIGHT, [None, None])):
        town = await a_town(profile=profile)
        found = []
        for step in ("before", "after"):
            if step == "after":
                await a_published_synthesis(town)
            items = await decided.gate_items(town.decision.id)
            found.append(next((one.met for one in items if one.condition is Condition.SYNTHESIS), None))
        assert found == expected


async def test_the_desk_is_filtered_by_theme_and_the_whole_theme_gets_one_answer(database):
    town = await a_town()
    theme = await a_theme(town, town.second)
    desk = await decided.desk_of(town.decision)
    only = decided.PointFilter(theme=theme.public_id)
    assert [one.claim_id for one in await decided.matching(town.decision, desk, only)] == [town.second.id]
    (on_desk,) = await decided.themes_on(town.decision, desk)
    assert (on_desk.points, on_desk.unanswered) == (1, 1)
    nothing = decided.PointFilter(theme="x" * 26)
    assert await decided.matching(town.decision, desk, nothing) == []


async def test_a_decision_is_read_by_theme_and_other_points_stand_apart(database):
    town = await a_town()
    await a_published_synthesis(town, town.first)
    await a_theme(town, town.first, town.second, words=replace(WORDS, title=both("Not in public")))
    with after_the_freeze(town.process):
        await answered(town)
        await decisions.publish(town.dora, await decided.decision_by_id(town.decision.id), SIGNED)
        card = await decided.decision_by_id(town.decision.id)
    assert card.in_force is not None
    articles = await decided.articles_of(card.in_force.id)
    read = await decided.by_theme(card, card.in_force.id, articles)
    assert [one.theme.title["en"] for one in read.themes] == ["Quiet streets"]
    assert sum(read.themes[0].tally.values()) == 1
    assert sum(read.others.values()) == 1
