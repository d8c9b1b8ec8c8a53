"""Publish the results of surveys: when a survey ends, or enough new people answered to hide each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

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
_COUNT = "SELECT count(*) AS n FROM survey_answer WHERE survey_id = ?"
_CLOSE = "UPDATE survey SET closed_at = ? WHERE id = ?"


async def publish_results() -> int:
    """Refresh the published results where that gives nobody away, and close what is over; tell how many."""
    return sum([await _publish(row["id"], clock.now()) for row in await database.rows(_RUNNING)])


async def _publish(survey: int, now: datetime) -> bool:
    """Count before the transaction: what counts takes seconds to load, and holds nobody up."""
    last = await database.rows(_LAST, survey)
    answers = await database.rows(_ANSWERS, survey)
    before = unpacked(read_json(last[0]["cells"])) if last else {}
    rows = {key: [(one["id"], one[key]) for one in answers] for key in ITEMS}
    cells = await asyncio.to_thread(next_cells, before, rows)
    async with database.transaction():
        if not await database.execute(_HOLD, survey) or await _has_moved(survey, last, len(answers)):
            return False
        (found,) = await database.rows(_SURVEY, survey)
        if cells is not None:
            number = last[0]["number"] + 1 if last else 1
            await _release(survey, found, number, len(answers), cells)
        if database.moment(found["closes_at"]) <= now:
            await database.execute(_CLOSE, now, survey)
    return cells is not None


async def _has_moved(survey: int, last: Sequence[object], counted: int) -> bool:
    """Whether others published meanwhile, or an answer came or was erased: the next round counts it."""
    newest, (row,) = await database.rows(_LAST, survey), await database.rows(_COUNT, survey)
    return list(newest) != list(last) or row["n"] != counted


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
