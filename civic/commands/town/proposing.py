"""What the town proposed before it decided: a draft open for reactions, and what people said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from civic import app
from civic.commands.town.processes import current
from civic.commands.town.reading import day, on
from civic.contributions.queries import ClaimCard
from civic.decisions import actions
from civic.decisions.models import Stance
from civic.decisions.queries import decision_by_id, unread_reactions
from civic.decisions.window_forms import ReactionDraft, ReadingDraft
from civic.foundation import queue

if TYPE_CHECKING:
    from civic.commands.town.deciding import Desk


PointOf = Callable[["Desk", dict[str, Any]], Awaitable[ClaimCard]]


async def propose(desk: Desk, said: dict[str, Any], point_of: PointOf) -> None:
    """Open the draft, let people react, and consider what they said once it is closed."""
    official = desk.who(desk.said["created_by"])
    with on(said["opened_at"]):
        decision = await decision_by_id(desk.decision.id)
        edition = await actions.open_draft(official, decision, day(said["closes_on"]))
        await _catch_up()
    for one in said["reactions"]:
        with on(one["at"]):
            claim = await point_of(desk, {"on": one["on"]})
            draft = ReactionDraft(claim.public_id, Stance(one["stance"]), one.get("text", ""))
            text = await current(desk.story, one["on"])
            await actions.react(text, edition, [draft], is_author=True)
    if "considered_at" not in said:
        return
    with on(said["considered_at"]):
        await _catch_up()
        waiting = await unread_reactions(decision.id)
        for answer, keys in (
            (said["considered"], [one.public_id for one in waiting if one.is_objection]),
            ("", [one.public_id for one in waiting if not one.is_objection]),
        ):
            await actions.consider(official, decision, ReadingDraft(tuple(keys), answer))


async def _catch_up() -> None:
    while await queue.run_due(app.handlers()):
        pass
