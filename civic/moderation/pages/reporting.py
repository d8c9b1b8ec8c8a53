"""Reporting a text, with or without an account, and hearing what came of it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import actions as accounts
from civic.accounts.queries import address_key
from civic.foundation import forms, ids, limits
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, sign_in_cookie, url, viewer_of
from civic.moderation import actions, queries
from civic.moderation.forms import REPORT_FIELDS, parse_code, parse_report
from civic.moderation.queries import Subject
from civic.moderation.rules import GROUNDS


@open_to("everyone")
async def new_report(request: Request) -> Response:
    """Show the form to report a text, an official's too, with or without an account."""
    subject = await queries.visible_subject(viewer_of(request), forms.query(request).value("subject"))
    return await _report_page(request, subject, forms.blank(subject=subject.key))


@open_to("everyone")
async def reports(request: Request) -> Response:
    """Receive a report and give its receipt: the number, and the code that opens the result."""
    viewer = viewer_of(request)
    form = await forms.read(request, only=REPORT_FIELDS)
    subject = await queries.visible_subject(viewer, form.value("subject"))
    code = ids.code_of_form(form.key)
    made: list[actions.ReportReceipt] = []

    async def act() -> str:
        draft = parse_report(form)
        receipt = await actions.report(
            viewer, subject, draft, network=_network_of(request), code=code, language=request.state.language
        )
        made.append(receipt)
        return receipt.number

    try:
        if (address := parse_report(form).email) and not viewer.is_signed_in:
            await limits.spend("confirm_address", address_key(address))
        number = await once(form.key, form.digest, act)
    except Invalid as wrong:
        return await _report_page(request, subject, form.with_errors(wrong), status=422)
    shown = await page(request, "moderation/reported.html", {"number": number, "code": code})
    if made and not viewer.is_signed_in:
        token = await accounts.open_pass(viewer, made[0].public_id)
        if token is not None:
            sign_in_cookie(shown, token)
    return shown


@open_to("everyone")
async def report(request: Request) -> Response:
    """Tell the person who reported what came of it."""
    number = request.path_params["number"]
    try:
        found = await queries.visible_report(viewer_of(request), number)
    except NotFound:
        return await _code_page(request, number, forms.blank(), status=404)
    context = {"report": found, "GROUNDS": GROUNDS}
    return await page(request, "moderation/report.html", context)


@open_to("everyone")
async def show_code(request: Request) -> Response:
    """Ask for the secret code of a report."""
    return await _code_page(request, request.path_params["number"], forms.blank())


@open_to("everyone")
async def open_report(request: Request) -> Response:
    """Open the result of a report to this browser, whose reader has its secret code."""
    number = request.path_params["number"].upper()
    form = await forms.read(request, only=("code",))
    try:
        code = parse_code(form)
        await limits.spend("code_contribution", number)
        await limits.spend("code_network", _network_of(request))
        await limits.spend("code_everywhere", "all")
        public_id = await queries.report_behind(number, code)
    except Invalid as wrong:
        return await _code_page(request, number, form.with_errors(wrong), status=422)
    response = see_other(url(request, "moderation:report", number=number))
    token = await accounts.open_pass(viewer_of(request), public_id)
    if token is not None:
        sign_in_cookie(response, token)
    return response


async def _report_page(request: Request, subject: Subject, form: FormData, *, status: int = 200) -> Response:
    context = {"subject": subject, "form": form, "errors": form.errors, "GROUNDS": GROUNDS}
    return await page(request, "moderation/new_report.html", context, status=status)


async def _code_page(request: Request, number: str, form: FormData, *, status: int = 200) -> Response:
    """Ask for the code; the page is the same whether or not there is a report of this number."""
    context = {"number": number.upper()[:40], "form": form, "errors": form.errors}
    return await page(request, "moderation/report_code.html", context, status=status)


def _network_of(request: Request) -> str:
    return limits.network_of(request.client.host if request.client else "")


routes = [
    Route("/reports/new", new_report, name="moderation:new_report"),
    Route("/reports", reports, methods=["POST"], name="moderation:reports"),
    Route("/reports/{number}", report, name="moderation:report"),
    Route("/reports/{number}/code", show_code, name="moderation:report_code"),
    Route("/reports/{number}/code", open_report, methods=["POST"], name="moderation:report_opening"),
]
