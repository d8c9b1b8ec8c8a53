"""The sheet of a desk: take points out into a spreadsheet, see what it would change, bring it back."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from civic.decisions import queries as decisions
from civic.decisions.policies import may_draft
from civic.decisions.queries import DecisionCard, PointFilter
from civic.decisions.queries.sifting import read_filter, spoken_filter
from civic.foundation import formdata, forms
from civic.foundation.errors import N_, Conflict, Message
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.opendata import actions, queries
from civic.opendata.actions import Brought
from civic.opendata.exports import csv_of
from civic.opendata.grid import MAX_PROBLEMS, GridRefused
from civic.opendata.grid_writing import write_answers
from civic.opendata.queries import Sheet
from civic.processes import queries as processes

_BOM = "\ufeff"
_MOST_CARRIED = 3_500_000
"""Bytes of answers that a page carries on to its second step; beyond, the file is chosen again."""
_CHOOSE = N_("Choose the file you filled in.")


@open_to("officials")
async def sheet(request: Request) -> Response:
    """Offer the points of the filter as a spreadsheet, and take one back."""
    decision = await decisions.desk_decision(viewer_of(request), request.path_params["id"])
    back = spoken_filter(_kept(forms.query(request)))
    return await _show(request, decision, forms.blank(back=back or None))


@open_to("officials")
async def points(request: Request) -> Response:
    """Send the points a filter asks for, with what was drafted so far, to be answered in a spreadsheet."""
    viewer = viewer_of(request)
    decision = await decisions.desk_decision(viewer, request.path_params["id"])
    may_draft(viewer, decision.process.public_id).demand()
    only = read_filter(forms.query(request))
    found = await decisions.matching(decision, await decisions.desk_of(decision), only)
    chosen = [one.claim_id for one in found if not one.is_situation]
    language = request.state.language
    taken = await queries.sheet_for(
        decision.process.id, language, is_for_desk=True, points=chosen, has_details=True
    )
    headers = {
        "cache-control": "private, no-store",
        "content-disposition": f'attachment; filename="{decision.process.slug}-points.csv"',
    }
    kind = "text/csv; charset=utf-8; header=present"
    return StreamingResponse(_lines(taken), headers=headers, media_type=kind)


async def _lines(sheet: Sheet) -> AsyncIterator[bytes]:
    yield _BOM.encode()
    async for lines, _ in csv_of(sheet):
        yield lines.encode()


@open_to("officials", files=True)
async def bring(request: Request) -> Response:
    """Show what a sheet would change, or draft its answers: all of them or none."""
    viewer = viewer_of(request)
    decision = await decisions.desk_decision(viewer, request.path_params["id"])
    may_draft(viewer, decision.process.public_id).demand()
    form = await forms.read(request, only=("file", "sheet", "what", "back"))
    file = await _file(form)
    if file is None or form.errors:
        form.errors.note("file", Message(_CHOOSE))
        return await _show(request, decision, form, status=422)

    try:
        if form.value("what") == "bring":
            return see_other(await _brought(request, decision, form, file))
        return await _show(request, decision, form, found=await actions.try_sheet(viewer, decision, file))
    except GridRefused as refusal:
        return await _show(request, decision, form, refusal=refusal, status=422)
    except Conflict as conflict:
        return await _show(request, decision, form, conflict=conflict.message, status=409)


async def _brought(request: Request, decision: DecisionCard, form: FormData, file: BinaryIO) -> str:
    """Keep what a sheet says, once; what takes long is done before anything is held for it."""
    viewer = viewer_of(request)
    plan = await actions.read_sheet(viewer, decision, file)

    async def act() -> str:
        await actions.bring_sheet(viewer, decision, plan)
        desk = url(request, "decisions:workspace", id=decision.public_id)
        back = spoken_filter(_kept(form))
        return f"{desk}?{back}" if back else desk

    return await once(form.key, form.digest, act)


async def _file(form: FormData) -> BinaryIO | None:
    """Give what was sent: a file, or the rows the page carried on from its first step."""
    given = forms.files(form, "file", max=1)
    if given:
        return io.BytesIO(await given[0].read())
    carried = form.value("sheet")
    return io.BytesIO(carried.encode()) if carried else None


def _kept(form: FormData) -> PointFilter:
    """Read the filter that came along, to come back to the same points."""
    return read_filter(formdata.parse(form.value("back").encode(), strict=False))


async def _show(
    request: Request,
    decision: DecisionCard,
    form: FormData,
    *,
    found: Brought | None = None,
    refusal: GridRefused | None = None,
    conflict: Message | None = None,
    status: int = 200,
) -> Response:
    viewer = viewer_of(request)
    may_draft(viewer, decision.process.public_id).demand()
    only = _kept(form)
    chosen = await decisions.matching(decision, await decisions.desk_of(decision), only)
    context = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "form": form,
        "back": spoken_filter(only),
        "count": sum(not one.is_situation for one in chosen),
        "found": found,
        "carried": _carried(found) if found else "",
        "refusal": refusal,
        "conflict": conflict,
        "most_problems": MAX_PROBLEMS,
    }
    return await page(request, "opendata/sheet.html", context, status=status)


def _carried(found: Brought) -> str:
    """Write the rows that say something new, to be sent on; nothing when they are too many."""
    out = io.StringIO(newline="")
    write_answers(found.lines, out)
    words = out.getvalue()
    return words if len(words.encode()) <= _MOST_CARRIED else ""


routes = [
    Route("/desk/decisions/{id}/sheet", sheet, name="opendata:sheet"),
    Route("/desk/decisions/{id}/sheet", bring, methods=["POST"], name="opendata:bring"),
    Route("/desk/decisions/{id}/points.csv", points, name="opendata:points"),
]
