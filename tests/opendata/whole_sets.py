"""The whole of real sets, from the file to the public record: import, sheet, answers, publication, trace.

    python -m tests.opendata.whole_sets moers cologne peps

walks whole sets on SQLite, each in a database of its own, and says what was counted and how long it took.
The suite walks a slice of each (`test_whole_sets.py`). What the pages and files must say is computed from
the source files with `csv` alone, and from a function of each point's own words.
"""

from __future__ import annotations

import asyncio
import csv
import html
import io
import json
import re
import runpy
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from civic import paths
from civic import settings as configuration
from civic.decisions import actions as decisions
from civic.decisions.forms import ReviewDraft
from civic.decisions.gates import PointState
from civic.decisions.models import Outcome
from civic.decisions.queries import desk_of
from civic.decisions.words import OUTCOMES
from civic.foundation import clock, database, limits, schema
from civic.opendata import grid
from civic.opendata.actions import import_grid
from civic.processes import actions as processes
from civic.processes.forms import DateDraft, PhaseDraft, ProcessDraft
from civic.processes.models import DateKind, PhaseKind
from civic.processes.queries import process_by_slug
from tests.cast import (
    SYSTEM,
    a_decision,
    a_person,
    a_scope,
    a_stakeholder_map,
    after_the_freeze,
    an_article,
    an_issue,
    fill,
    in_days,
    sign_in,
)
from tests.conftest import settings_for, visitor
from tests.opendata import independent_counts as counted
from tests.opendata.test_real_points import specifics

Rows = list[dict[str, str]]

ANSWERED = ("adopted", "adapted", "partly", "declined", "deferred", "referred", "already", "out_of_scope")
"""Every outcome a point that asks for something can have: "noted" would leave it without a yes or a no."""
AS_DECIDED = {"Final": "adopted", "Accepted": "adopted", "Active": "adopted", "Rejected": "declined"}
AS_DECIDED |= {"Withdrawn": "out_of_scope", "Deferred": "deferred", "Superseded": "already"}
REFUSING = ("declined", "partly", "out_of_scope")
AT_ONCE = 40


@dataclass(frozen=True)
class Source:
    """A set: where its file lies, which script makes a grid of it, and what its points must come to."""

    name: str
    path: Path
    script: str
    points: Callable[[], list[tuple[str, str]]]
    """Of each point in the file: the id of its contribution, and the outcome it is given here."""


def chosen(key: str) -> str:
    """Choose the outcome of a point by its own words, the same way from the file and from the sheet."""
    return ANSWERED[zlib.crc32(" ".join(key.split()).encode()) % len(ANSWERED)]


def _cimt(path: Path) -> list[tuple[str, str]]:
    """Take the points of a city from its file: each `mpos` sentence, or the whole of a document without."""
    with path.open(encoding="utf-8", newline="") as source:
        read = list(csv.DictReader(source, delimiter="\t"))
    positions = [(row["document_id"], row["content"]) for row in read if row["code"] == "mpos"]
    having = {document for document, _ in positions}
    documents = dict.fromkeys(row["document_id"] for row in read)
    points = [(document, chosen(words)) for document, words in positions]
    return points + [(document, chosen(document)) for document in documents if document not in having]


def _peps() -> list[tuple[str, str]]:
    """Take the proposals from the index, each with the outcome its status stands for."""
    return [
        (f"pep-{number:04d}", AS_DECIDED.get(row["status"], "referred"))
        for number, row in counted.pep_index().items()
    ]


SOURCES = {
    "moers": Source("moers", counted.MOERS, "cimt_to_grid.py", lambda: _cimt(counted.MOERS)),
    "cologne": Source("cologne", counted.COLOGNE, "cimt_to_grid.py", lambda: _cimt(counted.COLOGNE)),
    "peps": Source("peps", counted.PEPS, "peps_to_grid.py", _peps),
}


@dataclass
class Walked:
    """What was counted on the way, and the seconds each step took."""

    contributions: int = 0
    points: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    traces: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    slowest: float = 0.0
    """The longest the event loop was kept from other work while the sheet came back, in seconds."""

    async def step(self, name: str, act: Awaitable[Any]) -> Any:
        begun = time.perf_counter()
        done = await act
        self.seconds[name] = round(time.perf_counter() - begun, 1)
        return done


