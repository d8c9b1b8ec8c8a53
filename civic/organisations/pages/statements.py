"""File a position statement, read what became of each of its points, and take the grid away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.contributions import slips
from civic.decisions import queries as decisions
from civic.decisions.queries import OutcomeCard
from civic.foundation import clock, forms, ids, languages, limits
from civic.foundation.errors import N_, Invalid, Message
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.tables import Localized
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.organisations import actions, policies, queries
from civic.organisations.forms import (
    MORE_ROWS,
    ROWS_AT_FIRST,
    STATEMENT_FIELDS,
    parse_statement,
    rows_of,
    written_rows,
)
from civic.organisations.queries import CommentType, Mandate, PointRow
from civic.organisations.sheet import MAX_ROWS, MAX_SHEET, SheetRefused, csv_of, read_sheet, xlsx_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage
from civic.proposals import policies as proposing
from civic.proposals import queries as proposals
from civic.proposals.queries import ProposalCard

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    *("point_ref", "receipt", "organisation", "number", "clause", "type", "comment", "proposed_change"),
    *("outcome", "answer", "reason", "reason_codes", "articles", "answered_on", "address"),
)
"""The columns of the grid: stable names, whatever the language of the page."""
TYPES = {
    CommentType.GENERAL: N_("General"),
    CommentType.TECHNICAL: N_("On the substance"),
    CommentType.EDITORIAL: N_("On the wording"),
}
SHEET_COLUMNS = (N_("Clause"), N_("Type of comment"), N_("Comment"), N_("Proposed change"))
_CHOOSE = N_("Choose a file: a spreadsheet (.xlsx) or a CSV.")


@open_to("participants")
async def new(request: Request) -> Response:
    """Show the form of a position statement; or why it cannot be filed now."""
    process = await _process(request)
    asked = forms.query(request)
    first = {name: asked.value(name)[:26] for name in ("issue", "organisation") if asked.value(name)}
    return await _form_page(request, process, forms.blank(rows=ROWS_AT_FIRST, **first))


@open_to("participants", files=True)
async def file(request: Request) -> Response:
    """File a statement; or show more rows, or those of a sheet, with nothing filed yet."""
    process = await _process(request)
    form = await forms.read(request, only=STATEMENT_FIELDS)
    spoken = [one.public_id for one in await queries.organisations_of(viewer_of(request))]
    policies.may_speak(is_delegate=bool(spoken)).demand()
    if form.value("more"):
        form.values["rows"] = (str(min(rows_of(form) + MORE_ROWS, MAX_ROWS)),)
        return await _form_page(request, process, form)
    if form.value("read"):
        return await _read(request, process, form)
    try:
        viewer, network = viewer_of(request), slips.network_of(request)
        draft = parse_statement(form, spoken, [issue.public_id for issue in process.issues])
        code = ids.code_of_form(form.key)

        async def act() -> str:
            await limits.demand("post_network", network)
            receipt = await actions.file_statement(viewer, process, draft, code=code)
            await limits.spend("post_network", network)
            return receipt.number

        number = await once(form.key, form.digest, act)
    except Invalid as wrong:
        return await _form_page(request, process, form.with_errors(wrong), status=422)
    response = see_other(url(request, "contributions:receipt", number=number))
    return await slips.hand_over(request, response, await slips.made(number, code), code)


async def _read(request: Request, process: ProcessPage, form: FormData) -> Response:
    """Fill the rows of the form from a sheet: all of them, or none when one is wrong."""
    given = forms.files(form, "file", max=1, each=MAX_SHEET)
    if not given or form.errors:
        form.errors.note("file", Message(_CHOOSE))
        return await _form_page(request, process, form, status=422)
    data = await given[0].read()
    try:
        rows = await asyncio.to_thread(read_sheet, data)
    except SheetRefused as refusal:
        form.errors.note("file", refusal.message)
        return await _form_page(request, process, form, refusal=refusal, status=422)
    kept = {name: said for name, said in form.values.items() if not name.startswith(_ROW_NAMES)}
    form.values = kept | written_rows(rows)
    return await _form_page(request, process, form, taken=len(rows))


_ROW_NAMES = ("ref_", "type_", "comment_", "change_")


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show a statement point by point, each with its outcome, beside the mandate and the interests."""
    viewer = viewer_of(request)
    proposal, mandate = await queries.visible_statement(viewer, request.path_params["id"])
    process = await processes.process_by_id(proposal.process_id)
    points = await queries.points_of(proposal)
    context = {
        "process": process,
        "proposal": proposal,
        "mandate": mandate,
        "points": points,
        "types": TYPES,
        "outcomes": await decisions.outcomes_of_claims([one.claim.id for one in points]),
        "endorsed": await proposals.has_endorsed(viewer, proposal.id),
        "may_endorse": proposing.may_endorse(
            viewer, process.phases, clock.now(), mine=proposal.mine, is_public=proposal.is_public
        ),
    }
    return await page(request, "organisations/statement.html", context)


