"""What decisions leave for later: a publication whose hold is over, the people to tell, points to reopen."""

from datetime import timedelta
from typing import Any

from civic.decisions import actions
from civic.foundation.queue import Regular


async def _release(payload: dict[str, Any]) -> None:
    await actions.release_due(payload["version"])


async def _tell(payload: dict[str, Any]) -> None:
    await actions.tell(payload["version"], payload.get("after", ""))


async def _tell_first(payload: dict[str, Any]) -> None:
    await actions.tell_first(payload["advance"], payload.get("after", ""))


async def _put_off(payload: dict[str, Any]) -> None:
    await actions.put_off(payload["version"], payload.get("after", 0))


async def _tell_promise(payload: dict[str, Any]) -> None:
    await actions.tell_of_promise(
        payload["promise"], payload["kind"], payload["revision"], payload.get("after", "")
    )


async def _tell_draft(payload: dict[str, Any]) -> None:
    await actions.tell_draft(payload["edition"], payload.get("after", ""))


async def _close_draft(payload: dict[str, Any]) -> None:
    await actions.close_draft(payload["edition"])


HANDLERS = {
    "decisions.close_draft": _close_draft,
    "decisions.tell_draft": _tell_draft,
    "decisions.release": _release,
    "decisions.tell": _tell,
    "decisions.tell_first": _tell_first,
    "decisions.put_off": _put_off,
    "decisions.tell_promise": _tell_promise,
}
REGULAR = (
    Regular("points put off", timedelta(hours=1), actions.reopen_due),
    Regular("let early readers go", timedelta(days=1), actions.let_readers_go),
)
