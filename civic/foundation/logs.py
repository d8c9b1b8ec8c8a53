"""Write what happened as lines of JSON: no token, no text of a person, no line a visitor could forge."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from starlette.requests import Request

from civic.foundation import clock

_refusals = logging.getLogger("civic.refusals")


class Lines(logging.Formatter):
    """One JSON object a line; JSON escapes line ends and terminal controls."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def configure(level: int = logging.INFO) -> None:
    """Send the logs of this process to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def refusal(request: Request, status: int, reason: str) -> None:
    """Note that something was refused: by which rule, on which route, to which account, never the words."""
    state = request.scope.get("state", {})
    viewer = state.get("viewer")
    fields = {
        "request": state.get("request_id", "-"),
        "status": status,
        "method": request.method,
        "route": state.get("route", "-"),
        "reason": reason,
        "participant": getattr(viewer, "public_id", None),
    }
    _refusals.warning("refused", extra={"fields": fields})