def grid_of(source: Source, keep: Callable[[str], bool]) -> bytes:
    """Turn the file into a grid by its documented script, with the contributions that are kept."""
    script = runpy.run_path(str(paths.ROOT / "scripts" / source.script))
    out = io.StringIO(newline="")
    script["write"](script["grid_rows"](source.path), out)
    read = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    return written([row for row in read if keep(row["ref"])])


def written(rows: Rows) -> bytes:
    """Write rows as a spreadsheet would."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def read_csv(content: bytes) -> Rows:
    """Read a file that was downloaded."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def filled(row: dict[str, str], outcome: str, number: int) -> dict[str, str]:
    """Fill in what an outcome asks for; every answer says something no other says."""
    own = specifics(number)
    later, before = in_days(200).isoformat(), "1990-03-01"
    common = {
        "outcome": outcome,
        "sentence": f"{outcome} {number}: {own}"[:290],
        "reason": f"{own}. Nr {number}.",
    }
    grounds = {"reason_codes": "feasibility", "evidence": f"Measured on site {number}"}
    again = {"trigger": "When the street is rebuilt."}
    needed: dict[str, dict[str, str]] = {
        "adopted": {"provision": "a1", "milestone": "2035-05-01 The works are done", "owner": "Works"},
        "adapted": {"provision": "a1", "differs": f"Another way, {own}.", **grounds},
        "partly": {"yes_part": "The crossing", "no_part": "The rest", "provision": "a2", **grounds, **again},
        "declined": {**grounds, **again},
        "deferred": {"reopens_on": later, "owner": "Mobility", **grounds},
        "referred": {
            "body": "The region",
            "sent_on": in_days(0).isoformat(),
            "follow_up_on": in_days(60).isoformat(),
        },
        "already": {"quotation": "Cycle lanes are red.", "in_force_on": before},
        "out_of_scope": {"scope_line": "3", "where": "Write to the region."},
    }
    decided = dict.fromkeys(("decided_at", "decided_by", "provision", "milestone", *grid.DETAIL_COLUMNS), "")
    return {**row, **decided, "anchor": row["anchor"], **common, **needed[outcome]}


async def opened(source: Source, content: bytes) -> Any:
    """Import the set into a draft, finish the draft as an official would, and open it."""
    slug = source.name
    await import_grid(SYSTEM, io.BytesIO(content), process=slug, source=slug)
    process = await process_by_slug(slug)
    assert process is not None
    texts = {"fr": "Un ensemble réel", "en": "A real set"}
    await processes.edit_process(SYSTEM, process, ProcessDraft(slug, process.code, texts, texts))
    await processes.edit_issue(SYSTEM, process, process.issues[0].public_id, an_issue(1, 5))
    deliberation = PhaseDraft(PhaseKind.DELIBERATION, in_days(-10), in_days(5))
    phases = [deliberation, PhaseDraft(PhaseKind.DECISION, in_days(6), in_days(60))]
    await processes.set_phases(SYSTEM, process, phases)
    await processes.publish_scope(SYSTEM, process, a_scope())
    await processes.set_stakeholders(SYSTEM, process, a_stakeholder_map())
    meeting = DateDraft(DateKind.MEETING, {"fr": "Réunion", "en": "Meeting"}, clock.now() + timedelta(days=3))
    await processes.add_date(SYSTEM, process, meeting)
    ready = await process_by_slug(slug)
    assert ready is not None
    return await processes.open_process(SYSTEM, ready)


