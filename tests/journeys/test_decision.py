"""Officials answer every point, refusals are read twice, the decision is published, people are told."""

from datetime import date, timedelta
from typing import Any

import pytest

from civic.decisions.queries import decisions_of, outcomes_of_claims
from civic.foundation import database as db
from tests.journeys.people import cookie_of, errors_of, fill_in, send
from tests.journeys.plugin import EVERYWHERE
from tests.journeys.stories import a_frozen_debate, address_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TITLE = {"title_fr": "Des bancs au centre", "title_en": "Benches in the centre"}


def day(offset: int) -> str:
    """Write a day as a form does."""
    return (date.today() + timedelta(days=offset)).isoformat()  # noqa: DTZ011


def both(name: str, fr: str, en: str) -> dict[str, str]:
    """Fill in an official text in both languages."""
    return {f"{name}_fr": fr, f"{name}_en": en}


ANSWERS: dict[str, Any] = {
    "adopted": {
        **both("sentence", "Oui, ce banc est posé.", "Yes, this bench is put up."),
        "provisions": True,
    },
    "declined": {
        **both("sentence", "Non, ce banc n’est pas posé.", "No, this bench is not put up."),
        "reason_codes": "feasibility",
        **both("rationale", "Une conduite de gaz passe sous ce coin.", "A gas main runs below this corner."),
        "evidence": "Plan of the network, 12 October",
        **both("trigger", "Si la conduite est déplacée.", "If the main is moved."),
    },
    "deferred": {
        **both("sentence", "Plus tard, avec les travaux.", "Later, with the works."),
        "reopens_on": day(200),
        "owner": "Parks",
        "reason_codes": "timing",
        **both("rationale", "Le trottoir sera refait au printemps.", "The pavement is laid again in spring."),
        "evidence": "Calendar of works",
    },
    "already": {
        **both("sentence", "C’est déjà écrit.", "It is written already."),
        "quotation": "A bench every two hundred metres.",
        "in_force_on": day(-400),
    },
    "out_of_scope": {
        **both("sentence", "Non, cela se décide ailleurs.", "No, this is decided elsewhere."),
        "scope_line": "3",
        **both("where", "À la région.", "At the region."),
    },
    "referred": {
        **both("sentence", "Transmis à la région.", "Passed on to the region."),
        "body": "The region",
        "sent_on": day(-1),
        "follow_up_on": day(60),
    },
    "partly": {
        **both("sentence", "En partie : un banc sur deux.", "In part: one bench of the two."),
        **both("part1_text", "Un banc à l’ombre", "A bench in the shade"),
        "part1_is": "adopted",
        **both("part2_text", "Un banc au soleil", "A bench in the sun"),
        "part2_is": "refused",
        "part2_reasons": "feasibility",
        **both("part2_rationale", "Le sol y est trop meuble.", "The ground there is too soft."),
        **both("rationale", "Un sur deux tient dans ce sol.", "One of two stands in this ground."),
        "evidence": "Survey of 3 November",
        **both("trigger", "Si le sol est repris.", "If the ground is made firm."),
        "provisions": True,
    },
    "adapted": {
        **both("sentence", "Oui, mais plus près de l’école.", "Yes, but nearer to the school."),
        **both("differs", "Dix mètres plus loin.", "Ten metres further on."),
        "reason_codes": "feasibility",
        **both("rationale", "Les arbres y donnent de l’ombre.", "Trees give shade there."),
        "evidence": "Visit of 9 November",
        "provisions": True,
    },
    "noted": both("sentence", "Votre récit est cité à l’article 1.", "Your account is quoted in article 1."),
}
"""Every kind of answer the editor offers; the last one suits a point that asks for no change."""
SHORT = ("adopted", "declined", "deferred", "noted")


