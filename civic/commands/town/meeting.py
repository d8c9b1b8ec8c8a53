"""Tell how a meeting was announced, what was said there, and its minutes."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from civic.commands.town.processes import Story
from civic.commands.town.reading import moment, on
from civic.contributions.models import Relation
from civic.meetings import actions
from civic.meetings.forms import MeetingDraft, MeetingWords, MinutesDraft, PointDraft
from civic.meetings.models import MeetingKind
from civic.meetings.queries import MeetingCard, meetings_of

Step = Callable[[Story, dict[str, Any]], Awaitable[None]]


def steps(said: dict[str, Any]) -> Iterator[tuple[str, Step]]:
    """List what happened of a meeting, each with its date."""
    yield said["announced_at"], _announce
    if "minutes" in said:
        yield said["minutes"]["at"], _write_down


async def _announce(story: Story, said: dict[str, Any]) -> None:
    words = MeetingWords(
        said["title"],
        moment(said["starts_at"]),
        moment(said["ends_at"]),
        said["place"],
        said["access"],
        said["taking_part"],
    )
    about = tuple(story.issues[key] for key in said["issues"])
    with on(said["announced_at"]):
        draft = MeetingDraft(MeetingKind(said["kind"]), about, words)
        await actions.announce_meeting(story.people["otto"], story.process, draft)


async def _write_down(story: Story, said: dict[str, Any]) -> None:
    """Take down the points the day after, then publish the minutes."""
    otto, held = story.people["otto"], await _meeting(story, said)
    for one in said["points"]:
        with on(one["at"]):
            point = PointDraft(
                story.issues[one["issue"]],
                one["body"],
                Relation(one["relation"]),
                one["speaker"],
                one["read_back"],
            )
            await actions.enter_point(otto, held, point)
    with on(said["minutes"]["at"]):
        minutes = MinutesDraft(said["minutes"]["present"], said["minutes"]["text"], {})
        await actions.publish_minutes(otto, held, minutes)


async def _meeting(story: Story, said: dict[str, Any]) -> MeetingCard:
    start = moment(said["starts_at"])
    return next(one for one in await meetings_of(story.process.id) if one.starts_at == start)
