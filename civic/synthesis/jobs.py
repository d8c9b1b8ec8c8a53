"""What synthesis leaves for later: an edition whose hold is over; authors to be asked; silence as silence."""

from datetime import timedelta
from typing import Any

from civic.foundation.queue import Regular
from civic.synthesis.actions import ask_kept_checks, close_unanswered, release_synthesis_due


async def _release(payload: dict[str, Any]) -> None:
    await release_synthesis_due(payload["edition"])


HANDLERS = {"synthesis.release": _release}
REGULAR = (
    Regular("checks", timedelta(hours=1), close_unanswered),
    Regular("checks to ask", timedelta(minutes=1), ask_kept_checks),
)
