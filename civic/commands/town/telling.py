"""Tell the town's year in the order in which it happened."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from civic.commands.town import (
    checking,
    confiding,
    deciding,
    meeting,
    moderating,
    processes,
    speaking,
    theming,
)
from civic.commands.town.people import settle
from civic.commands.town.processes import Story
from civic.commands.town.reading import told
from civic.following.actions import follow_with_account
from civic.following.queries import visible_subject
from civic.foundation import database
from civic.notices.models import Pace

_MAILS_LEFT = "UPDATE mail SET state = 'sent', sent_at = not_before WHERE state = 'waiting'"
"""The mails of the past year left in the past year."""

Event = tuple[str, Callable[[], Awaitable[None]]]


@dataclass(frozen=True)
class Told:
    """How much was told."""

    people: int
    contributions: int


async def tell(advance: Callable[[int], None] = lambda _steps: None) -> Told:
    """Bring the example town into an empty database."""
    people = await settle()
    advance(1)
    await speaking.register(people, told("positions"))
    finished = await _debate(
        told("halles") | told("halles_situations"), told("halles_debate")["comments"], people, advance
    )
    await deciding.decide(finished, told("halles_decision"))
    advance(1)
    drafted = await _debate(told("bancs"), [], people, advance)
    await deciding.draft(drafted, told("bancs")["decision"])
    await speaking.hand_on(people, told("positions"))
    open_now = await _debate(told("cours"), told("cours")["comments"], people, advance)
    await _follow(finished, "ada", Pace.ONCE)
    await _follow(open_now, "ada", Pace.WEEKLY)
    await database.execute(_MAILS_LEFT)
    return Told(len(people), sum(len(one.receipts) for one in (finished, open_now, drafted)))


async def _follow(story: Story, who: str, pace: Pace) -> None:
    """Let somebody follow a process; what happened before is no news."""
    subject = await visible_subject("process", story.process.public_id)
    await follow_with_account(story.people[who], subject, pace)


async def _debate(
    said: dict[str, Any], comments: list[dict[str, Any]], people: Any, advance: Callable[[int], None]
) -> Story:
    """Open a process and live through its debate, hour by hour."""
    story = await processes.open_process(said, people)
    events = [*_proposals(story, said), *_comments(story, comments)]
    for one in said.get("reports", ()):
        events.append((one["reported_at"], partial(moderating.report, story, one)))
    for one in said.get("situations", ()):
        events.append((one["at"], partial(confiding.tell, story, one)))
    for one in said.get("checks", ()):
        events.append((one["at"], partial(checking.check, story, one)))
    for one in said.get("themes", ()):
        events.append((one["at"], partial(theming.begin_themes, story, one)))
    for one in said.get("meetings", ()):
        events.extend((at, partial(act, story, one)) for at, act in meeting.steps(one))
    events.extend(speaking.positions(story, told("positions")))
    if "extension" in said:
        events.append((said["extension"]["at"], partial(processes.extend, story, said["extension"])))
        decided = told("halles_decision")
        for case in (decided["moderation"], *decided["moderation_more"]):
            events.append((case["reported_at"], partial(moderating.moderate, story, case)))
    for _at, happen in sorted(events, key=lambda event: event[0]):
        await happen()
        advance(1)
    return story


def _proposals(story: Story, said: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    for one in said["proposals"]:
        events.append((one["at"], partial(processes.propose, story, one)))
        for number, who in enumerate(one["endorsed_by"]):
            given = {"on": one["key"], "who": who, "endorsed_at": _later(one["at"], number)}
            events.append((given["endorsed_at"], partial(processes.endorse, story, given)))
        if "withdrawn" in one:
            taken = {**one["withdrawn"], "on": one["key"], "by": one["by"]}
            events.append((taken["at"], partial(processes.withdraw, story, taken)))
    return events


def _comments(story: Story, comments: list[dict[str, Any]]) -> list[Event]:
    return [(one["at"], partial(processes.comment, story, one)) for one in comments]


def _later(written: str, hours: int) -> str:
    """Place endorsements in the hours of the day a proposal was read."""
    hour = min(23, int(written[11:13]) + 1 + hours)
    return f"{written[:11]}{hour:02d}:{int(written[14:16]):02d}"
