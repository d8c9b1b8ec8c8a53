"""The receipt a browser was just given: shown with its code for an hour, and a guest's text opened to it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from civic.accounts import actions as accounts
from civic.contributions.queries import ContributionCard, contribution_behind_code
from civic.foundation import cookies, ids, limits
from civic.foundation.errors import NotFound
from civic.foundation.web import sign_in_cookie, viewer_of

SHOWN_FOR = 3600


def network_of(request: Request) -> str:
    """Name the neighbourhood a request comes from."""
    return limits.network_of(request.client.host if request.client else "")


async def behind(number: str, code: str) -> ContributionCard | None:
    """Give the contribution of a number when the secret code is its own; as long a way when it is not."""
    card = await contribution_behind_code(number)
    fits = ids.code_matches(code, card.code_hash if card else ids.hash_code(number))
    return card if card is not None and fits else None


async def made(number: str, code: str) -> ContributionCard:
    """Give what a form just made, or had made when it was sent before."""
    card = await behind(number, code)
    if card is None:
        raise NotFound
    return card


async def hand_over(request: Request, response: Response, card: ContributionCard, code: str) -> Response:
    """Let this browser see the code of the receipt, and open a guest's text to it."""
    cookies.write(response, cookies.RECEIPT, f"{card.number}.{code}", max_age=SHOWN_FOR)
    if not viewer_of(request).is_signed_in:
        await open_to_browser(request, response, card)
    return response


async def open_to_browser(request: Request, response: Response, card: ContributionCard) -> None:
    """Open a text to this browser, whose reader has shown its code or its mailed link."""
    token = await accounts.open_pass(viewer_of(request), card.public_id)
    if token is not None:
        sign_in_cookie(response, token)


def code_for(request: Request, card: ContributionCard) -> str | None:
    """Give the code this browser was just shown for a contribution, while it still may."""
    number, _, code = cookies.read(request, cookies.RECEIPT).partition(".")
    return code if number == card.number and ids.code_matches(code, card.code_hash) else None
