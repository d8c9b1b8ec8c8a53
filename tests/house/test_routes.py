"""Every route says whom it is open to, has one name, and can be reached."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from starlette.routing import Route

from civic import app
from civic.foundation.access import guarded
from civic.foundation.web import mark_of

ROUTES = app.all_routes()
NAME = re.compile(r"[a-z_]+:[a-z_]+\Z|healthz\Z|readyz\Z|static\Z")
CHANGES = {"POST"}
READS = {"GET", "HEAD"}


def _said(route: Route) -> str:
    return f"{route.name} {route.path} ({route.endpoint.__module__}.{route.endpoint.__name__})"


def test_every_route_wears_a_mark():
    bare = [_said(route) for route in ROUTES if mark_of(route.endpoint) is None]
    assert not bare, f"add @open_to(…) to: {bare}"


def test_every_route_has_a_name_of_its_own_in_the_manner_of_the_house():
    odd = [_said(route) for route in ROUTES if not NAME.match(route.name)]
    assert not odd, f'name these "room:noun": {odd}'
    twice = [name for name, count in Counter(route.name for route in ROUTES).items() if count > 1]
    assert not twice, f"two routes share the names {twice}"


def test_a_route_reads_or_changes_and_changes_by_post():
    """A form whose page has the same address is two routes, so that each has its own mark."""
    odd = [_said(route) for route in ROUTES if route.methods not in (READS, CHANGES)]
    assert not odd, f"one method each (GET or POST): {odd}"


def test_an_address_is_not_hidden_by_one_before_it():
    """The first route whose pattern fits wins, so "/proposals/new" must stand before "/proposals/{id}"."""
    hidden = []
    for index, route in enumerate(ROUTES):
        sample = re.sub(r"\{[^}]*\}", "x9x", route.path)
        for earlier in ROUTES[:index]:
            if earlier.methods & route.methods and earlier.path_regex.match(sample):
                hidden.append(f"{_said(route)} behind {_said(earlier)}")
    assert not hidden, hidden


def test_rooms_name_their_own_routes():
    odd = [
        _said(route)
        for route in ROUTES
        if ":" in route.name
        and route.endpoint.__module__.split(".")[1] not in (route.name.split(":")[0], "app")
    ]
    assert not odd, f"the name starts with the room: {odd}"


def test_the_guard_stands_before_every_route():
    assert len(guarded(ROUTES)) == len(ROUTES)


def test_the_front_door_opens_every_room():
    rooms = {path.parent for path in (Path(app.__file__).parent).glob("*/__init__.py")}
    with_pages = {room.name for room in rooms if (room / "pages.py").exists() or (room / "pages").is_dir()}
    with_jobs = {room.name for room in rooms if (room / "jobs.py").exists()}
    assert {pages.__name__.split(".")[1] for pages in app.PAGES} == with_pages
    assert {jobs.__name__.split(".")[1] for jobs in app.JOBS} == with_jobs
