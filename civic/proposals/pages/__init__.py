"""The pages of proposals."""

from civic.proposals.pages import changing, lists, reading, writing

__all__ = ["routes"]

routes = [*lists.routes, *writing.routes, *reading.routes, *changing.routes]
