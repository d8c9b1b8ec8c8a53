"""The pages of accounts: signing in, one's own account, and those of administrators."""

from civic.accounts.pages import account, administration, links, signing
from civic.accounts.pages.administration import role_links

__all__ = ["role_links", "routes"]

routes = [*signing.routes, *links.routes, *account.routes, *administration.routes]
