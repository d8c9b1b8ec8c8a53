"""The pages of synthesis: texts to cut and to read, questions and checks to authors."""

from civic.synthesis.pages import asking, checks, texts
from civic.synthesis.pages.texts import role_links

__all__ = ["role_links", "routes"]

routes = [*asking.routes, *texts.routes, *checks.routes]
