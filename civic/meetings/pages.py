"""Meetings as everybody reads them, and the desk where officials announce them and write their minutes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as register
from civic.contributions import slips
from civic.foundation import clock, forms, ids
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.meetings import actions, policies, queries
from civic.meetings.forms import (
    CANCELLATION_FIELDS,
    CHANGE_FIELDS,
    MEETING_FIELDS,
    MINUTES_FIELDS,
    POINT_FIELDS,
    RELATIONS,
    parse_cancellation,
    parse_change,
    parse_meeting,
    parse_minutes,
    parse_point,
)
from civic.meetings.queries import MeetingCard, MeetingKind, Minutes
from civic.processes.queries import Category, ProcessPage, name_of, visible_process

KINDS = {MeetingKind.HEARING: N_("Hearing"), MeetingKind.OFFICE_HOUR: N_("Office hour")}


@open_to("everyone")
async def of_process(request: Request) -> Response:
    """List the meetings of a process: those to come, and those that were, with their minutes."""
    viewer = viewer_of(request)
    process = await visible_process(viewer, request.path_params["slug"])
    now = clock.now()
    meetings = await queries.meetings_of(process.id)
    context = {
        "process": process,
        "kinds": KINDS,
        "coming": [one for one in meetings if one.ends_at > now],
        "past": [one for one in reversed(meetings) if one.ends_at <= now],
        "may_prepare": policies.may_prepare_meetings(viewer, process.public_id),
    }
    return await page(request, "meetings/of_process.html", context)


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show one meeting: how to take part, what changed, then the minutes and every point said there."""
    viewer = viewer_of(request)
    process, meeting = await queries.visible_meeting(viewer, request.path_params["id"])
    after = forms.query(request).value("after")
    minutes = await queries.minutes_of(meeting.id)
    context = {
        **_about(process, meeting),
        "announced": await queries.announced_of(meeting.id),
        "minutes": minutes,
        "points": await queries.points_of(meeting.id, _number(after)),
        "paged": bool(after),
        "is_over": meeting.ends_at <= clock.now(),
        "may_prepare": policies.may_prepare_meetings(viewer, process.public_id),
    }
    return await page(request, "meetings/show.html", context)


@open_to("officials")
async def new(request: Request) -> Response:
    """Show the form that announces a meeting."""
    process = await _worked(request)
    return await _new(request, process, forms.blank(kind=MeetingKind.HEARING))


@open_to("officials")
async def announce(request: Request) -> Response:
    """Announce a meeting."""
    process = await _worked(request)
    form = await forms.read(request, only=MEETING_FIELDS)

    async def act() -> str:
        draft = parse_meeting(form, [issue.public_id for issue in process.issues])
        made = await actions.announce_meeting(viewer_of(request), process, draft)
        return url(request, "meetings:desk", id=made.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, process, form.with_errors(wrong), status=422)


@open_to("officials")
async def desk(request: Request) -> Response:
    """Show what can be done with a meeting: change or cancel it before, write its minutes after."""
    process, meeting = await _at_desk(request)
    return await _desk(request, process, meeting, forms.blank())


@open_to("officials")
async def change(request: Request) -> Response:
    """Announce something else of a coming meeting."""
    process, meeting = await _at_desk(request)
    form = await forms.read(request, only=CHANGE_FIELDS)

    async def act() -> str:
        await actions.change_meeting(viewer_of(request), meeting, *parse_change(form))
        return url(request, "meetings:desk", id=meeting.public_id)

    return await _act_on(request, process, meeting, form, act)


@open_to("officials")
async def cancellation(request: Request) -> Response:
    """Cancel a coming meeting."""
    process, meeting = await _at_desk(request)
    form = await forms.read(request, only=CANCELLATION_FIELDS)

    async def act() -> str:
        await actions.cancel_meeting(viewer_of(request), meeting, parse_cancellation(form))
        return url(request, "meetings:desk", id=meeting.public_id)

    return await _act_on(request, process, meeting, form, act)


@open_to("officials")
async def minutes(request: Request) -> Response:
    """Publish the minutes, or a newer version of them."""
    process, meeting = await _at_desk(request)
    form = await forms.read(request, only=MINUTES_FIELDS)

    async def act() -> str:
        draft = parse_minutes(form, is_first=not meeting.minutes)
        await actions.publish_minutes(viewer_of(request), meeting, draft)
        return url(request, "meetings:show", id=meeting.public_id)

    return await _act_on(request, process, meeting, form, act)


@open_to("officials")
async def point(request: Request) -> Response:
    """Take down one point, and show the receipt to hand over."""
    process, meeting = await _at_desk(request)
    form = await forms.read(request, only=POINT_FIELDS)
    code = ids.code_of_form(form.key)

    async def act() -> str:
        about = [issue.public_id for issue in process.issues if issue.id in meeting.issue_ids]
        draft = parse_point(form, about)
        made = await actions.enter_point(viewer_of(request), meeting, draft, code=code)
        return url(request, "meetings:slip", id=meeting.public_id, number=made.number)

    try:
        location = await once(form.key, form.digest, act)
    except Invalid as wrong:
        return await _desk(request, process, meeting, form.with_errors(wrong), status=422)
    card = await slips.made(location.rpartition("/")[2], code)
    return await slips.hand_over(request, see_other(location), card, code)


