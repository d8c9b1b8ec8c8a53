"""Citing: each version of each answer has an address of its own, and says when it was superseded."""

from __future__ import annotations

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.decisions import actions
from civic.decisions.forms import ProvisionDraft, ReviewDraft
from civic.decisions.models import ReasonCode
from civic.decisions.queries import OutcomeFilter, articles_now, count_outcomes, tally_of_reasons
from civic.decisions.queries import decision_by_public_id as fresh
from tests.cast import a_refusal, after_the_freeze
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read
from tests.decisions.test_answering import an_answer_in_parts
from tests.decisions.test_publication import CORRECTED, SIGNED, answered
from tests.trace.scene import Scene, a_published_answer, the_answer

ANOTHER = "The fire brigade needs this street at every hour of the day."


async def published_again(scene: Scene, *, answer=None, article: str = "") -> None:
    """Answer the third point anew or write the article anew, and publish once more."""
    card = await the_answer(scene, 3)
    decision = await fresh(card.stated.decision)
    with after_the_freeze(scene.process):
        if answer is not None:
            claim = card.claim.public_id
            await actions.draft_answer(scene.otto, claim, answer, expected_version=1)
            await actions.review(scene.olga, claim, ReviewDraft(True, ""), expected_version=2)
        if article:
            await write_article(scene, article)
        await actions.publish(scene.dora, decision, CORRECTED)


async def write_article(scene: Scene, words: str) -> None:
    """Write the article anew; nobody outside the desk sees it before it is published."""
    card = await the_answer(scene, 2)
    decision = await fresh(card.stated.decision)
    (article,) = await articles_now(decision.id)
    draft = ProvisionDraft(
        heading=article.heading, text={"en": words, "fr": words}, plain={}, before=article.before
    )
    await actions.write_provision(
        scene.otto, decision, draft, provision=article.public_id, expected_version=article.version
    )


async def test_a_version_keeps_its_address_and_points_to_the_newer_one(app):
    scene = await a_published_answer()
    first = await the_answer(scene, 3)
    address = f"/outcomes/{first.public_id}/versions/1"
    reader = await browser_of(app, None)
    before = await read(reader, address)
    assert "No, the street stays open." in before
    assert "no longer in force" not in before
    await published_again(scene, answer=a_refusal(ANOTHER))
    after = await read(reader, address)
    assert "forty journeys a day" in after, "what it said, it says"
    assert "This answer is no longer in force." in after
    assert f'href="/outcomes/{first.public_id}/versions/2"' in after
    newest = await read(reader, f"/outcomes/{first.public_id}/versions/2")
    assert "fire brigade" in newest
    assert "no longer in force" not in newest
    assert "fire brigade" in await read(reader, f"/outcomes/{first.public_id}")


async def test_an_answer_that_was_kept_says_that_it_still_stands(app):
    scene = await a_published_answer()
    kept = await the_answer(scene, 1)
    await published_again(scene, answer=a_refusal(ANOTHER))
    page = await read(await browser_of(app, None), f"/outcomes/{kept.public_id}/versions/1")
    assert "with the same answer to this point" in page
    assert "no longer in force" not in page


async def test_an_article_that_is_being_written_is_not_shown_with_a_published_answer(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 2)
    reader = await browser_of(app, None)
    await write_article(scene, "Closed from 7 to 10, and on Sundays.")
    for address in (f"/outcomes/{card.public_id}", f"/outcomes/{card.public_id}/versions/1",
                    f"/contributions/{scene.number}"):  # fmt: skip
        page = await read(reader, address)
        assert "Sundays" not in page, address
        assert "Mill Street" in page
    await published_again(scene)
    assert "Sundays" in await read(reader, f"/outcomes/{card.public_id}")
    assert "Sundays" not in await read(reader, f"/outcomes/{card.public_id}/versions/1")


async def test_a_citation_names_version_date_and_address_without_scripts(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    for language, words in (("en", "version 1 of"), ("fr", "version 1 du")):
        reader = await browser_of(app, None, language)
        page = await read(reader, f"/outcomes/{card.public_id}")
        cited = page.partition('id="citation"')[2].partition("</p>")[0]
        assert words in cited
        assert f"/outcomes/{card.public_id}/versions/1" in cited
        assert scene.number in cited
        decision = await read(reader, f"/decisions/{card.stated.decision}")
        assert f"/decisions/{card.stated.decision}/versions/1" in decision.partition('id="citation"')[2]


async def test_what_no_version_states_has_no_address(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    reader = await browser_of(app, None)
    for number in ("2", "0", "9" * 30):
        await read(reader, f"/outcomes/{card.public_id}/versions/{number}", 404)


async def test_a_hidden_text_leaves_its_permalink(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    await register.hide((await Contribution.get(public_id=scene.public_id)).id, "test/1")
    page = await read(await browser_of(app, None), f"/outcomes/{card.public_id}/versions/1")
    assert "Withdrawn or hidden" in page
    assert "signs" not in page
    assert "forty journeys" not in page


async def test_the_list_of_answers_keeps_its_filter_in_the_address(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    here = f"/decisions/{card.stated.decision}/outcomes"
    reader = await browser_of(app, None)
    assert "Yes, from March on." in await read(reader, here)
    for query in ("family=no", "outcome=declined", "reason=feasibility"):
        page = await read(reader, f"{here}?{query}")
        assert "No, the street stays open." in page, query
        assert "Yes, from March on." not in page, query
        assert f"outcomes.csv?language=en&amp;{query}" in page
    assert "No answer matches" in await read(reader, f"{here}?reason=political")
    assert "Yes, from March on." in await read(reader, f"{here}?article=a1")


async def test_what_is_hidden_is_found_by_no_filter(app):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    await register.hide((await Contribution.get(public_id=scene.public_id)).id, "test/1")
    here = f"/decisions/{card.stated.decision}/outcomes"
    async with visitor(app) as reader:
        for query in ("reason=feasibility", "article=a1", "family=no"):
            assert "No answer matches" in await read(reader, f"{here}?{query}")


async def test_a_part_refused_as_a_political_choice_is_found_as_one(app):
    town = await a_town()
    with after_the_freeze(town.process):
        await answered(town)
        await an_answer_in_parts(town)
        await actions.publish(town.dora, town.decision, SIGNED)
    version = (await fresh(town.decision.public_id)).in_force
    assert version is not None
    reasons = await tally_of_reasons(version.id)
    for code in ReasonCode:
        assert await count_outcomes(version.id, OutcomeFilter(reason=code)) == reasons.get(code, 0)
    assert reasons
