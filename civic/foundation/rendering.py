"""Make pages: Jinja, the language of the reader, and one block instead of the whole page for htmx."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response


async def page(
    request: Request,
    name: str,
    context: dict[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> Response:
    """Show a template, or only its block when htmx asked."""
    return HTMLResponse(name, status_code=status)
