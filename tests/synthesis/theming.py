"""Short hands for the tests of themes and of the synthesis."""

from __future__ import annotations

from civic.app import handlers
from civic.contributions.queries import ClaimCard
from civic.foundation import queue
from civic.proposals.queries import visible_proposal
from civic.synthesis import actions
from civic.synthesis.forms import SynthesisDraft, ThemeDraft
from civic.synthesis.queries import SynthesisCard, ThemeCard, synthesis_by_public_id
from tests.cast import a_comment, a_person, claim_of
from tests.decisions.desk import Town


def both(words: str) -> dict[str, str]:
    """Say something in both languages."""
    return {"fr": f"{words} (fr)", "en": words}


WORDS = ThemeDraft(both("Quiet streets"), both("Traffic passes too fast."), both("Shops need vans."))


async def a_theme(town: Town, *points: ClaimCard, words: ThemeDraft = WORDS) -> ThemeCard:
    """Begin a theme and put points in it."""
    theme = await actions.begin_theme(town.otto, town.process, words)
    await actions.put_in(town.otto, theme, [one.public_id for one in points])
    return theme


async def a_synthesis(town: Town, title: str = "What you told us") -> SynthesisCard:
    """Begin the synthesis of every question of the town."""
    draft = SynthesisDraft(both(title), both("Three pages."), tuple(i.public_id for i in town.process.issues))
    return await actions.begin_synthesis(town.otto, town.process, draft)


async def a_published_synthesis(town: Town, *points: ClaimCard) -> SynthesisCard:
    """Tell the points of a town under one theme, in public."""
    await a_theme(town, *(points or (town.first, town.second)))
    synthesis = await a_synthesis(town)
    await actions.publish_synthesis(town.otto, synthesis)
    while await queue.run_due(handlers()):
        pass
    return await synthesis_by_public_id(synthesis.public_id)


async def a_campaign(town: Town, count: int) -> list[ClaimCard]:
    """Let many people send the very same words."""
    proposal = await proposal_of(town)
    sent = [
        await a_comment(await a_person(f"Cai{n} Camp"), proposal, "Close the street to cars, please.")
        for n in range(count)
    ]
    return [await claim_of(one.contribution.public_id) for one in sent]


async def proposal_of(town: Town):
    """Give Ada's proposal as its author sees it."""
    return await visible_proposal(town.ada, town.proposal)