async def walk(app: Any, source: Source, *, keep: Callable[[str], bool] = lambda ref: True) -> Walked:
    """Walk a set from its file to its trace pages. Raises AssertionError where a figure differs."""
    walked = Walked()
    expected = [(ref, outcome) for ref, outcome in source.points() if keep(ref)]
    walked.points, walked.outcomes = len(expected), Counter(outcome for _, outcome in expected)
    walked.contributions = len({ref for ref, _ in expected})
    process = await walked.step("import", opened(source, grid_of(source, keep)))
    here = {"process": process.public_id}
    otto = await a_person("Otto", "official", **here)
    olga = await a_person("Olga", "official", "reviewer", **here)
    dora = await a_person("Dora", "decision_maker", **here)
    with after_the_freeze(process):
        decision = await a_decision(otto, process, maker=dora)
        await an_article(otto, decision)
        await an_article(otto, decision)
        async with visitor(app) as desk, visitor(app) as maker, visitor(app) as zoe:
            await sign_in(desk, otto)
            await sign_in(maker, dora)
            rows = await walked.step("export", taken(desk, decision))
            sheet = answered(rows, source, Counter(expected))
            watch = asyncio.create_task(watched(walked))
            await walked.step("bring", brought(desk, decision, sheet, walked))
            watch.cancel()
            await walked.step("review", reviewed(olga, decision))
            await walked.step("publish", published(maker, decision))
            await walked.step("totals", totals(zoe, process, decision, walked))
            await walked.step("traces", traces(zoe, process, sheet, walked))
    return walked


