"""The pages of moderation: reporting, and the desk with its statements, appeals and public log."""

from civic.moderation.pages import desk, reporting
from civic.moderation.pages.desk import role_links

__all__ = ["role_links", "routes"]

routes = [*reporting.routes, *desk.routes]
