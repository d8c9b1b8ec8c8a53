"""What the pages of accounts know of a browser: its name, its neighbourhood, its cookie."""

from starlette.requests import Request
from starlette.responses import Response

from civic.accounts import queries
from civic.foundation import cookies, ids, instance, limits, preferences
from civic.foundation.formdata import FormData
from civic.foundation.web import safe_next, see_other, sign_in_cookie

_MONTH = 30 * 24 * 3600
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def label_of(request: Request) -> str:
    """Name a browser in two words its owner will know again; nothing of what it says is kept."""
    said = request.headers.get("user-agent", "")[:500]
    words = (next((name for mark, name in marks if mark in said), "") for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(word for word in words if word)


def mark_of_browser(request: Request) -> str:
    """Tell this browser from others by the cookie its forms are bound to; "" when it has none."""
    cookie = cookies.read(request, cookies.FORM)
    return ids.hash_token(cookie) if cookie else ""


def network_of(request: Request) -> str:
    """Name the neighbourhood a request comes from."""
    return limits.network_of(request.client.host if request.client else "")


def wanted(form: FormData) -> str:
    """Read where somebody was going before we asked who they are."""
    return safe_next(form.value("next"))


async def password_context() -> tuple[str, ...]:
    """Give the words of this site that a password should not lean on."""
    ours = await instance.current()
    return (ours.name, ours.body)


async def signed_in(request: Request, token: str, location: str) -> Response:
    """Send who just signed in where they were going, with their cookie and in their language."""
    response = see_other(location)
    sign_in_cookie(response, token, max_age=_MONTH)
    viewer = await queries.viewer_of(token)
    if viewer is not None and viewer.language and not cookies.read(request, cookies.LANGUAGE):
        preferences.remember_language(response, viewer.language)
    return response
