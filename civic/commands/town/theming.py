"""Tell how points were gathered by theme, and how a synthesis was published before the decision."""

from typing import Any

from civic import app
from civic.commands.town.processes import Story, current
from civic.commands.town.reading import on
from civic.contributions.queries import claims_of
from civic.foundation import queue
from civic.processes.queries import process_by_id
from civic.synthesis import actions
from civic.synthesis.forms import SynthesisDraft, ThemeDraft
from civic.synthesis.queries import ThemeCard
from civic.synthesis.rules import Stance


async def sort_by_theme(story: Story, one: dict[str, Any], by: str) -> ThemeCard:
    """Begin a theme and put the points of its texts in."""
    official = story.people[by]
    words = ThemeDraft(one["title"], one["concern"], one["minority"])
    theme = await actions.begin_theme(official, await process_by_id(story.process.id), words)
    await actions.put_in(official, theme, await _points(story, one["points"]))
    for stance in Stance:
        await actions.put_in(official, theme, await _points(story, one.get(stance, ())), stance)
    return theme


async def _points(story: Story, keys: Any) -> list[str]:
    found = []
    for key in keys:
        text = await current(story, key)
        found += [claim.public_id for claim in await claims_of(text.id)]
    return found


async def begin_themes(story: Story, one: dict[str, Any]) -> None:
    """Gather points by theme, not in public yet."""
    with on(one["at"]):
        await sort_by_theme(story, one, one["by"])


async def tell_by_theme(story: Story, said: dict[str, Any]) -> None:
    """Gather every theme of a process and publish its synthesis."""
    official = story.people[said["by"]]
    with on(said["sorted_at"]):
        for one in said["themes"]:
            await sort_by_theme(story, one, said["by"])
        draft = SynthesisDraft(said["title"], said["introduction"], tuple(story.issues.values()))
        process = await process_by_id(story.process.id)
        synthesis = await actions.begin_synthesis(official, process, draft)
    with on(said["published_at"]):
        await actions.publish_synthesis(official, synthesis)
        while await queue.run_due(app.handlers()):
            pass
