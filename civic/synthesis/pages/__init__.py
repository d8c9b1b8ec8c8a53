"""The pages of synthesis: texts to cut and to read, questions and checks, themes, the synthesis."""

from starlette.requests import Request

from civic.foundation.web import RoleLink
from civic.synthesis.pages import asking, checks, reading, texts, themes, writing

__all__ = ["role_links", "routes"]

routes = [
    *asking.routes,
    *texts.routes,
    *checks.routes,
    *themes.routes,
    *writing.routes,
    *reading.routes,
]


async def role_links(request: Request) -> list[RoleLink]:
    """Give the desks of this room to those who work on answers."""
    return [*await texts.role_links(request), *await themes.theme_links(request)]
