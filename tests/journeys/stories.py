"""How the journeys begin: what was said and set up before somebody opens the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from civic.accounts.queries import recipient_of
from civic.contributions.forms import author_from
from civic.contributions.models import Relation
from civic.contributions.queries import claims_of, contribution_by_public_id
from civic.foundation import clock
from civic.foundation.viewer import Viewer
from civic.processes.queries import ProcessPage
from civic.proposals.actions import submit_proposal
from civic.proposals.forms import ProposalDraft
from civic.proposals.queries import ProposalCard, visible_proposal
from tests import cast


@dataclass
class Story:
    """A process, who takes part in it, and what they said."""

    process: ProcessPage
    people: dict[str, Viewer]
    proposals: list[ProposalCard] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Live some days earlier."""
    with clock.at(clock.now() - timedelta(days=days)):
        yield


async def people_of(process: ProcessPage, language: str) -> dict[str, Viewer]:
    """Give a process its people: who speaks, who moderates, who answers, reads and signs."""
    key = process.public_id
    people = {name: await cast.a_person(name.title(), language=language) for name in ("ada", "bo", "cleo")}
    for name, roles in {
        "mira": ("moderator",),
        "max": ("moderator",),
        "otto": ("official",),
        "rita": ("reviewer",),
        "dora": ("decision_maker",),
    }.items():
        people[name] = await cast.a_person(name.title(), *roles, process=key, language=language)
    return people


async def a_debate(language: str) -> Story:
    """Open a debate with one proposal."""
    process = await cast.a_process()
    people = await people_of(process, language)
    return Story(process, people, [await cast.a_proposal(people["ada"], process)])


async def a_frozen_debate(language: str, proposals: int) -> Story:
    """Open a debate some weeks ago; its question is frozen, and its points wait for an answer.

    Each proposal has an author of its own. The last point is an experience, which asks for no change.
    """
    with days_ago(40):
        process = await cast.a_process(freeze_in=30, debate=(0, 35))
        people = await people_of(process, language)
        story = Story(process, people)
        for number in range(proposals):
            author = await cast.a_person(f"Author {number}", language=language)
            people[f"author {number}"] = author
            await _propose(story, author, f"Bench number {number}")
        said = await cast.a_comment(
            people["bo"], story.proposals[0], "I sit there each noon.", relation=Relation.EXPERIENCE
        )
    texts = [proposal.public_id for proposal in story.proposals] + [said.contribution.public_id]
    for public_id in texts:
        contribution = await contribution_by_public_id(public_id)
        story.claims += [claim.public_id for claim in await claims_of(contribution.id)]
    return story


async def _propose(story: Story, author: Viewer, title: str) -> None:
    body = "One bench would do. Another stands in the sun."
    draft = ProposalDraft(title, body, story.process.issues[0].public_id)
    receipt = await submit_proposal(author_from(author), story.process, draft)
    story.codes.append(receipt.code)
    story.proposals.append(await visible_proposal(author, receipt.contribution.public_id))


async def address_of(viewer: Viewer) -> str:
    """Give the address somebody is written to."""
    to = await recipient_of(viewer.participant or 0)
    assert to is not None
    assert to.address is not None
    return to.address
