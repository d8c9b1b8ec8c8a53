"""Official, second reader, decision maker, appeal reader, citizen: each does their part through the pages."""

from __future__ import annotations

import pytest

from civic.contributions.queries import contribution_by_public_id
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.queries import desk_decision, outcome_of_claim
from civic.foundation import database
from tests import cast
from tests.journeys.browsers import Look
from tests.journeys.people import cookie_of, errors_of, faults_of, fill_in, send
from tests.journeys.plugin import LOOKING
from tests.journeys.stories import a_frozen_debate
from tests.journeys.test_decision import answer_point, both

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENT_BACK = {"fr": "Dites quelle conduite, et où.", "en": "Say which main, and where."}
AGAIN = both(
    "rationale",
    "La conduite de gaz de 1987 passe à 40 cm sous ce coin.",
    "The gas main of 1987 runs 40 cm below this corner.",
)
WHY_UPHELD = both(
    "reason",
    "La réponse parle d’un autre coin : la personne a raison.",
    "The answer speaks of another corner: the person is right.",
)
CORRECTION = both(
    "correction", "Un point a été relu après un recours.", "A point was read again after an appeal."
)
SIGNED = {"role": "Maire adjointe", "when": "now"}


async def _begun(story) -> str:
    decision = await cast.a_decision(story.people["otto"], story.process, maker=story.people["dora"])
    await cast.an_article(story.people["otto"], decision)
    return str(decision.public_id)


async def _read(windows, look, viewer, decision: str, verdict: str, note: str = "") -> None:
    """Read, as a second person, all that waits."""
    page = f"/desk/decisions/{decision}/reviews"
    async with windows(look, await cookie_of(viewer)) as rita:
        await rita.open(page)
        boxes = rita.page.locator(f'form[action="{page}"] input[name="point"]')
        assert await boxes.count() >= 1, await rita.words()
        for box in await boxes.all():
            await box.check()
        await fill_in(rita, page, {"note": note})
        assert await faults_of(rita) == []
        await send(rita, page, f'button[value="{verdict}"]')
        assert not await errors_of(rita)


async def _sign(windows, look, viewer, decision: str, **more: str) -> None:
    page = f"/desk/decisions/{decision}/publication"
    async with windows(look, await cookie_of(viewer)) as dora:
        await dora.open(page)
        await fill_in(dora, page, {**SIGNED, **more})
        await send(dora, page)
        assert not await errors_of(dora)
        assert dora.path == f"/decisions/{decision}"


@LOOKING
async def test_an_answer_sent_back_is_written_better_read_again_and_signed(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 1)
    decision = await _begun(story)
    otto, rita = story.people["otto"], story.people["rita"]
    async with windows(look, await cookie_of(otto)) as official:
        for claim, outcome in zip(story.claims, ("declined", "noted"), strict=True):
            await answer_point(official, claim, outcome)
    await _read(windows, look, rita, decision, "return", SENT_BACK[look.language])
    async with windows(look, await cookie_of(otto)) as official:
        await official.open(f"/desk/decisions/{decision}?state=returned")
        await official.click_through(f'main a[href^="/desk/claims/{story.claims[0]}"]')
        assert SENT_BACK[look.language] in await official.words()
        assert await faults_of(official) == []
        page = f"/desk/claims/{story.claims[0]}"
        await fill_in(official, page, AGAIN)
        await send(official, page)
        assert not await errors_of(official)
    await _read(windows, look, rita, decision, "approve")
    await _sign(windows, look, story.people["dora"], decision)
    card = await contribution_by_public_id(story.proposals[0].public_id)
    async with windows(look, await cookie_of(story.people["author 0"])) as citizen:
        await citizen.open(f"/contributions/{card.number}")
        assert AGAIN[f"rationale_{look.language}"] in await citizen.words()
        assert await faults_of(citizen) == []


async def _published(story) -> tuple[str, str]:
    """Refuse the first point, note the second, publish; give the decision and the outcome of the first."""
    otto, rita, dora = (story.people[name] for name in ("otto", "rita", "dora"))
    decision = await _begun(story)
    first, second = story.claims
    await decisions.draft_answer(otto, first, cast.a_refusal(), expected_version=0)
    await decisions.review(rita, first, ReviewDraft(True, ""), expected_version=1)
    await decisions.draft_answer(otto, second, cast.a_note(), expected_version=0)
    await decisions.publish(
        dora, await desk_decision(dora, decision), PublicationDraft("Mayor", None, False, {})
    )
    (row,) = await database.rows("SELECT id FROM claim WHERE public_id = ?", first)
    outcome = await outcome_of_claim(row["id"])
    assert outcome is not None
    return decision, outcome.public_id


@LOOKING
async def test_an_appeal_is_upheld_and_a_new_answer_replaces_the_first(acting, windows, look: Look):
    story = await a_frozen_debate(look.language, 1)
    decision, outcome = await _published(story)
    here = {"process": story.process.public_id, "language": look.language}
    reader = await cast.a_person("Rosa", "appeal_reader", **here)
    author, otto = story.people["author 0"], story.people["otto"]
    async with windows(look, await cookie_of(author)) as citizen:
        await citizen.open(f"/outcomes/{outcome}/appeal")
        assert await faults_of(citizen) == []
        await fill_in(citizen, f"/outcomes/{outcome}/appeal", {"ground": "misread", "text": "Wrong corner."})
        await send(citizen, f"/outcomes/{outcome}/appeal")
        assert not await errors_of(citizen)
    async with windows(look, await cookie_of(reader)) as rosa:
        await rosa.open("/desk")
        await rosa.click_through('main a[href^="/desk/appeals/"]')
        assert await faults_of(rosa) == []
        case = rosa.path
        await fill_in(rosa, case, {"finding": "upheld", **WHY_UPHELD})
        await send(rosa, case)
        assert not await errors_of(rosa)
    async with windows(look, await cookie_of(otto)) as official:
        await official.open(f"/desk/decisions/{decision}?state=again")
        link = f'main a[href^="/desk/claims/{story.claims[0]}"]'
        assert await official.page.locator(link).count() == 1, "the point waits for a new answer"
        await answer_point(official, story.claims[0], "adopted")
    await _sign(windows, look, story.people["dora"], decision, **CORRECTION)
    card = await contribution_by_public_id(story.proposals[0].public_id)
    async with windows(look, await cookie_of(author)) as citizen:
        await citizen.open(f"/contributions/{card.number}")
        await citizen.page.evaluate(
            "document.querySelectorAll('details').forEach(one => { one.open = true })"
        )
        words = await citizen.words()
        assert {"fr": "Oui, ce banc est posé.", "en": "Yes, this bench is put up."}[look.language] in words
        assert {"fr": "Non, la rue reste ouverte.", "en": "No, the street stays open."}[
            look.language
        ] in words
        assert WHY_UPHELD[f"reason_{look.language}"] in words
        assert await faults_of(citizen) == []
