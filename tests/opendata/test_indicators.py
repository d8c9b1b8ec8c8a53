"""The figures of the coverage board for programs: the same numbers as the page, each with its definition."""

from __future__ import annotations

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from tests.cast import a_process, after_the_freeze
from tests.trace.scene import a_published_answer


async def figures_of(client, slug: str) -> dict:
    answer = await client.get(f"/api/v1/indicators?process={slug}")
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["data"]
    return found


async def test_each_figure_has_its_definition_and_what_it_was_counted_from(client):
    scene = await a_published_answer()
    with after_the_freeze(scene.process):
        found = await figures_of(client, scene.process.slug)
        page = (await client.get(f"/processes/{scene.process.slug}/evaluation?lang=en")).text
    assert found["is_counted"]
    assert (found["points"], found["contributions"], found["people"]) == (3, 1, 1)
    shares = {one["key"]: one for one in found["shares"]}
    assert (shares["addressed"]["numerator"], shares["addressed"]["denominator"]) == (3, 3)
    assert shares["adopted"]["value"] == 1 / 3
    assert all(
        one["definition"]["en"] and one["definition"]["fr"] for one in found["shares"] + found["waits"]
    )
    assert shares["addressed"]["definition"]["en"] in page, "the words of the page"
    assert found["fewest"] == 5
    assert "fewer than 5" in found["small_groups"]["en"]
    assert "moins de 5" in found["small_groups"]["fr"]
    assert "Ada" not in str(found)


async def test_the_hash_changes_with_the_figures_and_not_otherwise(client):
    scene = await a_published_answer()
    with after_the_freeze(scene.process):
        first = await figures_of(client, scene.process.slug)
        assert (await figures_of(client, scene.process.slug))["hash"] == first["hash"]
        card = await contributions.contribution_by_public_id(scene.public_id)
        await register.hide(card.id, because="moderation/1")
        after = await figures_of(client, scene.process.slug)
    assert after["points"] == 0
    assert after["withdrawn"] == 3
    assert after["hash"] != first["hash"]


async def test_every_public_process_is_listed_page_by_page(client):
    slugs = [(await a_process(slug=f"street-{n}")).slug for n in range(4)]
    seen, after = [], ""
    while True:
        told = (await client.get(f"/api/v1/indicators{after}")).json()
        seen += [one["process"] for one in told["data"]]
        if told["next"] is None:
            break
        after = f"?after={told['next']}"
    assert sorted(seen) == sorted(slugs)
    assert (await client.get("/api/v1/indicators?process=nowhere")).status_code == 404
