"""Themes: n points in m themes, words that are versions, and the three numbers of R7."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tortoise.exceptions import IntegrityError

from civic.contributions import actions as contributions
from civic.contributions.models import Claim, ClaimKind, Contribution
from civic.contributions.queries import counts
from civic.foundation import database as db
from civic.foundation.errors import Conflict, Refused
from civic.ledger.queries import leaves_of
from civic.synthesis import actions, queries
from civic.synthesis.forms import ThemeDraft
from civic.synthesis.models import ThemeLink, ThemeVersion
from civic.synthesis.queries import PointsWanted, theme_by_public_id
from civic.synthesis.rules import Stance, lacks
from tests.cast import a_person, a_process
from tests.decisions.desk import a_town
from tests.synthesis.scene import a_cut
from tests.synthesis.theming import WORDS, a_campaign, a_theme, both


async def types_of(public_id: str) -> list[str]:
    return [one.type for one in await leaves_of(public_id)]


async def test_a_point_stands_in_several_themes_and_a_theme_holds_several_points(database):
    town = await a_town()
    one = await a_theme(town, town.first, town.second)
    other = await a_theme(town, town.first, words=replace(WORDS, title=both("The shops")))
    named = await queries.themes_of_claims([town.first.id, town.second.id])
    assert [name.public_id for name in named[town.first.id]] == [one.public_id, other.public_id]
    assert [name.public_id for name in named[town.second.id]] == [one.public_id]
    assert [card.numbers.received for card in await queries.themes_of(town.process.id)] == [2, 1]
    assert await types_of(one.public_id) == ["theme.written", "theme.put_in"]


async def test_the_points_of_a_new_cut_stay_in_the_themes_of_the_words_they_share(database):
    town = await a_town()
    whole = await a_theme(town, town.first)
    await actions.put_in(town.otto, whole, [town.first.public_id], Stance.AGAINST)
    first, second = await a_cut(town)
    named = await queries.themes_of_claims([first.id, second.id])
    assert [[one.public_id for one in named[key]] for key in (first.id, second.id)] == [[whole.public_id]] * 2
    assert set(await ThemeLink.filter(claim_id=second.id).values_list("stance", flat=True)) == {"against"}
    half = await a_theme(town, second, words=replace(WORDS, title=both("The way to school")))
    first, second = await a_cut(town, second)
    named = await queries.themes_of_claims([first.id, second.id])
    assert [one.public_id for one in named[first.id]] == [whole.public_id]
    assert [one.public_id for one in named[second.id]] == [whole.public_id, half.public_id]
    assert (await theme_by_public_id(whole.public_id)).numbers.received == 2


async def test_texts_without_a_name_are_told_apart_wherever_people_are_counted(database):
    town = await a_town()
    theme = await a_theme(town, town.first, town.second)
    nameless = {"author_id": None, "guest_address": None, "author_name": ""}
    assert await Contribution.filter(process_id=town.process.id).update(**nameless) == 2
    assert (await theme_by_public_id(theme.public_id)).numbers.people == 2
    assert (await counts(town.process.id)).people == 2


async def test_taking_a_point_out_is_written_down_and_it_may_come_back(database):
    town = await a_town()
    theme = await a_theme(town, town.first)
    assert (await actions.take_out(town.otto, theme, [town.first.public_id])).points == 1
    assert (await actions.take_out(town.otto, theme, [town.first.public_id])).points == 0
    assert (await theme_by_public_id(theme.public_id)).numbers.received == 0
    await actions.put_in(town.dora, theme, [town.first.public_id])
    kept = await ThemeLink.filter(theme_id=theme.id).order_by("id")
    assert [(one.linked_by_id, one.unlinked_by_id) for one in kept] == [
        (town.otto.participant, town.otto.participant),
        (town.dora.participant, None),
    ]
    assert await types_of(theme.public_id) == [
        "theme.written",
        "theme.put_in",
        "theme.taken_out",
        "theme.put_in",
    ]


async def test_a_link_is_never_deleted_nor_written_anew(database):
    town = await a_town()
    theme = await a_theme(town, town.first)
    with pytest.raises(IntegrityError):
        await db.execute("DELETE FROM theme_link WHERE theme_id = ?", theme.id)
    with pytest.raises(IntegrityError):
        await db.execute("UPDATE theme_link SET stance = 'against' WHERE theme_id = ?", theme.id)
    assert (await ThemeLink.get(theme_id=theme.id)).stance == ""


async def test_every_save_of_the_words_is_a_version_that_stays(database):
    town = await a_town()
    theme = await a_theme(town, town.first)
    draft = ThemeDraft(both("Calm streets"), both("Children cannot cross."), {})
    after = await actions.rewrite_theme(town.dora, theme, draft, expected_version=1)
    assert (after.version, after.title["en"], after.minority) == (2, "Calm streets", {})
    versions = await queries.theme_versions(theme.id)
    assert [(one.number, one.title["en"], one.written_by) for one in versions] == [
        (2, "Calm streets", "Dora Diaz"),
        (1, "Quiet streets", "Otto Ohm"),
    ]
    with pytest.raises(IntegrityError):
        await ThemeVersion.filter(theme_id=theme.id, number=1).update(title={"en": "Other"})


async def test_two_officials_never_overwrite_each_other(database):
    town = await a_town()
    theme = await a_theme(town)
    await actions.rewrite_theme(town.dora, theme, WORDS, expected_version=1)
    with pytest.raises(Conflict):
        await actions.rewrite_theme(town.otto, theme, WORDS, expected_version=1)
    assert len(await queries.theme_versions(theme.id)) == 2


async def test_a_campaign_of_forty_identical_texts_is_forty_received_and_one_distinct(database):
    town = await a_town()
    campaign = await a_campaign(town, 40)
    theme = await a_theme(town, town.first, town.second, *campaign)
    numbers = (await theme_by_public_id(theme.public_id)).numbers
    assert (numbers.received, numbers.distinct, numbers.published, numbers.people) == (42, 3, 42, 42)


async def test_hidden_words_are_received_and_not_published(database):
    town = await a_town()
    theme = await a_theme(town, town.first, town.second)
    await contributions.hide(town.second.contribution_id, because="case/1")
    numbers = (await theme_by_public_id(theme.public_id)).numbers
    assert (numbers.received, numbers.published) == (2, 1)


async def test_a_particular_situation_is_never_put_in_a_theme(database):
    town = await a_town()
    await Claim.filter(id=town.second.id).update(kind=ClaimKind.SITUATION)
    theme = await a_theme(town, town.first, town.second)
    assert not await ThemeLink.filter(claim_id=town.second.id).exists()
    rows, _ = await queries.points_in(theme)
    assert [one.claim.id for one in rows] == [town.first.id]


async def test_points_of_another_process_are_left_out(database):
    town, elsewhere = await a_town(), await a_town()
    theme = await a_theme(town)
    assert (await actions.put_in(town.otto, theme, [elsewhere.first.public_id])).points == 0


async def test_the_side_a_point_stands_on_is_its_kind_until_somebody_says_it(database):
    town = await a_town()
    await Claim.filter(id=town.first.id).update(kind=ClaimKind.REQUEST)
    await Claim.filter(id=town.second.id).update(kind=ClaimKind.OBJECTION)
    theme = await a_theme(town, town.first, town.second)
    numbers = (await theme_by_public_id(theme.public_id)).numbers
    assert (numbers.supporting, numbers.against, numbers.other) == (1, 1, 0)
    await actions.put_in(town.otto, theme, [town.second.public_id], Stance.OTHER)
    numbers = (await theme_by_public_id(theme.public_id)).numbers
    assert (numbers.supporting, numbers.against, numbers.other, numbers.received) == (1, 0, 1, 2)


async def test_a_filter_finds_what_is_in_no_theme_yet(database):
    town = await a_town()
    theme = await a_theme(town, town.first)
    other = await a_theme(town)
    found, _ = await queries.points_to_put_in(other, PointsWanted(alone=True))
    assert [one.claim.id for one in found] == [town.second.id]
    found, _ = await queries.points_to_put_in(other, PointsWanted(query="deliveries"))
    assert [one.claim.id for one in found] == [town.second.id]
    found, _ = await queries.points_to_put_in(other, PointsWanted())
    assert [[name.public_id for name in one.themes] for one in found] == [[theme.public_id], []]


async def test_a_point_is_sorted_from_its_own_page(database):
    town = await a_town()
    one, other = await a_theme(town, town.first), await a_theme(town)
    await actions.sort_point(town.otto, town.process, town.first, [other.public_id])
    named = await queries.themes_of_claims([town.first.id])
    assert [name.public_id for name in named[town.first.id]] == [other.public_id]
    assert await types_of(one.public_id) == ["theme.written", "theme.put_in", "theme.taken_out"]


async def test_only_officials_of_the_process_sort_points(database):
    town = await a_town()
    theme = await a_theme(town)
    elsewhere = await a_person("Otis Out", "official", process=(await a_process()).public_id)
    for stranger in (town.ada, town.olga, elsewhere):
        with pytest.raises(Refused):
            await actions.put_in(stranger, theme, [town.first.public_id])
        with pytest.raises(Refused):
            await actions.begin_theme(stranger, town.process, WORDS)
        with pytest.raises(Refused):
            await actions.rewrite_theme(stranger, theme, WORDS, expected_version=1)
    assert not await ThemeLink.exists()


@pytest.mark.parametrize(
    ("concern", "minority", "received", "against", "blocking", "all_of_them"),
    [
        (both("Too fast."), both("Vans."), 3, 1, 0, 0),
        ({}, {}, 0, 0, 1, 2),
        (both("Too fast."), {}, 3, 1, 1, 1),
        (both("Too fast."), {}, 3, 0, 0, 0),
        ({"en": "Too fast."}, {"en": "Vans."}, 3, 1, 0, 1),
    ],
)
def test_what_a_theme_lacks_is_said(concern, minority, received, against, blocking, all_of_them):
    words = {"title": both("Streets"), "concern": concern, "minority": minority}
    found = lacks(words, ("fr", "en"), received=received, against=against)
    assert (sum(one.blocks for one in found), len(found)) == (blocking, all_of_them)
