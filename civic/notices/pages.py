"""A person's notices, what they receive by mail, and the stop link of a mail."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts.queries import account_of
from civic.foundation import forms as reading
from civic.foundation.errors import Message
from civic.foundation.rendering import page
from civic.foundation.web import open_to, safe_next, see_other, url, viewer_of
from civic.notices import actions, queries
from civic.notices.content import letter
from civic.notices.kinds import FOLLOWS, GROUPS


@open_to("participants")
async def index(request: Request) -> Response:
    """List one's notices."""
    after = reading.query(request).value("after")
    viewer = viewer_of(request)
    context = {
        "notices": await queries.notices_of(viewer, request.state.language, after=after),
        "unread": await queries.unread_count(viewer),
        "after": after,
    }
    return await page(request, "notices/list.html", context)


@open_to("participants")
async def read(request: Request) -> Response:
    """Mark a notice as read and go where it leads."""
    await reading.read(request, only=())
    path = await actions.mark_read(viewer_of(request), request.path_params["id"])
    return see_other(safe_next(path, url(request, "notices:list")))


@open_to("participants")
async def read_all(request: Request) -> Response:
    """Mark every notice as read."""
    await reading.read(request, only=())
    await actions.mark_all_read(viewer_of(request))
    return see_other(url(request, "notices:list"))


@open_to("participants")
async def mails(request: Request) -> Response:
    """Show what one receives by mail."""
    account = await account_of(viewer_of(request))
    stopped = await queries.stopped_groups(account.address or "")
    context = {
        "address": account.address,
        "groups": {group: Message(name) for group, name in queries.groups().items()},
        "wanted": [group for group in queries.groups() if group not in stopped],
    }
    return await page(request, "notices/mails.html", context)


@open_to("participants")
async def choose(request: Request) -> Response:
    """Keep what one wants by mail."""
    form = await reading.read(request, only=("groups",))
    wanted = reading.choices(form, "groups", queries.groups())
    form.demand()
    account = await account_of(viewer_of(request))
    if account.address is not None:
        await actions.choose(account.address, frozenset(wanted))
    return see_other(url(request, "notices:mails"))


@open_to("everyone")
async def show_stop(request: Request) -> Response:
    """Show what a stop link stops, and its button."""
    wanted = await actions.find_stop(request.path_params["token"])
    return await page(request, "notices/stop.html", _stopping(request, wanted, done=False))


@open_to("everyone", from_mail=True)
async def stop(request: Request) -> Response:
    """Stop the mails of one kind: the button of the page, or the one of a mail program (RFC 8058)."""
    stopped = await actions.stop(request.path_params["token"])
    return await page(request, "notices/stop.html", _stopping(request, stopped, done=True))


def _stopping(request: Request, wanted: actions.Stop, *, done: bool) -> dict[str, object]:
    follows = wanted.group == FOLLOWS
    said = letter(wanted.kind, wanted.data, request.state.language) if follows else None
    return {"group": Message(GROUPS[wanted.group]), "done": done, "letter": said, "kind": wanted.kind}


routes = [
    Route("/notices", index, name="notices:list"),
    Route("/notices/read", read_all, methods=["POST"], name="notices:all_read"),
    Route("/notices/mails", mails, name="notices:mails"),
    Route("/notices/mails", choose, methods=["POST"], name="notices:choice"),
    Route("/notices/stop/{token}", show_stop, name="notices:stop"),
    Route("/notices/stop/{token}", stop, methods=["POST"], name="notices:stopped"),
    Route("/notices/{id}/read", read, methods=["POST"], name="notices:read"),
]
