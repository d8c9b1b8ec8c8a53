"""The survey after the decision: opened, answered by those who took part, published."""

from typing import Any

from civic import app
from civic.commands.town.processes import Story
from civic.commands.town.reading import on
from civic.evaluation import actions
from civic.evaluation.forms import AnswerDraft
from civic.evaluation.items import DONT_KNOW, ITEMS
from civic.evaluation.queries import invitation_of, survey_of
from civic.foundation import queue


async def survey(story: Story, decision_id: int, said: dict[str, Any]) -> None:
    """Open the survey, take the answers in on their days, and publish what may be published."""
    with on(said["opened_at"]):
        await actions.open_surveys()
        while await queue.run_due(app.handlers()):
            pass
    for at, answers in said["rounds"].items():
        with on(at):
            for who, given in answers.items():
                await _answer(story, decision_id, who, given)
            await actions.publish_results()
    with on(said["closed_at"]):
        await actions.publish_results()


async def _answer(story: Story, decision_id: int, who: str, given: str) -> None:
    """Let one person answer: a figure for each question, "?" for who does not know, "-" for nothing."""
    found = await survey_of(decision_id)
    mine = await invitation_of(story.people[who], found) if found else None
    if found is None or mine is None:
        raise LookupError(f"{who} was not invited")
    codes = {key: code for key, code in zip(ITEMS, given, strict=True) if code != "-"}
    draft = AnswerDraft({key: DONT_KNOW if code == "?" else int(code) for key, code in codes.items()})
    await actions.answer_survey(story.people[who], found, mine, draft)
