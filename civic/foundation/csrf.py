"""Show that a form comes from one of our pages, opened by the same browser.

Two walls, for every method that changes something: the browser says the request starts here
(`Sec-Fetch-Site`, `Origin`), and the form carries a token bound to the session, or to a random cookie
for people who are not signed in. The token is masked anew in every page, so that compressing a page
tells nothing about it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from starlette.requests import Request

from civic import settings
from civic.foundation import cookies
from civic.foundation.errors import N_, Refused
from civic.foundation.formdata import CSRF, FormData

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "x-csrf-token"
_SIZE = 16
_ELSEWHERE = N_("This form was sent from another site, so it was not accepted.")
_EXPIRED = N_(
    "This form is no longer valid: you may have signed in or out since. Please open the page again."
)


def issue(request: Request) -> str:
    """Give the token for a form of this page; a browser without a session gets a random cookie."""
    mask = secrets.token_bytes(_SIZE)
    proof = _proof(settings.current().secret_key, _binding(request))
    return urlsafe_b64encode(mask + _xor(mask, proof)).decode().rstrip("=")


def demand(request: Request, form: FormData) -> None:
    """Go on when the request starts from one of our pages; refuse it otherwise."""
    if not _starts_here(request):
        raise Refused(_ELSEWHERE)
    sent = request.headers.get(HEADER) or form.value(CSRF)
    binding = _known_binding(request)
    if not binding or not any(_matches(sent, key, binding) for key in settings.current().secret_keys):
        raise Refused(_EXPIRED)


def _starts_here(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin.lower() in _own_origins(request)


def _own_origins(request: Request) -> set[str]:
    current = settings.current()
    own = {current.public_url.lower()}
    if current.is_local:
        # The host was compared with the allowlist before.
        own.add(f"{request.scope['scheme']}://{request.headers.get('host', '').lower()}")
    return own


def _known_binding(request: Request) -> str:
    state = request.scope["state"]
    return state.get("session_token") or cookies.read(request, cookies.FORM)


def _binding(request: Request) -> str:
    known = _known_binding(request)
    state = request.scope["state"]
    state["is_private"] = True
    if not known:
        known = state.setdefault("new_form_cookie", secrets.token_urlsafe(18))
    return str(known)


def _proof(key: str, binding: str) -> bytes:
    return hmac.digest(key.encode(), b"form\0" + binding.encode("utf-8", "replace"), hashlib.sha256)[:_SIZE]


def _matches(sent: str, key: str, binding: str) -> bool:
    try:
        raw = urlsafe_b64decode(sent.encode("ascii") + b"==")
    except (ValueError, UnicodeEncodeError):
        return False
    return len(raw) == 2 * _SIZE and hmac.compare_digest(_xor(raw[:_SIZE], raw[_SIZE:]), _proof(key, binding))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
