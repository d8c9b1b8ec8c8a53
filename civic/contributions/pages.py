"""Pages of the register: receipts, and the link that publishes a guest's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions as accounts
from civic.accounts.queries import LinkPurpose
from civic.contributions import actions, policies, queries, situation_pages, slips
from civic.contributions.forms import RECEIPT_FIELDS, parse_lookup
from civic.contributions.queries import ContributionCard, Kind, Visibility
from civic.foundation import clock, database, forms, limits
from civic.foundation.errors import N_, Invalid, Message, NotFound, message
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.policies import last_day
from civic.processes.queries import PhaseKind, ProcessPage

Station = tuple[Message, Message | None, str]
"""One stop on the way of a contribution: its name, when, and whether it is past."""

_NO_MATCH = N_("No receipt has this number with this code. Please check both.")
_NOTHING_PUBLIC = N_(
    "Nothing public has this number. Check it, or add the secret code:"
    " it also opens what is not published yet."
)


@open_to("everyone")
async def receipts(request: Request) -> Response:
    """Ask for the number of a receipt, and for its code."""
    return await _lookup_page(request, forms.blank(number=request.query_params.get("number", "")[:60]))


@open_to("everyone")
async def find(request: Request) -> Response:
    """Open a receipt by its number and code; the number alone leads to what is public."""
    form = await forms.read(request, only=RECEIPT_FIELDS)
    try:
        asked = parse_lookup(form)
        if not asked.code:
            return see_other(await _public_page(request, asked.number))
        await limits.spend("code_contribution", asked.number)
        await limits.spend("code_network", slips.network_of(request))
        await limits.spend("code_everywhere", "all")
        card = await slips.behind(asked.number, asked.code)
        if card is None:
            raise Invalid({"code": Message(_NO_MATCH)})
    except Invalid as wrong:
        return await _lookup_page(request, form.with_errors(wrong), status=422)
    response = see_other(url(request, "contributions:receipt", number=card.number))
    await slips.open_to_browser(request, response, card)
    return response


@open_to("everyone")
async def receipt(request: Request) -> Response:
    """Show a receipt to its author, or to the browser that was just given it; others give the code."""
    number = request.path_params["number"].upper()
    card = await queries.contribution_behind_code(number)
    code = slips.code_for(request, card) if card else None
    if card is None or (code is None and not queries.is_author(viewer_of(request), card)):
        return await _lookup_page(request, forms.blank(number=number[:60]))
    return await _receipt_page(request, card, code)


@open_to("everyone")
async def link(request: Request) -> Response:
    """Mail a guest the link to confirm once more."""
    form = await forms.read(request, only=())
    card = await _own(request)
    if card.guest_address:
        await limits.spend("confirm_address", card.guest_address)
        await limits.spend("confirm_network", slips.network_of(request))

    async def act() -> str:
        await actions.send_confirmation_again(viewer_of(request), card.id)
        return url(request, "contributions:receipt", number=card.number) + "?sent=1"

    return see_other(await once(form.key, form.digest, act))


@open_to("participants")
async def confirmation(request: Request) -> Response:
    """Publish one's own waiting text from the account that has its address."""
    await forms.read(request, only=())
    card = await _own(request)
    await actions.confirm_own(viewer_of(request), card)
    return see_other(url(request, "contributions:receipt", number=card.number))


@open_to("everyone")
async def show_link(request: Request) -> Response:
    """Show what a mailed link would publish; reading it publishes nothing."""
    found = await accounts.find_link(request.path_params["token"])
    if found is None or found.purpose is not LinkPurpose.CONFIRM_CONTRIBUTION:
        return await page(request, "contributions/link_gone.html", status=404)
    card = await queries.contribution_by_public_id(found.subject)
    return await page(request, "contributions/confirm.html", {"card": card, "link": found})


@open_to("everyone")
async def follow_link(request: Request) -> Response:
    """Publish a guest's words, and open them to this browser."""
    await forms.read(request, only=())
    token = request.path_params["token"]
    try:
        async with database.transaction():
            used = await accounts.follow_link(token, LinkPurpose.CONFIRM_CONTRIBUTION)
            card = await queries.contribution_by_public_id(used.subject)
            await actions.confirm(card.id)
    except NotFound:
        return await page(request, "contributions/link_gone.html", status=404)
    response = see_other(url(request, "contributions:receipt", number=card.number) + "?published=1")
    await slips.open_to_browser(request, response, card)
    return response


async def _public_page(request: Request, number: str) -> str:
    """Give the page of a number alone; a number that opens nothing is said to be so, never why."""
    card = await queries.contribution_behind_code(number)
    if card is None or not queries.number_opens(viewer_of(request), card):
        raise Invalid({"number": Message(_NOTHING_PUBLIC)})
    return _public_address(request, card.number)