async def watched(walked: Walked) -> None:
    """Measure how long the event loop is kept from other work."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.005)
        walked.slowest = max(walked.slowest, time.perf_counter() - begun - 0.005)


async def taken(desk: Any, decision: Any) -> Rows:
    """Take every point out by the page."""
    answer = await desk.get(f"/desk/decisions/{decision.public_id}/points.csv")
    assert answer.status_code == 200
    return read_csv(answer.content)


def answered(rows: Rows, source: Source, expected: Counter[tuple[str, str]]) -> Rows:
    """Answer every point of the sheet; the outcomes must be those the file leads to."""
    by_ref = dict(expected.keys()) if source.name == "peps" else {}
    sheet = []
    for number, row in enumerate(row for row in rows if row["point_ref"]):
        key = grid.restore(row["verbatim"]) if row["point"] == "1" else row["ref"]
        outcome = by_ref[row["ref"]] if by_ref else chosen(key)
        sheet.append(filled(row, outcome, number))
    assert Counter((row["ref"], row["outcome"]) for row in sheet) == expected
    return sheet


async def brought(desk: Any, decision: Any, sheet: Rows, walked: Walked) -> None:
    """Bring the sheet back by the page: see what it would change, then do it."""
    path = f"/desk/decisions/{decision.public_id}/sheet"
    shown = await desk.get(path)
    file = {"file": ("sheet.csv", written(sheet), "text/csv")}
    begun = time.perf_counter()
    tried = await desk.post(path, data={**hidden(shown.text), "what": "try"}, files=file)
    walked.seconds["try"] = round(time.perf_counter() - begun, 1)
    said = words(tried.text)
    assert tried.status_code == 200, said[:3000]
    assert f"{spoken(len(sheet))} answers would be drafted" in said, said[:3000]
    assert "still to complete" not in said, said[:3000]
    carried = next(
        (one for one in re.findall(r"<form.*?</form>", tried.text, re.S) if 'name="sheet"' in one), None
    )
    data = hidden(carried or shown.text)
    done = await desk.post(
        path, data={**data, "what": "bring"}, files={"file": ("", b"")} if carried else file
    )
    assert done.status_code == 303, words(done.text)[:3000]


def hidden(page: str) -> dict[str, str]:
    """Give the hidden fields of a form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def words(page: str) -> str:
    """Give the words of a page on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def spoken(number: int) -> str:
    """Write a number as English pages do."""
    return f"{number:,}"


async def reviewed(second: Any, decision: Any) -> None:
    """Let a second person approve every answer that refuses something."""
    desk = await desk_of(decision)
    waiting = [one for one in desk.points if desk.state(one) is PointState.REVIEW]
    assert {str(one.outcome) for one in waiting} <= set(REFUSING)
    for start in range(0, len(waiting), AT_ONCE):
        batch = {one.public_id: one.answer_version for one in waiting[start : start + AT_ONCE]}
        await decisions.review_several(second, batch, ReviewDraft(is_approved=True, note=""))


async def published(maker: Any, decision: Any) -> None:
    """Sign and publish, without a banner: every point has its answer."""
    path = f"/desk/decisions/{decision.public_id}/publication"
    signed = await fill(maker, path, path, role="Deputy mayor", when="now")
    assert signed.status_code == 303, words(signed.text)[:3000]


async def totals(zoe: Any, process: Any, decision: Any, walked: Walked) -> None:
    """Compare what pages, programs and files say with what the source file comes to."""
    await limits.forget()
    key, slug, points = decision.public_id, process.slug, spoken(walked.points)
    api = json.loads((await zoe.get(f"/api/v1/decisions/{key}")).text)
    coverage = api.get("coverage") or api["data"]["coverage"]
    assert coverage["outcomes"] == dict(walked.outcomes), coverage
    assert (coverage["points"], coverage["unanswered"], coverage["published"]) == (
        walked.points,
        0,
        walked.points,
    )
    outcomes = read_csv((await zoe.get(f"/decisions/{key}/outcomes.csv")).content)
    assert Counter(row["outcome"] for row in outcomes) == walked.outcomes
    public = read_csv((await zoe.get(f"/processes/{slug}/grid.csv")).content)
    assert Counter(row["outcome"] for row in public if row["outcome"]) == walked.outcomes
    assert len({row["ref"] for row in public}) == walked.contributions
    page = words((await zoe.get(f"/decisions/{key}")).text)
    assert f"Your {points} points: the answers given" in page, page[:2000]
    for code, number in walked.outcomes.items():
        assert f"{words(str(OUTCOMES[Outcome(code)]))} ({spoken(number)})" in page, (code, number)
    board = words((await zoe.get(f"/decisions/{key}/evaluation")).text)
    assert f"{points} of {points}" in board, board[:3000]
    assert f"{spoken(walked.contributions)} contributions that make a point" in board, board[:3000]
    start = words((await zoe.get(f"/processes/{slug}")).text)
    assert re.search(rf"\b{re.escape(spoken(walked.contributions))} contributions\b", start), start[:3000]


async def traces(zoe: Any, process: Any, sheet: Rows, walked: Walked) -> None:
    """Open the trace page of every contribution: each of its points shows the answer it was given."""
    numbers = {
        row["source_ref"]: row["number"]
        for row in await database.rows(
            "SELECT number, source_ref FROM contribution WHERE process_id = ?", process.id
        )
    }
    said: dict[str, Rows] = {}
    for row in sheet:
        said.setdefault(row["ref"], []).append(row)
    assert set(said) == set(numbers)
    for ref, number in numbers.items():
        answer = await zoe.get(f"/contributions/{number}")
        assert answer.status_code == 200, (ref, answer.status_code)
        shown = words(answer.text)
        for row in said[ref]:
            assert row["sentence"] in shown, (ref, row["sentence"])
            assert words(str(OUTCOMES[Outcome(row["outcome"])])) in shown, (ref, row["outcome"])
        walked.traces += 1


def one_in(share: int) -> Callable[[str], bool]:
    """Keep the same one contribution in so many, by its id."""
    return lambda ref: zlib.crc32(ref.encode()) % share == 0


def lines(walks: Iterable[tuple[str, Walked]]) -> Iterator[str]:
    """Say what was counted."""
    for name, walked in walks:
        yield f"{name}: {walked.contributions} contributions, {walked.points} points, {walked.traces} traces"
        yield f"  {dict(walked.outcomes)}"
        yield f"  seconds: {walked.seconds}; longest wait of the event loop {walked.slowest * 1000:.0f} ms"


async def _alone(name: str, folder: Path) -> Walked:
    from civic.app import create_app

    url = f"sqlite:///{folder / name}.db"
    await schema.migrate(url)
    app = create_app(configuration.use(settings_for(url, files=folder / "files")))
    async with database.connect(url), app.router.lifespan_context(app):
        return await walk(app, SOURCES[name])


def main(names: list[str]) -> None:
    """Walk whole sets, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names or list(SOURCES):
            for line in lines([(name, asyncio.run(_alone(name, Path(folder))))]):
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