@EVERYWHERE
async def test_every_point_is_answered_published_and_told(acting, windows, look):
    kinds = list(ANSWERS) if look.scripts and look.language == "fr" else list(SHORT)
    story = await a_frozen_debate(look.language, len(kinds) - 1)
    decision = await _begin(windows, look, story)
    async with windows(look, await cookie_of(story.people["otto"])) as otto:
        for claim, outcome in zip(story.claims, kinds, strict=True):
            await answer_point(otto, claim, outcome)
    await _review(windows, look, story, decision)
    await _publish(windows, look, story, decision)
    async with windows(look) as anybody:
        await anybody.open(f"/decisions/{decision}")
        words = await anybody.words()
        for outcome in kinds:
            assert ANSWERS[outcome][f"sentence_{look.language}"] in words, outcome
    for number in range(len(kinds) - 1):
        address = await address_of(story.people[f"author {number}"])
        told = [mail for mail in await acting.post.wait_for(address, 2) if _is_of(mail, look, decision)]
        assert len(told) == 1, f"{address} is told once"


def _is_of(mail, look, decision: str) -> bool:
    return f"/decisions/{decision}" in mail.get_body(("plain",)).get_content()


async def _begin(windows, look, story) -> str:
    async with windows(look, await cookie_of(story.people["otto"])) as otto:
        await otto.open("/desk")
        await otto.open(f"/desk/decisions/new?process={story.process.slug}")
        await fill_in(
            otto,
            "/desk/decisions",
            {**TITLE, "issues": True, "decision_maker": story.people["dora"].public_id or ""},
        )
        await send(otto, "/desk/decisions")
        assert not await errors_of(otto)
        desk = otto.path
        await otto.open(f"{desk}/articles/new")
        article = {
            **both("heading", "Bancs", "Benches"),
            **both("text", "Deux bancs sont posés.", "Two benches are put up."),
            **both("before", "Aucun banc.", "No bench."),
        }
        await fill_in(otto, f"{desk}/articles", article)
        await send(otto, f"{desk}/articles")
        assert not await errors_of(otto)
        return desk.rpartition("/")[2]


async def answer_point(otto, claim: str, outcome: str) -> None:
    """Answer one point by the form of its page."""
    page = f"/desk/claims/{claim}"
    await otto.open(page)
    await otto.page.locator(f'input[name="outcome"][value="{outcome}"]').check()
    if otto.look.scripts:
        await otto.page.wait_for_selector('#needs [name="sentence_fr"]')
    else:
        await send(otto, page, 'button[formaction$="/outcome"]')
    await fill_in(otto, page, ANSWERS[outcome])
    await send(otto, page)
    assert not await errors_of(otto), (outcome, await errors_of(otto))


async def _review(windows, look, story, decision: str) -> None:
    page = f"/desk/decisions/{decision}/reviews"
    async with windows(look, await cookie_of(story.people["otto"])) as otto:
        await otto.open(f"/desk/decisions/{decision}/publication")
        assert await otto.page.locator('[name="role"]').count() == 0, "only who decides signs"
    async with windows(look, await cookie_of(story.people["rita"])) as rita:
        await rita.open(page)
        boxes = rita.page.locator(f'form[action="{page}"] input[name="point"]')
        assert await boxes.count() >= 1, "refusals wait for a second reader"
        for box in await boxes.all():
            await box.check()
        await send(rita, page, 'button[value="approve"]')
        assert not await errors_of(rita)


async def _publish(windows, look, story, decision: str) -> None:
    page = f"/desk/decisions/{decision}/publication"
    async with windows(look, await cookie_of(story.people["dora"])) as dora:
        await dora.open(page)
        await fill_in(dora, page, {"role": "Maire adjointe", "when": "now"})
        await send(dora, page)
        assert not await errors_of(dora)
        assert dora.path == f"/decisions/{decision}"
    (made,) = await decisions_of(story.process.id)
    assert made.in_force is not None
    rows = await db.rows("SELECT id FROM claim WHERE retired_at IS NULL")
    assert await outcomes_of_claims([row["id"] for row in rows])
