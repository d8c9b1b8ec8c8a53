"""Publish the results of surveys: when a survey ends, or enough new people answered to hide each of them."""

from __future__ import annotations

import asyncio

from civic.decisions.queries.reading import read_json
from civic.evaluation.items import ITEMS
from civic.evaluation.models import SurveyRelease
from civic.evaluation.results import Cell, next_cells, unpacked
from civic.foundation import clock, database
from civic.ledger import actions as ledger

_RUNNING = "SELECT id FROM survey WHERE closed_at IS NULL ORDER BY id LIMIT 500"
_HOLD = "UPDATE survey SET closes_at = closes_at WHERE id = ? AND closed_at IS NULL"
_SURVEY = """
SELECT s.public_id, s.closes_at, d.public_id AS decision,
       (SELECT count(*) FROM survey_invitation i WHERE i.survey_id = s.id) AS invited
FROM survey s JOIN decision d ON d.id = s.decision_id WHERE s.id = ?
"""
_LAST = "SELECT number, cells FROM survey_release WHERE survey_id = ? ORDER BY number DESC LIMIT 1"
_ANSWERS = f"SELECT id, {', '.join(ITEMS)} FROM survey_answer WHERE survey_id = ? ORDER BY id"  # noqa: S608
_CLOSE = "UPDATE survey SET closed_at = ? WHERE id = ?"


async def publish_results() -> int:
    """Refresh the published results where that gives nobody away, and close what is over; tell how many."""
    published = 0
    for row in await database.rows(_RUNNING):
        async with database.transaction():
            if await database.execute(_HOLD, row["id"]):
                published += await _publish(row["id"])
    return published


async def _publish(survey: int) -> bool:
    (found,) = await database.rows(_SURVEY, survey)
    last = await database.rows(_LAST, survey)
    answers = await database.rows(_ANSWERS, survey)
    before = unpacked(read_json(last[0]["cells"])) if last else {}
    rows = {key: [(one["id"], one[key]) for one in answers] for key in ITEMS}
    cells = await asyncio.to_thread(next_cells, before, rows)
    if cells is not None:
        number = last[0]["number"] + 1 if last else 1
        await _release(survey, found, number, len(answers), cells)
    if database.moment(found["closes_at"]) <= clock.now():
        await database.execute(_CLOSE, clock.now(), survey)
    return cells is not None


async def _release(
    survey: int, found: dict[str, object], number: int, answered: int, cells: dict[str, Cell]
) -> None:
    packed = {key: cell.packed for key, cell in cells.items()}
    invited = int(str(found["invited"]))
    await SurveyRelease.create(
        survey_id=survey,
        number=number,
        invited=invited,
        answered=answered,
        cells=packed,
        published_at=clock.now(),
    )
    await ledger.record(
        "survey.published",
        str(found["public_id"]),
        rev=number + 1,
        parent=str(found["decision"]),
        content={"number": number, "invited": invited, "answered": answered, "cells": sorted(packed)},
    )
