"""The tabs inside a process, and the workspaces of officials and administrators."""

from __future__ import annotations

from starlette.requests import Request

from civic.foundation import languages
from civic.foundation.errors import N_
from civic.foundation.filters import localized
from civic.foundation.web import RoleLink, url, viewer_of
from civic.processes.queries import ProcessPage

Tab = tuple[str, str, bool]

_TABS = (
    (N_("Overview"), "processes:show"),
    (N_("Debate"), "proposals:list"),
    (N_("Synthesis"), "synthesis:of_process"),
    (N_("Decision"), "decisions:of_process"),
    (N_("Follow-up"), "decisions:followup_of_process"),
    (N_("Evaluation"), "evaluation:board"),
)


_SECTIONS = (
    ("/proposals/", "proposals:list"),
    ("/processes/{slug}/proposals", "proposals:list"),
    ("/processes/{slug}/issues", "proposals:list"),
    ("/debates/", "proposals:list"),
    ("/comments/", "proposals:list"),
    ("/syntheses/", "synthesis:of_process"),
    ("/themes/", "synthesis:of_process"),
    ("/decisions/{id}/promises", "decisions:followup_of_process"),
    ("/promises/", "decisions:followup_of_process"),
    ("/decisions/", "decisions:of_process"),
    ("/outcomes/", "decisions:of_process"),
)
"""Where the pages of each tab stand."""


async def subnav(request: Request, process: ProcessPage) -> tuple[str, str, list[Tab]]:
    """Give the name of a process, its address, and the tabs whose page exists."""
    with languages.speaking(request.state.language):
        name = str(localized(process.title))
        here, section = request.scope["path"], _section(request)
        tabs = [
            (languages.gettext(request.state.language, label), path, path == here or route == section)
            for label, route in _TABS
            if route in request.app.state.routes
            for path in (url(request, route, slug=process.slug),)
        ]
    return name, url(request, "processes:show", slug=process.slug), tabs


def _section(request: Request) -> str | None:
    """Name the tab that leads to what this page shows a part of."""
    pattern = str(getattr(request.state, "route", ""))
    return next((route for start, route in _SECTIONS if pattern.startswith(start)), None)


async def role_links(request: Request) -> list[RoleLink]:
    """Give the workspaces of this room to those who hold a role."""
    viewer, language = viewer_of(request), request.state.language
    links = []
    if viewer.holds("administrator") or viewer.holds_somewhere("official"):
        path = url(request, "processes:desks")
        links.append(RoleLink(languages.gettext(language, N_("Set-up")), path))
    if viewer.holds("administrator"):
        path = url(request, "processes:charters")
        links.append(RoleLink(languages.gettext(language, N_("Charters")), path))
    return links
