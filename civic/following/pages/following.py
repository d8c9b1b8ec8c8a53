"""Follow a thing, with an account or by mail; the list of what one follows."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions as accounts
from civic.accounts import queries as people
from civic.accounts.queries import LinkPurpose
from civic.following import actions, queries
from civic.following.forms import FIELDS, PACES, parse_pace, parse_wish
from civic.following.queries import Subject
from civic.foundation import forms as reading
from civic.foundation import limits
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.notices import actions as notices
from civic.notices import queries as followed


@open_to("participants")
async def index(request: Request) -> Response:
    """List what one follows, with how often, and how to stop."""
    viewer = viewer_of(request)
    cards = await followed.follows_of(viewer)
    context = {
        "follows": cards,
        "subjects": await queries.subjects_of(card.subject for card in cards),
        "kinds": queries.KINDS,
        "paces": PACES,
        "address": (await people.account_of(viewer)).address,
    }
    return await page(request, "following/list.html", context)


@open_to("participants")
async def change(request: Request) -> Response:
    """Have the news of one thing more or less often."""
    form = await reading.read(request, only=("pace",))
    await notices.change_pace(viewer_of(request), request.path_params["id"], parse_pace(form))
    return see_other(url(request, "following:list"))


@open_to("participants")
async def stop(request: Request) -> Response:
    """Stop following one thing."""
    await reading.read(request, only=())
    await notices.stop_following(viewer_of(request), request.path_params["id"])
    return see_other(url(request, "following:list"))


@open_to("everyone")
async def show(request: Request) -> Response:
    """Offer to follow a thing, and say what one follows already."""
    return await _form(request, await _subject(request), reading.blank(pace="daily"))


@open_to("everyone")
async def follow(request: Request) -> Response:
    """Follow a thing; without an account, mail the link that confirms the address."""
    found, viewer = await _subject(request), viewer_of(request)
    form = await reading.read(request, only=FIELDS)
    try:
        wish = parse_wish(form, by_mail=not viewer.is_signed_in)
        if not viewer.is_signed_in:
            await actions.allow_mail(wish, _network(request))
    except Invalid as wrong:
        return await _form(request, found, form.with_errors(wrong), status=422)

    async def act() -> str:
        if viewer.is_signed_in:
            await actions.follow_with_account(viewer, found, wish.pace)
            return url(request, "following:list")
        await actions.ask_by_mail(found, wish, request.state.language)
        return url(request, "following:sent")

    return see_other(await once(form.key, form.digest, act))


@open_to("everyone")
async def sent(request: Request) -> Response:
    """Say that a message is on its way, whoever asked and whatever is known of the address."""
    return await page(request, "following/sent.html")


@open_to("everyone")
async def show_link(request: Request) -> Response:
    """Show what a mailed link follows; looking follows nothing."""
    link = await accounts.find_link(request.path_params["token"])
    found = await queries.subject(link.subject) if link and link.purpose is LinkPurpose.FOLLOW else None
    if link is None or found is None:
        return await page(request, "following/link_gone.html", status=404)
    context = {"subject": found, "link": link, "paces": PACES}
    return await page(request, "following/link.html", context)


@open_to("everyone")
async def follow_link(request: Request) -> Response:
    """Follow what a mailed link names."""
    await reading.read(request, only=())
    try:
        found = await actions.confirm_by_mail(request.path_params["token"])
    except NotFound:
        return await page(request, "following/link_gone.html", status=404)
    return await page(request, "following/done.html", {"subject": found})


async def _subject(request: Request) -> Subject:
    return await queries.visible_subject(request.path_params["kind"], request.path_params["id"])


async def _form(request: Request, found: Subject, form: FormData, status: int = 200) -> Response:
    context = {
        "subject": found,
        "kind": queries.KINDS[found.kind],
        "followed": await followed.follow_on(viewer_of(request), found.key),
        "paces": PACES,
        "form": form,
    }
    return await page(request, "following/follow.html", context, status=status)


def _network(request: Request) -> str:
    return limits.network_of(request.client.host if request.client else "")


routes = [
    Route("/following", index, name="following:list"),
    Route("/following/sent", sent, name="following:sent"),
    Route("/following/links/{token}", show_link, name="following:show_link"),
    Route("/following/links/{token}", follow_link, methods=["POST"], name="following:follow_link"),
    Route("/following/{id}/pace", change, methods=["POST"], name="following:pace"),
    Route("/following/{id}/end", stop, methods=["POST"], name="following:end"),
    Route("/following/{kind}/{id}", show, name="following:show"),
    Route("/following/{kind}/{id}", follow, methods=["POST"], name="following:follow"),
]
