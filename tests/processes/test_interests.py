"""Interests declared before drafting: in public, every declaration kept, missing ones said (A6)."""

from __future__ import annotations

import pytest

from civic.decisions import actions as decisions
from civic.decisions import queries
from civic.decisions.queries import Condition
from civic.foundation.errors import Refused
from civic.ledger.models import StagedLeaf
from civic.processes import actions
from civic.processes.forms import InterestDraft
from civic.processes.models import InterestDeclaration
from tests.cast import a_refusal
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send

NONE = InterestDraft(False, {})


async def warning(town):
    items = await queries.gate_items(town.decision.id)
    return next(item for item in items if item.condition is Condition.INTERESTS)


async def test_missing_declarations_are_a_warning_that_holds_nothing_back(database):
    town = await a_town()
    await decisions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    unmet = await warning(town)
    assert (unmet.met, unmet.blocks) == (False, False)
    assert unmet.text.count == 2, "Otto writes, Dora decides"
    for person in (town.otto, town.dora):
        await actions.declare_interests(person, town.process, NONE)
    assert (await warning(town)).met


async def test_declarations_are_public_and_every_one_is_kept(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    public, page = (
        f"/processes/{town.process.slug}/interests",
        f"/desk/processes/{town.process.slug}/interests",
    )
    assert "Not declared yet" in await read(visitor(app), public)
    await send(otto, page, page, 422, has="")
    await send(otto, page, page, 422, has="some")
    await send(otto, page, page, has="some", text_en="My sister has a shop there.")
    assert "My sister has a shop there." in await read(visitor(app), public)
    await send(otto, page, page, has="none", text_en="forgotten")
    shown = await read(visitor(app), public)
    assert "My sister has a shop there." in shown
    assert "forgotten" not in shown
    assert await InterestDeclaration.all().count() == 2
    assert await StagedLeaf.filter(type="interests.declared").count() == 2


async def test_a_declaration_that_came_after_the_first_answer_says_so(app):
    town = await a_town()
    await decisions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    public = f"/processes/{town.process.slug}/interests"
    assert "Writes answers since" in await read(visitor(app), public)
    await actions.declare_interests(town.otto, town.process, NONE)
    assert "Declared after the first answer" in await read(visitor(app), public)


async def test_whoever_has_not_declared_is_asked_before_the_first_answer(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}"
    assert "Declare my interests" in await read(otto, page)
    await actions.declare_interests(town.otto, town.process, NONE)
    assert "Declare my interests" not in await read(otto, page)


async def test_only_those_who_answer_declare(app):
    town = await a_town()
    with pytest.raises(Refused, match="declare interests"):
        await actions.declare_interests(town.ada, town.process, NONE)
    ada = await browser_of(app, town.ada)
    answer = await ada.get(f"/desk/processes/{town.process.slug}/interests")
    assert answer.status_code in (403, 404)
