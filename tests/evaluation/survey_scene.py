"""A decision that was published, whose survey is open: short hands for the tests of surveys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.app import handlers
from civic.contributions.models import Relation
from civic.decisions import actions as deciding
from civic.evaluation import actions, queries
from civic.evaluation.forms import AnswerDraft
from civic.evaluation.items import DAYS_BEFORE, ITEMS
from civic.evaluation.queries import SurveyCard
from civic.foundation import clock, queue
from civic.foundation.viewer import Viewer
from civic.proposals.queries import visible_proposal
from tests.cast import a_comment, a_person, after_the_freeze
from tests.decisions.desk import Town, a_town
from tests.decisions.test_publication import BANNER, answered


@dataclass(frozen=True)
class Scene:
    """The town, its survey, when it opened, and more people who took part."""

    town: Town
    survey: SurveyCard
    opened: datetime
    people: list[Viewer]

    @property
    def path(self) -> str:
        return f"/decisions/{self.town.decision.public_id}/survey"

    @contextmanager
    def on_day(self, days: float = 0) -> Iterator[None]:
        """Hold the clock so many days after the survey opened."""
        with clock.at(self.opened + timedelta(days=days)):
            yield


async def a_survey(more: int = 0) -> Scene:
    """Publish a decision on what Ada, Bo and more people wrote, and open its survey a week later."""
    town = await a_town()
    proposal = await visible_proposal(town.ada, town.proposal)
    people = [await a_person(f"Person{number} Poe") for number in range(more)]
    for one in people:
        await a_comment(one, proposal, f"I walk here too, says {one.name}.", relation=Relation.SUPPORTS)
    await answered(town)
    with after_the_freeze(town.process):
        await deciding.publish(town.dora, town.decision, BANNER)
        await queue.work_off(handlers())
        opened = clock.now() + timedelta(days=DAYS_BEFORE, hours=1)
    with clock.at(opened):
        assert await actions.open_surveys() == 1
        await queue.work_off(handlers())
    survey = await queries.survey_of(town.decision.id)
    assert survey is not None
    return Scene(town, survey, opened, people)


async def say(scene: Scene, viewer: Viewer, answers: int | dict[str, int], *, days: float = 1) -> None:
    """Answer as somebody known here: one number for every question, or one for some."""
    with scene.on_day(days):
        mine = await queries.invitation_of(viewer, scene.survey)
        assert mine is not None
        given = answers if isinstance(answers, dict) else dict.fromkeys(ITEMS, answers)
        await actions.answer_survey(viewer, scene.survey, mine, AnswerDraft(given))


async def shown(scene: Scene, *, days: float = 1):
    """Publish what may be published, and give the results as everybody sees them."""
    with scene.on_day(days):
        await actions.publish_results()
    found = await queries.results_of(scene.survey)
    return None if found is None else {one.key: one for one in found.results}
