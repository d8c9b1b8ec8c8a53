"""Tell how texts were cut, read by somebody else, and checked with their authors."""

from typing import Any

from civic.commands.town.processes import Story, current
from civic.commands.town.reading import on
from civic.contributions.models import ClaimKind
from civic.contributions.queries import claims_of
from civic.decisions import actions as decisions
from civic.foundation.viewer import Viewer
from civic.synthesis import actions
from civic.synthesis.forms import CheckDraft, PointDraft, PointReply, ReadingDraft
from civic.synthesis.queries import open_check_of, text_desk


async def check(story: Story, one: dict[str, Any]) -> None:
    """Live through one step of a text: cut, read, sent, answered, or left without a reply."""
    steps = {"cut": _cut, "read": _read, "sent": _send, "answered": _answer, "silent": _silent}
    with on(one["at"]):
        await steps[one["step"]](story, one)


async def _cut(story: Story, one: dict[str, Any]) -> None:
    text = await current(story, one["on"])
    (claim, *_) = await claims_of(text.id)
    points = [
        PointDraft(
            tuple(point["sentences"]),
            ClaimKind(point["kind"]),
            point["restatement"],
            is_suggested=point.get("suggested", False),
        )
        for point in one["points"]
    ]
    await decisions.cut_into_points(story.people["otto"], claim.public_id, points, version=text.version)


async def _read(story: Story, one: dict[str, Any]) -> None:
    olga = story.people["olga"]
    desk = await text_desk(olga, (await current(story, one["on"])).public_id)
    draft = ReadingDraft(not one.get("note"), one.get("note", ""))
    await actions.read_second(olga, desk.contribution, draft, seen=desk.seen)


async def _send(story: Story, one: dict[str, Any]) -> None:
    await actions.send_check(story.people["otto"], await current(story, one["on"]))


async def _answer(story: Story, one: dict[str, Any]) -> None:
    text = await current(story, one["on"])
    sent, _, claims = await open_check_of(text.id)
    replies = tuple(
        PointReply(claim.public_id, not words, words)
        for claim, words in zip(claims, one["replies"], strict=True)
    )
    author = Viewer(participant=text.author_id, public_id=text.author)
    await actions.answer_check(author, sent, CheckDraft(replies, one.get("missed", "")))


async def _silent(story: Story, one: dict[str, Any]) -> None:
    await actions.close_unanswered()
