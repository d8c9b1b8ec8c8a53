"""What evaluation does by itself: open surveys, invite within the budget, publish and close."""

from datetime import timedelta
from typing import Any

from civic.evaluation import actions
from civic.foundation.queue import Regular


async def _invite(payload: dict[str, Any]) -> None:
    await actions.invite_some(payload["survey"], payload["after"])


HANDLERS = {actions.INVITE: _invite}
REGULAR = (
    Regular("surveys to open", timedelta(hours=1), actions.open_surveys),
    Regular("surveys to ask", timedelta(minutes=5), actions.ask_kept_surveys),
    Regular("survey results", timedelta(hours=1), actions.publish_results),
)
