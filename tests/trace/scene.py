"""A proposal in three points, answered and published: what the pages of the trace are shown on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from civic.contributions import queries as register
from civic.contributions.models import ClaimKind
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.queries import OutcomeCard, outcomes_of_claims
from civic.foundation.viewer import Viewer
from civic.processes.queries import ProcessPage
from civic.proposals.queries import ProposalCard
from civic.synthesis import actions as synthesis
from civic.synthesis.forms import PointDraft, QuestionDraft
from tests.cast import (
    a_decision,
    a_note,
    a_person,
    a_process,
    a_proposal,
    a_refusal,
    after_the_freeze,
    an_adoption,
    an_article,
)

WORDS = "Children cross it four times a day. Close the street at school hours. Who pays for the signs?"
SIGNED = PublicationDraft(role="Deputy mayor", at=None, with_banner=False, correction={})


@dataclass(frozen=True)
class Scene:
    """Who is there, and what was said and decided."""

    process: ProcessPage
    ada: Viewer
    otto: Viewer
    olga: Viewer
    dora: Viewer
    number: str
    public_id: str
    published_at: datetime | None = None


async def a_cut_proposal(*, points: int = 3) -> Scene:
    """Let Ada propose, and Otto cut her words into points: a fact, a request, a question."""
    process = await a_process()
    here = process.public_id
    ada = await a_person("Ada Alm")
    otto = await a_person("Otto Ohm", "official", process=here)
    olga = await a_person("Olga Orr", "reviewer", process=here)
    dora = await a_person("Dora Diaz", "decision_maker", process=here)
    body = WORDS if points == 3 else " ".join(f"Point number {n} asks for a bench." for n in range(points))
    proposal = await a_proposal(ada, process, body=body)
    card = await register.contribution_by_public_id(proposal.public_id)
    kinds = (ClaimKind.FACT, ClaimKind.REQUEST, ClaimKind.QUESTION)
    drafts = [
        PointDraft((n,), kinds[(n - 1) % 3], "The street closes at school hours." if n == 2 else "")
        for n in range(1, points + 1)
    ]
    await synthesis.cut(otto, card, drafts, version=1)
    return Scene(process, ada, otto, olga, dora, card.number, card.public_id)


async def a_published_answer() -> Scene:
    """Answer the three points with a note, a yes and a no, and publish after the freeze."""
    scene = await a_cut_proposal()
    decision = await a_decision(scene.otto, scene.process, maker=scene.dora)
    article = await an_article(scene.otto, decision)
    card = await register.contribution_by_public_id(scene.public_id)
    first, second, third = await register.claims_of(card.id)
    with after_the_freeze(scene.process) as moment:
        await decisions.draft_answer(scene.otto, first.public_id, a_note(), expected_version=0)
        await decisions.draft_answer(scene.otto, second.public_id, an_adoption(article), expected_version=0)
        await decisions.draft_answer(scene.otto, third.public_id, a_refusal(), expected_version=0)
        await decisions.review(scene.olga, third.public_id, ReviewDraft(True, ""), expected_version=1)
        await decisions.publish(scene.dora, decision, SIGNED)
    return replace(scene, published_at=moment)


async def a_whole_answer() -> ProposalCard:
    """Adopt a proposal of one point and publish."""
    process = await a_process()
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    proposal = await a_proposal(await a_person("Ada Alm"), process)
    decision = await a_decision(otto, process, maker=dora)
    article = await an_article(otto, decision)
    card = await register.contribution_by_public_id(proposal.public_id)
    (claim,) = await register.claims_of(card.id)
    with after_the_freeze(process):
        await decisions.draft_answer(otto, claim.public_id, an_adoption(article), expected_version=0)
        await decisions.publish(dora, decision, SIGNED)
    return proposal


async def ask(scene: Scene, text: str = "Which hours do you mean?") -> None:
    """Let Otto ask Ada about her second point."""
    card = await register.contribution_by_public_id(scene.public_id)
    claim = (await register.claims_of(card.id))[1]
    await synthesis.ask_author(scene.otto, claim, card, QuestionDraft(text, 10))


async def the_answer(scene: Scene, number: int) -> OutcomeCard:
    """Give the published answer in force to one of Ada's points."""
    card = await register.contribution_by_public_id(scene.public_id)
    claim = (await register.claims_of(card.id))[number - 1]
    return (await outcomes_of_claims([claim.id]))[claim.id]
