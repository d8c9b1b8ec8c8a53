"""Whatever is sent, it is taken, or refused with the words kept: never a fault, never markup that runs."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
from starlette.routing import Route

from civic.foundation import database as db
from civic.foundation import ids
from tests.journeys.inside import ROLES, Opened, Towns, Visitor
from tests.journeys.plugin import TOWN_ON_BOTH
from tests.journeys.posts import FORMS, Change
from tests.journeys.samples import PAGES, belongs, reads, writes

SCRIPT = "<script>alert(1)</script>"
MARKUP = f"{SCRIPT}<img src=x onerror=alert(1)>\"'>{{{{7*7}}}}"
LONG = "much too long " * 9_000
UNREADABLE = {"nul": b"%00", "surrogate": b"%ED%A0%80", "bytes": b"%FF%FE"}
SECRET = re.compile("password|code|current|csrf|form_key|email|address|token")
EXTRA = {"role": "administrator", "author": "1", "created_at": "2001-01-01", "status": "published"}
TEXTS = ("text", "textarea", "search", "email")
Values = dict[str, list[str]]


def listed(filled: dict[str, Any]) -> Values:
    """Give every field as a list of what is sent."""
    return {
        name: list(map(str, given)) if isinstance(given, list) else [str(given)]
        for name, given in filled.items()
    }


def some_of(names: list[str]) -> list[str]:
    """Keep one field of each sort, when a form repeats the same ones for many things."""
    if len(names) <= 12:
        return names
    sorts: dict[str, str] = {}
    for name in names:
        sorts.setdefault(re.sub(r"\d+|_(fr|en)$", "", name).split("_")[0] + name[-3:], name)
    return list(sorts.values())


def spoiled(value: str, kind: str, *, unreadable_only: bool) -> Iterator[tuple[str, list[str] | bytes]]:
    """Give every bad thing that could stand in a field."""
    for name, raw in UNREADABLE.items():
        if kind in TEXTS or name == "nul":
            yield name, quote_plus(value).encode() + raw + b"words"
    if kind in TEXTS:
        yield "long", [LONG if kind == "textarea" else LONG[:5_000]]
    if unreadable_only:
        return
    yield "empty", [""]
    yield "markup", [value + MARKUP]
    yield "twice", [value, value + " again"]
    if kind in TEXTS:
        yield "bidi", ["\u202eevil" + value]
    else:
        yield "odd", ["99999999999999999999"]


def body_of(values: Values, name: str, bad: list[str] | bytes, token: str) -> bytes:
    """Write the body of a form in which one field is spoiled."""
    pairs = [b"csrf=" + quote_plus(token).encode()]
    for key, given in {**values, **({name: bad} if isinstance(bad, list) else {name: []})}.items():
        pairs += [f"{quote_plus(key)}={quote_plus(one)}".encode() for one in given]
    if isinstance(bad, bytes):
        pairs.append(quote_plus(name).encode() + b"=" + bad)
    return b"&".join(pairs)


def lost_words(values: Values, texts: set[str], answer: httpx.Response) -> list[str]:
    """Name the fields whose words are not on the page that asks for a correction."""
    shown = html.unescape(answer.text).replace("\r\n", "\n")
    said = {key: given[-1].strip() for key, given in values.items() if key in texts and given}
    return [key for key, words in said.items() if not SECRET.search(key) and words not in shown]


class Trial:
    """One form, sent again and again with something bad in it; a town it changed is left for a new one."""

    def __init__(self, route: Route, change: Change) -> None:
        self.route, self.change = route, change
        self.wrong: list[str] = []
        self.visitor: Visitor | None = None
        self.values: Values = {}
        self.kinds: dict[str, str] = {}
        self.path = ""

    def ways(self, *, unreadable_only: bool) -> Iterator[tuple[str, str, list[str] | bytes]]:
        """List every field with every bad thing that could stand in it."""
        names = some_of(sorted(set(self.values) - {"form_key", "csrf"}))
        if unreadable_only:
            names = [name for name in names if self.kinds.get(name) in TEXTS][:2] or names[:1]
        for name in names:
            kind = self.kinds.get(name, "hidden")
            for how, bad in spoiled(self.values[name][-1], kind, unreadable_only=unreadable_only):
                yield name, how, bad

    async def begin(self, opened: Opened) -> None:
        """Fill the form in, in a new town."""
        self.visitor = self.change.sender(opened, "here")
        form = await self.change.form(self.route, opened, "here")
        self.kinds = {one.name: one.kind for one in form.fields}
        self.values = listed(self.change.fill(form, opened.town.here))
        self.path = self.change.path(self.route, opened.town.here)

    async def send(self, name: str, how: str, bad: list[str] | bytes) -> bool:
        """Send it with one field spoiled; tell whether it was taken."""
        assert self.visitor is not None
        values = {**self.values, "form_key": [ids.public_id()]} if "form_key" in self.values else self.values
        body = body_of(values, name, bad, await self.visitor.csrf())
        answer = await self.visitor.post(self.path, body)
        where = f"{self.route.name} {name} {how}: {answer.status_code}"
        if SCRIPT in answer.text:
            self.wrong.append(f"{where} shows markup as it is")
        if answer.status_code in (self.change.answers, 303) or (
            self.change.previews and answer.status_code == 200
        ):
            await self._look_at(answer, where)
            return True
        if not 400 <= answer.status_code < 500:
            self.wrong.append(where)
        elif answer.status_code == 422:
            texts = {key for key, kind in self.kinds.items() if kind in ("text", "textarea")}
            kept = {**values, name: bad} if isinstance(bad, list) else {**values, name: []}
            self.wrong += [f"{where} loses the words of {key}" for key in lost_words(kept, texts, answer)]
        return False

    async def _look_at(self, answer: httpx.Response, where: str) -> None:
        assert self.visitor is not None
        leads = answer.headers.get("location")
        if leads:
            shown = await self.visitor.get(leads)
            if shown.status_code >= 500 or SCRIPT in shown.text:
                self.wrong.append(f"{where}, then {shown.status_code} at {leads}")


async def try_all(towns: Towns, kind: str, route: Route) -> list[str]:
    """Spoil every field in every way."""
    trial = Trial(route, FORMS[route.name])
    planned: list[tuple[str, str, list[str] | bytes]] | None = None
    while planned is None or planned:
        async with towns.open(kind) as opened:
            await trial.begin(opened)
            if planned is None:
                planned = list(trial.ways(unreadable_only=False))
            while planned:
                await opened.forgive()
                if await trial.send(*planned.pop()):
                    break
    return trial.wrong


@pytest.mark.parametrize("route", writes(), ids=lambda route: route.name)
async def test_no_field_can_hurt(towns: Towns, town_kind: str, route: Route):
    wrong = await try_all(towns, town_kind, route)
    assert not wrong, "\n".join(wrong)


@pytest.mark.postgres
@pytest.mark.parametrize("town_kind", ["postgres"], indirect=True)
@pytest.mark.parametrize("room", sorted({route.name.partition(":")[0] for route in writes()}))
async def test_what_cannot_be_read_is_refused_on_postgres_too(towns: Towns, town_kind: str, room: str):
    """NUL and broken UTF-8 are where the two databases differ. What is refused changes nothing, so one town
    serves a whole room; a town in which something was taken is left for a new one."""
    wrong: list[str] = []
    routes = [route for route in writes() if route.name.partition(":")[0] == room]
    while routes:
        async with towns.open(town_kind) as opened:
            was_taken = False
            while routes and not was_taken:
                trial = Trial(routes[-1], FORMS[routes.pop().name])
                await trial.begin(opened)
                for way in list(trial.ways(unreadable_only=True)):
                    await opened.forgive()
                    was_taken = await trial.send(*way) or was_taken
                wrong += trial.wrong
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", writes(), ids=lambda route: route.name)
async def test_a_field_nobody_asked_for_is_refused(opened_town: Opened, route: Route):
    """A role, an author, a date cannot be slipped in with the rest."""
    change = FORMS[route.name]
    values = {**await change.filled(route, opened_town, "here"), "form_key": ids.public_id()}
    sender, path = change.sender(opened_town, "here"), change.path(route, opened_town.town.here)
    if route.name in OPEN_TO_ANYTHING:
        return
    for name, value in EXTRA.items():
        if name not in values:
            await opened_town.forgive()
            answer = await sender.post(path, {**values, name: value})
            assert answer.status_code == 422, (name, answer.status_code)


OPEN_TO_ANYTHING = {"notices:stopped"}
"""A mail program sends what it likes (RFC 8058); nothing of it is read."""


@TOWN_ON_BOTH
async def test_fifty_presses_make_one_proposal(opened_town: Opened):
    route = next(one for one in writes() if one.name == "proposals:create")
    change = FORMS[route.name]
    ada = opened_town.visitor("ada")
    form = await ada.form(
        f"/processes/{opened_town.town.here['slug']}/proposals/new", change.path(route, opened_town.town.here)
    )
    values = change.fill(form, opened_town.town.here)
    for name in ("guest_name", "guest_email"):
        values.pop(name)
    body = await ada.body(values)
    (before,) = await db.rows("SELECT count(*) AS n FROM contribution")
    path = change.path(route, opened_town.town.here)
    answers = await asyncio.gather(*(ada.post(path, body) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1, "one receipt, said fifty times"
    (after,) = await db.rows("SELECT count(*) AS n FROM contribution")
    assert after["n"] == before["n"] + 1
    other = await ada.post(path, {**values, "title": "Another title"})
    assert other.status_code == 409, "other words under the same key are not lost silently"
    assert "Another title" in html.unescape(other.text)


NAMES = (
    "%00",
    "%ED%A0%80",
    "%FF",
    "%E2%80%AEx",
    "x" * 27,
    "x" * 3_000,
    "9" * 30,
    "..%2f..%2fetc",
    quote_plus(MARKUP),
)


async def test_an_address_that_cannot_be_read_is_no_fault(opened_town: Opened):
    """Every address with a name in it, with odd names, for somebody the mark of the route lets in."""
    wrong = []
    for route in (*reads(), *writes()):
        if not route.param_convertors or route.name == "static":
            continue
        method = "POST" if route in writes() else "GET"
        if method == "POST":
            visitor = FORMS[route.name].sender(opened_town, "here")
        else:
            group = PAGES[route.name][0].opens
            visitor = opened_town.visitor(
                next((one for one in ROLES if belongs(one, group, "here")), "stranger")
            )
        for odd in NAMES:
            path = re.sub(r"\{[^}]+\}", odd, route.path)
            answer = await (visitor.post(path, {}) if method == "POST" else visitor.get(path))
            if answer.status_code >= 500 or SCRIPT in answer.text:
                wrong.append(f"{method} {route.path} with {odd[:12]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


ASKED = (
    "q", "after", "before", "page", "order", "sort", "kind", "state", "standing", "issue", "capacity",
    "measure", "ground", "family", "outcome", "article", "reason", "version", "process", "subject", "next",
    "lang", "show",
    "point", "number", "address", "staff", "relation", "branch", "mine", "history", "share", "print", "rule",
)  # fmt: skip
"""What the pages ask after the question mark, wherever they do."""
ODD = (
    MARKUP,
    "9" * 40,
    "-1",
    "\u202e",
    "\x00",
    "%ED%A0%80",
    "x" * 300,
    "' OR 1=1 --",
    "../../etc/passwd",
    "",
)


async def test_no_question_of_an_address_can_hurt(opened_town: Opened):
    """Every page, with every question it might ask answered by something odd, all at once and each."""
    wrong = []
    for route in reads():
        for sample in PAGES.get(route.name, ())[:1]:
            role = next((one for one in ROLES if belongs(one, sample.opens, "here")), None)
            if role is None or route.name == "static":
                continue
            path = sample.path(route, opened_town.town.here).partition("?")[0]
            for odd in ODD:
                await opened_town.forgive()
                said = odd if odd.startswith("%") else quote_plus(odd)
                answer = await opened_town.visitor(role).get(
                    path + "?" + "&".join(f"{name}={said}" for name in ASKED if name != "lang")
                )
                if answer.status_code >= 500 or SCRIPT in answer.text or 'onerror=alert(1)>"' in answer.text:
                    wrong.append(f"{route.name} with {odd[:20]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