@open_to("everyone")
async def points_csv(request: Request) -> Response:
    """Give the grid of a statement as CSV."""
    rows = await _grid(request)
    return _sent(
        request, await asyncio.to_thread(csv_of, rows), "csv", "text/csv; charset=utf-8; header=present"
    )


@open_to("everyone")
async def points_xlsx(request: Request) -> Response:
    """Give the grid of a statement as a workbook."""
    rows = await _grid(request)
    return _sent(request, await asyncio.to_thread(xlsx_of, rows, "points"), "xlsx", XLSX)


@open_to("everyone")
async def template(request: Request) -> Response:
    """Give an empty sheet with the columns that are read, in the language of the reader."""
    head = [languages.gettext(request.state.language, name) for name in SHEET_COLUMNS]
    return _sent(request, await asyncio.to_thread(xlsx_of, [head], "points"), "xlsx", XLSX)


def _sent(request: Request, data: bytes, ending: str, kind: str) -> Response:
    name = f"statement-{request.path_params.get('id', 'points')}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=kind, headers=headers)


async def _grid(request: Request) -> list[Sequence[str]]:
    """Write a statement as rows, in the language of the reader, for whoever may read it."""
    await limits.spend("api_network", slips.network_of(request))
    proposal, mandate = await queries.visible_statement(viewer_of(request), request.path_params["id"])
    points = await queries.points_of(proposal)
    found = await decisions.outcomes_of_claims([one.claim.id for one in points])
    language = request.state.language
    return [
        COLUMNS,
        *(_cells(request, proposal, mandate, one, found.get(one.claim.id), language) for one in points),
    ]


def _cells(
    request: Request,
    proposal: ProposalCard,
    mandate: Mandate,
    point: PointRow,
    outcome: OutcomeCard | None,
    language: str,
) -> tuple[str, ...]:
    said = (
        point.claim.public_id,
        proposal.number,
        mandate.name,
        str(point.claim.number),
        point.reference,
        str(point.comment_type or ""),
        point.comment,
        point.change,
    )
    if outcome is None:
        return (*said, *[""] * (len(COLUMNS) - len(said)))
    answer = outcome.answer.answer
    return (
        *said,
        str(outcome.outcome),
        _in(answer.sentence, language),
        _in(answer.rationale, language),
        " | ".join(sorted(answer.all_reason_codes)),
        " | ".join(article.eid for article in outcome.answer.articles),
        clock.local_day(outcome.published_at).isoformat(),
        settings.current().public_url + url(request, "decisions:outcome", id=outcome.public_id),
    )


def _in(said: Localized, language: str) -> str:
    return said.get(language) or next((words for words in said.values() if words), "")


async def _process(request: Request) -> ProcessPage:
    return await processes.visible_process(viewer_of(request), request.path_params["slug"])


async def _form_page(
    request: Request,
    process: ProcessPage,
    form: FormData,
    *,
    refusal: SheetRefused | None = None,
    taken: int | None = None,
    status: int = 200,
) -> Response:
    now = clock.now()
    spoken = await queries.organisations_of(viewer_of(request))
    declared = {one.public_id: bool(await queries.interests_of(one.id)) for one in spoken}
    chosen = form.value("organisation") or (spoken[0].public_id if len(spoken) == 1 else "")
    context = {
        "nav": "processes",
        "process": process,
        "form": form,
        "spoken": spoken,
        "undeclared": [one for one in spoken if not declared[one.public_id]],
        "may_submit": proposing.may_submit(process.phases, now, has_issues=bool(process.issues)),
        "may_file": policies.may_file(
            is_delegate=bool(spoken), has_declared=declared.get(chosen, any(declared.values()))
        ),
        "closes_at": proposing.closes_at(process.phases, now),
        "rows": rows_of(form),
        "most_rows": MAX_ROWS,
        "types": {one: languages.gettext(request.state.language, name) for one, name in TYPES.items()},
        "refusal": refusal,
        "taken": taken,
    }
    return await page(request, "organisations/filing.html", context, status=status)


routes = [
    Route("/processes/{slug}/statements/new", new, name="organisations:filing"),
    Route("/processes/{slug}/statements/new", file, methods=["POST"], name="organisations:file"),
    Route("/statements/empty.xlsx", template, name="organisations:template"),
    Route("/statements/{id}", show, name="organisations:statement"),
    Route("/statements/{id}/points.csv", points_csv, name="organisations:points_csv"),
    Route("/statements/{id}/points.xlsx", points_xlsx, name="organisations:points_xlsx"),
]