async def _own(request: Request) -> ContributionCard:
    card = await queries.contribution_by_number(viewer_of(request), request.path_params["number"])
    if not queries.is_author(viewer_of(request), card):
        raise NotFound
    return card


async def _lookup_page(request: Request, form: FormData, status: int = 200) -> Response:
    return await page(request, "contributions/receipts.html", {"form": form}, status=status)


async def _receipt_page(request: Request, card: ContributionCard, code: str | None) -> Response:
    process = await processes.process_by_id(card.process_id) if card.process_id is not None else None
    scope = await processes.scope_in_force(process.id) if process else None
    now = clock.now()
    context = {
        "card": card,
        "code": code,
        "the_process": process,
        "issue": _issue_of(process, card),
        "owes_answer": policies.owes_answer(card.kind, card.relation, card.written_as),
        "stations": await _way(card, process, scope.decides_on if scope else None, now),
        "link_until": await queries.link_until(card.public_id) if card.is_awaiting else None,
        "may_revise": await actions.may_revise(viewer_of(request), card),
        "may_confirm": card.is_awaiting and card.author_id is not None,
        "public_address": _public_address(request, card.number),
        "is_proposal": card.kind is Kind.PROPOSAL,
        "was_sent": request.query_params.get("sent") == "1",
        "was_published": request.query_params.get("published") == "1" and card.is_public,
        "now": now,
    }
    return await page(request, "contributions/receipt.html", context)


def _issue_of(process: ProcessPage | None, card: ContributionCard) -> processes.IssueCard | None:
    return next((one for one in process.issues if one.id == card.issue_id), None) if process else None


async def _way(
    card: ContributionCard, process: ProcessPage | None, decides_on: object, now: datetime
) -> list[Station]:
    """Say what happened and what comes next: nothing is promised for words that were taken back or hidden."""
    line: list[Station] = [
        (Message(N_("Recorded")), message(N_("%(at)s"), at=card.submitted_at), "done"),
    ]
    if card.guest_address is not None:
        line.append(_confirming(card))
    if card.visibility is Visibility.WITHDRAWN:
        taken = await queries.withdrawal_of(card.id)
        at = message(N_("%(at)s"), at=taken.withdrawn_at) if taken else None
        return [*line, (Message(N_("You withdrew it")), at, "done")]
    if card.visibility is Visibility.RESTRICTED:
        return [*line, (Message(N_("Hidden by a moderator")), Message(N_("You can contest that.")), "now")]
    return [*line, *_ahead(card, process, decides_on, now)]


def _ahead(
    card: ContributionCard, process: ProcessPage | None, decides_on: object, now: datetime
) -> Iterator[Station]:
    """Say what happens next, with the dates that were promised."""
    debate = process.phase(PhaseKind.DELIBERATION) if process else None
    if debate is not None:
        until = message(N_("Until %(date)s, at the end of the day."), date=last_day(debate.over_at))
        state = "done" if debate.has_ended(now) else "next" if card.is_awaiting else "now"
        yield Message(N_("Debate")), until, state
    if policies.owes_answer(card.kind, card.relation, card.written_as):
        promised = message(N_("Promised by %(date)s."), date=decides_on) if decides_on else None
        yield Message(N_("An answer with its reason to each point")), promised, "next"


def _confirming(card: ContributionCard) -> Station:
    if card.confirmed_at is not None:
        return Message(N_("You confirmed")), message(N_("%(at)s"), at=card.confirmed_at), "done"
    return Message(N_("You confirm")), Message(N_("By the link. Without it nothing is published.")), "now"


def _public_address(request: Request, number: str) -> str:
    """Give the public page of a receipt number: the trace, when that page exists."""
    name = "trace:show" if "trace:show" in request.app.state.routes else "contributions:receipt"
    return url(request, name, number=number)


routes = [
    *situation_pages.routes,
    Route("/receipts", receipts, name="contributions:receipts"),
    Route("/receipts", find, methods=["POST"], name="contributions:lookup"),
    Route("/receipts/{number}", receipt, name="contributions:receipt"),
    Route("/receipts/{number}/link", link, methods=["POST"], name="contributions:link"),
    Route(
        "/receipts/{number}/confirmation",
        confirmation,
        methods=["POST"],
        name="contributions:confirmation",
    ),
    Route("/confirmations/{token}", show_link, name="contributions:show_link"),
    Route("/confirmations/{token}", follow_link, methods=["POST"], name="contributions:follow_link"),
]
