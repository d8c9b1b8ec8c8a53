"""Print a document of ours as a tagged PDF (PDF/UA-1), without ever holding the server up.

The words are the HTML of the page people read. They are typeset by a program of its own, one document at a
time, bounded in time and memory; what was printed is kept a while under the digest of all it says, so that
a document whose words were hidden since is another document.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
import sys
from collections import OrderedDict
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response

from civic import paths, settings
from civic.foundation import limits
from civic.foundation.errors import N_, Busy

log = logging.getLogger("civic.printing")

LONGEST = 60.0
"""Seconds after which a document is given up."""
MOST_MEMORY = 2 * 1024**3
MOST_WAITING = 8
MOST_WORDS = 8_000_000
"""Characters of HTML that one document may have; longer ones are printed in parts."""
KEPT = 32 * 1024**2
"""Bytes of printed documents that are kept."""
_COST = 5
"""What a document costs its network, in searches."""
_TEMPLATE = paths.TEMPLATES / "foundation" / "paper.typ"
_BUSY = N_("Documents are being prepared for other people. Please try again in a moment.")
_FAILED = N_("This document could not be prepared. Its page says the same and can be printed.")


@dataclass(frozen=True)
class Paper:
    """A document to print: what it says, and what a reader and a library need to know of it.

    ``html`` is our own page, cleaned as every page is; ``on`` is its date, never the day of printing, so
    that the same words give the same bytes.
    """

    title: str
    html: str
    language: str
    author: str
    on: dt.datetime
    foot: str


@dataclass(frozen=True)
class Printed:
    """A PDF with its SHA-256."""

    body: bytes
    sha256: str


class _Press:
    """What this process prints and keeps."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, Printed] = OrderedDict()
        self.under_way: dict[str, asyncio.Task[Printed]] = {}
        self.turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}

    def turn(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        for old in [one for one in self.turns if one.is_closed()]:
            del self.turns[old]
        return self.turns.setdefault(loop, asyncio.Semaphore(1))

    def keep(self, key: str, printed: Printed) -> None:
        self.kept[key] = printed
        while sum(len(one.body) for one in self.kept.values()) > KEPT:
            self.kept.popitem(last=False)


_press = _Press()


async def ordered(request: Request) -> str:
    """Charge a document to the network that asks for it; give the language it is wanted in."""
    network = limits.network_of(request.client.host if request.client else "")
    await limits.spend("search_network", network, _COST)
    asked, spoken = request.query_params.get("language", ""), settings.current().languages
    return asked if asked in spoken else spoken[0]


async def printed(paper: Paper, *, is_public: bool = True) -> Printed:
    """Give the PDF of a document; what is not for everybody is not kept.

    Raises Busy when too many documents wait, or when this one cannot be made.
    """
    order = _order(paper)
    key = hashlib.sha256(order).hexdigest()
    if key in _press.kept:
        _press.kept.move_to_end(key)
        return _press.kept[key]
    if len(paper.html) > MOST_WORDS:
        raise Busy(3600, _FAILED)
    if key not in _press.under_way:
        if len(_press.under_way) >= MOST_WAITING:
            raise Busy(10, _BUSY)
        task = _press.under_way[key] = asyncio.create_task(_in_turn(order))
        task.add_done_callback(lambda _: _press.under_way.pop(key, None))
    # Whoever goes away leaves the others waiting for the same document.
    found = await asyncio.shield(_press.under_way[key])
    if is_public:
        _press.keep(key, found)
    return found


def known(paper: Paper) -> Printed | None:
    """Give the PDF of a document if it was printed here lately."""
    return _press.kept.get(hashlib.sha256(_order(paper)).hexdigest())


def response(request: Request, made: Printed, name: str, *, is_public: bool) -> Response:
    """Send a PDF under its own digest, or say that the reader has it already."""
    headers = {
        "cache-control": "public, no-cache" if is_public else "no-store",
        "content-disposition": f'inline; filename="{name}"',
        "etag": f'"{made.sha256}"',
    }
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if is_public and headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(made.body, media_type="application/pdf", headers=headers)


def _order(paper: Paper) -> bytes:
    facts = {name: value for name, value in asdict(paper).items() if name != "on"}
    day = paper.on.astimezone(dt.UTC)
    order = {**facts, "base": settings.current().public_url, "day": [day.year, day.month, day.day]}
    return json.dumps({**order, "at": int(day.timestamp())}, sort_keys=True).encode()


async def _in_turn(order: bytes) -> Printed:
    async with _press.turn():
        body = await _typeset(order)
    return Printed(body, hashlib.sha256(body).hexdigest())


async def _typeset(order: bytes) -> bytes:
    bounds = str(int(LONGEST)), str(MOST_MEMORY)
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "civic.foundation.typesetting", str(_TEMPLATE), *bounds),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
    )
    try:
        async with asyncio.timeout(LONGEST):
            body, said = await program.communicate(order)
    except TimeoutError:
        log.warning("A document of %s characters was given up after %s seconds.", len(order), LONGEST)
        raise Busy(60, _FAILED) from None
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    if program.returncode != 0 or not body.startswith(b"%PDF"):
        # The last line names the kind of failure; the ones before may hold somebody's words.
        log.warning(
            "A document could not be printed: %s", said[-2_000:].decode(errors="replace").split(":")[0]
        )
        raise Busy(60, _FAILED)
    return body
