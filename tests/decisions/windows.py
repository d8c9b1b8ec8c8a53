"""Drafts open for reactions, for the tests: opened, reacted to, read, as people would."""

from __future__ import annotations

from civic.contributions import queries as contributions
from civic.contributions.models import CheckState, Claim
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions import actions, queries
from civic.decisions.forms import ReviewDraft
from civic.decisions.models import Stance
from civic.decisions.queries import EditionCard, ReactionFilter
from civic.decisions.window_forms import ReactionDraft, ReadingDraft
from civic.foundation.viewer import Viewer
from tests.cast import in_days
from tests.decisions.desk import Town
from tests.decisions.test_publication import answered


async def a_draft(town: Town, *, days: int = 14) -> EditionCard:
    """Answer the points of a town and open the draft for reactions."""
    await answered(town)
    return await actions.open_draft(town.otto, town.decision, in_days(days))


async def a_draft_in_full(town: Town) -> EditionCard:
    """Open a draft in the full profile: the authors said yes to their points, two people read each answer."""
    await Claim.filter(id__in=[town.first.id, town.second.id]).update(check_state=CheckState.CONFIRMED)
    edition = await a_draft(town)
    await actions.review(town.olga, town.first.public_id, ReviewDraft(True, ""), expected_version=1)
    return edition


async def text_of(claim: ClaimCard) -> ContributionCard:
    """Give the text a point stands in."""
    return await contributions.contribution_by_id(claim.contribution_id)


async def reaction_to(
    town: Town, edition: EditionCard, by: Viewer, claim: ClaimCard, stance: Stance = Stance.MISREAD
) -> None:
    """Say something of the outcome proposed for a point, as its author."""
    words = "" if stance is Stance.AGREE else "I asked for something else."
    said = [ReactionDraft(claim.public_id, stance, words)]
    await actions.react(await text_of(claim), edition, said, is_author=True)


async def reading(town: Town) -> None:
    """Consider every reaction that waits."""
    rows, _ = await queries.reactions_on(town.decision.id, ReactionFilter())
    keys = tuple(one.reaction.public_id for one in rows)
    await actions.consider(town.otto, town.decision, ReadingDraft(keys, "Read."))
