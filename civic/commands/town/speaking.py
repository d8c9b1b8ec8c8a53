"""Tell how an organisation was registered, who spoke for it, and the positions it took."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from civic.commands.town.processes import Story
from civic.commands.town.reading import day, on
from civic.foundation.viewer import Viewer
from civic.organisations import actions
from civic.organisations.forms import (
    AskingDraft,
    InterestsDraft,
    OrganisationDraft,
    PositionDraft,
    RulingDraft,
)
from civic.organisations.queries import (
    OrganisationCard,
    delegates_of,
    organisations,
    visible_organisation,
    waiting_requests,
)
from civic.organisations.sheet import Row
from civic.processes.models import Category
from civic.proposals import actions as proposals
from civic.proposals.queries import visible_proposal


async def register(people: dict[str, Viewer], said: dict[str, Any]) -> None:
    """Register the organisation; check who speaks for it, and take in its interests."""
    told = said["organisation"]
    administrator = people[told["registered_by"]]
    with on(told["registered_at"]):
        draft = OrganisationDraft(
            told["name"],
            Category(told["category"]),
            told["mandate"],
            told["register_number"],
            told["website"],
        )
        made = await actions.register_organisation(administrator, draft)
    await _let_speak(people, administrator, made, said["delegates"][0])
    for one in said["interests"]:
        with on(one["at"]):
            declared = InterestsDraft(one["text"], one["funding"])
            await actions.declare_interests(people[one["by"]], made, declared)


async def hand_on(people: dict[str, Viewer], said: dict[str, Any]) -> None:
    """Let the first delegate step down and the next one be checked."""
    made = await _organisation(people)
    first, following = said["delegates"]
    with on(first["ended_at"]):
        (current,) = [one for one in await delegates_of(made.id) if one.is_current]
        await actions.end_mandate(people[first["who"]], made, current, first["because"])
    await _let_speak(people, people[said["organisation"]["registered_by"]], made, following)


def positions(story: Story, said: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """List the statements filed in a process, each with its date."""
    for one in said["statements"]:
        if one["process"] == story.process.slug:
            yield one["at"], partial(_file, story, one)


def answers(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the answers to the points of statements, in the words of the file of the decision."""
    return [{"on": one["key"], **answer} for one in said["statements"] for answer in one.get("answers", ())]


async def _file(story: Story, one: dict[str, Any]) -> None:
    made = await _organisation(story.people)
    with on(one["at"]):
        draft = PositionDraft(
            organisation=made.public_id,
            issue=story.issues[one["issue"]],
            title=one["title"],
            body=one["body"],
            approved_by=one["approved_by"],
            approved_on=day(one["approved_on"]),
            rows=tuple(Row(**row) for row in one["rows"]),
        )
        receipt = await actions.file_statement(story.people[one["by"]], story.process, draft)
        story.receipts[one["key"]] = receipt
        for who in one["cosigned_by"]:
            person = story.people[who]
            proposal = await visible_proposal(person, receipt.contribution.public_id)
            await proposals.endorse(person, proposal)


async def _let_speak(
    people: dict[str, Viewer], administrator: Viewer, made: OrganisationCard, one: dict[str, Any]
) -> None:
    with on(one["asked_at"]):
        await actions.ask_to_speak(people[one["who"]], made, AskingDraft(one["function"], one["proof"]))
    with on(one["ruled_at"]):
        (asked,) = await waiting_requests()
        await actions.rule_on_request(administrator, asked, RulingDraft(True, one["reason"]))


async def _organisation(people: dict[str, Viewer]) -> OrganisationCard:
    (line,), _ = await organisations()
    return await visible_organisation(people["nina"], line.public_id)
