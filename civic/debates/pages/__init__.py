"""The pages of debates."""

from civic.debates.pages import changing, reading, writing

__all__ = ["routes"]

routes = [*reading.routes, *writing.routes, *changing.routes]
