"""From the receipt to "what became of my point 2", in two presses at most."""

import pytest

from civic.contributions.models import ClaimKind
from civic.contributions.queries import claims_of, contribution_by_public_id
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.models import Outcome
from civic.decisions.queries import desk_decision
from civic.decisions.rules import Answer
from civic.synthesis.forms import PointDraft
from tests import cast
from tests.journeys.people import fill_in, send
from tests.journeys.plugin import EVERYWHERE
from tests.journeys.stories import a_frozen_debate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

YES = {"fr": "Oui, le second banc est posé.", "en": "Yes, the second bench is put up."}


async def answered(story) -> tuple[str, str]:
    """Cut a text in two points, answer both, publish; give its number, and a code that opens it."""
    otto, rita, dora = (story.people[name] for name in ("otto", "rita", "dora"))
    card = await contribution_by_public_id(story.proposals[0].public_id)
    (whole,) = await claims_of(card.id)
    points = [PointDraft((number,), ClaimKind.REQUEST) for number in (1, 2)]
    await decisions.cut_into_points(otto, whole.public_id, points, version=card.version)
    first, second = await claims_of(card.id)
    decision = await cast.a_decision(otto, story.process, maker=dora)
    article = await cast.an_article(otto, decision)
    yes = Answer(Outcome.ADOPTED, YES, {"en": "The ground is firm there."}, provisions=(article.public_id,))
    await decisions.draft_answer(otto, first.public_id, cast.a_refusal(), expected_version=0)
    await decisions.review(rita, first.public_id, ReviewDraft(True, ""), expected_version=1)
    await decisions.draft_answer(otto, second.public_id, yes, expected_version=0)
    note = cast.a_note("It is quoted in article one of the decision.")
    await decisions.draft_answer(otto, story.claims[-1], note, expected_version=0)
    found = await desk_decision(dora, decision.public_id)
    await decisions.publish(dora, found, PublicationDraft("Mayor", None, False, {}))
    return card.number, story.codes[0]


@EVERYWHERE
async def test_two_presses_lead_from_the_receipt_to_point_two(acting, windows, look):
    story = await a_frozen_debate(look.language, 1)
    number, code = await answered(story)
    async with windows(look) as author:
        await author.open("/receipts")
        await fill_in(author, "/receipts", {"number": number.lower(), "code": code.lower()})
        await send(author, "/receipts")
        assert author.path == f"/receipts/{number}"
        before = author.clicks
        await author.click_through(f'main a[href^="/contributions/{number}"] >> nth=0')
        assert author.path == f"/contributions/{number}"
        second = author.page.locator("#p2")
        assert await second.count() == 1
        if YES[look.language] not in await second.inner_text():
            await author.click("#p2 summary >> nth=0")
        assert YES[look.language] in await second.inner_text()
        assert author.clicks - before <= 2
