"""The pages of open data: files to take away, the API, and the trace for programs."""

from civic.opendata.pages import api, downloads, legal, sheets

__all__ = ["routes"]

routes = [*downloads.routes, *api.routes, *legal.routes, *sheets.routes]
