"""What synthesis leaves for later: an edition whose hold is over; every hour, authors who said nothing."""

from datetime import timedelta
from typing import Any

from civic.foundation.queue import Regular
from civic.synthesis.actions import close_unanswered, release_synthesis_due


async def _release(payload: dict[str, Any]) -> None:
    await release_synthesis_due(payload["edition"])


HANDLERS = {"synthesis.release": _release}
REGULAR = (Regular("checks", timedelta(hours=1), close_unanswered),)
