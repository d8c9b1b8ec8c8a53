"""Tell people what went wrong: one page for refusals and faults, with an id where the fault is ours."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from civic.foundation import languages, logs
from civic.foundation.errors import N_, CivicError, Conflict, Invalid, Message
from civic.foundation.formdata import FormData
from civic.foundation.rendering import page

_faults = logging.getLogger("civic.faults")
_SECRET = re.compile("csrf|form_key|password|secret|code|token|email")
_MACHINE = re.compile(r"[a-z0-9_.:-]{0,64}", re.ASCII)

REASONS = {
    400: N_("The address or the form is not written in a way we can read."),
    404: N_("This page does not exist, or is not public."),
    405: N_("The page exists, but cannot be used in this way."),
    413: N_("What you sent is too large."),
    415: N_("The form was sent in a way we cannot read."),
    500: N_("Nothing you did caused it. The fault is recorded under the number below."),
}
_QUICKER = N_("Somebody did this at the same moment. Please open the page again: nothing was done twice.")
_LAST_RESORT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>500</title>
<p lang="fr">Une erreur est survenue de notre côté. Numéro&nbsp;: {id}</p>
<p lang="en">Something went wrong on our side. Number: {id}</p>"""


@dataclass(frozen=True)
class Failure:
    """What the page of an error shows."""

    status: int
    reason: Message
    errors: dict[str, Message]
    kept: tuple[str, ...]
    retry_after: int | None
    reference: str


async def show(request: Request, error: Exception) -> Response:
    """Show what an act, a page or the router raised."""
    failure = _failure_of(request, error)
    if failure.status != 404:
        logs.refusal(request, failure.status, failure.reason.msgid)
    return await _answer(request, failure, error)


async def show_quicker(request: Request, error: Exception) -> Response:
    """Show that two people did at once what only one can do: the table refused the second."""
    _note_fault(request, error)
    return await show(request, Conflict(_QUICKER))


def catching(app: ASGIApp) -> ASGIApp:
    """Turn whatever nobody expected into a 500 with an id; what was expected keeps its own status."""

    async def caught(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        has_started = False

        async def answer(message: Event) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await app(scope, receive, answer)
        except ClientDisconnect:
            return  # whoever asked left before the end of the question: nobody is there to be answered
        except Exception as error:
            request = Request(scope, receive)
            if not isinstance(error, CivicError):
                _note_fault(request, error)
            if has_started:
                raise
            response = await show_anyway(request, error)
            await response(scope, receive, send)

    return caught


async def show_anyway(request: Request, error: Exception) -> Response:
    """Show a failure even when showing fails."""
    try:
        return await _answer(request, _failure_of(request, error), error)
    except Exception as second:
        _note_fault(request, second)
        if _is_for_programs(request):
            return _plainly(500, HTTPStatus(500).phrase, _id_of(request), {})
        return HTMLResponse(_LAST_RESORT.format(id=_id_of(request)), status_code=500)


def _note_fault(request: Request, error: Exception) -> None:
    """Record a fault by its frames and its kind: its sentence may quote what a person wrote."""
    frames = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    causes = [type(one).__name__ for one in (error, error.__cause__, error.__context__) if one is not None]
    fields = {"request": _id_of(request), "route": _route_of(request), "kind": causes, "frames": frames[-12:]}
    _faults.error("fault", extra={"fields": fields})


def _failure_of(request: Request, error: Exception) -> Failure:
    status = error.status if isinstance(error, CivicError) else 500
    if isinstance(error, HTTPException):
        status = error.status_code
    reason = error.message if isinstance(error, CivicError) else Message(REASONS.get(status, REASONS[500]))
    return Failure(
        status=status,
        reason=reason,
        errors=error.errors if isinstance(error, Invalid) else {},
        kept=_kept(request) if status != 404 else (),
        retry_after=getattr(error, "retry_after", None),
        reference=_id_of(request),
    )


def _kept(request: Request) -> tuple[str, ...]:
    """Give back the words of the form that could not be taken; never a password or a code."""
    form = getattr(request.state, "form", None)
    if not isinstance(form, FormData):
        return ()
    texts = [value for name, given in form.values.items() if not _SECRET.search(name) for value in given]
    return tuple(text for text in texts if text.strip() and not _MACHINE.fullmatch(text))


async def _answer(request: Request, failure: Failure, error: Exception) -> Response:
    headers = dict(getattr(error, "headers", None) or {})
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    if _is_for_programs(request):
        response: Response = _problem(request, failure)
    else:
        response = await page(
            request, "foundation/error.html", vars(failure), block="main", status=failure.status
        )
    response.headers.update(headers)
    return response


def _is_for_programs(request: Request) -> bool:
    """Tell whether programs read this address: they are never sent a page."""
    return f"{request.scope['path']}/".startswith("/api/")


def _problem(request: Request, failure: Failure) -> Response:
    language = getattr(request.state, "language", languages.SOURCE)
    errors = {name: languages.translate(language, text) for name, text in failure.errors.items()}
    return _plainly(failure.status, languages.translate(language, failure.reason), failure.reference, errors)


def _plainly(status: int, detail: str, reference: str, errors: dict[str, str]) -> Response:
    """Say it as RFC 9457 does; any page may read it, as it may read the answers."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": reference,
        "errors": errors,
    }
    headers = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
    return JSONResponse(body, status, media_type="application/problem+json", headers=headers)


def _route_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("route", "-"))


def _id_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", "-"))
