"""Atom feeds (RFC 4287) and calendars (RFC 5545) of what is public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from icalendar import Calendar
from icalendar import Event as Entry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.decisions import queries as decisions
from civic.following import queries
from civic.following.queries import Event, Feed
from civic.foundation import ids, instance
from civic.foundation.errors import NotFound
from civic.foundation.rendering import render_text
from civic.foundation.viewer import STRANGER
from civic.foundation.web import open_to
from civic.notices.content import say
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage


@open_to("everyone")
async def of_process(request: Request) -> Response:
    """Send the feed of a process."""
    return await _feed(request, await queries.feed_of_process(await _process(request)))


@open_to("everyone")
async def of_decision(request: Request) -> Response:
    """Send the feed of a decision and its corrections."""
    found = await decisions.visible_decision(STRANGER, request.path_params["id"])
    return await _feed(request, await queries.feed_of_decision(found))


@open_to("everyone")
async def of_corrections(request: Request) -> Response:
    """Send the feed of the corrections of every decision."""
    return await _feed(request, await queries.feed_of_corrections())


@open_to("everyone")
async def of_proposal(request: Request) -> Response:
    """Send the feed of a proposal and its debate."""
    return await _feed(request, await queries.feed_of_proposal(request.path_params["id"]))


@open_to("everyone")
async def of_theme(request: Request) -> Response:
    """Send the feed of a theme: the syntheses that tell it, the decisions that answer it."""
    return await _feed(request, await queries.feed_of_theme(request.path_params["id"]))


@open_to("everyone")
async def calendar_of_process(request: Request) -> Response:
    """Send the dates of a process."""
    process = await _process(request)
    return _calendar(request, process.title, await queries.events_of_process(process), process.slug)


@open_to("everyone")
async def calendar_of_decision(request: Request) -> Response:
    """Send the dates promised in a decision."""
    found = await decisions.visible_decision(STRANGER, request.path_params["id"])
    title = found.in_force.title if found.in_force else found.title
    return _calendar(request, title, await queries.events_of_decision(found), found.public_id)


async def _process(request: Request) -> ProcessPage:
    """Give a public process: a feed reader signs in nowhere."""
    found = await processes.visible_process(STRANGER, request.path_params["slug"])
    if found.is_draft:
        raise NotFound
    return found


async def _feed(request: Request, feed: Feed) -> Response:
    language = _language(request)
    entries = [
        {"entry": one, "title": say(one.title, language), "words": say(one.words, language)}
        for one in feed.entries
    ]
    context = {
        "feed": feed,
        "title": say(feed.title, language),
        "entries": entries,
        "instance": await instance.current(),
        "site": settings.current().public_url,
    }
    xml = _clean(render_text("following/feed.xml", language, context))
    return _sent(request, xml.encode(), "application/atom+xml; charset=utf-8", language)


def _calendar(request: Request, title: object, events: Sequence[Event], name: str) -> Response:
    language = _language(request)
    calendar = Calendar()
    calendar.add("prodid", "-//Civic//Civic//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _clean(say(title, language)))
    for one in events:
        calendar.add_component(_event(one, language))
    response = _sent(request, calendar.to_ical(), "text/calendar; charset=utf-8", language)
    response.headers["content-disposition"] = f'inline; filename="{name}.ics"'
    return response


def _event(one: Event, language: str) -> Entry:
    entry, link = Entry(), settings.current().public_url + one.path
    entry.add("uid", f"{ids.hash_token(one.key)[:32]}@civic")
    entry.add("sequence", one.sequence)
    entry.add("dtstamp", one.changed_at)
    entry.add("last-modified", one.changed_at)
    entry.add("summary", _clean(say(one.title, language)))
    entry.add("description", _clean("\n\n".join(said for said in (say(one.words, language), link) if said)))
    entry.add("url", link)
    entry.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("dtstart", one.starts)
    if one.last is not None:
        entry.add("dtend", one.last + timedelta(days=1))
    if one.until is not None:
        entry.add("dtend", one.until)
    if one.place:
        entry.add("location", _clean(one.place))
    return entry


def _sent(request: Request, body: bytes, kind: str, language: str) -> Response:
    """Send a file, or say that the reader has it already."""
    headers = {
        "cache-control": "public, no-cache",
        "etag": f'"{ids.hash_token(body.decode())[:32]}"',
        "content-language": language,
    }
    if headers["etag"] in [one.strip().removeprefix("W/") for one in _known(request)]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _known(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")


def _language(request: Request) -> str:
    """Take the language that was asked for by address, so that one address always gives one file."""
    asked = request.query_params.get("language", "")
    spoken = settings.current().languages
    return asked if asked in spoken else spoken[0]


def _clean(text: str) -> str:
    """Leave out the characters that no XML and no calendar may hold."""
    return "".join(c for c in text if c in "\n\t" or (c >= " " and not _is_barred(ord(c))))


def _is_barred(code: int) -> bool:
    return 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


routes = [
    Route("/processes/{slug}/feed.atom", of_process, name="following:process_feed"),
    Route("/processes/{slug}/calendar.ics", calendar_of_process, name="following:process_calendar"),
    Route("/decisions/{id}/feed.atom", of_decision, name="following:decision_feed"),
    Route("/decisions/{id}/calendar.ics", calendar_of_decision, name="following:decision_calendar"),
    Route("/corrections/feed.atom", of_corrections, name="following:corrections_feed"),
    Route("/themes/{id}/feed.atom", of_theme, name="following:theme_feed"),
    Route("/proposals/{id}/feed.atom", of_proposal, name="following:proposal_feed"),
]
