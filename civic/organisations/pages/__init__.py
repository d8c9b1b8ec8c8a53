"""Everything organisations show: their pages, their statements, and the papers administrators check."""

from civic.organisations.pages import administration, organisations, statements

routes = [*administration.routes, *organisations.routes, *statements.routes]
