"""What decisions leave for later: a publication whose hold is over, and telling the people concerned."""

from typing import Any

from civic.decisions import actions


async def _release(payload: dict[str, Any]) -> None:
    await actions.release_due(payload["version"])


async def _tell(payload: dict[str, Any]) -> None:
    await actions.tell(payload["version"], payload.get("after", ""))


HANDLERS = {"decisions.release": _release, "decisions.tell": _tell}
