"""Take points out into a spreadsheet, answer them there, bring the answers back as drafts."""

from __future__ import annotations

import csv
import io

import pytest

from civic.accounts.models import Participant
from civic.contributions import queries as register
from civic.contributions.models import Contribution
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.models import DispositionVersion, ImportedOutcome
from civic.decisions.queries import PointState
from civic.ledger.queries import leaves_of
from civic.opendata import queries
from civic.opendata.actions import Brought, bring_answers, is_returning
from civic.opendata.exports import csv_of
from civic.opendata.grid import GridRefused
from civic.synthesis.models import ThemeLink
from tests.cast import (
    SYSTEM,
    a_decision,
    a_note,
    a_person,
    a_process,
    a_proposal,
    an_article,
)
from tests.opendata.test_import import bring

Sheet = list[dict[str, str]]


async def a_desk(*, proposals: int = 3):
    """Prepare a process with proposals, its decision with an article, and the official who works on it."""
    process = await a_process(slug="benches")
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    ada = await a_person("Ada Alm")
    for number in range(proposals):
        await a_proposal(ada, process, title=f"Bench {number}", body=f"A bench at place number {number}.")
    decision = await a_decision(otto, process)
    await an_article(otto, decision)
    return process, otto, decision


async def taken_out(process) -> Sheet:
    sheet = await queries.sheet_for(process.id, "en", is_for_desk=True)
    lines = "".join([lines async for lines, _ in csv_of(sheet)])
    return list(csv.DictReader(io.StringIO(lines, newline="")))


def written(rows: Sheet) -> io.BytesIO:
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return io.BytesIO(out.getvalue().encode())


def points(rows: Sheet) -> Sheet:
    return [row for row in rows if row["point_ref"]]


async def back(rows: Sheet, **more) -> Brought:
    file = written(rows)
    assert await is_returning(file, "benches")
    return await bring_answers(SYSTEM, file, process="benches", **more)


async def test_answers_come_back_as_drafts_however_the_sheet_was_sorted(database):
    process, otto, decision = await a_desk()
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "adopted", "reason": "Yes, from March on.", "provision": "a1"}
    rows[1] |= {"outcome": "declined", "reason": "No, the pavement is too narrow. A wheelchair must pass."}
    address = (await Participant.get(id=otto.participant)).address
    done = await back(list(reversed(rows)), by=address)
    assert (done.drafted, done.unfinished, done.unchanged) == (2, 1, 1)
    desk = await decided.desk_of(decision)
    states = {point.public_id: desk.state(point) for point in desk.points}
    assert states[rows[0]["point_ref"]] is PointState.READY
    assert states[rows[1]["point_ref"]] is PointState.UNFINISHED
    assert states[rows[2]["point_ref"]] is PointState.UNANSWERED
    claim = await register.claim_by_public_id(rows[1]["point_ref"])
    assert claim is not None
    (answer,) = await decided.answers_of_claim(claim.id)
    assert answer.answer.sentence == {"en": "No, the pavement is too narrow."}
    assert answer.answer.rationale == {"en": "No, the pavement is too narrow. A wheelchair must pass."}
    assert answer.drafted_by is not None
    assert answer.drafted_by.name == "Otto Ohm"
    assert [leaf.type for leaf in await leaves_of(answer.public_id)] == ["disposition.drafted"]


async def test_what_came_out_unchanged_brings_nothing(database):
    process, _, _ = await a_desk()
    await bring("ref,verbatim,outcome,reason\n1,A tree.,adopted,Planted.\n", process="benches", source="x")
    rows = points(await taken_out(process))
    assert any(row["outcome"] == "adopted" for row in rows)
    done = await back(rows)
    assert (done.drafted, done.noted, done.unchanged) == (0, 0, 4)
    assert await DispositionVersion.all().count() == 0
    assert await ImportedOutcome.all().count() == 1


async def test_bringing_the_same_answers_twice_writes_them_once(database):
    process, _, _ = await a_desk()
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    await back(rows)
    done = await back(rows)
    assert (done.drafted, await DispositionVersion.all().count()) == (0, 1)


async def test_a_point_that_moved_on_is_refused_by_its_row(database):
    process, otto, _ = await a_desk()
    rows = points(await taken_out(process))
    for row in rows:
        row |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    await decisions.draft_answer(otto, rows[1]["point_ref"], a_note(), expected_version=0, may_lack=True)
    with pytest.raises(GridRefused) as refusal:
        await back(rows)
    assert [problem.row for problem in refusal.value.problems] == [3]
    assert await DispositionVersion.all().count() == 1


async def test_an_unfinished_answer_holds_the_publication_back(database):
    process, _, decision = await a_desk(proposals=1)
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "declined", "reason": "No, there is no room."}
    await back(rows)
    gate = await decided.gate_of(decision)
    assert any(item.condition == "finished" and not item.met for item in gate)


async def test_restatements_and_themes_come_back_too(database):
    process, _, _ = await a_desk(proposals=1)
    rows = points(await taken_out(process))
    rows[0] |= {"restatement": "A bench is wanted.", "theme": "Rest | Shade"}
    done = await back(rows)
    assert (done.drafted, done.noted) == (0, 1)
    claim = await register.claim_by_public_id(rows[0]["point_ref"])
    assert claim is not None
    assert claim.restatement == "A bench is wanted."
    assert await ThemeLink.filter(claim_id=claim.id).count() == 2
    assert points(await taken_out(process))[0]["theme"] == "Rest | Shade"


WRONG = [
    ({"outcome": "withdrawn"}, "Nobody writes"),
    ({"reason": "Because."}, "needs its outcome"),
    ({"outcome": "adopted", "provision": "a99"}, "no article"),
    ({"outcome": "adopted", "point_ref": "0" * 26}, "no point"),
]


@pytest.mark.parametrize(("change", "words"), WRONG)
async def test_what_cannot_be_written_is_said_and_nothing_is(database, change, words):
    process, _, _ = await a_desk()
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    rows[1] |= change
    with pytest.raises(GridRefused) as refusal:
        await back(rows)
    assert [problem.row for problem in refusal.value.problems] == [3]
    assert words in str(refusal.value.problems[0].sentence)
    assert await DispositionVersion.all().count() == 0


async def test_the_official_who_is_named_must_work_there(database):
    process, _, _ = await a_desk()
    zoe = await a_person("Zoe Zhou")
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    for address in ((await Participant.get(id=zoe.participant)).address, "nobody@town.example"):
        with pytest.raises(GridRefused, match="problem"):
            await back(rows, by=address)


async def test_hidden_words_are_not_answered(database):
    from civic.contributions import actions as acts

    process, _, _ = await a_desk(proposals=1)
    rows = points(await taken_out(process))
    rows[0] |= {"outcome": "adopted", "reason": "Yes.", "provision": "a1"}
    await acts.hide((await Contribution.get()).id, "test/1")
    with pytest.raises(GridRefused) as refusal:
        await back(rows)
    assert "withdrawn or hidden" in str(refusal.value.problems[0].sentence)


async def test_a_sheet_of_another_process_is_a_new_import(database):
    process, _, _ = await a_desk(proposals=1)
    rows = await taken_out(process)
    assert not await is_returning(written(rows), "elsewhere")
    await a_process(slug="elsewhere")
    assert not await is_returning(written(rows), "elsewhere")
