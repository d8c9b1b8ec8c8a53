"""R11: nothing official is overwritten or deleted, whatever door is tried."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tortoise.exceptions import BaseORMException

from civic.decisions import actions, queries
from civic.decisions.forms import AppealDraft, PromiseDraft, RulingDraft
from civic.decisions.models import AppealGround, Finding, Progress
from civic.foundation import database as db
from tests.cast import after_the_freeze
from tests.decisions.desk import a_town
from tests.decisions.test_publication import CORRECTED, SIGNED, answered, fresh

ROOT = Path(__file__).parents[2]
OFFICIAL = (
    "appeal_ruling",
    "decision_release",
    "decision_version",
    "disposition_part",
    "disposition_version",
    "milestone_date",
    "milestone_state",
    "procedural_appeal",
    "provision_link",
    "provision_version",
    "published_outcome",
    "published_provision",
    "reply",
    "reply_change",
    "review",
)
"""Tables whose rows, once published, say what was officially said, replied or found."""


async def a_whole_story():
    """Publish, reply, contest, rule, promise, hide a reply: every official table gets a row."""
    from tests.decisions.test_answering import an_answer_in_parts

    town = await a_town()
    with after_the_freeze(town.process):
        await answered(town)
        await an_answer_in_parts(town)
        await actions.publish(town.dora, town.decision, SIGNED)
        outcome = await queries.outcome_of_claim(town.second.id)
        assert outcome is not None
        reply = await actions.reply(town.bo, outcome.public_id, "Thank you, and no.")
        await actions.hide_reply(reply.public_id, "test/1")
        appeal = await actions.file_appeal(
            town.bo, outcome.public_id, AppealDraft(AppealGround.GENERIC, "To anybody.")
        )
        ruling = RulingDraft(Finding.DISMISSED, {"en": "It names the street."}, "")
        await actions.rule_on_appeal(town.olga_as_official, appeal.public_id, ruling)
        draft = PromiseDraft({"en": "Paint"}, "Roads", "2027-05-01", "")
        promise = await actions.promise(town.otto, town.decision, draft)
        await actions.set_progress(town.otto, town.decision, promise.public_id, Progress.UNDER_WAY, {})
    return town


@pytest.mark.parametrize("table", OFFICIAL)
async def test_r11_an_official_row_can_be_neither_changed_nor_deleted(database, table):
    await a_whole_story()
    (row,) = await db.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 1")
    columns = [name for name in (await db.rows(f"SELECT * FROM {table} LIMIT 1"))[0] if name != "id"]
    before = await db.rows(f"SELECT * FROM {table} ORDER BY id")
    for statement in (
        f"UPDATE {table} SET {columns[0]} = {columns[0]} WHERE id = ?",
        f"DELETE FROM {table} WHERE id = ?",
    ):
        with pytest.raises(BaseORMException):
            async with db.transaction():
                await db.execute(statement, row["id"])
    assert await db.rows(f"SELECT * FROM {table} ORDER BY id") == before


async def test_r11_a_correction_leaves_the_former_version_as_it_was(database):
    town = await a_whole_story()
    with after_the_freeze(town.process):
        first = (await fresh(town)).in_force
        assert first is not None
        before = await everything_of(first.id)
        from civic.decisions.forms import DecisionDraft

        current = await fresh(town)
        draft = DecisionDraft({"en": "Another title"}, {}, town.dora.public_id or "", ())
        await actions.edit_decision(town.otto, current, draft, expected_version=current.version)
        await actions.publish(town.dora, await fresh(town), CORRECTED)
        assert await everything_of(first.id) == before
        newest = (await fresh(town)).in_force
        assert newest is not None
        assert (first.title["en"], newest.title["en"]) == ("Mill Street", "Another title")


async def everything_of(version_id: int) -> list[object]:
    version = await db.rows("SELECT * FROM decision_version WHERE id = ?", version_id)
    outcomes = await db.rows("SELECT * FROM published_outcome WHERE decision_version_id = ?", version_id)
    articles = await db.rows("SELECT * FROM published_provision WHERE decision_version_id = ?", version_id)
    return [*version, *outcomes, *articles]


def test_no_act_of_decisions_deletes_anything():
    """Acts add rows; they change a counter, a title not yet published, and nothing else."""
    for path in (ROOT / "civic" / "decisions" / "actions").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "DELETE" not in source, path.name
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not any(given.arg == "force_create" for given in node.keywords)  # that one adds a row
        }
        assert not calls & {"delete", "save", "bulk_update", "update_or_create"}, path.name
