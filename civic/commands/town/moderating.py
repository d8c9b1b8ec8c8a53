"""What the moderators of the town did: one text hidden and restored on appeal, one kept."""

from typing import Any

from civic.commands.town.processes import Story
from civic.commands.town.reading import on
from civic.foundation import ids
from civic.foundation.viewer import Viewer
from civic.moderation import actions, queries
from civic.moderation.forms import MeasureDraft, ReportDraft, RulingDraft, StatementDraft
from civic.moderation.models import Ground, Measure


async def moderate(story: Story, said: dict[str, Any]) -> None:
    """Report, decide, contest and hear, each on its day."""
    moderator = story.people[said["decided_by"]]
    await report(story, said)
    case = await _case_of(story, said, moderator)
    with on(said["decided_at"]):
        found = await queries.visible_case(moderator, case)
        measure = Measure(said.get("measure", "hide"))
        draft = MeasureDraft(measure, found.version, said.get("note", ""), "", _reasons(said))
        decision = await actions.decide(moderator, found, draft)
    if "appeal" in said:
        await _contest(story, said, decision.public_id)


async def report(story: Story, said: dict[str, Any]) -> None:
    """Report a text of the story."""
    reporter = story.people[said["reported_by"]]
    with on(said["reported_at"]):
        subject = await queries.visible_subject(reporter, _key(story, said))
        draft = ReportDraft(Ground(said["ground"]), said["explanation"], "", "")
        await actions.report(
            reporter, subject, draft, network="example", code=ids.secret_code(), language="fr"
        )


async def _case_of(story: Story, said: dict[str, Any], moderator: Viewer) -> str:
    with on(said["reported_at"]):
        cases = await queries.queue(moderator)
        return next(str(one["public_id"]) for one in cases if one["subject"] == _key(story, said))


def _key(story: Story, said: dict[str, Any]) -> str:
    return f"contribution/{story.receipts[said['on']].contribution.public_id}"


def _reasons(said: dict[str, Any]) -> StatementDraft | None:
    if "rule" not in said:
        return None
    return StatementDraft(said["rule"], said["passage"], said["facts"], "until_rewritten")


async def _contest(story: Story, said: dict[str, Any], decision: str) -> None:
    author_id = story.receipts[said["on"]].contribution.author_id
    author = next(one for one in story.people.values() if one.participant == author_id)
    first, second = story.people[said["decided_by"]], story.people[said["ruled_by"]]
    with on(said["appealed_at"]):
        decided = await queries.visible_decision(first, decision)
        await actions.appeal(author, decided, said["appeal"])
    with on(said["ruled_at"]):
        decided = await queries.visible_decision(second, decision)
        await actions.rule(second, decided, RulingDraft(said["upheld"], said["ruling"]))
