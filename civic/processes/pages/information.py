"""What everybody may want to know of the house: how it works, access, privacy, whom to ask."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation.rendering import page
from civic.foundation.web import open_to


@open_to("everyone")
async def about(request: Request) -> Response:
    """Say how it works and where the source code is."""
    return await page(request, "processes/about.html", {"nav": "about"})


@open_to("everyone")
async def accessibility(request: Request) -> Response:
    """State how far these pages can be used by everybody."""
    return await page(request, "processes/accessibility.html", {})


@open_to("everyone")
async def privacy(request: Request) -> Response:
    """Say what is kept about people, why and how long."""
    return await page(request, "processes/privacy.html", {})


@open_to("everyone")
async def contact(request: Request) -> Response:
    """Say how to reach the public body, with or without a screen."""
    return await page(request, "processes/contact.html", {})


routes = [
    Route("/about", about, name="processes:about"),
    Route("/accessibility", accessibility, name="processes:accessibility"),
    Route("/privacy", privacy, name="processes:privacy"),
    Route("/contact", contact, name="processes:contact"),
]
