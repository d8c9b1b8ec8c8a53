"""The pages of themes and of the synthesis, as their roles use them; and what they cost."""

from __future__ import annotations

from civic.contributions import actions as contributions
from civic.contributions.models import Claim
from civic.contributions.queries import contribution_by_id
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.synthesis import actions, queries
from civic.synthesis.models import ThemeLink
from tests.cast import after_the_freeze
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_answering import sent_back
from tests.decisions.test_cost import cost, many_points
from tests.decisions.test_publication import SIGNED, answered
from tests.synthesis.theming import a_published_synthesis, a_synthesis, a_theme, both

WORDS = {"title_en": "Calm", "title_fr": "Calme", "concern_en": "Too fast.", "concern_fr": "Trop vite."}


async def test_an_official_begins_a_theme_and_puts_points_in_from_a_filter(app):
    town = await a_town()
    otto, slug = await browser_of(app, town.otto), town.process.slug
    done = await send(otto, f"/desk/themes/new?process={slug}", "/desk/themes", **WORDS)
    points = done.headers["location"]
    shown = await read(otto, f"{points}?q=deliveries")
    assert town.second.public_id in shown
    assert town.first.public_id not in shown
    await send(otto, points, points, point=[town.first.public_id, town.second.public_id])
    theme = points.removesuffix("/points")
    assert "2 points received, 2 distinct, 2 published" in await read(otto, theme)
    await send(otto, theme, theme, point=town.second.public_id, what="out")
    assert "1 point received" in await read(otto, theme)
    listed = await read(otto, f"/desk/themes?process={slug}")
    assert "Calm" in listed
    assert "1 point received" in listed


async def test_without_a_tick_nothing_moves_and_the_page_says_so(app):
    town = await a_town()
    theme = await a_theme(town, town.first)
    otto, here = await browser_of(app, town.otto), f"/desk/themes/{theme.public_id}"
    refused = await send(otto, here, here, 422, what="out")
    assert errors_of(refused.text) == ["Tick at least one point."]
    assert (await queries.theme_by_public_id(theme.public_id)).numbers.received == 1


async def test_who_writes_second_keeps_every_word_and_sees_what_stands(app):
    town = await a_town()
    theme = await a_theme(town)
    here = f"/desk/themes/{theme.public_id}/words"
    otto, dora = await browser_of(app, town.otto), await browser_of(app, town.dora)
    page = await read(otto, here)
    assert 'name="expected_version" value="1"' in page
    await send(dora, here, here, title_en="Dora was here", title_fr="Dora")
    mine = {"title_en": "My own words", "minority_en": "It would cost us."}
    refused = await send(otto, here, here, 409, expected_version="1", **mine)
    assert "My own words" in refused.text
    assert "Dora was here" in refused.text
    assert "You both changed it." in refused.text
    assert (await queries.theme_by_public_id(theme.public_id)).version == 2
    picks = {"pick-title_en": "theirs", "pick-title_fr": "theirs"}
    merged = await sent_back(otto, here, refused.text, **picks)
    assert merged.status_code == 303
    now = await queries.theme_by_public_id(theme.public_id)
    assert (now.version, now.title["en"], now.title["fr"]) == (3, "Dora was here", "Dora")
    assert now.minority["en"] == "It would cost us."


async def test_a_point_is_sorted_from_its_page_without_leaving_it(app):
    town = await a_town()
    theme = await a_theme(town)
    otto, page = await browser_of(app, town.otto), f"/desk/claims/{town.first.public_id}"
    there = f"/desk/points/{town.first.public_id}/themes"
    done = await send(otto, page, there, theme=theme.public_id)
    assert done.headers["location"].endswith(page)
    assert await ThemeLink.filter(claim_id=town.first.id, theme_id=theme.id).count() == 1


async def test_everybody_reads_the_synthesis_in_both_languages_and_nobody_the_desk(app):
    town = await a_town()
    await a_theme(town, town.first, town.second)
    await a_theme(town, town.first)
    synthesis = await a_synthesis(town)
    there, desk = f"/syntheses/{synthesis.public_id}", f"/desk/syntheses/{synthesis.public_id}"
    someone, otto = visitor(app, **{"Accept-Language": "fr"}), await browser_of(app, town.otto)
    await read(someone, there, 404)
    await send(otto, desk, f"{desk}/publication")
    french = (await read(someone, there)).replace("\xa0", " ")
    assert "Traffic passes too fast. (fr)" in french
    assert "2 points reçus, 2 distincts, 2 publiés" in french
    assert "Shops need vans. (fr)" in french
    ada = await browser_of(app, town.ada)
    assert (await ada.get(desk)).status_code == 403


async def test_a_public_theme_leaves_out_what_is_hidden(app):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    card = await queries.synthesis_by_public_id(synthesis.public_id)
    assert card.in_force is not None
    (theme,) = await queries.themes_shown(card.in_force.id)
    someone, there = visitor(app), f"/themes/{theme.public_id}?lang=en"
    assert "Where do the deliveries go?" in await read(someone, there)
    await contributions.hide(town.second.contribution_id, because="case/1")
    assert "Where do the deliveries go?" not in await read(someone, there)


