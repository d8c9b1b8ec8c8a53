"""What people told of their situation in confidence: told, opened with a reason, called about, answered."""

from typing import Any

from civic.commands.town.processes import Story, current
from civic.commands.town.reading import on
from civic.contributions import actions
from civic.contributions.forms import ContactDraft, SituationDraft, SituationWords
from civic.contributions.models import Audience, ContactWay
from civic.contributions.queries import ClaimCard, claims_by_id, situation_of

_ASKED = ("touches", "differs", "unchanged", "helps")


async def tell(story: Story, one: dict[str, Any]) -> None:
    """Let an author tell what is particular to their situation."""
    with on(one["at"]):
        words = SituationWords(**{name: one.get(name, "") for name in _ASKED})
        draft = SituationDraft(words, Audience(one["audience"]))
        await actions.tell_situation(story.people[one["by"]], await current(story, one["on"]), draft)


async def handle(story: Story, one: dict[str, Any]) -> None:
    """Let the official open a statement with a reason, and call its author."""
    otto, text = story.people["otto"], await current(story, one["on"])
    situation = await situation_of(text.id)
    if situation is None:
        raise LookupError(f"nothing was told: {one['on']}")
    with on(one["opened"]["at"]):
        await actions.open_situation(otto, text, situation, one["opened"]["reason"])
    if "call" in one:
        with on(one["call"]["at"]):
            call = ContactDraft(ContactWay(one["call"]["way"]), one["call"]["note"])
            await actions.log_contact(otto, text, situation, call)


async def point_of(story: Story, key: str) -> ClaimCard:
    """Give the point of the statement behind a text."""
    situation = await situation_of((await current(story, key)).id)
    if situation is None:
        raise LookupError(f"nothing was told: {key}")
    return (await claims_by_id([situation.claim_id], with_situations=True))[situation.claim_id]
