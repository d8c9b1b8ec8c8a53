"""Short hands for the tests of cutting, second readings and checks."""

from __future__ import annotations

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions import actions as decisions
from civic.synthesis import actions
from civic.synthesis.forms import CheckDraft, PointDraft, PointReply, ReadingDraft
from civic.synthesis.models import UnderstandingCheck
from civic.synthesis.queries import check_by_public_id
from civic.synthesis.queries.texts import TextDesk, desk_of_text
from tests.decisions.desk import Town

RIGHT = ReadingDraft(True, "")
BACK = ReadingDraft(False, "The second sentence asks for something else.")
TWO = [
    PointDraft((0,), ClaimKind.REQUEST, "The street closes to through traffic."),
    PointDraft((1, 2), ClaimKind.FACT, "The way to school crosses it."),
]


async def text_of(claim: ClaimCard) -> ContributionCard:
    """Give the text a point was found in."""
    return await contributions.contribution_by_id(claim.contribution_id)


async def desk_of(claim: ClaimCard) -> TextDesk:
    """Give a text with its points as they stand."""
    return await desk_of_text(await text_of(claim))


async def points_of(claim: ClaimCard) -> list[ClaimCard]:
    """Give the live points of the text a point was found in."""
    return await contributions.claims_of(claim.contribution_id)


async def a_cut(town: Town, point: ClaimCard | None = None) -> list[ClaimCard]:
    """Cut Ada's proposal into two points; again, from one of its points."""
    await decisions.cut_into_points(town.otto, (point or town.first).public_id, TWO, version=1)
    return await points_of(town.first)


async def a_reading(town: Town, draft: ReadingDraft = RIGHT) -> None:
    """Let Olga read the points of Ada's proposal."""
    desk = await desk_of(town.first)
    await actions.read_second(town.olga, desk.contribution, draft, seen=desk.seen)


async def a_check(town: Town) -> UnderstandingCheck:
    """Cut Ada's proposal, have it read, and ask Ada."""
    await a_cut(town)
    await a_reading(town)
    return await actions.send_check(town.otto, await text_of(town.first))


async def say(viewer, check: UnderstandingCheck, *said: str | None, missed: str = "", has_link: bool = False):
    """Answer a check point by point: "" is yes, words put it another way, None leaves it blank."""
    card, _, claims = await check_by_public_id(check.public_id)
    replies = tuple(
        PointReply(claim.public_id, not words, words)
        for claim, words in zip(claims, said, strict=False)
        if words is not None
    )
    return await actions.answer_check(viewer, card, CheckDraft(replies, missed), has_link=has_link)


async def states(claim: ClaimCard) -> list[str]:
    """Name where the understanding of each point of a text stands."""
    return [str(one.check_state) for one in await points_of(claim)]