@open_to("officials")
async def slip(request: Request) -> Response:
    """Show the receipt of a point just taken down, to print for who said it."""
    process, meeting = await _at_desk(request)
    card = await register.contribution_by_number(viewer_of(request), request.path_params["number"])
    if not await queries.was_said_at(meeting.id, card.id):
        raise NotFound
    context = {**_about(process, meeting), "card": card, "code": slips.code_for(request, card)}
    return await page(request, "meetings/slip.html", context)


async def _act_on(
    request: Request,
    process: ProcessPage,
    meeting: MeetingCard,
    form: FormData,
    act: Callable[[], Awaitable[str]],
) -> Response:
    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _desk(request, process, meeting, form.with_errors(wrong), status=422)


async def _new(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    context = {
        "process": process,
        "kinds": KINDS,
        "form": form,
        "may": policies.may_announce_meeting(viewer_of(request), process.public_id, process.state),
    }
    return await page(request, "meetings/new.html", context, status=status)


async def _desk(
    request: Request, process: ProcessPage, meeting: MeetingCard, form: FormData, *, status: int = 200
) -> Response:
    now, written = clock.now(), await queries.minutes_of(meeting.id)
    may = policies.may_announce_meeting(viewer_of(request), process.public_id, process.state)
    context = {
        **_about(process, meeting),
        "form": form,
        "change_form": form if "starts_at" in form.values else _announced_form(meeting),
        "point_form": form if "body" in form.values else forms.blank(),
        "minutes_form": form if "present" in form.values else _minutes_form(written),
        "relations": RELATIONS,
        "categories": {one: name_of(one) for one in Category},
        "points": await queries.points_of(meeting.id, _number(forms.query(request).value("after"))),
        "minutes": written,
        "may_change": may
        and policies.may_change_meeting(
            is_cancelled=meeting.is_cancelled, starts_at=meeting.starts_at, now=now
        ),
        "may_minute": may
        and policies.may_minute(is_cancelled=meeting.is_cancelled, starts_at=meeting.starts_at, now=now),
    }
    return await page(request, "meetings/desk.html", context, status=status)


def _about(process: ProcessPage, meeting: MeetingCard) -> dict[str, object]:
    return {
        "process": process,
        "meeting": meeting,
        "kinds": KINDS,
        "issues": [issue for issue in process.issues if issue.id in meeting.issue_ids],
    }


def _announced_form(meeting: MeetingCard) -> FormData:
    """Fill the form of a change with what is announced now."""
    values = {
        "starts_at": _local(meeting.starts_at),
        "ends_at": _local(meeting.ends_at),
        "place": meeting.place,
    }
    for name in ("title", "access", "taking_part"):
        values |= {f"{name}_{language}": said for language, said in getattr(meeting, name).items()}
    return forms.blank(**values)


def _minutes_form(written: tuple[Minutes, ...]) -> FormData:
    """Fill the form of the minutes with the last version."""
    if not written:
        return forms.blank()
    last = written[0]
    said = {f"text_{language}": words for language, words in last.text.items()}
    return forms.blank(present=last.present, **said)


def _local(moment: datetime) -> str:
    return moment.astimezone(clock.zone()).strftime("%Y-%m-%dT%H:%M")


def _number(after: str) -> int:
    return int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0


async def _worked(request: Request) -> ProcessPage:
    """Give the process of this address to the officials who prepare its meetings."""
    viewer = viewer_of(request)
    process = await visible_process(viewer, request.path_params["slug"])
    policies.may_prepare_meetings(viewer, process.public_id).demand()
    return process


async def _at_desk(request: Request) -> tuple[ProcessPage, MeetingCard]:
    viewer = viewer_of(request)
    process, meeting = await queries.visible_meeting(viewer, request.path_params["id"])
    policies.may_prepare_meetings(viewer, process.public_id).demand()
    return process, meeting


routes = [
    Route("/processes/{slug}/meetings", of_process, name="meetings:of_process"),
    Route("/meetings/{id}", show, name="meetings:show"),
    Route("/desk/processes/{slug}/meetings/new", new, name="meetings:new"),
    Route("/desk/processes/{slug}/meetings/new", announce, methods=["POST"], name="meetings:announce"),
    Route("/desk/meetings/{id}", desk, name="meetings:desk"),
    Route("/desk/meetings/{id}/change", change, methods=["POST"], name="meetings:change"),
    Route("/desk/meetings/{id}/cancellation", cancellation, methods=["POST"], name="meetings:cancellation"),
    Route("/desk/meetings/{id}/points", point, methods=["POST"], name="meetings:point"),
    Route("/desk/meetings/{id}/points/{number}", slip, name="meetings:slip"),
    Route("/desk/meetings/{id}/minutes", minutes, methods=["POST"], name="meetings:minutes"),
]