async def test_editions_stay_readable_with_their_differences(app):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    (theme,) = await queries.theme_titles(town.process.id)
    draft = (await queries.theme_versions(theme.id))[0]
    otto = await browser_of(app, town.otto)
    here = f"/desk/themes/{theme.public_id}/words"
    await send(otto, here, here, title_en="Quiet streets", concern_en="Traffic passes much too fast.")
    await actions.publish_synthesis(town.otto, synthesis, both("Stronger words."))
    someone, there = visitor(app), f"/syntheses/{synthesis.public_id}"
    newest = await read(someone, f"{there}?lang=en")
    assert "Stronger words." in newest
    assert "Differences from edition 1" in newest
    former = await read(someone, f"{there}/editions/1")
    assert draft.concern["en"] in former
    assert "This edition was replaced." in former


async def test_a_theme_is_answered_as_one_from_the_desk(app):
    town = await a_town()
    theme = await a_theme(town, town.first, town.second)
    otto, desk = await browser_of(app, town.otto), f"/desk/decisions/{town.decision.public_id}"
    shown = await read(otto, desk)
    assert "Answer this theme" in shown
    group = await read(otto, f"{desk}/group?which=all&back=state%3Dunanswered%26theme%3D{theme.public_id}")
    assert town.first.public_id in group
    assert town.second.public_id in group


async def test_beside_an_article_stand_its_points_and_their_themes(app):
    town = await a_town()
    await a_theme(town, town.first)
    await answered(town)
    otto = await browser_of(app, town.otto)
    shown = await read(otto, f"/desk/decisions/{town.decision.public_id}/articles/a1")
    assert "Themes it answers" in shown
    assert "Shops need vans." in shown
    assert f"/desk/claims/{town.first.public_id}" in shown


async def test_a_decision_is_read_by_theme_on_its_page(app):
    town = await a_town()
    await a_published_synthesis(town, town.first)
    with after_the_freeze(town.process):
        await answered(town)
        await decisions.publish(town.dora, await decided.decision_by_id(town.decision.id), SIGNED)
        shown = await read(visitor(app), f"/decisions/{town.decision.public_id}?by=theme&lang=en")
    assert "Theme by theme" in shown
    assert "Traffic passes too fast." in shown
    assert "1 point stands in no theme." in shown


async def test_pages_of_themes_cost_the_same_for_ten_points_and_two_hundred(app, count_queries):
    town = await a_town()
    theme = await a_theme(town)
    synthesis = await a_synthesis(town)
    await many_points(town, 10, answered_by=None)
    await actions.put_in(town.otto, theme, await _all_points())
    for _ in range(2):
        await actions.publish_synthesis(town.otto, synthesis, both("Two editions, as later."))
    otto, someone = await browser_of(app, town.otto), visitor(app)
    desks = (
        f"/desk/themes?process={town.process.slug}",
        f"/desk/themes/{theme.public_id}",
        f"/desk/syntheses/{synthesis.public_id}",
        f"/desk/decisions/{town.decision.public_id}",
    )
    public = (f"/syntheses/{synthesis.public_id}", f"/themes/{theme.public_id}")
    few = [await cost(otto, one, count_queries) for one in desks]
    few += [await cost(someone, one, count_queries) for one in public]
    await many_points(town, 200, answered_by=None)
    await actions.put_in(town.otto, theme, await _all_points())
    await actions.publish_synthesis(town.otto, synthesis, both("More points."))
    many = [await cost(otto, one, count_queries) for one in desks]
    many += [await cost(someone, one, count_queries) for one in public]
    assert many == few


async def _all_points() -> list[str]:
    return [one.public_id for one in await Claim.filter(retired_at=None)]


async def test_a_synthesis_is_begun_for_questions_that_are_told_nowhere_else(app):
    town = await a_town(issues=2)
    otto, slug = await browser_of(app, town.otto), town.process.slug
    first, second = (one.public_id for one in town.process.issues)
    page, words = f"/desk/syntheses/new?process={slug}", {"title_en": "Told", "title_fr": "Dit"}
    refused = await send(otto, page, "/desk/syntheses", 422, **words)
    assert "Told" in refused.text
    done = await send(otto, page, "/desk/syntheses", issues=first, **words)
    begun = await queries.synthesis_by_public_id(done.headers["location"].rpartition("/")[2])
    assert [one.public_id for one in begun.issues] == [first]
    left = await read(otto, page)
    assert f'value="{second}"' in left
    assert f'value="{first}"' not in left


async def test_where_a_theme_comes_from_is_told_to_programs(app):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    number = (await contribution_by_id(town.first.contribution_id)).number
    told = (await visitor(app).get(f"/contributions/{number}/prov.json")).json()
    (theme,) = await queries.theme_titles(town.process.id)
    names = {name.partition(":")[2] for name in told["entity"]}
    edition = f"syntheses/{synthesis.public_id}/editions/1"
    assert {f"themes/{theme.public_id}", edition} <= names
    derived = {
        (one["prov:generatedEntity"].partition(":")[2], one["prov:usedEntity"].partition(":")[2])
        for one in told["wasDerivedFrom"].values()
    }
    assert (edition, f"themes/{theme.public_id}") in derived
