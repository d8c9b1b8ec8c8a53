"""The pages of processes, and what they lend to the pages of others: navigation and role links."""

from civic.processes.pages import charters, desk, home, information, interests, moving, parts, reading
from civic.processes.pages.navigation import role_links, subnav

__all__ = ["role_links", "routes", "subnav"]

routes = [
    *home.routes,
    *reading.routes,
    *charters.routes,
    *information.routes,
    *desk.routes,
    *parts.routes,
    *moving.routes,
    *interests.routes,
]
