"""The understanding check: by one mailed link, by account or code, or on a paper slip typed in by staff."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import forms
from civic.foundation.errors import N_, Invalid, Message, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.synthesis import actions, queries
from civic.synthesis.forms import CHECK_FIELDS, parse_check
from civic.synthesis.policies import works_here
from civic.synthesis.queries import CheckCard

_NO_SLIP = N_("No check waits for this number. It was answered, its time is over, or it was never sent.")
Found = tuple[CheckCard, ContributionCard, list[ClaimCard]]


@dataclass(frozen=True)
class Door:
    """How somebody came to a check: where the form goes, and whose words it takes in."""

    address: str
    has_link: bool = False
    is_staff: bool = False


_NUMBER = re.compile(r"[A-Z0-9-]{1,40}", re.ASCII)


@open_to("everyone")
async def show_link(request: Request) -> Response:
    """Show what a mailed link asks; looking at it uses nothing up."""
    try:
        found = await queries.check_of_link(request.path_params["token"])
    except NotFound:
        return await page(request, "synthesis/check_over.html", {}, status=404)
    return await _check(request, found, _by_link(request), forms.blank())


@open_to("everyone")
async def answer_link(request: Request) -> Response:
    """Take in the answer of who has the link, once."""
    try:
        found = await queries.check_of_link(request.path_params["token"])
    except NotFound:
        return await page(request, "synthesis/check_over.html", {}, status=404)
    return await _answer(request, found, _by_link(request))


def _by_link(request: Request) -> Door:
    token = request.path_params["token"]
    return Door(url(request, "synthesis:answer_link", token=token), has_link=True)


@open_to("everyone")
async def own(request: Request) -> Response:
    """Show an author, by their account or the code of their receipt, what they are asked."""
    try:
        found = await _own(request)
    except NotFound:
        return await page(request, "synthesis/check_over.html", {}, status=404)
    return await _check(request, found, _by_account(request), forms.blank())


@open_to("everyone")
async def answer_own(request: Request) -> Response:
    """Take in the answer of an author who is known here."""
    return await _answer(request, await _own(request), _by_account(request))


def _by_account(request: Request) -> Door:
    return Door(url(request, "synthesis:answer_own", number=request.path_params["number"]))


async def _own(request: Request) -> Found:
    viewer = viewer_of(request)
    card = await contributions.contribution_by_number(viewer, request.path_params["number"])
    if not contributions.is_author(viewer, card):
        raise NotFound
    return await queries.open_check_of(card.id)


@open_to("officials")
async def slips(request: Request) -> Response:
    """Find the check of a slip that came back on paper, by the number printed on it."""
    form = forms.query(request)
    number = form.value("number")[:60].strip().upper()
    if not number:
        return await page(request, "synthesis/slips.html", {"form": forms.blank()})
    try:
        check = await _of_number(request, number)
    except NotFound:
        form = forms.blank(number=number)
        form.errors.note("number", Message(_NO_SLIP))
        return await page(request, "synthesis/slips.html", {"form": form}, status=422)
    return see_other(url(request, "synthesis:slip", id=check.public_id))


async def _of_number(request: Request, number: str) -> CheckCard:
    card = await contributions.contribution_behind_code(number)
    if card is None or not works_here(viewer_of(request), card.process or ""):
        raise NotFound
    return (await queries.open_check_of(card.id))[0]


@open_to("officials")
async def slip(request: Request) -> Response:
    """Show a check to who types a slip in; printed, it is the slip to send."""
    found = await queries.check_on_desk(viewer_of(request), request.path_params["id"])
    return await _check(request, found, _by_staff(request), forms.blank())


@open_to("officials")
async def enter_slip(request: Request) -> Response:
    """Take in what somebody wrote on a slip, on their behalf."""
    found = await queries.check_on_desk(viewer_of(request), request.path_params["id"])
    return await _answer(request, found, _by_staff(request))


def _by_staff(request: Request) -> Door:
    return Door(url(request, "synthesis:enter_slip", id=request.path_params["id"]), is_staff=True)


async def _answer(request: Request, found: Found, door: Door) -> Response:
    check, contribution, claims = found
    form = await forms.read(request, only=CHECK_FIELDS)

    async def act() -> str:
        draft = parse_check(form, [one.public_id for one in claims], may_skip=door.is_staff)
        await actions.answer_check(viewer_of(request), check, draft, has_link=door.has_link)
        if door.is_staff:
            return url(request, "synthesis:text", id=contribution.public_id)
        return url(request, "synthesis:thanks") + f"?number={contribution.number}"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _check(request, found, door, form.with_errors(wrong), status=422)


async def _check(
    request: Request, found: Found, door: Door, form: FormData, *, status: int = 200
) -> Response:
    check, contribution, claims = found
    is_printed = request.query_params.get("print") == "1"
    context = {
        "process": await processes.process_by_public_id(contribution.process or ""),
        "check": check,
        "contribution": contribution,
        "claims": claims,
        "door": door,
        "form": form,
        "nav": "" if door.is_staff else "mine",
    }
    name = "synthesis/slip.html" if is_printed else "synthesis/check.html"
    return await page(request, name, context, status=status)


@open_to("everyone")
async def thanks(request: Request) -> Response:
    """Say that the answer arrived, and where to follow what becomes of it."""
    asked = request.query_params.get("number", "").upper()
    number = asked if _NUMBER.fullmatch(asked) else ""
    others = [one for one in await queries.open_checks_of(viewer_of(request)) if one != number]
    return await page(
        request, "synthesis/check_thanks.html", {"number": number, "others": others, "nav": "mine"}
    )


routes = [
    Route("/checks/thanks", thanks, name="synthesis:thanks"),
    Route("/checks/{token}", show_link, name="synthesis:check"),
    Route("/checks/{token}", answer_link, methods=["POST"], name="synthesis:answer_link"),
    Route("/contributions/{number}/check", own, name="synthesis:own_check"),
    Route("/contributions/{number}/check", answer_own, methods=["POST"], name="synthesis:answer_own"),
    Route("/desk/checks", slips, name="synthesis:slips"),
    Route("/desk/checks/{id}", slip, name="synthesis:slip"),
    Route("/desk/checks/{id}", enter_slip, methods=["POST"], name="synthesis:enter_slip"),
]
